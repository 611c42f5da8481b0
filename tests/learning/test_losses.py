import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.learning import check_gradients, cross_entropy, mean_squared_error

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


def weights(rng, shape):
    weight = rng.integers(0, 3, shape).astype(float)
    weight.flat[0] = 1.5
    return weight


def test_mean_squared_error_by_hand():
    loss, d_prediction = mean_squared_error(np.array([[1.0], [4.0]]), np.array([[0.0], [2.0]]))
    assert loss == 2.5
    assert d_prediction.tolist() == [[1.0], [2.0]]


def test_weighted_mean_by_hand():
    prediction = np.array([[1.0, 1.0], [4.0, 0.0]])
    loss, d_prediction = mean_squared_error(prediction, np.zeros((2, 2)), np.array([1.0, 3.0]))
    assert loss == (1 * 1 + 3 * 8) / 4
    assert d_prediction.tolist() == [[0.25, 0.25], [3.0, 0.0]]
    assert mean_squared_error(np.array([[1.0], [4.0]]), np.zeros((2, 1)), [1, 3])[0] == (1 * 1 + 3 * 16) / 4


def test_float32_is_added_up_in_float64():
    small = 2.0**-13                                    # its square is lost beside 1 in a float32
    assert mean_squared_error(np.array([[1], [small]], np.float32), np.zeros((2, 1)))[0] == (1 + small**2) / 2
    logits, labels = np.random.default_rng(0).normal(size=(64, 5)).astype(np.float32), np.zeros(64, int)
    each = [cross_entropy(row, np.array(0))[0] for row in logits]
    assert cross_entropy(logits, labels)[0] == pytest.approx(np.mean(each), rel=1e-14)
    weight = np.array([1, small**2], np.float32)
    assert mean_squared_error(np.ones((2, 1)), np.zeros((2, 1)), weight)[0] == pytest.approx(1, rel=1e-14)


def test_cross_entropy_of_a_blind_guess_is_log_k():
    loss, d_logits = cross_entropy(np.zeros((3, 4)), np.array([0, 3, 1]))
    assert loss == pytest.approx(np.log(4), abs=1e-15)
    assert d_logits[0] == pytest.approx(np.array([-3, 1, 1, 1]) / 12)


@settings(max_examples=40, deadline=None)
@given(SHAPES, st.booleans(), st.integers(0, 2**32))
def test_mean_squared_error_gradient(shape, weighted, seed):
    rng = np.random.default_rng(seed)
    prediction, target = rng.normal(size=shape), rng.normal(size=shape)
    weight = weights(rng, shape[:-1]) if weighted else None
    loss, d_prediction = mean_squared_error(prediction, target, weight)
    report = check_gradients(lambda: mean_squared_error(prediction, target, weight)[0],
                             {"prediction": prediction}, {"prediction": d_prediction})
    assert isinstance(loss, float)
    assert report.ok, report


@settings(max_examples=40, deadline=None)
@given(SHAPES, st.booleans(), st.integers(0, 2**32))
def test_cross_entropy_gradient(shape, weighted, seed):
    rng = np.random.default_rng(seed)
    logits, labels = rng.normal(size=shape), rng.integers(0, shape[-1], shape[:-1])
    weight = weights(rng, shape[:-1]) if weighted else None
    loss, d_logits = cross_entropy(logits, labels, weight)
    report = check_gradients(lambda: cross_entropy(logits, labels, weight)[0], {"logits": logits}, {"logits": d_logits})
    assert isinstance(loss, float)
    assert report.ok, report


