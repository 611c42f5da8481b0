"""Solutions that have no twin in the package (see test_references) against it, or against numbers worked by hand."""

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN, hidden_state, lstm_step, sigmoid, update_cell
from lstm_helpers.exercises import backpropagation_through_time as bptt
from lstm_helpers.exercises import (
    cell_state,
    exploding_gradients,
    input_gate,
    long_term_dependencies,
    lstm_forward,
    order_matters,
    translation,
    vanilla_rnn,
    vanishing_gradients,
)
from lstm_helpers.exercises import forget_gate as forgetting
from lstm_helpers.exercises import output_gate as showing
from lstm_helpers.learning import EncoderDecoder, Linear, gradient_flow, spectral_radius
from lstm_helpers.sequences import SentimentSentences

T, B, D, H = 5, 3, 4, 2


@pytest.fixture
def run():
    """Return (layer, trace, dh, gradients) of a random run."""
    rng = np.random.default_rng(5)
    layer = RNN(D, H, rng=rng)
    for array in layer.params.values():
        array += rng.standard_normal(array.shape)       # no zero bias, and no W_h that is its own transpose
    trace = layer.forward(rng.standard_normal((T, B, D)), h0=rng.standard_normal((B, H)))
    dh = rng.standard_normal((T, B, H))
    return layer, trace, dh, layer.backward(trace, dh)


def test_weight():
    assert vanilla_rnn.weight() ** 10 == pytest.approx(0.5) and vanilla_rnn.weight() > 0


def test_count_weights(run):
    layer, *_ = run
    assert vanilla_rnn.count_weights(T, D, H) == sum(array.size for array in layer.params.values())


def test_total_gradients(run):
    layer, trace, dh, grads = run
    assert np.allclose(bptt.total_gradients(dh, trace.h, layer.params["W_h"]), grads.h)


def test_rnn_backward_step(run):
    layer, trace, _, _ = run
    dh = np.ones((1, B, H))
    step = layer.forward(trace.x[:1], trace.h0)
    grads = layer.backward(step, dh)
    found = bptt.rnn_backward_step(dh[0], step.x[0], step.h0, step.h[0], layer.params["W_x"], layer.params["W_h"])
    expected = {"dx": grads.x[0], "dh_prev": grads.h0, **{f"d{name}": array for name, array in grads.params.items()}}
    assert found.keys() == expected.keys()
    assert all(np.allclose(found[name], expected[name]) for name in found)


def test_multiplications():
    """A linear RNN with W_h = 2 doubles the gradient at each multiplication."""
    layer = RNN(1, 1, activation="linear")
    layer.params["W_h"][:] = 2
    trace = layer.forward(np.zeros((20, 1, 1)))
    dh = np.zeros((20, 1, 1))
    dh[19] = 1                                          # h_20
    assert layer.backward(trace, dh).h[4].item() == 2.0 ** bptt.multiplications()           # h_5


def test_bags_and_their_ceiling():
    task = SentimentSentences("held_out")
    x, mask = task.encode(task.texts)
    bags = order_matters.bag_of_words(task.sentences, task.words)
    assert np.array_equal(bags, (x * mask[:, :, None]).sum(axis=0))
    names = [str(row) for row in np.asarray(bags)]
    assert order_matters.best_accuracy(names, task.labels, task.weights) == pytest.approx(task.order_blind_ceiling)


def test_last_words():
    x = np.eye(4)
    assert np.array_equal(order_matters.last_words(x, 2), [0, 0, 1, 0, 0, 0, 0, 1])
    assert np.array_equal(order_matters.last_words(x[:1], 2), [0, 0, 0, 0, 1, 0, 0, 0])


def test_gradient_lengths_and_radius():
    layer = RNN(1, 3, activation="linear", rng=4)
    layer.params["W_h"][:] = vanishing_gradients.set_radius(np.random.default_rng(1).standard_normal((3, 3)), 0.7)
    assert spectral_radius(layer.params["W_h"]) == pytest.approx(0.7)
    start = np.array([[1.0, -2.0, 0.5]])
    flow = gradient_flow(layer, np.zeros((6, 1, 1)), dh_last=start)[::-1]
    assert np.allclose(vanishing_gradients.gradient_lengths(start, layer.params["W_h"], 5), flow)
    assert vanishing_gradients.rho() ** 100 == pytest.approx(0.1)


def test_an_entry_that_neither_grows_nor_fades():
    assert spectral_radius(np.full((50, 50), exploding_gradients.entry())) == pytest.approx(1)


