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


def lines_over_time(series, ylabel, *, xlabel="step t", first=1, ylim=None, log=False):
    """Draw one line a label over steps `first`, `first` + 1, …: `series` is {label: (T,)}; zeros have no place on a log axis.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots()
    for label, values in series.items():
        values = np.where(np.asarray(values) > 0, values, np.nan) if log else values
        ax.plot(np.arange(first, first + len(values)), values, label=label)
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


def errors_against_step_size(sizes, errors):
    """Draw the error of finite differences against their step size, both axes logarithmic: `errors` is {label: (n,)}.

    Introduced in 03_backpropagation_through_time.
    """
    fig, ax = plt.subplots()
    for label, values in errors.items():
        ax.plot(sizes, values, label=label)
    ax.set(xscale="log", yscale="log", xlabel="step size", ylabel="relative error")
    ax.grid(axis="y")
    fig.legend(loc="outside right upper")
    return fig


def wall(w, b, error, paths):
    """Draw an error surface (b, w) in grey, darker where the error is larger, and the paths {label: (n, 2)} of descent on it.

    Introduced in 05_exploding_gradients.
    """
    fig, ax = plt.subplots(figsize=(6.4, 4.0))
    surface = ax.pcolormesh(w, b, np.log10(error + 1e-3), cmap="Greys", vmin=-3, vmax=2.2, rasterized=True)
    fig.colorbar(surface, ax=ax, label="error", ticks=(-2, 0, 2)).ax.set_yticklabels(("0.01", "1", "100"))
    looks = (("#D55E00", "--"), ("#56B4E9", "-"))
    for (label, path), (colour, line) in zip(paths.items(), looks, strict=False):
        ax.plot(path[:, 0], path[:, 1], line, color=colour, marker=".", ms=4, lw=1.2, label=label)
    ax.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    ax.legend(loc="upper right", frameon=True)
    return fig


def accuracy_against_gap(gaps, accuracies, *, chance):
    """Draw mean accuracy against the gap with the spread over seeds: `accuracies` is {label: (seeds, gaps)}.

    Introduced in 06_long_term_dependencies.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    looks = (("o", "-"), ("s", "--"), ("^", "-."))
    places = np.arange(len(gaps))
    for (label, values), (marker, line) in zip(accuracies.items(), looks, strict=False):
        values = np.asarray(values)
        drawn, = ax.plot(places, values.mean(axis=0), ls=line, marker=marker, label=label)
        ax.fill_between(places, values.min(axis=0), values.max(axis=0), color=drawn.get_color(), alpha=0.15, lw=0)
    ax.axhline(chance, color="#666666", ls=":", lw=1.5, label="chance")
    ax.set(xlabel="filler words between country and question", ylabel="held-out accuracy", ylim=(0, 1.03))
    ax.set_xticks(places, gaps)
    fig.legend(loc="outside right upper")
    return fig


def twin_sentences(sentences, labels):
    """Draw two sentences of the same words, one above the other, each word at its place, moved words joined by lines.

    Introduced in 01_order_matters.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.9))
    top, bottom = (sentence.split() for sentence in sentences)
    left = [dict(enumerate(_word_places(words))) for words in (top, bottom)]
    for row, (words, label) in enumerate(zip((top, bottom), labels, strict=True)):
        for k, word in enumerate(words):
            ax.text(left[row][k], 1 - row, word, ha="center", va="center", fontsize=10)
        ax.text(1.02, 1 - row, label, ha="left", va="center", fontsize=10, weight="bold")
    free = list(range(len(bottom)))
    for k, word in enumerate(top):
        j = min((j for j in free if bottom[j] == word), key=lambda j: abs(j - k))
        free.remove(j)
        ax.plot([left[0][k], left[1][j]], [0.82, 0.18], color=COLOURS["faded" if j == k else "f"], lw=1.2, ls="-")
    ax.set(xlim=(0, 1.15), ylim=(-0.3, 1.3))
    ax.axis("off")
    return fig


def _word_places(words):
    """Return the centre of each word on a line from 0 to 1, long words getting more room."""
    widths = np.array([len(word) + 1.5 for word in words])
    ends = np.cumsum(widths) / widths.sum()
    return ends - widths / widths.sum() / 2
