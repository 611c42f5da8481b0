"""What a setting does to a training: the loss for each learning rate, and gradient descent before a wall."""

import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.explorers.controls import log_slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.lines import lines, thin_out
from lstm_helpers.drawing.shapes import error_surface
from lstm_helpers.drawing.style import COLOURS


def learning_rate(curves, *, rate=0.1, rates=(-3, 1), ylim=(1e-6, 10)):
    """Move the learning rate and watch how the loss falls, or does not.

    Parameters
    ----------
    curves : a function of the learning rate that trains and returns {optimiser: (steps,)}, the loss of each step
    rate : where the slider starts
    rates : from which to which power of ten it goes
    ylim : (smallest, largest) loss drawn

    Introduced in 13_training.
    """
    def describe(series, rate):
        ends = "; ".join(f"{optimiser}: {losses[-1]:.0e}" for optimiser, losses in series.items())
        return f"Learning rate {short(rate)}. Loss after {len(next(iter(series.values())))} steps … {ends}."

    return lines(curves, {"rate": log_slider("learning rate", rate, *rates)}, describe, name="learning rate", ylabel="loss",
                 xlabel="training step", ylim=ylim, log=True)


def wall(path, surface, x, y, *, xlabel="W_h", ylabel="b", clip=1.0, clips=(-2, 3)):
    """Move the clipping threshold and watch where gradient descent goes on an error surface.

    Parameters
    ----------
    path : a function of clip that returns the points (n, 2) visited, start first
    surface : the error, (len(y), len(x)); drawn once, on a log scale, its top three powers of ten
    x, y : where the surface was computed
    clip : where the slider starts
    clips : from which to which power of ten it goes

    Source: Pascanu, Mikolov and Bengio 2013.
    Introduced in 05_exploding_gradients.
    """
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    ax = figure.add_subplot(xlabel=xlabel, ylabel=ylabel)
    figure.colorbar(error_surface(ax, x, y, surface), label="log10 of the error")
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    way, = ax.plot([], [], "-o", color=COLOURS["RNN"], lw=1.5, ms=3, mec="#00406B", mew=0.5, label="steps")
    start, = ax.plot([], [], "s", color="white", mec="black", ms=8, ls="none", label="start")
    end, = ax.plot([], [], "*", color="white", mec="black", ms=13, ls="none", label="end")
    figure.legend(loc="outside upper center", ncols=3)

    def update(clip):
        points = np.asarray(path(clip), float)
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError(f"path has shape {points.shape}; wall needs (n, 2)")
        finite = points[:np.argmin([*np.isfinite(points).all(axis=1), False])]
        way.set_data(*np.clip(thin_out(finite)[1], -1e6, 1e6).T)    # numbers beyond would not be valid in an SVG
        start.set_data(*np.clip(finite[:1], -1e6, 1e6).T)
        end.set_data(*np.clip(finite[-1:], -1e6, 1e6).T)
        return describe_path(points, finite, (x[0], x[-1]), (y[0], y[-1]), clip)

    return Explorer("wall", {"clip": log_slider("clip the norm at", clip, *clips)}, figure, [way, start, end], update)


def describe_path(points, finite, xlim, ylim, clip):
    outside = np.flatnonzero([not (xlim[0] <= a <= xlim[1] and ylim[0] <= b <= ylim[1]) for a, b in finite])
    leaves = f"; it first leaves the picture at step {outside[0]}" if len(outside) else ""
    if len(finite) < len(points):
        return f"Clip at {short(clip)}: after {len(finite) - 1} steps the numbers are no longer finite{leaves}."
    return f"Clip at {short(clip)}: {len(points) - 1} steps end at ({finite[-1, 0]:.2g}, {finite[-1, 1]:.2g}){leaves}."


def short(number):
    """Return a number in two digits, without powers of ten where it goes without."""
    return f"{float(f'{number:.2g}'):g}"
