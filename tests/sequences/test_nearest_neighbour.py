"""Nearest-neighbour search, by its definition."""

import numpy as np
import pytest

from lstm_helpers.sequences import NearestNeighbour


@pytest.mark.parametrize("length", [2, 3, 10, 32])
def test_the_answer_is_the_value_of_the_nearest_so_far(length):
    x, y = NearestNeighbour(length).sample(20, 0)
    assert x.shape == (length, 20, 3) and y.shape == (length, 20, 1)
    for b in range(20):
        for t in range(1, length):
            distances = [np.linalg.norm(x[s, b, :2] - x[0, b, :2]) for s in range(1, t + 1)]
            assert y[t, b, 0] == x[1 + int(np.argmin(distances)), b, 2]


def test_vectors_are_of_length_one_and_even_on_the_circle():
    x, _ = NearestNeighbour(20).sample(5000, 1)
    vectors = x[:, :, :2]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=2), 1)
    assert np.abs(vectors.mean(axis=(0, 1))).max() < 0.01
    np.testing.assert_allclose(np.einsum("tbi,tbj->ij", vectors, vectors) / vectors[..., 0].size, np.eye(2) / 2, atol=0.01)


def test_the_reference_has_no_value_and_nothing_is_asked_of_it():
    x, y = NearestNeighbour(6).sample(9, 2)
    assert (x[0, :, 2] == 0).all() and (y[0] == 0.5).all()
    assert NearestNeighbour.error(np.concatenate([y[:1] + 9, y[1:]]), y) == 0


def test_values_are_even_between_0_and_1_and_the_mean_costs_a_twelfth():
    x, y = NearestNeighbour(10).sample(20_000, 3)
    values = x[1:, :, 2]
    assert values.min() >= 0 and values.max() < 1 and values.mean() == pytest.approx(1 / 2, abs=0.005)
    assert NearestNeighbour.baseline_error == pytest.approx(1 / 12)
    assert NearestNeighbour.error(np.full_like(y, 0.5), y) == pytest.approx(1 / 12, abs=0.001)


def test_the_answer_changes_at_step_t_in_one_of_t():
    _, y = NearestNeighbour(10).sample(20_000, 4)
    changes = np.mean(y[2:] != y[1:-1], axis=(1, 2))
    np.testing.assert_allclose(changes, 1 / np.arange(2, 10), atol=0.012)


def test_sizes_dtype_and_seed():
    task = NearestNeighbour(5, np.float32)
    x, y = task.sample(3, 0)
    assert x.dtype == y.dtype == np.float32
    assert (task.input_size, task.output_size) == (3, 1)
    np.testing.assert_array_equal(task.sample(3, np.random.default_rng(0))[0], x)
    assert not np.array_equal(task.sample(3, 1)[0], x)


@pytest.mark.parametrize("length", [1, 0, 2.5, "5"])
def test_a_length_that_is_none_is_refused(length):
    with pytest.raises(ValueError, match=f"length is {length!r}; NearestNeighbour needs at least 2: the reference, and a vector"):
        NearestNeighbour(length)
