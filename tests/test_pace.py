"""What takes longest comes first, a file stays with one process, and how much is left is said now and then."""
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from . import pace

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import os
import pytest

@pytest.mark.parametrize("n", range(NUMBER))
def test_one(n):
    with open("order", "a") as file:
        file.write(f"{__name__[-1]} {os.getpid()}\\n")
"""


class Terminal:
    def __init__(self):
        self.lines = []

    def get_plugin(self, name):
        return SimpleNamespace(write_line=self.lines.append, flush=lambda: None)


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def run_options(monkeypatch):
    """The options that run.py gives to pytest."""
    monkeypatch.syspath_prepend(ROOT / "tools")                         # where run.py has its own modules
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    commands = []
    monkeypatch.setattr(run, "run", lambda *command: commands.append(command) or 0)
    run.test([])
    assert commands[-1][:2] == ("-m", "pytest") and commands[-1][-2:] == ("tests", "notebooks")
    return [option for option in commands[-1][2:-2] if option != "--nbval"]


def test_every_file_that_is_said_to_take_long_is_there():
    assert not [name for name in pace.SECONDS if not (ROOT / name).is_file()]


def test_the_longest_file_comes_first_and_its_tests_keep_their_order(monkeypatch):
    monkeypatch.setattr(pace, "SECONDS", {"long": 9, "short": 0.1})
    items = [SimpleNamespace(nodeid=name) for name in ("usual::a", "short::a", "long::a", "usual::b", "long::b")]
    pace.pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == ["long::a", "long::b", "usual::a", "usual::b", "short::a"]


def test_what_is_left_is_measured_against_what_is_done(terminal, monkeypatch):
    monkeypatch.setattr(pace, "SECONDS", {"long": 30, "short": 10})
    run = pace.Pace(terminal, clock=iter([0, 60, 60, 60]).__next__)      # begun at 0, all else after a minute
    run.begin(["long::a", "long::b", "long::c", "short::a"])
    run.begin(["long::a", "long::b", "long::c", "short::a"])            # another worker found the same
    run.pytest_runtest_logfinish("long::a")                             # a quarter of all work took a minute
    assert terminal.lines == ["[#####...............] 1 of 4 · 3:00 left"]


def test_a_line_comes_every_ten_seconds_and_no_oftener(terminal, monkeypatch):
    now = [0]
    run = pace.Pace(terminal, clock=lambda: now[0])
    run.begin([f"file::{n}" for n in range(25)])
    for now[0] in range(1, 26):                                          # a test a second
        run.pytest_runtest_logfinish(f"file::{now[0] - 1}")
    assert terminal.lines == ["[########............] 10 of 25 · 0:15 left", "[################....] 20 of 25 · 0:05 left"]


def test_a_failure_is_named_at_once(terminal):
    pace.Pace(terminal).pytest_runtest_logreport(SimpleNamespace(failed=True, nodeid="tests/test_a.py::test_b"))
    assert terminal.lines == ["FAILED tests/test_a.py::test_b"]


def test_side_by_side_the_longest_file_begins_first_and_each_stays_with_one_process(tmp_path, run_options):
    for letter, number in zip("abcd", (9, 7, 5, 5), strict=True):       # the number of tests says nothing of their length
        (tmp_path / f"test_{letter}.py").write_text(TESTS.replace("NUMBER", str(number)))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "order_first.py").write_text("from tests import pace\npace.SECONDS = {'test_d.py': 9, 'test_c.py': 5}\n")
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = ['.', {str(ROOT)!r}]; import pytest; sys.exit(pytest.main())",
               "-p", "order_first", "-p", "xdist.plugin", *run_options]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}        # the others take seconds to load, in each process
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120, env=alone)
    assert done.returncode == 0, done.stdout + done.stderr
    begun = re.findall(r"(\w) (\d+)", (tmp_path / "order").read_text())
    assert len(begun) == 26
    assert {begun[0][0], next(letter for letter, process in begun if process != begun[0][1])} == {"d", "c"}
    assert all(len({process for letter, process in begun if letter == one}) == 1 for one in "abcd")
