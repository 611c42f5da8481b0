"""nbgrader's exchange folder, a little stricter: named before anything is handed out, and nobody hands in for another."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment

NO_EXCHANGE = """There is no exchange folder {}.
Make one, such as: install -d -m 1777 /srv/nbgrader/exchange
and name it in the last line of nbgrader_config.py (without the # before it). Those who send files by mail need none."""
NOT_THEIRS = "{owner} handed in {file} under the name {name}; it is collected as {owner}'s."


class ReleaseIntoWhatExists(ExchangeReleaseAssignment):
    """Hand out into the folder that the teacher made and named; nbgrader itself would make one that everybody may empty."""

    def ensure_root(self):
        """Stop with a sentence if the folder is not there."""
        if not Path(self.root).is_dir():
            self.fail(NO_EXCHANGE.format(self.root))
        super().ensure_root()


class CollectFromOwners(ExchangeCollect):
    """Take each submission as its owner's, whatever its name says; nbgrader itself would put it in place of the named student's.

    The owner is the Unix account. Where students have none of their own, set `c.ExchangeCollect.check_owner = False`.
    """

    def _path_to_record(self, path):
        record = super()._path_to_record(path)
        owner = Path(path).owner() if self.check_owner else record["username"]
        if owner != record["username"]:
            self.log.warning(NOT_THEIRS.format(owner=owner, file=record["filename"], name=record["username"]))
        return {**record, "username": owner}
