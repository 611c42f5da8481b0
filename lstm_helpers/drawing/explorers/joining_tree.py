"""How a scan joins steps: after each pass, what every step stands for."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.controls import slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import written
from lstm_helpers.drawing.style import COLOURS


def joining_tree(joined, steps, *, passes=2, t=7):
    """Move through the passes of a scan by doubling, and see what a step has joined.

    Parameters
    ----------
    joined : a function of the number of passes that returns a and b (T,), each step joined with those before it
    steps : T, a power of two
    passes, t : where the sliders start

    Introduced in 23_linear_recurrences.
    """
    last = int(steps).bit_length() - 1
    controls = {"passes": slider("passes", passes, 0, last, play=True), "t": slider("step t", t, 1, steps)}
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    ax = draw_places(figure, steps, last)
    cone = ax.add_collection(LineCollection([], colors=COLOURS["mark"], linewidths=2.6))
    node, = ax.plot([], [], "o", ms=13, color=COLOURS["mark"], zorder=4)
    held, = ax.plot([], [], lw=7, ls="-", color=COLOURS["mark"], alpha=0.5, solid_capstyle="butt")

    def update(passes, t):
        a, b = joined(passes)
        cone.set_segments(lines_below(t, passes))
        node.set_data([t], [passes])
        first = max(1, t - 2**passes + 1)
        held.set_data([first - 0.42, t + 0.42], [-0.42, -0.42])
        return describe(a[t - 1], b[t - 1], first, t, passes)

    return Explorer("joining tree", controls, figure, [cone, node, held], update)


def draw_places(figure, steps, last):
    """Draw a dot for each step after each pass, pale lines to what it is joined of, and return the axes."""
    ax = figure.subplots()
    joins = [line for row in range(1, last + 1) for place in range(1, steps + 1) for line in lines_into(place, row)]
    ax.add_collection(LineCollection(joins, colors=COLOURS["faded"], linewidths=0.7))
    t, row = np.meshgrid(np.arange(1, steps + 1), np.arange(last + 1))
    ax.plot(t.ravel(), row.ravel(), "o", ls="none", ms=6, color="#666666", zorder=3)
    ax.set(xlabel="step t", xlim=(0.3, steps + 0.7), ylim=(-0.65, last + 0.4), xticks=range(1, steps + 1))
    ax.set_yticks(range(last + 1), ["the steps", *(f"pass {n}" for n in range(1, last + 1))])
    ax.tick_params(length=0)
    return ax


def lines_into(t, row):
    """Return the lines into a step after a pass: from itself, and from the step half as far back as it then reaches."""
    other = t - 2**(row - 1)
    return [[(place, row - 1), (t, row)] for place in (t, other) if place >= 1]


def lines_below(t, row):
    """Return all lines that lead into a step after so many passes, however far down."""
    found, places = [], {t}
    for level in range(row, 0, -1):
        lines = [line for place in sorted(places) for line in lines_into(place, level)]
        found, places = found + lines, {line[0][0] for line in lines}
    return found


def describe(a, b, first, t, passes):
    """Say which steps are joined, and what they come to as one."""
    begun = f"After {passes} pass{'' if passes == 1 else 'es'} step {t} stands for"
    which = "itself alone" if first == t else f"steps {first} to {t}"
    sign, end = ("−" if b < 0 else "+"), (" It has reached the beginning." if first == 1 else "")
    return f"{begun} {which}: h at {t} = {written(a)} · h at {first - 1} {sign} {written(abs(b))}.{end}"
