"""Find, read and write the notebooks of the course: what the other tools share."""
import sys
from pathlib import Path

import nbformat

from lstm_helpers.files import write_whole

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def of_the_course():
    """Return all notebooks but those that `run.py update` kept for a learner, NN_name.mine.ipynb."""
    return [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if "." not in path.stem]


def find_notebooks(names, kind="notebook", wanted=lambda path: True):
    """Return the wanted notebooks whose file name begins with one of the names; all of them for no name."""
    paths, beginnings = [path for path in of_the_course() if wanted(path)], [Path(name).name for name in names]
    for name, beginning in zip(names, beginnings, strict=True):
        if not any(path.name.startswith(beginning) for path in paths):
            there = ", ".join(path.stem for path in paths) or "none"
            sys.exit(f"No {kind} begins with {name!r}. There are: {there}")
    return [path for path in paths if not names or path.name.startswith(tuple(beginnings))]


def read(path):
    return nbformat.read(path, as_version=4)


def write(notebook, path):
    """Write a notebook whole or not at all."""
    write_whole(path, lambda file: file.write((nbformat.writes(notebook) + "\n").encode()))
