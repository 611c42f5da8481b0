"""The lesson plans: what they say of notebooks, questions, points, verdicts and minutes is so."""
import re
from pathlib import Path

import pytest

from tests.exercises.declared import modules, questions_of
from tests.notebooks.links import documents
from tests.notebooks.notebook import Notebook

ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "classroom" / "lesson_plans"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(PLANS.glob("*.md"))}
TERM, SEMINAR, WORKSHOP, LECTURE = (TEXTS[f"{name}.md"] for name in ("term_14_weeks", "seminar_4_evenings", "workshop_5_days",
                                                                    "lecture_90_minutes"))
every_text = pytest.mark.parametrize("name", TEXTS)

MODULES = modules()
NOTEBOOKS = {path.stem: Notebook.read(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
             if "." not in path.stem}
NAME = re.compile(r"(?<![\w/])\d\d_[a-z]\w*")
QUESTION = re.compile(r"\b(\d\d) (q\d)\b")
QUOTE = re.compile("“([^”]+)”")
FIELDS = ("**Goal.**", "**Before", "**The question.**", "**Homework, ", "**If time is short,**")


def tables(text):
    """Return the tables of a markdown text, each a list of {heading: cell}."""
    blocks = re.findall(r"(?:^\|.*\|\n?)+", text, re.MULTILINE)
    lines = [[[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in block.splitlines()] for block in blocks]
    for heads, _, *rows in lines:
        assert all(len(row) == len(heads) for row in rows), f"a row of the table {heads} is too short or too long"
    return [[dict(zip(heads, row, strict=True)) for row in rows] for heads, _, *rows in lines]


def rows_with(text, *columns):
    """Return the rows of all tables that have these columns."""
    return [row for table in tables(text) for row in table if row.keys() >= set(columns)]


def sections(text, level):
    """Return [(heading, text below it)] for the headings of one level; weeks have sections of the same heading."""
    parts = re.split(rf"^{'#' * level} (.+)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def start_here():
    return "\n\n".join(cell.source for cell in NOTEBOOKS["00_start_here"].markdown)


def course_map():
    """Return {notebook: minutes} of the map in 00."""
    return {NAME.search(row["notebook"])[0]: int(row["minutes"]) for row in rows_with(start_here(), "notebook", "minutes")}


def ledger():
    """Return {number: (verdict, places that measure it)} of the claims ledger."""
    rows = rows_with(start_here(), "#", "verdict")
    return {int(row["#"]): (row["verdict"], set(re.findall(r"\(([^)#]+#Claim-\d+)\)", row["measured in"]))) for row in rows}


def points_of(notebook):
    """Return {question: points} of a notebook."""
    module = MODULES.get(notebook[3:])
    return {name: question.points for name, question in questions_of(module).items()} if module else {}


def question(number, name):
    found = [stem for stem in MAP if stem.startswith(number) and name in points_of(stem)]
    assert found, f"there is no question {number} {name}"
    return questions_of(MODULES[found[0][3:]])[name]


def text_of(notebook):
    """Return all that a notebook says, in cells and outputs, on one line."""
    texts = (text for cell in NOTEBOOKS[notebook].cells for _, text in cell.texts())
    return " ".join("\n".join(texts).split())


BLOCKS, MAP = dict(sections(TEXTS["notebooks.md"], 2)), course_map()
UNITS = dict(sections(TERM, 2) + sections(SEMINAR, 2) + sections(WORKSHOP, 2))


def homework(text):
    """Return [(points of the week, {assignment: points})] of the homework lines."""
    lines = re.findall(r"^\*\*Homework, (\d+) points:\*\* (.+)$", text, re.MULTILINE)
    given = [(int(total), re.findall(r"(\d\d_\w+) \((\d+)\)", line)) for total, line in lines]
    return [(total, {name: int(points) for name, points in assignments}) for total, assignments in given]


@every_text
def test_plans_are_among_the_documents_whose_links_are_tested(name):
    assert PLANS / name in documents(ROOT)


@every_text
def test_every_notebook_named_is_on_the_map(name):
    """The map in 00 also names notebooks that are still being written."""
    assert sorted(set(NAME.findall(TEXTS[name])) - MAP.keys()) == []


@every_text
def test_every_question_exists(name):
    for number, title in QUESTION.findall(TEXTS[name]):
        question(number, title)


@every_text
def test_quotations_are_the_words_of_the_check(name):
    for row in rows_with(TEXTS[name], "the check's words") + rows_with(TEXTS[name], "the check's words, or the verdict"):
        words = row.get("the check's words") or row["the check's words, or the verdict"]
        for found in QUESTION.findall(row.get("seen in", row.get("from", ""))):
            messages, quoted = question(*found).mistakes.values(), QUOTE.findall(words)
            assert quoted, f"{found}: quote the check"
            for part in quoted:
                assert any(part in message for message in messages), f"{found} says nowhere: {part}"


def test_verdicts_are_those_of_the_ledger():
    for row in rows_with(TEXTS["notebooks.md"], "seen in"):
        if claim := re.match(r"claim (\d+), (\w+)", row["seen in"]):
            verdict, places = ledger()[int(claim[1])]
            assert claim[2] == verdict, row
            assert any(f"({'../../notebooks/' + place})" in row["the check's words, or the verdict"] for place in places), row


def test_one_block_for_each_notebook_in_the_order_of_the_map():
    assert [title for title in BLOCKS if NAME.fullmatch(title)] == list(MAP)


@pytest.mark.parametrize("notebook", MAP)
def test_a_block_states_minutes_and_points(notebook):
    block, points = BLOCKS[notebook], points_of(notebook)
    assert re.findall(r"· (\d+) minutes alone", block) == [str(MAP[notebook])]
    for field in ("**Aim.**", "**Ask.**", "**Expect.**", "**Settle it.**"):
        assert field in block
    if notebook in NOTEBOOKS:
        assert f"[{notebook}](../../notebooks/{notebook}.ipynb) · " in block, "it is there: link it and complete its block"
    assert {row["exercise"]: int(row["points"]) for row in rows_with(block, "exercise", "points")} == \
        {f"{notebook[:2]} {name}": value for name, value in points.items()}
    assert not points or f"· {sum(points.values())} points\n" in block


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_sliders_are_those_of_the_notebook(notebook):
    lines = re.findall(r"^\*\*Explorer\.\*\*.*(?:\n.+)*", BLOCKS[notebook], re.MULTILINE)
    lines += [row["slider"] for row in rows_with(LECTURE, "slider") if f"/{notebook}.ipynb#" in row["where"]]
    there = " ".join(re.findall(r"Explorer: [^(\"]*\((.*?)\)\.", text_of(notebook)))
    for label in re.findall("`([^`]+)`", " ".join(" ".join(lines).split())):
        assert label in there, f"{notebook} has no slider {label}"


def test_what_is_said_of_slow_cells_stands_in_the_notebooks():
    rows = rows_with(TEXTS["notebooks.md"], "slow cells, by its own words")
    assert rows
    for row in rows:
        for part in re.findall('"([^"]+)"', row["slow cells, by its own words"]):
            assert part in text_of(row["notebook"])


@every_text
def test_minutes_add_up(name):
    for title, text in sections(TEXTS[name], 3):
        planned = int(re.search(r", (\d+) minutes$", title)[1])
        assert sum(int(row["minutes"]) for row in tables(text)[0]) == planned, title


def test_fourteen_weeks_of_a_lecture_and_a_lab_and_five_days():
    weeks, days = dict(sections(TERM, 2)), dict(sections(WORKSHOP, 2))
    assert [title.split(" · ")[0] for title in weeks] == [f"Week {n}" for n in range(1, 15)]
    assert [title.split(" · ")[0] for title in days] == [f"Day {n}" for n in range(1, 6)]
    for text in weeks.values():
        assert "### Lecture, 90 minutes\n" in text and "### Lab, 90 minutes\n" in text
    for number, text in enumerate(days.values(), 1):
        assert [title for title, _ in sections(text, 3)] == [f"Day {number}, 420 minutes"]


@pytest.mark.parametrize("title", [*UNITS, "lecture"])
def test_a_session_says_all_that_a_teacher_needs(title):
    text = UNITS.get(title, LECTURE)
    assert [field for field in FIELDS if text.count(f"\n{field}") != 1] == []


@pytest.mark.parametrize("plan", [TERM, SEMINAR, WORKSHOP], ids=["term", "seminar", "workshop"])
def test_the_overview_is_that_of_the_sessions(plan):
    for row, (title, text) in zip(tables(plan)[0], sections(plan, 2), strict=True):
        number = row.get("week") or row.get("evening of the seminar") or row["day"]
        assert title.endswith(f" {number} · {row['topic']}"), title
        for notebook in row["notebooks"].split(", "):
            full, = (name for name in MAP if name.startswith(notebook))
            assert full in text, f"{title} has nothing of {full}"
        if "evening" in row:
            (_, assignments), = homework(text)
            assert row["evening"] == ", ".join(name[:2] for name in assignments), title


def test_the_term_and_the_seminar_after_it_have_every_notebook():
    rows = tables(TERM)[0] + tables(SEMINAR)[0]
    assert sorted(notebook for row in rows for notebook in row["notebooks"].split(", ")) == [n[:2] for n in MAP]


@pytest.mark.parametrize("plan", [TERM, SEMINAR, WORKSHOP], ids=["term", "seminar", "workshop"])
def test_homework_counts_as_the_exercises_do(plan):
    for total, assignments in homework(plan):
        assert assignments == {name: sum(points_of(name).values()) for name in assignments}
        assert total == sum(assignments.values())


def test_term_and_seminar_set_every_exercise_once():
    given = [name for plan in (TERM, SEMINAR) for _, assignments in homework(plan) for name in assignments]
    assert sorted(given) == [name for name in MAP if points_of(name)]


def test_points_of_workshop_and_project_add_up():
    promised = re.findall(r"(evening assignments|project\]\(project\.md\)),\s(\d+)\spoints", WORKSHOP)
    promised = {word: int(points) for word, points in promised}
    assert promised["evening assignments"] == sum(total for total, _ in homework(WORKSHOP))
    rubric = rows_with(TEXTS["project.md"], "points")
    assert sum(int(row["points"]) for row in rubric) == 20 == promised["project](project.md)"]


def test_explorers_of_the_lecture_are_moved_when_the_table_says():
    clock, moved = 0, {}
    for row in rows_with(LECTURE, "minutes"):
        start, clock = clock, clock + int(row["minutes"])
        for notebook, minute in re.findall(r"explorer of (\d\d) at minute (\d+)", row["what"]):
            assert start <= int(minute) < clock, row
            moved[notebook] = minute
    assert moved == {re.search(r"notebooks/(\d\d)", row["where"])[1]: row["at minute"] for row in rows_with(LECTURE, "slider")}
