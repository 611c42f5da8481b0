"""The source of a solution as a learner reads it: plain Python that runs in the notebook."""

import ast
import importlib
import inspect
import textwrap
from types import FunctionType

PACKAGES = ("lstm_helpers.cells", "lstm_helpers.learning", "lstm_helpers.sequences", "lstm_helpers.drawing")


def function_source(function: FunctionType) -> str:
    """Return the text of a function without decorators, and the imports that it needs besides NumPy."""
    text, tree = parsed(function)
    lines = text.splitlines()[tree.lineno - 1:tree.end_lineno]
    return "\n".join([*import_lines(function), *lines])


def value_source(function: FunctionType) -> str:
    """Return the body of a function without arguments, `return value` turned into `name = value`."""
    text, tree = parsed(function)
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    lines = text.splitlines()[:body[-1].end_lineno]
    lines[body[-1].lineno - 1] = lines[body[-1].lineno - 1].replace("return", f"{function.__name__} =", 1)
    return "\n".join([*import_lines(function), textwrap.dedent("\n".join(lines[body[0].lineno - 1:]))])


def parsed(function: FunctionType) -> tuple[str, ast.FunctionDef]:
    text = textwrap.dedent(inspect.getsource(function))
    return text, ast.parse(text).body[0]


def import_lines(function: FunctionType) -> list[str]:
    """Return the lines that import what a solution uses; NumPy is in every set-up cell."""
    lines = [import_line(name) for name in names_needed(function) if name != "np"]
    return [*lines, "", ""] if lines else []


def names_needed(function: FunctionType) -> list[str]:
    """Return the names that a function takes from its module, sorted."""
    names = {node.id for node in ast.walk(parsed(function)[1]) if isinstance(node, ast.Name)}
    return sorted(names & function.__globals__.keys())


def import_line(name: str) -> str:
    for package in PACKAGES:
        if name in importlib.import_module(package).__all__:
            return f"from {package} import {name}"
    raise ValueError(f"{name} is in none of {', '.join(PACKAGES)}; a solution uses only NumPy and their public names")


def stub(question: str, function: FunctionType, is_value: bool) -> str:
    """Return the cell of a notebook that asks a question."""
    name = function.__name__
    start = f"{name} = ..." if is_value else f"def {name}{inspect.signature(function)}:\n    ..."
    return f"{start}\n\n{question}.check({name})\n# {question}.hint()\n# {question}.solution()"
