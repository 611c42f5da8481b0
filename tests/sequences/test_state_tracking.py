"""Parity and permutations, by their definitions."""

import itertools
import re

import numpy as np
import pytest

from lstm_helpers.cells import LSTM
from lstm_helpers.learning import Linear, Network, cross_entropy
from lstm_helpers.sequences import Parity, Permutations
from lstm_helpers.sequences.state_tracking import AFTER, ORDERS

TASKS = (Parity, Permutations)
both = pytest.mark.parametrize("maker", TASKS)


def test_parity_counts_the_ones_so_far():
    x, labels = Parity(9).sample(20, 0)
    assert x.shape == (9, 20, 1) and labels.shape == (9, 20)
    for t, n in np.ndindex(9, 20):
        assert labels[t, n] == sum(int(bit) for bit in x[:t + 1, n, 0]) % 2


def test_permutations_are_applied_one_after_the_other():
    x, labels = Permutations(9).sample(20, 0)
    assert x.shape == (9, 20, 6) and labels.shape == (9, 20)
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    for n in range(20):
        things = ["a", "b", "c"]
        for t in range(9):
            p = ORDERS[np.argmax(x[t, n])]
            moved = [None] * 3
            for place, thing in enumerate(things):                       # what is at `place` goes to p[place]
                moved[p[place]] = thing
            things = moved
            assert things == [["a", "b", "c"][list(ORDERS[labels[t, n]]).index(place)] for place in range(3)]


def test_the_table_is_that_of_a_group_which_does_not_commute():
    assert sorted(map(tuple, ORDERS)) == sorted(itertools.permutations(range(3))) and tuple(ORDERS[0]) == (0, 1, 2)
    every = np.arange(6)
    np.testing.assert_array_equal(AFTER[0], every)
    np.testing.assert_array_equal(AFTER[:, 0], every)
    assert all(sorted(row) == list(every) for row in (*AFTER, *AFTER.T))
    for p, q, r in itertools.product(every, repeat=3):
        assert AFTER[AFTER[p, q], r] == AFTER[p, AFTER[q, r]]
    assert (AFTER != AFTER.T).any()


@both
def test_all_inputs_and_labels_come_evenly(maker):
    x, labels = maker(30).sample(20_000, 1)
    np.testing.assert_allclose(np.bincount(labels[-1]) / 20_000, maker.chance, atol=0.02)
    np.testing.assert_allclose(x.mean(), 1 / maker.output_size, atol=0.01)


@both
def test_sizes_and_dtype(maker):
    for dtype in (np.float32, np.float64):
        x, labels = maker(5, dtype).sample(3, 0)
        assert x.dtype == dtype and labels.dtype.kind == "i"
        assert x.shape[2] == maker.input_size and maker.chance == 1 / maker.output_size


@both
def test_a_seed_decides_and_a_generator_goes_on(maker):
    rng = np.random.default_rng(5)
    first, second, again = maker(6).sample(3, rng), maker(6).sample(3, rng), maker(6).sample(3, 5)
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.array_equal(first[0], second[0])


@both
@pytest.mark.parametrize("length", [0, -1, 2.5, None])
def test_a_length_that_makes_no_sense_is_refused(maker, length):
    with pytest.raises(ValueError, match=f"^length is {re.escape(repr(length))}; {maker.__name__} needs at least 1: "):
        maker(length)


@both
def test_a_network_takes_them(maker):
    net = Network(LSTM(maker.input_size, 4), Linear(4, maker.output_size), read="every")
    x, labels = maker(1).sample(4, 0)
    assert np.isfinite(net.evaluate(x, labels, cross_entropy))
