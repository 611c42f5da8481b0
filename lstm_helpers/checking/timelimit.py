"""A limit on the time that a learner's code may take: the clock's alarm ends a loop in Python that never does.

There is no alarm on Windows, and none outside the main thread. There nothing is limited, and ■ stops the cell.
A single call into NumPy cannot be interrupted; it is stopped when it returns.
"""

import contextlib
import itertools
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

AGAIN = 0.05                                            # seconds between strikes
SOON = [2.0**-power for power in range(18, 4, -1)]      # and after one that was raised, 4 µs to 31 ms


class OutOfTime(BaseException):
    """Raised inside the learner's code. Not an Exception: `except Exception` does not swallow it."""


def call(function: Callable, args: tuple) -> object:
    """Call; only while this frame is on the stack can a time limit strike."""
    return function(*args)


def inside(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code is not call.__code__:
        frame = frame.f_back
    return frame is not None


def time_limit(seconds: float) -> contextlib.AbstractContextManager:
    """Return a context in which `call` raises OutOfTime after so many seconds; one without a limit where there is no alarm."""
    in_main = threading.current_thread() is threading.main_thread()
    return alarm(seconds) if in_main and hasattr(signal, "setitimer") else contextlib.nullcontext()


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Strike once the time is over, and again: a bare `except:` swallows the first, the next may fall outside of its `try`."""
    waits = itertools.cycle(SOON)

    def strike(signum: int, frame: FrameType | None) -> None:
        if inside(frame):           # elsewhere the clock must not be wound up: it may just have been stopped
            signal.setitimer(signal.ITIMER_REAL, next(waits), AGAIN)
            raise OutOfTime

    previous = signal.signal(signal.SIGALRM, strike)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, previous)
