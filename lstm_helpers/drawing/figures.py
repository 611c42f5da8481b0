"""Every plain picture of the course: each function takes arrays or a history, draws on a Figure and returns it."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from lstm_helpers.cells import GATES
from lstm_helpers.drawing.style import COLOURS, LINES


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


def lines_over_time(series, ylabel, *, xlabel="step t", first=1, ylim=None, log=False, dots=(), joined=True):
    """Draw one line a label over steps `first`, `first` + 1, …: `series` is {label: (T,)}; zeros have no place on a log axis.

    A signal of the cell, called "i", "f", "g", "o", "c" or "h", has the colour that it has in every drawing. The places in
    `dots`, counted from 0, are marked; without `joined` there is no line.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots()
    for place, (label, values) in enumerate(series.items()):
        values = np.where(np.asarray(values) > 0, values, np.nan) if log else values
        look = {"color": COLOURS[label], "ls": LINES[label]} if label in (*GATES, "c", "h") else {}
        look |= {"marker": "ox"[place % 2], "markevery": list(dots)} if len(dots) else {}
        look |= {} if joined else {"ls": ""}
        ax.plot(np.arange(first, first + len(values)), values, label=label, **look)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if ylim:
        ax.set_ylim(*ylim)
    ax.grid(axis="y")
    fig.legend(loc="outside right upper")
    return fig


def six_signals(signals, *, first=1):
    """Draw the six signals of one unit over time, a panel each: `signals` is {"i": (T,), "f": …, "g", "o", "c", "h": …}.

    Introduced in 10_output_gate.
    """
    titles = {"i": "input gate i", "f": "forget gate f", "g": "candidate g", "o": "output gate o", "c": "cell state c",
              "h": "hidden state h"}
    fig, panels = plt.subplots(2, 3, figsize=(6.4, 3.6), sharex=True)
    for ax, (name, title) in zip(panels.flat, titles.items(), strict=True):
        values = np.asarray(signals[name])
        ax.plot(np.arange(first, first + len(values)), values, color=COLOURS[name], ls="-")
        ax.axhline(0, color=COLOURS["faded"], lw=0.8, ls="-", zorder=0)
        if name != "c":                                                     # the cell state alone has no bounds
            ax.set_ylim((-1.08, 1.08) if name in "gh" else (-0.04, 1.08))
        ax.set_title(title, color=COLOURS[name])
    for ax in panels[1]:
        ax.set_xlabel("step t")
    return fig


def accuracies(values, *, chance=None, ceiling=None):
    """Draw accuracies {name: value} as bars, with chance and the best that is possible as lines, where they are given.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.45 * len(values)))
    ax.barh(list(values), list(values.values()), color=COLOURS["RNN"], edgecolor="#333333", height=0.6)
    for place, dashes, label in ((chance, ":", "chance"), (ceiling, "--", "ceiling")):
        if place is not None:
            ax.axvline(place, color="#333333", ls=dashes, label=label)
    ax.set(xlim=(0, 1.02), xlabel="accuracy on fresh examples")
    ax.invert_yaxis()
    if chance is not None or ceiling is not None:
        fig.legend(loc="outside right upper")
    return fig


def reading(probabilities, letters, names, *, xlabel="letters read so far"):
    """Draw what a network believes after each letter: `probabilities` (T, K), one row a name.

    Introduced in 02_vanilla_rnn.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.28 * len(names)))
    picture = ax.imshow(np.asarray(probabilities).T, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(letters)), [letter if letter != " " else "␣" for letter in letters])
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(xlabel)
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
    ax.pcolormesh(np.asarray(mask, float).T, cmap="Greys", vmin=0, vmax=1.6, edgecolors="0.6", linewidth=1.5)
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


