"""Record an experiment row by row, read it again, and hold a few rows against a fresh run."""

import csv
import hashlib
import io
import itertools
import json
import os
import platform
import time
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from lstm_helpers.files import write_whole
from lstm_helpers.learning import sweep
from lstm_helpers.learning.sweep import INTERRUPTED

CHECKSUM = "checksum"
AGAIN = "record it again: python3 run.py experiments {}"
OWN = ("seconds", "error", "measures")              # names that a recording needs itself


class NotAsRecorded(ValueError):
    """The table is not what a recording has written."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Hold what an experiment tries, and where its rows are kept.

    Parameters
    ----------
    name : of the module, and of the table beside it
    about : one sentence for the head of the table
    trial : a function of one setting; returns {measure: number}, under names that are no setting's, nor "seconds" or "error"
    grid : the settings, a list of dicts with the same names: the model, or what takes its place, first; "seed" among them
    slack : {measure: how far a fresh run may fall outside of what the seeds of a recorded setting span}
    folder : where the table is, beside the module
    """

    name: str
    about: str
    trial: object
    grid: list
    slack: dict
    folder: Path = Path(__file__).parent

    def __post_init__(self):
        self.refuse_taken("setting", self.settings, OWN)
        self.refuse_taken("measure", self.slack)

    def refuse_taken(self, kind, names, taken=None):
        """Raise ValueError if a name would overwrite another column of the table."""
        for name in names:
            if name in (taken or (*self.settings, *OWN)):
                raise ValueError(f"{kind} {name!r} of the experiment {self.name!r} has the name of another column; rename it")

    @property
    def settings(self):
        """The names of what is varied."""
        return list(self.grid[0])

    @property
    def path(self):
        """Where the table is."""
        return self.folder / f"{self.name}.csv"

    @property
    def unfinished(self):
        """Where the rows of a recording are that has not come to its end."""
        return self.path.with_suffix(".csv.part")

    def rows(self):
        """Return all rows, one dict a trial: its setting, what was measured, "seconds", and "error" (None if there was none).

        Raises
        ------
        NotAsRecorded
            If the table was changed by hand, or was recorded with another grid.
        """
        return read(self)


def select(rows, **setting):
    """Return the rows that have this setting: ``select(rows, model="RNN", gap=20)``."""
    return [row for row in rows if all(row[name] == value for name, value in setting.items())]


def values(rows, measure, **setting):
    """Return one measure of the rows that have this setting, as an array; a trial that failed is NaN."""
    return np.array([np.nan if row["error"] else row[measure] for row in select(rows, **setting)])


# --- recording ---

def record(experiment, executor=None, *, progress=True):
    """Run all trials that are not done yet, write the table once all are, and return how many are missing.

    Each row is kept as soon as it is there: a recording that was stopped goes on where it was.
    """
    done = unfinished_rows(experiment)
    left = [setting for setting in experiment.grid if key(setting) not in done]

    def keep(row):
        measures = row.pop("measures", {})
        experiment.refuse_taken("measure", measures)
        row |= measures
        if row["error"] != INTERRUPTED:
            done[key({name: row[name] for name in experiment.settings})] = row
            with experiment.unfinished.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
    if left:
        sweep(partial(timed, experiment.trial), left, executor, progress=progress, on_row=keep)
    missing = [setting for setting in experiment.grid if key(setting) not in done]
    if not missing:
        write(experiment, [done[key(setting)] for setting in experiment.grid])
        experiment.unfinished.unlink(missing_ok=True)
    return len(missing)


def timed(trial, **setting):
    """Run one trial; return its measures by themselves, and the seconds of processor time that it took."""
    start = time.process_time()
    return {"measures": trial(**setting), "seconds": round(time.process_time() - start, 2)}


def key(setting):
    return json.dumps(setting, sort_keys=True)


def unfinished_rows(experiment):
    """Return {key of the setting: row} of a recording that was stopped; its last line may be half a line."""
    rows = {}
    for line in experiment.unfinished.read_text(encoding="utf-8").splitlines() if experiment.unfinished.exists() else []:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        rows[key({name: row[name] for name in experiment.settings})] = row
    return rows


