"""A latch with weights set by hand: one unit that takes a signal when a flag says so, and keeps it."""

import numpy as np

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import leaving, lines
from lstm_helpers.drawing.style import COLOURS


def latch(respond, signal, write, *, w_i=4.0, b_i=0.0, b_f=1.0, ylim=(-1.6, 1.6)):
    """Move what opens the two gates of a latch, and watch whether it takes the signal, and keeps it.

    Parameters
    ----------
    respond : a function of (w_i, b_i, b_f), the input gate's weight for the flag, its bias and the forget bias, that returns
        the cell states (T,), or {"c": (T,), "target": (T,)} to draw what should be kept as well
    signal : (T,), drawn behind
    write : (T,), the flag: 1 at the steps at which the signal is to be taken, else 0
    w_i, b_i, b_f : where the sliders start
    ylim : (smallest, largest) state drawn

    Introduced in 09_input_gate.
    """
    controls = {"w_i": slider("input gate: weight of the flag", w_i, -2.0, 20.0, 0.5),
                "b_i": slider("input gate: bias", b_i, -12.0, 4.0, 0.5), "b_f": slider("forget gate: bias", b_f, -2.0, 12.0, 0.5)}
    moments = np.flatnonzero(write)

    def states(*values):
        answer = respond(*values)
        return answer if isinstance(answer, dict) else {"c": answer}

    def draw_behind(ax):
        ax.bar(np.arange(1, len(signal) + 1), signal, width=0.5, color=COLOURS["faded"], label="signal")
        for n, moment in enumerate(moments):
            ax.axvline(moment + 1, color=COLOURS["i"], lw=5, alpha=0.4, zorder=0, label="_" * n + "write: flag 1")

    def describe(series, w_i, b_i, b_f):
        seen = kept(series, moments) + leaving(series["c"], ylim)
        return f"Weight of the flag {w_i:.1f}, bias of the input gate {b_i:.1f}, forget bias {b_f:.1f}: {seen}."

    return lines(states, controls, describe, name="latch", ylabel="cell state c", ylim=ylim, draw_behind=draw_behind)


def kept(series, moments):
    """Say what the cell holds after the last flag and at the end, and how far it is from the target, if there is one."""
    c = series["c"]
    taken = f"after the last flag (step {moments[-1] + 1}) c is {c[moments[-1]]:.2f}, " if len(moments) else ""
    seen = f"{taken}after step {len(c)} it is {c[-1]:.2f}" if taken else f"after step {len(c)} c is {c[-1]:.2f}"
    if "target" in series:
        seen += f"; it is at most {np.abs(c - series['target']).max():.2f} from the target"
    return seen
