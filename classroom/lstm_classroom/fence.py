"""Keep a student's code away from files, programs and the network: a fence, not a wall.

Python asks the fence before it opens a file, lists a folder, starts a program or connects. Code that looks for a way around it
will find one, so grade as a user who has nothing else to lose.
"""

import os
import sys
import sysconfig
from pathlib import Path

import lstm_helpers

READABLE = [*(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            str(Path(lstm_helpers.__file__).parent), "/usr/share/zoneinfo", "/usr/share/fonts", os.devnull, "/dev/urandom"]
READS = {"os.listdir", "os.scandir", "os.chdir"}
WRITES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
          "os.utime", "os.mkfifo", "os.mknod", "sqlite3.connect"}
REFUSED = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.fork", "os.kill", "pty.",
           "socket.", "ctypes.dlopen", "sys.addaudithook")
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(folder: str | os.PathLike) -> None:
    """From now on refuse, with a PermissionError, all but Python's own files for reading and one folder for reading and writing.

    It cannot be taken back.
    """
    home = [os.path.realpath(folder)]
    readable = [os.path.realpath(place) for place in READABLE] + home

    def ask(event, arguments):
        if event.startswith(REFUSED):
            refuse(f"{event} is not possible while your answer is graded")
        elif event == "open":
            path, mode, flags = arguments
            changes = set(mode or "") & set("wax+") or (flags or 0) & CHANGES
            check(path, home if changes else readable)
        elif event in READS:
            check(arguments[0], readable)
        elif event in WRITES:
            for path in arguments:
                check(path, home)
    sys.addaudithook(ask)


def check(path, allowed):
    """Raise PermissionError unless a path, if it is one, lies in one of the places."""
    if isinstance(path, str | bytes | os.PathLike):
        real = os.path.realpath(os.fsdecode(path))
        if not any(real == place or real.startswith(place + os.sep) for place in allowed):
            refuse(f"{os.fsdecode(path)!r} is out of reach while your answer is graded")


def refuse(words):
    raise PermissionError(words)
