"""The numbers of one step of an LSTM, on the drawing of the cell."""

from matplotlib import pyplot as plt

from lstm_helpers.drawing.cell_diagram import lstm_cell, numbers_on_wires
from lstm_helpers.drawing.explorers.controls import slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import written


def step_through(values, steps, units, *, t=1, unit=1):
    """Move through the steps and units of a sequence and read the numbers off the wires of the cell.

    Parameters
    ----------
    values : a function of (t, unit), both counted from 1, that returns the numbers of this step as `step_values` does
    steps, units : how many there are
    t, unit : where the sliders start

    Introduced in 11_lstm_forward.
    """
    controls = {"t": slider("step t", t, 1, steps, play=True), "unit": slider("unit", unit, 1, units)}
    figure, places = cell_with_places(numbers_on_wires(values(t, unit)))

    def update(t, unit):
        numbers = numbers_on_wires(values(t, unit))
        for name, place in places.items():
            place.set_text(written(numbers[name]))
        return describe(numbers, t, unit)

    return Explorer("one step", controls, figure, list(places.values()), update)


def cell_with_places(names):
    """Return the drawing and, for each of these numbers, a text of its own beside the symbol.

    To find the places, the cell is drawn once with numbers that tell themselves apart.
    """
    tags = {name: 10.0 + place for place, name in enumerate(names)}
    figure = lstm_cell(values=tags)
    plt.close(figure)                                       # else it would be shown a second time
    labels = figure.axes[0].texts
    return figure, {name: take_out(label, written(tag)) for name, tag in tags.items() for label in [*labels]
                    if written(tag) in label.get_text()}


def take_out(label, tag):
    """Leave the symbol alone in a label and return an empty text where its number stood.

    The number must not be set as mathematics: to parse all of them at each move would take a sixth of a second.
    """
    box = extent(label)
    symbol, newline, _ = label.get_text()[:-len(tag) - 1].removesuffix("$").partition("\n")
    x, y, align = label.get_position()[0], box.y0, label.get_ha()
    if newline:                                             # the number stands below
        label.set(text=symbol, y=box.y1, va="top")
    else:
        label.set(text=f"{symbol}\\,$" if symbol else "", x=box.x0, ha="left")
        x, y, align = (extent(label).x1 if symbol else box.x0), label.get_position()[1], "left"
    return label.axes.text(x, y, "", ha=align, va="bottom" if newline else "center", fontsize=11.5, color=label.get_color())


def extent(text):
    return text.get_window_extent().transformed(text.axes.transData.inverted())


def describe(numbers, t, unit):
    """Say what is kept, added and shown, as a sum to check."""
    i, f, g, o, c_prev, c, h = (written(numbers[name]) for name in ("i", "f", "g", "o", "c_prev", "c", "h"))
    kept, added, tanh_c = (written(numbers[name]) for name in ("kept", "added", "tanh_c"))
    return (f"Step {t}, unit {unit}. Kept: f · c before = {f} · {c_prev} = {kept}. Added: i · g = {i} · {g} = {added}. "
            f"Together c = {c}. Shown: h = o · tanh(c) = {o} · {tanh_c} = {h}.")
