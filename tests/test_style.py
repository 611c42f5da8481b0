"""Functions are short: at most 10 lines of code in the median, 30 in the longest."""

import ast
import io
import statistics
import tokenize
from pathlib import Path

import lstm_helpers

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


def all_lengths():
    return {f"{path.name}: {name}": length for path in Path(lstm_helpers.__file__).parent.rglob("*.py")
            for name, length in function_lengths(path.read_text(encoding="utf-8")).items()}


def test_the_median_function_has_at_most_ten_lines():
    assert statistics.median(all_lengths().values()) <= 10


def test_no_function_has_more_than_thirty_lines():
    assert not {name: length for name, length in all_lengths().items() if length > 30}


def test_what_counts_as_a_line():
    docstring, code = '    """One.\n\n    Two."""\n', "    y = (x +\n         1)\n    return y  # end\n"
    assert function_lengths(f"def f(x):\n{docstring}    # comment\n\n{code}") == {"f, line 1": 4}
