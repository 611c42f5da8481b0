"""The environment check of notebook 00: it must find what is wrong, and say how to mend it."""

from importlib import metadata

import pytest
from packaging.requirements import Requirement

from lstm_helpers import environment


def test_all_is_well_here(capsys):
    environment.check_environment()
    printed = capsys.readouterr().out
    assert "numpy       fine\n" in printed
    assert printed.endswith("Everything is in place.\n")


@pytest.mark.parametrize("version", [(3, 10, 4), (2, 7, 18)])
def test_names_a_python_that_does_not_fit(version):
    assert f"this is Python {version[0]}.{version[1]}" in environment.python_problem(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 15, 1), (3, 16, 0)])
def test_accepts_the_pythons_of_the_course(version):
    assert environment.python_problem(version) is None


def test_names_a_missing_package():
    problem = environment.package_problem(Requirement("no-such-package>=2"))
    assert problem == "is not installed; the course needs no-such-package >=2"


def test_names_a_version_that_does_not_fit():
    problem = environment.package_problem(Requirement("numpy<1"))
    assert problem == f"is version {metadata.version('numpy')}; the course needs <1"


def test_says_how_to_mend(capsys, monkeypatch):
    monkeypatch.setattr(environment, "needed_packages", lambda: [Requirement("no-such-package")])
    environment.check_environment()
    printed = capsys.readouterr().out
    assert "no-such-package is not installed" in printed
    assert "python3 run.py" in printed


def test_optional_groups_are_not_needed():
    names = {requirement.name for requirement in environment.needed_packages()}
    assert {"numpy", "jupyterlab", "anywidget"} <= names
    assert "torch" not in names and "pytest" not in names
    for name in names:
        assert metadata.version(name)
