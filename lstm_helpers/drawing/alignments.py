"""Where attention looks, and how much of a task is right as it grows."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from lstm_helpers.drawing.style import COLOURS

WEIGHTS = LinearSegmentedColormap.from_list("weights", ["white", COLOURS["mark"]])


def alignment(weights, read, written):
    """Draw where each symbol that was written looked: a row a symbol written, a column a symbol read, the darker the more.

    weights : (n, T), each row of sum 1; read, written : T and n letters

    Introduced in 22_attention.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.26 * len(written)))
    picture = ax.imshow(weights, cmap=WEIGHTS, vmin=0, vmax=1, aspect="auto", interpolation="none")
    ax.set_xticks(range(len(read)), [named(letter) for letter in read], family="monospace")
    ax.set_yticks(range(len(written)), [named(letter) for letter in written], family="monospace")
    ax.set(xlabel="read, from left to right", ylabel="written, downwards")
    ax.tick_params(length=0)
    fig.colorbar(picture, ax=ax, ticks=(0, 0.5, 1), label="weight")
    return fig


def shares_by_size(series, sizes, xlabel, *, ylabel="right", rivals=None):
    """Draw shares against the size of a task: `series` is {label: {size: (seeds,)}}, the mean as a line, every seed a dot.

    `rivals` : {label: {size: share}}, dotted lines: what a trivial answer gets

    Introduced in 22_attention.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    place = {size: n for n, size in enumerate(sizes)}
    for (label, found), marker in zip(series.items(), "os^Dv", strict=False):
        at = [place[size] for size in found]
        drawn, = ax.plot(at, [np.mean(values) for values in found.values()], marker=marker, ms=8, label=label)
        for x, values in zip(at, found.values(), strict=True):
            ax.plot(np.full(len(values), x) + np.linspace(-0.08, 0.08, len(values)), values, marker, ls="none", ms=3.5,
                    color=drawn.get_color(), alpha=0.6)
    for label, found in (rivals or {}).items():
        ax.plot([place[size] for size in found], list(found.values()), ls=":", marker="", color="#666666", lw=1.5, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.03, 1.04))
    ax.set_xticks(range(len(sizes)), sizes)
    fig.legend(loc="outside upper center", ncols=3)
    return fig


def named(letter):
    """Return a letter as it is drawn: a blank can't be seen."""
    return {" ": "␣"}.get(letter, letter)
