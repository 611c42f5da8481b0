"""How long a memory lasts: by the bias of a forget gate, by how the biases are drawn, in a GRU and in an LSTM."""

import numpy as np

from lstm_helpers.drawing.explorers.controls import slider
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
            raise ValueError(f"decay gives an array of shape {left.shape} that begins with {left.ravel()[:1]}; forget_bias needs "
                             "(T + 1,) that begins with 1, what is left after 0 steps")
        return {_LABEL: left}

    def describe(series, bias):
        left = series[_LABEL]
        return f"Forget bias {bias:.1f}. {half_gone(left)} After {len(left) - 1} steps {left[-1]:.3f} is left."

    return lines(respond, {"bias": slider("forget bias b_f", bias, -2.0, 6.0)}, describe, name="forget bias",
                 ylabel="part of the memory", ylim=(0, 1.05), first=0, draw_behind=draw_half, like={_LABEL: "f"},
                 mark=lambda series: (half_life(series[_LABEL]), 0.5))


def two_memories(decay, written, *, b_z=2.0, b_f=1.0):
    """Move the update bias of a GRU and the forget bias of an LSTM, both of one unit, and watch how much of a memory is left.

    Parameters
    ----------
    decay : a function of (b_z, b_f) that returns {"LSTM": (T + 1,), "GRU": (T + 1,)}, the parts left after 0, 1, … T steps
    written : a function of (b_z, b_f) that returns {"LSTM": …, "GRU": …}, the most of a new candidate that a step can write
    b_z, b_f : where the sliders start

    Introduced in 19_variants.
    """
    def describe(series, b_z, b_f):
        most = written(b_z, b_f)
        return " ".join(f"{name}, bias {bias:.1f}: {half_gone(series[name])} A step can write up to {most[name]:.3f} of a "
                        "candidate." for name, bias in (("GRU", b_z), ("LSTM", b_f)))

    controls = {"b_z": slider("update bias b_z", b_z, -2.0, 6.0), "b_f": slider("forget bias b_f", b_f, -2.0, 6.0)}
    return lines(decay, controls, describe, name="two memories", ylabel="part of the memory", ylim=(0, 1.05), first=0,
                 draw_behind=draw_half)


def draw_half(ax):
    ax.axhline(0.5, color="#333333", ls=":", lw=1, label="one half")


def half_life(left):
    """Return when the line falls below one half, or NaN: read between two steps as a decay runs, straight on a log scale."""
    below = np.flatnonzero(left < 0.5)
    if not len(below):
        return np.nan
    last, first = np.log(left[below[0] - 1]), np.log(max(left[below[0]], 1e-300))
    return below[0] - 1 + (last - np.log(0.5)) / (last - first)


def half_gone(left):
    steps = half_life(left)
    return f"Half is gone after more than {len(left) - 1} steps." if np.isnan(steps) else f"Half is gone after {steps:.1f} steps."


def half_lives(respond, *, longest=200):
    """Move the longest memory T that biases are drawn for, and watch the half-lives of all units.

    Parameters
    ----------
    respond : a function of T that returns {label: (H,)}, the half-life of each unit in steps, in ascending order
    longest : T, where the slider starts

    Introduced in 14_initialisation.
    """
    def describe(series, longest):
        words = "; ".join(f"{label}: {spread(steps)}" for label, steps in series.items())
        return f"T = {longest}. Half-lives in steps … {words}."

    return lines(respond, {"longest": slider("T, longest memory", longest, 10, 1000, 10)}, describe, name="half-lives",
                 xlabel="unit, in the order of half-lives", ylabel="half-life in steps", ylim=(0.3, 1000), log=True)


def spread(steps):
    shortest, middle, longest = np.min(steps), np.median(steps), np.max(steps)
    return f"all {middle:.1f}" if np.isclose(shortest, longest) else f"{shortest:.1f} to {longest:.1f}, median {middle:.1f}"
