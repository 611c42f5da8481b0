"""Records cross from a student's process to the grader: forged, torn or swollen ones earn nothing and cost little."""

import json
import pickle
import tracemalloc

import numpy as np
import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import sandbox, wire
from lstm_classroom.sandbox import Answer, Submission, run_apart
from lstm_classroom.wire import dumps, loads

from lstm_helpers.checking import Question
from lstm_helpers.checking.answers import Form
from lstm_helpers.checking.verdict import Fault
from lstm_helpers.exercises.vanishing_gradients import q1

ONE = np.zeros(1)
GOOD = {"fault": None, "printed": "", "changed": [False] * 3, "was": "an array", "parts": {"": ONE}}


def packed_fault(kind):
    """Return a fault that says what no worker says; `dumps` writes it, for it knows no better."""
    return Fault(kind, "Correct.")


RECORDS = {
    "correct": {**GOOD, "fault": packed_fault("correct")},
    "correct, no changes": {**GOOD, "fault": packed_fault("correct"), "changed": None},
    "correct in words": {**GOOD, "fault": "correct"},
    "correct in an array": {**GOOD, "fault": packed_fault(np.array("correct"))},
    "error in an array": {**GOOD, "fault": packed_fault(np.array("error"))},
    "praise as an error": {**GOOD, "fault": Fault("error", "Correct.")},
    "a known mistake as an error": {**GOOD, "fault": Fault("error", next(iter(q1.mistakes.values())))},
    "a sentence of its own": {**GOOD, "fault": Fault("type", "Ada cheats.")},
    "an opening of another kind": {**GOOD, "fault": Fault("too slow", "It gives")},
    "a known mistake": {**GOOD, "fault": Fault("mistake", "It stops with an error")},
    "words about its form": {**GOOD, "was": "an array. Ada cheats"},
    "praise in a part": {**GOOD, "parts": {"": Fault("mistake", "Correct.")}},
    "verdict": {**GOOD, "fault": ("correct", "Correct.")},
    "no parts": {**GOOD, "parts": {}},
    "true": {**GOOD, "parts": {"": True}},
    "true in a list": {**GOOD, "parts": [("", True)]},
    "wrong part": {**GOOD, "parts": {"x": ONE}},
    "part too many": {**GOOD, "parts": {"": ONE, "x": ONE}},
    "fault in part": {**GOOD, "parts": {"": packed_fault("correct")}},
    "few changed": {**GOOD, "changed": []},
    "unknown kind": {**GOOD, "fault": packed_fault("splendid")},
    "strange": {"fault": 7, "printed": [], "changed": 3, "parts": 5},
    "strange cells": {"cell": [1], "ran": {}, "parts": None},
    "strange cell": {"cell": 1, "ran": [], "kind": {}, "called": 1, "end": 1, "parts": [[[], {}]]},
    "arrays everywhere": {name: np.ones(3) for name in ("cell", "ran", "kind", "called", "end", "parts", "fault", "changed")},
}


@pytest.mark.parametrize("name", [*RECORDS, "none", "too few"])
def test_a_forged_report_earns_nothing(name, monkeypatch):
    """Whatever a student's process manages to write, it can only lose."""
    monkeypatch.setattr(wire, "pack", forging(wire.pack))
    written = {"none": [], "too few": [GOOD]}.get(name, [RECORDS.get(name)] * 9)
    for first, death in ({"called": True}, None), ({"cell": 1}, sandbox.ENDED):
        records = sandbox.records_in(b"".join(map(dumps, [first, *written])), 99)
        monkeypatch.setattr(sandbox, "talk", lambda job, seconds, told=(records, death): told)
        found = q1.grade(Answer(Submission({1: q1.source()}), "gradient_lengths", 1, 2), 7, run_apart)
        assert found.points == 0
        assert name == "too few" or found.message in (sandbox.UNREADABLE.message, sandbox.ENDED.message)


def forging(pack):
    """Return `pack`, but for the kind of a fault, which may be anything."""
    def packed(value, arrays):
        return ["fault", pack(value.kind, arrays), value.message] if isinstance(value, Fault) else pack(value, arrays)
    return packed


