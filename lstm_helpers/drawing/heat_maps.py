"""Numbers as shades of a colour, the darker the larger: each function takes arrays, draws on a Figure and returns it."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from lstm_helpers.cells import GATES
from lstm_helpers.drawing.shapes import error_surface
from lstm_helpers.drawing.style import COLOURS


def wall(w, b, error, paths):
    """Draw an error surface (b, w) in grey, darker where the error is larger, and the paths {label: (n, 2)} of descent on it.

    Introduced in 05_exploding_gradients.
    """
    fig, ax = plt.subplots(figsize=(6.4, 4.0))
    fig.colorbar(error_surface(ax, w, b, error), ax=ax, label="log10 of the error")
    looks = ((COLOURS["mark"], "--"), (COLOURS["RNN"], "-"))
    for (label, path), (colour, line) in zip(paths.items(), looks, strict=False):
        ax.plot(path[:, 0], path[:, 1], line, color=colour, marker=".", ms=4, lw=1.2, label=label)
    ax.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    ax.legend(loc="upper right", frameon=True)
    return fig


def solved_runs(shares, notes, rows, columns, *, xlabel, ylabel, across=None):
    """Draw which share of the runs solved a task, {panel: (rows, columns) of 0 to 1}, with a note below each share.

    `notes` : {panel: (rows, columns) of text}; `rows` and `columns` : their labels (columns may be {panel: labels}), `ylabel` and
    `xlabel` : what they are; `across` : so many panels side by side, all if None. A share that is NaN was not tried: its place is
    hatched.

    Introduced in 05_exploding_gradients.
    """
    across = across or len(shares)
    down = -(-len(shares) // across)
    fig, panels = plt.subplots(down, across, figsize=(6.4, 0.7 + down * (0.4 + 0.48 * len(rows))), sharey=True, squeeze=False)
    for ax, (title, solved) in zip(panels.flat, shares.items(), strict=False):
        ax.imshow(solved, cmap="Greys", vmin=0, vmax=1.5, aspect="auto")    # not to black: the note has to be read
        for (row, column), share in np.ndenumerate(np.asarray(solved, float)):
            if np.isnan(share):
                ax.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor="0.85", lw=0))
                continue
            colour = "white" if share > 0.8 else "black"
            ax.text(column, row - 0.05, f"{share:.2f}".rstrip("0").rstrip("."), ha="center", va="bottom", color=colour)
            ax.text(column, row + 0.08, notes[title][row][column], ha="center", va="top", color=colour, fontsize=8)
        labels = columns[title] if isinstance(columns, dict) else columns
        ax.set_xticks(range(len(labels)), labels, fontsize=9)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_title(title)
        ax.tick_params(length=0)
    for ax in panels[:, 0]:
        ax.set_ylabel(ylabel)
    for ax in panels.flat[len(shares):]:
        ax.axis("off")
    fig.supxlabel(xlabel, fontsize=11)
    return fig


def mask_and_lengths(mask):
    """Draw a mask (T, B): a row a sequence, filled where the sequence has a step, empty where it is padding.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.8 + 0.3 * mask.shape[1]))
    ax.pcolormesh(np.asarray(mask, float).T, cmap="Greys", vmin=0, vmax=1.6, edgecolors="0.6", linewidth=1.5)
    ax.set_yticks(np.arange(mask.shape[1]) + 0.5, [f"sequence {n + 1}" for n in range(mask.shape[1])])
    ax.set_xticks(np.arange(len(mask)) + 0.5, range(1, len(mask) + 1))
    ax.set(xlabel="step t")
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def reading(probabilities, letters, names, *, xlabel="letters read so far"):
    """Draw what a network believes after each letter: `probabilities` (T, K), one row a name.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.28 * len(names)))
    picture = ax.imshow(np.asarray(probabilities).T, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(letters)), [letter if letter != " " else "␣" for letter in letters])
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(xlabel)
    ax.spines[:].set_visible(False)
    fig.colorbar(picture, ax=ax, label="probability", ticks=(0, 0.5, 1))
    return fig


def coloured_text(text, signals, *, width=40):
    """Colour every letter by a number, the darker the larger: `signals` is {label: (n,)}, a panel each, in rows of `width`.

    A gate is shown from 0 to 1 in its own colour; anything else from its smallest number to its largest. The end of a line is
    written as ↵, a blank as a small dot.

    Introduced in 18_reading_text.
    """
    rows = -(-len(text) // width)
    fig, panels = plt.subplots(len(signals), 1, figsize=(6.4, len(signals) * (0.42 + 0.24 * rows)), squeeze=False)
    for ax, (label, values) in zip(panels[:, 0], signals.items(), strict=True):
        low, high = (0, 1) if label in ("i", "f", "o") else (np.min(values), np.max(values))
        shades = LinearSegmentedColormap.from_list(label, ["#FFFFFF", COLOURS.get(label, "#000000")])
        for place, (letter, value) in enumerate(zip(text, values, strict=True)):
            share = np.clip((value - low) / max(high - low, 1e-12), 0, 1)
            _letter(ax, place % width, place // width, letter, shades(share))
        ax.set(xlim=(0, width), ylim=(rows, 0), xticks=(), yticks=())
        ax.spines[:].set_visible(False)
        ends = [f"{np.round(end, 1) + 0.0:.1f}" for end in (low, high)]            # + 0.0 turns -0.0 into 0.0
        ax.set_title(f"{label}: white is {ends[0]}, full colour {ends[1]}", fontsize=10)
    return fig


def _letter(ax, x, y, letter, colour):
    """Draw a letter in a box, in black or white, whichever is told apart from the box."""
    luminance = np.dot(colour[:3], (0.299, 0.587, 0.114))
    ax.add_patch(plt.Rectangle((x, y), 1, 1, fc=colour, ec="none"))
    shown = {"\n": "↵", " ": "·"}.get(letter, letter)
    ax.text(x + 0.5, y + 0.5, shown, ha="center", va="center", family="monospace", fontsize=9,
            color="black" if luminance > 0.5 else "white")


_GATE_TITLES = {"i": "i\ninput\ngate", "f": "f\nforget\ngate", "g": "g\ncandi-\ndate", "o": "o\noutput\ngate"}


def gates_per_letter(gates, read, written, *, room=None):
    """Draw the gates of some units while letters are read and others written: `gates` is {"i": (T, units), …}, a panel each.

    A row is a unit, a column a letter; T is the number of letters read and written. White is 0, the full colour 1; a
    candidate goes down to -1, in dark grey. `room` : columns for the letters read, which stand at their right end.

    Introduced in 16_translation.
    """
    room = room or len(read)
    columns, (steps, units) = room + len(written), np.shape(gates["i"])
    fig, panels = plt.subplots(len(GATES), 1, figsize=(6.4, 4.4), sharex=True)
    for ax, gate in zip(panels, GATES, strict=True):
        low, scale = (-1, ("#333333", "white", COLOURS[gate])) if gate == "g" else (0, ("white", COLOURS[gate]))
        values = np.full((units, columns), np.nan)
        values[:, columns - steps:] = np.transpose(gates[gate])
        ax.imshow(values, cmap=LinearSegmentedColormap.from_list(gate, scale), vmin=low, vmax=1, aspect="auto",
                  interpolation="none")
        ax.axvline(room - 0.5, ymax=1.22 if ax is panels[0] else 1, color="#333333", lw=1.5, ls="-", clip_on=False)
        ax.set_yticks([])
        ax.set_ylabel(_GATE_TITLES[gate], color=COLOURS[gate], rotation=0, ha="right", va="center", fontsize=9)
        ax.tick_params(bottom=False, labelbottom=False)
    for column, letter in enumerate(read.rjust(room, "\0") + written):
        panels[0].text(column, -1.1, {" ": "␣", "\0": ""}.get(letter, letter), ha="center", va="bottom", fontsize=10)
    panels[0].set_title("letters read, then | letters written", fontsize=10, pad=18)
    return fig


def signals_over_words(signals, words, *, units=None):
    """Draw signals of some units while a sentence is read: `signals` is {"i": (T, units), "g": …}, a panel each.

    A row is a unit, a column a word; `units` are the numbers at the rows. White is 0, the full colour 1 for a gate, for c and h
    their largest size; what is below 0 is dark grey, or red where the colour is dark itself.

    Introduced in 09_input_gate.
    """
    rows = np.shape(next(iter(signals.values())))[1]
    fig, panels = plt.subplots(len(signals), 1, figsize=(6.4, 1.1 + len(signals) * (0.35 + 0.17 * rows)), sharex=True,
                               squeeze=False)
    for ax, (name, values) in zip(panels[:, 0], signals.items(), strict=True):
        largest = 1 if name in GATES else np.max(np.abs(values))
        below = "#B2182B" if name == "c" else "#333333"
        low, scale = (0, ("white", COLOURS[name])) if name in "ifo" else (-largest, (below, "white", COLOURS[name]))
        picture = ax.imshow(np.transpose(values), cmap=LinearSegmentedColormap.from_list(name, scale), vmin=low, vmax=largest,
                            aspect="auto", interpolation="none")
        fig.colorbar(picture, ax=ax, ticks=sorted({low, 0, largest}), format="%.2g")
        ax.set_yticks(range(rows), units if units is not None else range(1, rows + 1), fontsize=8)
        ax.set_ylabel("unit")
        ax.set_title(name, color=COLOURS[name])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    panels[-1, 0].set_xticks(range(len(words)), words, rotation=60, ha="right", rotation_mode="anchor", fontsize=9)
    return fig
