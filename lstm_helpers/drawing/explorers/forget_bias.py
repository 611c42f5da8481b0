"""The bias of a forget gate, and how long a memory lasts with it."""

import numpy as np

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import lines

_LABEL = "part left"


def forget_bias(decay, *, bias=1.0):
    """Move the bias of a forget gate that gets nothing else, and watch how much of a memory is left.

    Parameters
    ----------
    decay : a function of the bias that returns the part left (T + 1,) after 0, 1, 2, … T steps; the first is 1
    bias : where the slider starts

    Raises
    ------
    ValueError
        If what `decay` returns does not begin with 1.

    Introduced in 08_forget_gate.
    """
    def respond(bias):
        left = np.asarray(decay(bias), float)
        if left.ndim != 1 or not len(left) or left[0] != 1:
            raise ValueError(f"decay gives an array of shape {left.shape} that begins with {left.ravel()[:1]}; it needs to begin "
                             "with 1, what is left after 0 steps")
        return {_LABEL: left}

    return lines(respond, {"bias": slider("forget bias b_f", bias, -2.0, 6.0)}, describe, name="forget bias",
                 ylabel="part of the memory", ylim=(0, 1.05), first=0, draw_behind=draw_half, like={_LABEL: "f"})


def draw_half(ax):
    ax.axhline(0.5, color="#333333", ls=":", lw=1, label="one half")


def describe(series, bias):
    left = series[_LABEL]
    return f"Forget bias {bias:.1f}. {half_gone(left)} After {len(left) - 1} steps {left[-1]:.3f} is left."


def half_gone(left):
    """Say when the line falls below one half, read between two steps as a decay runs: straight on a log scale."""
    below = np.flatnonzero(left < 0.5)
    if not len(below):
        return f"Half is gone after more than {len(left) - 1} steps."
    last, first = np.log(left[below[0] - 1]), np.log(max(left[below[0]], 1e-300))
    steps = below[0] - 1 + (last - np.log(0.5)) / (last - first)
    return f"Half is gone after {steps:.1f} steps."
