"""Assignments through nbgrader itself: made, handed in by all kinds of students, graded, and feedback written."""

import os
import re
import shutil
import stat
from html import unescape
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import nbgrader_steps
from lstm_classroom.assignments import seed_of
from lstm_classroom.course import ReleaseFailed, build, nbgrader, prepare, secret_of
from nbgrader.api import Gradebook

from lstm_helpers.exercises import lstm_backward, vanishing_gradients
from tests.classroom.walls import needs_bubblewrap

pytestmark = [pytest.mark.slow, needs_bubblewrap,
              pytest.mark.filterwarnings("ignore:Object of type <Submitted:RuntimeWarning")]   # of nbgrader itself

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NAME, OTHER = "04_vanishing_gradients", "12_lstm_backward"
SOLUTIONS = {name: vars(vanishing_gradients)[name].source() for name in ("q1", "q2", "q3")}
POINTS = {"q1": 3, "q2": 1, "q3": 2}
WRONG = "def gradient_lengths(dh_last, W_h, steps):\n    {}"

LIAR = """
import builtins, gc, os, subprocess, sys
import numpy
import lstm_helpers.checking.question, lstm_helpers.checking.judging, lstm_helpers.checking.verdict
from lstm_classroom.wire import dumps
from lstm_helpers.checking import Question, Verdict, judging as grading, running
from lstm_helpers.checking.verdict import Fault
from lstm_helpers.exercises import vanishing_gradients
print("Correct.")
right = Verdict("correct", "Correct.", 3, 3)
Question.grade = Question.check = lambda self, answer, rng=0: right
Verdict.points = Verdict.out_of = 3
q1.check = q1.grade = vanishing_gradients.q1.grade = lambda *args, **kwargs: right
grading.judge = grading.outcomes = grading.same = grading.compare = running.run = lambda *args, **kwargs: (right, "Correct.")
numpy.allclose = numpy.array_equal = numpy.all = builtins.all = builtins.any = lambda *args, **kwargs: True
subprocess.run = subprocess.Popen = lambda *args, **kwargs: right
sys.exit = os._exit = lambda *args: None
for stream in (1, 3, 4, 5, 6):
    try:
        os.write(stream, dumps({"called": True}) + dumps({"fault": Fault("correct", "Correct."), "printed": "", "changed": None}))
        os.write(stream, dumps({"fault": None, "printed": "Correct.", "changed": [False] * 3, "parts": {"": True}}))
    except OSError:
        pass
verdict = right


def gradient_lengths(dh_last, W_h, steps):
    print("Correct.")
    return right
"""
Q1 = {      # what students write in the cell of q1, which is worth 3 points; q2 and q3 are as they should be
    "perfect": SOLUTIONS["q1"],
    "helper": "def gradient_lengths(*args):\n    return my_own(*args)",
    "liar": LIAR,
    "prints": WRONG.format("print('Correct.')\n    return 'Correct.'"),
    "loop": WRONG.format("while True: pass"),
    "exit": "import os\nos._exit(0)",
    "mistake": SOLUTIONS["q1"].replace("np.array(lengths)", "np.array(lengths)**2"),
}
SAID = {    # what the feedback tells them
    "liar": "What your code handed over cannot be read",     # it says of itself that it is correct
    "prints": "It holds text; it needs real numbers.",
    "loop": "It was stopped in line 2: `while True: pass`",
    "exit": "Python itself ended while your code ran",
    "mistake": "These are squared lengths: take the square root",
    "empty": "Not attempted yet",
    "tampered": "Your notebook has nothing called `gradient_lengths`",
}
SCRIPT = "**bold** words\n\n<script>alert('read me')</script>\n\n<img src=x onerror=alert(1)> and [a link](javascript:alert(2))"


