import math
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from lstm_helpers.sequences import AssociativeRecall, CopyString


def test_a_list_by_the_definition():
    task = AssociativeRecall(pairs=5, keys=7)
    x, labels = task.sample(200, 0)
    assert x.shape == (6, 200, 14) and labels.shape == (200,) and x.dtype == np.float32
    keys, values = x[:, :, :7], x[:, :, 7:]
    np.testing.assert_array_equal(keys.sum(axis=2), 1)
    np.testing.assert_array_equal(values.sum(axis=2), np.array([1] * 5 + [0])[:, None] * np.ones(200))
    for n in range(200):
        pairs = dict(zip(keys[:5, n].argmax(1).tolist(), values[:5, n].argmax(1).tolist(), strict=True))
        assert len(pairs) == 5 and pairs[int(keys[5, n].argmax())] == labels[n]


def test_keys_values_places_and_questions_are_drawn_evenly():
    x, labels = AssociativeRecall(pairs=3, keys=4).sample(40_000, 1)
    for first in x[:3, :, :4].mean(axis=1).ravel(), x[:3, :, 4:].mean(axis=1).ravel(), x[3, :, :4].mean(axis=0):
        np.testing.assert_allclose(first, 1 / 4, atol=0.01)
    asked = (x[:3, :, :4] * x[3, :, :4]).sum(axis=2)
    np.testing.assert_allclose(asked.mean(axis=1), 1 / 3, atol=0.01)
    np.testing.assert_allclose(np.bincount(labels) / 40_000, 1 / 4, atol=0.01)


def test_what_one_pair_is_worth():
    task = AssociativeRecall(pairs=4, keys=8)
    x, labels = task.sample(20_000, 2)
    last = x[3, :, 8:].argmax(axis=1)
    assert task.one_pair == pytest.approx(1 / 4 + 3 / 4 / 8) and np.mean(last == labels) == pytest.approx(task.one_pair, abs=0.01)
    assert task.chance == 1 / 8


def best_code(pairs, keys, states):
    """Return the largest share that any code of so many states gets right, by trying all of them, n = 1 alone."""
    values = range(keys)
    return max(Fraction(len(set(code)), keys) for code in product(range(states), repeat=len(values))) if pairs == 1 else None


@pytest.mark.parametrize(("keys", "states"), [(3, 1), (3, 2), (4, 2), (4, 3), (4, 4)])
def test_no_code_of_one_pair_passes_the_bound(keys, states):
    found, bound = float(best_code(1, keys, states)), AssociativeRecall(1, keys).best(math.log2(states))
    assert found <= bound + 1e-9 and (states not in (1, keys) or found == pytest.approx(bound, abs=1e-6))


def test_the_bound_grows_from_chance_to_one():
    task = AssociativeRecall(pairs=8, keys=16)
    assert task.bits == 32
    shares = [task.best(bits) for bits in range(40)]
    assert shares[0] == pytest.approx(1 / 16, abs=1e-6) and shares[32:] == [1.0] * 8
    assert all(a < b for a, b in pairwise(shares[:33]))
    assert AssociativeRecall(16, 16).best(16) < task.best(16)
    with pytest.raises(ValueError, match="bits is -1; best needs 0 or more"):
        task.best(-1)


def test_a_string_by_the_definition():
    x, labels = CopyString(length=6, symbols=5).sample(10_000, 0)
    assert x.shape == (6, 10_000, 5) and x.dtype == np.float32
    np.testing.assert_array_equal(x.argmax(axis=2), labels)
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    np.testing.assert_allclose(x.mean(axis=(0, 1)), 1 / 5, atol=0.01)
    assert CopyString(10, 8).bits == 30 and CopyString(10, 8).chance == 1 / 8


@pytest.mark.parametrize("task", [AssociativeRecall(2, 3), CopyString(4, 3)])
def test_a_seed_fixes_everything(task):
    for one, same in zip(task.sample(9, 4), task.sample(9, np.random.default_rng(4)), strict=True):
        np.testing.assert_array_equal(one, same)


@pytest.mark.parametrize(("make", "settings", "words"), [
    (AssociativeRecall, (0, 4), "pairs is 0; AssociativeRecall needs at least 1: a pair to ask for"),
    (AssociativeRecall, (5, 4), "keys is 4; AssociativeRecall needs at least 5: a key of its own"),
    (AssociativeRecall, (1, 1), "keys is 1; AssociativeRecall needs at least 2"),
    (CopyString, (0, 4), "length is 0; CopyString needs at least 1"),
    (CopyString, (3, 1), "symbols is 1; CopyString needs at least 2"),
])
def test_settings_that_make_no_task_are_refused(make, settings, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        make(*settings)
