"""Write the programs of .venv anew (jupyter, pytest, …): each names its Python by the full path, which a moved folder changes.

run.py starts this after the course's folder was moved or renamed, with .venv's Python and the folder of the programs. It needs no
network. pip's own maker of programs does it, so they are as pip would write them, on Windows too.
"""
import re
import sys
from importlib.metadata import distributions
from pathlib import Path

from pip._vendor.distlib.scripts import ScriptMaker

# How a program of Python begins; the first form is for a path that is long or holds a space.
BEGINNING = re.compile(rb"\A(#!/bin/sh\n'''exec' .*\n' '''\n|#!.*python.*\n)")
PLAIN = b"#!python\n"


def main(folder):
    maker = ScriptMaker(folder, folder)
    maker.clobber = maker.force = maker.set_mode = True
    maker.variants = {""}
    made = {Path(path) for entry in entries() for path in maker.make(*entry)}
    for path in sorted(set(folder.iterdir()) - made):   # those that a package brought as a file
        if path.is_file() and not path.is_symlink() and BEGINNING.match(path.read_bytes()):
            path.write_bytes(BEGINNING.sub(PLAIN, path.read_bytes()))
            maker.make(path.name)
            path.write_bytes(path.read_bytes().replace(b"\n" + PLAIN, b"\n", 1))   # the maker keeps the line that it replaces


def entries():
    """Yield what ScriptMaker.make wants to know of each program that a package declares."""
    for entry in (entry for distribution in distributions() for entry in distribution.entry_points):
        if entry.group in ("console_scripts", "gui_scripts"):
            yield f"{entry.name} = {entry.value}", {"gui": entry.group == "gui_scripts"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
