"""The cell over eight steps as an SVG that moves by itself, without any script: for the README, where GitHub allows none.

The numbers of all steps lie on one another, and CSS shows one step at a time. Belt and gates are stretched. Where a reader
wants no motion, one step stands still.
"""

import itertools

import numpy as np
from matplotlib.patches import Circle, Rectangle

from lstm_helpers.cells import LSTM
from lstm_helpers.drawing import lstm_cell, step_values
from lstm_helpers.drawing.cell_diagram import BLOCK, EDGES, LABELS, NODES, SIZE, numbers_on_wires
from lstm_helpers.drawing.cell_svg import POINTS, number_places
from lstm_helpers.drawing.shapes import dark, tint
from lstm_helpers.drawing.style import COLOURS
from lstm_helpers.drawing.svg import to_svg

X = (0, 1, 0, 0, -1, 0, 0, 0)
WEIGHTS = {"i": (6, 0, -3), "f": (-1.5, 0, 1.5), "g": (1.5, 0, 0), "o": (-3, 0, 2)}      # W_x, W_h, b; i opens for a 1 alone
SECONDS, STILL = 2.0, 1                         # of a step; the step that stands still
BELTS = {("c_prev", "kept"): "c_prev", ("kept", "sum"): "kept", ("sum", "read"): "c", ("read", "c"): "c"}
RIDES = {       # what rides: the nodes it passes, when it starts and arrives (shares of a step), its colour
    "x": ("x joined", 0, 0.12, "x"), "h_prev": ("h_prev joined to_f to_i to_g o", 0, 0.3, "h"), "f": ("f kept", 0.34, 0.56, "f"),
    "c_prev": ("c_prev kept", 0.34, 0.56, "c"), "i": ("i added", 0.34, 0.54, "i"), "g": ("g added", 0.42, 0.54, "g"),
    "added": ("added sum", 0.56, 0.72, "i"), "kept": ("kept sum", 0.58, 0.72, "c"), "c": ("sum read c", 0.74, 0.96, "c"),
    "o": ("o shown", 0.6, 0.84, "o"), "tanh_c": ("read tanh shown", 0.8, 0.88, "c"), "h": ("shown h", 0.88, 1, "h"),
}


def moving_cell():
    """Return the SVG."""
    steps = eight_steps()
    figure = lstm_cell()
    ax, parts = figure.axes[0], {artist.get_gid(): artist for artist in figure.axes[0].get_children() if artist.get_gid()}
    write_numbers(ax, number_places(figure, back=False), steps)
    for gate in "ifgo":
        fill_gate(ax, parts[f"node-{gate}"], gate)
    widest = max(abs(step[key]) for step in steps for key in BELTS.values())
    for start, end in BELTS:
        lay_belt(ax, parts[f"wire-{start}-{end}"], start, end)
    for key, (_, _, _, colour) in RIDES.items():
        ax.add_patch(Circle((0, 0), 0.16, fc=COLOURS[colour], ec="white", lw=1, zorder=6, clip_on=False, gid=f"ride-{key}"))
    rules = [*show_steps(len(steps)), *stretch_gates(steps), *stretch_belts(steps, widest), *ride(len(steps))]
    drawing = to_svg(figure, fonttype="path", decimals=2)
    return drawing.replace("</style>", "\n".join(["", *rules, ""]) + "</style>", 1)


def eight_steps():
    """Return the numbers of each step, in the round that follows many like it, so that the end leads into the beginning."""
    layer = LSTM(1, 1)
    for gate, weights in enumerate(WEIGHTS.values()):
        for name, weight in zip(("W_x", "W_h", "b"), weights, strict=True):
            layer.params[name][gate] = weight
    trace = layer.forward(np.tile(X, 6).reshape(-1, 1, 1).astype(float))
    return [numbers_on_wires(step_values(trace, len(trace.h) - len(X) + t)) for t in range(len(X))]


def write_numbers(ax, places, steps):
    """Write the numbers of all steps on one another; their gid ends in the step."""
    align, colours = {"start": "left", "middle": "center", "end": "right"}, {label.value: label.colour for label in LABELS}
    for key, (x, y, anchor, _) in places.items():
        for t, step in enumerate(steps):
            text = f"{round(step[key], 2) + 0.0:.2f}".replace("-", "−")
            ax.text(x / POINTS, SIZE[1] - y / POINTS, text, ha=align[anchor], va="baseline", fontsize=11.5, zorder=5,
                    color=dark(colours[key]), gid=f"number-{key}-{t}")