def errors_against_horizon(horizons, errors):
    """Draw forecast errors against the horizon on a log axis: {label: one number a horizon, or (seeds,) numbers a horizon}.

    Introduced in 17_time_series.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.2))
    looks = (("o", ":"), ("s", "--"), ("^", "-"), ("D", "-."))
    for (label, values), (marker, line) in zip(errors.items(), looks, strict=False):
        spread = [np.atleast_1d(value) for value in values]
        drawn, = ax.plot(horizons, [value.mean() for value in spread], ls=line, marker=marker, label=label)
        low, high = ([side(value) for value in spread] for side in (np.min, np.max))
        ax.vlines(horizons, low, high, color=drawn.get_color(), lw=9, alpha=0.4)
    ax.axhline(1, color="#666666", lw=1, ls="-", zorder=0)
    ax.set(yscale="log", xlabel="steps ahead", ylabel="error (NRMSE)")
    ax.set_xticks(horizons)
    ax.grid(axis="y")
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


def one_product(inputs=3, hidden=4):
    """Draw the row [x, h, 1] times the stacked weights of all four parts: one product, one coloured block of columns a part.

    Introduced in 11_lstm_forward.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.9))
    row, weights, z = 0, inputs + hidden + 3.2, inputs + 5 * hidden + 5.2      # where each of the three begins
    height = inputs + hidden + 1
    for width, colour, label in ((inputs, "x", "$x_t$"), (hidden, "h", "$h_{t-1}$"), (1, "faded", "1")):
        _block(ax, row, height / 2 - 0.6, width, 1.2, colour, label)
        row += width
    for k, gate in enumerate("ifgo"):
        bottom = height
        for rows, name in ((inputs, f"$W_{{x{gate}}}$"), (hidden, f"$W_{{h{gate}}}$"), (1, f"$b_{gate}$")):
            bottom -= rows
            _block(ax, weights + k * hidden, bottom, hidden, rows, gate, name)
        _block(ax, z + k * hidden, height / 2 - 0.6, hidden, 1.2, gate, f"$z_{gate}$")
    for x, word in ((weights - 1.1, "@"), (z - 1.0, "=")):
        ax.text(x, height / 2, word, ha="center", va="center", fontsize=14)
    captions = ((0, row, "(B, D+H+1)"), (weights, 4 * hidden, "(D+H+1, 4H)"), (z, 4 * hidden, "(B, 4H)"))
    for x, width, shape in captions:
        ax.text(x + width / 2, -0.7, shape, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.5, z + 4 * hidden + 0.5), ylim=(-2.2, height + 0.5), aspect="equal")
    ax.axis("off")
    return fig


