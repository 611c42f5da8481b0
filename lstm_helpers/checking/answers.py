"""Read what a learner's function returned: one array, or several by name."""

import itertools
import numbers
import types
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lstm_helpers.checking.verdict import NOT_ATTEMPTED, NOT_FINITE, SHAPE, TYPE, Fault

COPIED_UP_TO = 10_000_000           # entries; a larger array is of the wrong shape anyway
REMEDIES = {types.NoneType: "None", np.ndarray: "an array", types.GeneratorType: "a generator: use return, not yield",
            types.CoroutineType: "a coroutine: write def without async",
            types.AsyncGeneratorType: "an asynchronous generator: write def without async, and return",
            types.FunctionType: "a function"}
Part = np.ndarray | Fault
NEEDED = {"f": "real numbers", "b": "True or False", "U": "text"}


@dataclass(frozen=True)
class Form:
    """What an answer looks like: one array ("array"), or several by name in a dict or a tuple."""

    kind: str
    names: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Reading:
    """An answer by parts, each an array or a Fault; or no part, and the fault of the whole."""

    parts: dict[str, Part]
    fault: Fault | None = None
    was: str = "an array"


def form_of(value: object, names: tuple[str, ...] | None = None) -> Form:
    """Return the form of a reference's value; `names` are those of the entries of a tuple."""
    if isinstance(value, dict):
        return Form("dict", tuple(value))
    if isinstance(value, tuple):
        return Form("tuple", tuple(names or (f"entry {number}" for number in range(len(value)))))
    return Form("array")


def read(value: object, form: Form) -> Reading:
    """Return the Reading of anything that a learner may return. Runs the learner's code (`__array__`): call within `run`."""
    if contains_dots(value):
        return Reading({}, Fault(NOT_ATTEMPTED, "Not finished yet: there is still a `...` in it."))
    if value is None:
        return Reading({}, Fault(TYPE, "Your function returns None: is a `return` missing at its end?"))
    if form.kind == "array":
        kinds = [kind for kind in (list, tuple) if issubclass(type(value), kind)]
        return Reading({"": to_array(value)}, was=f"a {kinds[0].__name__}" if kinds else "an array")
    if form.kind == "dict":
        return read_dict(value, form)
    return read_tuple(value, form)


def read_dict(value: object, form: Form) -> Reading:
    if not issubclass(type(value), dict):
        return Reading({}, Fault(TYPE, f"It gives {name_of(value)}; it needs a dict with {listed(form.names)}."))
    entries = dict(dict.items(value))
    missing = [name for name in form.names if name not in entries]
    surplus = [str(key)[:30] for key in entries if type(key) is not str or key not in form.names]
    if missing or surplus:
        words = [f"lacks {listed(missing)}"] if missing else []
        words += [f"has {listed(surplus)} besides"] if surplus else []
        return Reading({}, Fault(TYPE, f"The dict {' and '.join(words)}; it needs {listed(form.names)}."))
    return Reading({name: to_array(entries[name]) for name in form.names})


def read_tuple(value: object, form: Form) -> Reading:
    count = len(form.names)
    if type(value) is np.ndarray and value.shape[:1] == (count,):       # as good as a list of them
        value = list(value)
    if not issubclass(type(value), (tuple, list)):
        return Reading({}, Fault(TYPE, f"It gives {name_of(value)}; it needs {count} values: {listed(form.names)}."))
    entries = list(itertools.islice(iter(value), count + 1))
    if len(entries) != count:
        found = len(entries) if len(entries) < count else f"more than {count}"
        values = "value" if found == 1 else "values"
        return Reading({}, Fault(TYPE, f"It gives {found} {values}; it needs {count}: {listed(form.names)}."))
    return Reading(dict(zip(form.names, map(to_array, entries), strict=True)))


def contains_dots(value: object) -> bool:
    if type(value) is dict:
        value = tuple(value.values())
    return value is Ellipsis or (type(value) in (list, tuple) and any(entry is Ellipsis for entry in value[:1000]))


