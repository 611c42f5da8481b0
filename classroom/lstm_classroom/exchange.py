"""nbgrader's exchange folder, a little stricter: nobody hands in for another, nor a file that is not theirs."""

import datetime
import fnmatch
import os
import shutil
import tempfile
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment
from nbgrader.utils import parse_utc

from lstm_classroom.plain_files import NotPlain, PlainCopy
from lstm_classroom.plain_text import clean

NO_EXCHANGE = """There is no exchange folder {}.
Make one, such as: install -d -m 1777 /srv/nbgrader/exchange
and name it in the last line of nbgrader_config.py (without the # before it). Those who send files by mail need none."""
NOT_THEIRS = "{owner} handed in {file} under the name {name}; it is collected as {owner}'s."
NOT_COLLECTED = "Not collected: {name}: {why}. It is in {place}"
UNREADABLE = (ExchangeError, NotPlain, OSError, ValueError, OverflowError)


class ReleaseIntoWhatExists(ExchangeReleaseAssignment):
    """Hand out into the folder that the teacher made and named; nbgrader itself would make one that everybody may empty."""

    def ensure_root(self) -> None:
        """Stop with a sentence if the folder is not there."""
        if not Path(self.root).is_dir():
            self.fail(NO_EXCHANGE.format(self.root))
        super().ensure_root()


class CollectFromOwners(ExchangeCollect):
    """Take each submission as its owner's, whatever its name says; nbgrader itself would put it in place of the named student's.

    The owner is the Unix account. Where students have none of their own, set `c.ExchangeCollect.check_owner = False`.
    What holds a link, or anything else that is no plain file of its owner, is refused, and all others are collected.
    """

    def init_src(self) -> None:
        """Find what was handed in."""
        self.refused = []
        super().init_src()

    def _path_to_record(self, path):
        """Return what nbgrader wants to know of a submission, and its owner; without a name if it is refused."""
        try:
            record, uid = super()._path_to_record(path), os.lstat(path).st_uid
            owner = account_of(uid) if self.check_owner else record["username"]
        except UNREADABLE as error:
            self.refuse(os.path.basename(path), error, path)
            return {"username": None, "timestamp": datetime.datetime.min}
        if owner != record["username"]:
            self.log.warning(clean(NOT_THEIRS.format(owner=owner, file=record["filename"], name=record["username"])))
        return {**record, "username": owner, "uid": uid}

    def copy_files(self) -> None:
        """Copy everything to a folder of our own first, where its owner cannot change it, then let nbgrader take it."""
        with tempfile.TemporaryDirectory(prefix=".collecting-", dir=self.coursedir.root) as folder:
            self.copies = {}
            self.src_records = [record for number, record in enumerate(self.src_records)
                                if record["username"] and self.copied(record, Path(folder) / str(number))]
            self.check_owner = False        # done, and more strictly
            super().copy_files()
        for words in self.refused:
            self.log.error(words)

    def copied(self, record, target):
        """Copy a submission to target; return whether it was in order."""
        source = os.path.join(self.inbound_path, record["filename"])
        try:
            PlainCopy(record["uid"], 1000 * self.coursedir.max_dir_size, self.left_out).copy(source, target)
            refuse_unless_a_time(target / "timestamp.txt")
        except UNREADABLE as error:
            self.refuse(record["username"], error, source)
            return False
        self.copies[source] = target
        return True

    def left_out(self, name, is_folder):
        """Return whether the settings of the course leave out a file or folder."""
        matches = [any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
                   for patterns in (self.coursedir.ignore, self.coursedir.include)]
        return matches[0] or not (is_folder or matches[1])

    def refuse(self, name, error, place):
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        self.refused.append(clean(NOT_COLLECTED.format(name=name, why=why, place=place)))

    def do_copy(self, src: str, dest: str, log=None) -> None:
        """Put our copy where nbgrader wants it."""
        shutil.move(self.copies[src], dest)
        if self.coursedir.groupshared:
            for place, _, files in os.walk(dest):
                os.chmod(place, 0o2770)
                for file in files:
                    os.chmod(os.path.join(place, file), 0o660)


def refuse_unless_a_time(path):
    """Raise ValueError or OSError for a timestamp.txt at which nbgrader itself would stop; it may be empty, or missing."""
    text = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    try:
        parse_utc(text or None)
    except (ValueError, OverflowError):
        raise ValueError(f"{path.name} holds no time but {text[:40]!r}") from None


def account_of(uid):
    """Return the name of a Unix account; ValueError if it has none."""
    import pwd
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ValueError(f"nobody's account has the number {uid}") from None