def test_scores():
    logits, labels = np.array([[2.0, 1, 0], [0, 3, 1], [1, 0, 0]]), np.array([0, 1, 2])
    assert long_term_dependencies.accuracy(logits, labels) == pytest.approx(2 / 3)
    results = np.array([[[1.0, 0.2], [0.9, 0.95]]])                # (models, seeds, gaps)
    assert np.allclose(long_term_dependencies.success_rate(results, 0.9), [[1, 0.5]])
    known = long_term_dependencies.remembered()
    assert known + (1 - known) / 8 == pytest.approx(0.65)          # what is known, and guesses at the rest


@pytest.fixture
def lstm_run():
    """Return (layer, trace) of a random run of an LSTM."""
    rng = np.random.default_rng(6)
    layer = LSTM(D, H, forget_bias=1.5, rng=rng)
    for array in (layer.params["W_x"], layer.params["W_h"]):
        array += rng.standard_normal(array.shape)
    states = rng.standard_normal((2, B, H))
    return layer, layer.forward(rng.standard_normal((T, B, D)), h0=np.tanh(states[0]), c0=states[1])


def test_cell_state(lstm_run):
    layer, trace = lstm_run
    assert np.array_equal(cell_state.initial_bias(H, 1.5), layer.params["b"])
    for n in range(B):
        assert np.allclose(cell_state.belt(trace.c0[n], trace.f[:, n], (trace.i * trace.g)[:, n]), trace.c[:, n])


def test_forget_gate(lstm_run):
    _, trace = lstm_run
    assert sigmoid(forgetting.b_f()) ** 200 == pytest.approx(0.5)
    nothing = np.zeros((T, H))                                     # a belt on which nothing is put
    assert np.allclose(forgetting.surviving(trace.f[:, 0]), cell_state.belt(np.ones(H), trace.f[:, 0], nothing))


def test_input_gate(lstm_run):
    _, trace = lstm_run
    g = input_gate.proposed(trace.f[0], trace.c0, trace.i[0], trace.c[0])
    assert np.allclose(g, trace.g[0]) and np.allclose(update_cell(trace.f[0], trace.c0, trace.i[0], g), trace.c[0])
    assert sigmoid(input_gate.b_i()) == pytest.approx(0.1)
    assert np.array_equal(input_gate.latch_step(np.array([3.0, 4.0]), np.array([0.0, 1.0]), np.array([5.0, 6.0])), [5, 4])
    w, b = input_gate.flag_weights(0.02, 0.7)
    assert sigmoid(np.array([b, w + b])) == pytest.approx([0.02, 0.7])


def test_output_gate(lstm_run):
    _, trace = lstm_run
    behind = showing.cell_behind(trace.o[0], trace.h[0])
    assert np.allclose(behind, trace.c[0]) and np.allclose(hidden_state(trace.o[0], behind), trace.h[0])
    c, h = np.array([[0.6, -0.6, 0.6, 0.4, 0.5, 0.6]]), np.array([[0.05, -0.05, -0.2, 0.05, 0.05, 0.1]])
    assert showing.hidden_memories(c, h).tolist() == [[True, True, False, False, False, False]]     # neither bound belongs to it
    assert hidden_state(np.array(showing.gate()), np.array(0.8)) == pytest.approx(0.4)


def test_reorder():
    assert lstm_forward.reorder(np.arange(4), "ifgo", "iofg").tolist() == [0, 3, 1, 2]
    assert "".join(lstm_forward.reorder(np.array([*"figo"]), "figo", "gofi")) == "gofi"


def test_from_keras():
    rng = np.random.default_rng(5)
    shapes = (B, D), (B, H), (B, H), (D, 4 * H), (H, 4 * H), (4 * H,)
    x, h, c, kernel, recurrent_kernel, bias = map(rng.standard_normal, shapes)
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)      # as Keras does it; its c is our g
    expected = update_cell(sigmoid(f), c, sigmoid(i), np.tanh(g))
    found = lstm_step(x, h, c, *lstm_forward.from_keras(kernel, recurrent_kernel, bias))
    assert np.allclose(found, (hidden_state(sigmoid(o), expected), expected))


def test_fed_letters_are_what_the_decoder_is_fed():
    net = EncoderDecoder(RNN(2, 3), RNN(5, 3), Linear(3, 5), length=4)
    labels = np.random.default_rng(0).integers(0, 5, (4, 6))
    assert np.array_equal(translation.fed_letters(labels, 5), net.shifted(labels))


def test_share_exact():
    written, right = np.array([[1, 1, 2, 3], [0, 0, 0, 0]]), np.array([[1, 1, 1, 3], [0, 1, 0, 0]])
    assert translation.share_exact(written, right) == 0.5


def test_greedy_goes_round():
    after = np.roll(np.eye(3), 1, axis=1)                   # 0 -> 1 -> 2 -> 0
    assert translation.greedy(np.array([0.0, 0.2, 0.9]), after, 5).tolist() == [2, 0, 1, 2, 0]
