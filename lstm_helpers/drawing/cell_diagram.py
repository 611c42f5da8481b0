"""The LSTM cell as a drawing: first its nodes and edges as data, then the few functions that draw them.

Lengths are in units of half an inch. Wires run along the axes and never cross each other; a test holds that no wire and no
text lies on a text. Whatever moves in the live cell has a gid, its id in an SVG: wire-f-kept, head-f-kept, node-f, label-f.
"""

import re
from typing import NamedTuple

import numpy as np
from matplotlib.patches import Circle, Ellipse

from lstm_helpers.drawing import shapes
from lstm_helpers.drawing.shapes import BELT_WIDTH, DASHES, INK
from lstm_helpers.drawing.style import COLOURS

BELT, LEVEL, GATES_AT, BUS = 6.2, 4.4, 3.05, 1.7            # heights of the cell state, the products, the gates, the inputs
FORGET, INPUT, CANDIDATE, OUTPUT, READ = 3.2, 5.1, 6.95, 9.15, 10.95                         # columns, from left to right
LEFT, RIGHT, JOIN, SIZE = 1.2, 12.95, 2.2, (14.2, 7.1)     # where wires enter and leave, where x joins h, the whole page

HIGHLIGHTS = {                                              # each part and, forward, what is said of it below the cell
    "forget": "the forget gate reads $h_{t-1}$ and $x_t$, and acts on $c_{t-1}$",
    "input": "the input gate reads $h_{t-1}$ and $x_t$, and acts on $g_t$",
    "candidate": "the candidate is computed from $h_{t-1}$ and $x_t$",
    "output": "the output gate reads $h_{t-1}$ and $x_t$, and acts on $\\tanh(c_t)$",
    "cell": "$c_t \\;=\\; f_t \\odot c_{t-1} \\;+\\; i_t \\odot g_t$",
    None: "$c_t \\;=\\; f_t \\odot c_{t-1} + i_t \\odot g_t \\qquad h_t \\;=\\; o_t \\odot \\tanh(c_t)$",
}


class Node(NamedTuple):
    """Hold one thing that wires lead to: its place, how it is drawn, its colour and the parts that it belongs to."""

    place: tuple
    shape: str                  # block, product, sum, tanh, dot, or end (where a wire leaves the page)
    colour: str                 # a name of COLOURS
    parts: str                  # the highlights under which it is lit
    name: str = ""              # the word in a block


class Edge(NamedTuple):
    """Hold one wire, in the forward direction, with the corners between its ends."""

    start: str
    end: str
    colour: str
    parts: str
    corners: tuple = ()
    width: float = 2.2


class Label(NamedTuple):
    """Hold one text beside a wire: forward, backward (empty: none), the key of its number, and where it stands."""

    forward: str
    backward: str
    value: str
    place: tuple
    parts: str
    colour: str
    align: str = "left"


