"""Probabilities as bars, moved by sliders."""

import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.style import COLOURS


def bars(respond, controls, describe, *, name, labels, truth=None, line=None, **options):
    """Draw what `respond` returns as bars from 0 to 1, a panel for each model: {model: (K,)}.

    Parameters
    ----------
    respond : is given the values of the controls in their order
    controls : {name: widget}
    describe : is given {model: (K,)} and the values; returns the sentence that tells what is to be seen
    name : what is explored, in one or two words
    labels : a name for each of the K bars
    truth : the label of the right answer: its bar is dark, the others pale
    line : where to draw a line across the bars, such as at chance
    options : for `Explorer`

    Raises
    ------
    ValueError
        If the numbers are no probabilities, or not one for each label.

    Introduced in 01_order_matters.
    """
    models = list(respond(*(control.value for control in controls.values())))
    figure = Figure(figsize=(6.4, 1.2 + 0.26 * len(labels)), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, len(models), sharey=True))
    drawn = {model: draw_panel(ax, model, labels, truth, line) for model, ax in zip(models, panels, strict=True)}

    def update(*values):
        numbers = {model: as_probabilities(model, row, labels) for model, row in respond(*values).items()}
        for model, (rectangles, texts) in drawn.items():
            for p, rectangle, text in zip(numbers[model], rectangles, texts, strict=True):
                rectangle.set_width(p)
                text.set_text(f"{p:.2f}")
        return describe(numbers, *values)

    moving = [artist for rectangles, texts in drawn.values() for artist in [*rectangles, *texts]]
    return Explorer(name, controls, figure, moving, update, **options)


def draw_panel(ax, model, labels, truth, line):
    """Draw the axes of one model and a bar of no length for each label; return (bars, their numbers)."""
    dark = COLOURS["LSTM"] if "LSTM" in model else COLOURS["RNN"]
    colours = [dark if truth in (None, label) else COLOURS["faded"] for label in labels]
    rectangles = ax.barh(range(len(labels)), 0, color=colours, edgecolor="#333333", height=0.7)
    ax.set(xlim=(0, 1.4), xticks=(0, 0.5, 1), xlabel="probability", title=model, ylim=(len(labels) - 0.5, -0.5))
    ax.set_yticks(range(len(labels)), labels)
    ax.spines["bottom"].set_bounds(0, 1)                                # the numbers stand beyond 1
    for tick, label in zip(ax.get_yticklabels(), labels, strict=False):      # only the first panel has them
        tick.set_fontweight("bold" if label == truth else "normal")
    if line is not None:
        ax.axvline(line, color="#333333", ls=":", lw=1, zorder=0)
    return list(rectangles), [ax.text(1.06, n, "", va="center", fontsize=9) for n in range(len(labels))]


def as_probabilities(model, row, labels):
    """Return the row as an array, if it holds a probability for each label."""
    row = np.asarray(row, float)
    if row.shape != (len(labels),):
        raise ValueError(f"{model} has shape {row.shape}; bars needs ({len(labels)},), a probability for each bar")
    if not (np.isfinite(row).all() and row.min() >= 0 and row.max() <= 1 + 1e-6):
        raise ValueError(f"{model} holds numbers that are no probabilities: {row.round(3).tolist()}")
    return row
