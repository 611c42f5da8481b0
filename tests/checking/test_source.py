"""What is printed of a solution: Python to read and run, with the imports that it needs and nothing else."""

import numpy as np
import pytest

from lstm_helpers.cells import LSTM
from lstm_helpers.checking import Question
from lstm_helpers.checking.source import stub
from lstm_helpers.learning import Linear

IMPORTS = "from lstm_helpers.cells import LSTM\nfrom lstm_helpers.learning import Linear"


@np.errstate(all="ignore")
def doubled(x, times=2):
    """Kept: the learner reads it."""
    return np.asarray(x) * times


def area():
    """Left out."""
    width = 3

    return (width
            * 4)


def saying():
    return "what to return, and what not to return"


def layers():
    return len([Linear(3, 1), LSTM(2, 3)])


def secret():
    return area() * 2


@pytest.mark.parametrize(("question", "text"), [
    (Question(ask="", reference=doubled, cases=[("", (1,))]),
     'def doubled(x, times=2):\n    """Kept: the learner reads it."""\n    return np.asarray(x) * times'),
    (Question(ask="", reference=area), "width = 3\n\narea = (width\n        * 4)"),
    (Question(ask="", reference=saying), 'saying = "what to return, and what not to return"'),
    (Question(ask="", reference=layers), f"{IMPORTS}\n\n\nlayers = len([Linear(3, 1), LSTM(2, 3)])"),
    (Question(ask="", reference=layers, cases=[]), f"{IMPORTS}\n\n\ndef layers():\n    return len([Linear(3, 1), LSTM(2, 3)])"),
], ids=["function", "lines", "text", "imports of a value", "imports of a function"])
def test_a_solution_is_printed(question, text, capsys):
    question.solution()
    assert capsys.readouterr().out == text + "\n"


def test_a_solution_that_needs_what_a_notebook_cannot_import_is_refused():
    with pytest.raises(ValueError) as refusal:
        Question(ask="", reference=secret).solution()
    assert str(refusal.value) == ("area is in none of lstm_helpers.cells, lstm_helpers.learning, lstm_helpers.sequences, "
                                  "lstm_helpers.drawing; a solution uses only NumPy and their public names")


def test_stubs():
    assert stub("q1", doubled, False) == ("def doubled(x, times=2):\n    ...\n\nq1.check(doubled)\n# q1.hint()\n# q1.solution()")
    assert stub("q2", area, True) == "area = ...\n\nq2.check(area)\n# q2.hint()\n# q2.solution()"
