"""Put a figure into a notebook together with words for those who cannot see it."""

import base64
import html
import io

from IPython.display import HTML, display
from matplotlib import pyplot as plt

# A picture has no ground of its own, so that the site can show it by day and by night; in a dark JupyterLab it stands on white.
_TEMPLATE = ('<figure style="margin: 0.5em 0"><img alt="{alt}" style="width: {width}px; max-width: 100%; background: white" '
             'src="data:image/png;base64,{png}">{caption}</figure>')


def show(fig, alt, caption=None):
    """Display a figure with alt text, and close it.

    JupyterLab drops alt text given with a plain image output and keeps it in HTML: so the picture goes out as HTML.

    Parameters
    ----------
    fig : matplotlib Figure
    alt : what is to be seen, in a sentence or two
    caption : printed below the picture, if given

    Raises
    ------
    ValueError
        If `alt` says nothing.

    Introduced in 00_start_here.
    """
    if not alt.strip():
        raise ValueError("alt is empty; show needs a sentence that says what is to be seen")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    plt.close(fig)
    display(HTML(as_html(buffer.getvalue(), alt, round(96 * fig.get_figwidth()), caption)))


def as_html(png, alt, width, caption=None):
    """Return the bytes of a picture as the HTML that `show` displays."""
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return _TEMPLATE.format(alt=html.escape(alt, quote=True), caption=below, width=width, png=base64.b64encode(png).decode())
