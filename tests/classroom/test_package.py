"""What is a teacher's is a package of its own, and not in what a learner installs."""

import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

ROOT = Path(__file__).resolve().parents[2]


def read(path):
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def test_the_learners_wheel_holds_nothing_for_teachers():
    rules = read("pyproject.toml")["tool"]["setuptools"]["packages"]["find"]
    packages = {*find_packages(ROOT, **rules), *find_packages(ROOT / "classroom", **rules)}
    assert {"lstm_helpers", "lstm_helpers.cells", "lstm_helpers.checking", "lstm_helpers.exercises"} <= packages
    assert not [name for name in packages if "classroom" in name or not name.startswith("lstm_helpers")]


def test_the_teachers_package_is_whole_and_agrees_with_the_course():
    course, teachers = read("pyproject.toml")["project"], read("classroom/pyproject.toml")
    assert teachers["tool"]["setuptools"]["packages"] == find_packages(ROOT / "classroom", include=["lstm_*"])
    assert {course["name"], *course["optional-dependencies"]["class"]} == set(teachers["project"]["dependencies"])


@pytest.mark.parametrize("path", [path.relative_to(ROOT).as_posix() for path in (ROOT / "lstm_helpers").rglob("*.py")])
def test_what_learners_have_does_not_know_of_it(path):
    assert "lstm_classroom" not in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [".ci/run", ".github/workflows/check.yml"])
def test_ci_installs_it_so_that_its_tests_are_not_skipped(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.endswith("pip install --no-deps --no-build-isolation --editable classroom")]
    assert "nbgrader==0.9.6" in "".join(lines)
