"""Solutions that have no twin in the package (see test_references) against it, or against numbers worked by hand."""

from itertools import permutations

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN, F, O, hidden_state, lstm_step, sigmoid, update_cell
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
    """Let a unit run: it comes to rest at 0.5, from below and from above."""
    for h in (0.01, 5.0):
        for _ in range(300):
            h = np.tanh(vanilla_rnn.weight() * h)
        assert h == pytest.approx(0.5)


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


def test_added():
    """A linear unit with weight 1 holds 1, so that every share is 1."""
    layer, one = RNN(1, 1, activation="linear"), np.ones((1, 1))
    layer.params["W_h"][:] = 1
    cuts = [layer.backward(layer.forward(np.zeros((min(t, 5), 1, 1)), one), None, dh_last=one) for t in range(1, 21)]
    assert sum(cut.params["W_h"].item() for cut in cuts) == bptt.added()


def test_orders():
    for _, (words,) in order_matters.SEQUENCES:
        assert order_matters.orders(words) == len(set(permutations(words)))


def test_the_least_error_of_bags():
    task = SentimentSentences("held_out")
    x, mask = task.encode(task.texts)
    names = [str(row) for row in (x * mask[:, :, None]).sum(axis=0)]
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


def test_a_ring_that_neither_grows_nor_fades():
    ring = np.diag([3.0, 3, 3], k=1)
    ring[3, 0] = exploding_gradients.corner()
    assert spectral_radius(ring) == pytest.approx(1)


def test_how_far_it_holds_at_a_fair_rate_and_what_an_accuracy_is_made_of():
    assert long_term_dependencies.reach([0, 5, 9, 30], [1.0, 0.9, 0.2, 0.95], 0.9) == 5
    choosing, reported = np.array([[[0.2, 0.9]], [[0.8, 0.1]]]), np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert long_term_dependencies.at_best_rates(choosing, reported).tolist() == [[5, 2], [7, 4]]
    known = long_term_dependencies.knows_which()
    assert 0.2 / 8 + (0.8 - known) / 2 + known == pytest.approx(0.7)


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


def test_forget_gate():
    assert sigmoid(forgetting.bias_that_keeps(0.3, 20, 1.5) + 1.5) ** 20 == pytest.approx(0.3)
    assert forgetting.steps_held(np.array([[0.9, 0.4], [0.6, 0.9], [0.9, 0.9]])).tolist() == [2, 0]
    layer, w, c_prev, o_prev, nudge = LSTM(1, 1), -3.0, 0.8, 0.9, 1e-6
    layer.params["W_h"][:], layer.params["W_h"][F] = 0, w
    f = layer.forward(np.zeros((1, 1, 1)), h0=np.full((1, 1), o_prev * np.tanh(c_prev)), c0=np.full((1, 1), c_prev)).f[0, 0, 0]
    new_c = [layer.forward(np.zeros((1, 1, 1)), h0=np.full((1, 1), o_prev * np.tanh(c)), c0=np.full((1, 1), c)).c[0, 0, 0]
             for c in (c_prev + nudge, c_prev - nudge)]
    assert forgetting.total_slope(c_prev, o_prev, f, w) == pytest.approx((new_c[0] - new_c[1]) / (2 * nudge))


def test_input_gate():
    f, i, g = np.array([[0.9, 0.5], [0.2, 0.7]]), np.array([[0.3, 0.8]] * 2), np.array([[-0.5, 0.6]] * 2)
    c = np.zeros((2, 2))
    for _ in range(400):
        c = update_cell(f, c, i, g)
    assert np.allclose(input_gate.settles(f, i, g), c)
    ends = np.random.default_rng(0).choice([-1, 1], (1000, 10_000)).sum(axis=1) * sigmoid(input_gate.b_i())
    assert np.sqrt(np.mean(ends**2)) == pytest.approx(0.1, rel=0.1)
    assert np.array_equal(input_gate.latch_step(np.array([3.0, 4.0]), np.array([0.0, 1.0]), np.array([5.0, 6.0])), [5, 4])
    w, b = input_gate.flag_weights(0.02, 0.7)
    assert sigmoid(np.array([b, w + b])) == pytest.approx([0.02, 0.7])


def test_output_gate(lstm_run):
    _, trace = lstm_run
    o, c, h = trace.o[0], trace.c[0], trace.h[0]
    assert np.allclose(showing.memory_between(o, h, 0.0), (c, c))
    low, high = showing.memory_between(o, h, 1e-3)
    assert np.allclose(hidden_state(o, low), h - 1e-3) and np.allclose(hidden_state(o, high), h + 1e-3)
    assert np.array_equal(showing.memory_between(o, h, 2.0), np.stack([np.full(c.shape, -np.inf), np.full(c.shape, np.inf)]))
    assert hidden_state(np.array(showing.gate()), np.array(0.8)) == pytest.approx(0.4)


def test_units_that_are_shut_are_missed_by_nobody(lstm_run):
    layer, trace = lstm_run
    shut = np.arange(layer.hidden_size) == 0
    layer.params["b"][O, shut] = -800                                               # a gate of exactly 0
    smaller = LSTM(layer.input_size, layer.hidden_size - 1)
    for name, array in zip(("W_x", "W_h", "b"), showing.without_shut(*layer.params.values(), shut), strict=True):
        smaller.params[name][:] = array
    assert np.allclose(smaller.forward(trace.x).h, layer.forward(trace.x).h[..., ~shut], rtol=0, atol=1e-12)


def test_a_unit_in_the_mirror(lstm_run):
    layer, trace = lstm_run
    before = layer.forward(trace.x)
    for name, array in zip(("W_x", "W_h", "b"), lstm_forward.mirrored(*layer.params.values(), 1), strict=True):
        layer.params[name][:] = array
    after, sign = layer.forward(trace.x), np.where(np.arange(layer.hidden_size) == 1, -1, 1)
    assert np.allclose(after.c, before.c * sign) and np.allclose(after.h, before.h * sign)


def test_from_onnx():
    rng = np.random.default_rng(5)
    shapes = (B, D), (B, H), (B, H), (1, 4 * H, D), (1, 4 * H, H), (4 * H,), (4 * H,)
    x, h, c, W, R, Wb, Rb = map(rng.standard_normal, shapes)
    i, o, f, g = np.split(x @ W[0].T + h @ R[0].T + Wb + Rb, 4, axis=1)                # as ONNX says; its c is our g
    expected = update_cell(sigmoid(f), c, sigmoid(i), np.tanh(g))
    found = lstm_step(x, h, c, *lstm_forward.from_onnx(W, R, Wb, Rb))
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
