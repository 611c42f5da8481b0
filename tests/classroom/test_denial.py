"""Submissions that want to keep the grader busy, or to fill its memory or its disk: each costs a bounded price."""

import os
import resource
import time

import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import sandbox
from lstm_classroom.sandbox import MOST_KILLERS, Answer, Submission, run_apart

from lstm_helpers.exercises.vanishing_gradients import q1
from tests.classroom.walls import needs_bubblewrap

pytestmark = [pytest.mark.slow, needs_bubblewrap]

SET_UP = "import numpy as np\nfrom lstm_helpers.exercises.vanishing_gradients import q1"
CHANNEL = """
import os
from lstm_classroom.wire import dumps
def to_all(data):
    for number in range(1, 60):
        try:
            os.write(number, data)
        except OSError:
            pass
"""
PAST_THE_ALARM = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\n"
ATTACKS = {
    "begins a cell that is not there": CHANNEL + "to_all(dumps({'cell': 1}))\nos._exit(0)",
    "begins itself": CHANNEL + "to_all(dumps({'cell': 2}))\nos._exit(0)",
    "begins all cells": CHANNEL + "for n in range(9): to_all(dumps({'cell': n}))\nos._exit(0)",
    "says that others were stopped": CHANNEL + "to_all(dumps({'ran': 0, 'kind': 'too slow'}))",
    "names the set-up": CHANNEL + "to_all(dumps({'cell': 0}))\nos._exit(0)",
    "writes without end": CHANNEL + "while True: to_all(dumps({'cell': 2}) * 10_000)",
    "writes empty records": CHANNEL + "to_all(dumps({}) * 200_000)",
    "writes lists": CHANNEL + "to_all(dumps({'parts': [[]] * 1_600_000}) * 3)",
    "writes nonsense": CHANNEL + "while True: to_all(bytes(2**20))",
    "takes all memory": "hoard = []\nwhile True: hoard.append(np.ones(10**7))",
    "fills the disk": "for n in range(10**6): open(f'f{n}', 'wb').write(bytes(2**20))",
    "makes files without end": f"{PAST_THE_ALARM}n = 0\nwhile True: open(f'f{{n}}', 'w').close(); n += 1",
    "opens files without end": "files = []\nwhile True: files.append(open('/dev/null'))",
    "makes threads without end": "import threading, time\n"
                                 "while True: threading.Thread(target=time.sleep, args=(99,), daemon=True).start()",
    "makes processes without end": "import os\nwhile True: os.fork()",
    "makes processes past the alarm": PAST_THE_ALARM + "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "sleeps": f"{PAST_THE_ALARM}import time\ntime.sleep(999)",
    "is no Python for long": "%%" + "x" * 10 + "\n" + "(" * 30_000,
    "calls the shell": "!" + "(" * 30_000,
    "asks for help": "x = [" + "?," * 15_000,
    "assigns what the shell says": "x = !a\n" * 4_500,
    "assigns what magic says": "x = %a\n" * 4_500,
    "opens braces": "!" + "{" * 30_000,
    "breaks lines": "\\\n" * 15_000 + "!",
    "opens strings": "'''\n" * 7_501 + "!",
}


@pytest.fixture
def started(monkeypatch):
    """Return the list of processes that were started; each has three seconds besides the question's, a cell two."""
    talk, jobs = sandbox.talk, []
    monkeypatch.setattr(sandbox, "PATIENCE", 3)
    monkeypatch.setattr(sandbox, "SECONDS", 2)
    monkeypatch.setattr(sandbox, "talk", lambda job, seconds: jobs.append(job) or talk(job, seconds))
    return jobs


def graded(cells, submission=None):
    """Return the verdict on q1, whose answer stands in the last cell."""
    last = max(cells)
    return q1.grade(Answer(submission or Submission(cells), "gradient_lengths", last, last + 1), 7, run_apart)


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_costs_a_bounded_price(attack, started):
    """In processes, in seconds, and in what the grader itself needs of memory and processor."""
    used, start, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic(), time.process_time()
    found = graded({0: SET_UP, 2: ATTACKS[attack], 3: q1.source()})
    assert len(started) <= 3 and time.monotonic() - start < len(started) * (3 + q1.seconds) + 10
    assert time.process_time() - cpu < 5 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 300_000      # kB
    assert found.points in (0, 3)


def test_cells_that_end_their_process_one_after_the_other_are_tried_again_so_often(started):
    graded(dict.fromkeys(range(1, 40), "import os; os._exit(0)") | {99: q1.source()})
    assert len(started) == MOST_KILLERS + 1


def test_all_processes_of_a_submission_share_their_time(started):
    cells = {0: SET_UP, 3: ATTACKS["sleeps"] + "\n" + q1.source()}
    submission, start = Submission(cells, left=4), time.monotonic()
    assert graded(cells, submission).kind == graded(cells, submission).kind == "too slow"
    assert time.monotonic() - start < 8 and len(started) == 1


def test_no_disk_is_filled(started):
    before = os.statvfs("/tmp").f_bavail * os.statvfs("/tmp").f_frsize
    graded({0: SET_UP, 3: ATTACKS["fills the disk"]})
    assert before - os.statvfs("/tmp").f_bavail * os.statvfs("/tmp").f_frsize < 2**30       # others work here too
