"""The cell state as a belt: what is kept of it, and what is put on it."""

from lstm_helpers.drawing.explorers.base import slider
from lstm_helpers.drawing.explorers.lines import leaving, lines


def conveyor_belt(belt, *, f=0.9, i=0.5, g=1.0, ylim=(-6, 6)):
    """Move both gates and the candidate, the same at every step, and watch the cell state over time.

    Parameters
    ----------
    belt : a function of (f, i, g) that returns the cell states (T,), or {label: (T,)} to compare with others
    f, i, g : where the sliders start
    ylim : (smallest, largest) state drawn

    Introduced in 07_cell_state.
    """
    controls = {"f": slider("keep f", f, 0.0, 1.0, 0.05), "i": slider("let in i", i, 0.0, 1.0, 0.05),
                "g": slider("candidate g", g, -1.0, 1.0)}

    def respond(f, i, g):
        states = belt(f, i, g)
        return states if isinstance(states, dict) else {"c": states}

    def describe(series, f, i, g):
        said = "; ".join(f"{label} goes from {line[0]:.2f} to {line[-1]:.2f}{leaving(line, ylim)}"
                         for label, line in series.items())
        return f"f = {f:.2f}, i = {i:.2f}, g = {g:.1f}: in {max(map(len, series.values()))} steps {said}."

    return lines(respond, controls, describe, name="conveyor belt", ylabel="state", ylim=ylim, draw_behind=draw_zero)


def draw_zero(ax):
    ax.axhline(0, color="#333333", lw=0.8)
