"""Students who try to get out: a class of them on the real path, from what is handed in to the gradebook.

Each attempt leaves a trace if it succeeds: in a file of the course, in the gradebook, at a listener, or in the feedback.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import bubblewrap, sandbox
from lstm_classroom.course import build, prepare
from lstm_classroom.sandbox import Answer, Submission, run_apart
from lstm_classroom.wire import dumps
from nbgrader.api import Gradebook

from lstm_helpers.exercises import vanishing_gradients
from lstm_helpers.exercises.vanishing_gradients import q1

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap (bwrap) is not installed"),
              pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning")]       # of nbgrader itself

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME = "04_vanishing_gradients"
SECRET = "829-the-secret-of-this-course"
TELL = """
def gradient_lengths(dh_last, W_h, h):
    raise ValueError(repr(found)[-1500:])
"""
# Each sets `found`, which the feedback then shows. {course} is where the course is, {port} where somebody listens.
ESCAPES = {
    "reads the hidden tests": "found = open('{course}/source/{name}/{name}.ipynb').read()",
    "reads them by its parent": "import glob\nfound = [open(p).read() for p in glob.glob('/proc/*/cwd/source/*/*.ipynb')]",
    "reads them by its parents' files": "import glob, os\nfound = [os.readlink(p) for p in glob.glob('/proc/*/fd/*')]",
    "reads the secret": "found = open('{course}/secret').read()",
    "reads another's work": "import glob\nfound = [open(p).read() for p in glob.glob('{course}/submitted/*/*/*.ipynb')]",
    "lists the course": "import os\nfound = os.listdir('{course}')",
    "changes the gradebook": "import sqlite3\n"
                              "sqlite3.connect('{course}/gradebook.db').execute('update grade set manual_score = 99')\n"
                             "found = 'done'",
    "writes into the course": "open('{course}/trace', 'w').write('x')\nfound = 'done'",
    "writes by a folder that is open": "import os\nf = os.open('/', os.O_RDONLY)\n"
                                       "os.open('{course}/trace'[1:], os.O_CREAT | os.O_WRONLY, dir_fd=f)\nfound = 'done'",
    "goes back by chroot": "import os\nos.mkdir('x'); os.chroot('x')\n[os.chdir('..') for _ in range(50)]\nos.chroot('.')\n"
                           "found = os.listdir('{course}')",
    "mounts": "import ctypes\nprint(ctypes.CDLL(None).mount(b'proc', b'/homework', b'proc', 0, None))\n"
              "import os\nfound = [p for p in os.listdir('.') if p.isdigit()]\nassert found",
    "calls the system": "import os\nos.system('cat {course}/secret > out')\nfound = open('out').read()\nassert found",
    "calls it through C": "import ctypes\nctypes.pythonapi.system(b'cat {course}/secret > out')\nfound = open('out').read()\n"
                          "assert found",
    "starts a program": "import subprocess\nfound = subprocess.run(['cat', '{course}/secret'], capture_output=True).stdout\n"
                        "assert found",
    "starts one past the fence": "import multiprocessing.util as u, os\nr, w = os.pipe()\n"
                                 "u.spawnv_passfds(b'/bin/cat', [b'cat', b'{course}/secret'], [w])\n"
                                 "found = os.listdir('{course}')",
    "kills its grader": "import os, signal\nfor p in range(2, 40000):\n    try:\n        os.kill(p, signal.SIGKILL)\n"
                        "    except OSError:\n        pass\nfound = os.getppid()\nassert found > 1",
    "reads its grader's memory": "import os\nfound = open(f'/proc/{{os.getppid()}}/environ').read()\n"
                                  "assert 'LSTM_TOKEN' in found",
    "reads tokens": "import os\nfound = os.environ['LSTM_TOKEN']",
    "connects to this machine": "import socket\nfound = socket.create_connection(('127.0.0.1', {port}), 2).send(b'x')",
    "connects outwards": "import socket\nfound = socket.create_connection(('1.1.1.1', 53), 2)",
    "sends to the screen of the teacher": "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSTI, b'x')\nfound = 'done'",
    "leaves something behind": "open('/tmp/lstm-trace', 'w').write('x')\nopen('/var/tmp/lstm-trace', 'w').write('x')\n"
                                "found = 'done'",
    "changes Python": "import numpy\nopen(numpy.__file__, 'a').write('#')\nfound = 'done'",
    "becomes another": "import os\nos.setuid(0)\nos.setgid(0)\nfound = open('/etc/shadow').read()",
    "overwrites the checker": "import lstm_helpers.checking.judging as j\nj.grade = lambda *a: 99\n"
                               "import lstm_classroom.wire as w\n"
                              "w.record_of = lambda *a: {{'fault': None}}\nfound = 'its own checker, and no other'",
}


def handed_in(released, source):
    notebook = nbformat.reads(released, as_version=4)
    for cell in notebook.cells:
        if cell.id in ("q1", "q2", "q3"):
            cell.source = vars(vanishing_gradients)[cell.id].source()
        if cell.id == "q1" and source is not None:
            cell.source = source
    return nbformat.writes(notebook)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Return (the course, who connected) after one `nbgrader autograde` of a class of escapes, and its feedback."""
    course = tmp_path_factory.mktemp("school") / "course"
    prepare(course)
    build(course, NOTEBOOKS / f"{NAME}.ipynb", SECRET)
    (course / "secret").write_text(SECRET)
    released = (course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    listener = socket.create_server(("127.0.0.1", 0))
    calls = []
    threading.Thread(target=lambda: [calls.append(listener.accept()) for _ in range(9)], daemon=True).start()
    wanted = {"course": course, "name": NAME, "port": listener.getsockname()[1]}
    sources = {"ada": None, "zoe": None} | {name: source.format(**wanted) + TELL for name, source in ESCAPES.items()}
    for student, source in sources.items():
        place = course / "submitted" / student.replace(" ", "-").replace("'", "") / NAME / f"{NAME}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(handed_in(released, source), encoding="utf-8")
    for step in ("autograde", "generate_feedback"):
        subprocess.run([sys.executable, "-m", "nbgrader", step, NAME], cwd=course, timeout=600, capture_output=True,
                       env={**os.environ, "PYTHONWARNINGS": "ignore", "LSTM_TOKEN": SECRET}, check=False)
    return course, calls


def points(course, student):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {grade.name: grade.score for grade in gradebook.find_submission_notebook(NAME, NAME, student).grades}


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_earns_nothing_and_finds_nothing(school, name):
    course, _ = school
    student = name.replace(" ", "-").replace("'", "")
    assert points(course, student) == {"q1-test": 0, "q2-test": 1, "q3-test": 2}
    graded = (course / "autograded" / student / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    feedback = (course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    said = "".join(output.get("text", "") for cell in nbformat.reads(graded, as_version=4).cells if cell.cell_type == "code"
                   for output in cell.outputs)
    assert SECRET not in said + feedback and "### BEGIN HIDDEN TESTS" not in said + feedback and "'done'" not in said


def test_nothing_was_changed_left_behind_or_told(school):
    course, calls = school
    assert points(course, "ada") == points(course, "zoe") == {"q1-test": 3, "q2-test": 1, "q3-test": 2}
    assert not calls and not (course / "trace").exists() and (course / "secret").read_text() == SECRET
    assert not Path("/tmp/lstm-trace").exists() and not Path("/var/tmp/lstm-trace").exists()


# --- what is to use up time, memory or disk ---

def verdict(*cells, own=None):
    cells = ("import numpy as np", *cells)
    return q1.grade(Answer(Submission(dict(enumerate(cells))), "gradient_lengths", own, len(cells)), 7, run_apart)


@pytest.fixture
def quick(monkeypatch):
    """Return the list of processes that were started, no more than twelve; a process has three seconds besides the question's."""
    talk, started = sandbox.talk, []

    def counted(job, seconds):
        started.append(job)
        assert len(started) <= 12, "processes without end"
        return talk(job, seconds)

    monkeypatch.setattr(sandbox, "talk", counted)
    monkeypatch.setattr(sandbox, "PATIENCE", 3)
    return started


def to_every_channel(record):
    return f"import os\ndata = {dumps(record)!r}\nfor n in range(3, 64):\n    try:\n        os.write(n, data)\n" \
           "    except OSError:\n        pass\nos._exit(0)"


def test_a_worker_that_names_other_cells_is_not_started_without_end(quick):
    assert not verdict(to_every_channel({"cell": 1}), q1.source(), own=2).points or len(quick) <= sandbox.MOST_KILLERS + 1
    assert not verdict(q1.source() + "\n" + to_every_channel({"cell": 0}), own=1).points


def test_a_flood_of_records_costs_neither_memory_nor_time(quick):
    flood = f"import os\ndata = {dumps({})!r} * 2000\nwhile True:\n    for n in range(3, 9):\n        try:\n" \
            "            os.write(n, data)\n        except OSError:\n            if n == 8: os._exit(0)"
    tracemalloc.start()
    try:
        assert not verdict(flood, own=1).points
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", [
    "!" + "(" * 30_000, "%" + "a" * 30_000, "x = [" + "?," * 15_000, "(" * 30_000 + "?"],
    ids=["calls", "magic", "questions", "open"])
def test_a_cell_that_is_slow_to_translate_takes_the_students_time(cell, quick, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    start = time.monotonic()
    verdict(cell, q1.source(), own=2)
    assert time.monotonic() - start < 40


@pytest.mark.parametrize("place", ["/homework", "/dev/shm", "/", "/dev"])
def test_what_can_be_filled_is_limited(place):
    filled = f"size = 0\ntry:\n    for n in range(40):\n        size += open(f'{place}/{{n}}', 'wb').write(bytes(10**7))\n" \
             "except OSError:\n    pass\n"
    found = verdict(filled + "def gradient_lengths(dh_last, W_h, h):\n    raise ValueError(size)", own=1)
    assert int(found.message.split("ValueError: ")[1].split()[0]) <= bubblewrap.SIZE


def test_all_processes_of_a_submission_share_their_time(monkeypatch):
    submission = Submission({0: q1.source()}, left=0)
    assert q1.grade(Answer(submission, "gradient_lengths", 0, 1), 7, run_apart).kind == "too slow"


# --- without bubblewrap ---

def test_nobody_is_graded_without_walls_unless_it_is_said(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find", lambda: (None, "is not installed"))
    with pytest.raises(bubblewrap.NoWalls, match=r"bwrap.*is not installed.*apt install bubblewrap.*--without-sandbox"):
        verdict(q1.source(), own=1)
    monkeypatch.setenv(bubblewrap.FLAG, "no")
    assert "can do on this machine whatever you can" in bubblewrap.go_without()
    assert verdict(q1.source(), own=1).points == 3


def test_a_process_that_claims_a_mistake_is_not_counted_among_those_who_made_it():
    words = next(iter(filter(None, q1.mistakes.values())))
    found = verdict(to_every_channel({"called": True}).replace("os._exit(0)", "pass") + f"\nclass E(Exception): pass\n"
                    f"def gradient_lengths(*a):\n    raise E({words!r})", own=1)
    assert not found.message.startswith(words)
