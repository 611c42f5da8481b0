"""The solutions against the package: they are right, not only in agreement with themselves."""

import numpy as np
import pytest

from lstm_helpers.cells import RNN
from lstm_helpers.exercises import backpropagation_through_time as bptt
from lstm_helpers.exercises import vanilla_rnn

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
