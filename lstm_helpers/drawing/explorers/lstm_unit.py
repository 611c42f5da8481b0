"""A cell of one unit: all its weights as sliders, all its signals over time."""

import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.controls import slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import as_series, leaving, thin_out, written
from lstm_helpers.drawing.style import COLOURS

_GROUPS = {"i": "input gate", "f": "forget gate", "g": "candidate", "o": "output gate"}
_WEIGHTS = ("W_x", "W_h", "b")
_TITLES = {"i": "i: input gate", "f": "f: forget gate", "g": "g: candidate", "o": "o: output gate", "c": "c: cell state",
           "h": "h: hidden state"}

# Twelve weights each: W_x, W_h, b of i, of f, of g, of o. The latch writes when x is 1: i opens, and f shuts.
PRESETS = {
    "leaky": (0, 0, 2, 0, 0, 1, 2, 0, 0, 0, 0, 4),
    "latch": (12, 0, -6, -12, 0, 8, 1, 0, 0, 0, 0, 4),
    "counter": (0, 0, 8, 0, 0, 8, 0.5, 0, 0, 0, 0, 4),
    "shut output": (12, 0, -6, -12, 0, 8, 1, 0, 0, 0, 0, -6),
}


def lstm_unit(respond, x=None, *, start=None, ylim=(-3, 3)):
    """Move all twelve weights of a cell of one unit, and watch all its six signals over time.

    Parameters
    ----------
    respond : a function of twelve numbers, W_x, W_h and b of i, then of f, of g and of o, that returns
        {"i": (T,), "f": …, "g": …, "o": …, "c": …, "h": …}
    x : the inputs, (T,), drawn above the signals
    start : the twelve numbers where the sliders start, or the name of a preset; without it, "leaky"
    ylim : (smallest, largest) cell state drawn

    Introduced in 10_output_gate.
    """
    values = PRESETS[start or "leaky"] if isinstance(start, str | None) else start
    groups = {title: [f"{gate} {weight}" for weight in _WEIGHTS] for gate, title in _GROUPS.items()}
    names = [(gate, weight, f"{gate} {weight}") for gate in _GROUPS for weight in _WEIGHTS]
    controls = {name: slider(weight, float(value), -12.0, 12.0, 0.5, gate=gate)
                for (gate, weight, name), value in zip(names, values, strict=True)}
    first = checked(respond(*(control.value for control in controls.values())))
    figure, drawn = draw_panels(len(first["c"]), x, ylim)

    def update(*values):
        series = checked(respond(*values))
        for name, line in drawn.items():
            steps, points = thin_out(series[name])
            line.set_data(1 + steps, points)
        return describe(series, ylim)

    return Explorer("LSTM unit", controls, figure, list(drawn.values()), update, presets=PRESETS, groups=groups, ghost=True,
                    formula={"name": "lstmUnit", "drawn": drawn, "first": 1, "x": [float(number) for number in x],
                             "ylim": list(ylim)} if x is not None else None)


def checked(answer):
    """Return the six signals, all finite."""
    missing = [name for name in _TITLES if name not in answer]
    if missing:
        raise ValueError(f"respond gives no {', '.join(missing)}; lstm_unit needs {', '.join(_TITLES)}")
    return as_series({name: answer[name] for name in _TITLES})


def draw_panels(steps, x, ylim):
    """Draw the axes of all six signals, and of the input above them; return (figure, {signal: its empty line})."""
    rows = 3 if x is None else 4
    figure = Figure(figsize=(6.4, 1.2 * rows), layout="constrained")
    grid = figure.add_gridspec(rows, 2, height_ratios=[1] * 3 if x is None else [0.6, 1, 1, 1])
    if x is not None:
        ax = figure.add_subplot(grid[0, :], title="x: input", xlim=(0.5, steps + 0.5))
        ax.bar(np.arange(1, len(x) + 1), x, width=0.6, color=COLOURS["x"])
    axes = grid[rows - 3:, :].subgridspec(3, 2).subplots(sharex=True)
    drawn = {}
    for (name, title), ax in zip(_TITLES.items(), axes.flat, strict=True):
        low, high = {"c": ylim, "g": (-1.08, 1.08), "h": (-1.08, 1.08)}.get(name, (-0.04, 1.04))
        ax.set(title=title, xlim=(0.5, steps + 0.5), ylim=(low, high))
        ax.grid(axis="y")
        drawn[name], = ax.plot([], [], color=COLOURS[name], lw=2)
    for ax in axes[-1]:
        ax.set_xlabel("step t")
    return figure, drawn


def describe(series, ylim):
    """Say in which range each gate moves, and where the states end."""
    ranges = ", ".join(f"{name} {in_range(series[name])}" for name in _GROUPS)
    c, h = series["c"], series["h"]
    states = f"c {in_range(c)}, {written(c[-1])} at the end{leaving(c, ylim)}; h {in_range(h)}, {written(h[-1])} at the end"
    return f"{ranges}; {states}."


def in_range(line):
    low, high = written(line.min()), written(line.max())
    return low if low == high else f"from {low} to {high}"
