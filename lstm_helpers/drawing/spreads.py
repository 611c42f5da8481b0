"""What many runs came to, each a dot: how a result spreads over seeds, for every setting that was tried."""

import numpy as np
from matplotlib import pyplot as plt

LOOKS = (("o", "white"), ("s", "#999999"), ("^", "#222222"), ("v", "white"))      # marker and grey of each label


def dots_by_setting(panels, xlabel, *, ylabel="", xlim=(-0.03, 1.04)):
    """Draw one number of each run: `panels` is {panel: {row: {label: (seeds,)}}}; up to four labels, one below the other.

    Two panels stand side by side, further ones below. The numbers right of a row count how many dots lie above 0.95.

    Introduced in 03_backpropagation_through_time.
    """
    rows, labels = list(next(iter(panels.values()))), list(next(iter(next(iter(panels.values())).values())))
    height = -(-len(panels) // 2)
    fig, axes = plt.subplots(height, 2, figsize=(6.4, 0.7 + height * (0.7 + 0.42 * len(rows))), sharex=True, sharey=True)
    for ax, (title, settings) in zip(axes.flat, panels.items(), strict=True):
        for row, found in enumerate(settings.values()):
            for (marker, grey), place, values in zip(LOOKS, np.linspace(-0.27, 0.27, len(labels)), found.values(), strict=False):
                ax.plot(values, np.full(len(values), row + place), marker, ls="none", ms=5, color=grey, mec="#222222", mew=0.7)
            counts = " ".join(f"{np.sum(np.asarray(values) > 0.95):2d}" for values in found.values())
            ax.text(1.03, row, counts, transform=ax.get_yaxis_transform(), va="center", fontsize=9)
        ax.axvline(0.95, color="#888888", ls=":", lw=1)
        ax.set_title(title, fontsize=10)
        ax.hlines(np.arange(len(rows) - 1) + 0.5, *xlim, color="#DDDDDD", lw=0.8, zorder=0)
        ax.set(xlim=xlim, ylim=(len(rows) - 0.5, -0.5))
    axes.flat[0].set_yticks(range(len(rows)), rows)
    fig.supxlabel(xlabel, fontsize=10)
    fig.supylabel(ylabel, fontsize=10)
    handles = [plt.Line2D([], [], marker=marker, color=grey, mec="#222222", ls="none") for marker, grey in LOOKS[:len(labels)]]
    fig.legend(handles, labels, loc="outside upper center", ncols=4)
    return fig


def factors(intervals, xlabel):
    """Draw factors with their intervals: `intervals` is {panel: {row: (low, middle, high)}}; 1, no difference, is a dotted line.

    Black where the interval leaves out 1, pale where it does not.

    Introduced in 19_variants.
    """
    rows = list(next(iter(intervals.values())))
    fig, panels = plt.subplots(1, len(intervals), figsize=(6.4, 1.0 + 0.3 * len(rows)), sharey=True, sharex=True, squeeze=False)
    for ax, (title, found) in zip(panels[0], intervals.items(), strict=True):
        ax.axvline(1, color="#333333", ls=":", lw=1.2)
        for row, (low, middle, high) in enumerate(found.values()):
            colour = "#999999" if low <= 1 <= high else "#000000"
            ax.plot((low, high), (row, row), color=colour, ls="-", lw=2.5, solid_capstyle="butt")
            ax.plot(middle, row, "o", ms=6, color=colour)
        ax.set(xscale="log", ylim=(len(rows) - 0.5, -0.5))
        ax.set_title(title, fontsize=10)
        ax.grid(axis="x")
    panels[0, 0].set_yticks(range(len(rows)), rows)
    fig.supxlabel(xlabel, fontsize=10)
    return fig
