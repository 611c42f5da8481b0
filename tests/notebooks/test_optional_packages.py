"""20_frameworks with PyTorch and ONNX runs all its checks, and without them says the same but for what was not run."""

import configparser
import functools
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .notebook import Notebook
from .test_notebooks import FOLDER

NOTEBOOK = FOLDER / "20_frameworks.ipynb"
OPTIONAL = ("torch", "onnx")
NOT_RUN = "not run, because the package {} is not installed"
MISSING = [name for name in OPTIONAL if not find_spec(name)]
needs_all = pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not installed: that the checks run is not tested")
WITHOUT = "import sys\nsys.modules |= dict.fromkeys(('torch', 'onnx'))\n"           # find_spec and import then find none
CHECKS = {"torch": 5, "onnx": 2}


def executed(before="", change=lambda source: source):
    """Run the notebook's code in a Python of its own; what it prints last is `checked`."""
    sources = [change(cell.source) for cell in Notebook.read(NOTEBOOK).code]
    script = "\n\n".join([before, *sources, "import json\nprint(json.dumps(checked))"])
    return subprocess.run([sys.executable, "-X", "utf8", "-"], input=script, cwd=FOLDER.parent, capture_output=True, text=True,
                          encoding="utf-8", env=os.environ | {"MPLBACKEND": "Agg"}, timeout=300)


@functools.cache
def outcome(before=""):
    """Return what the notebook prints, line by line, and `checked`."""
    run = executed(before)
    assert run.returncode == 0, run.stderr
    *lines, checked = run.stdout.splitlines()
    return lines, json.loads(checked)


def sanitised(lines):
    rule = configparser.ConfigParser()
    rule.read(Path(__file__).with_name("sanitize.cfg"), encoding="utf-8")
    return [re.sub(rule["optional packages"]["regex"], rule["optional packages"]["replace"], line) for line in lines]


@needs_all
def test_with_both_packages_every_check_runs():
    lines, checked = outcome()
    assert all(checked.values()) and len(checked) == sum(CHECKS.values())
    assert not [line for line in lines if "not run" in line]


@needs_all
def test_with_and_without_them_strict_nbval_reads_the_same():
    (lines, _), (bare, checked) = outcome(), outcome(WITHOUT)
    assert not any(checked.values()) and bare != lines
    assert sanitised(bare) == sanitised(lines)


def test_without_them_it_runs_and_says_what_was_not_run_and_why():
    lines, checked = outcome(WITHOUT)
    assert not any(checked.values())
    for package, checks in CHECKS.items():
        assert sum(NOT_RUN.format(package) in line for line in lines) == checks


@needs_all
@pytest.mark.parametrize("cut", ["outputs", "gradients", "onnx"])
def test_a_check_fails_if_the_numbers_disagree(cut):
    """Something is changed just before the check, so that no earlier one can notice."""
    before, change = {
        "outputs": ('where_installed("torch", "PyTorch, outputs', "trace.c[-1, 0, 0] += 1e-9\n"),
        "gradients": ('where_installed("torch", "PyTorch, all gradients', "grads.h0[0, 0] += 1e-9\n"),
        "onnx": ('where_installed("onnx", "ONNX, checker', 'frameworks.ORDERS["onnx"] = "iofg"[::-1]\n'),
    }[cut]
    run = executed(change=lambda source: source.replace(before, f"{change}{before}"))
    assert run.returncode != 0 and "AssertionError" in run.stderr and "in where_installed" in run.stderr


def test_the_stored_outputs_are_those_of_a_machine_without_them():
    notebook = Notebook.read(NOTEBOOK)
    stored = "\n".join(text for cell in notebook.code for place, text in cell.texts() if place == "output")
    assert "run and checked" not in stored, notebook.execute_again + " where PyTorch and ONNX are not installed"
    assert all(stored.count(NOT_RUN.format(package)) == checks for package, checks in CHECKS.items())
