"""How far a gradient reaches back: by the spectral radius of an RNN, and by the paths through an LSTM."""

from lstm_helpers.drawing.explorers.controls import slider, switch
from lstm_helpers.drawing.explorers.lines import lines
from lstm_helpers.drawing.style import COLOURS

PATHS = {"direct": "direct path", "i": "through i", "f": "through f", "g": "through g", "o": "through o"}
LAG = {"xlabel": "lag: steps before the loss", "first": 0, "log": True}


def gradient_slider(flow, *, radius=0.9, ylim=(1e-12, 1e12)):
    """Move the spectral radius of W_h and watch the gradient's norm against the lag.

    Parameters
    ----------
    flow : a function of the radius that returns {label: (T,)}, the norm of dL/dh_t, lag 0 first
    radius : where the slider starts
    ylim : (smallest, largest) norm drawn

    Introduced in 04_vanishing_gradients.
    """
    def describe(series, radius):
        return f"Spectral radius {radius:.2f}. {norms_at_the_end(series)}"

    controls = {"radius": slider("spectral radius of W_h", radius, 0.1, 2.0, 0.05)}
    return lines(flow, controls, describe, name="spectral radius", ylabel="norm of dL/dh", ylim=ylim, **LAG)


def backward_paths(flow, *, start=(True, False, False, False, False), ylim=(1e-12, 10)):
    """Switch paths of the backward pass on and off, and watch what still arrives.

    Parameters
    ----------
    flow : a function of five booleans, the direct path and those through i, f, g and o, that returns {label: (T,)}, the norm
        of dL/dc_t, lag 0 first; its first line is what the paths switched on let through
    start : which paths are on at the start
    ylim : (smallest, largest) norm drawn

    Introduced in 12_lstm_backward.
    """
    def describe(series, *switches):
        switched_on = ", ".join(words for words, on in zip(PATHS.values(), switches, strict=True) if on) or "none"
        return f"Paths on … {switched_on}. {norms_at_the_end(series)}"

    controls = {name: switch(words, on, gate=name if name in COLOURS else None)
                for (name, words), on in zip(PATHS.items(), start, strict=True)}
    return lines(flow, controls, describe, name="paths back", ylabel="norm of dL/dc", ylim=ylim, **LAG)


def norms_at_the_end(series):
    ends = "; ".join(f"{label}: {line[-1]:.0e}" if line[-1] else f"{label}: nothing" for label, line in series.items())
    return f"Norm of the gradient {len(next(iter(series.values()))) - 1} steps back … {ends}."
