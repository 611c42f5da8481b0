import numpy as np
import pytest

from lstm_helpers.cells import sigmoid


def test_sigmoid_is_the_textbook_formula():
    z = np.linspace(-20, 20, 101)
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_neither_overflows_nor_loses_small_values(dtype):
    found = sigmoid(np.array([-1000, -40, 0, 40, 1000], dtype))
    assert found.dtype == dtype
    np.testing.assert_allclose(found, [0, 4.248354255291589e-18, 0.5, 1, 1], rtol=1e-6)


def test_sigmoid_keeps_the_shape_and_the_input():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    before = z.copy()
    assert sigmoid(z).shape == (2, 3, 4)
    np.testing.assert_array_equal(z, before)
    assert sigmoid(0.0) == 0.5


def test_sigmoid_is_symmetric():
    z = np.random.default_rng(0).normal(0, 5, 100)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
