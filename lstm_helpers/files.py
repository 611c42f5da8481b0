"""Write a file whole or not at all."""

import contextlib
import os


def write_whole(path, write):
    """Write a file so that a crash leaves either what was there before or the new file, never half of one.

    It is written under another name beside `path` and then renamed over it. A link stays a link: the file that it leads to
    is the one replaced.

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
    folder, name = os.path.split(os.path.realpath(path))
    part = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, os.path.join(folder, name))
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(part)
        raise
