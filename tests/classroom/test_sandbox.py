"""Answers graded in a process of their own: whatever their code does, there is a verdict, and never an undeserved one."""

import dataclasses
import io
import itertools
import os
import pickle
import signal
import time
import tracemalloc
import zipfile

import numpy as np
import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import sandbox, wire
from lstm_classroom.sandbox import Answer, Submission, run_apart
from lstm_classroom.wire import dumps, loads

from lstm_helpers.checking import Question
from lstm_helpers.checking.answers import Form
from lstm_helpers.checking.verdict import KINDS, Fault
from lstm_helpers.exercises.vanishing_gradients import q1

pytestmark = pytest.mark.slow                           # every verdict starts a Python of its own


def verdict(*cells, own=None, question=q1, name="gradient_lengths", rng=7, submission=None):
    cells = ("import numpy as np\nfrom lstm_helpers.exercises.vanishing_gradients import q1", *cells)
    submission = submission or Submission(dict(enumerate(cells)))
    return question.grade(Answer(submission, name, len(cells) - 1 if own is None else own, len(cells)), rng, run_apart)


def only_where(function, attempt):
    """Return an attempt to be made where `os` has the function: Windows does not know what is tried."""
    return pytest.param(attempt, marks=pytest.mark.skipif(not hasattr(os, function), reason=f"Windows has no os.{function}"))


def body(*lines):
    return "\n    ".join(["def gradient_lengths(dh_last, W_h, h):", *lines])


@pytest.fixture
def impatient(monkeypatch):
    """Half a second for a cell, three for the process besides the question's five, and no more than twenty processes."""
    talk, numbers = sandbox.talk, itertools.count(1)
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    monkeypatch.setattr(sandbox, "PATIENCE", 3)
    monkeypatch.setattr(sandbox, "talk", lambda *job: talk(*job) if next(numbers) <= 20 else pytest.fail("a 21st process"))


def test_the_solution_is_correct_and_so_it_is_among_magic_helpers_and_its_own_check():
    helper = q1.source().replace("gradient_lengths", "helper")
    answer = "%matplotlib inline\n!ls\ngradient_lengths = helper\nq1.check(gradient_lengths)\nx = get_ipython().user_ns"
    assert verdict(helper, answer).points == 3


@pytest.mark.parametrize("place", range(len(q1.mistakes)))
def test_a_mistake_is_known_as_in_the_notebook(place):
    wrong, words = list(q1.mistakes.items())[place]
    source = ("import importlib, sys\ndel sys.modules['lstm_helpers.exercises.vanishing_gradients']\n"
              "module = importlib.import_module('lstm_helpers.exercises.vanishing_gradients')\n"
              f"gradient_lengths = list(module.q1.mistakes)[{place}]")
    assert verdict(source).message == words == q1.grade(wrong, 7).message


