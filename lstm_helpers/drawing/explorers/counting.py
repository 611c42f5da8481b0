"""A cell that counts, for as long a string as you like."""

import numpy as np

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import lines


def counting(states, is_right, *, n=10, longest=50, trained=10):
    """Move the number n of a string S aⁿ bⁿ, and watch one cell state go up with every a and down with every b.

    Parameters
    ----------
    states : a function of n that returns the cell states c (2n + 1,), one for S, for each a and for each b
    is_right : a function of n that returns whether every answer of the network was right
    n : where the slider starts
    longest : how far it goes
    trained : the largest n of the training strings

    Introduced in 15_classic_experiments.
    """
    every = np.concatenate([states(count) for count in range(1, longest + 1)])
    margin = 0.05 * np.ptp(every)

    def draw_behind(ax):
        ax.set_xlim(0, 2 * longest + 2)
        ax.axvspan(0, 2 * trained + 1, color="#EEEEEE", zorder=0, label="lengths trained on")

    def describe(series, n):
        c = series["c"]
        seen = "trained on" if n <= trained else "never seen in training"
        verdict = "Every answer is right" if is_right(n) else "An answer is wrong"
        return (f"n = {n}, {seen}: c is {c[0]:.1f} after S, {c[n]:.1f} after the last a, {c[-1]:.1f} after the last b. "
                f"{verdict}.")

    return lines(lambda n: {"c": states(n)}, {"n": slider("n, how many a", n, 1, longest)}, describe, name="counting cell",
                 ylabel="cell state c", ylim=(every.min() - margin, every.max() + margin), draw_behind=draw_behind)