def gate_orders(orders):
    """Draw the order of the four parts in each framework: `orders` is {name: order}, such as {"PyTorch": "ifgo"}.

    Introduced in 11_lstm_forward.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.4 + 0.45 * len(orders)))
    for row, order in enumerate(orders.values()):
        for place, gate in enumerate(order):
            _block(ax, place, len(orders) - 1 - row, 0.96, 0.8, gate, gate)
    ax.set_yticks(len(orders) - 0.6 - np.arange(len(orders)), orders)
    ax.set(xlim=(-0.05, 4.05), ylim=(-0.15, len(orders)), xticks=())
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def weight_layouts(inputs=3, hidden=2):
    """Draw how four frameworks keep the same W_x: every block is one gate's slab, ᵀ marks a transposed one.

    Introduced in 20_frameworks.
    """
    fig, ax = plt.subplots(figsize=(6.4, 2.9))
    tall, gap = 4 * hidden, 0.35
    for k, gate in enumerate("ifgo"):
        _block(ax, k * (hidden + gap), tall - inputs, hidden, inputs, gate, gate)
        _block(ax, k * hidden + 1.5 * gap, 0, hidden, inputs, gate, gate.replace("g", "c"))
    right = tall + 3 * gap + 4
    for x, order in ((right, "ifgo"), (right + inputs + 4, "iofc")):
        for k, gate in enumerate(order):
            _block(ax, x, tall - (k + 1) * hidden, inputs, hidden, gate.replace("c", "g"), f"{gate}ᵀ")
    middle = tall / 2 + 1.5 * gap
    captions = ((middle, tall, "here (4, D, H)"), (middle, inputs, "Keras (D, 4H)"),
                (right + inputs / 2, tall, "PyTorch (4H, D)"), (right + 1.5 * inputs + 4, tall, "ONNX (1, 4H, D)"))
    for x, y, words in captions:
        ax.text(x, y + 0.25, words, ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(-0.3, right + 2 * inputs + 5.8), ylim=(-0.3, tall + 1.3), aspect="equal")
    ax.axis("off")
    return fig


def _block(ax, x, y, width, height, gate, label):
    ax.add_patch(plt.Rectangle((x, y), width, height, fc=COLOURS[gate], ec="#333333", lw=1, alpha=0.45))
    ax.text(x + width / 2, y + height / 2, label, ha="center", va="center", fontsize=10)


def relative_times(times, *, line=None):
    """Draw times as multiples of the first of their group: {group: {label: time}}, a panel for each group.

    `line` : where to draw a line across the bars, such as at what was counted.

    Introduced in 11_lstm_forward.
    """
    labels = list(next(iter(times.values())))
    fig, panels = plt.subplots(1, len(times), figsize=(6.4, 1.2 + 0.4 * len(labels)), sharey=True, sharex=True, squeeze=False)
    for ax, (group, measured) in zip(panels[0], times.items(), strict=True):
        values = np.array(list(measured.values()))
        ax.barh(labels, values / values[0], color=COLOURS["RNN"], edgecolor="#333333", height=0.6)
        if line is not None:
            ax.axvline(line, color="#333333", ls=":", lw=1.2)
        ax.locator_params(axis="x", nbins=4)
        ax.set_title(group, fontsize=10)
    panels[0, 0].invert_yaxis()
    fig.supxlabel("times as long as the first bar", fontsize=10)
    return fig


def success_by_start(runs, limit):
    """Draw after how many steps each seed succeeded: `runs` is {panel: {start: [step or None, …]}}, in the order of the seeds.

    One row a start, one dot a seed; a cross in the grey strip is a seed that had not succeeded by step `limit`. The number
    at the right is the share that had.

    Introduced in 14_initialisation.
    """
    rows = list(next(iter(runs.values())))
    fig, panels = plt.subplots(1, len(runs), figsize=(6.4, 1.1 + 0.42 * len(rows)), sharey=True, sharex=True, squeeze=False)
    for ax, (title, starts) in zip(panels[0], runs.items(), strict=True):
        ax.axvspan(1.08 * limit, 1.32 * limit, color="#E4E4E4", lw=0, zorder=0)
        for row, steps in enumerate(starts.values()):
            heights = row + np.linspace(-0.24, 0.24, len(steps))                # side by side, or equal steps would be one dot
            colour = COLOURS["RNN" if rows[row] == "RNN" else "LSTM"]
            for step, height in zip(steps, heights, strict=True):
                failed = step is None
                ax.plot(1.2 * limit if failed else step, height, marker="x" if failed else "o", ms=5, ls="none", color=colour,
                        mec="#333333", mew=1.3 if failed else 0.6)
            ax.text(1.38 * limit, row, f"{np.mean([step is not None for step in steps]):.1f}", va="center")
        ax.text(1.2 * limit, -0.62, "not", ha="center", va="bottom", fontsize=9)
        ax.text(1.38 * limit, -0.62, "rate", ha="left", va="bottom", fontsize=9)
        ax.set(xlim=(0, 1.62 * limit), ylim=(len(rows) - 0.5, -0.6), xticks=(0, limit // 2, limit), xlabel="steps to success")
        ax.set_title(title, pad=16)
        ax.spines["bottom"].set_bounds(0, limit)
        ax.hlines(np.arange(len(rows) - 1) + 0.5, 0, 1.62 * limit, color="#DDDDDD", lw=0.8, zorder=0)
    panels[0, 0].set_yticks(range(len(rows)), rows)
    return fig


def sequences_to_success(published, ours):
    """Draw how many training sequences each task took: `published` is {task: number}, `ours` {task: {model: [number, …]}}.

    One row a task, one dot a run. A run that never solved its task is None, and stands in the column on the right; a task
    without a published number has no diamond.

    Introduced in 15_classic_experiments.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.55 * len(ours)))
    solved = [number for runs in ours.values() for counts in runs.values() for number in counts if number]
    numbers = [*solved, *published.values()]
    never = 3 * max(numbers)
    for row, (task, runs) in enumerate(ours.items()):
        if task in published:
            ax.scatter(published[task], row, marker="D", s=55, facecolor="none", edgecolor="#333333", label="published LSTM")
        for model, height, marker in (("LSTM", -0.2, "o"), ("RNN", 0.2, "X")):
            counts = runs.get(model, [])
            heights = row + height + np.linspace(-0.09, 0.09, len(counts))
            ax.scatter([number or never for number in counts], heights, marker=marker, s=42, color=COLOURS[model],
                       edgecolor="#333333", linewidth=0.6, label=f"our {model}")
    ax.axvspan(0.6 * never, 2 * never, color="#EEEEEE", zorder=0)
    ax.text(never, -0.65, "never", ha="center", va="top")
    ax.set(xscale="log", xlabel="training sequences until solved", xlim=(0.6 * min(numbers), 1.7 * never),
           ylim=(len(ours) - 0.5, -0.75))
    ax.set_yticks(range(len(ours)), list(ours))
    ax.grid(axis="x")
    fig.legend(**_each_label_once(ax), loc="outside upper center", ncols=3)
    return fig


