"""A figure as SVG, the same on every machine: for the files in figures/ and for the pictures of explorers."""

import io
import re

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG

_NOTHING = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_PLACES = re.compile(r' (?:d|x|y|width|height)="[^"]*"|translate\([^)]*\)')


def to_svg(figure, *, fonttype, decimals):
    """Return what is visible of a figure as SVG, without date, version and comments.

    Parameters
    ----------
    figure : matplotlib Figure
    fonttype : "path" draws letters as outlines, the same everywhere; "none" leaves them letters, which is short
    decimals : of every place and length: a far one cannot be seen, and may hang on the processor
    """
    with mpl.rc_context({"svg.fonttype": fonttype, "svg.hashsalt": "lstm"}), io.StringIO() as file:
        FigureCanvasSVG(figure).print_svg(file, metadata=_NOTHING)      # savefig would draw everything twice
        drawing = re.sub(r"<!--.*?-->\s*", "", file.getvalue(), flags=re.DOTALL)
    return _PLACES.sub(lambda found: rounded(found.group(), decimals), drawing)


def rounded(attribute, decimals):
    """Round every number of an attribute that has more decimals."""
    return re.sub(rf"-?\d+\.\d{{{decimals + 1},}}", lambda number: f"{round(float(number.group()), decimals) + 0.0:.{decimals}f}",
                  attribute)
