"""Solutions that have no twin in the package (see test_references) against it, or against numbers worked by hand."""

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN, F, hidden_state, lstm_step, sigmoid, update_cell
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
from lstm_helpers.learning import EncoderDecoder, Linear, check_gradients, cross_entropy, gradient_flow, spectral_radius
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


def test_most_units():
    def weights(units):
        return sum(array.size for array in RNN(D, units).params.values())
    for units in (1, 2, 7):
        assert vanilla_rnn.most_units(T, D, weights(units)) == vanilla_rnn.most_units(T, D, weights(units + 1) - 1) == units


def test_shares(run):
    layer, trace, dh, _ = run
    found = bptt.shares(dh[-1], trace.h0, trace.h, layer.params["W_h"])
    assert np.allclose(found.sum(axis=0), layer.backward(trace, None, dh_last=dh[-1]).params["W_h"])
    cut = layer.backward(layer.forward(trace.x[-2:], trace.h[-3]), None, dh_last=dh[-1])
    assert np.allclose(found[-2:].sum(axis=0), cut.params["W_h"])


def test_leaky_backward_step():
    rng = np.random.default_rng(4)
    arrays = {name: rng.standard_normal(shape) for name, shape in
              {"x": (B, D), "h_prev": (B, H), "W_x": (D, H), "W_h": (H, H), "b": (H,)}.items()}
    dh, a = rng.standard_normal((B, H)), 0.3

    def squashed():
        return np.tanh(arrays["x"] @ arrays["W_x"] + arrays["h_prev"] @ arrays["W_h"] + arrays["b"])

    inputs = [arrays[name] for name in ("x", "h_prev")]
    found = bptt.leaky_backward_step(dh, *inputs, squashed(), arrays["W_x"], arrays["W_h"], a)
    named = {name[1:]: gradient for name, gradient in found.items()}
    report = check_gradients(lambda: np.sum(dh * ((1 - a) * arrays["h_prev"] + a * squashed())),
                             {name: arrays[name] for name in named}, named)
    assert named.keys() == {"h_prev", "W_x", "W_h", "b"} and report.ok, report


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
    boxes = {name: task.labels[[other == name for other in names]] for name in names[:40]}
    few = [place for place, name in enumerate(names) if name in boxes]
    chosen, even = [names[place] for place in few], np.full(len(few), 1 / len(few))
    expected = sum(len(inside) / len(few) * inside.mean() * (1 - inside.mean()) for inside in boxes.values())
    assert order_matters.least_error(chosen, task.labels[few], even) == pytest.approx(expected)


def test_a_convolution_finds_not_good():
    x = np.eye(4)[[0, 2, 1, 3, 2, 1]]                   # the not good film not good
    assert order_matters.convolve(x, np.eye(4)[[2, 1]]).tolist() == [0, 2, 0, 0, 2]


def test_gradient_lengths_and_radius():
    assert vanishing_gradients.gradient_lengths(np.array([[2.0]]), np.array([[-0.5]]), np.ones((3, 1))).tolist() == [2, 1, 0.5]
    layer = RNN(1, 3, activation="linear", rng=4)                           # orthogonal
    layer.params["W_h"] *= vanishing_gradients.rho()
    flow = gradient_flow(layer, np.zeros((101, 1, 1)))
    assert flow[0] == pytest.approx(0.1) and flow[-1] == pytest.approx(1)


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


def size(layer):
    return sum(array.size for array in layer.params.values())


def test_cell_state(lstm_run):
    _, trace = lstm_run
    written = trace.i * trace.g
    for n in range(B):
        from_start = np.prod(trace.f[:, n], axis=0) * trace.c0[n]
        assert np.allclose(cell_state.still_there(trace.f[:, n], written[:, n]).sum(axis=0) + from_start, trace.c[-1, n])
    units = cell_state.most_units(D, 500)
    assert size(LSTM(D, units)) <= 500 < size(LSTM(D, units + 1))
    events, resets = np.array([1, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 0])
    assert cell_state.count_since_reset(events, resets).tolist() == [1, 1, 2, 1, 2]


def test_forget_gate(lstm_run):
    _, trace = lstm_run
    assert sigmoid(forgetting.bias_that_keeps(0.3, 20, 1.5) + 1.5) ** 20 == pytest.approx(0.3)
    once = np.zeros((T, H))                                        # a belt on which something is put at the first step alone
    once[0] = trace.f[0, 0]
    assert np.allclose(forgetting.surviving(trace.f[:, 0])[-1], cell_state.still_there(trace.f[:, 0], once)[0])
    W_x, b = np.array([[4.0, -1]]), np.array([2.0, 2])
    layer = LSTM(1, 2)
    layer.params["W_x"][:], layer.params["W_h"][:], layer.params["b"][:] = 0, 0, 0
    layer.params["W_x"][F], layer.params["b"][F] = W_x, b
    left = layer.forward(np.ones((9, 1, 1)), c0=np.ones((1, 2))).c[-1, 0]
    assert forgetting.long_memories(np.ones(1), W_x, b, 9) == np.sum(left >= 0.5) == 1


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
    right, own = np.random.default_rng(0).integers(0, 5, (2, 4, 6))
    assert np.array_equal(translation.fed_letters(right, own, np.zeros((4, 6), bool), 5), net.shifted(right))
    assert np.array_equal(translation.fed_letters(right, own, np.ones((4, 6), bool), 5), net.shifted(own))


def test_the_log_probability_of_an_answer_is_its_cross_entropy_summed():
    scores, labels = np.random.default_rng(0).normal(size=(4, 1, 5)), np.array([[1], [0], [4], [2]])
    assert translation.log_probability(scores, labels) == pytest.approx(-4 * cross_entropy(scores, labels)[0])


def test_the_best_answer_is_the_best_of_all():
    rng = np.random.default_rng(0)
    for _ in range(20):
        first, after = rng.normal(size=3), rng.normal(size=(3, 3))
        every, sums = translation.every_sum(first, after, 5)
        assert translation.best_answer(first, after, 5).tolist() == every[sums.argmax()].tolist()
