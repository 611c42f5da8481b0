"""One submission that cannot be graded never stops the others: ada and zoe are graded, whoever stands between them."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom.course import build, prepare
from nbgrader.api import Gradebook

from lstm_helpers.exercises import vanishing_gradients
from tests.classroom.walls import needs_bubblewrap

pytestmark = [pytest.mark.slow, needs_bubblewrap,
              pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning")]   # of nbgrader itself

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME = "04_vanishing_gradients"
SOLUTIONS = {name: vars(vanishing_gradients)[name].source() for name in ("q1", "q2", "q3")}
POINTS = {"q1": 3, "q2": 1, "q3": 2}


def place_of(cells, name):
    return next(number for number, cell in enumerate(cells) if cell.id == name)


def copied(*names, source=None):
    """Return a function that puts a copy of cells above each, as JupyterLab pastes them: all metadata are the same."""
    def change(notebook):
        for name in names:
            number = place_of(notebook.cells, name)
            double = copy.deepcopy(notebook.cells[number])
            double.id, double.source = f"copy-of-{name}", double.source if source is None else source
            notebook.cells.insert(number, double)
    return change


def split(notebook):
    """Split the answer to q1 as JupyterLab does: two cells with the same metadata, the function and its check."""
    number = place_of(notebook.cells, "q1")
    upper, lower = notebook.cells[number], copy.deepcopy(notebook.cells[number])
    upper.source, lower.source = SOLUTIONS["q1"], "q1.check(gradient_lengths)"
    lower.id = "lower"
    notebook.cells.insert(number + 1, lower)


def early_test(notebook):
    """Put the answer of q1 below a copy of its test, which is above all answers."""
    cell = copy.deepcopy(notebook.cells[place_of(notebook.cells, "q1-test")])
    cell.id = "early"
    notebook.cells.insert(0, cell)


def put_tests_first(notebook):
    """Move all tests to the top, the last one first."""
    tests = [cell for cell in notebook.cells if cell.id.endswith("-test")]
    notebook.cells = [*reversed(tests), *(cell for cell in notebook.cells if cell not in tests)]


def put_set_up_last(notebook):
    notebook.cells.append(notebook.cells.pop(place_of(notebook.cells, "set-up")))


def half_characters(notebook):
    """Put half a character where a file can't hold one: in words, in an answer's comment, in labels of the student's own."""
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("my words \ud800"))
    notebook.cells[place_of(notebook.cells, "q1")].source += "\n# \udfff"
    notebook.cells[place_of(notebook.cells, "q2")].metadata["mine"] = "\ud800"
    notebook.metadata["mine"] = "\ud800"


def nbgraders_marks(notebook):
    """Write what nbgrader takes for the beginning of hidden tests, with no end."""
    notebook.cells[place_of(notebook.cells, "q1")].source += "\n### BEGIN HIDDEN TESTS"
    notebook.cells.append(nbformat.v4.new_code_cell("### BEGIN HIDDEN TESTS\n### BEGIN SOLUTION"))


MENDED = {      # what an honest student's clicks make of a notebook; it is graded as if nothing had happened
    "b-split": split,
    "b-pasted": copied("q1", "q2", "q3"),
    "b-first-try": copied("q1", source="def gradient_lengths(dh_last, W_h, steps):\n    return 1 / 0"),
    "b-early-test": early_test,
    "b-everything": copied("about", "set-up", "q1-statement", "q1-test", "q2-test", "q3-test"),
    "b-tests-first": put_tests_first,
    "b-set-up-last": put_set_up_last,
    "b-half-characters": half_characters,
    "b-marks": nbgraders_marks,
    "b-renamed-only": lambda notebook: notebook.metadata.update(title="mine"),
}
BROKEN = {      # (text of the file, what is said)
    "c-torn": ('{"cells": [', "it is no notebook"),
    "c-empty": ("", "it is no notebook"),
    "c-list": ("[]", ""),
    "c-number": ("3", ""),
    "c-future": ('{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}', "99"),
    "c-strange": ('{"cells": [{"cell_type": "code"}, 7], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', ""),
    "c-binary": ("\0\1\2", "it is no notebook"),
    "c-deep": ("[" * 100_000, ""),
}
REFUSED = {     # what is said; made in `school`
    "d-nothing": f"there is no {NAME}.ipynb, but nothing",
    "d-other-name": f"there is no {NAME}.ipynb, but exam.ipynb",
    "d-link": f"{NAME}.ipynb is a link",
    "d-linked-folder": f"{NAME} is a link",
    "d-linked-student": "d-linked-student is a link",
    "d-linked-beside": "data/notes.txt is a link",
    "d-second-name": f"{NAME}.ipynb has a second name",
    "d-pipe": f"{NAME}.ipynb is no file",
    "d-pipe-for-the-time": "timestamp.txt is no file",
    "d-folder": "NotADirectoryError",
}


