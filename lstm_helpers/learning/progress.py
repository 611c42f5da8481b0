"""The progress bar of a training run."""

import time

from tqdm.auto import tqdm

SECONDS_BETWEEN_UPDATES = 0.1


class ProgressBar:
    """Show steps, loss, gradient norm and time left, at most ten times a second."""

    def __init__(self, history, steps, shown):
        self._history = history
        self._bar = tqdm(initial=len(history), total=len(history) + steps, disable=not shown)
        self._next = time.monotonic() + SECONDS_BETWEEN_UPDATES

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self._history.stopped == "stop_when":        # reaching the goal early is no failure: no red bar
            self._bar.total = len(self._history)
        if not self._bar.disable:
            self._refresh()
        self._bar.close()

    def update(self):
        """Show the newest step, if it is time."""
        now = time.monotonic()
        if not self._bar.disable and now >= self._next:
            self._next = now + SECONDS_BETWEEN_UPDATES
            self._refresh()

    def _refresh(self):
        done = len(self._history)
        if done > self._bar.n:
            loss, norm = self._history.loss[-1], self._history.gradient_norm[-1]
            self._bar.set_postfix_str(f"loss {loss:.3g}, gradient norm {norm:.2g}", refresh=False)
            self._bar.n = done
            self._bar.refresh()