ALL_FOUR, ADDED = "forget input candidate output", "input candidate output"
NODES = {
    "c_prev": Node((LEFT, BELT), "end", "c", "forget cell"),
    "h_prev": Node((LEFT, BUS), "end", "h", ALL_FOUR),
    "x": Node((JOIN, 0.72), "end", "x", ALL_FOUR),
    "c": Node((RIGHT, BELT), "end", "c", "cell"),
    "h": Node((RIGHT, BUS), "end", "h", "output"),
    "joined": Node((JOIN, BUS), "dot", "x", ALL_FOUR),
    "to_f": Node((FORGET, BUS), "dot", "x", ALL_FOUR),
    "to_i": Node((INPUT, BUS), "dot", "x", ADDED),
    "to_g": Node((CANDIDATE, BUS), "dot", "x", "candidate output"),
    "read": Node((READ, BELT), "dot", "c", "output cell"),
    "f": Node((FORGET, GATES_AT), "block", "f", "forget", "forget"),
    "i": Node((INPUT, GATES_AT), "block", "i", "input", "input"),
    "g": Node((CANDIDATE, GATES_AT), "block", "g", "candidate", "candidate"),
    "o": Node((OUTPUT, GATES_AT), "block", "o", "output", "output"),
    "kept": Node((FORGET, BELT), "product", "f", "forget cell"),
    "added": Node((CANDIDATE, LEVEL), "product", "i", "input"),
    "sum": Node((CANDIDATE, BELT), "sum", "c", "cell"),
    "tanh": Node((READ, 5.38), "tanh", "c", "output"),
    "shown": Node((READ, LEVEL), "product", "o", "output"),
}
EDGES = (
    Edge("c_prev", "kept", "c", "forget cell", width=BELT_WIDTH),
    Edge("kept", "sum", "c", "forget cell", width=BELT_WIDTH),
    Edge("sum", "read", "c", "cell", width=BELT_WIDTH),
    Edge("read", "c", "c", "cell", width=BELT_WIDTH),
    Edge("h_prev", "joined", "h", ALL_FOUR),
    Edge("x", "joined", "x", ALL_FOUR),
    Edge("joined", "to_f", "x", ALL_FOUR),
    Edge("to_f", "to_i", "x", ADDED),
    Edge("to_i", "to_g", "x", "candidate output"),
    Edge("to_f", "f", "x", "forget"),
    Edge("to_i", "i", "x", "input"),
    Edge("to_g", "g", "x", "candidate"),
    Edge("to_g", "o", "x", "output", corners=((OUTPUT, BUS),)),
    Edge("f", "kept", "f", "forget"),
    Edge("i", "added", "i", "input", corners=((INPUT, LEVEL),)),
    Edge("g", "added", "g", "candidate"),
    Edge("added", "sum", "i", "input"),
    Edge("o", "shown", "o", "output", corners=((OUTPUT, LEVEL),)),
    Edge("read", "tanh", "c", "output"),
    Edge("tanh", "shown", "c", "output"),
    Edge("shown", "h", "h", "output", corners=((READ, BUS),)),
)
LABELS = (
    Label("c_{t-1}", "dc_\\mathrm{prev}", "c_prev", (LEFT - 0.12, BELT), "forget cell", "c", "right"),
    Label("h_{t-1}", "dh_\\mathrm{prev}", "h_prev", (LEFT - 0.12, BUS), ALL_FOUR, "h", "right"),
    Label("x_t", "dx_t", "x", (JOIN, 0.4), ALL_FOUR, "x", "center"),
    Label("c_t", "dc_\\mathrm{next}", "c", (RIGHT + 0.12, BELT), "cell", "c"),
    Label("h_t", "dh_t", "h", (RIGHT + 0.12, BUS), "output", "h"),
    Label("f_t", "df_t", "f", (FORGET + 0.18, 4.75), "forget", "f"),
    Label("i_t", "di_t", "i", (INPUT + 0.76, LEVEL + 0.44), "input", "i", "center"),
    Label("g_t", "dg_t", "g", (CANDIDATE + 0.24, 3.84), "candidate", "g"),
    Label("o_t", "do_t", "o", (OUTPUT + 0.72, LEVEL + 0.44), "output", "o", "center"),
    Label("f_t \\odot c_{t-1}", "", "kept", ((FORGET + CANDIDATE) / 2, BELT + 0.43), "forget cell", "c", "center"),
    Label("i_t \\odot g_t", "", "added", (CANDIDATE + 0.18, 5.3), "input", "i"),
    Label("", "", "tanh_c", (READ + 0.27, 4.87), "output", "c"),
    Label("", "dc_t \\odot f_t", "", (FORGET - 0.97, BELT + 0.43), "forget cell", "c", "center"),
    Label("", "dc_t", "", ((CANDIDATE + READ) / 2, BELT + 0.43), "cell", "c", "center"),
    Label("", "dz_f", "", (FORGET + 0.16, 2.1), "forget", "f"),
    Label("", "dz_i", "", (INPUT + 0.16, 2.1), "input", "i"),
    Label("", "dz_g", "", (CANDIDATE + 0.16, 2.1), "candidate", "g"),
    Label("", "dz_o", "", (OUTPUT + 0.16, 2.1), "output", "o"),
)
SYMBOLS = {"f": "$\\sigma$", "i": "$\\sigma$", "g": "tanh", "o": "$\\sigma$"}
RADIUS, BLOCK, OVAL, DOT = 0.33, (1.56, 1.1), (1.0, 0.56), 0.1
REACH = {"block": BLOCK[1] / 2, "product": RADIUS, "sum": RADIUS, "tanh": OVAL[1] / 2, "dot": 0, "end": 0}   # up to its edge
PALE, PALE_TEXT = "#C6C6C6", "#808080"


