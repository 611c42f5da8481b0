"""What a class got wrong is counted from graded notebooks."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom.assignments import questions_of
from lstm_classroom.class_report import count, graded, heading, said, waiting
from nbformat.v4 import new_code_cell, new_notebook, new_output

TOOL = Path(__file__).resolve().parents[2] / "tools/make_classroom.py"
NAME = "08_forget_gate"
QUESTIONS = questions_of(NAME)
LOGARITHM, NO_GATE = list(QUESTIONS["q1"].mistakes.values())[1], list(QUESTIONS["q2"].mistakes.values())[1]
SAID = {    # student: what the tests of q1, q2 and q3 printed
    "ada": ("Correct.", "Correct.", "Correct."),
    "bea": (LOGARITHM, NO_GATE + "\nAnd your function changes its argument x in place.", "Correct."),
    "cyd": (LOGARITHM, "It stops with an error in line 3: `f = forget`:\n  NameError: forget", "Correct."),
    "dan": ("Not yet: 3 is too small.", "It stops with an error in line 9: `x`:\n  KeyError: 1", ""),
}


def notebook(printed):
    cells = [new_code_cell("Correct.", outputs=[new_output("stream", text="Correct.\n")])]       # the student's own cell
    for number, text in enumerate(printed, 1):
        labels = {"grade": True, "solution": False, "grade_id": f"q{number}-test"}
        outputs = [new_output("stream", text=text + "\n"), new_output("execute_result", data={"text/plain": "0"})]
        cells.append(new_code_cell("", metadata={"nbgrader": labels}, outputs=outputs if text else []))
    return new_notebook(cells=cells)


@pytest.fixture
def course(tmp_path):
    for student, printed in SAID.items():
        for step in ("submitted", "autograded"):
            place = tmp_path / step / student / NAME
            place.mkdir(parents=True)
            nbformat.write(notebook(printed), place / f"{NAME}.ipynb")
    shutil.copytree(tmp_path / "submitted" / "ada", tmp_path / "submitted" / "eve")
    return tmp_path


def test_each_answer_is_counted_once_under_what_it_heard(course):
    found = count(graded(course, NAME), QUESTIONS)
    assert found == {"q1": {LOGARITHM: 2, "Correct.": 1, "Not yet: 3 is too small.": 1},
                     "q2": {"It stops with an error": 2, NO_GATE: 1, "Correct.": 1},
                     "q3": {"Correct.": 3, "": 1}}


def test_who_is_not_graded_is_found_and_not_counted(course):
    assert waiting(course, NAME) == ["eve"] and len(graded(course, NAME)) == len(SAID)
    assert graded(course, "04_vanishing_gradients") == waiting(course, "04_vanishing_gradients") == []


def test_a_failed_test_is_counted_by_its_error():
    notebook = new_notebook(cells=[new_code_cell("", metadata={"nbgrader": {"grade": True, "grade_id": "q1-test"}}, outputs=[
        new_output("error", ename="AssertionError", evalue="not so", traceback=[])])])
    assert count([notebook], {"q1": QUESTIONS["q1"]}) == {"q1": {"not so": 1}}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_known_mistake_is_recognised_among_all_of_its_question(name):
    known = QUESTIONS[name].mistakes.values()
    assert all(heading(message + "\nIn the case: x = 3", known) == message for message in known)


def command(*arguments):
    return subprocess.run([sys.executable, TOOL, "--mistakes", *arguments], capture_output=True, text=True)


def test_the_command_prints_the_counts_and_makes_nothing(course):
    pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
    before = sorted(course.rglob("*"))
    done = command("08", "12", "--into", str(course))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == [f"{NAME}: 4 graded, 1 handed in and not graded", "  q1", "     2  " + LOGARITHM]
    assert not {*SAID, "eve"} & {*re.findall(r"\w+", done.stdout)}
    assert "(its test printed nothing)" in done.stdout and "12_" not in done.stdout
    assert sorted(course.rglob("*")) == before


def test_the_command_says_so_where_nothing_is_graded(course):
    pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
    done = command("12", "--into", str(course))
    assert done.returncode == 1 and "nbgrader autograde 12_lstm_backward" in done.stdout


def test_what_a_terminal_would_obey_is_written_out():
    assert said(notebook(["\x1b[2J\x1b]0;mine\x07 Correct.\r\u202e"]), "q1") == (
        "\\x1b[2J\\x1b]0;mine\\x07 Correct.\\r\\u202e\n")