def answered(released, change=lambda notebook: None):
    notebook = nbformat.reads(released, as_version=4)
    for cell in notebook.cells:
        if cell.id in SOLUTIONS:
            cell.source = SOLUTIONS[cell.id]
    change(notebook)
    return json.dumps(notebook)               # nbformat itself writes no half characters


def refuse_me(submitted, source, elsewhere):
    """Make the submissions of REFUSED."""
    for student in REFUSED:
        folder = submitted / student / NAME
        folder.mkdir(parents=True)
        path = folder / f"{NAME}.ipynb"
        match student:
            case "d-other-name":
                (folder / "exam.ipynb").write_text("{}")
            case "d-link":
                path.symlink_to(source)
            case "d-linked-folder":
                folder.rmdir()
                folder.symlink_to(source.parent)
            case "d-linked-student":
                folder.rmdir()
                folder.parent.rmdir()
                folder.parent.symlink_to(elsewhere)
            case "d-linked-beside":
                path.write_text("{}")
                (folder / "data").mkdir()
                (folder / "data/notes.txt").symlink_to(source)
            case "d-second-name":
                os.link(source, path)
            case "d-pipe":
                os.mkfifo(path)
            case "d-pipe-for-the-time":
                path.write_text("{}")
                os.mkfifo(folder / "timestamp.txt")
            case "d-folder":
                folder.rmdir()
                folder.write_text("a file")


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Return the course after one `nbgrader autograde` of the whole class, and that command with its output."""
    course = tmp_path_factory.mktemp("school") / "course"
    prepare(course)
    build(course, NOTEBOOKS / f"{NAME}.ipynb", "a secret")
    released = (course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    honest = {"ada": None, "zoe": None, **MENDED}
    texts = {student: answered(released, *filter(None, [change])) for student, change in honest.items()}
    for student, text in {**texts, **{student: text for student, (text, _) in BROKEN.items()}}.items():
        place = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(text, encoding="utf-8")
    if os.name == "posix":
        refuse_me(course / "submitted", course / "source" / NAME / f"{NAME}.ipynb", course / "submitted/ada")
    return course, subprocess.run([sys.executable, "-m", "nbgrader", "autograde", NAME], cwd=course, timeout=300,
                                  stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)


def scores(course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, student)
        return {grade.name.removesuffix("-test"): grade.score for grade in submission.grades}


@pytest.mark.parametrize("student", ["ada", "zoe", *MENDED])
def test_all_who_can_be_graded_are_graded(school, student):
    course, _ = school
    assert scores(course, student) == POINTS and (course / "autograded" / student / NAME / f"{NAME}.ipynb").exists()


@pytest.mark.parametrize("student", [*BROKEN, *REFUSED])
def test_the_end_names_who_was_not_graded_and_why(school, student):
    if student in REFUSED and os.name != "posix":
        pytest.skip("links and pipes, as Unix has them")
    course, command = school
    said, = (line for line in command.stderr.splitlines() if f"Not graded: {student}: " in line)
    assert (BROKEN[student][1] if student in BROKEN else REFUSED[student]) in said and len(said) < 400
    assert not (course / "autograded" / student).exists() or not list((course / "autograded" / student).rglob("*.ipynb"))


def test_the_list_is_the_end_and_names_nobody_else(school):
    _, command = school
    lines = command.stderr.splitlines()
    count = len(BROKEN) + (len(REFUSED) if os.name == "posix" else 0)
    assert command.returncode == 1 and f"{count} of {count + len(MENDED) + 2} not graded" in lines[-1]
    assert all("Not graded: " in line for line in lines[-1 - count:-1]) and "Traceback" not in command.stderr


def test_who_was_graded_before_keeps_that_grade(school):
    """A link that comes later is refused before anything is taken away."""
    course, _ = school
    place = course / "submitted/zoe" / NAME / f"{NAME}.ipynb"
    text = place.read_text(encoding="utf-8")
    graded = course / "autograded/zoe" / NAME / f"{NAME}.ipynb"
    try:
        place.write_text("", encoding="utf-8")
        place.rename(place.with_name("other.ipynb"))
        run = subprocess.run([sys.executable, "-m", "nbgrader", "autograde", NAME, "--student=zoe", "--force"], cwd=course,
                             timeout=300, stderr=subprocess.PIPE, text=True, check=False)
        assert run.returncode == 1 and "Not graded: zoe: there is no" in run.stderr and graded.exists()
    finally:
        place.write_text(text, encoding="utf-8")
        place.with_name("other.ipynb").unlink()


def test_feedback_is_made_for_whoever_was_mended(school):
    course, _ = school
    done = subprocess.run([sys.executable, "-m", "nbgrader", "generate_feedback", NAME, "--force"], cwd=course, timeout=300,
                          capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)
    made = {path.parent.parent.name for path in course.glob(f"feedback/*/{NAME}/{NAME}.html")}
    assert {"ada", "zoe", *MENDED} <= made, done.stderr[-2000:]
