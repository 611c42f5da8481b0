"""A recurrent network of one unit."""

import numpy as np

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import lines
from lstm_helpers.drawing.style import COLOURS


def one_unit(respond, x=None, *, W_x=1.0, W_h=0.9, b=0.0):
    """Move the three weights of a one-unit RNN and watch its state over time.

    Parameters
    ----------
    respond : a function of (W_x, W_h, b) that returns the states h, (T,)
    x : the inputs, (T,), drawn behind the state
    W_x, W_h, b : where the sliders start

    Introduced in 02_vanilla_rnn.
    """
    controls = {"W_x": slider("W_x", W_x, -2.0, 2.0), "W_h": slider("W_h", W_h, -2.0, 2.0), "b": slider("b", b, -2.0, 2.0)}
    high = max(1.1, 1.1 * np.abs(x).max()) if x is not None else 1.1

    def draw_inputs(ax):
        ax.bar(np.arange(1, len(x) + 1), x, width=0.35, color=COLOURS["faded"], label="input x")

    return lines(respond, controls, describe, name="one unit", ylabel="state h", ylim=(-high, high),
                 draw_behind=draw_inputs if x is not None else None)


def describe(series, W_x, W_h, b):
    h = series["h"]
    loud = np.flatnonzero(np.abs(h) >= 0.01)
    if len(loud) == 0:
        seen = "the state never reaches 0.01"
    elif loud[-1] + 1 < len(h):
        seen = f"the state stays below 0.01 after step {loud[-1] + 1}"
    else:
        seen = f"after {len(h)} steps the state is {h[-1]:.2f}"
    return f"W_x = {W_x:.1f}, W_h = {W_h:.1f}, b = {b:.1f}: {seen}."
