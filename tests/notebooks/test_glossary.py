"""The glossary of 00: in the order of the alphabet, and each word explained where its link leads."""
import re

import pytest

from .links import link_fault
from .notebook import Notebook
from .test_notebooks import FOLDER, NOTEBOOKS

START = NOTEBOOKS[0]
ROW = re.compile(r'^\| \*\*(?P<word>[^*]+)\*\* \| (?P<meaning>.+) '
                 r'\| \[(?P<number>\d\d)\]\((?P<target>[^)]+)\)(?: as "(?P<there>[^"]+)")? \|$')


def glossary():
    """Return the rows of the table below the heading, each as it reads."""
    cell, = (cell.source for cell in Notebook.read(START).markdown if cell.source.startswith("## Glossary\n"))
    return [line for line in cell.splitlines() if line.startswith("|")][2:]


ROWS = [ROW.match(line) for line in glossary()]
WORDS = [row["word"] for row in ROWS if row]


def test_every_row_is_a_word_a_line_and_a_link():
    assert [line for line, row in zip(glossary(), ROWS, strict=True) if not row] == []
    assert len(WORDS) > 45


def test_in_the_order_of_the_alphabet_and_each_once():
    plain = [word.lower() for word in WORDS]
    assert plain == sorted(set(plain))


@pytest.mark.parametrize("row", ROWS, ids=WORDS)
def test_the_link_leads_to_a_notebook_that_says_the_word(row):
    assert link_fault(row["target"], START) is None
    file = row["target"].partition("#")[0]
    assert file.startswith(row["number"])
    said = " ".join(" ".join(cell.source for cell in Notebook.read(FOLDER / file).markdown).split()).lower()
    word = row["there"] or re.sub(r" \(.*\)", "", row["word"])
    assert re.search(rf"\b{re.escape(word.lower())}", said), f"{file} never says {word!r}"


def test_links_go_both_ways():
    """01 is where a learner meets the first words: it says where to look them up."""
    assert any("](00_start_here.ipynb#Glossary)" in cell.source for cell in Notebook.read(NOTEBOOKS[1]).markdown)
