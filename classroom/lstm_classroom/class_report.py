"""Count what was said to the graded answers of a class: which mistakes to talk about in the next lesson."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lstm_classroom.grading import grade_id
from lstm_classroom.plain_text import clean, one_line
from lstm_helpers.checking import Question

MOST_WORDS = 200        # characters of a message that quotes what a student wrote
PLACE = re.compile(r" in line \d+(: `.*`)?")


def graded(folder: Path, name: str) -> list[NotebookNode]:
    """Return what nbgrader has graded of an assignment, a notebook for each student."""
    return [nbformat.read(path, as_version=4) for path in sorted(folder.glob(f"autograded/*/{name}/{name}.ipynb"))]


def waiting(folder: Path, name: str) -> list[str]:
    """Return the students whose work was handed in and not graded, or could not be."""
    handed_in, done = ({path.parent.name for path in folder.glob(f"{step}/*/{name}")} for step in ("submitted", "autograded"))
    return sorted(handed_in - done)


def count(notebooks: list[NotebookNode], questions: dict[str, Question]) -> dict[str, Counter]:
    """Return {name of a question: Counter of what was said to the answers}, from graded notebooks and {name: Question}."""
    return {name: Counter(heading(said(notebook, name), question.mistakes.values()) for notebook in notebooks)
            for name, question in questions.items()}


def said(notebook: NotebookNode, name: str) -> str:
    """Return what the test of a question printed."""
    outputs = [output for cell in notebook.cells if grade_id(cell) == f"{name}-test" for output in cell.outputs]
    return clean("".join(output.get("text") or output.get("evalue", "") for output in outputs))


def heading(message: str, known: Iterable[str]) -> str:
    """Return the known mistake that a message begins with; of any other message its first line, without the place in the code."""
    of_its_own = one_line(PLACE.sub("", message.split("\n")[0]), MOST_WORDS).removesuffix(":")
    return next((mistake for mistake in known if message.startswith(mistake)), of_its_own)
