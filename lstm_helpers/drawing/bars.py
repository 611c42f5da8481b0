"""Bars: how a whole divides into parts, and what every single unit is worth."""

import numpy as np
from matplotlib import pyplot as plt

from lstm_helpers.drawing.style import COLOURS

GREYS = ("#222222", "#9A9A9A", "#E6E6E6")


def shares_of_a_whole(rows):
    """Draw {row: {part: share}}, up to three parts that add up to 1: a bar a row, its parts side by side.

    Introduced in 16_translation.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.2 + 0.45 * len(rows)))
    left = np.zeros(len(rows))
    for part, grey in zip(next(iter(rows.values())), GREYS, strict=False):
        widths = np.array([parts[part] for parts in rows.values()])
        ax.barh(list(rows), widths, left=left, color=grey, edgecolor="#333333", height=0.6, label=part)
        for row, (width, start) in enumerate(zip(widths, left, strict=True)):
            if width > 0.06:
                ax.text(start + width / 2, row, f"{width:.2f}", ha="center", va="center", fontsize=9,
                        color="white" if grey == GREYS[0] else "black")
        left += widths
    ax.set(xlim=(0, 1.01), xlabel="share of the dates")
    ax.invert_yaxis()
    fig.legend(loc="outside upper center", ncols=3)
    return fig


def every_unit(panels, xlabel, ylabel):
    """Draw {panel: {label: (units,)}}: a bar a unit for the first label, a dot for the second; shares from 0 to 1.

    Introduced in 16_translation.
    """
    fig, axes = plt.subplots(len(panels), 1, figsize=(6.4, 0.8 + 1.4 * len(panels)), sharex=True, sharey=True, squeeze=False)
    for ax, (title, found) in zip(axes[:, 0], panels.items(), strict=True):
        (first, heights), *others = found.items()
        ax.bar(range(len(heights)), heights, color=COLOURS["RNN"], edgecolor="#333333", width=0.8, label=first)
        for label, dots in others:
            ax.plot(dots, ls="none", marker="o", ms=3.5, color="black", label=label)
        ax.set(ylim=(0, 1.06), xlim=(-1, len(heights)))
        ax.set_title(title, fontsize=10)
    fig.supylabel(ylabel, fontsize=10)
    fig.supxlabel(xlabel, fontsize=10)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig
