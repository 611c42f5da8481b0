"""Loss curves, trained anew for each learning rate."""

from lstm_helpers.drawing.explorers.base import log_slider
from lstm_helpers.drawing.explorers.lines import lines


def learning_rate(curves, *, rate=0.1, rates=(-3, 1), ylim=(1e-6, 10)):
    """Move the learning rate and watch how the loss falls, or does not.

    Parameters
    ----------
    curves : a function of the learning rate that trains and returns {optimiser: (steps,)}, the loss of each step
    rate : where the slider starts
    rates : from which to which power of ten it goes
    ylim : (smallest, largest) loss drawn

    Introduced in 13_training.
    """
    controls = {"rate": log_slider("learning rate", rate, *rates)}
    return lines(curves, controls, describe, name="learning rate", ylabel="loss", xlabel="training step", ylim=ylim, log=True)


def describe(series, rate):
    ends = "; ".join(f"{optimiser}: {losses[-1]:.0e}" for optimiser, losses in series.items())
    return f"Learning rate {float(f'{rate:.2g}'):g}. Loss after {len(next(iter(series.values())))} steps … {ends}."
