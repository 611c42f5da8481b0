"""Run a learner's code so that nothing it does can hurt: errors, endless loops, a flood of prints."""

import contextlib
import io
import linecache
import os
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from lstm_helpers.checking.timelimit import OutOfTime, call, time_limit
from lstm_helpers.checking.verdict import ERROR, NOT_ATTEMPTED, TOO_SLOW, Fault

MOST_PRINTED = 1000                 # characters
LONGEST_ERROR = 300
Place = tuple[str, int]              # file and line
LIBRARIES = tuple(str(folder) + os.sep for folder in (
    Path(__file__).resolve().parents[1], Path(np.__file__).resolve().parents[1],
    *map(sysconfig.get_path, ("stdlib", "platlib"))))


@dataclass(frozen=True)
class Outcome:
    """What a call came to: a value, or the fault that kept it from having one."""

    value: object
    fault: Fault | None
    printed: str


class Shortened(io.TextIOBase):
    """Text that keeps its beginning and forgets the rest."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        if len(self.text) < MOST_PRINTED:
            self.text = (self.text + text)[:MOST_PRINTED]
        return len(text)


def run(function: Callable, args: tuple, seconds: float) -> Outcome:
    """Call a function of the learner's and return an Outcome, whatever happens; only ■ (KeyboardInterrupt) passes."""
    printed, value, fault = Shortened(), None, None
    try:
        with silence(printed), time_limit(seconds):
            value = call(function, args)
    except KeyboardInterrupt:
        raise
    except OutOfTime:
        fault = Fault(TOO_SLOW, f"It was stopped{place(own_frame(sys.exc_info()[2]))}: it was still running when the time "
                                "for a check was over. Does every loop come to an end?")
    except BaseException as error:      # SystemExit too
        fault = explain(error, own_frame(sys.exc_info()[2]))
    return Outcome(value, fault, printed.text)


@contextlib.contextmanager
def silence(printed: Shortened) -> Iterator[None]:
    """Catch what is printed; let NumPy go on without warnings, for NaN and infinity are found in the result."""
    with (contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings(),
          np.errstate(all="ignore")):
        warnings.simplefilter("ignore")
        yield


def explain(error: BaseException, frame: Place | None) -> Fault:
    """Say in words what the learner's code raised, and where."""
    name, words = type.__dict__["__name__"].__get__(type(error)), text_of(error)
    if isinstance(error, RecursionError):
        return Fault(ERROR, f"It calls itself without end{place(frame)}: RecursionError.")
    if isinstance(error, TypeError) and "ellipsis" in words.lower() and frame:
        return Fault(NOT_ATTEMPTED, f"Not finished yet: there is still a `...`{place(frame)}.")
    if frame is None:
        return Fault(ERROR, f"Calling it fails: {name}: {words}")
    return Fault(ERROR, f"It stops with an error{place(frame)}:\n  {name}: {words}")


def text_of(error: BaseException) -> str:
    try:
        words = str(error)
        words = str.__str__(words) or "no message"
    except BaseException:       # a message that cannot be made is no reason to stop
        words = "its message cannot be shown"
    return words if len(words) <= LONGEST_ERROR else words[:LONGEST_ERROR] + " …"


def own_frame(trace: TracebackType | None) -> Place | None:
    """Return (file, line) of the deepest line that is the learner's own, not a library's; None if there is none."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
    own = [(file, line) for file, line in frames if not file.startswith((*LIBRARIES, "<frozen"))]
    return own[-1] if own else None


def place(frame: Place | None) -> str:
    """Return " in line 3: `h = W @ x`", or nothing if there is no such line."""
    if frame is None:
        return ""
    source = linecache.getline(*frame).strip()
    return f" in line {frame[1]}" + (f": `{source}`" if source else "")
