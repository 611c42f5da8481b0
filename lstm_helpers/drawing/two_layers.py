"""Two layers over the letters of a word: one above the other, or one from either end."""

from lstm_helpers.drawing import shapes
from lstm_helpers.drawing.shapes import INK
from lstm_helpers.drawing.style import COLOURS

ARRANGEMENTS = ("stacked", "both ways")
PITCH, SIDE, ROWS = 1.7, 0.9, (1.5, 3.1)                        # of the boxes: from one to the next, width, heights of their feet


def two_layers(arrangement, letters="musi"):
    """Draw two layers that read letters: "stacked", or "both ways", the second from the end.

    Introduced in 21_deeper_and_both_ways.
    """
    shapes.require("arrangement", arrangement, ARRANGEMENTS)
    both, width = arrangement == "both ways", PITCH * len(letters)
    ax = shapes.page(width + 3.1, 5.6, unit=0.62)
    for n, letter in enumerate(letters):
        _column(ax, 0.5 + PITCH * n, letter, n + 1, both)
        if n:
            _handed_on(ax, 0.5 + PITCH * n, ROWS[0], back=False)
            _handed_on(ax, 0.5 + PITCH * n, ROWS[1], back=both)
    for height, words in zip(ROWS, ("forwards", "backwards") if both else ("layer 0", "layer 1"), strict=True):
        ax.text(width + 0.35, height + SIDE / 2, words, va="center", color=INK)
    ax.text(width + 0.35, 0.45, "reads", va="center", color=INK)
    ax.text(width + 0.35, 4.95, "h, side by side" if both else "h of layer 1", va="center", color=INK)
    return ax.figure


def _column(ax, left, letter, t, both):
    """Draw what belongs to one letter: it, a box of either layer, and what they show."""
    middle, (low, high) = left + SIDE / 2, ROWS
    for height in ROWS:
        ax.add_patch(shapes.rounded_box(left, height, SIDE, SIDE, 0.14, **shapes.FRAME, zorder=3))
    ax.text(middle, 0.45, letter, ha="center", va="center", fontsize=14, color=shapes.dark("x"))
    ax.text(middle, 4.95, f"$h_{t}$", ha="center", va="center", fontsize=13, color=shapes.dark("h"))
    shapes.wire(ax, [(middle - 0.2 * both, 0.75), (middle - 0.2 * both, low)], 2.2, COLOURS["x"])
    if both:                                                    # past the first layer, into the second; and past the second, out
        shapes.wire(ax, [(middle + 0.2, 0.75), (middle + 0.2, high)], 2.2, COLOURS["x"], zorder=2)
        shapes.wire(ax, [(middle - 0.2, low + SIDE), (middle - 0.2, 4.65)], 2.2, COLOURS["h"], zorder=2)
        shapes.wire(ax, [(middle + 0.2, high + SIDE), (middle + 0.2, 4.65)], 2.2, COLOURS["h"])
    else:
        shapes.wire(ax, [(middle, low + SIDE), (middle, high)], 2.2, COLOURS["h"])
        shapes.wire(ax, [(middle, high + SIDE), (middle, 4.65)], 2.2, COLOURS["h"])


def _handed_on(ax, left, height, back):
    """Draw the state that goes from one letter's box to the next one's, or back."""
    ends = [(left - PITCH + SIDE, height + SIDE / 2), (left, height + SIDE / 2)]
    shapes.wire(ax, ends[::-1] if back else ends, 2.2, COLOURS["h"])