@pytest.mark.parametrize(("cell", "kind", "words"), [
    (body("..."), "not attempted", "Not attempted yet"),
    ("x = 1", "not attempted", "Your notebook has nothing called `gradient_lengths`"),
    ("gradient_lengths = 3", "type", "hand over the function itself: q1.check(gradient_lengths)"),
    (body("return [1"), "error", "Its cell is not Python in line 2: `return [1`"),
    ("x = '\0'", "error", "Its cell is not Python"),
    ("(" * 5000 + ")" * 5000, "error", "Its cell is not Python"),
    ("-" * 100_000 + "1", "error", "Its cell is not Python"),              # no SyntaxError, but too deep for the parser
    ("x = 1 / 0", "error", "Its cell did not run to the end. It stops with an error in line 1: `x = 1 / 0`:\n"
                           "  ZeroDivisionError: division by zero$"),
    ("import sys\nsys.exit()", "error", "SystemExit"),
    ("import os\nos._exit(0)", "error", "Python itself ended"),
    pytest.param("import signal\nsignal.raise_signal(signal.SIGKILL)", "error", "Python itself ended",
                 marks=pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")),
    (body("import os", "os._exit(0)"), "error", "Python itself ended"),
    (body("return gradient_lengths(dh_last, W_h, h)"), "error", "It calls itself without end in line 2"),
    (body("return input('the answer?')"), "error", "EOFError"),
    (body("return h.no_such_thing()"), "error", "In the case \"one unit, four steps\": dh_last = "),
    (body("return np.zeros(len(h) - 1)"), "shape", "It has shape (3,); it needs (4,)."),
    (body("return np.array([None] * (len(h)))"), "type", "It is of dtype 'O'; it needs to be"),
    (body("return np.zeros(len(h), 'f8,f8')"), "type", "It is of dtype 'V'; it needs to be"),
    (body("return np.broadcast_to(0.0, (10**6, 10**6))"), "type", "It is an array of shape (1000000, 1000000)"),
    (body("return np.zeros((0, 5))"), "shape", "It has shape (0, 5)"),
    (body("return np.full(len(h), np.nan)"), "not finite", "It holds NaN at [0]"),
    (body("return 'Correct.'"), "type", "It holds text"),
    (body("W_h += 1", "return np.zeros(len(h))"), "different", "changes its argument W_h in place"),
    (body("print('x' * 10**7)", "return np.zeros(len(h))"), "different", "expected [0]: 2"),
    ("gradient_lengths = q1.reference", "error", "has no attribute 'reference'"),
    (q1.source().replace("gradient_lengths", "Gradient_lengths"), "not attempted", "nothing called `gradient_lengths`"),
])
def test_what_is_said(cell, kind, words):
    found = verdict(cell)
    assert (found.kind, found.points) == (kind, 0) and words in found.message + "$" and len(found.message) < 1000


@pytest.mark.parametrize("cell", [
    body("while True: pass"), "while True: pass", "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
    "x = sum(range(10**12))", body("return sum(range(10**12))"), "import time\ntime.sleep(1000)",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\ntime.sleep(1000)"])
def test_what_does_not_end_is_stopped(cell, impatient):
    start = time.monotonic()
    found = verdict(cell, question=dataclasses.replace(q1, seconds=1))
    assert (found.kind, found.points) == ("too slow", 0) and "Does every loop come to an end?" in found.message
    assert time.monotonic() - start < 20


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no alarm: there the whole process is ended")
def test_an_endless_cell_is_stopped_alone_and_its_line_named(impatient):
    assert "Its cell did not run to the end. It was stopped in line 1: `while True: pass`" in verdict("while True: pass").message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_memory_is_limited():
    assert "MemoryError" in verdict(body("x = np.empty(10**9)", "return np.zeros(len(h))")).message


@pytest.mark.parametrize("killer", ["import os\nos._exit(0)", "while True: pass", "1 / 0", "("])
def test_a_cell_that_kills_costs_the_other_answers_nothing(killer, impatient):
    submission = Submission({0: "import numpy as np", 1: killer, 2: killer, 3: q1.source()})
    assert verdict(killer, killer, q1.source(), submission=submission).correct
    assert submission.killers == (set() if killer in ("1 / 0", "(") else {1, 2})


def test_too_many_killers_end_it(impatient, monkeypatch):
    monkeypatch.setattr(sandbox, "MOST_KILLERS", 2)
    submission = Submission(dict.fromkeys(range(1, 9), "import os; os._exit(0)") | {9: q1.source()})
    assert "Python itself ended" in verdict(*[""] * 9, submission=submission).message
    assert len(submission.killers) == 3


ONE = np.zeros(1)
GOOD = {"fault": None, "printed": "", "changed": [False] * 3, "parts": {"": ONE}}


def packed_fault(kind):
    """Return a fault that says what no worker says; `dumps` writes it, for it knows no better."""
    return Fault(kind, "Correct.")


RECORDS = {
    "correct": {**GOOD, "fault": packed_fault("correct")},
    "correct, no changes": {**GOOD, "fault": packed_fault("correct"), "changed": None},
    "correct in words": {**GOOD, "fault": "correct"},
    "correct in an array": {**GOOD, "fault": packed_fault(np.array("correct"))},
    "error in an array": {**GOOD, "fault": packed_fault(np.array("error"))},
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
        found = verdict(q1.source())
        assert type(found.kind) is str and found.kind in KINDS and found.points == 0


def forging(pack):
    """Return `pack`, but for the kind of a fault, which may be anything."""
    def packed(value, arrays):
        return ["fault", pack(value.kind, arrays), value.message] if isinstance(value, Fault) else pack(value, arrays)
    return packed


def test_the_forgeries_are_refused_for_what_is_forged_in_them():
    """The record that they are made of is a good one, but for its number."""
    outcome, changed = wire.outcome_of(GOOD, Form("array"), 3)
    assert outcome.value.parts[""] is ONE and changed == [False] * 3


def archive(*entries, kind=zipfile.ZIP_STORED, claims=None):
    """Return an .npz of (name, bytes) and its length before it, as `dumps` does; the last entry claims to be so long."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as made:
        for name, content in entries:
            made.writestr(name, content)
        if claims:
            made.filelist[-1].file_size = claims
    return file.tell().to_bytes(8, "big") + file.getvalue()


def npy(array, shape=None):
    """Return an array as .npy; `shape` is what its header claims in place of the true one."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False,
                                                "shape": shape or array.shape})
    return file.getvalue() + array.tobytes()


def pickled(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


TEXT = ("arr_0.npy", npy(np.array('["dict", ["tuple", "parts", ["array", 0]]]')))
NESTED = io.BytesIO()
np.savez(NESTED, ONE)
ARCHIVES = {
    "objects": archive(TEXT, ("arr_1.npy", pickled(np.array([Question], dtype=object)))),
    "huge": archive(TEXT, ("arr_1.npy", npy(ONE, (10**9,) * 9))),
    "large": archive(TEXT, ("arr_1.npy", npy(ONE, (10**9,)))),
    "many of nothing": archive(TEXT, ("arr_1.npy", npy(np.array([""], "U0").astype("U0"), (10**12,)))),
    "negative": archive(TEXT, ("arr_1.npy", npy(ONE, (-1, -1)))),
    "short": archive(TEXT, ("arr_1.npy", npy(ONE, (4,)))),
    "records": archive(TEXT, ("arr_1.npy", npy(np.zeros(1, "f8,f8")))),
    "dates": archive(TEXT, ("arr_1.npy", npy(np.zeros(1, "M8[s]")))),
    "deflated": archive(TEXT, ("arr_1.npy", npy(np.zeros(10**7))), kind=zipfile.ZIP_DEFLATED),
    "bzip2": archive(TEXT, ("arr_1.npy", npy(np.zeros(10**7))), kind=zipfile.ZIP_BZIP2),
    "a bomb": archive(TEXT, ("arr_1.npy", npy(np.zeros(10**7), (1,))), kind=zipfile.ZIP_BZIP2, claims=136),
    "an archive within": archive(TEXT, ("arr_1.npy", NESTED.getvalue())),
    "a pickle": archive(TEXT, ("arr_1.npy", b"cos\nsystem\n(S'true'\ntR.")),
    "no text": archive(("arr_0.npy", npy(ONE))),
    "nothing": archive(),
    "no number": archive(TEXT),
    "deep": archive(("arr_0.npy", npy(np.array("[" * 100_000)))),
    "a list in a dict": archive(("arr_0.npy", npy(np.array('["dict", ["tuple", ["list"], 1]]')))),
    "no such kind": archive(("arr_0.npy", npy(np.array('["eval", "1"]')))),
    "an empty list": archive(("arr_0.npy", npy(np.array("[]")))),
    "no archive": (5).to_bytes(8, "big") + b"12345",
    "cut short": archive(TEXT, ("arr_1.npy", npy(ONE)))[:-10],
    "longer than there is": b"\xff" * 8 + b"PK",
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_is_none_of_ours_ends_the_records_and_loads_nothing(name, monkeypatch):
    """The one before it counts; nothing is pickled, and nothing takes more memory than what was written."""
    monkeypatch.setattr(pickle, "load", lambda *args, **kwargs: pytest.fail("unpickled"))
    tracemalloc.start()
    try:
        assert list(loads(dumps({"cell": 1}) + ARCHIVES[name] + dumps({"cell": 2}))) == [{"cell": 1}]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * len(ARCHIVES[name]) + 2_000_000


def test_entries_that_lie_in_each_other_are_no_way_to_grow():
    """Fifty entries of an archive are one and the same text: together they claim more than there is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("arr_0.npy", npy(np.array("[" + " " * 10_000 + "]")))
        made.filelist *= 50
    data = file.getvalue()
    with zipfile.ZipFile(file) as again, pytest.raises(ValueError, match="grows"):
        list(wire.arrays_in(again, len(data)))


@pytest.mark.parametrize("text", ["", "é", "a" * 1000, "\0", "🙂"])
def test_text_and_numbers_cross_over_as_they_are(text):
    arrays = {"x": np.arange(6).reshape(2, 3)[:, ::-1], (1, "b"): np.array(text)}
    record = {"a": [text, (1, 2.5, -3, float("inf"), True, None)], 3: arrays}
    (found,) = loads(dumps(record))
    assert found["a"] == record["a"] and list(found) == list(record) and list(found[3]) == list(record[3])
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[3][name], array, strict=True)


def test_the_process_knows_neither_the_right_values_nor_the_settings_nor_the_folder(monkeypatch):
    monkeypatch.setenv("A_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    jobs = []
    monkeypatch.setattr(sandbox, "talk", lambda job, seconds: jobs.append(job) or ([], None))
    verdict(q1.source())
    assert set(jobs[0]) == {"cells", "own", "answer", "seconds", "module", "question", "jobs"}
    assert set(jobs[0]["question"]) == {"name", "is_value", "seconds"}
    assert not {"A_TOKEN", "PYTHONPATH"} & set(sandbox.environment())


def test_it_runs_in_an_empty_folder_that_is_gone_afterwards():
    cell = "import os\nplace = os.getcwd()\ncount = len(os.listdir())\nopen('mine', 'w').write('x')\n"
    found = verdict(cell + body("raise ValueError(f'{count} {place}')")).message
    count, place = found.split("ValueError: ")[1].split()[:2]
    assert count == "0" and place != os.getcwd() and not os.path.exists(place)


@pytest.mark.parametrize("attempt", [
    "open({place!r}).read()", "open({place!r}, 'a')", "os.open({place!r}, os.O_RDONLY)", "pathlib.Path({place!r}).read_text()",
    "np.load({place!r})", "np.fromfile({place!r})", "os.listdir(os.path.dirname({place!r}))", "os.remove({place!r})",
    "list(os.scandir(os.path.dirname({place!r})))", "os.rename({place!r}, 'mine')", "os.symlink({place!r}, 'mine')",
    "open('/proc/self/environ').read()", "os.system('ls')", "subprocess.run(['ls'])", only_where("fork", "os.fork()"),
    "os.kill(os.getppid(), 0)",
    "socket.create_connection(('127.0.0.1', 80))", only_where("fork", "ctypes.CDLL(None)"), "open(np.__file__, 'a')"])
def test_it_is_kept_from_files_programs_and_the_network(attempt, tmp_path):
    place = tmp_path / "secret"
    place.write_text("829")
    imports = "import ctypes, os, pathlib, socket, subprocess\n"
    found = verdict(imports + body(f"return {attempt.format(place=str(place))}"))
    assert found.points == 0 and "829" not in found.message and place.read_text() == "829"


def test_its_own_folder_and_all_imports_are_free():
    cell = ("import pathlib, tempfile, importlib\nimport lstm_helpers.sequences, lstm_helpers.drawing, wave, fractions\n"
            "open('mine', 'w').write('x')\nassert open('mine').read() == 'x' and list(pathlib.Path().iterdir())\n")
    assert verdict(cell + q1.source()).correct


def hoard(word, table, both, nothing):
    return {"word": word, "sum": sum(map(np.sum, table.values()), both[0][0] + both[1])}


def test_every_kind_of_argument_and_answer_crosses_over():
    args = ("é", {"a": np.arange(3), "b": np.ones((2, 2), np.float32)}, ((1.5,), 2), None)
    question = Question(ask="", reference=hoard, cases=[("all", args)], mistakes={})
    source = "def hoard(word, table, both, nothing):\n    assert nothing is None and table['b'].dtype == np.float32\n" \
             "    table['a'] = table['a'] + 0\n" \
             "    return {'word': word, 'sum': sum(map(np.sum, table.values()), both[0][0] + both[1])}"
    assert verdict(source, question=question, name="hoard").correct


def test_who_forgets_the_runner_is_told_and_nobody_earns_a_point():
    answer = Answer(Submission({0: q1.source()}), "gradient_lengths", 0, 1)
    found = q1.grade(answer)
    assert (found.kind, found.points) == ("error", 0) and "the test needs grade(…, runner=run_apart)" in found.message


def test_a_teachers_own_function_runs_here():
    assert q1.grade(q1.reference, runner=run_apart).correct


def test_what_cannot_cross_over_is_refused_by_name():
    question = Question(ask="", reference=lambda layer: 1, cases=[("object", (Question,))])
    with pytest.raises(TypeError, match="type cannot be handed to another process"):
        verdict("", question=question)
