"""Interrupts: ■ or Ctrl-C stops a loop after the step in hand, not in the middle of it."""

import contextlib
import signal
import threading


class InterruptAfterStep:
    """Note the first interrupt in `requested` instead of raising; raise KeyboardInterrupt at the second.

    Python hands interrupts to the main thread alone; in another thread, and where interrupts are ignored, nothing
    is changed. One inside another, as a training inside a sweep, passes the note on.
    """

    def __init__(self):
        self.requested = self._held = self._again = False
        self._previous = None

    def __enter__(self):
        if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT)):
            self._previous = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *exception):
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    @contextlib.contextmanager
    def held(self):
        """Let what is within come to its end, whole: a second interrupt is raised after it."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._again:
            self._again = False
            raise KeyboardInterrupt

    def _note(self, signum, frame):
        if self.requested and self._held:
            self._again = True
        elif self.requested:
            raise KeyboardInterrupt
        self.requested = True
        outer = getattr(self._previous, "__self__", None)
        if isinstance(outer, InterruptAfterStep):
            outer.requested = True
