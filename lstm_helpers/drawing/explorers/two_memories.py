"""The update gate of a GRU against the forget gate of an LSTM: what is kept, and what may come in."""

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.forget_bias import draw_half, half_gone
from lstm_helpers.drawing.explorers.lines import lines


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
