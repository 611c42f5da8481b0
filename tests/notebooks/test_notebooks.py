"""Every notebook of the course keeps every rule."""
import functools
import re
from pathlib import Path

import pytest

from .loans import introductions, names_on_loan
from .notebook import Notebook
from .rules import RULES

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = [path for path in sorted(FOLDER.glob("*.ipynb")) if "." not in path.stem]      # not a learner's NAME.mine.ipynb
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

read = functools.cache(Notebook.read)


def test_there_are_notebooks():
    assert NOTEBOOKS, f"{FOLDER} holds no notebook: the rules were not tried on anything"


@every_notebook
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(path, rule):
    problems = rule(read(path))
    assert not problems, report(path, problems)


@every_notebook
def test_names_are_on_loan(path):
    problems = names_on_loan(read(path), introductions()[0])
    assert not problems, report(path, problems)


@every_notebook
def test_the_package_calls_the_notebook_by_its_name(path):
    sources = (FOLDER.parent / "lstm_helpers").rglob("*.py")
    named = {name for source in sources
             for name in re.findall(rf"Introduced in ({path.name[:2]}_\w+)", source.read_text(encoding="utf-8"))}
    assert named <= {path.stem}, f"docstrings call {path.stem} {', '.join(sorted(named - {path.stem}))}"


def report(path, problems):
    return "\n  ".join([f"{path.name}:", *problems])


def test_the_map_gives_the_minutes_that_each_notebook_gives_itself():
    given = {path.stem: re.search(r"About (\d+) minutes", read(path).cells[0].source)[1] for path in NOTEBOOKS}
    texts = "\n".join(cell.source for cell in read(NOTEBOOKS[0]).markdown)
    rows = re.findall(r"^\| \w+ \| \[?(\d\d_\w+)\b.*\| (\d+) \|$", texts, re.MULTILINE)
    assert dict(rows) == given
