"""pyproject.toml says which versions are wanted; the lock, the conda file, run.py and the workflow agree with it."""
import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
CI = (ROOT / ".ci/run").read_text(encoding="utf-8")

CONDA_NAMES = {"matplotlib-base": "matplotlib"}   # conda-forge's name: ours
CONDA_LINE = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(=(?P<version>\d+(\.\d+)*))?")
OURS = ["run.py", "pyproject.toml", "requirements.txt", "environment.yml", ".gitignore", ".ci/run", "LICENSE",
        ".github/workflows/check.yml", "CONTRIBUTING.md", "CHANGELOG.md", "tools/execute_notebooks.py", "tools/installation.py",
        "tools/update.py", "tools/repair_scripts.py", "CITATION.cff", ".gitattributes", ".devcontainer/devcontainer.json"]


def lock_lines():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def lock(python):
    """The lock as pip reads it with this Python, here: a line whose marker does not hold is not there."""
    marked = {"python_version": python, "python_full_version": f"{python}.9"}
    lines = [line for line in lock_lines() if line.marker is None or line.marker.evaluate(marked)]
    assert len(lines) == len({canonicalize_name(line.name) for line in lines})   # one version of each package
    return {canonicalize_name(line.name): next(iter(line.specifier)).version for line in lines}


def direct():
    """What pyproject.toml asks for by name, apart from what is optional: PyTorch, ONNX, Dask, nbgrader."""
    wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"]["test"],
              *PYPROJECT["dependency-groups"]["build"]]
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, wanted)}


def conda():
    """The packages of environment.yml by our names, with their versions ("" where none is given)."""
    lines = [CONDA_LINE.fullmatch(line) for line in CONDA["dependencies"] if isinstance(line, str)]
    return {CONDA_NAMES.get(line["name"], line["name"]): line["version"] or "" for line in lines}


def run_py(name):
    """A constant of run.py: it is a script, not a module of a package."""
    (value,) = re.findall(rf"^{name} = (.*?)(?:\s+#.*)?$", (ROOT / "run.py").read_text(encoding="utf-8"), re.MULTILINE)
    return ast.literal_eval(value)


def pythons():
    (major, oldest), (_, newest) = run_py("OLDEST, NEWEST")
    return [f"{major}.{minor}" for minor in range(oldest, newest + 1)]


def test_every_line_of_the_lock_names_one_exact_version():
    assert all([item.operator for item in line.specifier] == ["=="] for line in lock_lines())


@pytest.mark.parametrize("python", pythons())
@pytest.mark.parametrize("name", direct())
def test_the_lock_holds_what_pyproject_asks_for_on_every_python(name, python):
    assert lock(python)[name] in direct()[name].specifier


@pytest.mark.parametrize("python", pythons())
def test_the_lock_can_build_the_package_without_a_download(python):
    for requirement in map(Requirement, PYPROJECT["build-system"]["requires"]):
        assert lock(python)[requirement.name] in requirement.specifier


def test_a_python_gets_a_numpy_that_has_a_wheel_for_it():
    """NumPy 2.4 has none for 3.15, NumPy 2.5 none for 3.11; without one pip would start a compiler."""
    assert lock("3.11")["numpy"].startswith("2.4.")
    assert Version(lock("3.15")["numpy"]) >= Version("2.5")


@pytest.mark.parametrize("line", [line for line in CONDA["dependencies"] if isinstance(line, str)])
def test_every_conda_line_is_name_or_name_and_version(line):
    assert CONDA_LINE.fullmatch(line)


def test_conda_installs_the_direct_dependencies_in_the_versions_of_the_lock_and_nothing_else():
    packages = {name: version for name, version in conda().items() if name not in ("python", "pip")}
    assert packages == {name: lock(conda()["python"])[name] for name in direct()}


def test_conda_takes_the_package_itself_from_this_folder_and_all_else_from_conda_forge():
    assert CONDA["channels"] == ["conda-forge"]
    assert [line for line in CONDA["dependencies"] if not isinstance(line, str)] == [{"pip": ["-e ."]}]
    assert "pip" in conda()


def test_conda_pins_one_python_of_those_tested():
    assert conda()["python"] in pythons()


def test_five_pythons_are_tested_and_a_newer_one_is_not_forbidden():
    assert pythons() == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    assert PYPROJECT["project"]["requires-python"] == f">={pythons()[0]}"


def test_the_workflow_tests_the_same_pythons_on_three_systems():
    matrix = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == pythons()
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert not WORKFLOW["jobs"]["test"]["strategy"]["fail-fast"]


def test_the_workflow_is_strict_once_and_runs_weekly_with_read_access_only():
    strict = [entry for entry in WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["include"] if entry.get("strict")]
    assert len(strict) == 1 and strict[0]["python"] in pythons()
    assert WORKFLOW[True]["schedule"][0]["cron"].split()[-1] != "*"   # YAML 1.1 reads the key `on` as True
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_the_workflow_pins_every_action_to_a_major_version():
    actions = [step["uses"] for step in WORKFLOW["jobs"]["test"]["steps"] if "uses" in step]
    assert actions and all(re.fullmatch(r"[\w/-]+@v\d+", action) for action in actions)


@pytest.mark.parametrize("group", ["torch", "onnx", "cluster", "class"])
def test_what_is_optional_has_the_same_version_wherever_it_is_installed(group):
    (wanted,) = PYPROJECT["project"]["optional-dependencies"][group]
    steps = [step.get("run", "") for step in WORKFLOW["jobs"]["test"]["steps"]]
    for text in (CI, "\n".join(steps), (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        assert re.findall(rf"\b{Requirement(wanted).name}==\S+", text) == [wanted]


def test_the_strict_job_moves_the_sliders_in_the_runners_own_browser():
    (wanted,) = re.findall(r"\bplaywright==\S+", CI)
    (step,) = [step for step in WORKFLOW["jobs"]["test"]["steps"] if "playwright" in step.get("run", "")]
    assert re.findall(r"\bplaywright==\S+", step["run"]) == [wanted] and step["if"] == "matrix.strict"


@pytest.mark.parametrize("name", OURS)
def test_no_file_names_a_registry_or_a_folder_of_one_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"--(extra-)?index-url\b|--find-links\b|/simple\b|pypi\.org|pythonhosted|npmjs", text)
    assert not re.search(r"file://|(?<![\w.])/(root|home|Users|opt|tmp|work)/", text)
