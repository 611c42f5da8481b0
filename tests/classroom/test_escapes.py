"""Escapes on the real path: a student hands in, the teacher collects, grades and writes feedback; nothing gets through.

All are in one notebook, each in a cell of its own. Root tries it as two real accounts, with `nobody` as the student.
"""

import contextlib
import inspect
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom.course import build, nbgrader, prepare, secret_of
from nbgrader.api import Gradebook

from lstm_helpers.exercises.vanishing_gradients import q2
from tests.classroom import escapes
from tests.classroom.walls import needs_bubblewrap

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME, MARK = "04_vanishing_gradients", f"escape-{os.getpid()}"
pwd = pytest.importorskip("pwd", reason="the exchange needs Unix accounts")
ROOT = os.getuid() == 0
ACCOUNT = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
AS_STUDENT = {"user": ACCOUNT.pw_uid, "group": ACCOUNT.pw_gid, "extra_groups": []} if ROOT else {}
ESCAPES = {name: thing for name, thing in vars(escapes).items()
           if inspect.isfunction(thing) and thing.__module__ == escapes.__name__}
TRY = """
try:
    escaped += ["{number}"] if {name}(world) else []
except BaseException:
    pass"""
REPORT = "\n    ".join(["def {}(*args):", "raise ValueError(' '.join(escaped))"])
pytestmark = [pytest.mark.slow, needs_bubblewrap,
              pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning")]   # of nbgrader itself


def handed_in(released, world):
    """Return the text of a notebook that tries everything; q2 is answered as it should be."""
    notebook = nbformat.reads(released, as_version=4)
    head = [line for line in inspect.getsource(escapes).split("\n\n\n")[0].splitlines() if line.startswith(("import", "from"))]
    head += ["import types", f"escaped, world = [], types.SimpleNamespace(**{world!r})"]
    cells = ["\n".join(head), *(inspect.getsource(thing) + TRY.format(name=name, number=number)
                                for number, (name, thing) in enumerate(ESCAPES.items()))]
    place = next(number for number, cell in enumerate(notebook.cells) if cell.id == "set-up") + 1
    notebook.cells[place:place] = map(nbformat.v4.new_code_cell, cells)
    answers = {"q1": REPORT.format("gradient_lengths"), "q2": q2.source(), "q3": "raise ValueError(' '.join(escaped))"}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return nbformat.writes(notebook)


@contextlib.contextmanager
def listening():
    """Yield a port of the loopback; a socket without a file listens too, and a file lies in shared memory."""
    shared = Path("/dev/shm") / MARK
    shared.write_text("829")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as nameless:
        nameless.bind("\0" + MARK)
        nameless.listen()
        yield server.getsockname()[1]
    shared.unlink()


def graded(*options):
    """Return (the course, who escaped, points of q2, the folders in which it was) after the whole way."""
    folder = Path(tempfile.mkdtemp(prefix="school-"))
    folder.chmod(0o755)
    course, exchange = folder / "course", folder / "exchange"
    prepare(course)
    build(course, NOTEBOOKS / f"{NAME}.ipynb", secret_of(course))
    (course / "canary").write_text("")
    exchange.mkdir()
    exchange.chmod(0o1777)
    assert nbgrader(course, exchange=exchange).release_assignment(NAME)["success"]
    inbound = exchange / "lstm/inbound"
    place = inbound / f"{ACCOUNT.pw_name}+{NAME}+2030-01-01 00:00:00 UTC+x"
    with listening() as port:
        world = {"course": str(course), "name": NAME, "inbound": str(inbound), "mark": MARK, "pid": os.getpid(), "port": port,
                 "home": str(Path.home())}
        text = handed_in((course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"), world)
        subprocess.run(["sh", "-ec", f'mkdir "{place}"; cat > "{place}/{NAME}.ipynb"'], input=text, text=True, check=True,
                       **AS_STUDENT)
        said = ""
        for command in (["collect", f"--Exchange.root={exchange}"], ["autograde", *options], ["generate_feedback"]):
            done = subprocess.run([sys.executable, "-m", "nbgrader", command[0], NAME, *command[1:]], cwd=course, timeout=300,
                                  capture_output=True, text=True, env={**os.environ, "A_TOKEN": "secret"}, check=False)
            said += done.stdout + done.stderr
            assert done.returncode == 0, done.stderr
    page = course / "feedback" / ACCOUNT.pw_name / NAME / f"{NAME}.html"
    shown = unescape(re.sub("<[^>]*>", "", page.read_text(encoding="utf-8")))
    numbers = set(re.findall(r"\d+", " ".join(re.findall(r"ValueError: (.*)", shown))))      # names would be cut off
    escaped = {name for number, name in enumerate(ESCAPES) if str(number) in numbers}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        grades = {grade.name: grade.score for grade in gradebook.find_submission_notebook(NAME, NAME, ACCOUNT.pw_name).grades}
    return course, escaped, grades["q2-test"], shown + said


@pytest.fixture(scope="module")
def school():
    found = graded()
    yield found
    shutil.rmtree(found[0].parent)


@pytest.mark.parametrize("escape", ESCAPES)
def test_it_does_not_get_through(school, escape):
    _, escaped, _, _ = school
    assert escape not in escaped


def test_who_tries_everything_keeps_the_points_of_what_is_right(school):
    _, _, points, shown = school
    assert points == 1 and "no message" in shown


def test_nothing_is_left_outside(school):
    course, *_ = school
    assert not list(Path("/tmp").glob(f"{MARK}*")) and (course / "canary").read_text() == ""
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert not [command for command in commands if f"# {MARK}".encode() in command]