def spread_over_seeds(runs, xlabel):
    """Draw one number of each seed on a log axis: `runs` is {panel: {label: (seeds,)}}, a row a label, a dot a seed.

    The bar is the geometric mean of a row. The dotted line goes on from the bar of the first row, for comparison.

    Introduced in 19_variants.
    """
    rows = list(next(iter(runs.values())))
    fig, panels = plt.subplots(1, len(runs), figsize=(6.4, 1.0 + 0.3 * len(rows)), sharey=True, sharex=True, squeeze=False)
    for ax, (title, values) in zip(panels[0], runs.items(), strict=True):
        means = [np.exp(np.mean(np.log(values[label]))) for label in rows]
        ax.axvline(means[0], color="#333333", ls=":", lw=1)
        ax.plot(means, range(len(rows)), ls="none", marker="|", ms=14, mew=2.5, color=COLOURS["f"])
        for row, label in enumerate(rows):
            ax.plot(values[label], np.full(len(values[label]), row), ls="none", marker="o", ms=5, color=COLOURS["c"], alpha=0.7)
        ax.set(xscale="log", xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5))
        ax.set_title(title)
        ax.grid(axis="x")
    panels[0, 0].set_yticks(range(len(rows)), rows)
    return fig


def bits_per_character(values):
    """Draw bits per character {model: value, or (seeds,) values} as bars; a dot is one seed, the number stands at the end.

    Introduced in 18_reading_text.
    """
    fig, ax = plt.subplots(figsize=(6.4, 0.9 + 0.36 * len(values)))
    for row, (model, found) in enumerate(values.items()):
        found = np.atleast_1d(found)
        colour = COLOURS["LSTM"] if "LSTM" in model else COLOURS["RNN"] if "RNN" in model else COLOURS["faded"]
        ax.barh(row, found.mean(), color=colour, edgecolor="#333333", height=0.6)
        if len(found) > 1:
            ax.plot(found, np.full(len(found), row), ls="none", marker="o", ms=5, color="white", mec="#333333")
        ax.text(found.max() + 0.1, row, f"{found.mean():.1f}", va="center")
    ax.set_yticks(range(len(values)), list(values))
    ax.set(xlabel="bits per character on text held out", ylim=(len(values) - 0.5, -0.5))
    ax.set_xlim(0, 1.08 * max(np.max(found) for found in values.values()))
    return fig


