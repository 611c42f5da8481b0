"""A cell of one unit: all its weights as sliders, all its signals over time."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import as_series, leaving, thin_out
from lstm_helpers.drawing.explorers.sliders import slider
from lstm_helpers.drawing.style import COLOURS

_GATES = {"i": "input", "f": "forget", "g": "candidate", "o": "output"}
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
    names = [f"{gate} {weight}" for gate in _GATES.values() for weight in _WEIGHTS]
    controls = {name: slider(name, float(value), -12.0, 12.0, 0.5) for name, value in zip(names, values, strict=True)}
    first = checked(respond(*(control.value for control in controls.values())))
    figure, drawn = draw_panels(len(first["c"]), x, ylim)

    def update(*values):
        series = checked(respond(*values))
        for name, line in drawn.items():
            steps, points = thin_out(series[name])
            line.set_data(1 + steps, points)
        return describe(series, ylim)

    buttons = [widgets.Button(description=name, tooltip=f"Set all twelve weights: {name}") for name in PRESETS]
    explorer = Explorer("LSTM unit", controls, figure, list(drawn.values()), update, buttons=buttons, arrange=in_rows)
    for button in buttons:
        button.on_click(lambda pressed: explorer.set_controls(PRESETS[pressed.description]))
    return explorer


def checked(answer):
    """Return the six signals, all finite."""
    missing = [name for name in _TITLES if name not in answer]
    if missing:
        raise ValueError(f"respond gives no {', '.join(missing)}; lstm_unit needs {', '.join(_TITLES)}")
    return as_series({name: answer[name] for name in _TITLES})


def in_rows(controls):
    """Return the sliders as a row of three for each gate, with the gate's colour at its left; narrow pages break the rows."""
    for control in controls:
        control.style.description_width = "8em"
        control.layout.width, control.readout_format = "auto", ".1f"
    rows = zip(_GATES, *[iter(controls)] * len(_WEIGHTS), strict=True)
    return [widgets.GridBox(three, layout={
        "border_left": f"6px solid {COLOURS[gate]}", "margin": "2px 0", "width": "100%", "max_width": "60em",
        "grid_template_columns": "repeat(auto-fit, minmax(min(100%, 18em), 1fr))"}) for gate, *three in rows]


def draw_panels(steps, x, ylim):
    """Draw the axes of all six signals, and of the input above them; return (figure, {signal: its empty line})."""
    rows = 3 if x is None else 4
    figure = Figure(figsize=(6.4, 1.4 * rows), layout="constrained")
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
    ranges = ", ".join(f"{name} {in_range(series[name])}" for name in _GATES)
    c, h = series["c"], series["h"]
    states = f"c {in_range(c)}, {c[-1]:.2f} at the end{leaving(c, ylim)}; h {in_range(h)}, {h[-1]:.2f} at the end"
    return f"{ranges}; {states}."


def in_range(line):
    low, high = f"{line.min():.2f}", f"{line.max():.2f}"
    return low if low == high else f"from {low} to {high}"
