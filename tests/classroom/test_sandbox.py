"""Answers graded in a process of their own: whatever their code does, there is a verdict, and never an undeserved one."""

import dataclasses
import itertools
import os
import signal
import time

import numpy as np
import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import sandbox
from lstm_classroom.sandbox import Answer, Submission, run_apart

from lstm_helpers.checking import Question
from lstm_helpers.exercises.vanishing_gradients import q1
from tests.classroom.walls import needs_bubblewrap

pytestmark = [pytest.mark.slow, needs_bubblewrap]       # every verdict starts a Python of its own


def verdict(*cells, own=None, question=q1, name="gradient_lengths", rng=7, submission=None):
    cells = ("import numpy as np\nfrom lstm_helpers.exercises.vanishing_gradients import q1", *cells)
    submission = submission or Submission(dict(enumerate(cells)))
    return question.grade(Answer(submission, name, len(cells) - 1 if own is None else own, len(cells)), rng, run_apart)


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