def written_text(texts, *, width=80):
    """Draw texts {title: text} as they were written, in letters of one width; a line goes on below after `width` letters.

    Introduced in 18_reading_text.
    """
    blocks = [(title, [line[at:at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)])
              for title, text in texts.items()]
    rows = sum(len(lines) + 1.9 for _, lines in blocks)
    fig, ax = plt.subplots(figsize=(6.4, 0.17 * rows))
    ax.set(xlim=(0, 1), ylim=(rows - 0.4, -0.4))
    ax.axis("off")
    top = 0.0
    for title, lines in blocks:
        ax.text(0, top, title, va="top", weight="bold", fontsize=10)
        for row, line in enumerate(lines, start=1):
            ax.text(0, top + row + 0.2, line, va="top", family="monospace", fontsize=9, parse_math=False)
        top += len(lines) + 1.9
    return fig


def coloured_text(text, signals, *, width=40, limits=None):
    """Colour every letter by a number, the darker the larger: `signals` is {label: (n,)}, a panel each, in rows of `width`.

    A gate is shown from 0 to 1 in its own colour; anything else from its smallest number to its largest, or in `limits`,
    {label: (low, high)}. The end of a line is written as ↵, a blank as a small dot.

    Introduced in 18_reading_text.
    """
    rows = -(-len(text) // width)
    fig, panels = plt.subplots(len(signals), 1, figsize=(6.4, len(signals) * (0.42 + 0.24 * rows)), squeeze=False)
    for ax, (label, values) in zip(panels[:, 0], signals.items(), strict=True):
        low, high = (limits or {}).get(label) or ((0, 1) if label in ("i", "f", "o") else (np.min(values), np.max(values)))
        shades = LinearSegmentedColormap.from_list(label, ["#FFFFFF", COLOURS.get(label, "#000000")])
        for place, (letter, value) in enumerate(zip(text, values, strict=True)):
            share = np.clip((value - low) / max(high - low, 1e-12), 0, 1)
            _letter(ax, place % width, place // width, letter, shades(share))
        ax.set(xlim=(0, width), ylim=(rows, 0), xticks=(), yticks=())
        ax.spines[:].set_visible(False)
        ends = [f"{np.round(end, 1) + 0.0:.1f}" for end in (low, high)]            # + 0.0 turns -0.0 into 0.0
        ax.set_title(f"{label}: white is {ends[0]}, full colour {ends[1]}", fontsize=10)
    return fig


def _letter(ax, x, y, letter, colour):
    """Draw a letter in a box, in black or white, whichever is told apart from the box."""
    luminance = np.dot(colour[:3], (0.299, 0.587, 0.114))
    ax.add_patch(plt.Rectangle((x, y), 1, 1, fc=colour, ec="none"))
    shown = {"\n": "↵", " ": "·"}.get(letter, letter)
    ax.text(x + 0.5, y + 0.5, shown, ha="center", va="center", family="monospace", fontsize=9,
            color="black" if luminance > 0.5 else "white")


def encoder_decoder(read="mai 1990", written="1990"):
    """Draw an encoder that reads letters, the state that it hands over, and a decoder that writes letters and reads its own.

    Introduced in 16_translation.
    """
    steps, first = len(read) + len(written), len(read)
    fig, ax = plt.subplots(figsize=(6.4, 2.5))
    for n, letter in enumerate(read.replace(" ", "␣") + written):
        writes, x = n >= first, n + 0.7 * (n >= first)
        _box(ax, x, 0, 0.62, 0.8, "D" if writes else "E")
        if n + 1 < steps:
            handed = n + 1 == first
            _arrow(ax, (x + 0.62, 0.4), (x + 1 + 0.7 * handed, 0.4), COLOURS["c" if handed else "h"])
        below = letter if not writes else written[n - first - 1] if n > first else "∅"
        ax.text(x + 0.31, -0.62, below, ha="center", va="top", color=COLOURS["x"], fontsize=13)
        _arrow(ax, (x + 0.31, -0.58), (x + 0.31, -0.03), COLOURS["x"])
        if writes:
            _arrow(ax, (x + 0.31, 0.83), (x + 0.31, 1.36), COLOURS["h"])
            ax.text(x + 0.31, 1.42, letter, ha="center", va="bottom", fontsize=13)
    ax.text(first + 0.16, 0.55, "$h, c$", ha="center", va="bottom")
    ax.text(first / 2, 1.2, "encoder: reads", ha="center")
    ax.text(steps + 0.85, 1.42, "writes", va="bottom")
    ax.text(steps + 0.85, -0.62, "is fed", va="top")
    ax.set(xlim=(-0.2, steps + 2.3), ylim=(-1.3, 2.1), aspect="equal")
    ax.axis("off")
    return fig


_GATE_TITLES = {"i": "i\ninput\ngate", "f": "f\nforget\ngate", "g": "g\ncandi-\ndate", "o": "o\noutput\ngate"}


def gates_per_letter(gates, read, written, *, room=None):
    """Draw the gates of some units while letters are read and others written: `gates` is {"i": (T, units), …}, a panel each.

    A row is a unit, a column a letter; T is the number of letters read and written. White is 0, the full colour 1; a
    candidate goes down to -1, in dark grey. `room` : columns for the letters read, which stand at their right end.

    Introduced in 16_translation.
    """
    room = room or len(read)
    columns, (steps, units) = room + len(written), np.shape(gates["i"])
    fig, panels = plt.subplots(len(GATES), 1, figsize=(6.4, 4.4), sharex=True)
    for ax, gate in zip(panels, GATES, strict=True):
        low, scale = (-1, ("#333333", "white", COLOURS[gate])) if gate == "g" else (0, ("white", COLOURS[gate]))
        values = np.full((units, columns), np.nan)
        values[:, columns - steps:] = np.transpose(gates[gate])
        ax.imshow(values, cmap=LinearSegmentedColormap.from_list(gate, scale), vmin=low, vmax=1, aspect="auto",
                  interpolation="none")
        ax.axvline(room - 0.5, ymax=1.22 if ax is panels[0] else 1, color="#333333", lw=1.5, ls="-", clip_on=False)
        ax.set_yticks([])
        ax.set_ylabel(_GATE_TITLES[gate], color=COLOURS[gate], rotation=0, ha="right", va="center", fontsize=9)
        ax.tick_params(bottom=False, labelbottom=False)
    for column, letter in enumerate(read.rjust(room, "\0") + written):
        panels[0].text(column, -1.1, {" ": "␣", "\0": ""}.get(letter, letter), ha="center", va="bottom", fontsize=10)
    panels[0].set_title("letters read, then | letters written", fontsize=10, pad=18)
    return fig


def readable_parts(scores, events):
    """Draw how well each part of a date can be read off the states after each event: {panel: {part: (events,)}}.

    Introduced in 16_translation.
    """
    fig, panels = plt.subplots(len(scores), 1, figsize=(6.4, 1.2 + 1.6 * len(scores)), sharex=True, squeeze=False)
    for ax, (title, parts) in zip(panels[:, 0], scores.items(), strict=True):
        for (part, values), marker in zip(parts.items(), "os^", strict=False):
            ax.plot(values, label=part, marker=marker, ms=5)
        ax.set(title=title, ylim=(-0.04, 1.06), ylabel="readable")
        ax.grid(axis="y")
    panels[-1, 0].set_xticks(range(len(events)), events, fontsize=9)
    panels[-1, 0].set_xlabel("after reading …, then after writing …")
    fig.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return fig


def _each_label_once(ax):
    handles = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    return {"handles": list(handles.values()), "labels": list(handles)}
