"""The classic tasks, by their definitions."""

import dataclasses
import re

import numpy as np
import pytest

from lstm_helpers.cells import LSTM
from lstm_helpers.learning import Linear, Network, cross_entropy, mean_squared_error
from lstm_helpers.sequences import AddingProblem, Copy, CountingLanguage, EmbeddedReber, Latch, TemporalOrder


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
    with pytest.raises(ValueError, match=re.escape(f"length is {length}; AddingProblem needs at least 2")):
        AddingProblem(length)


# What every task with strings of several lengths has in common.

UNEVEN = [Latch(30), Latch(3, 3), TemporalOrder(100), TemporalOrder(10), EmbeddedReber(), CountingLanguage(10)]
EVERY = [*UNEVEN, AddingProblem(6), Copy(5)]


@pytest.mark.parametrize("task", EVERY, ids=repr)
def test_a_seed_decides_each_task_and_a_generator_goes_on(task):
    rng = np.random.default_rng(5)
    for first, again in zip(task.sample(40, 5), task.sample(40, rng), strict=True):
        np.testing.assert_array_equal(first, again)
    assert not np.array_equal(task.sample(40, 5)[0][:5], task.sample(40, rng)[0][:5])


@pytest.mark.parametrize("task", EVERY, ids=repr)
def test_sizes_and_dtype_of_each_task(task):
    x, y, *mask = dataclasses.replace(task, dtype=np.float32).sample(4, 0)
    assert (x.dtype, task.sample(3, 0)[0].dtype) == (np.float32, np.float64)
    assert x.shape[1:] == (4, task.input_size)
    network = Network(LSTM(task.input_size, 3, dtype=np.float32), Linear(3, task.output_size, dtype=np.float32),
                      read="every" if y.shape[:2] == x.shape[:2] else "last")
    loss = cross_entropy if y.dtype.kind == "i" else mean_squared_error
    assert np.isfinite(network.evaluate(x, y, loss, *mask))                  # what the network says fits what is asked


@pytest.mark.parametrize("task", UNEVEN, ids=repr)
def test_a_mask_begins_with_ones_and_hides_nothing_but_zeros(task):
    x, _, mask = task.sample(500, 1)
    assert set(np.unique(mask)) <= {0, 1} and mask[0].all()
    assert (np.diff(mask, axis=0) <= 0).all()
    assert not x[mask == 0].any()


@pytest.mark.parametrize("task", [Latch(100), TemporalOrder(100), Latch(30), TemporalOrder(30)], ids=repr)
def test_every_length_from_t_to_a_tenth_more_is_as_likely(task):
    lengths = task.sample(22_000, 2)[2].sum(0)
    shares = np.bincount(lengths.astype(int)) / lengths.size
    choices = task.length // 10 + 1
    assert not shares[:task.length].any() and len(shares) == task.length + choices
    np.testing.assert_allclose(shares[task.length:], 1 / choices, rtol=0.1)


@pytest.mark.parametrize("task", [Latch(10), TemporalOrder(20)], ids=repr)
def test_classes_are_balanced_and_saying_the_same_for_each_costs_the_baseline(task):
    labels = task.sample(40_000, 3)[1]
    np.testing.assert_allclose(np.bincount(labels) / labels.size, task.chance, atol=0.01)
    assert len(np.unique(labels)) == task.output_size == 1 / task.chance
    assert cross_entropy(np.zeros((labels.size, task.output_size)), labels)[0] == pytest.approx(task.baseline_error)


# The two-sequence latch

@pytest.mark.parametrize("informative", [1, 3])
def test_the_first_steps_of_a_latch_are_its_class_and_the_rest_is_noise_of_variance_a_fifth(informative):
    x, labels, mask = Latch(50, informative).sample(2000, 4)
    np.testing.assert_array_equal(x[:informative, :, 0], np.where(labels == 1, 1.0, -1.0) * np.ones((informative, 1)))
    noise = x[informative:, :, 0][mask[informative:] == 1]
    assert (noise.mean(), noise.var()) == (pytest.approx(0, abs=0.005), pytest.approx(0.2, abs=0.005))
    about_class = (x[informative:50, :, 0] * (2 * labels - 1)).mean(1)
    assert np.abs(about_class).max() < 0.05                                  # the noise knows nothing of the class


@pytest.mark.parametrize("arguments, message", [((2, 3), "length is 2; Latch needs at least 3"),
                                                ((5, 0), "informative is 0; Latch needs at least 1")])
def test_a_latch_needs_its_informative_steps(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Latch(*arguments)


# Temporal order

@pytest.mark.parametrize("length", [100, 50, 10])
def test_temporal_order_by_its_definition(length):
    task = TemporalOrder(length)
    x, labels, mask = task.sample(3000, 5)
    places, tenth = [], length // 10
    for column, label in enumerate(labels):
        string = "".join(task.symbols[code] for code in x[mask[:, column] == 1, column].argmax(1))
        assert re.fullmatch("E[abcd]*[XY][abcd]*[XY][abcd]*B", string)
        places.append([step for step, symbol in enumerate(string) if symbol in "XY"])
        assert task.classes[label] == "".join(string[step] for step in places[-1])
    first, second = np.array(places).T
    for found, low, high in [(first, tenth, 2 * tenth), (second, 5 * tenth, 6 * tenth)]:
        assert set(found) == set(range(low, high + 1))
        np.testing.assert_allclose(np.bincount(found)[low:] / 3000, 1 / (tenth + 1), rtol=0.25)


def test_distractors_are_drawn_evenly_and_each_symbol_is_one_one():
    x, _, mask = TemporalOrder(100).sample(500, 6)
    assert (x.sum(2) == mask).all() and set(np.unique(x)) == {0, 1}
    counts = x.sum((0, 1))
    np.testing.assert_allclose(counts[1:5] / counts[1:5].sum(), 1 / 4, atol=0.01)


def test_a_string_too_short_for_two_symbols_is_refused():
    with pytest.raises(ValueError, match=re.escape("length is 9; TemporalOrder needs at least 10")):
        TemporalOrder(9)


# Copy

@pytest.mark.parametrize("delay, items", [(1, 10), (7, 10), (100, 10), (4, 3)])
def test_copy_by_its_definition(delay, items):
    task = Copy(delay, items=items)
    x, labels = task.sample(200, 7)
    read, blank = x.argmax(2), 8
    assert (x.sum(2) == 1).all() and len(x) == len(labels) == task.length == delay + 2 * items
    for column in range(200):
        symbols = list(read[:items, column])
        assert max(symbols) < 8
        assert list(read[items:, column]) == [blank] * (delay - 1) + [9] + [blank] * items
        assert list(labels[:, column]) == [blank] * (delay + items) + symbols


def test_the_baseline_of_copy_is_a_guess_among_eight_at_ten_steps():
    task = Copy(30)
    labels = task.sample(500, 8)[1]
    logits = np.full((*labels.shape, 9), -np.inf)
    logits[:-10, :, 8], logits[-10:, :, :8] = 0, 0
    assert cross_entropy(np.maximum(logits, -1e9), labels)[0] == pytest.approx(task.baseline_error) == 10 * np.log(8) / 50
    np.testing.assert_allclose(np.bincount(labels[-10:].ravel()) / 5000, task.chance, atol=0.02)


@pytest.mark.parametrize("arguments, message", [((0,), "delay is 0"), ((3, float, 0), "items is 0")])
def test_a_copy_without_delay_or_items_is_refused(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Copy(*arguments)
