"""A function of one number as a curve, with its slope if wanted: the squashing functions where they are first used."""

import numpy as np
from matplotlib import pyplot as plt

from lstm_helpers.drawing.style import COLOURS


def squashing(z, curve, slope=None, *, name="tanh", dots=()):
    """Draw a squashing function over z, its bounds as grey lines, and in a second panel its slope, if given.

    Parameters
    ----------
    z, curve, slope : (n,) each
    name : of the function, for its axis
    dots : places (z, height) on the curve that are marked with their numbers

    Introduced in 02_vanilla_rnn; with its slope in 03_backpropagation_through_time.
    """
    panels = 1 if slope is None else 2
    fig, axes = plt.subplots(1, panels, figsize=(3.6 + 2.8 * (panels - 1), 2.6), squeeze=False)
    _curve(axes[0, 0], z, curve, f"{name}(z)", (np.round(np.min(curve)), np.round(np.max(curve))))
    for place, height in dots:
        axes[0, 0].plot(place, height, "o", color=COLOURS["h"], zorder=3)
        axes[0, 0].annotate(f"({place:g}, {height:.3f})", (place, height), (8, -11), textcoords="offset points",
                            color=COLOURS["h"])
    if slope is not None:
        _curve(axes[0, 1], z, slope, f"slope of {name}", (0, np.max(slope)))
    return fig


def _curve(ax, z, values, ylabel, bounds):
    for bound in bounds:
        ax.axhline(bound, color=COLOURS["faded"], lw=1, ls="-", zorder=0)
    ax.axvline(0, color=COLOURS["faded"], lw=0.8, ls=":", zorder=0)
    ax.plot(z, values, color="black", ls="-")
    ax.set(xlabel="z", ylabel=ylabel, yticks=sorted({*bounds, np.mean(bounds)}))
    ax.margins(x=0)
