"""run.py: what it says when something is missing, and that it installs once, whole, and nowhere but in .venv."""
import ast
import errno
import os
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")


class Machine:
    """Stands in for the programs that run.py starts: notes each command and does what it would do to the disk."""

    def __init__(self, run, failing=None, complaint=""):
        self.run, self.failing, self.complaint, self.commands = run, failing, complaint, []

    def __call__(self, command, **settings):
        self.commands.append(command)
        if "venv" in command:
            self.run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            self.run.PYTHON.touch()
        self.returncode = int(self.failing is not None and self.failing in command)
        self.stderr = [self.complaint.encode()] if self.returncode else []
        return self

    def wait(self):
        return self.returncode


@pytest.fixture
def course(run, tmp_path, monkeypatch):
    """run.py in an empty folder of its own, where no program is really started."""
    for name in ("ROOT", "VENV", "PYTHON", "STAMP", "LAB_SETTINGS"):
        monkeypatch.setattr(run, name, tmp_path / getattr(run, name).relative_to(ROOT))
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    return run


def play(run, monkeypatch, **behaviour):
    machine = Machine(run, **behaviour)
    monkeypatch.setattr(run.subprocess, "Popen", machine)
    return machine


def pip_commands(machine):
    return [command for command in machine.commands if "pip" in command]


# --- which Python ---

@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_an_unsuited_python_is_told_which_one_is_needed(run, version):
    with pytest.raises(SystemExit, match=rf"This is Python {version[0]}\.{version[1]}; the course needs Python 3\.11"):
        run.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 99)])
def test_a_suited_python_passes(run, version):
    run.check_python(version)


