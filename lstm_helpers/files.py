"""Write a file whole or not at all."""

import contextlib
import os
import secrets
import stat
import time
from pathlib import Path

FORGOTTEN = 3600            # seconds: a part that is older was left by a process that was killed


def write_whole(path, write):
    """Write a file so that a crash leaves either what was there before or the new file, never half of one.

    It is written under another name beside `path`, one that no other thread or process uses, and then renamed over it. A link
    stays a link: the file that it leads to is the one replaced. The new file has the mode of the old one.

    Parameters
    ----------
    path : path
    write : function
        ``write(file)`` writes everything to a file opened for bytes.

    Raises
    ------
    OSError
        If the disk is full, or on Windows if the old file is open somewhere; the old file is still there then. So it is
        after whatever `write` raises.
    """
    target = Path(os.path.realpath(path))
    _clear_forgotten_parts(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _clear_forgotten_parts(target):
    """Remove what was left beside a file by processes that were killed while they wrote it."""
    for part in target.parent.glob(f".{_literally(target.name)}.*.part"):
        with contextlib.suppress(OSError):                  # another process may be quicker, or the folder not ours
            if time.time() - part.stat().st_mtime > FORGOTTEN:
                part.unlink()


def _literally(name):
    """Return a pattern that fits this name alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
