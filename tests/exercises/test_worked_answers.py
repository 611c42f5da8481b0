"""Every case and answer of every question is as it was when somebody last looked: see worked_answers.py."""

import numpy as np
import pytest

from .declared import questions
from .worked_answers import brief, differences, rows, stored

TABLE = stored()
HOW = "If you meant this, write the table again and read its diff: python -m tests.exercises.worked_answers"


@pytest.mark.parametrize("title", questions())
def test_the_answers_are_those_in_the_table(title):
    then = {key: row for key, row in TABLE.items() if key.startswith(f"{title}, ")}
    pairs = list(rows(title, questions()[title]))
    changes = list(differences(then, dict(pairs)))
    if changes:
        words = f"{len(changes)} entries have changed, of which the first are:"
        pytest.fail("\n".join([words, *changes[:5], HOW]), pytrace=False)
    assert list(then) == [key for key, _ in pairs], f"The order has changed. {HOW}"


def test_the_table_holds_no_other_question():
    assert {key.split(",")[0] for key in TABLE} == questions().keys(), HOW


def test_a_change_is_seen_and_rounding_is_not():
    row = {"array": [[2], [1.0, "nan"], 3.0], "n": 2}
    assert not list(differences(row, row | {"array": [[2], [1.0000005, "nan"], 3.0]}))
    others = [row | {"n": 3}, row | {"n": 2.0}, {"n": 2}, row | {"m": 1}, row | {"array": [[2], [1.00001, "nan"], 3.0]},
              row | {"array": [[2], [1.0, 0.0], 3.0]}, row | {"array": [[2], [1.0, "nan"]]}]
    assert [len(list(differences(row, other))) for other in others] == [1] * len(others)


def test_few_numbers_tell_arrays_apart():
    assert brief(np.array([[1.0, np.nan, -0.0]])) == [[1, 3], [1.0, "nan"], 2.0]
    assert brief(np.array([3, 4, 5])) == [[3], [3, 4], 26] != brief(np.array([5, 3, 4]))
    assert brief((True, np.float64(1 / 3))) == {"entry 0": True, "entry 1": 0.33333333}
    assert str(brief(np.array([-0.0]))) == "[[1], [0.0]]"
    assert brief(np.array([1 + 2j])) == {"real": [[1], [1.0]], "imaginary": [[1], [2.0]]}
    assert brief(np.array([1 + 0j])) == [[1], [1.0]]
