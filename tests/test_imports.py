"""Imports run one way through the whole house, no circle anywhere, and every public name says which notebook introduces it."""

import ast
import graphlib
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lstm_helpers

ROOT, PACKAGE = Path(__file__).resolve().parents[1], Path(lstm_helpers.__file__).parent
PARTS = {   # a part of lstm_helpers and the parts that it may import, besides itself
    "files": set(),
    "one_hot": set(),
    "cells": set(),
    "sequences": {"one_hot"},
    "learning": {"cells", "files", "one_hot"},
    "drawing": {"cells"},
    "frameworks": {"cells", "learning"},
    "environment": set(),
    "measured": set(),
    "experiments": {"cells", "learning", "sequences", "files"},
    "checking": set(),
    "exercises": {"checking", "cells", "learning", "sequences", "drawing"},
}
FOLDERS = {"lstm_classroom": "classroom/lstm_classroom", "hub": "classroom/hub", "slides": "classroom/slides"}  # else as the room
MAY_IMPORT = {   # every room of the house, and the rooms that it may import, besides itself
    **PARTS,
    "lstm_helpers": set(),                              # the package itself, without its parts
    "lstm_classroom": {"lstm_helpers", "checking", "exercises", "files"},
    "tools": {*PARTS, "lstm_classroom"},                # and only tools may import lstm_classroom
    "site": set(),
    "slides": {"tools", "site"},
    "hub": set(),
    "benchmarks": {"cells", "experiments", "tools"},
}
NOTEBOOKS = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if "." not in path.stem}   # not a learner's NAME.mine


def sources(room):
    """Return {name: path} of every module of a room, called as others import it."""
    if room in PARTS:
        start, paths = PACKAGE.parent, [*PACKAGE.glob(f"{room}.py"), *PACKAGE.glob(f"{room}/**/*.py")]
    elif room == "lstm_helpers":
        start, paths = PACKAGE.parent, [PACKAGE / "__init__.py"]
    else:                                               # scripts are called by their names alone
        folder = ROOT / FOLDERS.get(room, room)
        paths = [path for path in folder.rglob("*.py") if not {"_build", "build"} & set(path.relative_to(folder).parts[:-1])]
        start = folder.parent if (folder / "__init__.py").exists() else folder
    return {".".join(path.relative_to(start).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


MODULES = {name: (room, path) for room in MAY_IMPORT for name, path in sources(room).items()}


def statements(source, package):
    """Yield (module, name) for all that a source imports; `package` is where relative imports start."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")
            start = parents[:len(parents) - node.level + 1] if node.level else []
            yield from ((".".join([*start, *filter(None, [node.module])]), alias.name) for alias in node.names)


def modules_imported(source, package):
    """Return the names of our modules that a source imports: a name out of a module counts as the module."""
    wanted = {f"{module}.{name}" if f"{module}.{name}" in MODULES else module for module, name in statements(source, package)}
    return wanted & set(MODULES)


def rooms_imported(source, package):
    return {MODULES[name][0] for name in modules_imported(source, package)}


def read(name):
    """Return (source, package) of a module."""
    path = MODULES[name][1]
    return path.read_text(encoding="utf-8"), name if path.name == "__init__.py" else name.rpartition(".")[0]


def circle(imports):
    """Return the names on a circle of {module: the modules that it imports}, or an empty list."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


def test_every_part_is_known():
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert parts - {"__init__"} == set(PARTS)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_no_room_imports_a_higher_one(room):
    names = [name for name, (its_room, _) in MODULES.items() if its_room == room]
    assert names
    for name in names:
        assert rooms_imported(*read(name)) <= MAY_IMPORT[room] | {room}, name


def test_no_circle_anywhere_late_imports_within_functions_included():
    assert circle({name: modules_imported(*read(name)) for name in MODULES}) == []


def test_the_rule_itself_runs_one_way():
    assert circle(MAY_IMPORT) == []


def test_a_circle_is_found():
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def test_nothing_but_tests_imports_tests():
    for name in MODULES:
        assert not [module for module, _ in statements(*read(name)) if module.split(".")[0] == "tests"], name


def test_cells_need_numpy_and_nothing_else():
    allowed = {"numpy", "lstm_helpers", *sys.stdlib_module_names}
    for name in sources("cells"):
        assert {module.split(".")[0] for module, _ in statements(*read(name))} <= allowed, name


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
    ("import lstm_helpers", {"lstm_helpers"}),
    ("from lstm_classroom import assignments", {"lstm_classroom"}),
    ("import mark_slides", {"tools"}),
])
def test_every_form_of_import_is_seen(source, expected):
    assert rooms_imported(source, "lstm_helpers.cells") == expected


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
    assert set(introduced) <= NOTEBOOKS


@pytest.mark.parametrize(("label", "thing"), [pair for pair in PUBLIC if callable(pair[1])],
                         ids=[label for label, thing in PUBLIC if callable(thing)])
def test_a_docstring_starts_with_one_imperative_line(label, thing):
    first, _, rest = (thing.__doc__ or "").partition("\n")
    assert re.match(r"[A-Z]\w+ .*\.$", first), f"{label}: {first!r}"
    assert not rest.strip() or rest.startswith("\n"), f"{label}: a blank line follows the first"
