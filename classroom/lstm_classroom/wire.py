"""What passes between the grader and the process that runs a student's code: .npz files, each a record in JSON and its arrays."""

import io
import json
import math
import zipfile
from collections.abc import Iterator

import numpy as np

from lstm_helpers.checking.answers import Form, Reading
from lstm_helpers.checking.running import MOST_PRINTED, Outcome
from lstm_helpers.checking.verdict import CORRECT, KINDS, TYPE, Fault

PLAIN = "fiubcU"                # kinds of dtype whose bytes say everything
MOST_BYTES = 10_000_000         # of one array
MOST_WORDS = 2000               # characters of a message


def dumps(record: object) -> bytes:
    """Return a record as bytes; TypeError if it holds what is no number, text, array, Fault, list, tuple or dict."""
    arrays, file = [], io.BytesIO()
    np.savez(file, json.dumps(pack(record, arrays)), *arrays)
    return file.tell().to_bytes(8, "big") + file.getvalue()


def loads(data: bytes) -> Iterator:
    """Yield the records that `dumps` made, up to the first that is cut short or strange: anybody may have written it."""
    file = io.BytesIO(data)
    while length := file.read(8):
        try:
            with zipfile.ZipFile(io.BytesIO(file.read(int.from_bytes(length, "big")))) as archive:
                text, *arrays = arrays_in(archive, len(data))
            yield unpack(json.loads(text.item()), arrays)
        except Exception:
            return


def arrays_in(archive, most):
    """Yield the arrays of an .npz; ValueError, before it is loaded, for what is compressed, pickled or larger than all data."""
    entries = archive.infolist()
    if any(entry.compress_type for entry in entries) or sum(entry.file_size for entry in entries) > most:
        raise ValueError("an archive that grows")
    for entry in entries:
        with archive.open(entry) as file:
            np.lib.format.read_magic(file)
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            if dtype.kind not in PLAIN or min(shape, default=0) < 0 or math.prod(shape) * max(dtype.itemsize, 1) > most:
                raise ValueError(f"an array of shape {shape} and dtype {dtype}")
            file.seek(0)
            yield np.load(file, allow_pickle=False)


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
    """Return a Fault; ValueError for one that is none, "correct" above all."""
    kind, message = entries
    if type(kind) is not str or kind not in KINDS or kind == CORRECT:
        raise ValueError(f"{kind!r} is no kind of fault")
    return Fault(kind, str(message)[:MOST_WORDS])


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
    if isinstance(fault, Fault) and (right or changed is None):
        return Outcome(None, fault, printed), changed
    if fault is not None or not right or not isinstance(parts, dict) or tuple(parts) != form.names:
        raise ValueError("a record without all parts")
    if not all(isinstance(part, np.ndarray | Fault) for part in parts.values()):
        raise ValueError("a part that is none")
    return Outcome(Reading(parts, was=str(record.get("was"))[:MOST_WORDS]), None, printed), [one is True for one in changed]
