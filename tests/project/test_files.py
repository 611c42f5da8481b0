"""Files that other programs read: CITATION.cff, the dev container, .gitattributes."""
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONTAINER = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))


def test_the_citation_says_what_pyproject_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)   # what version 1.2.0 of the format asks for
    assert (citation["cff-version"], citation["type"], citation["license"]) == ("1.2.0", "software", PROJECT["license"])
    assert citation["authors"] == PROJECT["authors"]   # an entity: it has a name, and no given and family names
    assert citation["version"] == PROJECT["version"]


def commands_of_the_container():
    return [shlex.split(CONTAINER[key]) for key in ("postCreateCommand", "postAttachCommand")]


def test_the_container_sets_the_course_up_and_then_opens_it(run):
    assert [command[:2] for command in commands_of_the_container()] == [["python3", "run.py"]] * 2
    assert [command[2] for command in commands_of_the_container()] == ["setup", "lab"]
    assert all(command[2] in run.COMMANDS for command in commands_of_the_container())


def test_the_container_has_a_tested_python_and_forwards_jupyterlabs_port(run):
    (version,) = re.findall(r"python:(\d+)\.(\d+)$", CONTAINER["image"])
    assert run.OLDEST <= tuple(map(int, version)) <= run.NEWEST
    (port,) = CONTAINER["forwardPorts"]
    assert f"--port={port}" in commands_of_the_container()[1] and list(CONTAINER["portsAttributes"]) == [str(port)]


def test_a_checkout_with_windows_settings_has_the_same_bytes(tmp_path):
    """core.autocrlf=true writes CRLF into every text that .gitattributes does not speak of; 14 stored figures then differ."""
    source, clone = tmp_path / "source", tmp_path / "clone"
    for name in ("figures", "lstm_helpers/sequences", ".github"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitattributes", "run.py", "notebooks/00_start_here.ipynb", "requirements.txt"):
        (source / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "-m", "all"],
                    ["clone", "--quiet", "-c", "core.autocrlf=true", ".", str(clone)]):
        subprocess.run(["git", *command], cwd=source, check=True)
    paths = [path.relative_to(source) for path in source.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(paths) > 20
    assert [path for path in paths if (source / path).read_bytes() != (clone / path).read_bytes()] == []
