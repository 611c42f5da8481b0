import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.learning import Linear, check_gradients


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4), max_size=2).map(tuple), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
def test_gradients(leading, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    linear, h = Linear(inputs, outputs, rng=rng), rng.normal(size=(*leading, inputs))
    dy = rng.normal(size=(*leading, outputs))
    grads = linear.backward(h, dy)
    report = check_gradients(lambda: np.sum(dy * linear.forward(h)), linear.params | {"h": h},
                             grads.params | {"h": grads.h})
    assert report.ok, report


def test_forward_of_a_view_is_that_of_each_row():
    linear = Linear(3, 2)
    h = np.random.default_rng(0).normal(size=(4, 5, 3)).swapaxes(0, 1)
    np.testing.assert_allclose(linear.forward(h)[2, 1], h[2, 1] @ linear.params["W"] + linear.params["b"], rtol=1e-14)


def test_initial_weights_are_glorot_uniform_and_repeatable():
    W = Linear(200, 100, rng=7).params["W"]
    limit = np.sqrt(6 / 300)
    assert np.abs(W).max() <= limit
    assert W.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    assert np.array_equal(W, Linear(200, 100, rng=np.random.default_rng(7)).params["W"])
    assert not np.array_equal(W, Linear(200, 100, rng=8).params["W"])
    assert not Linear(200, 100).params["b"].any()


def test_float32_stays():
    linear = Linear(3, 2, dtype=np.float32)
    h = np.ones((4, 3), np.float32)
    y = linear.forward(h)
    grads = linear.backward(h, y)
    assert {y.dtype, grads.h.dtype, *(grad.dtype for grad in grads.params.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("h", "message"), [
    (np.ones((2, 4)), r"h has shape \(2, 4\).*3"),
    (np.array(1.0), r"h has shape \(\)"),
    (np.ones((2, 3), np.float32), "h .*float32.*float64"),
    (np.ones((2, 3), int), "h .*int64"),
    (np.full((2, 3), np.nan), r"^h\[0, 0\] is nan"),
])
def test_forward_refuses(h, message):
    with pytest.raises(ValueError, match=message):
        Linear(3, 2).forward(h)


@pytest.mark.parametrize(("h", "dy", "message"), [
    ((4, 3), np.ones((5, 2)), r"^dy has shape \(5, 2\); Linear.backward needs \(4, 2\)$"),
    ((4, 3), np.ones((4, 3)), r"^dy has shape \(4, 3\); Linear needs \(..., 2\)$"),
    ((4, 3), np.ones((4, 2), np.float32), "^dy has dtype float32"),
    ((4, 2), np.ones((4, 2)), r"^h has shape \(4, 2\); Linear needs \(..., 3\)$"),
])
def test_backward_refuses_what_does_not_fit(h, dy, message):
    with pytest.raises(ValueError, match=message):
        Linear(3, 2).backward(np.ones(h), dy)


@pytest.mark.parametrize(("sizes", "name"), [((0, 1), "input_size"), ((2.0, 1), "input_size"), ((2, -1), "output_size")])
def test_sizes_are_positive_integers(sizes, name):
    with pytest.raises(ValueError, match=f"^{name} is "):
        Linear(*sizes)
