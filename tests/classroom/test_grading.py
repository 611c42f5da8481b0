"""Test cells run in the teacher's process, with stand-ins for what is the student's."""

import ast

import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom.grading import grade, names_wanted
from lstm_classroom.worker import as_python
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.classroom.walls import needs_bubblewrap

EXAM = """\
import numpy as np
from lstm_classroom.sandbox import run_apart
from lstm_helpers.checking import Question

def twice(x):
    return 2 * x

question = Question(ask="", reference=twice, cases=[("three", (np.arange(3),))], points=4,
                    mistakes={lambda x: x**2: "This is the square."})
verdict = question.grade(double, rng=1, runner=run_apart)
print(verdict.message)
verdict.points"""


def graded(answer, test):
    cells = [new_markdown_cell("Words"), new_code_cell("import numpy as np"),
             new_code_cell(answer, metadata={"nbgrader": {"grade_id": "q1", "grade": False, "solution": True}}),
             new_code_cell(test, metadata={"nbgrader": {"grade_id": "q1-test", "grade": True, "solution": False, "points": 4}}),
             new_code_cell("double = lambda x: x + x")]
    notebook = new_notebook(cells=cells)
    grade(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells if cell is not notebook.cells[3])
    return notebook.cells[3].outputs


@needs_bubblewrap
def test_a_question_may_be_declared_in_the_test_itself():
    printed, value = graded("def double(x):\n    return x + x", EXAM)
    assert (printed.text, value.data["text/plain"]) == ("Correct.\n", "4")
    printed, value = graded("def double(x):\n    return x * x", EXAM)
    assert (printed.text, value.data["text/plain"]) == ("This is the square.\n", "0")


@needs_bubblewrap
def test_what_stands_below_a_test_comes_too_late():
    printed, value = graded("1", EXAM)
    assert printed.text.startswith("Your notebook has nothing called `double`") and value.data["text/plain"] == "0"


@needs_bubblewrap
def test_a_test_that_fails_is_an_error_which_earns_nothing_at_nbgrader():
    output, = graded("", "assert 1 == 2, 'not so'")
    assert (output.output_type, output.evalue) == ("error", "not so")
    output, = graded("double = abs", "assert double(-1) == 1")
    assert output.output_type == "error"


def test_a_test_without_value_prints_alone():
    printed, = graded("", "print('all is well')\nx = 3")
    assert printed.text == "all is well\n"


def test_the_names_that_a_test_wants_are_the_students():
    assert names_wanted(ast.parse(EXAM)) == {"double"}
    assert names_wanted(ast.parse("import a.b as c, d.e\nfor f in c: g = [h for h in d]\nprint(f, g, i)")) == {"i"}


def test_magic_becomes_python_and_what_is_no_python_stays():
    assert "run_line_magic" in as_python("%matplotlib inline", 5) and "get_ipython" in as_python("!ls", 5)
    assert as_python("def f(:", 5).startswith("def f(:")
    assert as_python("if x:\n    a\n  b", 5).startswith("if x:\n    a")         # at this, IPython itself stops