def lstm_cell(highlight=None, values=None, direction="forward"):
    """Draw one step of an LSTM cell.

    c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t,  h_t = o_t ⊙ tanh(c_t)

    Parameters
    ----------
    highlight : "forget", "input", "candidate", "output" or "cell": this part is in its colours, the rest faded; None: all lit
    values : the numbers of one step and one unit, to stand on the wires: what `step_values` returns, or any mapping with the
        keys i, f, g, o, c, h, c_prev and, if wanted, h_prev and x; forward only
    direction : "forward", or "backward": the gradients flow back, the direct path bold, the paths through the gates dashed

    Introduced in 07_cell_state; backward it is read in 12_lstm_backward.
    """
    shapes.require("highlight", highlight, HIGHLIGHTS)
    shapes.require("direction", direction, shapes.DIRECTIONS)
    back = direction == "backward"
    if back and values is not None:
        raise ValueError("values are the numbers of a forward step; leave them out with direction='backward'")
    numbers = {} if values is None else numbers_on_wires(values)
    ax = shapes.page(*SIZE)
    ax.add_patch(shapes.rounded_box(1.5, 1.2, 10.85, 5.75, 0.35, **shapes.FRAME))
    for edge in EDGES:
        _draw_edge(ax, edge, _is_lit(edge, highlight), back)
    for key, node in NODES.items():
        _draw_node(ax, key, node, _is_lit(node, highlight))
    for label in LABELS:
        _draw_label(ax, label, _is_lit(label, highlight), back, numbers)
    if back:
        _legend(ax)
    else:
        ax.text(8.4, 0.4, HIGHLIGHTS[highlight], ha="center", va="center", fontsize=12, color=INK)
    return ax.figure


def step_values(trace, t, unit=0, row=0):
    """Return the numbers of one step of an `LSTMTrace` for one unit, as `lstm_cell(values=…)` takes them.

    Parameters
    ----------
    trace : LSTMTrace
    t : which step, counted from 0
    unit, row : which hidden unit, and which sequence of the batch

    Returns
    -------
    dict
        i, f, g, o, c, h, c_prev and h_prev of this unit; also x where the input is one number.

    Introduced in 07_cell_state.
    """
    t = range(len(trace.h))[t]
    numbers = {name: float(getattr(trace, name)[t, row, unit]) for name in ("i", "f", "g", "o", "c", "h")}
    for name, states, start in (("c_prev", trace.c, trace.c0), ("h_prev", trace.h, trace.h0)):
        numbers[name] = float((states[t - 1] if t else start)[row, unit])
    if trace.x.shape[2] == 1:
        numbers["x"] = float(trace.x[t, row, 0])
    return numbers


def numbers_on_wires(values):
    """Return {key of a label: number}, products included."""
    missing = [name for name in ("i", "f", "g", "o", "c", "h", "c_prev") if name not in values]
    if missing:
        raise ValueError("values lack " + ", ".join(missing) + "; lstm_cell needs i, f, g, o, c, h and c_prev")
    numbers = {label.value: float(values[label.value]) for label in LABELS if label.value in values}
    return {"kept": numbers["f"] * numbers["c_prev"], "added": numbers["i"] * numbers["g"], "tanh_c": np.tanh(numbers["c"]),
            **numbers}


def _is_lit(thing, highlight):
    return highlight is None or highlight in thing.parts.split()


