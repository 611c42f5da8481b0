"""What several pictures are drawn with: a page, rounded boxes, wires with arrow heads, shades of a colour, an error surface."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from lstm_helpers.drawing.style import COLOURS

BELT_WIDTH, DASHES = 6, (0, (3, 1.4))                       # in points; dashes mark gradients that do not take the belt
INK = "#222222"
FRAME = {"fc": "#F7F7F5", "ec": "#BBBBBB", "lw": 1.2}       # of one cell
DIRECTIONS = ("forward", "backward")
POWERS = 3                                  # of ten, of an error surface, that are told apart


def page(width, height, unit=0.5):
    """Return axes that fill a white page; a unit is so many inches."""
    fig = plt.figure(figsize=(width * unit, height * unit), facecolor="white", layout="none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return ax


def rounded_box(x, y, width, height, radius, **look):
    return FancyBboxPatch((x, y), width, height, boxstyle=f"round,pad=0,rounding_size={radius}", **look)


def wire(ax, points, width, colour, dashes="-", head=True, zorder=2, label="", gid=None):
    """Draw a wire with rounded corners; a head takes the place of its last bit. `gid` names both in an SVG: wire-…, head-…"""
    if head:
        tip, base = points[-1], towards(points[-1], points[-2], 0.2 + 0.03 * width)
        across = np.subtract(tip, base)[::-1] * (1, -1) * 0.55
        ax.add_patch(Polygon([tip, base + across, base - across], closed=True, fc=colour, ec="none", zorder=zorder, label=label,
                             gid=gid and f"head-{gid}"))
        points = [*points[:-1], towards(base, tip, 0.02)]
    ax.add_patch(PathPatch(_rounded_path(points), fill=False, ec=colour, lw=width, ls=dashes, capstyle="butt",
                           joinstyle="round", zorder=zorder, label=label, gid=gid and f"wire-{gid}"))


def towards(point, other, length):
    """Return the point moved by a length towards another one."""
    step = np.subtract(other, point)
    return tuple(np.add(point, length * step / np.hypot(*step)))


def _rounded_path(points, radius=0.25):
    """Return a path along the points, each corner between them rounded."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        vertices += [towards(corner, before, radius), corner, towards(corner, after, radius)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, points[-1]], [*codes, Path.LINETO])


def tint(name):
    """Return a colour pale enough to write on."""
    return _blend(COLOURS[name], "white", 0.6)


def dark(name):
    """Return a colour dark enough for thin letters on white."""
    return _blend(COLOURS[name], "black", 0.38)


def _blend(colour, other, share):
    return to_hex((1 - share) * np.array(to_rgb(colour)) + share * np.array(to_rgb(other)))


def require(name, found, allowed):
    """Raise ValueError if an argument is none of the allowed ones."""
    if found not in allowed:
        raise ValueError(f"{name} is {found!r}; it must be one of " + ", ".join(map(repr, allowed)))


def error_surface(ax, x, y, error):
    """Draw the top POWERS powers of ten in shades of grey, and all below in the lightest: a deep minimum hides no wall."""
    top = np.ceil(np.log10(max(np.max(error), 1e-12)))
    shades = np.log10(np.maximum(error, 1e-12))
    return ax.contourf(x, y, shades, levels=np.linspace(top - POWERS, top, 4 * POWERS + 1), cmap="Greys", extend="min",
                       vmin=top - POWERS, vmax=top + 1)                 # not to black: the path has to be seen
