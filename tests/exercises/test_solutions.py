"""The solutions against the package: they are right, not only in agreement with themselves."""

import numpy as np
import pytest

from lstm_helpers.cells import RNN
from lstm_helpers.exercises import backpropagation_through_time as bptt
from lstm_helpers.exercises import exploding_gradients, long_term_dependencies, order_matters, vanilla_rnn, vanishing_gradients
from lstm_helpers.learning import clip_by_global_norm, gradient_flow, spectral_radius
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


def test_rnn_states(run):
    layer, trace, _, _ = run
    assert np.allclose(vanilla_rnn.rnn_states(trace.x, trace.h0, **layer.params), trace.h)


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


def test_clipping_and_growth():
    grads = {"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    for most in (1.0, 10.0):
        expected, _ = clip_by_global_norm(grads, most)
        found = exploding_gradients.clip(grads, most)
        assert all(np.allclose(found[name], expected[name]) for name in grads)
    assert spectral_radius(np.full((50, 50), exploding_gradients.entry())) == pytest.approx(1)
    steps = exploding_gradients.steps_until(1.5, 100.0)
    assert 1.5 ** (steps - 1) <= 100 < 1.5**steps


def test_scores():
    logits, labels = np.array([[2.0, 1, 0], [0, 3, 1], [1, 0, 0]]), np.array([0, 1, 2])
    assert long_term_dependencies.accuracy(logits, labels) == pytest.approx(2 / 3)
    results = np.array([[[1.0, 0.2], [0.9, 0.95]]])                # (models, seeds, gaps)
    assert np.allclose(long_term_dependencies.success_rate(results, 0.9), [[1, 0.5]])
    known = long_term_dependencies.remembered()
    assert known + (1 - known) / 8 == pytest.approx(0.65)          # what is known, and guesses at the rest
