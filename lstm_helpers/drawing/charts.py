"""Numbers against a scale, as lines, bars and dots: each function takes arrays or a history, draws on a Figure and returns it."""

import numpy as np
from matplotlib import pyplot as plt

from lstm_helpers.cells import GATES
from lstm_helpers.drawing.style import COLOURS, LINES, label_log_axis


def lines_over_time(series, ylabel, *, xlabel="step t", first=1, ylim=None, log=False, dots=(), joined=True):
    """Draw one line a label over steps `first`, `first` + 1, …: `series` is {label: (T,)}; zeros have no place on a log axis.

    A signal of the cell, called "i", "f", "g", "o", "c" or "h", has the colour that it has in every drawing, and goes in steps;
    the "truth" is broad and grey. At the places in `dots`, counted from 0, stands a dot; without `joined` there is no line.

    Introduced in 02_vanilla_rnn.
    """
    _, ax = plt.subplots()
    for place, (label, values) in enumerate(series.items()):
        values = np.where(np.asarray(values) > 0, values, np.nan) if log else values
        look = {"color": COLOURS[label], "ls": LINES[label]} if label in (*GATES, "c", "h", "truth") else {}
        look |= {"lw": 5, "alpha": 0.6} if label == "truth" else {"drawstyle": "steps-mid"} if look else {}
        look |= {"marker": "ox"[place % 2], "markevery": list(dots)} if len(dots) else {}
        look |= {} if joined else {"ls": ""}
        ax.plot(np.arange(first, first + len(values)), values, label=label, **look)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if ylim:
        ax.set_ylim(*ylim)
    return _with_grid_and_legend(ax)


def six_signals(signals, *, first=1):
    """Draw the six signals of one unit over time, a panel each: `signals` is {"i": (T,), "f": …, "g", "o", "c", "h": …}.

    Introduced in 10_output_gate.
    """
    titles = {"i": "input gate i", "f": "forget gate f", "g": "candidate g", "o": "output gate o", "c": "cell state c",
              "h": "hidden state h"}
    fig, panels = plt.subplots(2, 3, figsize=(6.4, 3.6), sharex=True)
    for ax, (name, title) in zip(panels.flat, titles.items(), strict=True):
        values = np.asarray(signals[name])
        ax.plot(np.arange(first, first + len(values)), values, color=COLOURS[name], ls="-", drawstyle="steps-mid")
        ax.axhline(0, color=COLOURS["faded"], lw=0.8, ls="-", zorder=0)
        if name != "c":                                                     # the cell state alone has no bounds
            ax.set_ylim((-1.08, 1.08) if name in "gh" else (-0.04, 1.08))
        ax.set_title(title, color=COLOURS[name])
    for ax in panels[1]:
        ax.set_xlabel("step t")
    return fig


