"""An LSTM whose weights are read in another order than they were written in."""

import itertools

import ipywidgets as widgets
import numpy as np

from lstm_helpers.drawing.explorers.lines import lines

WRITTEN, READ = "as written", "as read"
ORDERS = [", ".join(order) for order in itertools.permutations("ifgo")]


def gate_order(respond, *, order="i, f, g, o", ylim=(-1.1, 1.1)):
    """Choose in which order four slabs are read, and watch what becomes of the hidden state.

    Parameters
    ----------
    respond : a function of the order, such as "iofg", that returns {"as written": (T,), "as read": (T,)}
    order : where the slider starts
    ylim : (smallest, largest) state drawn

    Introduced in 20_frameworks.
    """
    controls = {"order": widgets.SelectionSlider(options=ORDERS, value=order, description="read in the order")}
    return lines(lambda chosen: respond(chosen.replace(", ", "")), controls, describe, name="gate order", ylabel="hidden state h",
                 ylim=ylim)


def describe(series, order):
    apart = np.abs(series[READ] - series[WRITTEN])
    if not apart.any():
        return f"Read in the order {order}: the two lines are one."
    return f"Read in the order {order}: at most {apart.max():.2f} apart, at step {apart.argmax() + 1}."
