"""The two SVGs of an explorer, one to lie on the other: what stays, drawn once, and what moves, drawn at every change."""

import io
import re

import matplotlib as mpl

from lstm_helpers.drawing.svg import to_svg

_FONT = "font-family: 'DejaVu Sans', Verdana, sans-serif"


def split(figure, moving):
    """Fix the layout, return the inside of the SVG of all that stays, and leave only the `moving` artists to be drawn."""
    figure.draw_without_rendering()             # places axes, labels and legend: the slow part
    figure.set_layout_engine("none")
    visible = [artist.get_visible() for artist in moving]
    for artist in [*moving, figure.patch, *(ax.patch for ax in figure.axes)]:     # the page's own colour is behind the drawing
        artist.set_visible(False)
    stays = inside(figure)
    for artist, was_visible in zip(moving, visible, strict=True):
        artist.set_visible(was_visible)
    for parent in [figure, *figure.axes]:
        for artist in parent.get_children():
            artist.set_visible(artist.get_visible() and (artist in moving or artist in figure.axes))
    return stays


def inside(figure, keep_names=False):
    """Return what is visible of a figure as SVG without its `<svg>`: short, and with nothing that would reach the whole page."""
    drawing = to_svg(figure, fonttype="none", decimals=1)
    drawing = drawing[drawing.index(">", drawing.index("<svg")) + 1:drawing.rindex("</svg>")]
    drawing = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"font-family:[^;\"]*", _FONT, drawing)
    return drawing if keep_names else re.sub(r'<g id="[^"]*">', "<g>", drawing)


def view_box(figure):
    """Return the size of the drawing in points, as an SVG has it."""
    return f"0 0 {72 * figure.get_figwidth():g} {72 * figure.get_figheight():g}"


def as_png(figure):
    """Return the whole figure as the bytes of a PNG."""
    buffer = io.BytesIO()
    with mpl.rc_context({"figure.constrained_layout.use": False}):      # else saving gives a layout to a figure that has none
        figure.savefig(buffer, format="png", dpi=192)
    return buffer.getvalue()
