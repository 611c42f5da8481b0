"""The two SVGs of an explorer, one to lie on the other: what stays, drawn once, and what moves, drawn at every change."""

import html
import re

from lstm_helpers.drawing.svg import to_svg

_FONT = "font-family: 'DejaVu Sans', Verdana, sans-serif"
_SIZE = "display: block; width: 100%; max-width: {width}px; height: auto"


def split(figure, moving):
    """Fix the layout, return the SVG of all that stays, and leave only the `moving` artists to be drawn from now on."""
    figure.draw_without_rendering()             # places axes, labels and legend: the slow part
    figure.set_layout_engine("none")
    visible = [artist.get_visible() for artist in moving]
    for artist in moving:
        artist.set_visible(False)
    stays = as_element(figure, 'aria-hidden="true"')
    for artist, was_visible in zip(moving, visible, strict=True):
        artist.set_visible(was_visible)
    for parent in [figure, *figure.axes]:
        for artist in parent.get_children():
            artist.set_visible(artist.get_visible() and (artist in moving or artist in figure.axes))
    return stays


def picture(figure, sentence):
    """Return the HTML of the moving part, with the sentence for those who see it and for those who do not."""
    words = html.escape(sentence, quote=True)
    return (as_element(figure, f'role="img" aria-label="{words}"')
            + f'<div aria-hidden="true" style="min-height: 3em; line-height: 1.4; white-space: normal">{words}</div>')


def as_element(figure, attributes):
    """Return what is visible of a figure as one short `<svg>` element with these attributes, to stand in a page."""
    drawing = to_svg(figure, fonttype="none", decimals=1)
    view_box = re.search(r'viewBox="[^"]*"', drawing).group()
    inside = drawing[drawing.index(">", drawing.index("<svg")) + 1:drawing.rindex("</svg>")]
    style = _SIZE.format(width=round(96 * figure.get_figwidth()))
    return f'<svg {attributes} {view_box} style="{style}" stroke-linejoin="round">{shorten(inside)}</svg>'


def shorten(drawing):
    """Take out of an SVG what nobody sees: a style that would reach the whole page, long lists of fonts, names."""
    drawing = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"font-family:[^;\"]*", _FONT, drawing)
    return re.sub(r'<g id="[^"]*">', "<g>", drawing)
