"""Turn a figure into two small SVGs, one to lie on the other: what stays, drawn once, and what moves, drawn at every change."""

import html
import io
import re

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG

MOST_POINTS = 200                               # of a line: more cannot be seen, and every one costs time
_NOTHING = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_FONT = "font-family: 'DejaVu Sans', Verdana, sans-serif"
_SIZE = "display: block; width: 100%; max-width: {width}px; height: auto"


def split(figure, moving):
    """Fix the layout, return the SVG of all that stays, and leave only the `moving` artists to be drawn from now on."""
    figure.draw_without_rendering()             # places axes, labels and legend: the slow part
    figure.set_layout_engine("none")
    visible = [artist.get_visible() for artist in moving]
    for artist in moving:
        artist.set_visible(False)
    stays = to_svg(figure, 'aria-hidden="true"')
    for artist, was_visible in zip(moving, visible, strict=True):
        artist.set_visible(was_visible)
    for parent in [figure, *figure.axes]:
        for artist in parent.get_children():
            artist.set_visible(artist.get_visible() and (artist in moving or artist in figure.axes))
    return stays


def to_svg(figure, attributes):
    """Return what is visible of a figure as one `<svg>` element with these attributes."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "lstm"}), io.StringIO() as file:
        FigureCanvasSVG(figure).print_svg(file, metadata=_NOTHING)      # savefig would draw everything twice
        drawing = file.getvalue()
    view_box = re.search(r'viewBox="[^"]*"', drawing).group()
    inside = drawing[drawing.index(">", drawing.index("<svg")) + 1:drawing.rindex("</svg>")]
    style = _SIZE.format(width=round(96 * figure.get_figwidth()))
    return f'<svg {attributes} {view_box} style="{style}" stroke-linejoin="round">{shorten(inside)}</svg>'


def shorten(drawing):
    """Take out of an SVG what nobody sees: a style that would reach the whole page, long lists of fonts, far decimals."""
    drawing = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"font-family:[^;\"]*", _FONT, drawing)
    drawing = re.sub(r'<g id="[^"]*">', "<g>", drawing)
    return re.sub(r' (?:d|x|y|width|height)="[^"]*"', lambda found: re.sub(r"(\.\d)\d+", r"\1", found.group()), drawing)


def picture(figure, sentence):
    """Return the HTML of the moving part, with the sentence for those who see it and for those who do not."""
    words = html.escape(sentence, quote=True)
    return (to_svg(figure, f'role="img" aria-label="{words}"')
            + f'<div aria-hidden="true" style="min-height: 3em; line-height: 1.4; white-space: normal">{words}</div>')


def thin_out(values):
    """Return (steps, values) of at most MOST_POINTS points of a line, steps counted from 0, the ends always among them."""
    steps = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_POINTS)).round().astype(int))
    return steps, values[steps]
