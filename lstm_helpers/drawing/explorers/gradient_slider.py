"""How far a gradient reaches back."""

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import lines


def gradient_slider(flow, *, radius=0.9, ylim=(1e-12, 1e12)):
    """Move the spectral radius of W_h and watch the gradient's norm against the lag.

    Parameters
    ----------
    flow : a function of the radius that returns {label: (T,)}, the norm of dL/dh_t, lag 0 first
    radius : where the slider starts
    ylim : (smallest, largest) norm drawn

    Introduced in 04_vanishing_gradients.
    """
    controls = {"radius": slider("spectral radius of W_h", radius, 0.1, 2.0, 0.05)}
    return lines(flow, controls, describe, name="spectral radius", ylabel="norm of dL/dh", xlabel="lag: steps before the loss",
                 ylim=ylim, first=0, log=True)


def describe(series, radius):
    ends = "; ".join(f"{label}: {line[-1]:.0e}" for label, line in series.items())
    return f"Spectral radius {radius:.2f}. Norm of the gradient {len(next(iter(series.values()))) - 1} steps back … {ends}."
