"""What the course says of itself: its parts, and of each notebook topic, question, minutes and the words that it explains.

All of it is written once, in the README's map and in the map and the glossary of 00, and read from there.
"""
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parent.parent
START = ROOT / "notebooks/00_start_here.ipynb"
PART = re.compile(r"^\| (?P<part>[^|]+) \| (?P<notebooks>[^|]*\[\d\d [^|]+) \|$", re.MULTILINE)
TOPIC = re.compile(r"\[(?P<number>\d\d) (?P<topic>[^]]+)\]")
ANSWERS = re.compile(r"^\| \w+ \| \[?(?P<number>\d\d)_[^|]* \| (?P<question>[^|]+) \| (?P<minutes>\d+) \|$", re.MULTILINE)
WORD = re.compile(r"^\| \*\*(?P<word>[^*]+)\*\* \|[^|]*\| \[[^]]*\]\((?P<page>[^#)]*)\.ipynb#(?P<heading>[^)]+)\)", re.MULTILINE)


class Notebook(NamedTuple):
    """Hold what is said of a notebook wherever it is listed."""

    path: Path
    topic: str
    question: str
    minutes: int

    @property
    def title(self):
        return f"{self.path.name[:2]} · {self.topic}: {self.question}"


def notebooks():
    return [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")) if "." not in path.stem]


@cache
def parts():
    """Return {part: its notebooks}, as the README's map divides them."""
    answers = {row["number"]: row for row in ANSWERS.finditer(start())}
    paths = {path.name[:2]: path for path in notebooks()}
    return {row["part"]: [Notebook(paths[number], topic[0].upper() + topic[1:], answers[number]["question"],
                                   int(answers[number]["minutes"])) for number, topic in TOPIC.findall(row["notebooks"])]
            for row in PART.finditer((ROOT / "README.md").read_text(encoding="utf-8"))}


def words():
    """Return {name of a page: [(a word of the glossary, the heading under which it is explained)]}."""
    found = {}
    for row in WORD.finditer(start()):
        for word in filter(None, re.split(r"\s*[()]", row["word"])):
            found.setdefault(f"notebooks/{row['page']}", []).append((word, slug(row["heading"])))
    return found


def slug(heading):
    """Write #A-heading, as JupyterLab reads it, as the site does: a-heading."""
    return re.sub(r"[^\w-]", "", heading.removeprefix("heading=").lower())


@cache
def start():
    return "\n\n".join(cell.source for cell in nbformat.read(START, as_version=4).cells if cell.cell_type == "markdown")


NOTEBOOKS = {f"notebooks/{notebook.path.stem}": notebook for part in parts().values() for notebook in part}
TOPICS = {name: notebook.topic for name, notebook in NOTEBOOKS.items()}

# {name of a page: its title in lists, in the search and in the browser's tab}; the others are called what their heading says
TITLES = {name: notebook.title for name, notebook in NOTEBOOKS.items()} | {"about": "About the course"}
