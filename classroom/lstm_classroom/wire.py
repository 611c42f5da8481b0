"""What passes between the grader and the process that runs a student's code: records of JSON, then the bytes of their arrays."""

import io
import json
import math
import re
import sys
from collections.abc import Iterator

import numpy as np

from lstm_helpers.checking.answers import Form, Reading
from lstm_helpers.checking.running import MOST_PRINTED, Outcome
from lstm_helpers.checking.verdict import ERROR, NOT_ATTEMPTED, TOO_SLOW, TYPE, Fault

PLAIN = "fiubcU"                # kinds of dtype whose bytes say everything
DTYPE = re.compile(rf"[<>|=][{PLAIN}][1-9]\d{{0,8}}")
MOST_BYTES = 10_000_000         # of one array
MOST_TEXT = 4 * 2**20           # bytes of JSON in all records together: it grows when it is read, other than arrays
MOST_WORDS = 2000               # characters of a message
WAS = ("an array", "a list", "a tuple")
CELL_FAILED = "Its cell did not run to the end. "
OPENINGS = {    # how a message may begin that is made where the student's code runs; praise and known mistakes are made here
    ERROR: ("It stops with an error", "It calls itself without end", "Calling it fails: ", "Its cell is not Python", CELL_FAILED),
    TOO_SLOW: ("It was stopped", CELL_FAILED),
    NOT_ATTEMPTED: ("Not attempted yet. ", "Not finished yet: ", "Your notebook has nothing called `", CELL_FAILED),
    TYPE: ("Your function returns None", "This is ", "It gives ", "The dict "),
}


def dumps(record: object) -> bytes:
    """Return a record as bytes; TypeError if it holds what is no number, text, array, Fault, list, tuple or dict."""
    arrays = []
    packed = pack(record, arrays)
    text = json.dumps([packed, [[array.dtype.str, array.shape] for array in arrays]]).encode()
    return b"".join([len(text).to_bytes(8, "big"), text, *(array.tobytes() for array in arrays)])


def loads(data: bytes, most: int | None = None) -> Iterator:
    """Yield the records that `dumps` made, up to the first that is cut short or strange: anybody may have written it.

    `most` is how many bytes of JSON are read, None for all.
    """
    file, left = io.BytesIO(data), len(data) if most is None else most
    while True:
        try:
            size = int.from_bytes(exactly(file, 8), "big")
            left -= size
            packed, kinds = json.loads(exactly(file, size if left >= 0 else -1))
            record = unpack(packed, [array_in(file, *kind) for kind in kinds])
        except Exception:
            return
        yield record


def exactly(file, size):
    """Return so many bytes; ValueError if there are fewer."""
    if not 0 <= size <= len(file.getbuffer()) - file.tell():
        raise ValueError("cut short")
    return file.read(size)


def array_in(file, dtype, shape):
    """Return an array of numbers or text; ValueError, before anything is made, for objects and for more than there is."""
    if not DTYPE.fullmatch(dtype) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError(f"an array of shape {shape} and dtype {dtype}")
    kind = np.dtype(dtype)
    data = exactly(file, math.prod(shape) * kind.itemsize)
    if kind.kind == "U" and np.frombuffer(data, f"{dtype[0]}u4").max(initial=0) > sys.maxunicode:
        raise ValueError("numbers that are no letters")
    return np.ndarray(shape, kind, data)


def pack(value, arrays):
    """Return a value as JSON can hold it; its arrays are added to `arrays`, and stand as numbers in their places."""
    if type(value) in (list, tuple, dict):
        return [type(value).__name__, *(pack(entry, arrays) for entry in (value.items() if type(value) is dict else value))]
    if isinstance(value, Fault):
        return ["fault", value.kind, value.message]
    if isinstance(value, np.ndarray) and value.dtype.kind in PLAIN:
        arrays.append(value)
        return ["array", len(arrays) - 1]
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise TypeError(f"{type(value).__name__} cannot be handed to another process: cases are made of numbers, text, arrays, "
                    "lists, tuples and dicts")


def unpack(packed, arrays):
    """Return what `pack` was given."""
    if not isinstance(packed, list):
        return packed
    kind, *entries = packed
    make = {"list": list, "tuple": tuple, "dict": dict, "fault": fault_of, "array": lambda number: arrays[next(number)]}[kind]
    return make(unpack(entry, arrays) for entry in entries)


def fault_of(entries):
    """Return a Fault as it is handed over; what it may say depends on where it stands."""
    kind, message = entries
    if type(kind) is not str or type(message) is not str:
        raise ValueError("no fault")
    return Fault(kind, message[:MOST_WORDS])


def record_of(outcome: Outcome, changed: list | None) -> dict:
    """Return an Outcome, its value a Reading, as `dumps` takes it; called where the student's code runs."""
    reading = outcome.value or Reading({})
    return {"fault": outcome.fault or reading.fault, "printed": outcome.printed, "changed": changed,
            "was": reading.was, "parts": {name: plain(part) for name, part in reading.parts.items()}}


def plain(part):
    """Return a part of an answer; a Fault for an array that is too large or not plain."""
    if isinstance(part, Fault) or (part.dtype.kind in PLAIN and part.nbytes <= MOST_BYTES):
        return part
    return Fault(TYPE, f"an array of shape {part.shape}" if part.dtype.kind in PLAIN else f"of dtype {part.dtype.kind!r}")


def outcome_of(record: dict, form: Form, arguments: int) -> tuple[Outcome, list | None]:
    """Return (Outcome, which arguments changed); ValueError for what `record_of` does not make: a student's code may have."""
    fault, changed, parts = (record.get(name) for name in ("fault", "changed", "parts"))
    printed, right = str(record.get("printed"))[:MOST_PRINTED], isinstance(changed, list) and len(changed) == arguments
    if isinstance(fault, Fault) and (right or changed is None) and fault.message.startswith(OPENINGS.get(fault.kind, ())):
        return Outcome(None, fault, printed), changed
    if fault is not None or not right or not isinstance(parts, dict) or tuple(parts) != form.names:
        raise ValueError("a record without all parts")
    if not all(isinstance(part, np.ndarray) or (isinstance(part, Fault) and part.kind == TYPE) for part in parts.values()):
        raise ValueError("a part that is none")
    was = WAS[WAS.index(record.get("was"))]
    return Outcome(Reading(parts, was=was), None, printed), [one is True for one in changed]
