"""What passes between the grader and the process that runs a student's code: JSON, and arrays as bytes. Nothing is unpickled."""

import base64

import numpy as np

from lstm_helpers.checking.answers import Form, Reading
from lstm_helpers.checking.running import MOST_PRINTED, Outcome
from lstm_helpers.checking.verdict import CORRECT, KINDS, TYPE, Fault

PLAIN = "fiubcU"                # kinds of dtype whose bytes say everything
MOST_BYTES = 10_000_000         # of one array
MOST_WORDS = 2000               # characters of a message


def pack(value):
    """Return a value as JSON can hold it; TypeError if it is no number, text, array, list, tuple or dict."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in PLAIN:
        return {"array": [value.dtype.str, list(value.shape), base64.b64encode(value.tobytes()).decode()]}
    if type(value) in (list, tuple):
        return {type(value).__name__: [pack(entry) for entry in value]}
    if type(value) is dict:
        return {"dict": [[pack(key), pack(entry)] for key, entry in value.items()]}
    raise TypeError(f"{type(value).__name__} cannot be handed to another process: cases are made of numbers, text, arrays, "
                    "lists, tuples and dicts")


def unpack(packed):
    """Return what `pack` was given."""
    if not isinstance(packed, dict):
        return packed
    (kind, content), = packed.items()
    if kind == "array":
        return unpack_array(*content)
    if kind == "dict":
        return {unpack(key): unpack(entry) for key, entry in content}
    return {"list": list, "tuple": tuple}[kind](map(unpack, content))


def unpack_array(dtype, shape, text):
    dtype = np.dtype(dtype)
    if dtype.kind not in PLAIN:
        raise ValueError(f"an array of kind {dtype.kind!r}")
    return np.ndarray(shape, dtype, buffer=bytearray(base64.b64decode(text)))


def pack_outcome(outcome, changed):
    """Return an Outcome, its value a Reading, as JSON can hold it; called where the student's code runs."""
    reading = outcome.value or Reading({})
    return {"fault": pack_fault(outcome.fault or reading.fault), "printed": outcome.printed, "changed": changed,
            "from_list": reading.from_list, "parts": [[name, pack_part(part)] for name, part in reading.parts.items()]}


def pack_fault(fault):
    return fault and [fault.kind, fault.message]


def pack_part(part):
    """Return an array as `pack` does, or {"fault": …}; what is too large or no plain array becomes a fault."""
    if isinstance(part, Fault):
        return {"fault": pack_fault(part)}
    if part.dtype.kind in PLAIN and part.nbytes <= MOST_BYTES:
        return pack(part)
    what = f"an array of shape {part.shape}" if part.dtype.kind in PLAIN else f"of dtype {part.dtype.kind!r}"
    return {"fault": [TYPE, what]}


def unpack_outcome(record, form, arguments):
    """Return (Outcome, which arguments changed); ValueError for a record that is not as `pack_outcome` writes it.

    The student's code may have written the record, so nothing in it is trusted: a fault is never "correct".
    """
    try:
        printed, changed = str(record["printed"])[:MOST_PRINTED], record["changed"] and [one is True for one in record["changed"]]
        if record["fault"]:
            return Outcome(None, unpack_fault(*record["fault"]), printed), changed
        parts = {name: unpack_part(part) for name, part in record["parts"]}
    except Exception as error:
        raise ValueError("a record that cannot be read") from error
    if tuple(parts) != form.names or changed is None or len(changed) != arguments:
        raise ValueError("a record without all parts")
    return Outcome(Reading(parts, from_list=record.get("from_list") is True), None, printed), changed


def unpack_fault(kind, message):
    if kind not in KINDS or kind == CORRECT:
        raise ValueError(f"{kind!r} is no kind of fault")
    return Fault(kind, str(message)[:MOST_WORDS])


def unpack_part(part):
    return unpack_fault(*part["fault"]) if "fault" in part else unpack_array(*part["array"])


def pack_job(args, form):
    return [[pack(value) for value in args], form.kind, list(form.names)]


def unpack_job(args, kind, names):
    """Return (args, Form) for `lstm_helpers.checking.judging.outcomes`."""
    return tuple(map(unpack, args)), Form(kind, tuple(names))