def learning_curves(losses, *, ylabel="loss", baseline=None, goal=None, smooth=1):
    """Draw losses {label: values per step} on a log axis, with the loss of a blind guess and the goal as lines.

    `smooth` : each point is the mean of so many steps.

    Introduced in 13_training.
    """
    _, ax = plt.subplots()
    for label, values in losses.items():
        values = np.asarray(values)[:len(values) // smooth * smooth].reshape(-1, smooth).mean(axis=1)
        ax.plot(smooth * (np.arange(len(values)) + 1), values, label=label)
    if baseline is not None:
        ax.axhline(baseline, color="#666666", ls=":", lw=1.5, label="blind guess")
    if goal is not None:
        ax.axhline(goal, color="#666666", ls="--", lw=1.5, label="solved")
    ax.set(yscale="log", xlabel="training step", ylabel=ylabel)
    return _with_grid_and_legend(ax)


def errors_against_step_size(sizes, errors):
    """Draw the error of finite differences against their step size, both axes logarithmic: `errors` is {label: (n,)}.

    Introduced in 03_backpropagation_through_time.
    """
    _, ax = plt.subplots()
    for label, values in errors.items():
        ax.plot(sizes, values, label=label)
    ax.set(xscale="log", yscale="log", xlabel="step size", ylabel="relative error")
    return _with_grid_and_legend(ax)


def accuracy_against_gap(gaps, accuracies, *, chance, ceiling=None):
    """Draw mean accuracy against the gap with the spread over seeds: `accuracies` is {label: (seeds, gaps)}, up to five.

    `ceiling` : the best that a bag of words can reach, a dashed line where given

    Introduced in 06_long_term_dependencies.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    places = np.arange(len(gaps))
    for (label, values), marker in zip(accuracies.items(), "os^Dv", strict=False):
        values = np.asarray(values)
        drawn, = ax.plot(places, values.mean(axis=0), marker=marker, label=label)
        ax.fill_between(places, values.min(axis=0), values.max(axis=0), color=drawn.get_color(), alpha=0.13, lw=0)
    if ceiling is not None:
        ax.axhline(ceiling, color="#666666", ls=(0, (8, 3)), lw=1.2, label="most that a bag can reach")
    ax.axhline(chance, color="#666666", ls=":", lw=1.2, label="chance")
    ax.set(xlabel="filler words between country and question", ylabel="held-out accuracy", ylim=(0, 1.03))
    ax.set_xticks(places, gaps)
    fig.legend(loc="outside upper center", ncols=3)
    return fig


def errors_against_horizon(horizons, errors):
    """Draw forecast errors against the horizon on a log axis: {label: one number a horizon, or (seeds,) numbers a horizon}.

    Introduced in 17_time_series.
    """
    _, ax = plt.subplots(figsize=(6.4, 3.2))
    looks = (("o", ":"), ("s", "--"), ("^", "-"), ("D", "-."), ("v", "--"), ("P", ":"))
    for (label, values), (marker, line) in zip(errors.items(), looks, strict=False):
        spread = [np.atleast_1d(value) for value in values]
        drawn, = ax.plot(horizons, [value.mean() for value in spread], ls=line, marker=marker, label=label)
        low, high = ([side(value) for value in spread] for side in (np.min, np.max))
        ax.vlines(horizons, low, high, color=drawn.get_color(), lw=9, alpha=0.4)
    ax.axhline(1, color="#666666", lw=1, ls="-", zorder=0)
    ax.set(yscale="log", xlabel="steps ahead", ylabel="error (NRMSE)")
    ax.set_xticks(horizons)
    return _with_grid_and_legend(ax)


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


def adding_example(x, answer):
    """Draw one sequence of the adding problem, x (T, 2): the numbers as stems, the marked ones filled.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(6.4, 2.4))
    numbers, marked = x[:, 0], x[:, 1] == 1
    steps = np.arange(1, len(x) + 1)
    ax.vlines(steps, 0, numbers, color=COLOURS["faded"], lw=1.5)
    ax.plot(steps[~marked], numbers[~marked], "o", color=COLOURS["faded"], ms=4, ls="none")
    ax.vlines(steps[marked], 0, numbers[marked], color=COLOURS["mark"], lw=3)
    ax.plot(steps[marked], numbers[marked], "o", color=COLOURS["mark"], ms=9, ls="none")
    for t in steps[marked]:
        ax.annotate(f"{numbers[t - 1]:.2f}", (t, numbers[t - 1]), (0, 8), textcoords="offset points",
                    ha="center", color=COLOURS["mark"], bbox={"fc": "white", "ec": "none", "pad": 1})
    ax.set(xlabel="step t", ylabel="number", ylim=(0, 1.25), title=f"the answer is the sum of the marked ones: {answer:.2f}")
    return fig


def predicted_against_true(true, predicted):
    """Draw predictions against what they should be; a perfect answer lies on the line.

    Introduced in 13_training.
    """
    fig, ax = plt.subplots(figsize=(3.6, 3.4))
    low, high = min(true.min(), predicted.min()), max(true.max(), predicted.max())
    ax.plot([low, high], [low, high], color="#666666", lw=1, ls="--")
    ax.plot(true, predicted, "o", ms=3, color=COLOURS["mark"], ls="none", alpha=0.6)
    ax.set(xlabel="true answer", ylabel="network's answer", aspect="equal")
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
        ax.text(found.max() + 0.1, row, f"{found.mean():.2f}", va="center")
    ax.set_yticks(range(len(values)), list(values))
    ax.set(xlabel="bits per character on text held out", ylim=(len(values) - 0.5, -0.5))
    ax.set_xlim(0, 1.08 * max(np.max(found) for found in values.values()))
    return fig


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


