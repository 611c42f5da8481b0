"""The walls around a student's code: bubblewrap, which asks the system's kernel for them. Linux alone has it.

Inside there is Python, read-only, an empty folder of a fixed size, and nothing else: no network, no other process, no course.
What may not even be asked of the kernel there, `system_calls` says.
"""

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import lstm_helpers
from lstm_classroom.plain_text import one_line
from lstm_classroom.system_calls import PROCESSORS

SIZE = 64 * 2**20               # bytes of the folder that a student's code may fill
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts",
          "/etc/localtime")
PLAYGROUND = "/tmp/homework"    # inside: private, in memory, and gone afterwards
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
WALLS = ("--unshare-user", "--unshare-all", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--die-with-parent",
         "--new-session", "--hostname", "homework", *(word for device in DEVICES for word in ("--dev-bind", device, device)),
         "--size", str(SIZE), "--tmpfs", "/tmp", "--dir", PLAYGROUND, "--symlink", "/tmp", "/dev/shm")
HOW_TO = "On Debian and Ubuntu: apt install bubblewrap; on Fedora: dnf install bubblewrap."
MISSING = ("Homework is graded behind bubblewrap (bwrap), and it {why}. {how_to} Elsewhere, grade in a container: "
           "classroom/README.md, \"The sandbox\". To grade without walls: {flag}.")
WITHOUT_WALLS = ("Without bubblewrap a student's code can do on this machine whatever you can: read the hidden tests and the "
                 "work of others, change grades, delete files, and send all of it away.")


class NoWalls(RuntimeError):
    """Bubblewrap is missing or does not work here, and nobody has said that it may go without."""


def walled(command: list[str]) -> list[str]:
    """Return the command that runs another one behind the walls. NoWalls says how to install them."""
    if os.environ.get(FLAG) == "yes":
        return command
    bwrap, why = find()
    if why:
        raise NoWalls(MISSING.format(why=why, how_to=HOW_TO, flag="--without-sandbox"))
    return [bwrap, *WALLS, *readable(), "--remount-ro", "/", "--chdir", PLAYGROUND, "--", *command]


FLAG = "LSTM_WITHOUT_SANDBOX"   # in the environment, so that it reaches nbgrader's processes too


def go_without() -> str:
    """From now on run students' code without walls; return what that means."""
    os.environ[FLAG] = "yes"
    return WITHOUT_WALLS


@functools.cache
def find():
    """Return (where bubblewrap is, None), or (None, why it can't be used)."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return None, "is not installed"
    if os.uname().machine not in PROCESSORS:
        return None, f"has no list of system calls for this processor ({os.uname().machine})"
    tried = subprocess.run([bwrap, *WALLS, *readable(), "--", sys.executable, "-c", ""], capture_output=True, text=True,
                           timeout=60, check=False)
    return (bwrap, None) if tried.returncode == 0 else (None, f"does not work here ({one_line(tried.stderr, 200)})")


@functools.cache
def readable():
    """Return the arguments that show the system's programs and libraries, and Python with its packages, all of it read-only."""
    shown = []
    for place in map(Path, SYSTEM):
        if place.is_symlink():
            shown += ["--symlink", os.readlink(place), str(place)]
        elif place.exists():
            shown += ["--ro-bind", str(place), str(place)]
    for place in python_places():
        shown += ["--ro-bind", place, place]
    return tuple(shown)


def python_places():
    """Return the folders of Python, of its packages and of ours, without those that lie in another or in /usr."""
    ours = [Path(__file__).parent, Path(lstm_helpers.__file__).parent]
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {Path(place).absolute() for place in (*map(sysconfig.get_path, names), Path(sys.executable).parent,
                                                    Path(os.path.realpath(sys.executable)).parent, *ours)}
    folders |= {Path(sys.prefix) / "pyvenv.cfg"} if (Path(sys.prefix) / "pyvenv.cfg").exists() else set()
    outer = [folder for folder in folders if not folder.is_relative_to("/usr")
             and not any(other != folder and folder.is_relative_to(other) for other in folders)]
    return sorted(map(str, outer))