def answered(released, **answers):
    """Return a release with answers in its cells."""
    notebook = nbformat.reads(released, as_version=4)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def tampered(released):
    """Return a perfect submission from whose notebook cells, labels and order were lost."""
    needs_the_set_up = f"np.pi\n\n{SOLUTIONS['q3']}"
    notebook = answered(released, **{**SOLUTIONS, "q3": needs_the_set_up})
    q1_test, q3_test = (next(cell for cell in notebook.cells if cell.id == name) for name in ("q1-test", "q3-test"))
    q1_test.metadata["nbgrader"].update(grade=False, solution=True, points=99, locked=False)
    q1_test.source = "3"
    q3_test.metadata["nbgrader"] = "nonsense"
    strange = nbformat.v4.new_code_cell("1", metadata={"nbgrader": {"grade": True, "points": 50, "schema_version": 1}})
    double = nbformat.v4.new_code_cell("pass", metadata={"nbgrader": dict(notebook.cells[3].metadata["nbgrader"])})
    notebook.cells = [strange, double, *(cell for cell in notebook.cells if cell.id not in ("set-up", "q2-test", "q1"))]
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with two assignments, handed in, graded and with feedback."""
    folder = tmp_path_factory.mktemp("classroom") / "course"
    prepare(folder)
    for name in (NAME, OTHER):
        build(folder, NOTEBOOKS / f"{name}.ipynb", secret_of(folder))
    released = (folder / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    for student, q1 in Q1.items():
        notebook = answered(released, **{**SOLUTIONS, "q1": q1})
        helper = nbformat.v4.new_code_cell(SOLUTIONS["q1"].replace("gradient_lengths", "my_own"))
        notebook.cells[3:3] = [helper] if student == "helper" else []
        raw = nbformat.v4.new_raw_cell(SCRIPT, metadata={"raw_mimetype": "text/html"})
        scripts = [nbformat.v4.new_markdown_cell(SCRIPT), raw]
        notebook.cells += scripts if student == "mistake" else []
        hand_in(folder, student, NAME, notebook)
    hand_in(folder, "empty", NAME, answered(released))
    hand_in(folder, "tampered", NAME, tampered(released))
    full = {name: vars(lstm_backward)[name].source() for name in ("q1", "q2", "q3")}
    released = (folder / "release" / OTHER / f"{OTHER}.ipynb").read_text(encoding="utf-8")
    hand_in(folder, "perfect", OTHER, answered(released, **full))
    hand_in(folder, "empty", OTHER, answered(released))
    place = hand_in(folder, "torn", OTHER, answered(released))
    place.write_text(place.read_text(encoding="utf-8")[:1000], encoding="utf-8")
    return folder


def hand_in(folder, student, name, notebook):
    place = folder / "submitted" / student / name / f"{name}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(notebook, place)
    return place


@pytest.fixture(scope="module")
def graded(course):
    """Return what nbgrader said to each (student, assignment), in the course when all is graded."""
    api, said = nbgrader(course), {}
    for place in sorted(course.glob("submitted/*/*")):
        student, name = place.parts[-2:]
        said[student, name] = api.autograde(name, student)
        if said[student, name]["success"]:
            assert api.generate_feedback(name, student)["success"]
    return said


def scores(course, student, name=NAME):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook(name, name, student)
        return {grade.name.removesuffix("-test"): grade.score for grade in submission.grades}


def feedback(course, student, name=NAME):
    return (course / "feedback" / student / name / f"{name}.html").read_text(encoding="utf-8")


def read(course, kind, name):
    return nbformat.read(course / kind / name / f"{name}.ipynb", as_version=4)


class TestRelease:
    @pytest.mark.parametrize("name", [NAME, OTHER])
    def test_it_holds_the_stubs_and_statements_of_the_notebook_word_for_word(self, course, name):
        cells = {cell.id: cell.source for cell in read(course, "release", name).cells}
        original = [cell.source for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells]
        for question in ("q1", "q2", "q3"):
            place = original.index(cells[question])
            assert original[place - 1] == cells[f"{question}-statement"]

    @pytest.mark.parametrize("name", [NAME, OTHER])
    def test_it_holds_no_solution_and_no_hidden_test(self, course, name):
        released, source = (" ".join(cell.source for cell in read(course, kind, name).cells) for kind in ("release", "source"))
        for word in (".grade(", "rng=", "BEGIN", "verdict"):
            assert word in source and word not in released
        assert secret_of(course) not in source
        for solution in SOLUTIONS.values() if name == NAME else ():
            assert solution in source and solution not in released

    def test_points_are_those_declared(self, course):
        points = {cell.id: cell.metadata["nbgrader"]["points"] for cell in read(course, "release", NAME).cells
                  if cell.metadata["nbgrader"]["grade"]}
        assert points == {f"{name}-test": number for name, number in POINTS.items()}

    def test_only_answers_can_be_edited(self, course):
        editable = {cell.id for cell in read(course, "release", NAME).cells if cell.metadata.get("editable", True)}
        assert editable == set(POINTS)


class TestGrading:
    @pytest.mark.parametrize("student", ["perfect", "helper"])
    def test_right_answers_earn_all_points(self, course, graded, student):
        assert graded[student, NAME]["success"] and scores(course, student) == POINTS

    def test_answers_that_are_dicts_and_traces_earn_all_points_too(self, course, graded):
        assert scores(course, "perfect", OTHER) == {"q1": 3, "q2": 3, "q3": 9}

    @pytest.mark.parametrize("name", [NAME, OTHER])
    def test_an_empty_submission_gets_nothing_and_breaks_nothing(self, course, graded, name):
        assert graded["empty", name]["success"] and set(scores(course, "empty", name).values()) == {0}

    @pytest.mark.parametrize("student", ["prints", "loop", "exit", "mistake", "tampered"])
    def test_a_bad_answer_gets_nothing_and_the_others_keep_their_points(self, course, graded, student):
        assert graded[student, NAME]["success"] and scores(course, student) == {**POINTS, "q1": 0}

    def test_who_redefines_the_checker_and_forges_reports_gets_nothing(self, course, graded):
        assert graded["liar", NAME]["success"] and scores(course, "liar")["q1"] == 0

    def test_a_file_that_is_no_notebook_is_named_and_the_others_are_graded(self, course, graded):
        assert not graded["torn", OTHER]["success"] and "Not graded: torn: it is no notebook" in graded["torn", OTHER]["log"]
        assert sum(result["success"] for result in graded.values()) == len(graded) - 1


class TestFeedback:
    @pytest.mark.parametrize("student", SAID)
    def test_it_says_what_was_wrong(self, course, graded, student):
        assert SAID[student] in unescape(re.sub(r"<[^>]*>", "", feedback(course, student)))

    def test_it_says_what_was_right(self, course, graded):
        assert feedback(course, "perfect").count("<pre>Correct.") == 3

    @pytest.mark.parametrize("student", ["perfect", "liar", "tampered"])
    def test_it_holds_no_hidden_test(self, course, graded, student):
        assert "rng" not in re.sub(r"<[^>]*>", "", feedback(course, student)).replace("rng=0: right", "")

    def test_nothing_in_it_runs_in_a_teachers_browser(self, course, graded):
        html = feedback(course, "mistake")
        assert html.count("**bold** words") == 2
        assert not re.search(r"<script>alert|<img[^>]*onerror|href=.javascript", html)


class TestPrivacy:
    @pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
    def test_nobody_but_its_owner_may_enter_the_course(self, course):
        assert stat.S_IMODE(course.stat().st_mode) == 0o700
        assert stat.S_IMODE((course / "secret").stat().st_mode) == 0o600

    @pytest.mark.skipif(os.name == "nt", reason="the exchange needs Unix permissions")
    def test_what_students_hand_in_cannot_be_listed_by_other_students(self, course, tmp_path):
        exchange = tmp_path / "exchange"
        exchange.mkdir()
        exchange.chmod(0o1777)
        api = nbgrader(course, exchange=exchange)
        assert api.release_assignment(NAME)["success"]
        assert stat.S_IMODE(exchange.stat().st_mode) == 0o1777
        inbound = exchange / "lstm" / "inbound"
        assert stat.S_IMODE(inbound.stat().st_mode) & 0o777 == 0o733      # put in: yes; list: no

    @pytest.mark.skipif(os.name == "nt", reason="the exchange needs Unix accounts")
    def test_nobody_hands_in_for_another(self, course, tmp_path):
        exchange, me = tmp_path / "exchange", tmp_path.owner()
        exchange.mkdir()
        exchange.chmod(0o1777)
        api = nbgrader(course, exchange=exchange)
        assert api.release_assignment(NAME)["success"]
        forged = exchange / "lstm" / "inbound" / f"perfect+{NAME}+2030-01-01 00:00:00 UTC+abc"
        forged.mkdir()
        (forged / f"{NAME}.ipynb").write_text("forged", encoding="utf-8")
        before = (course / "submitted" / "perfect" / NAME / f"{NAME}.ipynb").read_bytes()
        result = api.collect(NAME, update=True)
        assert result["success"] and f"{me} handed in" in result["log"] and "under the name perfect" in result["log"]
        assert (course / "submitted" / "perfect" / NAME / f"{NAME}.ipynb").read_bytes() == before
        assert (course / "submitted" / me / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8") == "forged"
        shutil.rmtree(course / "submitted" / me)

    def test_handing_out_makes_no_exchange_folder_but_asks_for_one(self, course, tmp_path):
        result = nbgrader(course, exchange=tmp_path / "exchange").release_assignment(NAME)
        assert not result["success"] and not (tmp_path / "exchange").exists()
        assert "There is no exchange folder" in result["log"] and "last line of nbgrader_config.py" in result["log"]


class TestSecondRun:
    def test_nothing_that_teachers_or_students_made_is_lost(self, course, graded):
        (course / "nbgrader_config.py").write_text((course / "nbgrader_config.py").read_text() + "# mine\n")
        before = state_of(course)
        prepare(course)
        build(course, NOTEBOOKS / f"{NAME}.ipynb", secret_of(course))
        after = state_of(course)
        assert {path.name for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()

    def test_a_course_made_when_the_package_had_another_name_is_mended_in_that_line(self, tmp_path):
        prepare(tmp_path)
        path, new = tmp_path / "nbgrader_config.py", "from lstm_classroom.nbgrader_steps import configure\n"
        text = path.read_text(encoding="utf-8") + "# mine\n"
        assert text.count(new) == 1
        path.write_text(text.replace(new, "from lstm_helpers.classroom.steps import configure\n"), encoding="utf-8")
        prepare(tmp_path)
        assert path.read_text(encoding="utf-8") == text

    def test_a_changed_assignment_replaces_the_release_and_keeps_the_grades(self, course, graded):
        before, old_seeds = read(course, "release", NAME), seeds(course)
        build(course, NOTEBOOKS / f"{NAME}.ipynb", "another secret")
        after = read(course, "release", NAME)
        assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
        assert seeds(course) == {f"rng={seed_of('another secret', NAME, name)}" for name in POINTS}
        assert len(old_seeds | seeds(course)) == 2 * len(POINTS)
        assert scores(course, "perfect") == POINTS and not list(course.glob("*.part"))

    def test_if_nbgrader_refuses_the_old_release_stays(self, course, graded, monkeypatch):
        before = read(course, "release", NAME)
        monkeypatch.setattr(nbgrader_steps.PutStubs, "preprocess_cell", None)
        with pytest.raises(ReleaseFailed, match="could not make the release of 04_vanishing"):
            build(course, NOTEBOOKS / f"{NAME}.ipynb", "a third secret")
        assert read(course, "release", NAME) == before
        monkeypatch.undo()
        assert not list(course.glob("*.part"))
        when = (course / "release" / NAME / f"{NAME}.ipynb").stat().st_mtime_ns
        build(course, NOTEBOOKS / f"{NAME}.ipynb", "a third secret")
        assert (course / "release" / NAME / f"{NAME}.ipynb").stat().st_mtime_ns > when
        assert seeds(course) == {f"rng={seed_of('a third secret', NAME, name)}" for name in POINTS}


def state_of(course):
    """When each file was written, and what it holds."""
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in course.rglob("*") if path.is_file()}


def seeds(course):
    return set(re.findall(r"rng=\d+", " ".join(cell.source for cell in read(course, "source", NAME).cells)))
