"""20_frameworks with PyTorch, Keras and ONNX measures all its numbers, and without them shows the recorded ones."""

import configparser
import functools
import json
import math
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lstm_helpers.frameworks import recorded

from .notebook import Notebook
from .test_notebooks import FOLDER

NOTEBOOK = FOLDER / "20_frameworks.ipynb"
CHECKS = {"torch": 5, "keras": 3, "onnx": 2}
HERE = [name for name in CHECKS if find_spec(name) and (name != "keras" or find_spec("torch"))]
needs_two = pytest.mark.skipif(not {"torch", "onnx"} <= {*HERE},
                               reason="torch and onnx not installed: what they compute is not tested")
WITHOUT = "import sys\nsys.modules |= dict.fromkeys(('torch', 'onnx', 'keras'))\n"   # find_spec and import then find none


def executed(before="", change=lambda source: source):
    """Run the notebook's code in a Python of its own; what it prints last is `live`."""
    sources = [change(cell.source) for cell in Notebook.read(NOTEBOOK).code]
    script = "\n\n".join([before, *sources, "import json\nprint(json.dumps(live))"])
    return subprocess.run([sys.executable, "-X", "utf8", "-"], input=script, cwd=FOLDER.parent, capture_output=True, text=True,
                          encoding="utf-8", env=os.environ | {"MPLBACKEND": "Agg"}, timeout=300)


@functools.cache
def outcome(before=""):
    """Return what the notebook prints, line by line, and `live`."""
    run = executed(before)
    assert run.returncode == 0, run.stderr
    *lines, live = run.stdout.splitlines()
    return lines, json.loads(live)


def sanitised(lines):
    rule = configparser.RawConfigParser()
    rule.read(Path(__file__).with_name("sanitize.cfg"), encoding="utf-8")
    for name in ("optional packages", "measured numbers"):
        lines = [re.sub(rule[name]["regex"], rule[name]["replace"], line) for line in lines]
    return lines


def alike(one, other):
    """Tell whether two numbers say the same: both are rounding errors, or they agree in two digits."""
    return max(abs(one), abs(other)) < 2e-6 or math.isclose(one, other, rel_tol=0.01)


def test_everything_is_recorded_with_its_version():
    sources = [cell.source for cell in Notebook.read(NOTEBOOK).code]
    asked = re.findall(r'elsewhere\("(\w+)",\s*"([^"]+)"', "\n".join(sources))
    assert [sum(name == package for package, _ in asked) for name in CHECKS] == [*CHECKS.values()]
    assert [what for _, what in asked] == [*recorded()]
    assert all(math.isfinite(number) and re.match(r"\d+\.\d+", made_with) for number, made_with in recorded().values())


@needs_two
def test_what_is_recorded_is_what_they_measure_here():
    _, live = outcome()
    assert len(live) == sum(CHECKS[name] for name in HERE)
    assert not {what: (number, recorded()[what]) for what, (number, _) in live.items() if not alike(number, recorded()[what][0])}


@needs_two
def test_with_and_without_them_strict_nbval_reads_the_same():
    (lines, _), (bare, live) = outcome(), outcome(WITHOUT)
    assert not live and bare != lines
    assert sanitised(bare) == sanitised(lines)


def test_without_them_it_shows_what_was_recorded_and_says_so():
    lines, live = outcome(WITHOUT)
    assert not live
    for package, checks in CHECKS.items():
        assert sum(f"[recorded with {package} " in line for line in lines) == checks


@needs_two
@pytest.mark.parametrize("cut", ["outputs", "gradients", "onnx"])
def test_a_check_fails_if_the_numbers_disagree(cut):
    """Something is changed just before the check, so that no earlier one can notice."""
    before, change = {
        "outputs": ('number, source = elsewhere("torch", "PyTorch, outputs', "trace.c[-1, 0, 0] += 1e-9\n"),
        "gradients": ('number, source = elsewhere("torch", "PyTorch, all gradients', "grads.h0[0, 0] += 1e-9\n"),
        "onnx": ('number, source = elsewhere("onnx", "ONNX, reference', 'frameworks.ORDERS["onnx"] = "iofg"[::-1]\n'),
    }[cut]
    run = executed(change=lambda source: source.replace(before, f"{change}{before}"))
    assert run.returncode != 0 and "AssertionError" in run.stderr and "measured" in run.stderr


def test_the_stored_outputs_are_those_of_a_machine_without_them():
    notebook = Notebook.read(NOTEBOOK)
    stored = "\n".join(text for cell in notebook.code for place, text in cell.texts() if place == "output")
    assert "[run here" not in stored, notebook.execute_again + " where PyTorch, Keras and ONNX are not installed"
    assert all(stored.count(f"[recorded with {package} ") == checks for package, checks in CHECKS.items())