def _draw_edge(ax, edge, lit, back):
    """Draw one wire from the rim of one node to the rim of another, with an arrow head unless it ends in a mere joint.

    Backward, gradients are added where wires join: there heads say so. The belt alone runs on without one.
    """
    keys = (edge.end, edge.start) if back else (edge.start, edge.end)
    first, last = (NODES[key] for key in keys)
    corners = edge.corners[::-1] if back else edge.corners
    points = [first.place, *corners, last.place]
    points[0] = shapes.towards(points[0], points[1], REACH[first.shape])
    points[-1] = shapes.towards(points[-1], points[-2], REACH[last.shape])
    belt, joint = edge.width == BELT_WIDTH, last.shape == "dot"
    is_added = back and joint and not belt
    if is_added:
        points[-1] = shapes.towards(points[-1], points[-2], DOT)
    width = edge.width if belt or not back else 1.8
    shapes.wire(ax, points, width if lit or belt else 0.6 * width, COLOURS[edge.colour] if lit else PALE,
          dashes="-" if belt or not back else DASHES, head=is_added or not joint, zorder=2 if lit else 1,
          label=f"{edge.start} {edge.end}", gid=f"{edge.start}-{edge.end}")


def _draw_node(ax, key, node, lit):
    """Draw what a node looks like; where a wire leaves the page there is only its label."""
    if node.shape == "end":
        return
    colour, ink = (COLOURS[node.colour], INK) if lit else (PALE, PALE_TEXT)
    look = {"fc": "white", "ec": colour, "lw": 2.2 if lit else 1.2, "zorder": 3, "label": key, "gid": f"node-{key}"}
    {"block": _block, "product": _circle, "sum": _circle, "tanh": _oval, "dot": _dot}[node.shape](ax, key, node, lit, ink, look)


def _block(ax, key, node, lit, ink, look):
    (x, y), (width, height) = node.place, BLOCK
    look["fc"] = shapes.tint(node.colour) if lit else "#F0F0F0"
    ax.add_patch(shapes.rounded_box(x - width / 2, y - height / 2, width, height, 0.15, **look))
    ax.text(x, y + 0.2, SYMBOLS[key], ha="center", va="center", fontsize=13 if key == "g" else 18, color=ink)
    ax.text(x, y - 0.3, node.name, ha="center", va="center", fontsize=10, color=ink)


def _circle(ax, key, node, lit, ink, look):
    """Draw ⊙ for a product and ⊕ for a sum."""
    x, y = node.place
    ax.add_patch(Circle(node.place, RADIUS, **look))
    if node.shape == "product":
        ax.add_patch(Circle(node.place, 0.08, fc=ink, ec="none", zorder=4))
    else:
        ax.plot([x - 0.17, x + 0.17], [y, y], color=ink, lw=2.2, ls="-", zorder=4)
        ax.plot([x, x], [y - 0.17, y + 0.17], color=ink, lw=2.2, ls="-", zorder=4)


def _oval(ax, key, node, lit, ink, look):
    ax.add_patch(Ellipse(node.place, *OVAL, **look))
    ax.text(*node.place, "tanh", ha="center", va="center", fontsize=10, color=ink)


def _dot(ax, key, node, lit, ink, look):
    ax.add_patch(Circle(node.place, DOT, **look | {"fc": look["ec"], "ec": "none"}))


def _draw_label(ax, label, lit, back, numbers):
    """Write a label, with its number if there is one."""
    words = label.backward if back else label.forward
    number = f"{round(numbers[label.value], 2) + 0.0:.2f}" if label.value in numbers and not back else ""
    below = number and label.value in ("c_prev", "h_prev", "c", "h")
    if not (words or number):
        return
    joint = "$\n$" if below else " = " if words and number else ""
    ax.text(*label.place, f"${words}{joint}{number}$", ha=label.align, va="center", fontsize=12.5, linespacing=1.15,
            color=shapes.dark(label.colour) if lit else PALE_TEXT, zorder=5, gid=f"label-{key_of(label, back)}")


def key_of(label, back=False):
    """Return the key of a label's number: forward "f" or "c_prev", backward the gradient's name, "df" or "dc_prev"."""
    return re.sub(r"_t\b|\\mathrm|[{}]", "", label.backward).replace(" \\odot ", "-") if back else label.value


def _legend(ax):
    """Say below the cell which path is which."""
    for left, words, width, dashes in ((3.6, "direct path", BELT_WIDTH, "-"), (7.2, "paths through a gate or tanh", 1.8, DASHES)):
        shapes.wire(ax, [(left + 1.1, 0.4), (left, 0.4)], width, INK, dashes)
        ax.text(left + 1.3, 0.4, words, ha="left", va="center", fontsize=12, color=INK)
