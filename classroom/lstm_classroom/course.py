"""A course for nbgrader in a folder: its configuration, the instructor's version and the release of every assignment."""

import copy
import os
import re
import secrets
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from lstm_classroom.assignments import assignment
from lstm_classroom.grading import grade, grade_id, is_test
from lstm_helpers.checking import Question

CONFIG = '''\
"""nbgrader's settings for this course. Made once by `run.py classroom`: edit what you like."""
from lstm_classroom.nbgrader_steps import configure

c = get_config()
c.CourseDirectory.course_id = "lstm"
configure(c)    # stubs, grades given outside of the student's kernel, feedback without the hidden tests

# Where nbgrader hands out and collects: a folder that exists, on the machine that you share with your students.
# c.Exchange.root = "/srv/nbgrader/exchange"
'''
FORMER_NAME = re.compile(r"^from lstm_helpers\.classroom\.steps import", re.MULTILINE)     # as older courses have it
FAILED = "nbgrader could not make the release of {name}. Its own words:\n{words}"


class ReleaseFailed(RuntimeError):
    """nbgrader refused; the release that was there before still is."""


def prepare(folder: Path) -> None:
    """Make the folder of a course, or add what is missing; nobody but its owner may enter, for it holds the hidden tests."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / "nbgrader_config.py"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = FORMER_NAME.sub("from lstm_classroom.nbgrader_steps import", before) or CONFIG
    if after != before:
        write(folder, path.name, after)


def secret_of(folder: Path, given: str | None = None) -> str:
    """Return the text behind the seeds of all hidden tests: what is given, or what was drawn once for this course."""
    if given is not None or not (folder / "secret").exists():
        write(folder, "secret", secrets.token_hex() if given is None else given)
    return (folder / "secret").read_text(encoding="utf-8")


def write(folder: Path, place: str | Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone; half a file is never in source/, whose files students get."""
    half_written = folder / "half-written.part"
    half_written.write_text(text, encoding="utf-8", newline="\n")
    half_written.chmod(0o600)
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    os.replace(half_written, folder / place)


def build(folder: Path, path: Path, secret: str) -> NotebookNode:
    """Make source and release of one notebook's assignment, unless they are there and would be the same; return the former."""
    notebook = assignment(path, secret)
    source, text = folder / "source" / path.stem / path.name, nbformat.writes(notebook) + "\n"
    released = folder / "release" / path.stem / path.name
    if not (newer(released, source) and source.read_text(encoding="utf-8") == text):
        write(folder, source, text)
        release(folder, path.stem)
    return notebook


def newer(made: Path, source: Path) -> bool:
    """Return whether a file was made after its source; not so if the run that should have made it broke off."""
    return made.exists() and source.exists() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns


def release(folder: Path, name: str) -> None:
    """Make the students' version with nbgrader, beside the one that is there, and only then put it in its place."""
    api = nbgrader(folder)
    api.coursedir.release_directory = "release.part"
    target = folder / "release" / name
    try:
        result = api.generate_assignment(name)
        if not result["success"]:
            raise ReleaseFailed(FAILED.format(name=name, words=result.get("log") or result.get("error")))
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(exist_ok=True)
        os.replace(folder / "release.part" / name, target)
    finally:
        shutil.rmtree(folder / "release.part", ignore_errors=True)


def nbgrader(folder: Path, exchange: Path | None = None) -> NbGraderAPI:
    """Return nbgrader's programming interface for the course in a folder; `exchange` is where it hands out and collects."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ["PATH"].split(os.pathsep):     # nbgrader calls alembic by its name alone
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    if exchange is not None:
        config.Exchange.root = str(exchange)
    return NbGraderAPI(config=config)


def proof(notebook: NotebookNode, questions: dict[str, Question]) -> tuple[int, int, int]:
    """Grade the instructor's version as if it were handed in, and the untouched stubs: return the points of both and of all."""
    stubs = copy.deepcopy(notebook)
    for cell in stubs.cells:
        cell.source = questions[grade_id(cell)].stub() if grade_id(cell) in questions else cell.source
    return points(graded(notebook)), points(graded(stubs)), sum(question.points for question in questions.values())


def graded(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that has gone through `grade`."""
    handed_in = copy.deepcopy(notebook)
    grade(handed_in)
    return handed_in


def points(notebook: NotebookNode) -> int:
    """Return the points of a notebook that has been graded; nbgrader reads them in the same place."""
    values = [output["data"]["text/plain"] for cell in notebook.cells if is_test(cell) for output in cell.outputs
              if output.output_type == "execute_result"]
    return sum(map(int, values))
