"""Count what was said to the graded answers of a class: which mistakes to talk about in the next lesson."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lstm_classroom.grading import grade_id
from lstm_helpers.checking import Question

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
    return shown("".join(output.get("text") or output.get("evalue", "") for output in outputs))


def shown(text: str) -> str:
    """Return a text with everything that a terminal would obey written out: a student may have put it there."""
    return "".join(letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text)


def heading(message: str, known: Iterable[str]) -> str:
    """Return the known mistake that a message begins with; of any other message its first line, without the place in the code."""
    first_line = message.split("\n")[0]
    return next((mistake for mistake in known if message.startswith(mistake)), PLACE.sub("", first_line).removesuffix(":"))
