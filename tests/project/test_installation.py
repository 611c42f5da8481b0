"""tools/installation.py: installs once, whole, and nowhere but in .venv; says what to do when something is missing."""
import errno
import os
import signal
import subprocess
import sys
import threading
from collections import namedtuple
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")
REAL_RUN = subprocess.run
OWNER = r"ask whoever owns it to run this once:\n  python3 run[.]py setup\n"


class Machine:
    """Stands in for the programs that run.py starts: notes each command and does what it would do to the disk."""

    def __init__(self, course, failing=None, complaint=""):
        self.course, self.failing, self.complaint, self.commands = course, failing, complaint, []

    def __call__(self, command, **settings):
        self.commands.append(command)
        if "venv" in command:
            self.course.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            self.course.PYTHON.touch()
        if "-r" in command:
            (self.course.PACKAGES / "toy-1.0.dist-info").mkdir(parents=True, exist_ok=True)
            (self.course.PACKAGES / "toy.py").touch()
        self.returncode = int(self.failing is not None and self.failing in command)
        self.stderr = [self.complaint.encode()] if self.returncode else []
        return self

    def wait(self):
        return self.returncode


@pytest.fixture
def course(installation, tmp_path, monkeypatch):
    """The installation of an empty folder, where no program is really started."""
    for name in ("ROOT", "VENV", "PYTHON", "PACKAGES", "STAMP", "LOCK", "LAB_SETTINGS"):
        monkeypatch.setattr(installation, name, tmp_path / getattr(installation, name).relative_to(ROOT))
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(installation.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    return installation


def play(course, monkeypatch, **behaviour):
    machine = Machine(course, **behaviour)
    monkeypatch.setattr(course.subprocess, "Popen", machine)
    return machine


def pip_commands(machine):
    return [command for command in machine.commands if "pip" in command]


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
def test_settings_that_lead_out_of_the_venv_are_not_passed_on(installation, monkeypatch, name):
    monkeypatch.setenv(name, "elsewhere")
    assert name not in installation.environment()


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
    assert not course.is_finished(course.STAMP)
    (course.PACKAGES / "half-1.0.dist-info").mkdir(parents=True)
    machine = play(course, monkeypatch)
    course.set_up()
    assert "venv" in machine.commands[0] and len(pip_commands(machine)) == 2
    assert not (course.PACKAGES / "half-1.0.dist-info").exists()


def test_an_update_that_broke_off_is_not_taken_for_whole_and_deletes_nothing(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    (course.PACKAGES / "the_learners_own.py").touch()
    (course.ROOT / "requirements.txt").write_text("changed")
    play(course, monkeypatch, failing="-r")
    with pytest.raises(SystemExit):
        course.set_up()
    assert not course.is_finished(course.STAMP)
    machine = play(course, monkeypatch)
    course.set_up()
    assert "--force-reinstall" in machine.commands[0]   # pip would take half a package for a whole one
    assert course.is_finished(course.STAMP) and (course.PACKAGES / "the_learners_own.py").exists()


def test_a_package_without_a_list_of_its_files_is_mended_by_a_new_venv(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    play(course, monkeypatch, failing="-r", complaint="error: uninstall-no-record-file")
    with pytest.raises(SystemExit, match="only half installed"):
        course.set_up(again=True)
    machine = play(course, monkeypatch)
    course.set_up()
    assert "venv" in machine.commands[0]


@pytest.mark.parametrize("gone", ["toy.py", "toy-1.0.dist-info"])
def test_a_package_that_has_gone_is_installed_again(course, monkeypatch, gone):
    play(course, monkeypatch)
    course.set_up()
    path = course.PACKAGES / gone
    path.rmdir() if path.is_dir() else path.unlink()
    machine = play(course, monkeypatch)
    course.set_up()
    assert "--force-reinstall" in machine.commands[0] and path.exists()


def test_another_version_and_a_package_more_are_the_learners_choice(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    (course.PACKAGES / "toy-1.0.dist-info").rename(course.PACKAGES / "toy-2.0.dist-info")
    (course.PACKAGES / "more-1.0.dist-info").mkdir()
    machine = play(course, monkeypatch)
    course.set_up()
    assert machine.commands == []
    course.set_up(again=True)   # run.py setup: the lock's versions come back
    assert len(pip_commands(machine)) == 2


def test_a_moved_folder_gets_its_programs_written_anew_without_a_download(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    stamp = course.STAMP.read_text()
    course.STAMP.write_text(stamp.replace(str(course.ROOT), "/somewhere/else"))
    machine = play(course, monkeypatch)
    course.set_up()
    assert "--without-pip" in machine.commands[0] and machine.commands[1][2].endswith("repair_scripts.py")
    assert len(pip_commands(machine)) == 2 and not any("--force-reinstall" in command for command in machine.commands)
    assert course.STAMP.read_text() == stamp


def test_a_stamp_of_an_earlier_run_py_is_believed_and_its_packages_stay(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    course.STAMP.write_text("5" * 64)   # a hash and nothing else, up to version 0.1
    machine = play(course, monkeypatch)
    course.set_up()
    assert (course.PACKAGES / "toy.py").exists() and "--without-pip" in machine.commands[0]


@pytest.mark.parametrize("earlier, noted", [(False, True), (True, False)])
def test_only_the_first_start_notes_what_was_delivered(course, monkeypatch, earlier, noted):
    """Later the learner may have changed it, and run.py update would take theirs for the course's."""
    play(course, monkeypatch)
    if earlier:
        course.VENV.mkdir()
        course.STAMP.write_text("")
    course.set_up()
    assert (course.ROOT / ".course-as-delivered.json").exists() is noted


# --- what run.py did not make ---

def test_a_venv_that_run_py_did_not_make_is_left_alone(course, monkeypatch):
    (course.VENV / "lib").mkdir(parents=True)
    (course.VENV / "lib/thesis.txt").write_text("mine")
    machine = play(course, monkeypatch)
    with pytest.raises(SystemExit, match=r"so run[.]py does not touch it"):
        course.set_up()
    assert machine.commands == [] and (course.VENV / "lib/thesis.txt").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="on Windows only an administrator makes a link")
@pytest.mark.parametrize("stamped", [False, True])
def test_a_venv_that_is_a_link_is_never_emptied(course, monkeypatch, tmp_path_factory, stamped):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "thesis.txt").write_text("mine")
    course.VENV.symlink_to(elsewhere)
    if stamped:
        course.STAMP.write_text("")
    machine = play(course, monkeypatch)
    with pytest.raises(SystemExit, match=r"so run[.]py does not touch it"):
        course.set_up()
    assert machine.commands == [] and (elsewhere / "thesis.txt").read_text() == "mine"


def test_an_empty_folder_is_taken(course, monkeypatch):
    course.VENV.mkdir()
    play(course, monkeypatch)
    course.set_up()
    assert course.is_finished(course.STAMP)


def test_emptying_stops_at_a_link(course, monkeypatch, tmp_path_factory):
    play(course, monkeypatch, failing="-r")
    with pytest.raises(SystemExit):
        course.set_up()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "thesis.txt").write_text("mine")
    link(course.VENV / "lib64", elsewhere)
    play(course, monkeypatch)
    course.set_up()
    assert not (course.VENV / "lib64").exists() and (elsewhere / "thesis.txt").read_text() == "mine"


def link(path, target):
    try:
        path.symlink_to(target)
    except OSError:   # Windows, without the right to make links
        pytest.skip("this account may not make links")


# --- two starts at once ---

def test_a_second_start_waits_says_so_and_then_installs_nothing(course, monkeypatch, capsys):
    machine, done = play(course, monkeypatch), threading.Event()
    with open(course.LOCK, "a") as held:
        assert course.take(held)
        second = threading.Thread(target=lambda: (course.set_up(), done.set()))
        second.start()
        assert not done.wait(1) and course.WAITING in capsys.readouterr().out
        assert machine.commands == []
        course.VENV.mkdir()
        machine(["venv", "-r"])
        course.finish(course.STAMP)   # the first start is done
    second.join(10)
    assert done.is_set() and machine.commands == [["venv", "-r"]]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL; it too frees the locks of a process that ends")
def test_the_lock_of_a_start_that_was_killed_holds_nobody_up(course, monkeypatch):
    code = "import fcntl, os, sys\nfcntl.flock(open(sys.argv[1], 'a'), fcntl.LOCK_EX)\nos.kill(os.getpid(), int(sys.argv[2]))"
    assert REAL_RUN([sys.executable, "-c", code, str(course.LOCK), str(int(signal.SIGKILL))]).returncode == -signal.SIGKILL
    play(course, monkeypatch)
    course.set_up()
    assert course.is_finished(course.STAMP)


def test_an_optional_group_is_installed_once_beside_the_lock_and_again_when_the_lock_has_changed(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    machine = play(course, monkeypatch)
    course.add_group("site", "site")
    course.add_group("site", "site")
    (command,) = machine.commands
    assert command[-1] == ".[site]" and command[command.index("--constraint") + 1] == "requirements.txt"
    (course.ROOT / "requirements.txt").write_text("changed")
    course.add_group("site", "site")
    assert len(machine.commands) == 2


def test_a_package_of_ours_is_installed_with_its_group_and_the_lock_in_force(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    machine = play(course, monkeypatch)
    course.add_group("class", "classroom --help", "-e", "classroom")
    assert machine.commands[0][-4:] == ["-e", ".[class]", "-e", "classroom"] and "--constraint" in machine.commands[0]


def test_a_group_that_broke_off_is_not_taken_for_whole(course, monkeypatch):
    play(course, monkeypatch)
    course.set_up()
    play(course, monkeypatch, failing=".[site]")
    with pytest.raises(SystemExit, match="the network is missing"):
        course.add_group("site", "site")
    machine = play(course, monkeypatch)
    course.add_group("site", "site")
    assert len(machine.commands) == 1


@pytest.mark.parametrize("answer", [1, 127])
def test_a_venv_whose_python_does_not_start_or_is_of_another_version_is_made_anew(course, monkeypatch, answer):
    machine = play(course, monkeypatch)
    course.set_up()
    monkeypatch.setattr(course.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], answer))
    course.set_up()
    assert len([command for command in machine.commands if "venv" in command]) == 2


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


def test_a_missing_network_is_explained_and_pips_own_words_are_shown(course, monkeypatch, capsys):
    play(course, monkeypatch, failing="-r", complaint="ERROR: No matching distribution found")
    with pytest.raises(SystemExit, match="the network is missing"):
        course.set_up()
    assert "No matching distribution" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="there a refusal most often means that the file is in use")
def test_a_venv_of_somebody_else_is_named(course, monkeypatch):
    play(course, monkeypatch, failing="-r", complaint="ERROR: [Errno 13] Permission denied: '.venv/x'")
    with pytest.raises(SystemExit, match=OWNER):
        course.set_up()


@pytest.mark.skipif(os.name == "nt", reason="there a refusal most often means that the file is in use")
@pytest.mark.parametrize("group, command", [("site", "site"), ("class", "classroom --help")])
def test_the_owner_is_told_the_command_that_installs_what_is_missing(course, monkeypatch, group, command):
    play(course, monkeypatch, failing=f".[{group}]", complaint="ERROR: [Errno 13] Permission denied: '.venv/x'")
    course.VENV.mkdir()
    with pytest.raises(SystemExit, match=f"to run this once:\n  python3 run.py {command}\n"):
        course.add_group(group, command)


def test_a_first_start_in_a_folder_that_is_read_only(course, monkeypatch):   # played: for root, no folder is
    monkeypatch.setattr("builtins.open", refusing(course.LOCK, OSError(errno.EROFS, "Read-only file system")))
    with pytest.raises(SystemExit, match=OWNER):
        course.set_up()


def refusing(path, error):
    def fake(name, *arguments, real=open, **settings):
        if str(name) == str(path):
            raise error
        return real(name, *arguments, **settings)
    return fake


# --- Windows ---

@pytest.mark.parametrize("words", [
    "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: '.venv\\\\Scripts\\\\jupyter.exe'",
    "OSError: [WinError 32] The process cannot access the file because it is being used by another process"])
def test_a_file_that_windows_does_not_let_go_is_not_taken_for_a_missing_network(course, monkeypatch, words):
    play(course, monkeypatch, failing="-r", complaint=words)
    with pytest.raises(SystemExit, match="stop JupyterLab and every notebook"):
        course.set_up()


def on_windows(course, monkeypatch, length, allowed=False):
    """Let the installation believe that it is on Windows, in a folder whose path has so many characters."""
    monkeypatch.setattr(course, "ON_WINDOWS", True)
    monkeypatch.setattr(course, "MOST_CHARACTERS", len(str(course.ROOT)) + 80 - length)
    monkeypatch.setattr(course, "long_paths_are_allowed", lambda: allowed)


def test_a_path_that_is_too_long_for_windows_is_named_before_anything_is_made(course, monkeypatch):
    machine = play(course, monkeypatch)
    on_windows(course, monkeypatch, length=81)
    with pytest.raises(SystemExit, match="too long for Windows"):
        course.set_up()
    assert machine.commands == [] and not course.VENV.exists()


@pytest.mark.parametrize("length, allowed", [(80, False), (200, True)])
def test_a_short_path_or_a_windows_that_takes_long_ones_will_do(course, monkeypatch, length, allowed):
    machine = play(course, monkeypatch)
    on_windows(course, monkeypatch, length, allowed)
    course.set_up()
    assert pip_commands(machine)


def test_the_longest_path_that_is_installed_is_the_one_that_is_reckoned_with(installation):
    """Measured on what the lock installs (CI has more); Windows' own folders, Lib and Scripts, are no longer than ours."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    installed = [found for found in distributions() if found.metadata["Name"].lower().replace("_", "-") in locked]
    longest = max(len(os.path.relpath(found.locate_file(file), sys.prefix)) for found in installed for file in found.files)
    assert len(installed) > 60 and 100 < longest <= installation.LONGEST_BELOW_VENV
    assert installation.MOST_CHARACTERS + len("/.venv/") + installation.LONGEST_BELOW_VENV == 259


def test_a_missing_venv_module_is_explained(course, monkeypatch):
    play(course, monkeypatch, failing="venv")
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        course.set_up()
