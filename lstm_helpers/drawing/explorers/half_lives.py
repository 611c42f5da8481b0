"""How long each unit of a cell remembers, by how its forget bias is drawn."""

import numpy as np

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import lines


def half_lives(respond, *, longest=200):
    """Move the longest memory T that biases are drawn for, and watch the half-lives of all units.

    Parameters
    ----------
    respond : a function of T that returns {label: (H,)}, the half-life of each unit in steps, in ascending order
    longest : T, where the slider starts

    Introduced in 14_initialisation.
    """
    return lines(respond, {"longest": slider("T, longest memory", longest, 10, 1000, 10)}, describe, name="half-lives",
                 xlabel="unit, in the order of half-lives", ylabel="half-life in steps", ylim=(0.3, 1000), log=True)


def describe(series, longest):
    words = "; ".join(f"{label}: {spread(steps)}" for label, steps in series.items())
    return f"T = {longest}. Half-lives in steps … {words}."


def spread(steps):
    shortest, middle, longest = np.min(steps), np.median(steps), np.max(steps)
    return f"all {middle:.1f}" if np.isclose(shortest, longest) else f"{shortest:.1f} to {longest:.1f}, median {middle:.1f}"
