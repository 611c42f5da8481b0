"""One step of an RNN, backwards: where each gradient goes, and by what it is multiplied on its way."""

from lstm_helpers.drawing import shapes
from lstm_helpers.drawing.shapes import INK
from lstm_helpers.drawing.style import COLOURS

LINE, PLUS, MEET = 3.0, 6.3, 11.3           # height of the main wire; where the step adds up; where two gradients meet


def rnn_step_backward():
    """Draw the gradients of one step: two meet at h, pass tanh, and split at the sum to W_h, W_x, b and what came before.

    Introduced in 03_backpropagation_through_time.
    """
    ax = shapes.page(14.6, 6.4, unit=0.46)
    _block(ax, 2.6, LINE - 0.35, 1.5, "$\\cdot\\,W_h$", "h")
    _block(ax, PLUS - 0.75, 1.05, 1.5, "$\\cdot\\,W_x$", "x")
    _block(ax, 8.3, LINE - 0.35, 1.5, "tanh", "h")
    for x, colour in ((PLUS, INK), (MEET, INK)):
        ax.text(x, LINE, "+", ha="center", va="center", fontsize=15, color=colour,
                bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "#888888"})
    _gradient(ax, "h", (13.3, LINE), (MEET + 0.4, LINE), "$dh_{next}$", (13.4, LINE), "left")
    _gradient(ax, "h", (MEET, 4.9), (MEET, LINE + 0.4), "$dh_t$, from the loss", (MEET, 5.0), "center", "bottom")
    _gradient(ax, "h", (MEET - 0.4, LINE), (9.8, LINE))
    _gradient(ax, "h", (8.3, LINE), (PLUS + 0.4, LINE), "$dz_t$", (7.45, LINE + 0.15), "center", "bottom")
    _gradient(ax, "h", (PLUS - 0.4, LINE), (4.1, LINE), "$dz_t$", (5.05, LINE + 0.15), "center", "bottom")
    _gradient(ax, "h", (2.6, LINE), (1.1, LINE), "$dz_t W_h^T$", (1.65, LINE + 0.3), "center", "bottom")
    ax.text(1.0, LINE - 0.55, "to step\n$t-1$", ha="center", va="top", fontsize=11, color=INK)
    _gradient(ax, "h", (PLUS, LINE - 0.4), (PLUS, 1.75), "$dz_t$", (PLUS + 0.35, 2.2), "left")
    _gradient(ax, "x", (PLUS, 1.05), (PLUS, 0.15), "$dx_t = dz_t W_x^T$", (PLUS - 0.2, 0.5), "right")
    _gradient(ax, None, (3.35, LINE + 0.35), (3.35, 4.5), "$dW_h$ += $h_{t-1}^T\\,dz_t$", (3.35, 4.6), "center", "bottom")
    _gradient(ax, None, (PLUS, LINE + 0.4), (PLUS, 5.4), "$db$ += $dz_t$, summed over the batch", (PLUS, 5.5), "center", "bottom")
    _gradient(ax, None, (PLUS + 0.75, 1.4), (8.3, 1.4), "$dW_x$ += $x_t^T\\,dz_t$", (8.4, 1.4), "left")
    ax.text(9.05, LINE - 0.5, "$\\odot\\,(1-h_t^2)$", ha="center", va="top", fontsize=11, color=INK)
    return ax.figure


def _block(ax, x, y, width, words, name):
    ax.add_patch(shapes.rounded_box(x, y, width, 0.7, 0.1, fc=shapes.tint(name), ec=COLOURS[name], lw=1.6))
    ax.text(x + width / 2, y + 0.35, words, ha="center", va="center", fontsize=12, color=INK)


def _gradient(ax, name, start, end, words="", place=None, align="center", foot="center"):
    """Draw one gradient on its way, dashed, and its name beside it."""
    shapes.wire(ax, [start, end], 2.0, COLOURS.get(name, INK), shapes.DASHES)
    if words:
        ax.text(*place, words, ha=align, va=foot, fontsize=12, color=INK)
