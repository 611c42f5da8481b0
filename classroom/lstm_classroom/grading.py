"""Run the test cells of a submission here, and the student's cells in the sandbox: neither can reach into the other."""

import ast
import builtins
import contextlib
import io
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lstm_classroom.plain_text import clean
from lstm_classroom.sandbox import Answer, Submission


def grade(notebook: NotebookNode) -> None:
    """Run every test cell of a submitted notebook and put what it finds in its outputs; they hold the points for nbgrader.

    The test cells must be the teacher's own: `MendSubmission` and nbgrader's `OverwriteCells` see to that.
    """
    tests = {number: cell for number, cell in enumerate(notebook.cells) if is_test(cell)}
    cells = {number: cell.source for number, cell in enumerate(notebook.cells)
             if cell.cell_type == "code" and number not in tests}
    submission = Submission(cells)
    for number, cell in tests.items():
        name = grade_id(cell).removesuffix("-test")
        own = next((place for place in cells if grade_id(notebook.cells[place]) == name), None)
        cell.outputs = outputs_of(cell.source, lambda answer, own=own, end=number: Answer(submission, answer, own, end))
        cell.execution_count = None


def is_test(cell: NotebookNode) -> bool:
    labels = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and labels.get("grade", False) and not labels.get("solution", False)


def grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def outputs_of(test: str, answer_called: Callable[[str], Answer]) -> list[NotebookNode]:
    """Run a test cell and return its outputs as a notebook holds them: what it prints, then its value or its error.

    Names that the test takes for granted are the student's: they stand for `answer_called(name)`.
    """
    tree, printed = ast.parse(test), io.StringIO()
    namespace = {"__name__": "__main__", **{name: answer_called(name) for name in names_wanted(tree)}}
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, "<test>", "exec"), namespace)
            value = last and eval(compile(ast.Expression(last.value), "<test>", "eval"), namespace)
    except Exception as error:
        name, words = type(error).__name__, clean(str(error))
        return [new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"])]
    stream = [new_output("stream", name="stdout", text=clean(printed.getvalue()))] if printed.getvalue() else []
    return stream + [new_output("execute_result", data={"text/plain": repr(value)}) for _ in [0] if value is not None]


def names_wanted(tree: ast.AST) -> set[str]:
    """Return the names that a test reads and nobody has given it."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    given = {node.id for node in names if not isinstance(node.ctx, ast.Load)} | set(vars(builtins))
    given |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    given |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    given |= {(alias.asname or alias.name).split(".")[0] for node in ast.walk(tree)
              if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return {node.id for node in names} - given
