"""Pictures without a scale: networks unrolled over time, weights and their layouts, sentences. Each returns a Figure.

A cell unrolled, of whichever kind, is drawn in the manner of `cell_diagram`: frames, wires, and a letter at the end of each.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle

from lstm_helpers.drawing import shapes
from lstm_helpers.drawing.shapes import INK
from lstm_helpers.drawing.style import COLOURS

BOTTOM, MARGIN = 1.35, 2.1                       # below a copy, and left of the first one
STEM, TAIL = 0.7, 0.55                           # how long a wire is above and below a copy, and right of the last one


class Copy(NamedTuple):
    """Hold what is drawn once a step: its size, its states with the height of their wires, and what draws its inside."""

    width: float
    top: float
    pitch: float                # from one copy to the next
    states: dict
    inside: Callable


def unrolled_rnn(steps=4, direction="forward"):
    """Draw one cell used `steps` times: inputs from below, the hidden state from left to right.

    `direction` : "forward", or "backward": the gradients flow back along every wire, dashed

    Introduced in 02_vanilla_rnn; backward in 03_backpropagation_through_time.
    """
    shapes.require("direction", direction, shapes.DIRECTIONS)
    return _unrolled(Copy(1.75, 3.5, 2.7, {"h": 1.85}, _one_block), steps, back=direction == "backward")


def unrolled_lstm(steps=3, direction="forward"):
    """Draw one cell used `steps` times, joined by two wires: the cell state, thick, and below it the hidden state.

    Parameters
    ----------
    steps : how many copies
    direction : "forward", or "backward": the gradients flow back along every wire, the direct path bold, the others dashed

    Introduced in 07_cell_state; backward it is read in 12_lstm_backward.
    """
    shapes.require("direction", direction, shapes.DIRECTIONS)
    return _unrolled(Copy(2.35, 3.95, 3.6, {"c": 3.45, "h": 1.85}, _four_blocks), steps, back=direction == "backward")


def _unrolled(copy, steps, back=False):
    """Draw a copy a step and, at both ends of each wire, the state that comes in or goes out."""
    end = copy.pitch * (steps - 1) + MARGIN + copy.width + TAIL
    ax = shapes.page(end + 1.2, copy.top + 1.45)
    for t in range(1, steps + 1):
        left = copy.pitch * (t - 1) + MARGIN
        ax.add_patch(shapes.rounded_box(left, BOTTOM, copy.width, copy.top - BOTTOM, 0.25, **shapes.FRAME))
        copy.inside(ax, left)
        _wires_of_a_copy(ax, copy, left, t, left + copy.pitch if t < steps else end, back)
    for name, height in copy.states.items():
        _signal(ax, name, [(1.1, height), (MARGIN, height)], back)
        _letter(ax, (0.95, height), f"{name}_0", back, "right")
        _letter(ax, (end + 0.15, height), f"{name}_\\mathrm{{last}}" if back else f"{name}_{steps}", back, "left")
    return ax.figure


def _wires_of_a_copy(ax, copy, left, t, right, back):
    """Draw what one step reads from below, and what it hands on to the right and shows above."""
    middle = left + copy.width / 2
    for name, height in copy.states.items():
        _signal(ax, name, [(left + copy.width, height), (right, height)], back)
    _signal(ax, "h", [(middle, copy.top), (middle, copy.top + STEM)], back)
    _signal(ax, "x", [(middle, BOTTOM - STEM), (middle, BOTTOM)], back)
    if "c" in copy.states and right == left + copy.pitch and not back:
        _letter(ax, ((left + copy.width + right) / 2 - 0.1, copy.states["c"] + 0.4), f"c_{t}", back)
    _letter(ax, (middle, copy.top + 1.0), f"h_{t}", back)
    _letter(ax, (middle, BOTTOM - 1.0), f"x_{t}", back)


def _one_block(ax, left):
    """Draw the tanh of an RNN on the wire of its state, and above it the weights that all copies share."""
    for start, end in ((0, 0.375), (1.375, 1.75)):
        shapes.wire(ax, [(left + start, 1.85), (left + end, 1.85)], 2.2, COLOURS["h"], head=False)
    ax.add_patch(shapes.rounded_box(left + 0.375, 1.58, 1.0, 0.54, 0.08, fc=shapes.tint("h"), ec=COLOURS["h"], lw=2.2, zorder=3))
    ax.text(left + 0.875, 1.83, "tanh", ha="center", va="center", fontsize=11, color=INK, zorder=4)
    ax.text(left + 0.875, 2.9, "$W_x, W_h, b$", ha="center", va="center", fontsize=11, color=INK)


def _four_blocks(ax, left):
    """Draw the cell of an LSTM in miniature: its belt with product and sum, and its four blocks below them."""
    belt, look = 3.45, {"color": INK, "lw": 1.8, "ls": "-", "zorder": 4}
    shapes.wire(ax, [(left, belt), (left + 2.35, belt)], shapes.BELT_WIDTH, COLOURS["c"], head=False)
    product, total = left + 0.445, left + 1.405                             # above the forget gate, and above the candidate
    for x, colour in ((product, "f"), (total, "c")):
        ax.add_patch(Circle((x, belt), 0.19, fc="white", ec=COLOURS[colour], lw=2.2, zorder=3))
    ax.add_patch(Circle((product, belt), 0.05, fc=INK, ec="none", zorder=4))
    ax.plot([total - 0.1, total + 0.1], [belt, belt], **look)
    ax.plot([total, total], [belt - 0.1, belt + 0.1], **look)
    for k, gate in enumerate("figo"):
        x = left + 0.235 + 0.48 * k
        ax.add_patch(shapes.rounded_box(x, 2.38, 0.42, 0.54, 0.08, fc=shapes.tint(gate), ec=COLOURS[gate], lw=2.2))
        ax.text(x + 0.21, 2.63, f"${gate}$", ha="center", va="center", fontsize=12, color=INK)


def _signal(ax, name, points, back=False):
    """Draw one wire of an unrolled cell: the cell state's thick, and backwards all others dashed."""
    width, dashes = (shapes.BELT_WIDTH, "-") if name == "c" else (2.2, shapes.DASHES if back else "-")
    shapes.wire(ax, points[::-1] if back else points, width, COLOURS[name], dashes)


