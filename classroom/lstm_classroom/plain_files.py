"""Take from a folder of somebody else nothing but plain files that are theirs: no link, no second name of a file, no pipe."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DEEPEST = 10            # folders within folders
EACH = 1000             # bytes that a name counts for, so that a million empty files are too much
# A link is never followed, and nobody waits for the other end of a pipe. Windows has none of these, and no exchange.
CAREFUL = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)        # what a link to a folder is on Windows


class NotPlain(Exception):
    """Something that was handed in is not a plain file of whoever handed it in."""


def refuse_unless_plain(folder: str | os.PathLike) -> None:
    """Raise NotPlain for what is no plain file of the folder's owner; also if the folder, or the one that it is in, is a link.

    For a folder that only we can change: what has been looked at stays as it is.
    """
    top = os.lstat(folder)
    for path in (os.path.dirname(os.path.abspath(folder)), folder):
        refuse(os.path.basename(path), os.lstat(path), os.lstat(path).st_uid)
    for place, folders, files in os.walk(folder, onerror=fail):
        for name in folders + files:
            path = os.path.join(place, name)
            refuse(os.path.relpath(path, folder), os.lstat(path), top.st_uid)


def fail(error):
    raise error


def refuse(name, found, owner):
    """Raise NotPlain unless lstat or fstat found a folder, or a file without a second name, of this owner."""
    if stat.S_ISLNK(found.st_mode) or (JUNCTION and getattr(found, "st_reparse_tag", 0) == JUNCTION):
        raise NotPlain(f"{name} is a link")
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise NotPlain(f"{name} is no file but a pipe, a socket or a device")
    if found.st_uid != owner:
        raise NotPlain(f"{name} belongs to another account")
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        raise NotPlain(f"{name} has a second name on its disk (a hard link)")


@dataclass
class PlainCopy:
    """Copy a folder that its owner may change at any moment: what is checked is what is open, and that is what is copied.

    owner : user id; all that is copied belongs to it
    left : bytes that may still come
    skip : function of a name and whether it is a folder's; True leaves it out
    """

    owner: int
    left: int
    skip: Callable = lambda name, is_folder: False

    def copy(self, source: str | os.PathLike, target: Path) -> None:
        """Copy source to target, which must not be there. Raise NotPlain or OSError; half a copy may be left then."""
        self.entry(os.fspath(source), os.path.basename(source), target, None, 0)

    def entry(self, name, shown, target, parent, depth):
        """Copy one file or folder, `name` in the open folder `parent`; `shown` is what it is called in words."""
        refuse(shown, os.stat(name, dir_fd=parent, follow_symlinks=False), self.owner)
        handle = os.open(name, CAREFUL, dir_fd=parent)
        try:
            found = os.fstat(handle)        # again: another may have taken its place in between
            refuse(shown, found, self.owner)
            if stat.S_ISDIR(found.st_mode):
                self.folder(handle, shown if depth else "", target, depth + 1)
            else:
                self.file(handle, target)
        finally:
            os.close(handle)

    def folder(self, handle, shown, target, depth):
        if depth > DEEPEST:
            raise NotPlain(f"{shown} is too deep: more than {DEEPEST} folders within each other")
        target.mkdir()
        for name in sorted(os.listdir(handle)):
            self.spend(EACH)
            is_folder = stat.S_ISDIR(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode)
            if not self.skip(name, is_folder):
                self.entry(name, os.path.join(shown, name), target / name, handle, depth)

    def file(self, handle, target):
        with open(target, "xb") as copy:
            while chunk := os.read(handle, 2**20):
                self.spend(len(chunk))
                copy.write(chunk)

    def spend(self, size):
        self.left -= size
        if self.left < 0:
            raise NotPlain("it is larger than the course allows (CourseDirectory.max_dir_size)")
