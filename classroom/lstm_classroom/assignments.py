"""Make an assignment for nbgrader from a notebook and its exercises: set-up, statements, answer cells, hidden tests."""

import ast
import hashlib
import importlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lstm_helpers.checking import Question

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
NOT_NEEDED = "lstm_helpers.drawing"     # takes long to import, and no exercise draws
ABOUT = """\
# Exercises: {title}

Read the notebook `{notebook}` first. Write each answer in place of `...` and run its cell: the check says at once what it finds.
Hints cost nothing.

Functions are graded with other numbers than the check uses, each in a fresh Python that runs all cells above its test from top
to bottom. Before you hand in, choose *Restart Kernel and Run All Cells*: what works then will work there."""
TEST = """\
# {name}: {points}. Graded after you hand in; there is nothing to do in this cell.
### BEGIN HIDDEN TESTS
from lstm_classroom.sandbox import run_apart
from {module} import {name}

verdict = {name}.grade({answer}, rng={seed}, runner=run_apart)
print(verdict.message)
verdict.points
### END HIDDEN TESTS"""


def questions_of(notebook: str) -> dict[str, Question]:
    """Return {name: Question} of the notebook called, say, "04_vanishing_gradients"; empty if it has no exercises."""
    try:
        module = importlib.import_module(module_of(notebook))
    except ModuleNotFoundError:
        return {}
    return {name: thing for name, thing in vars(module).items() if isinstance(thing, Question)}


def module_of(notebook: str) -> str:
    return f"lstm_helpers.exercises.{notebook.partition('_')[2]}"


def assignment(path: Path, secret: str) -> NotebookNode:
    """Return the instructor's version of an assignment as a notebook: with solutions and hidden tests.

    Parameters
    ----------
    path : of a notebook of the course that has exercises
    secret : text from which the seeds of the hidden tests are made
    """
    notebook = nbformat.read(path, as_version=4)
    title = next(line for line in notebook.cells[0].source.splitlines() if line.startswith("# ")).removeprefix("# ")
    cells = [read_only(new_markdown_cell(ABOUT.format(title=title, notebook=path.stem)), "about"),
             read_only(new_code_cell(imports(notebook)), "set-up")]
    for name, question in questions_of(path.stem).items():
        cells += [read_only(new_markdown_cell(statement(notebook, name)), f"{name}-statement"),
                  answer_cell(name, question), test_cell(path.stem, name, question, secret)]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def imports(notebook: NotebookNode) -> str:
    """Return all import statements of a notebook but those for drawing: what its exercises may take for granted."""
    lines = [ast.unparse(node) for cell in notebook.cells if cell.cell_type == "code" for node in ast.parse(cell.source).body
             if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", None) != NOT_NEEDED]
    return "\n".join(dict.fromkeys(lines))


def statement(notebook: NotebookNode, name: str) -> str:
    """Return the markdown that stands before the cell of a question."""
    number = next(number for number, cell in enumerate(notebook.cells)
                  if cell.cell_type == "code" and re.search(rf"^{name}\.check\(", cell.source, re.MULTILINE))
    return notebook.cells[number - 1].source


def read_only(cell, grade_id):
    return labelled(cell, grade_id, locked=True)


def answer_cell(name: str, question: Question) -> NotebookNode:
    """Return the cell of an answer, the solution in place of the stub."""
    _, check = question.stub().split("\n\n")
    return labelled(new_code_cell(f"### BEGIN SOLUTION\n{question.source()}\n### END SOLUTION\n\n{check}"), name, solution=True)


def test_cell(notebook: str, name: str, question: Question, secret: str) -> NotebookNode:
    """Return the cell that earns the points."""
    points = f"{question.points} point{'s' if question.points > 1 else ''}"
    text = TEST.format(name=name, points=points, module=module_of(notebook), answer=question.reference.__name__,
                       seed=seed_of(secret, notebook, name))
    return labelled(new_code_cell(text), f"{name}-test", grade=True, locked=True, points=question.points)


def seed_of(secret: str, notebook: str, name: str) -> int:
    """Return the seed of a hidden test: the same for the same secret, and nobody's guess without it."""
    return int(hashlib.sha256(f"{secret} {notebook} {name}".encode()).hexdigest()[:12], 16)


def labelled(cell, grade_id, **labels):
    """Give a cell what nbgrader wants to know, and an id that stays the same."""
    cell.id = grade_id
    cell.metadata["nbgrader"] = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3,
                                 "grade_id": grade_id, **labels}
    return cell
