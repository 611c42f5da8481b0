"""Lines over time, moved by sliders."""

import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.style import COLOURS, LINES

MOST_POINTS = 200                               # of a line: more cannot be seen, and every one costs time
_OTHERS = (("#000000", "-"), (COLOURS["x"], "--"), (COLOURS["RNN"], "-."))


def lines(respond, controls, describe, *, name, ylabel, ylim, xlabel="step t", first=1, log=False, draw_behind=None,
          like=None, mark=None, formula=None):
    """Draw what `respond` returns as lines over time: one (T,) array, or {label: (T,)}.

    Parameters
    ----------
    respond : is given the values of the controls in their order
    controls : {name: widget}
    describe : is given {label: (T,)} and the values; returns the sentence that tells what is to be seen
    name, ylabel, xlabel : words
    ylim : (low, high); does not move, so that pictures can be compared
    first : number of the first step
    log : whether y is logarithmic; what lies below `ylim` is then drawn on its lower edge
    draw_behind : is given the axes, and draws on them what does not move
    like : {label: name in COLOURS} for lines that are not called as the course's colours are
    mark : is given {label: (T,)}; returns the place (x, y) of a dot, NaN for none
    formula : {"name": of a function in formulas.js, and what it needs}, where the site computes the lines itself

    Raises
    ------
    ValueError
        If a line holds NaN or infinity, or the labels change.

    Introduced in 02_vanilla_rnn.
    """
    start = as_series(respond(*(control.value for control in controls.values())))
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    ax = figure.add_subplot(xlabel=xlabel, ylabel=ylabel, ylim=ylim, yscale="log" if log else "linear")
    ax.set_xlim(first - 0.5, first + max(map(len, start.values())) - 0.5)
    ax.grid(axis="y")
    if draw_behind:
        draw_behind(ax)
    drawn = {label: ax.plot([], [], label=label, **look((like or {}).get(label, label), n))[0]
             for n, label in enumerate(start)}
    dots = ax.plot([], [], "o", color="#000000", ms=8) if mark else []
    if len(drawn) > 1 or draw_behind:
        figure.legend(loc="outside right upper")

    def update(*values):
        series = as_series(respond(*values))
        if set(series) != set(drawn):
            raise ValueError(f"the lines are called {sorted(series)}; at the start they were {sorted(drawn)}")
        for label, line in drawn.items():
            steps, points = thin_out(series[label])
            line.set_data(first + steps, np.maximum(points, ylim[0]) if log else points)
        for dot in dots:
            dot.set_data(*np.reshape(mark(series), (2, 1)))
        return describe(series, *values)

    return Explorer(name, controls, figure, [*drawn.values(), *dots], update, ghost=True,
                    formula=formula and {**formula, "first": first, "drawn": drawn})


def as_series(values):
    """Return {label: (T,)}, all of it finite."""
    series = {label: np.asarray(line, float) for label, line in (values if isinstance(values, dict) else {"h": values}).items()}
    for label, line in series.items():
        if line.ndim != 1 or not len(line):
            raise ValueError(f"{label} has shape {line.shape}; lines needs (T,)")
        if not np.isfinite(line).all():
            raise ValueError(f"{label} is no longer finite at step {np.flatnonzero(~np.isfinite(line))[0] + 1}")
    return series


def thin_out(values):
    """Return (steps, values) of at most MOST_POINTS points of a line, steps counted from 0, the ends always among them."""
    steps = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_POINTS)).round().astype(int))
    return steps, values[steps]


def look(label, n):
    """Return colour and dashes of a line: those of the course where the label has some, such as "h" or "f"."""
    colour, dashes = (COLOURS[label], LINES[label]) if label in COLOURS else _OTHERS[n % len(_OTHERS)]
    return {"color": colour, "ls": dashes, "lw": 6 if label == "truth" else 2}    # the truth lies behind


def leaving(series, ylim, first=1):
    """Return words on the first step at which a line leaves the picture; none if it does not."""
    outside = np.flatnonzero((series < ylim[0]) | (series > ylim[1]))
    return f", out of the picture from step {first + outside[0]} on" if len(outside) else ""


def written(number):
    """Return a number as it stands in a sentence or a picture: two decimals and a true minus sign."""
    return f"{round(float(number), 2) + 0.0:.2f}".replace("-", "−")          # + 0.0 turns -0.0 into 0.0