def success_by_initialisation(runs, limit):
    """Draw after how many steps each seed succeeded: `runs` is {panel: {initialisation: [step or None, …]}}, seeds in order.

    One row an initialisation, one dot a seed; a cross in the grey strip is a seed that had not succeeded by step `limit`. The
    number at the right is the share that had.

    Introduced in 14_initialisation.
    """
    rows = list(next(iter(runs.values())))
    fig, panels = plt.subplots(1, len(runs), figsize=(6.4, 1.1 + 0.42 * len(rows)), sharey=True, sharex=True, squeeze=False)
    for ax, (title, found) in zip(panels[0], runs.items(), strict=True):
        ax.axvspan(1.08 * limit, 1.32 * limit, color="#E4E4E4", lw=0, zorder=0)
        for row, steps in enumerate(found.values()):
            heights = row + np.linspace(-0.24, 0.24, len(steps))                # side by side, or equal steps would be one dot
            colour = COLOURS["RNN" if rows[row].endswith("RNN") else "LSTM"]
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

    One row a task, one mark a run; a run that never solved its task (infinity) stands in the column on the right. A task without
    a published number has no diamond. At most four models, the same for all tasks.

    Introduced in 15_classic_experiments.
    """
    fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.8 * len(ours)))
    every = np.array([number for runs in ours.values() for counts in runs.values() for number in counts] + [*published.values()])
    never, models = 3 * every[np.isfinite(every)].max(), list(next(iter(ours.values())))
    for row, (task, runs) in enumerate(ours.items()):
        if task in published:
            ax.scatter(published[task], row, marker="D", s=70, facecolor="none", edgecolor="#333333", label="published LSTM")
        for model, height, marker in zip(models, np.linspace(-0.32, 0.32, len(models)), "Xso^", strict=False):
            counts = np.asarray(runs[model], float)
            heights = row + height + np.linspace(-0.07, 0.07, len(counts))
            face = COLOURS["LSTM"] if marker == "^" else "white" if marker in "so" else COLOURS["RNN"]
            ax.scatter(np.where(np.isfinite(counts), counts, never), heights, marker=marker, s=26, color=face,
                       edgecolor="#333333", linewidth=0.8, label=model)
    ax.axvspan(0.6 * never, 2 * never, color="#EEEEEE", zorder=0)
    ax.text(never, -0.65, "never", ha="center", va="top")
    ax.set(xscale="log", xlabel="training sequences until solved", xlim=(0.6 * every.min(), 1.7 * never),
           ylim=(len(ours) - 0.5, -0.75))
    ax.set_yticks(range(len(ours)), list(ours))
    ax.hlines(np.arange(len(ours) - 1) + 0.5, 0.6 * every.min(), 1.7 * never, color="#DDDDDD", lw=0.8, zorder=0)
    fig.legend(**_each_label_once(ax), loc="outside upper center", ncols=3)
    return fig


def spread_over_seeds(runs, xlabel, *, one_scale=True):
    """Draw one number of each seed on a log axis: `runs` is {panel: {label: (seeds,)}}, a row a label, a dot a seed.

    The bar is the geometric mean of a row. The dotted line goes on from the bar of the first row, for comparison. Without
    `one_scale` each panel has an axis of its own.

    Introduced in 19_variants.
    """
    rows = list(next(iter(runs.values())))
    fig, panels = plt.subplots(1, len(runs), figsize=(6.4, 1.0 + 0.3 * len(rows)), sharey=True, sharex=one_scale, squeeze=False)
    for ax, (title, values) in zip(panels[0], runs.items(), strict=True):
        means = [np.exp(np.mean(np.log(values[label]))) for label in rows]
        ax.axvline(means[0], color="#333333", ls=":", lw=1)
        ax.plot(means, range(len(rows)), ls="none", marker="|", ms=14, mew=2.5, color=COLOURS["mark"])
        for row, label in enumerate(rows):
            ax.plot(values[label], np.full(len(values[label]), row), ls="none", marker="o", ms=5, color=COLOURS["c"], alpha=0.7)
        ax.set(xscale="log", xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5), title=title)
        ax.grid(axis="x")
        label_log_axis(ax)
    panels[0, 0].set_yticks(range(len(rows)), rows)
    return fig


def _with_grid_and_legend(ax):
    ax.grid(axis="y")
    ax.figure.legend(loc="outside right upper")
    return ax.figure


def _each_label_once(ax):
    handles = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    return {"handles": list(handles.values()), "labels": list(handles)}
