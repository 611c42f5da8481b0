"""Pairs of keys and values in a matrix: write them, read all of them back, and see what gets blurred."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.controls import choice, slider
from lstm_helpers.drawing.explorers.explorer import Explorer

KINDS = ("random", "orthogonal")
_SHADES = LinearSegmentedColormap.from_list("signed", ["#B35806", "white", "#4D4D4D"])


def matrix_memory(respond, *, pairs=6, most=16, kind="random", f=1.0):
    """Write pairs into a matrix memory, one after the other, and read every key back.

    Parameters
    ----------
    respond : a function of (pairs, kind, f), kind "random" or "orthogonal", that returns C (d, d) and what is read back for each
        key (pairs, pairs): row i is how much it is like value i, and value j belongs to key j
    pairs, most : where the slider starts, and where it ends
    kind, f : which keys are drawn at first, and the forget gate

    Raises
    ------
    ValueError
        If what is read back has no row and column for each pair.

    Introduced in 24_xlstm.
    """
    controls = {"pairs": slider("pairs written", pairs, 1, most, play=True), "kind": choice("keys", kind, KINDS),
                "f": slider("forget gate f", f, 0.7, 1.0, 0.05, gate="f")}
    C, _ = respond(pairs, kind, f)
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    kept, back = figure.subplots(1, 2, width_ratios=(2, 3))
    matrix = _table(kept, C.shape[::-1], "the memory C", "dimension of the key", "dimension of the value")
    table = _table(back, (most, most), "what each key brings back", "key asked for", "value")
    right = back.plot([], [], "o", mfc="none", mec="#000000", ms=9, ls="none")[0]
    wrong = back.plot([], [], "x", color="#000000", ms=8, mew=2, ls="none")[0]

    def update(pairs, kind, f):
        C, read = respond(pairs, kind, f)
        if np.shape(read) != (pairs, pairs):
            raise ValueError(f"what is read back has shape {np.shape(read)}; matrix_memory needs {(pairs, pairs)}")
        matrix.set_data(C / max(1, np.abs(C).max()))
        table.set_data(np.pad(read, (0, most - pairs)))
        found, asked = np.argmax(read, axis=0), np.arange(pairs)
        for dots, chosen in ((right, found == asked), (wrong, found != asked)):
            dots.set_data(asked[chosen] + 0.5, found[chosen] + 0.5)
        return _words(read, found == asked, kind, f)

    return Explorer("matrix memory", controls, figure, [matrix, table, right, wrong], update)


def _table(ax, shape, title, xlabel, ylabel):
    """Draw an empty table of (rows, columns) and return it."""
    rows, columns = shape
    table = ax.imshow(np.zeros(shape), cmap=_SHADES, vmin=-1, vmax=1, extent=(0, columns, rows, 0), interpolation="none")
    ax.set_title(title, fontsize=10)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    for set_ticks, count in ((ax.set_xticks, columns), (ax.set_yticks, rows)):
        shown = np.arange(0, count, 2 if count > 8 else 1)
        set_ticks(shown + 0.5, shown + 1)
    ax.tick_params(length=0)
    return table


def _words(read, right, kind, f):
    """Say how many keys bring back their own value most, and how loud the others are."""
    pairs = len(right)
    own = np.diag(read)
    others = np.abs(read - np.diag(own)).max()
    return (f"{pairs} {'pair' if pairs == 1 else 'pairs'}, {kind} keys, f = {f:.2f}: {right.sum()} of {pairs} read back right. "
            f"A key brings back its own value with {own.min():.2f} to {own.max():.2f}, another's with up to {others:.2f}.")
