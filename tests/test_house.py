"""The house in order: every room is named where a newcomer looks, and files, functions and package stay short."""

import ast
import fnmatch
import io
import re
import statistics
import tokenize
from pathlib import Path

import pytest

import lstm_helpers

from .test_imports import MAY_IMPORT

ROOT, PACKAGE = Path(__file__).resolve().parents[1], Path(lstm_helpers.__file__).parent
MOST_IN_A_FILE, MOST_IN_A_FUNCTION, MOST_IN_ALL = 320, 30, 20_000    # in all: with Part VI
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(source):
    """Return the numbers of all lines that hold code: no blank line, no comment."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {line for token in tokens if token.type not in NO_CODE for line in range(token.start[0], token.end[0] + 1)}


def function_lengths(source):
    """Return {name: lines of code} of every function and method, the docstring not counted."""
    code, lengths = lines_of_code(source), {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = code & set(range(node.lineno, node.end_lineno + 1))
            if ast.get_docstring(node) is not None:
                lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
            lengths[f"{node.name}, line {node.lineno}"] = len(lines)
    return lengths


def whole_lengths(source):
    """Return {name: lines} of every function from its `def` to its end, blank lines and comments counted, the docstring not."""
    lengths = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = node.body[0] if ast.get_docstring(node) is not None else None
            told = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
            lengths[f"{node.name}, line {node.lineno}"] = node.end_lineno - node.lineno + 1 - told
    return lengths


SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


def test_the_median_function_has_at_most_ten_lines_of_code():
    assert statistics.median(length for source in SOURCES.values() for length in function_lengths(source).values()) <= 10


def test_no_function_is_too_long():
    lengths = {f"{file}: {name}": length for file, source in SOURCES.items() for name, length in whole_lengths(source).items()}
    assert not {name: length for name, length in lengths.items() if length > MOST_IN_A_FUNCTION}


def test_no_file_is_too_long():
    lengths = {file: len(source.splitlines()) for file, source in SOURCES.items()}
    assert not {file: length for file, length in lengths.items() if length > MOST_IN_A_FILE}


def test_the_package_stays_small():
    assert sum(len(source.splitlines()) for source in SOURCES.values()) <= MOST_IN_ALL


def test_what_counts_as_a_line():
    docstring, code = '    """One.\n\n    Two."""\n', "    y = (x +\n         1)\n    return y  # end\n"
    source = f"def f(x):\n{docstring}    # comment\n\n{code}"
    assert function_lengths(source) == {"f, line 1": 4} and whole_lengths(source) == {"f, line 1": 6}


# --- rooms ---

IGNORED = [line.strip("/\n") for line in (ROOT / ".gitignore").open(encoding="utf-8") if not line.startswith("#")]


def folders(place):
    """Return the folders of a place that are ours: no environment, nothing hidden or made by tools."""
    inside = [path for path in place.iterdir() if path.is_dir() and not (path / "pyvenv.cfg").exists()]
    names = [path for path in inside if not path.name.startswith(".") and any(path.iterdir())]
    return [path for path in names if not any(fnmatch.fnmatch(name, pattern) for pattern in IGNORED
                                              for name in (path.name, path.relative_to(ROOT).as_posix()))]


def parts():
    """Return the names of the parts of lstm_helpers: folders, and modules beside them."""
    return sorted({path.name for path in folders(PACKAGE)} | {path.stem for path in PACKAGE.glob("[!_]*.py")})


def rooms():
    """Return all rooms by name: the folders of the course, those within `classroom/`, and the parts of lstm_helpers."""
    return sorted({path.name for place in (ROOT, ROOT / "classroom") for path in folders(place)} | {*parts()})


def named(text):
    """Return the names in a text that stand in code: `cells`, `tools/`, `classroom/hub/`, `lstm_helpers/files.py`."""
    return {Path(name).stem for name in re.findall(r"`([\w./]+)`", text)}


def table(file, heading):
    """Return the first column of the table under a heading of a document."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", (ROOT / file).read_text(encoding="utf-8"), re.M | re.S)[1]
    return "\n".join(re.findall(r"^\| ([^|]*)", section, re.M))


def test_the_package_says_what_each_of_its_parts_holds():
    assert set(parts()) <= named(lstm_helpers.__doc__)


@pytest.mark.parametrize("file, heading", [("README.md", "What is where"), ("CONTRIBUTING.md", "Rooms")])
def test_every_room_is_named_and_no_other(file, heading):
    assert named(table(file, heading)) == set(rooms())


def test_every_room_with_code_has_its_rule_of_imports():
    with_code = {name for name in rooms() for place in (ROOT, ROOT / "classroom", PACKAGE)
                 if any((place / name).glob("*.py")) or (place / f"{name}.py").is_file()}
    assert with_code - {"tests"} == set(MAY_IMPORT)