# --- the table ---

def write(experiment, rows):
    """Write the table: a head that says how it came about, one line a trial."""
    names = [*experiment.settings, *experiment.slack, "seconds", "error"]
    table = "".join(map(line_of, [names, *([row.get(name) for name in names] for row in rows)]))
    head = {"experiment": experiment.about, "machine": machine(), "versions": versions(), "date": date.today().isoformat(),
            "trials": len(rows)}
    text = "".join(f"# {name}: {words}\n" for name, words in head.items()) + table
    write_whole(experiment.path, lambda file: file.write(f"# {CHECKSUM}: {checksum(text)}\n{text}".encode()))


def line_of(values):
    with io.StringIO() as file:
        csv.writer(file, lineterminator="\n").writerow("" if value is None else value for value in map(shortened, values))
        return file.getvalue()


def shortened(value):
    return f"{value:.5g}" if isinstance(value, float) else value


def checksum(text):
    return hashlib.sha256(text.encode()).hexdigest()


def machine():
    """Name the processor, without the machine's own name."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        name = next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def versions():
    kernels = {library.get("architecture") for library in threadpool_info() if library["user_api"] == "blas"}
    return f"Python {platform.python_version()}, NumPy {np.__version__}, BLAS for {', '.join(sorted(map(str, kernels)))}"


def read(experiment):
    """Return the rows of the table; NotAsRecorded if it is not what a recording of this grid has written."""
    first, _, text = experiment.path.read_text(encoding="utf-8").partition("\n")
    if first != f"# {CHECKSUM}: {checksum(text)}":
        raise NotAsRecorded(f"{experiment.path.name} was changed after it was recorded; {AGAIN.format(experiment.name)}")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("# ")))
    found = [[row[name] for name in experiment.settings] for row in rows]
    wanted = [next(csv.reader([line_of(setting.values())])) for setting in experiment.grid]
    if found != wanted:
        raise NotAsRecorded(f"{experiment.path.name} holds {len(found)} trials that are not the {len(wanted)} of its grid; "
                            + AGAIN.format(experiment.name))
    measures = [*experiment.slack, "seconds"]
    return [{**setting, **{name: float(row[name] or "nan") for name in measures}, "error": row["error"] or None}
            for setting, row in zip(experiment.grid, rows, strict=True)]


# --- a second look ---

def check(experiment, seconds=20):
    """Run the quickest trials of each model again, for about so many seconds; return (trials run, what fell out of its range)."""
    rows, complaints = experiment.rows(), []
    chosen = quickest(rows, seconds)
    for row in chosen:
        setting = {name: row[name] for name in experiment.settings}
        fresh = experiment.trial(**setting)                                 # a trial that fails now stops the check
        family = select(rows, **{name: value for name, value in setting.items() if name != "seed"})
        complaints += [complaint for measure, slack in experiment.slack.items()
                       if (complaint := out_of_range(fresh[measure], values(family, measure), slack, measure, setting))]
    return len(chosen), complaints


def quickest(rows, seconds):
    """Return rows in turn from each model (the first thing varied), its quickest first, for so many seconds; one at least."""
    model = next(iter(rows[0]))
    good = sorted((row for row in rows if not row["error"]), key=lambda row: row["seconds"])
    by_model = [[row for row in good if row[model] == name] for name in dict.fromkeys(row[model] for row in rows)]
    turns = [row for turn in itertools.zip_longest(*by_model) for row in turn if row]
    total = list(itertools.accumulate(row["seconds"] for row in turns))
    return [row for row, so_far in zip(turns, total, strict=True) if so_far <= seconds] or turns[:1]


def out_of_range(fresh, recorded, slack, measure, setting):
    low, high = np.nanmin(recorded) - slack, np.nanmax(recorded) + slack
    if not low <= fresh <= high:
        return f"{setting}: {measure} is {fresh:.4g}; the recorded seeds span {low + slack:.4g} to {high - slack:.4g}"
    return None