def fill_gate(ax, block, gate):
    """Let a gate's box be empty, with its tint and what fills it behind."""
    (x, y), (width, height) = NODES[gate].place, BLOCK
    block.set_facecolor("none")
    for gid, colour, zorder in ((None, tint(gate), 2.5), (f"fill-{gate}", COLOURS[gate], 2.6)):
        behind = Rectangle((x - width / 2, y - height / 2), width, height, fc=colour, ec="none", zorder=zorder, gid=gid,
                           alpha=None if gid is None else 0.6)
        ax.add_patch(behind)
        behind.set_clip_path(block)


def lay_belt(ax, wire, start, end):
    """Put a rectangle in the place of a piece of the belt: a line cannot be stretched."""
    points = wire.get_path().vertices
    wire.set_visible(False)
    left, right = points[:, 0].min(), points[:, 0].max()
    ax.add_patch(Rectangle((left, points[0, 1] - 0.17), right - left, 0.34, fc=COLOURS["c"], ec="none", zorder=2,
                           gid=f"belt-{start}-{end}"))


# --- the rules of CSS

def show_steps(count):
    """Show the numbers of a step while it lasts, each from the moment on at which it begins to ride."""
    yield f"[id^=number] {{ visibility: hidden; animation: shown {count * SECONDS}s step-end infinite }}"
    yield f"@keyframes shown {{ 0% {{ visibility: visible }} {100 / count:.2f}%, 100% {{ visibility: hidden }} }}"
    yield from (f"[id^=number-{key}-] {{ --begin: {begin * SECONDS:.2f}s }}" for key, (_, begin, _, _) in RIDES.items())
    yield from (f"[id^=number][id$='-{t}'] {{ animation-delay: calc(var(--begin) - {(count - t) * SECONDS}s) }}"
                for t in range(count))
    yield (f"@media (prefers-reduced-motion: reduce) {{ * {{ animation: none !important }} "
           f"[id^=number][id$='-{STILL}'] {{ visibility: visible }} }}")


def stretch_gates(steps):
    """Fill each gate from below, the candidate from its middle; a step's values come when what it read has arrived."""
    for gate in "ifgo":
        values = [step[gate] / (2 if gate == "g" else 1) for step in steps]
        origin = "50% 50%" if gate == "g" else "50% 100%"
        shift = BLOCK[1] * POINTS / 2 if gate == "g" else 0
        forms = [f"translateY({-shift * value:.1f}px) scaleY({abs(value):.3f})" for value in values]
        yield from animation(f"fill-{gate}", origin, forms, 0.24, 0.36)


def stretch_belts(steps, widest):
    begin = {"c_prev": 0, "kept": 0.58, "c": 0.74}
    for (start, end), key in BELTS.items():
        forms = [f"scaleY({max(0.08, abs(step[key]) / widest):.3f})" for step in steps]
        yield from animation(f"belt-{start}-{end}", "50% 50%", forms, begin[key], begin[key] + 0.1)


def animation(gid, origin, forms, begin, end):
    """Yield the rules that give an element one form a step, changing between two shares of it."""
    count, moments = len(forms), []
    for t, form in enumerate(forms):
        moments += [(t + begin, forms[t - 1]), (t + end, form)]
    moments = [*([(0, forms[-1])] if begin else []), *moments, (count, forms[-1])]
    frames = " ".join(f"{100 * moment / count:.2f}% {{ transform: {form} }}" for moment, form in moments)
    yield (f"#{gid} path {{ transform-box: fill-box; transform-origin: {origin}; transform: {forms[STILL]}; "
           f"animation: {gid} {count * SECONDS}s linear infinite }}")
    yield f"@keyframes {gid} {{ {frames} }}"


def ride(count):
    """Yield the rules by which dots ride on the wires, the same at every step."""
    yield "[id^=ride] { visibility: hidden }"
    for key, (nodes, begin, end, _) in RIDES.items():
        points = np.array(route(nodes.split())) * (POINTS, -POINTS)
        lengths = np.concatenate([[0], np.cumsum(np.abs(np.diff(points, axis=0)).sum(axis=1))])
        moments = 100 * (begin + (end - begin) * lengths / lengths[-1])
        frames = " ".join(f"{moment:.2f}% {{ transform: translate({x:.1f}px, {y:.1f}px); visibility: visible }}"
                          for moment, (x, y) in zip(moments, points, strict=True))
        yield f"#ride-{key} {{ animation: ride-{key} {SECONDS}s linear infinite }}"
        yield (f"@keyframes ride-{key} {{ 0%, {max(0, moments[0] - 0.01):.2f}% {{ visibility: hidden }} {frames} "
               f"{min(100, moments[-1] + 0.01):.2f}%, 100% {{ visibility: hidden }} }}")


def route(nodes):
    """Return the places and corners along nodes that wires join."""
    corners = {(edge.start, edge.end): edge.corners for edge in EDGES}
    points = [NODES[nodes[0]].place]
    for pair in itertools.pairwise(nodes):
        points += [*corners[pair], NODES[pair[1]].place]
    return points