@pytest.mark.parametrize("weighted", [False, True])
def test_losses_equal_torch(weighted):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(0)
    prediction, target = rng.normal(size=(5, 3, 4)), rng.normal(size=(5, 3, 4))
    labels = rng.integers(0, 4, (5, 3))
    weight = weights(rng, (5, 3)) if weighted else None
    spread = torch.tensor(np.ones((5, 3)) if weight is None else weight)
    for ours, theirs in [
        (mean_squared_error(prediction, target, weight),
         lambda y: torch.nn.functional.mse_loss(y, torch.tensor(target), reduction="none").mean(-1)),
        (cross_entropy(prediction, labels, weight),
         lambda y: torch.nn.functional.cross_entropy(y.movedim(-1, 1), torch.tensor(labels), reduction="none")),
    ]:
        y = torch.tensor(prediction, requires_grad=True)
        loss = (theirs(y) * spread).sum() / spread.sum()
        loss.backward()
        assert ours[0] == pytest.approx(loss.item(), rel=1e-12)
        np.testing.assert_allclose(ours[1], y.grad.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("size", [1e3, 1e300])
def test_cross_entropy_of_huge_logits_stays_finite(size):
    loss, d_logits = cross_entropy(np.array([[size, -size], [-size, size]]), np.array([0, 0]))
    assert loss == size
    assert d_logits.tolist() == [[0, 0], [-0.5, 0.5]]


def test_cross_entropy_keeps_tiny_gradients_of_a_sure_answer():
    _, d_logits = cross_entropy(np.array([[40.0, 0.0]]), np.array([0]))
    assert d_logits[0, 1] == pytest.approx(np.exp(-40), rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_keep_the_dtype(dtype):
    prediction = np.ones((2, 3), dtype)
    assert mean_squared_error(prediction, np.zeros((2, 3)), [1, 2])[1].dtype == dtype
    assert mean_squared_error(prediction, np.zeros((2, 3)))[1].dtype == dtype
    assert cross_entropy(prediction, np.array([0, 1]), [1, 2])[1].dtype == dtype
    assert cross_entropy(prediction, np.array([0, 1]))[1].dtype == dtype


def test_inputs_are_left_as_they_are():
    prediction = np.arange(6.0).reshape(2, 3)
    mean_squared_error(prediction, np.zeros((2, 3)))
    cross_entropy(prediction, np.array([0, 1]))
    assert prediction.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_prediction_that_is_not_finite_gives_such_a_loss():
    assert np.isnan(mean_squared_error(np.array([np.nan]), np.array([0.0]))[0])
    assert np.isnan(cross_entropy(np.array([[np.nan, 0.0]]), np.array([0]))[0])


ONES = np.ones((2, 3))


@pytest.mark.parametrize(("arguments", "message"), [
    ((ONES, np.ones((2, 1))), r"^target has shape \(2, 1\); mean_squared_error needs \(2, 3\)$"),
    ((ONES.astype(int), ONES), r"prediction .*int64"),
    ((ONES.astype(object), ONES), r"prediction .*object"),
    ((ONES, np.full((2, 3), np.nan)), r"target.* is nan"),
    ((ONES, np.full((2, 3), np.inf)), r"target.* is inf"),
    ((ONES, ONES.astype(object)), r"target .*object"),
    ((ONES, ONES, np.ones(3)), r"^weight has shape \(3,\); the loss needs \(2,\)$"),
    ((ONES, ONES, np.zeros(2)), "^weight is 0 everywhere; the loss needs a weight above 0, or the mean has no value$"),
    ((ONES, ONES, np.array([1, -1])), "weight holds -1"),
    ((ONES, ONES, np.array([1, np.nan])), r"^weight\[1\] is nan"),
    ((np.ones((0, 3)), np.ones((0, 3))), r"^prediction has shape \(0, 3\); the loss needs at least one entry"),
])
def test_mean_squared_error_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        mean_squared_error(*arguments)


@pytest.mark.parametrize(("arguments", "message"), [
    ((ONES, np.array([0, 3])), "labels holds 3; .* 0 to 2"),
    ((ONES, np.array([-1, 0])), "labels holds -1; .* 0 to 2"),
    ((ONES, np.array([0.0, 1.0])), "labels .*float64"),
    ((ONES, np.array([True, False])), "labels .*bool"),
    ((ONES, np.array([0])), r"^labels has shape \(1,\); cross_entropy needs \(2,\)$"),
    ((ONES, np.array([[0], [1]])), r"labels .*\(2, 1\).*\(2,\)"),
    ((ONES.astype(int), np.array([0, 1])), "logits .*int64"),
    ((ONES, np.array([0, 1]), np.ones((2, 3))), r"weight .*\(2, 3\).*\(2,\)"),
    ((ONES, np.array([0, 1]), np.zeros(2)), "weight is 0 everywhere"),
    ((np.ones((0, 3)), np.zeros(0, int)), r"logits .*\(0, 3\)"),
    ((np.array(1.0), np.array(0)), r"logits .*\(\)"),
])
def test_cross_entropy_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(*arguments)
