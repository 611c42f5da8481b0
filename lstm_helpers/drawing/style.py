"""One palette for the whole course, told apart by colour-blind readers, one colour for each gate. Source: Okabe and Ito 2008."""

import matplotlib as mpl
import numpy as np
from matplotlib import ticker

COLOURS = {
    "i": "#009E73",         # input gate: green
    "f": "#D55E00",         # forget gate: vermilion
    "g": "#E69F00",         # candidate: orange
    "o": "#0072B2",         # output gate: blue
    "c": "#000000",         # cell state: black
    "h": "#CC79A7",         # hidden state: purple
    "x": "#666666",         # input: grey
    "RNN": "#56B4E9",       # sky blue
    "LSTM": "#000000",
    "faded": "#B8B8B8",
    "mark": "#882255",      # what is to be noticed: a mean, a place, the second of two: wine; Tol 2021
    "truth": "#8A8A8A",     # what happened, beside what was forecast: a broad grey line
}

# Colour is never the only difference: the same lines are told apart in grey.
LINES = {"i": "--", "f": "-", "g": "-.", "o": ":", "c": "-", "h": (0, (5, 1, 1, 1, 1, 1)), "x": "-",
         "RNN": "--", "LSTM": "-", "faded": ":", "mark": "--", "truth": "-"}

_STYLE = {
    "figure.figsize": (6.4, 3.0),
    "figure.constrained_layout.use": True,
    "figure.dpi": 96,
    "savefig.dpi": 192,     # twice the size on screen: sharp on every display
    "savefig.transparent": True,
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=["#000000", "#882255", "#56B4E9", "#7F7F2A", "#8A8A8A"],
                                  linestyle=["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]),
    "lines.linewidth": 2,
    "legend.frameon": False,
    "grid.color": "#DDDDDD",
}


def use_course_style():
    """Set the course's fonts, sizes and colours for every figure drawn from here on.

    Introduced in 00_start_here.
    """
    mpl.rcParams.update(_STYLE)


def label_log_axis(ax):
    """Label the powers of ten of a log axis, and round numbers between them where it shows fewer than two."""
    ax.tick_params(axis="x", which="minor", labelbottom=False)              # they would run into each other
    low, high = np.log10(ax.get_xlim())
    if np.floor(high) - np.ceil(low) < 1:
        ax.xaxis.set_major_locator(ticker.MaxNLocator(3))
        ax.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:g}"))
