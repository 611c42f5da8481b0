"""Imports run one way, and every public name says which notebook introduces it."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lstm_helpers

PACKAGE = Path(lstm_helpers.__file__).parent
MAY_IMPORT = {   # a part and the parts that it may import, besides itself
    "files": set(),
    "one_hot": set(),
    "cells": set(),
    "sequences": {"one_hot"},
    "learning": {"cells", "files", "one_hot"},
    "drawing": {"cells"},
    "frameworks": {"cells", "learning"},
    "environment": set(),
    "checking": set(),
    "exercises": {"checking", "cells", "learning", "sequences", "drawing"},
}
NOTEBOOKS = """
    00_start_here 01_order_matters 02_vanilla_rnn 03_backpropagation_through_time 04_vanishing_gradients
    05_exploding_gradients 06_long_term_dependencies 07_cell_state 08_forget_gate 09_input_gate 10_output_gate
    11_lstm_forward 12_lstm_backward 13_training 14_initialisation 15_classic_experiments 16_translation 17_time_series
    18_reading_text 19_variants 20_frameworks""".split()


def modules_imported(source, package):
    """Return the full names of all modules that a source imports, `package` being where relative imports start."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")
            start = parents[:len(parents) - node.level + 1] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return names


def parts_imported(source, package):
    """Return the parts of lstm_helpers that a source imports."""
    return {name.split(".")[1] for name in modules_imported(source, package)
            if name.startswith("lstm_helpers.")} & set(MAY_IMPORT)


def sources(part="*"):
    """Return (path, the package it is in) of every module of a part."""
    found = [*PACKAGE.glob(f"{part}.py"), *PACKAGE.glob(f"{part}/**/*.py")]
    return [(path, ".".join(["lstm_helpers", *path.parent.relative_to(PACKAGE).parts])) for path in found]


def test_every_part_is_known():
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path, _ in sources()}
    assert parts - {"__init__"} <= set(MAY_IMPORT)
    assert {"cells", "learning"} <= parts


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_no_part_imports_a_higher_one(part):
    for path, package in sources(part):
        imported = parts_imported(path.read_text(encoding="utf-8"), package)
        assert imported <= MAY_IMPORT[part] | {part}, path


def test_the_package_itself_imports_none_of_its_parts():
    assert not parts_imported((PACKAGE / "__init__.py").read_text(encoding="utf-8"), "lstm_helpers")


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_the_rule_itself_runs_one_way(part):
    assert all(part not in MAY_IMPORT[other] for other in MAY_IMPORT[part])


def test_cells_need_numpy_and_nothing_else():
    allowed = {"numpy", "lstm_helpers", *sys.stdlib_module_names}
    for path, package in sources("cells"):
        found = {name.split(".")[0] for name in modules_imported(path.read_text(encoding="utf-8"), package)}
        assert found <= allowed, path


def test_importing_cells_loads_no_other_part():
    code = "import sys, lstm_helpers.cells; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                            cwd=PACKAGE.parent).stdout.split()
    assert not {"lstm_helpers.learning", "lstm_helpers.drawing", "matplotlib", "tqdm", "torch"} & set(loaded)


@pytest.mark.parametrize(("source", "expected"), [
    ("import lstm_helpers.learning.losses", {"learning"}),
    ("import lstm_helpers.learning as learning, numpy", {"learning"}),
    ("from lstm_helpers import learning, cells", {"learning", "cells"}),
    ("from lstm_helpers.learning import train", {"learning"}),
    ("def late():\n    from lstm_helpers.learning.losses import mean_squared_error", {"learning"}),
    ("from ..learning import train", {"learning"}),
    ("from .. import learning", {"learning"}),
    ("from . import gates", {"cells"}),
    ("from .gates import F", {"cells"}),
    ("import numpy, learning", set()),
])
def test_every_form_of_import_is_seen(source, expected):
    assert parts_imported(source, "lstm_helpers.cells") == expected


def public_things():
    """Return (label, what it is) of every public name of cells and learning, and of their public methods."""
    things = []
    for part in ("cells", "learning"):
        module = importlib.import_module(f"lstm_helpers.{part}")
        for name in module.__all__:
            thing = getattr(module, name)
            things.append((f"{part}.{name}", thing))
            if inspect.isclass(thing):
                things += [(f"{part}.{name}.{method}", code) for method, code in vars(thing).items()
                           if inspect.isfunction(code) and not method.startswith("_")]
    return things


def documentation(label, thing):
    """Return the docstring of a thing; for a constant, the sentence of a module's docstring that introduces it."""
    if callable(thing):
        return thing.__doc__ or ""
    _, part, name = f"lstm_helpers.{label}".split(".")
    package = importlib.import_module(f"lstm_helpers.{part}")
    texts = [importlib.import_module(f"{package.__name__}.{found.name}").__doc__ or ""
             for found in pkgutil.iter_modules(package.__path__)]
    line = rf"^.*\b{name}\b.*: Introduced in \w+.*$"
    return "\n".join(found for text in texts for found in re.findall(line, text, re.M))


PUBLIC = public_things()


@pytest.mark.parametrize(("label", "thing"), PUBLIC, ids=[label for label, _ in PUBLIC])
def test_every_public_name_says_where_it_is_introduced(label, thing):
    introduced = re.findall(r"Introduced\s+in\s+(\w+)", documentation(label, thing))
    is_method = label.count(".") == 2                   # without a line of its own it comes with its class
    assert len(introduced) == 1 or (is_method and not introduced), f"{label} needs one line 'Introduced in NN_name'"
    assert set(introduced) <= set(NOTEBOOKS)


@pytest.mark.parametrize(("label", "thing"), [pair for pair in PUBLIC if callable(pair[1])],
                         ids=[label for label, thing in PUBLIC if callable(thing)])
def test_a_docstring_starts_with_one_imperative_line(label, thing):
    first, _, rest = (thing.__doc__ or "").partition("\n")
    assert re.match(r"[A-Z]\w+ .*\.$", first), f"{label}: {first!r}"
    assert not rest.strip() or rest.startswith("\n"), f"{label}: a blank line follows the first"