def _letter(ax, place, name, back, align="center"):
    words = f"$d{name}$" if back else f"${name}$"
    ax.text(*place, words, ha=align, va="center", fontsize=13, color=shapes.dark(name[0]))


def encoder_decoder(read="mai 1990", written="1990"):
    """Draw an encoder that reads letters, the state that it hands over, and a decoder that writes letters and reads its own.

    Introduced in 16_translation.
    """
    steps, first = len(read) + len(written), len(read)
    ax = shapes.page(steps + 2.9, 3.8, unit=6.4 / (steps + 2.9))
    for n, letter in enumerate(read.replace(" ", "␣") + written):
        writes, left = n >= first, n + 0.3 + 0.8 * (n >= first)
        middle = left + 0.32
        ax.add_patch(shapes.rounded_box(left, 1.5, 0.64, 0.84, 0.12, **shapes.FRAME))
        ax.text(middle, 1.92, "D" if writes else "E", ha="center", va="center", fontsize=10, color=INK)
        if n + 1 < steps:
            handed = n + 1 == first
            _signal(ax, "c" if handed else "h", [(left + 0.64, 1.92), (left + 1 + 0.8 * handed, 1.92)])
        below = letter if not writes else written[n - first - 1] if n > first else "∅"
        ax.text(middle, 0.85, below, ha="center", va="top", color=shapes.dark("x"), fontsize=13)
        _signal(ax, "x", [(middle, 0.9), (middle, 1.5)])
        if writes:
            _signal(ax, "h", [(middle, 2.34), (middle, 2.94)])
            ax.text(middle, 3.0, letter, ha="center", va="bottom", fontsize=13, color=INK)
    for x, y, words in ((first + 0.36, 2.12, "$h, c$"), (steps + 1.15, 3.0, "writes")):
        ax.text(x, y, words, ha="center" if x < steps else "left", va="bottom", color=INK)
    ax.text(first / 2 + 0.3, 2.8, "encoder: reads", ha="center", color=INK)
    ax.text(steps + 1.15, 0.85, "is fed", va="top", color=INK)
    return ax.figure


