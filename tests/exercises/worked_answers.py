"""What every answer to every question comes to, in few numbers.

`python -m tests.exercises.worked_answers` writes them into worked_answers.json. There a number stands as it is, an array as
[shape, its first two numbers, the sum of all, each times its place, from 1 on].
"""

import copy
import inspect
import json
import math
from pathlib import Path

import numpy as np

from lstm_helpers.checking.judging import cases_of

from .declared import questions

FILE = Path(__file__).with_suffix(".json")
SHOWN = 2               # numbers of an array
DIGITS = 8


def number(value):
    """Return a whole number, True, False or text as it is, others with eight digits, NaN and infinity as text."""
    value = value.item() if isinstance(value, np.generic) else value
    if not isinstance(value, float):
        return value
    return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else str(value)       # + 0.0: no -0.0


def brief(value):
    """Return a number, a list or an array, or several of them in a tuple or dict, in few numbers."""
    if isinstance(value, tuple):
        value = {f"entry {place}": part for place, part in enumerate(value)}
    if isinstance(value, np.ndarray) and value.dtype.kind == "c":       # NumPy 2.5 has complex eigenvalues where all are real
        value = value.real if not value.imag.any() else {"real": value.real, "imaginary": value.imag}
    if isinstance(value, dict):
        return {name: brief(part) for name, part in value.items()}
    if isinstance(value, list):
        return [brief(part) for part in value]
    if not isinstance(value, np.ndarray):
        return number(value)
    numbers = value.ravel()
    first = [list(value.shape), [number(one) for one in numbers[:SHOWN]]]
    if len(numbers) <= SHOWN:
        return first
    total = np.sum(np.nan_to_num(numbers, nan=0.5, posinf=1e9, neginf=-1e9) * np.arange(1, len(numbers) + 1))
    return [*first, number(total)]


def given(question, answer):
    """Return {case: what a right or wrong answer gives there}."""
    if question.is_value:
        return {"value": brief(answer() if callable(answer) else answer)}
    with np.errstate(all="ignore"):
        return {label: brief(answer(*copy.deepcopy(args))) for label, args in cases_of(question, 0)}


def rows(title, question):
    """Yield (what it is, what it comes to): the settings, the cases, the solution, the mistakes."""
    yield f"{title}, settings", [question.points, question.tolerance, question.names and list(question.names), question.seconds]
    if not question.is_value:
        names = inspect.signature(question.reference).parameters
        for label, args in cases_of(question, 0):
            yield f"{title}, case: {label}", brief(dict(zip(names, args, strict=True)))
    yield f"{title}, solution", given(question, question.reference)
    for place, mistake in enumerate(question.mistakes, 1):
        yield f"{title}, mistake {place}", given(question, mistake)


def worked():
    """Return the rows of all questions."""
    return dict(row for title, question in questions().items() for row in rows(title, question))


def stored():
    return json.loads(FILE.read_text(encoding="utf-8"))


def alike(one, other):
    """Return True if two entries of the table agree, numbers to one part in a million."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12) if isinstance(one, float) else one == other


def differences(then, now, place=""):
    """Yield where two rows, or two tables, are not alike, and what stands there."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then | now:
            yield from differences(then.get(name, "nothing"), now.get(name, "nothing"), f"{place} / {name}" if place else name)
    elif not alike(then, now):
        yield f"{place}\n  in the table: {then}\n  found:        {now}"


def write():
    """Write the table, one row a line; a row that agrees stays as it stands."""
    old = stored() if FILE.exists() else {}
    table = {key: row if any(differences(old.get(key), row)) else old[key] for key, row in worked().items()}
    lines = (f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(row, ensure_ascii=False)}" for key, row in table.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