def test_the_forgeries_are_refused_for_what_is_forged_in_them():
    """The record that they are made of is a good one, but for its number."""
    outcome, changed = wire.outcome_of(GOOD, Form("array"), 3)
    assert outcome.value.parts[""] is ONE and outcome.value.was == "an array" and changed == [False] * 3


def record(packed, *kinds, data=b""):
    """Return what `dumps` makes of a packed record; its arrays are what is claimed in kinds, and data their bytes."""
    text = packed if isinstance(packed, bytes) else json.dumps([packed, kinds]).encode()
    return len(text).to_bytes(8, "big") + text + data


ARRAY = ["dict", ["tuple", "parts", ["array", 0]]]
STRANGE = {
    "objects": record(ARRAY, ["|O", [1]], data=pickle.dumps(Question)),
    "huge": record(ARRAY, ["<f8", [10**9] * 9], data=bytes(8)),
    "large": record(ARRAY, ["<f8", [10**9]], data=bytes(8)),
    "many of nothing": record(ARRAY, ["<U0", [10**12]]),
    "negative": record(ARRAY, ["<f8", [-1, -1]], data=bytes(8)),
    "fractions": record(ARRAY, ["<f8", [1.5]], data=bytes(8)),
    "short": record(ARRAY, ["<f8", [4]], data=bytes(8)),
    "records": record(ARRAY, ["f8,f8", [1]], data=bytes(16)),
    "dates": record(ARRAY, ["<M8[s]", [1]], data=bytes(8)),
    "no letters": record(ARRAY, ["<U1", [1]], data=b"\xff" * 4),
    "a pickle": record(b"cos\nsystem\n(S'true'\ntR."),
    "no number": record(ARRAY),
    "a number that is none": record(["dict", ["tuple", "parts", ["array", "0"]]], ["<f8", [1]], data=bytes(8)),
    "deep": record(b"[" * 100_000),
    "a list in a dict": record(["dict", ["tuple", ["list"], 1]]),
    "no such kind": record(["eval", "1"]),
    "an empty list": record([]),
    "a long number": record(b"9" * 100_000),
    "no JSON": record(b"12345 6"),
    "cut short": dumps({"parts": np.ones(3)})[:-10],
    "longer than there is": b"\xff" * 8 + b"{}",
    "much text": record(b'["' + b"x" * wire.MOST_TEXT + b'", []]'),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_record_that_is_none_of_ours_ends_the_records_and_loads_nothing(name, monkeypatch):
    """The one before it counts; nothing is pickled, and nothing takes more memory than what was written."""
    monkeypatch.setattr(pickle, "load", lambda *args, **kwargs: pytest.fail("unpickled"))
    after = b"" if "short" in name else dumps({"cell": 2})      # what is too short would take its bytes from there
    tracemalloc.start()
    try:
        assert list(loads(dumps({"cell": 1}) + STRANGE[name] + after, wire.MOST_TEXT)) == [{"cell": 1}]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * len(STRANGE[name]) + 2_000_000


@pytest.mark.parametrize("one", [dumps({}), dumps([[[]] * 1000]), dumps([[[]] * 500_000]), dumps([np.zeros(1000)])],
                         ids=["empty", "of lists", "of many lists", "of numbers"])
def test_a_flood_of_records_costs_little(one):
    """Sixty-four megabytes of empty records once cost three gigabytes, thirty-two of lists 700 MB."""
    data = one * (sandbox.MOST_READ // len(one))
    tracemalloc.start()
    try:
        found = sandbox.records_in(data, 50)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) <= 50 and most < 200_000_000


@pytest.mark.parametrize("text", ["", "é", "a" * 1000, "\0", "🙂"])
def test_text_and_numbers_cross_over_as_they_are(text):
    arrays = {"x": np.arange(6).reshape(2, 3)[:, ::-1], (1, "b"): np.array(text)}
    record = {"a": [text, (1, 2.5, -3, float("inf"), True, None)], 3: arrays}
    (found,) = loads(dumps(record))
    assert found["a"] == record["a"] and list(found) == list(record) and list(found[3]) == list(record[3])
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[3][name], array, strict=True)
