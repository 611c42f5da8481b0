"""What a student puts into the exchange by hand: never a file that is not theirs. Tried as two real accounts."""

import os
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")

from lstm_classroom.course import build, nbgrader, prepare
from nbgrader.api import Gradebook, MissingEntry

from lstm_helpers.exercises.vanishing_gradients import q1

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME = "04_vanishing_gradients"
STUDENT = "nobody"
pytestmark = [
    pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning"),   # of nbgrader itself
    pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="two accounts of this machine: only root can become both")]


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
        subprocess.run(["sh", "-ec", script], check=True, user=STUDENT, group=os.stat("/tmp").st_gid, extra_groups=[])
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