def to_array(value: object) -> Part:
    """Return a plain array that no one else holds, or a Fault of type TYPE."""
    kind = type(value)
    if issubclass(kind, str):
        return np.array(str.strip(value).casefold())
    arraylike = issubclass(kind, (np.ndarray, np.generic, numbers.Number, list, tuple)) or hasattr(kind, "__array__")
    if not arraylike or issubclass(kind, type):
        return Fault(TYPE, name_of(value))
    try:
        array = np.asarray(value)
    except ValueError:
        return Fault(TYPE, f"{name_of(value)} whose entries differ in shape")
    return array.copy() if array.size <= COPIED_UP_TO else array


def name_of(value: object) -> str:
    """Name what a thing is, without asking the thing."""
    kind = type(value)
    name = type.__dict__["__name__"].__get__(kind)
    known = [words for other, words in REMEDIES.items() if other is kind]      # a dict would ask the type for its hash
    return known[0] if known else f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def fault_of(array: Part, expected: np.ndarray, name: str) -> Fault | None:
    """Return what is wrong with a part before its numbers are compared, or None."""
    whole = name or "It"
    form = f"an array of shape {expected.shape}" if expected.ndim else {"U": "text", "b": "True or False"}.get(
        expected.dtype.kind, "a number")
    if isinstance(array, Fault):
        return Fault(TYPE, f"{whole} is {array.message}" + ("." if ":" in array.message else f"; it needs to be {form}."))
    if family(array) != family(expected):
        return Fault(TYPE, f"{whole} holds {held(array)}; it needs {NEEDED[family(expected)]}.")
    if array.shape != expected.shape:
        if family(expected) == "U" and not expected.ndim:
            return Fault(SHAPE, f"{whole} holds {array.size} texts; it needs a single one.")
        return Fault(SHAPE, f"{whole} has shape {array.shape}; it needs {expected.shape or 'a single number, shape ()'}.")
    if family(array) == "f" and np.isfinite(expected).all() and not np.isfinite(array).all():
        return not_finite(array, whole)
    return None


def not_finite(array: np.ndarray, whole: str) -> Fault:
    first = np.argwhere(~np.isfinite(array))[0]
    what = "NaN" if np.isnan(array[tuple(first)]) else "infinity"
    where = f" at {first.tolist()}" if array.ndim else ""
    return Fault(NOT_FINITE, f"{whole} holds {what}{where}. Is something divided by 0, or does it grow without limit?")


def family(array: np.ndarray) -> str:
    return "f" if array.dtype.kind in "fiu" else array.dtype.kind


def held(array: np.ndarray) -> str:
    return {"c": "complex numbers", "O": "Python objects (dtype object)", "b": "True or False", "U": "text",
            "f": "numbers"}.get(family(array), f"values of dtype {array.dtype.kind!r}")


def listed(names: Iterable) -> str:
    """Return "a, b and c"."""
    *others, last = map(str, names)
    return f"{', '.join(others)} and {last}" if others else last


def close(array: np.ndarray, expected: np.ndarray, tolerance: float) -> np.ndarray:
    """Return where two arrays of one shape agree: within `tolerance`, or that part of a number above 1."""
    if family(expected) != "f":
        return array == expected
    near = np.abs(array - expected) <= tolerance * np.maximum(1, np.abs(expected))
    return (near & np.isfinite(expected)) | (array == expected) | (np.isnan(array) & np.isnan(expected))


def same(reading: Reading, other: Reading, tolerance: float) -> bool:
    """Return True if two readings agree in every part, shapes included."""
    if reading.parts.keys() != other.parts.keys():
        return False
    return all(same_array(array, other.parts[name], tolerance) for name, array in reading.parts.items())


def same_array(array: Part, expected: Part, tolerance: float) -> bool:
    if isinstance(array, Fault) or isinstance(expected, Fault):
        return False
    alike = array.shape == expected.shape and family(array) == family(expected)
    return bool(alike and np.all(close(array, expected, tolerance)))
