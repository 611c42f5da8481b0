import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.learning import clip_by_global_norm


def test_by_hand():
    grads, norm = clip_by_global_norm({"W": np.array([[3.0]]), "b": np.array([0.0, 4.0])}, 1.0)
    assert norm == 5.0
    assert grads["W"] == pytest.approx(np.array([[0.6]])) and grads["b"] == pytest.approx([0.0, 0.8])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 999), st.floats(0.01, 100))
def test_equals_torch(seed, max_norm):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(seed)
    grads = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    twins = [torch.zeros(grad.shape, dtype=torch.float64, requires_grad=True) for grad in grads.values()]
    for twin, grad in zip(twins, grads.values(), strict=True):
        twin.grad = torch.tensor(grad.copy())
    expected = torch.nn.utils.clip_grad_norm_(twins, max_norm)
    clipped, norm = clip_by_global_norm(grads, max_norm)
    assert norm == pytest.approx(expected.item(), rel=1e-12)
    for ours, twin in zip(clipped.values(), twins, strict=True):
        np.testing.assert_allclose(ours, twin.grad.numpy(), rtol=1.1e-6 / min(1.0, norm))


def test_clipped_norm_is_max_norm_and_the_gradients_given_stay():
    given_grads = {"W": np.full((3, 3), 7.0)}
    grads, _ = clip_by_global_norm(given_grads, 0.5)
    assert clip_by_global_norm(grads, 1.0)[1] == pytest.approx(0.5, rel=1e-14)
    assert (given_grads["W"] == 7.0).all()


def test_short_gradients_are_returned_as_they_are():
    grads = {"W": np.array([0.3, 0.4])}
    clipped, norm = clip_by_global_norm(grads, 0.5)
    assert clipped is grads and norm == 0.5


def test_float32_stays():
    grads, _ = clip_by_global_norm({"W": np.full(4, 9, np.float32)}, 1.0)
    assert grads["W"].dtype == np.float32


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_norm_that_is_not_finite_is_told_and_not_scaled(wrong):
    grads = {"W": np.array([1.0, wrong])}
    clipped, norm = clip_by_global_norm(grads, 1.0)
    assert not np.isfinite(norm) and clipped is grads


@pytest.mark.parametrize("max_norm", [0, -1, float("nan")])
def test_max_norm_is_above_zero(max_norm):
    with pytest.raises(ValueError, match="max_norm is"):
        clip_by_global_norm({"W": np.ones(2)}, max_norm)
