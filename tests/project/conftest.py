"""run.py and the tools are scripts, not modules of a package: load them by their path."""
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
def run():
    return load(ROOT / "run.py")


@pytest.fixture
def execute_notebooks(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    return load(ROOT / "tools" / "execute_notebooks.py")
