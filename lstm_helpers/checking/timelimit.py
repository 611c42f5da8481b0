"""A limit on the time that a learner's code may take: endless loops in Python are stopped.

A single call into NumPy cannot be interrupted; it is stopped when it returns.
"""

import contextlib
import ctypes
import signal
import sys
import threading

AGAIN = 0.05        # seconds until the next try, should the first stop be swallowed


class OutOfTime(BaseException):
    """Raised inside the learner's code. Not an Exception: `except Exception` does not swallow it."""


def call(function, args):
    """Call; only while this frame is on the stack can a time limit strike."""
    return function(*args)


def inside(frame):
    while frame is not None and frame.f_code is not call.__code__:
        frame = frame.f_back
    return frame is not None


def time_limit(seconds):
    """Return a context in which `call` raises OutOfTime after so many seconds."""
    in_main = threading.current_thread() is threading.main_thread()
    return alarm(seconds) if in_main and hasattr(signal, "setitimer") else watchdog(seconds)


@contextlib.contextmanager
def alarm(seconds):
    """Stop by a signal of the clock: not on Windows, and in the main thread alone."""
    tracing, previous = sys.gettrace(), signal.signal(signal.SIGALRM, strike)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        sys.settrace(tracing)
        signal.signal(signal.SIGALRM, previous)


def strike(signum, frame):
    """Raise here, and again at the next line: a bare `except:` swallows the first, its own body raises the second."""
    if not inside(frame):
        return
    sys.settrace(stop_at_line)
    while frame.f_code is not call.__code__:
        frame.f_trace = stop_at_line
        frame = frame.f_back
    raise OutOfTime


def stop_at_line(frame, event, arg):
    if event == "line" and inside(frame):
        raise OutOfTime
    return stop_at_line


@contextlib.contextmanager
def watchdog(seconds):
    """Stop by a second thread that raises in this one: everywhere, but it cannot wake a thread that sleeps."""
    target, done, strikes = threading.get_ident(), threading.Event(), []
    thread = threading.Thread(target=watch, args=(target, done, seconds, strikes), daemon=True)
    thread.start()
    try:
        yield
    finally:
        for _ in range(2):                              # a last stop may still be on its way
            with contextlib.suppress(OutOfTime):
                done.set()
                thread.join()
        if strikes:
            take_one(target)


def watch(target, done, seconds, strikes):
    while not done.wait(seconds) and inside(sys._current_frames().get(target)):
        strikes.append(True)
        raise_in(target)
        seconds = AGAIN


def raise_in(target):
    """Raise in a thread as soon as it runs Python again."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(target), ctypes.py_object(OutOfTime))


def take_one(target):
    """Clear a stop that may not have struck yet by one that surely does.

    Python 3.11 can take a stop back, but then hangs as soon as anything is traced: its flag for stops stays up.
    """
    with contextlib.suppress(OutOfTime):
        raise_in(target)
        for _ in range(1_000_000):
            pass