def test_an_old_python_can_read_the_file():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_needs_nothing_but_the_standard_library():
    nodes = list(ast.walk(ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    assert names and {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_stays_short_enough_to_read_at_a_sitting():
    lines = (ROOT / "run.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 165


# --- installing ---

def test_the_first_start_installs_and_the_second_does_not(course, monkeypatch):
    machine = play(course, monkeypatch)
    course.set_up()
    assert len(pip_commands(machine)) == 2
    course.set_up()
    assert len(pip_commands(machine)) == 2


def test_pip_is_only_ever_the_one_of_the_venv(course, monkeypatch):
    machine = play(course, monkeypatch)
    course.set_up()
    for command in pip_commands(machine):
        assert command[0] == str(course.PYTHON) and "--require-virtualenv" in command


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER"])
def test_settings_that_lead_out_of_the_venv_are_not_passed_on(run, monkeypatch, name):
    monkeypatch.setenv(name, "elsewhere")
    assert name not in run.environment()


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_is_installed_into_the_same_venv(course, monkeypatch, name):
    machine = play(course, monkeypatch)
    course.set_up()
    (course.ROOT / name).write_text("changed")
    course.set_up()
    assert len(pip_commands(machine)) == 4
    assert len([command for command in machine.commands if "venv" in command]) == 1


@pytest.mark.parametrize("step", ["-r", "-e"])
def test_an_install_that_broke_off_is_taken_up_again_from_a_clean_venv(course, monkeypatch, step):
    play(course, monkeypatch, failing=step)
    with pytest.raises(SystemExit):
        course.set_up()
    assert not course.STAMP.exists()
    machine = play(course, monkeypatch)
    course.set_up()
    assert "--clear" in machine.commands[0] and len(pip_commands(machine)) == 2


def test_an_update_that_broke_off_is_not_taken_for_whole(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    (course.ROOT / "requirements.txt").write_text("changed")
    play(course, monkeypatch, failing="-r")
    with pytest.raises(SystemExit):
        course.set_up()
    assert not course.STAMP.exists()


def test_an_optional_group_is_installed_once_beside_the_lock_and_again_when_the_lock_has_changed(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    machine = play(course, monkeypatch)
    course.add_group("site")
    course.add_group("site")
    (command,) = machine.commands
    assert command[-1] == ".[site]" and command[command.index("--constraint") + 1] == "requirements.txt"
    (course.ROOT / "requirements.txt").write_text("changed")
    course.add_group("site")
    assert len(machine.commands) == 2


def test_the_teachers_package_is_installed_with_its_group_and_the_lock_in_force(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    machine = play(course, monkeypatch)
    monkeypatch.setattr(course, "run", lambda *command: 0)
    assert course.main(["classroom"]) == 0
    assert [command[-4:] for command in machine.commands if "pip" in command] == [["-e", ".[class]", "-e", "classroom"]]
    assert "--constraint" in machine.commands[0] and (ROOT / "classroom/pyproject.toml").is_file()


def test_a_group_that_broke_off_is_not_taken_for_whole(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    play(course, monkeypatch, failing=".[site]")
    with pytest.raises(SystemExit, match="the network is missing"):
        course.add_group("site")
    machine = play(course, monkeypatch)
    course.add_group("site")
    assert len(machine.commands) == 1


@pytest.mark.parametrize("answer", [1, 127])
def test_a_venv_whose_python_does_not_start_or_is_of_another_version_is_made_anew(course, monkeypatch, answer):
    machine = play(course, monkeypatch)
    course.set_up()
    monkeypatch.setattr(course.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], answer))
    course.set_up()
    assert len([command for command in machine.commands if "--clear" in command]) == 2


def test_no_pop_up_will_cover_the_page(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    assert '"fetchNews": "false"' in course.LAB_SETTINGS.read_text()
    assert '"checkForUpdates": false' in course.LAB_SETTINGS.read_text()


# --- what is said when something is missing ---

def test_a_full_disk_is_noticed_before_anything_is_installed(course, monkeypatch):
    machine = play(course, monkeypatch)
    monkeypatch.setattr(course.shutil, "disk_usage", lambda _: Usage(9e9, 8.9e9, 1e8))
    with pytest.raises(SystemExit, match=r"The disk is full: .* needs 1 GB"):
        course.set_up()
    assert machine.commands == []


def test_a_disk_that_fills_up_while_pip_works_is_named(course, monkeypatch):
    play(course, monkeypatch, failing="-r", complaint="OSError: [Errno 28] No space left on device")
    with pytest.raises(SystemExit, match="The disk is full"):
        course.set_up()


def test_a_disk_that_fills_up_under_run_py_itself_is_named(course, monkeypatch):
    def full():
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(course, "set_up", full)
    with pytest.raises(SystemExit, match="The disk is full"):
        course.main(["setup"])


def test_a_missing_network_is_explained_and_pips_own_words_are_shown(course, monkeypatch, capsys):
    play(course, monkeypatch, failing="-r", complaint="ERROR: No matching distribution found")
    with pytest.raises(SystemExit, match="the network is missing"):
        course.set_up()
    assert "No matching distribution" in capsys.readouterr().err


def test_a_venv_of_somebody_else_is_named(course, monkeypatch):
    play(course, monkeypatch, failing="-r", complaint="ERROR: [Errno 13] Permission denied: '.venv/x'")
    with pytest.raises(SystemExit, match="Whoever installed the course there"):
        course.set_up()


def test_setup_ends_with_what_comes_next(course, monkeypatch, capsys):
    monkeypatch.setattr(course, "set_up", lambda: None)
    assert course.main(["setup"]) == 0
    assert capsys.readouterr().out.endswith("Open it with: python3 run.py\n")


def test_a_missing_venv_module_is_explained(course, monkeypatch):
    play(course, monkeypatch, failing="venv")
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        course.set_up()


def test_an_unknown_command_is_answered_with_the_list(run):
    with pytest.raises(SystemExit, match="no command 'tset'") as stop:
        run.main(["tset"])
    assert all(f"run.py {name}" in str(stop.value) for name in run.COMMANDS)


def test_ctrl_c_ends_without_a_traceback(course, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt
    monkeypatch.setattr(course, "set_up", interrupted)
    assert course.main(["setup"]) == 130


# --- the commands ---

@pytest.mark.parametrize("arguments, passed_on", [([], []), (["--help-all"], ["--help-all"]), (["lab", "-y"], ["-y"])])
def test_lab_is_the_default_and_gets_all_further_arguments(course, monkeypatch, arguments, passed_on):
    heard = []
    monkeypatch.setattr(course, "set_up", lambda: None)
    monkeypatch.setitem(course.COMMANDS, "lab", lambda rest: heard.append(rest) or 0)
    assert course.main(arguments) == 0
    assert heard == [passed_on]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no root")
@pytest.mark.parametrize("user, expected", [(0, True), (1000, False)])
def test_only_root_needs_leave_to_start_jupyterlab(course, monkeypatch, user, expected):
    started = []
    monkeypatch.setattr(course.os, "chdir", lambda _: None)
    monkeypatch.setattr(course.os, "geteuid", lambda: user)
    monkeypatch.setattr(course.os, "execve", lambda program, command, _: started.extend(command))
    course.lab([])
    assert ("--allow-root" in started) is expected
    assert any(argument.endswith("/00_start_here.ipynb") for argument in started)


@pytest.mark.parametrize("failing", ["ruff", "tests", "notebooks"])
def test_every_check_runs_though_one_fails_and_the_end_says_which(course, monkeypatch, capsys, failing):
    commands = []
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or int(failing in command))
    assert course.test([]) == 1
    assert len(commands) == 3
    assert capsys.readouterr().out.count("FAILED") == 1


def test_notebooks_are_compared_strictly_unless_lax_is_asked_for(course, monkeypatch):
    commands = []
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or 0)
    assert course.test([]) == course.test(["--lax"]) == 0
    assert "--nbval" in commands[2] and "--nbval-lax" in commands[5]


def test_an_option_that_test_does_not_know_is_refused(course):
    with pytest.raises(SystemExit, match="--lex"):
        course.test(["--lex"])


def test_the_callers_threads_stand_and_one_is_the_default(run, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    assert run.environment()["OPENBLAS_NUM_THREADS"] == "2"
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    assert run.environment()["OPENBLAS_NUM_THREADS"] == "1"


def test_figures_is_a_command_that_passes_on_its_option(course, monkeypatch):
    commands = []
    monkeypatch.setattr(course, "set_up", lambda: None)
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or 3)
    assert course.main(["figures", "--measure"]) == 3
    assert commands == [("tools/make_figures.py", "--measure")]
    assert (ROOT / commands[0][0]).is_file()


def test_site_is_built_after_what_it_needs_is_installed(course, monkeypatch):
    done = []
    monkeypatch.setattr(course, "set_up", lambda: done.append("lock"))
    monkeypatch.setattr(course, "add_group", done.append)
    monkeypatch.setattr(course, "run", lambda *command: done.append(command) or 3)
    assert course.main(["site"]) == 3
    assert done == ["lock", "site", ("site/build.py",)]
    assert (ROOT / "site/build.py").is_file()


def test_classroom_installs_its_group_and_passes_on_what_follows(course, monkeypatch):
    done = []
    monkeypatch.setattr(course, "set_up", lambda: None)
    monkeypatch.setattr(course, "add_group", lambda *what: done.append(what))
    monkeypatch.setattr(course, "run", lambda *command: done.append(command) or 3)
    assert course.main(["classroom", "04", "--seed", "7"]) == 3
    assert done == [("class", "-e", "classroom"), ("tools/make_classroom.py", "04", "--seed", "7")]
    assert (ROOT / "tools/make_classroom.py").is_file()


# --- execute ---

def write_notebook(path, *sources):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)])
    notebook.cells[0].metadata["execution"] = {"iopub.execute_input": "2020-01-01T00:00:00Z"}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    nbformat.write(notebook, path)
    return path


def test_execute_stores_outputs_but_no_times_no_widget_state_and_nothing_that_changes(execute_notebooks, tmp_path):
    path = write_notebook(tmp_path / "00_toy.ipynb",
                          "import time\nprint(6 * 7, flush=True)\ntime.sleep(0.5)\nprint('two')",   # in two pieces
                          "import ipywidgets\nipywidgets.IntSlider(description='a')")
    execute_notebooks.execute(path)
    first = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1"]
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    assert notebook.cells[0].outputs[0].text == "42\ntwo\n"
    assert all(list(cell.metadata) == ["slideshow"] for cell in notebook.cells)
    assert not re.search(rb"widget-(state|view)|iopub|ExecuteTime|\d{4}-\d\d-\d\dT", first)
    assert b'"version": "3.' not in first
    execute_notebooks.execute(path)
    assert path.read_bytes() == first


def test_a_notebook_that_fails_is_left_as_it_was_and_named(execute_notebooks, tmp_path, monkeypatch, capsys):
    good = write_notebook(tmp_path / "01_good.ipynb", "print(1)")
    broken = write_notebook(tmp_path / "02_broken.ipynb", "print(1)", "1 / 0")
    before = {path: path.read_bytes() for path in (good, broken)}
    monkeypatch.setattr(execute_notebooks, "NOTEBOOKS", tmp_path)
    assert execute_notebooks.main([]) == 1
    assert good.read_bytes() != before[good] and broken.read_bytes() == before[broken]
    assert sorted(tmp_path.iterdir()) == [good, broken]
    assert re.search(r"02_broken .*ZeroDivisionError.*left as they were: 02_broken", capsys.readouterr().out, re.DOTALL)


def test_execute_finds_notebooks_by_how_their_names_begin(execute_notebooks, tmp_path, monkeypatch):
    for name in ("04_a.ipynb", "05_b.ipynb", "14_c.ipynb"):
        (tmp_path / name).touch()
    monkeypatch.setattr(execute_notebooks, "NOTEBOOKS", tmp_path)
    found = execute_notebooks.find_notebooks(["04", "notebooks/14_c.ipynb"])
    assert [path.name for path in found] == ["04_a.ipynb", "14_c.ipynb"]
    assert len(execute_notebooks.find_notebooks([])) == 3
    with pytest.raises(SystemExit, match=r"begins with '77'. There are: 04_a, 05_b, 14_c"):
        execute_notebooks.find_notebooks(["77"])
