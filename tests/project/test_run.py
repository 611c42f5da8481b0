"""run.py: what it says when something is missing, and that it installs once, whole, and nowhere but in .venv."""
import ast
import errno
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(run, tmp_path, monkeypatch):
    """run.py in an empty folder of its own, already set up."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "set_up", lambda **_: None)
    return run


# --- which Python ---

@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_which_one_is_needed(run, version):
    with pytest.raises(SystemExit, match=rf"This is Python {version[0]}\.{version[1]}; the course needs Python 3\.11"):
        run.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 15, 99)])
def test_a_tested_python_passes_without_a_word(run, version, capsys):
    run.check_python(version)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("version", [(3, 16, 0), (4, 0, 0)])
def test_a_python_newer_than_those_tested_gets_one_sentence_and_goes_on(run, version, capsys):
    run.check_python(version)
    said = capsys.readouterr().out
    assert said.startswith(f"This is Python {version[0]}.{version[1]}; the course was tested with Python 3.11 to 3.15.")
    assert said.count("\n") == 1


ITS_FILES = {"run.py": 120, "tools/installation.py": 200, "tools/update.py": 200}   # and how many lines each may have


@pytest.mark.parametrize("name", ITS_FILES)
def test_an_old_python_can_read_the_file(name):
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("name", ITS_FILES)
def test_it_needs_nothing_but_the_standard_library(name):
    nodes = list(ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    ours = {Path(name).stem for name in ITS_FILES}
    assert names and {name.split(".")[0] for name in names} - ours <= sys.stdlib_module_names | {"msvcrt", "fcntl", "winreg"}


@pytest.mark.parametrize("name, most", ITS_FILES.items())
def test_it_stays_short_enough_to_read_at_a_sitting(name, most):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= most


# --- main ---

@pytest.mark.parametrize("command, again", [("setup", True), ("figures", False)])
def test_setup_looks_at_every_package_again_and_other_commands_do_not(course, monkeypatch, command, again):
    heard = []
    monkeypatch.setattr(course, "set_up", lambda again: heard.append(again))
    monkeypatch.setattr(course, "run", lambda *_: 0)
    course.main([command])
    assert heard == [again]


def test_update_comes_before_anything_is_installed(course, monkeypatch):
    done = []
    monkeypatch.setattr(course, "set_up", lambda **_: done.append("lock"))
    monkeypatch.setattr(course.update, "main", lambda root, arguments: done.append(arguments) or 5)
    assert course.main(["update", "new.zip"]) == 5
    assert done == [["new.zip"]]


@pytest.mark.skipif(os.name == "nt", reason="there a refusal most often means that the file is in use")
@pytest.mark.parametrize("command, told", [("update", "update"), ("lab", "setup")])
def test_whoever_may_not_write_is_told_what_the_owner_can_do(course, monkeypatch, command, told):
    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", "somewhere")
    monkeypatch.setattr(course, "set_up", refused)
    monkeypatch.setattr(course.update, "main", refused)
    with pytest.raises(SystemExit, match=f"to run this once:\n  python3 run[.]py {told}\n"):
        course.main([command])


def test_setup_ends_with_what_comes_next(course, monkeypatch, capsys):
    monkeypatch.setattr(course, "set_up", lambda **_: None)
    assert course.main(["setup"]) == 0
    assert capsys.readouterr().out.endswith("Open it with: python3 run.py\n")


def test_an_unknown_command_is_answered_with_the_list(run):
    with pytest.raises(SystemExit, match="no command 'tset'") as stop:
        run.main(["tset"])
    assert all(f"run.py {name}" in str(stop.value) for name in run.COMMANDS)


def test_ctrl_c_ends_without_a_traceback(course, monkeypatch):
    def interrupted(**_):
        raise KeyboardInterrupt
    monkeypatch.setattr(course, "set_up", interrupted)
    assert course.main(["setup"]) == 130


def test_a_disk_that_fills_up_under_run_py_itself_is_named(course, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(course, "set_up", full)
    with pytest.raises(SystemExit, match="The disk is full"):
        course.main(["setup"])


# --- the commands ---

@pytest.mark.parametrize("arguments, passed_on", [([], []), (["--help-all"], ["--help-all"]), (["lab", "-y"], ["-y"])])
def test_lab_is_the_default_and_gets_all_further_arguments(course, monkeypatch, arguments, passed_on):
    heard = []
    monkeypatch.setattr(course, "set_up", lambda **_: None)
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


@pytest.mark.parametrize("failing", ["ruff", "notebooks"])
def test_every_check_runs_though_one_fails_and_the_end_says_which(course, monkeypatch, capsys, failing):
    commands = []
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or int(failing in command))
    assert course.test([]) == 1
    assert len(commands) == 2
    assert capsys.readouterr().out.count("FAILED") == 1


@pytest.mark.parametrize("options", [[], ["--lax"], ["--all"], ["--all", "--lax"]])
def test_notebooks_are_compared_unless_lax_and_what_is_slow_runs_only_with_all(course, monkeypatch, options):
    commands = []
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or 0)
    assert course.test(options) == 0
    *_, command = commands
    assert ("--nbval-lax" in command, "--nbval" in command) == ("--lax" in options, "--lax" not in options)
    assert ("not slow" in command) == ("--all" not in options)


@pytest.mark.parametrize("cores, workers", [(None, "2"), (1, "2"), (4, "4"), (64, "8")])
def test_there_are_as_many_workers_as_cores_at_least_two(course, monkeypatch, cores, workers):
    commands = []
    monkeypatch.setattr(course.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or 0)
    course.test([])
    assert commands[-1][commands[-1].index("-n") + 1] == workers


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
    monkeypatch.setattr(course, "set_up", lambda **_: None)
    monkeypatch.setattr(course, "run", lambda *command: commands.append(command) or 3)
    assert course.main(["figures", "--measure"]) == 3
    assert commands == [("tools/make_figures.py", "--measure")]
    assert (ROOT / commands[0][0]).is_file()


def test_site_is_built_after_what_it_needs_is_installed(course, monkeypatch):
    done = []
    monkeypatch.setattr(course, "set_up", lambda **_: done.append("lock"))
    monkeypatch.setattr(course, "add_group", lambda *names: done.append(names))
    monkeypatch.setattr(course, "run", lambda *command: done.append(command) or 3)
    assert course.main(["site"]) == 3
    assert done == ["lock", ("site", "site"), ("site/build.py",)]
    assert (ROOT / "site/build.py").is_file()


def test_classroom_installs_its_group_and_passes_on_what_follows(course, monkeypatch):
    done = []
    monkeypatch.setattr(course, "set_up", lambda **_: None)
    monkeypatch.setattr(course, "add_group", lambda *names: done.append(names))
    monkeypatch.setattr(course, "run", lambda *command: done.append(command) or 3)
    assert course.main(["classroom", "04", "--seed", "7"]) == 3
    assert done == [("class", "classroom --help", "-e", "classroom"), ("tools/make_classroom.py", "04", "--seed", "7")]
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
    monkeypatch.setattr("notebooks.NOTEBOOKS", tmp_path)
    assert execute_notebooks.main([]) == 1
    assert good.read_bytes() != before[good] and broken.read_bytes() == before[broken]
    assert sorted(tmp_path.iterdir()) == [good, broken]
    assert re.search(r"02_broken .*ZeroDivisionError.*left as they were: 02_broken", capsys.readouterr().out, re.DOTALL)


def test_execute_finds_notebooks_by_how_their_names_begin(execute_notebooks, tmp_path, monkeypatch):
    for name in ("04_a.ipynb", "04_a.mine.ipynb", "05_b.ipynb", "14_c.ipynb"):
        (tmp_path / name).touch()
    monkeypatch.setattr("notebooks.NOTEBOOKS", tmp_path)
    found = execute_notebooks.find_notebooks(["04", "notebooks/14_c.ipynb"])
    assert [path.name for path in found] == ["04_a.ipynb", "14_c.ipynb"]
    assert len(execute_notebooks.find_notebooks([])) == 3
    with pytest.raises(SystemExit, match=r"begins with '77'. There are: 04_a, 05_b, 14_c"):
        execute_notebooks.find_notebooks(["77"])
