"""Grade an answer whose code is not to be trusted: it runs in a process of its own, which hands back values and nothing else.

What is right is known only here. The student's process cannot say "correct": its values are compared in this one. Where it can
reach to is what `bubblewrap` lets it; how long it takes and how much it says is limited here, whatever it does.
"""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import lstm_helpers
from lstm_classroom import worker
from lstm_classroom.bubblewrap import walled
from lstm_classroom.wire import MOST_TEXT, dumps, loads, outcome_of
from lstm_helpers.checking import Question
from lstm_helpers.checking.answers import Form
from lstm_helpers.checking.judging import outcomes as outcomes_here
from lstm_helpers.checking.running import Outcome
from lstm_helpers.checking.verdict import ERROR, TOO_SLOW, Fault

SECONDS = 5                     # for a cell: endless loops in Python are stopped then, and what follows still runs
PATIENCE = 15                   # seconds for the whole process, besides those of the question: then it is killed
MOST_READ = 32 * 2**20          # bytes from one process
MOST_KILLERS = 10               # cells of one notebook; with more, its grading would take too long
MOST_FOR_A_NOTEBOOK = 300       # seconds, for all processes of one submission together
KEPT = ("PATH", "LANG", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE")      # no tokens, no passwords
PLACES = [str(Path(module.__file__).parents[1]) for module in (worker, lstm_helpers)]
START = f"import sys; sys.path[:0] = {PLACES}; from lstm_classroom.worker import main; main()"      # ours, and no others
STOPPED = Fault(TOO_SLOW, "It was stopped: it was still running when the time was over. Does every loop come to an end?")
ENDED = Fault(ERROR, "Python itself ended while your code ran. Does it call exit, or fill the memory?")
UNREADABLE = Fault(ERROR, "What your code handed over cannot be read.")


@dataclass
class Submission:
    """Hold the code cells of a notebook by number, and which of them ended their process or had to be stopped."""

    cells: dict
    killers: set = field(default_factory=set)
    left: float = MOST_FOR_A_NOTEBOOK           # seconds


@dataclass
class Answer:
    """Hold one answer of a submission: the thing called `name`, once the cells above number `end` have run.

    `own` is the number of the cell in which it belongs, None if that is gone.
    """

    submission: Submission
    name: str
    own: int | None
    end: int

    def __call__(self, *args, **kwargs):
        """Refuse to be run here; whoever wrote the test has forgotten something."""
        raise TypeError("a student's code runs in the sandbox alone: the test needs grade(…, runner=run_apart)")

    def outcomes(self, question, jobs):
        """Do what `lstm_helpers.checking.judging.outcomes` does, in another process."""
        records, death = self.run(question, jobs)
        for args, form in jobs:
            record = next(records, None)
            try:
                yield outcome_of(record, form, len(args)) if record else (Outcome(None, death or UNREADABLE, ""), None)
            except Exception:       # whatever a student's code may have thought of
                yield Outcome(None, UNREADABLE, ""), None

    def run(self, question, jobs):
        """Return (the records of the outcomes, what ended the process early); try again without a cell that ends it."""
        killers = self.submission.killers
        for _ in range(MOST_KILLERS + 1):
            job = self.job(question, jobs)
            records, death = self.talk(job, PATIENCE + question.seconds)
            sent = {number for number, _ in job["cells"]}
            begun = [record["cell"] for record in records if record.get("cell") in sent]
            killers |= {cell for cell in begun if stopped(cell, records)}
            in_a_cell = death and begun and not any("called" in record for record in records)
            if in_a_cell:
                killers.add(begun[-1])
            if not in_a_cell or begun[-1] == self.own or len(killers) > MOST_KILLERS:
                break
        return (record for record in records if "parts" in record), death

    def talk(self, job, seconds):
        """Run a job as long as this submission has time left."""
        start = time.monotonic()
        if self.submission.left <= 0:
            return [], STOPPED
        try:
            return talk(job, min(seconds, self.submission.left))
        finally:
            self.submission.left -= time.monotonic() - start

    def job(self, question, jobs):
        """Return what the worker is told."""
        left_out = self.submission.killers - {self.own}
        cells = [[number, source] for number, source in self.submission.cells.items()
                 if number < self.end and number not in left_out]
        return {"cells": cells, "own": self.own, "answer": self.name, "seconds": SECONDS, "module": question.reference.__module__,
                "question": {"name": question.name, "is_value": question.is_value, "seconds": question.seconds},
                "jobs": [(args, form.kind, form.names) for args, form in jobs]}


def run_apart(answer: object, question: Question, jobs: list[tuple[tuple, Form]]) -> Iterator[tuple[Outcome, list | None]]:
    """Run an answer in the sandbox: the runner that a test hands to `grade`. What is no Answer, a teacher's own, runs here."""
    return answer.outcomes(question, jobs) if isinstance(answer, Answer) else outcomes_here(answer, question, jobs)


def stopped(cell, records):
    """Return whether a cell was stopped because its time was over."""
    return any(record.get("ran") == cell and record.get("kind") == TOO_SLOW for record in records)


def talk(job: dict, seconds: float) -> tuple[list[dict], Fault | None]:
    """Start a worker, hand it a job, and return (its records, None or what ended it before its own end)."""
    command = walled([sys.executable, "-I", "-c", START])
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder,
                                   env=environment(), start_new_session=os.name == "posix")
        try:
            data, in_time = listen(process, dumps(job), seconds)
        finally:
            kill(process)
    records = records_in(data, 2 * len(job["cells"]) + len(job["jobs"]) + 2)
    return records, None if records and "end" in records[-1] else ENDED if in_time else STOPPED


def listen(process, job, seconds):
    """Hand a job over; return (what the process writes within so many seconds, up to MOST_READ, and whether it ended by then)."""
    data = bytearray()

    def converse():
        with contextlib.suppress(OSError), process.stdin:       # it may be gone already
            process.stdin.write(job)
        with process.stdout:
            while len(data) < MOST_READ and (more := process.stdout.read1(2**16)):
                data.extend(more)
    thread = threading.Thread(target=converse, daemon=True)     # what a process of its leaves open must not keep us
    thread.start()
    thread.join(seconds)
    return bytes(data), not thread.is_alive()


def environment() -> dict[str, str]:
    """Return the few settings that a worker gets."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", "MPLCONFIGDIR": ".", "HOME": ".", "TMPDIR": ".", **kept}


def kill(process: subprocess.Popen) -> None:
    """End a process and, where the system can, all that it started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def records_in(data: bytes, most: int) -> list[dict]:
    """Return the records of a worker, no more than it can have; a student's code may have written anything."""
    return [thing for thing in itertools.islice(loads(data, MOST_TEXT), most) if isinstance(thing, dict)
            and all(isinstance(thing.get(name), int | str | None) for name in ("cell", "ran", "kind"))]
