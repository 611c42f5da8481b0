"""What a student puts into the exchange by hand: never a file that is not theirs.

Root tries it as two real accounts, with `nobody` as the student; anybody else as one.
"""

import os
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom.course import build, nbgrader, prepare
from lstm_classroom.plain_files import NotPlain, PlainCopy
from nbgrader.api import Gradebook, MissingEntry

from lstm_helpers.exercises.vanishing_gradients import q1

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME = "04_vanishing_gradients"
pwd = pytest.importorskip("pwd", reason="the exchange needs Unix accounts")
ROOT = os.getuid() == 0
ACCOUNT = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
STUDENT = ACCOUNT.pw_name
AS_STUDENT = {"user": ACCOUNT.pw_uid, "group": ACCOUNT.pw_gid, "extra_groups": []} if ROOT else {}
only_root = pytest.mark.skipif(not ROOT, reason="two accounts of this machine: only root can become both")
pytestmark = [pytest.mark.slow,
              pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning")]   # of nbgrader itself


@pytest.fixture(scope="module")
def school():
    """A course of ours, and an exchange that every account can reach, with an assignment handed out."""
    folder = Path(tempfile.mkdtemp(prefix="school-"))
    folder.chmod(0o755)
    course, exchange = folder / "course", folder / "exchange"
    prepare(course)
    build(course, NOTEBOOKS / f"{NAME}.ipynb", "a secret")
    exchange.mkdir()
    exchange.chmod(0o1777)
    api = nbgrader(course, exchange=exchange)
    assert api.release_assignment(NAME)["success"]
    yield course, exchange / "lstm/inbound", api
    shutil.rmtree(folder)


@pytest.fixture
def hand_in(school):
    """Return a function that runs a student's commands in a new folder of theirs in the exchange; {course} is the teacher's."""
    course, inbound, _ = school
    made = []

    def run(commands, name=f"{STUDENT}+{NAME}+2030-01-01 00:00:00 UTC+{{}}"):
        made.append(inbound / name.format(len(made)))
        script = f'mkdir "{made[-1]}" && cd "{made[-1]}" && {commands.format(course=course, name=NAME, inbound=inbound)}'
        subprocess.run(["sh", "-ec", script], check=True, **AS_STUDENT)
        return made[-1]
    yield run
    for folder in [*made, *course.glob("submitted"), *course.glob("autograded"), *course.glob("feedback")]:
        folder.unlink() if folder.is_symlink() else shutil.rmtree(folder, ignore_errors=True)


SOURCE = "{course}/source/{name}/{name}.ipynb"
TRICKS = {      # what a student may try, and what is said to the teacher
    "a link to the solution": (f"ln -s {SOURCE} {{name}}.ipynb", f"{NAME}.ipynb is a link"),
    "a link that leads nowhere": ("ln -s nowhere {name}.ipynb", f"{NAME}.ipynb is a link"),
    "a link beside the notebook": ("echo 1 > {name}.ipynb; ln -s {course}/secret notes.txt", "notes.txt is a link"),
    "a linked folder": ("ln -s {course}/source/{name} data", "data is a link"),
    "a link further down": ("mkdir -p a/b; ln -s {course}/secret a/b/c", "a/b/c is a link"),
    "a link for the time": ("ln -s {course}/secret timestamp.txt", "timestamp.txt is a link"),
    "a pipe": ("mkfifo {name}.ipynb", f"{NAME}.ipynb is no file"),
    "a pipe for the time": ("mkfifo timestamp.txt", "timestamp.txt is no file"),
    "a second name": ("echo 1 > ../mine+x; ln ../mine+x {name}.ipynb; rm -f ../mine+y", f"{NAME}.ipynb has a second name"),
    "no time at all": ("echo soon > timestamp.txt", "timestamp.txt holds no time but 'soon'"),
    "a folder for the time": ("mkdir timestamp.txt", "Is a directory"),
    "too deep": ("mkdir -p 1/2/3/4/5/6/7/8/9/10/11/12", "1/2/3/4/5/6/7/8/9/10 is too deep"),
    "too large": ("truncate -s 200M {name}.ipynb", "it is larger than the course allows"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_no_plain_file_of_the_students_is_not_collected(school, hand_in, trick):
    course, inbound, api = school
    commands, words = TRICKS[trick]
    hand_in(commands)
    result = api.collect(NAME)
    (inbound / "mine+x").unlink(missing_ok=True)
    assert result["success"] and f"Not collected: {STUDENT}" in result["log"] and words in result["log"]
    assert not (course / "submitted" / STUDENT).exists()


@only_root
def test_a_link_to_the_solution_earns_nothing_and_shows_nothing(school, hand_in):
    """The whole way: collect, autograde, feedback."""
    course, _, api = school
    hand_in(f"ln -s {SOURCE} {{name}}.ipynb")
    api.collect(NAME)
    api.autograde(NAME, STUDENT)
    api.generate_feedback(NAME, STUDENT)
    shown = [unescape(re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))) for page in course.glob("feedback/**/*.html")]
    assert not any(q1.source() in page for page in shown)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook, pytest.raises(MissingEntry):
        gradebook.find_submission(NAME, STUDENT)


def test_a_linked_folder_in_the_exchange_is_not_collected(school, hand_in):
    course, _, api = school
    folder = hand_in("true")
    folder.rmdir()
    subprocess.run(["ln", "-s", course / "source" / NAME, folder], check=True, **AS_STUDENT)
    assert f"{folder.name} is a link" in api.collect(NAME)["log"] and not (course / "submitted").exists()


@pytest.mark.parametrize("rest", ["tomorrow+{}", "9999999999999+{}", ""])
def test_a_name_that_is_no_hand_in_stops_nobody(school, hand_in, rest):
    course, _, api = school
    strange = hand_in("true", f"{STUDENT}+{NAME}+{rest}")
    hand_in("echo 1 > {name}.ipynb")
    result = api.collect(NAME)
    assert result["success"] and f"Not collected: {strange.name}: " in result["log"]
    assert (course / "submitted" / STUDENT / NAME / f"{NAME}.ipynb").read_text() == "1\n"


def test_plain_files_are_collected_and_a_later_link_does_not_take_their_place(school, hand_in):
    course, _, api = school
    hand_in("echo 1 > {name}.ipynb; mkdir data .ipynb_checkpoints; echo 2 > data/notes.txt; echo 3 > .ipynb_checkpoints/old; "
            "echo 2030-01-01 00:00:00 UTC > timestamp.txt")
    place = course / "submitted" / STUDENT / NAME
    for later in ("", f"ln -s {SOURCE} {{name}}.ipynb"):
        if later:
            hand_in(later, STUDENT + "+" + NAME + "+2031-01-01 00:00:00 UTC+later{}")
        assert api.collect(NAME)["success"]
        files = {str(path.relative_to(place)): path.read_text() for path in place.rglob("*") if path.is_file()}
        assert files == {f"{NAME}.ipynb": "1\n", "data/notes.txt": "2\n", "timestamp.txt": "2030-01-01 00:00:00 UTC\n"}
    assert not list(course.glob(".collecting-*"))


SWAPS = {
    "a link": lambda path, secret: path.symlink_to(secret),
    "a hard link": lambda path, secret: os.link(secret, path),
    "a pipe": lambda path, secret: os.mkfifo(path),
    "a file of another": lambda path, secret: (path.write_text("829"), os.chown(path, 12345, 12345)),
    "a linked folder": lambda path, secret: path.symlink_to(secret.parent),
}


@pytest.mark.parametrize("swap", [pytest.param(swap, marks=only_root if "another" in swap else ()) for swap in SWAPS])
def test_what_is_put_in_place_of_a_file_after_it_was_looked_at_is_refused_too(swap, tmp_path, monkeypatch):
    mine, secret = tmp_path / "mine/notes.txt", tmp_path / "secret/secret"
    for path in (mine, secret):
        path.parent.mkdir()
        path.write_text("829")
    opened = os.open

    def open_too_late(path, *args, **kwargs):
        if path == "notes.txt":
            mine.unlink()
            SWAPS[swap](mine, secret)
        return opened(path, *args, **kwargs)

    with monkeypatch.context() as patch, pytest.raises((NotPlain, OSError)):
        patch.setattr(os, "open", open_too_late)
        PlainCopy(os.getuid(), 10**6).copy(tmp_path / "mine", tmp_path / "copy")
    assert not list((tmp_path / "copy").iterdir())
