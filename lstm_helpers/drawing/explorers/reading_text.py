"""A text, letter by letter: what one unit does, and what the network expects next."""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from lstm_helpers.drawing.explorers.controls import slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import written
from lstm_helpers.drawing.style import COLOURS

_AROUND, _MOST = 12, 6                          # letters shown on either side, and next letters shown
_TALL, _SIZE = 2, 1.4                           # of the box of a letter and of the letter, in widths of a box
_SIGNALS = {"i": "input gate i", "f": "forget gate f", "g": "candidate g", "o": "output gate o", "h": "hidden state h"}
_SHADES = LinearSegmentedColormap.from_list("c", ["#FFFFFF", "#DDDDDD", "#888888"])
_NAMES = {"\n": "↵", " ": "·"}


def reading_text(look, text, units, *, t=1, unit=1):
    """Step through a text and watch one unit: its state as a colour over the letters, its gates, and the next letter.

    Parameters
    ----------
    look : a function of (t, unit), both counted from 1, that returns what there is after the letter t was read:
        {"next": {letter: probability}, "c": (n,) the state of this unit at every letter, "i": number, "f", "g", "o", "h"}
    text : (n,) letters
    units : how many there are
    t, unit : where the sliders start

    Introduced in 18_reading_text.
    """
    controls = {"t": slider("letter", t, 1, len(text), play=True), "unit": slider("unit", unit, 1, units)}
    figure = Figure(figsize=(6.4, 3.7), layout="constrained")
    axes = figure.subplot_mosaic("aa;bc", height_ratios=(1, 5))
    strip, letters = draw_strip(axes["a"])
    likely, names = draw_bars(axes["b"], [""] * _MOST, (0, 1), "what comes next: probability")
    bars, _ = draw_bars(axes["c"], list(_SIGNALS.values()), (-1, 1), "the unit's signals")
    for bar, name in zip(bars, _SIGNALS, strict=True):
        bar.set_facecolor(COLOURS[name])

    def update(t, unit):
        seen = look(t, unit)
        states = require_states(seen["c"], text)
        window = np.arange(t - 1 - _AROUND, t + _AROUND)
        inside = (window >= 0) & (window < len(text))
        strip.set_array(np.where(inside, scaled(states)[np.clip(window, 0, len(text) - 1)], 0))
        letters.set_path(as_path([name_of(text[place]) if there else " " for place, there in zip(window, inside, strict=True)]))
        best = sorted(seen["next"].items(), key=lambda pair: -pair[1])[:_MOST]
        for n, (bar, name) in enumerate(zip(likely, names, strict=True)):
            letter, p = best[n] if n < len(best) else ("", 0)
            bar.set_width(p)
            name.set_text(f"{name_of(letter)}  {p:.2f}" if letter else "")
        for name, bar in zip(_SIGNALS, bars, strict=True):
            bar.set_width(seen[name])
        return describe(text, states, best, t, unit)

    return Explorer("reading", controls, figure, [strip, letters, *likely, *names, *bars], update)


def draw_strip(ax):
    """Draw a row of boxes for the letters around the one that was just read, which has a frame; return boxes and letters."""
    count = 2 * _AROUND + 1
    boxes = ax.pcolormesh(np.arange(count + 1), (0, _TALL), np.zeros((1, count)), cmap=_SHADES, vmin=0, vmax=1)
    letters = ax.add_patch(PathPatch(as_path(" " * count), fc="black", ec="none", zorder=3))
    ax.add_patch(Rectangle((_AROUND, 0), 1, _TALL, fc="none", ec="black", lw=2, clip_on=False, zorder=4))
    ax.set(xlim=(0, count), ylim=(0, _TALL), xticks=(), yticks=(), aspect="equal")
    ax.set_title("read up to the frame; the darker, the larger the unit's cell state c", fontsize=10, loc="left")
    ax.spines[:].set_visible(False)
    return boxes, letters


def as_path(letters):
    """Return the outlines of letters, one a box, as one path: as many texts would take a tenth of a second."""
    outlines = [outline(letter) for letter in letters]
    points = [vertices + np.array((n, 0)) for n, (vertices, _) in enumerate(outlines)]
    return Path(np.concatenate([[(0, 0)], *points]), np.concatenate([[Path.MOVETO], *(codes for _, codes in outlines)]))


@cache
def outline(letter):
    """Return (vertices, codes) of a letter in the middle of a box of width 1."""
    if letter.isspace():
        return np.zeros((0, 2)), np.zeros(0, Path.code_type)
    path = TextPath((0, 0.55), letter, size=_SIZE, prop=FontProperties(family="monospace"))
    return path.vertices + np.array(((1 - 0.602 * _SIZE) / 2, 0)), path.codes       # 0.602: the width of this font's letters


def draw_bars(ax, labels, xlim, title):
    """Draw bars of no length, one a label, and an empty text at the right of each; return both."""
    low, high = xlim
    bars = ax.barh(range(len(labels)), 0, color=COLOURS["x"], edgecolor="#333333", height=0.7)
    ax.axvline(0, color="#333333", lw=0.8, ls="-")
    ax.set(xlim=(low, high + 0.45 * (high - low)), xticks=(low, 0, high) if low else (0, 0.5, 1),
           ylim=(len(labels) - 0.5, -0.5))
    ax.set_yticks(range(len(labels)) if any(labels) else (), [label for label in labels if label])
    ax.set_title(title, fontsize=10, loc="left")
    ax.spines["bottom"].set_bounds(low, high)
    return list(bars), [ax.text(high + 0.06 * (high - low), n, "", va="center", family="monospace", fontsize=9)
                        for n in range(len(labels))]


def require_states(states, text):
    """Return the states of a unit as an array, if there is one for each letter."""
    states = np.asarray(states, float)
    if states.shape != (len(text),):
        raise ValueError(f"c has shape {states.shape}; reading_text needs ({len(text)},), a state for each letter")
    return states


def scaled(states):
    """Return the states on a scale from 0, the smallest, to 1, the largest of the text."""
    return (states - states.min()) / max(np.ptp(states), 1e-12)


def name_of(letter):
    """Return what is written for a letter: blanks and line ends must be seen."""
    return _NAMES.get(letter, letter)


def describe(text, states, best, t, unit):
    """Say what was read, what the unit holds and what is expected next."""
    expected = ", ".join(f"{name_of(letter)} with {p:.2f}" for letter, p in best[:3])
    then = f" It is {name_of(text[t])}." if t < len(text) else ""
    return (f"Letter {t} is {name_of(text[t - 1])}. Unit {unit} holds c = {written(states[t - 1])}. "
            f"Expected next: {expected}.{then}")