def one_product(inputs=3, hidden=4):
    """Draw the row [x, h, 1] times the stacked weights of all four parts: one product, one coloured block of columns a part.

    Introduced in 11_lstm_forward.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.9))
    row, weights, z = 0, inputs + hidden + 3.2, inputs + 5 * hidden + 5.2      # where each of the three begins
    height = inputs + hidden + 1
    for width, colour, label in ((inputs, "x", "$x_t$"), (hidden, "h", "$h_{t-1}$"), (1, "faded", "1")):
        _slab(ax, row, height / 2 - 0.6, width, 1.2, colour, label)
        row += width
    for k, gate in enumerate("ifgo"):
        bottom = height
        for rows, name in ((inputs, f"$W_{{x{gate}}}$"), (hidden, f"$W_{{h{gate}}}$"), (1, f"$b_{gate}$")):
            bottom -= rows
            _slab(ax, weights + k * hidden, bottom, hidden, rows, gate, name)
        _slab(ax, z + k * hidden, height / 2 - 0.6, hidden, 1.2, gate, f"$z_{gate}$")
    for x, word in ((weights - 1.1, "@"), (z - 1.0, "=")):
        ax.text(x, height / 2, word, ha="center", va="center", fontsize=14)
    captions = ((0, row, "(B, D+H+1)"), (weights, 4 * hidden, "(D+H+1, 4H)"), (z, 4 * hidden, "(B, 4H)"))
    for x, width, shape in captions:
        ax.text(x + width / 2, -0.7, shape, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.5, z + 4 * hidden + 0.5), ylim=(-2.2, height + 0.5), aspect="equal")
    ax.axis("off")
    return fig


def gate_orders(orders):
    """Draw the order of the four parts in each framework: `orders` is {name: order}, such as {"PyTorch": "ifgo"}.

    Introduced in 11_lstm_forward.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.4 + 0.45 * len(orders)))
    for row, order in enumerate(orders.values()):
        for place, gate in enumerate(order):
            _slab(ax, place, len(orders) - 1 - row, 0.96, 0.8, gate, gate)
    ax.set_yticks(len(orders) - 0.6 - np.arange(len(orders)), orders)
    ax.set(xlim=(-0.05, 4.05), ylim=(-0.15, len(orders)), xticks=())
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def weight_layouts(inputs=3, hidden=2):
    """Draw how four frameworks keep the same W_x: every block is one gate's slab, ᵀ stands for transposed.

    Introduced in 20_frameworks.
    """
    fig, ax = plt.subplots(figsize=(6.4, 2.9))
    tall, gap = 4 * hidden, 0.35
    for k, gate in enumerate("ifgo"):
        _slab(ax, k * (hidden + gap), tall - inputs, hidden, inputs, gate, gate)
        _slab(ax, k * hidden + 1.5 * gap, 0, hidden, inputs, gate, gate.replace("g", "c"))
    right = tall + 3 * gap + 4
    for x, order in ((right, "ifgo"), (right + inputs + 4, "iofc")):
        for k, gate in enumerate(order):
            _slab(ax, x, tall - (k + 1) * hidden, inputs, hidden, gate.replace("c", "g"), f"{gate}ᵀ")
    middle = tall / 2 + 1.5 * gap
    captions = ((middle, tall, "here (4, D, H)"), (middle, inputs, "Keras (D, 4H)"),
                (right + inputs / 2, tall, "PyTorch (4H, D)"), (right + 1.5 * inputs + 4, tall, "ONNX (1, 4H, D)"))
    for x, y, words in captions:
        ax.text(x, y + 0.25, words, ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(-0.3, right + 2 * inputs + 5.8), ylim=(-0.3, tall + 1.3), aspect="equal")
    ax.axis("off")
    return fig


def _slab(ax, x, y, width, height, gate, label):
    ax.add_patch(plt.Rectangle((x, y), width, height, fc=COLOURS[gate], ec="#333333", lw=1, alpha=0.45))
    ax.text(x + width / 2, y + height / 2, label, ha="center", va="center", fontsize=10)


def twin_sentences(sentences, labels):
    """Draw two sentences of the same words, one above the other, each word at its place, moved words joined by lines.

    Introduced in 01_order_matters.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.9))
    top, bottom = (sentence.split() for sentence in sentences)
    left = [dict(enumerate(_word_places(words))) for words in (top, bottom)]
    for row, (words, label) in enumerate(zip((top, bottom), labels, strict=True)):
        for k, word in enumerate(words):
            ax.text(left[row][k], 1 - row, word, ha="center", va="center", fontsize=10)
        ax.text(1.02, 1 - row, label, ha="left", va="center", fontsize=10, weight="bold")
    free = list(range(len(bottom)))
    for k, word in enumerate(top):
        j = min((j for j in free if bottom[j] == word), key=lambda j: abs(j - k))
        free.remove(j)
        ax.plot([left[0][k], left[1][j]], [0.82, 0.18], color=COLOURS["faded" if j == k else "f"], lw=1.2, ls="-")
    ax.set(xlim=(0, 1.15), ylim=(-0.3, 1.3))
    ax.axis("off")
    return fig


def _word_places(words):
    """Return the centre of each word on a line from 0 to 1, long words getting more room."""
    widths = np.array([len(word) + 1.5 for word in words])
    ends = np.cumsum(widths) / widths.sum()
    return ends - widths / widths.sum() / 2


def written_text(texts, *, width=80):
    """Draw texts {title: text} as they were written, in letters of one width; a line goes on below after `width` letters.

    Introduced in 18_reading_text.
    """
    blocks = [(title, [line[at:at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)])
              for title, text in texts.items()]
    rows = sum(len(lines) + 1.9 for _, lines in blocks)
    fig, ax = plt.subplots(figsize=(6.4, 0.17 * rows))
    ax.set(xlim=(0, 1), ylim=(rows - 0.4, -0.4))
    ax.axis("off")
    top = 0.0
    for title, lines in blocks:
        ax.text(0, top, title, va="top", weight="bold", fontsize=10)
        for row, line in enumerate(lines, start=1):
            ax.text(0, top + row + 0.2, line, va="top", family="monospace", fontsize=9, parse_math=False)
        top += len(lines) + 1.9
    return fig
