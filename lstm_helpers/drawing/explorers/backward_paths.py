"""Paths of the backward pass, switched off one by one."""

import ipywidgets as widgets

from lstm_helpers.drawing.explorers.lines import lines

PATHS = {"direct": "direct path", "i": "through i", "f": "through f", "g": "through g", "o": "through o"}


def backward_paths(flow, *, ylim=(1e-12, 10)):
    """Switch paths of the backward pass on and off, and watch what still arrives.

    Parameters
    ----------
    flow : a function of five booleans, the direct path and those through i, f, g and o, that returns {label: (T,)}, the norm
        of dL/dc_t, lag 0 first; its first line is what the paths switched on let through
    ylim : (smallest, largest) norm drawn

    Introduced in 12_lstm_backward.
    """
    controls = {name: widgets.Checkbox(True, description=words, indent=False) for name, words in PATHS.items()}
    return lines(flow, controls, describe, name="paths back", ylabel="norm of dL/dc", xlabel="lag: steps before the loss",
                 ylim=ylim, first=0, log=True)


def describe(series, *switches):
    switched_on = ", ".join(words for words, on in zip(PATHS.values(), switches, strict=True) if on) or "none"
    ends = "; ".join(f"{label}: {line[-1]:.0e}" if line[-1] else f"{label}: nothing" for label, line in series.items())
    return f"Paths on … {switched_on}. Norm of the gradient {len(next(iter(series.values()))) - 1} steps back … {ends}."
