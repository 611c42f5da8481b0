"""The drawing of the cell as an SVG that a script can move: named parts, empty places for numbers, colours that fit any page."""

import re

from matplotlib import pyplot as plt

from lstm_helpers.drawing import shapes
from lstm_helpers.drawing.cell_diagram import LABELS, LEVEL, NODES, SIZE, key_of, lstm_cell
from lstm_helpers.drawing.style import COLOURS
from lstm_helpers.drawing.svg import to_svg

POINTS, MARGIN = 36, 18                         # a unit of the drawing in points; what a long number needs beside the page
FONT = "font: 12px 'DejaVu Sans', Verdana, sans-serif"
_WITHOUT = {"dc-f", "dx", "dz_i", "dz_f", "dz_g", "dz_o"}                           # dc ⊙ f is dc_prev; for the others no room
_BELOW = {"c_prev", "h_prev", "c", "h", "dc_prev", "dh_prev", "dc_next", "dh"}      # the number stands below its symbol
_UNDER_THE_WIRE = {"i", "o", "di", "do"}
_SHIFTED = {"kept": 0.5, "dc": 0.4}                                                  # so that symbol and number are in the middle


def cell_svg(direction="forward"):
    """Return the cell as an `<svg>`: ids as the gids of `cell_diagram`, and an empty `<text id="number-f">` for each number.

    Ink is currentColor, so that the drawing can be read on a page of any colour. Letters of symbols are outlines.

    Parameters
    ----------
    direction : "forward", or "backward" for gradients: their places are number-df, number-dc_prev and so on

    Introduced in 07_cell_state.
    """
    figure = lstm_cell(direction=direction)
    places = number_places(figure, direction == "backward")
    plt.close(figure)                           # else it would be shown a second time
    drawing = to_svg(figure, fonttype="path", decimals=1)
    inside = _for_any_page(drawing[drawing.index('<g id="figure_1"'):drawing.rindex("</svg>")])
    numbers = "".join(f'<text id="number-{key}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="fill: {ink}; {FONT}">'
                      "</text>" for key, (x, y, anchor, ink) in places.items())
    width, height = (POINTS * length for length in SIZE)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" fill="currentColor" '
            f'stroke-linejoin="round" viewBox="{-MARGIN} 0 {width + 2 * MARGIN:.1f} {height:.1f}">{inside}{numbers}</svg>')


def number_places(figure, back):
    """Return {key: (x, y, anchor, colour)} in points of the SVG, and move symbols that must make room."""
    figure.draw_without_rendering()
    drawn = {text.get_gid(): text for text in figure.axes[0].texts}
    found = {}
    for label in LABELS:
        key = key_of(label, back)
        if key and key not in _WITHOUT:
            x, y, anchor = _place(label, key, drawn.get(f"label-{key}"))
            found[key] = POINTS * x, POINTS * (SIZE[1] - y) + 4.2, anchor, readable(label.colour)    # 4.2: down to the base line
    return found


def _place(label, key, symbol):
    """Return (x, y, anchor) of a number in units of the drawing."""
    x, y = label.place
    if symbol is None:
        return x, y, "start"
    box = symbol.get_window_extent().transformed(symbol.axes.transData.inverted())
    if key in _BELOW:
        return x, y - 0.44, "end" if label.align == "right" else "start"
    if key in _UNDER_THE_WIRE:
        return x, LEVEL - 0.42, "middle"
    symbol.set_x(x - _SHIFTED.get(key, 0))
    return box.x1 + 0.12 - _SHIFTED.get(key, 0), y, "start"


def readable(name):
    """Return a colour for letters: mixed with the page's ink, it is dark on white and light on black."""
    return "currentColor" if name == "c" else f"color-mix(in srgb, {COLOURS[name]} {30 if name == 'x' else 62}%, currentColor)"


def _for_any_page(drawing):
    """Leave out the white page, and give every colour that hangs on it the form that goes with the page's ink."""
    drawing = re.sub(r'<g id="patch_1">.*?</g>\s*', "", drawing, count=1, flags=re.DOTALL)
    drawing = re.sub(r"<defs>\s*<clipPath.*?</defs>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r' clip-path="[^"]*"', "", drawing)
    for found, meant in _inks().items():
        drawing = re.sub(rf"(fill|stroke): {found}\b", rf"\1: {meant}", drawing)
    return re.sub(r"\s*\n\s*", " ", drawing)


def _inks():
    """Return {colour of the drawing on white: what it is on any page}."""
    names = {node.colour for node in NODES.values()}
    return {"#ffffff": "none", shapes.INK: "currentColor", COLOURS["c"]: "currentColor",
            shapes.FRAME["fc"].lower(): "color-mix(in srgb, currentColor 4%, transparent)",
            shapes.FRAME["ec"].lower(): "color-mix(in srgb, currentColor 30%, transparent)",
            **{shapes.dark(name): readable(name) for name in names},
            **{shapes.tint(name): f"color-mix(in srgb, {COLOURS[name]} 16%, transparent)" for name in names}}
