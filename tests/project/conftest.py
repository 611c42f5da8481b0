"""run.py and the tools are scripts, not modules of a package: load them by their path."""
import importlib
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")


@pytest.fixture
def run(tools):
    return load(ROOT / "run.py")


@pytest.fixture
def installation(tools):
    return importlib.import_module("installation")


@pytest.fixture
def update(tools):
    return importlib.import_module("update")


@pytest.fixture
def execute_notebooks(tools):
    return load(ROOT / "tools" / "execute_notebooks.py")
