"""The adding problem, by its definition."""

import re

import numpy as np
import pytest

from lstm_helpers.sequences import AddingProblem


@pytest.mark.parametrize("length", [2, 3, 10, 101])
def test_two_steps_are_marked_one_in_each_half(length):
    x, _ = AddingProblem(length).sample(500, 0)
    marks, half = x[:, :, 1], length // 2
    assert x.shape == (length, 500, 2)
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:half].sum(0) == 1).all()
    assert (marks[half:].sum(0) == 1).all()
    assert (marks.sum(1) > 0).all()                              # every step is marked at times


def test_the_answer_is_the_sum_of_the_marked_numbers():
    x, y = AddingProblem(9).sample(50, 1)
    assert y.shape == (50, 1)
    for column in range(50):
        assert y[column, 0] == pytest.approx(sum(x[t, column, 0] for t in range(9) if x[t, column, 1] == 1))


def test_numbers_are_uniform_between_0_and_1_and_independent():
    numbers = AddingProblem(20).sample(5000, 2)[0][:, :, 0]
    assert numbers.min() >= 0 and numbers.max() < 1
    assert numbers.mean() == pytest.approx(1 / 2, abs=0.005)
    assert numbers.var() == pytest.approx(1 / 12, abs=0.002)
    assert np.abs(np.corrcoef(numbers) - np.eye(20)).max() < 0.06


def test_marks_fall_evenly_on_the_steps_of_each_half():
    marks = AddingProblem(10).sample(20_000, 3)[0][:, :, 1]
    np.testing.assert_allclose(marks.mean(1), 1 / 5, atol=0.015)


def test_the_baseline_error_is_the_variance_of_the_answer():
    # The answer is a + b with a, b from U(0, 1); the best constant is its mean, 1, which costs Var(a) + Var(b) = 2 · 1/12.
    _, y = AddingProblem(4).sample(200_000, 4)
    assert AddingProblem.baseline_error == pytest.approx(2 / 12)
    assert np.mean((y - 1) ** 2) == pytest.approx(AddingProblem.baseline_error, abs=0.002)


def test_sizes_and_dtype():
    x, y = AddingProblem(5, np.float32).sample(3, 0)
    assert x.dtype == y.dtype == np.float32
    assert AddingProblem(5).sample(3, 0)[0].dtype == np.float64
    assert (AddingProblem.input_size, AddingProblem.output_size) == (2, 1) == (x.shape[2], y.shape[1])


def test_a_seed_decides_and_a_generator_goes_on():
    task, rng = AddingProblem(6), np.random.default_rng(5)
    first, again, next_one = task.sample(4, 5)[0], task.sample(4, rng)[0], task.sample(4, rng)[0]
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, next_one)


@pytest.mark.parametrize("length", [1, 0, -3])
def test_a_length_without_room_for_two_marks_is_refused(length):
    with pytest.raises(ValueError, match=re.escape(f"length is {length}; needs at least 2")):
        AddingProblem(length)
