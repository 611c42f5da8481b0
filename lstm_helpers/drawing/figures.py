"""Every plain picture of the course: each function takes arrays or a history, draws on a Figure and returns it."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from lstm_helpers.drawing.style import COLOURS


def unrolled_rnn(steps=4):
    """Draw one cell used `steps` times: inputs from below, the hidden state from left to right.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 2.6))
    ax.set(xlim=(-1.0, 2 * steps + 0.3), ylim=(-1.15, 1.85), aspect="equal")
    ax.axis("off")
    _arrow(ax, (-0.55, 0.3), (0.2, 0.3), COLOURS["h"])
    ax.text(-0.65, 0.3, "$h_0$", ha="right", va="center", color=COLOURS["h"])
    for t in range(steps):
        left, last = 2 * t + 0.2, t == steps - 1
        _box(ax, left, -0.2, 1.0, 1.0, "$W_x, W_h, b$\ntanh")
        _arrow(ax, (left + 0.5, -0.75), (left + 0.5, -0.22), COLOURS["x"])
        ax.text(left + 0.5, -0.8, f"$x_{t + 1}$", ha="center", va="top", color=COLOURS["x"])
        _arrow(ax, (left + 1.0, 0.3), (left + 2.0, 0.3) if not last else (left + 1.55, 0.3), COLOURS["h"])
        _arrow(ax, (left + 0.5, 0.8), (left + 0.5, 1.4), COLOURS["h"])
        ax.text(left + 0.5, 1.45, f"$h_{t + 1}$", ha="center", va="bottom", color=COLOURS["h"])
    return fig


def _box(ax, x, y, width, height, label):
    ax.add_patch(FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.12",
                                fc="#F2F2F2", ec="#333333", lw=1.2))
    ax.text(x + width / 2, y + height / 2, label, ha="center", va="center", fontsize=9)


def _arrow(ax, start, end, colour):
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, lw=1.6, color=colour, shrinkA=0, shrinkB=0))


def lines_over_time(series, ylabel, *, xlabel="step t", ylim=None, log=False):
    """Draw one line a label over time steps 1 to T: `series` is {label: (T,)}.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots()
    for label, values in series.items():
        ax.plot(np.arange(1, len(values) + 1), values, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if ylim:
        ax.set_ylim(*ylim)
    ax.grid(axis="y")
    fig.legend(loc="outside right upper")
    return fig


def accuracies(values, *, chance, ceiling=None):
    """Draw accuracies {name: value} as bars, with chance and the best that is possible as lines.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.45 * len(values)))
    ax.barh(list(values), list(values.values()), color=COLOURS["RNN"], edgecolor="#333333", height=0.6)
    ax.axvline(chance, color="#333333", ls=":", label="chance")
    if ceiling is not None:
        ax.axvline(ceiling, color="#333333", ls="--", label="ceiling")
    ax.set(xlim=(0, 1.02), xlabel="accuracy on fresh examples")
    ax.invert_yaxis()
    fig.legend(loc="outside right upper")
    return fig


def reading(probabilities, letters, names):
    """Draw what a network believes after each letter: `probabilities` (T, K), one row a name.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.28 * len(names)))
    picture = ax.imshow(np.asarray(probabilities).T, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(letters)), [letter if letter != " " else "␣" for letter in letters])
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("letters read so far")
    ax.spines[:].set_visible(False)
    fig.colorbar(picture, ax=ax, label="probability", ticks=(0, 0.5, 1))
    return fig


def learning_curves(losses, *, ylabel="loss", baseline=None, goal=None, smooth=1):
    """Draw losses {label: values per step} on a log axis, with the loss of a blind guess and the goal as lines.

    `smooth` : each point is the mean of so many steps.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots()
    for label, values in losses.items():
        values = np.asarray(values)[:len(values) // smooth * smooth].reshape(-1, smooth).mean(axis=1)
        ax.plot(smooth * (np.arange(len(values)) + 1), values, label=label)
    if baseline is not None:
        ax.axhline(baseline, color="#666666", ls=":", lw=1.5, label="blind guess")
    if goal is not None:
        ax.axhline(goal, color="#666666", ls="--", lw=1.5, label="solved")
    ax.set(yscale="log", xlabel="training step", ylabel=ylabel)
    ax.grid(axis="y")
    fig.legend(loc="outside right upper")
    return fig


def adding_example(x, answer):
    """Draw one sequence of the adding problem, x (T, 2): the numbers as stems, the marked ones filled.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(6.4, 2.4))
    numbers, marked = x[:, 0], x[:, 1] == 1
    steps = np.arange(1, len(x) + 1)
    ax.vlines(steps, 0, numbers, color=COLOURS["faded"], lw=1.5)
    ax.plot(steps[~marked], numbers[~marked], "o", color=COLOURS["faded"], ms=4, ls="none")
    ax.vlines(steps[marked], 0, numbers[marked], color=COLOURS["f"], lw=3)
    ax.plot(steps[marked], numbers[marked], "o", color=COLOURS["f"], ms=9, ls="none")
    for t in steps[marked]:
        ax.annotate(f"{numbers[t - 1]:.2f}", (t, numbers[t - 1]), (0, 8), textcoords="offset points",
                    ha="center", color=COLOURS["f"], bbox={"fc": "white", "ec": "none", "pad": 1})
    ax.set(xlabel="step t", ylabel="number", ylim=(0, 1.25), title=f"the answer is the sum of the marked ones: {answer:.2f}")
    return fig


def predicted_against_true(true, predicted):
    """Draw predictions against what they should be; a perfect answer lies on the line.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(3.6, 3.4))
    low, high = min(true.min(), predicted.min()), max(true.max(), predicted.max())
    ax.plot([low, high], [low, high], color="#666666", lw=1, ls="--")
    ax.plot(true, predicted, "o", ms=3, color=COLOURS["o"], ls="none", alpha=0.6)
    ax.set(xlabel="true answer", ylabel="network's answer", aspect="equal")
    return fig


def mask_and_lengths(mask):
    """Draw a mask (T, B): a row a sequence, filled where the sequence has a step, empty where it is padding.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.8 + 0.3 * mask.shape[1]))
    ax.pcolormesh(np.asarray(mask, float).T, cmap="Greys", vmin=0, vmax=1.6, edgecolors="white", linewidth=2)
    ax.set_yticks(np.arange(mask.shape[1]) + 0.5, [f"sequence {n + 1}" for n in range(mask.shape[1])])
    ax.set_xticks(np.arange(len(mask)) + 0.5, range(1, len(mask) + 1))
    ax.set(xlabel="step t")
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig
