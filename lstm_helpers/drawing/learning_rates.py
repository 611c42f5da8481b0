"""The whole table of an experiment: what each model reaches at each learning rate, a dot a seed."""

import numpy as np
from matplotlib import pyplot as plt

from lstm_helpers.drawing.style import COLOURS


def accuracy_by_rate(accuracies, rates, *, chance=None, ceilings=None):
    """Draw {model: (rates, seeds)}: a panel a model, a column a learning rate, a dot a seed, a bar for their mean.

    `ceilings` : {model: the best that what it sees allows}, a dashed line where given

    Introduced in 01_order_matters.
    """
    fig, panels = plt.subplots(1, len(accuracies), figsize=(6.4, 3.0), sharex=True, sharey=True, squeeze=False)
    for ax, (model, values) in zip(panels[0], accuracies.items(), strict=True):
        _panel(ax, values, rates, chance, (ceilings or {}).get(model))
        ax.set_title(model, fontsize=10)
    panels[0, 0].set(ylabel="accuracy")
    return _labelled(fig)


def accuracy_by_rate_and_gap(tables, rates, *, chance):
    """Draw {row: {model: (rates, seeds)}}: a row of panels a gap, in each what `accuracy_by_rate` draws.

    Introduced in 06_long_term_dependencies.
    """
    models = list(next(iter(tables.values())))
    fig, panels = plt.subplots(len(tables), len(models), figsize=(6.4, 0.9 + 1.35 * len(tables)), sharex=True, sharey=True,
                               squeeze=False)
    for axes, (row, accuracies) in zip(panels, tables.items(), strict=True):
        for ax, model in zip(axes, models, strict=True):
            _panel(ax, accuracies[model], rates, chance, None)
            ax.tick_params(axis="x", labelsize=7.5)
        axes[0].set_ylabel(row, fontsize=10)
    for ax, model in zip(panels[0], models, strict=True):
        ax.set_title(model, fontsize=10)
    return _labelled(fig)


def _panel(ax, values, rates, chance, ceiling):
    values, places = np.asarray(values), np.arange(len(rates))
    spread = places[:, None] + np.linspace(-0.25, 0.25, values.shape[1])               # side by side: each is seen
    ax.plot(spread.ravel(), values.ravel(), ls="none", marker="o", ms=4.5, color=COLOURS["RNN"], mec="#333333", mew=0.6)
    ax.hlines(values.mean(axis=1), places - 0.36, places + 0.36, color=COLOURS["mark"], lw=2)
    if chance is not None:
        ax.axhline(chance, color="#666666", ls=":", lw=1.5, zorder=0, label="chance")
    if ceiling is not None:
        ax.axhline(ceiling, color="#333333", ls="--", lw=1.5, zorder=0, label="ceiling")
    ax.set_xticks(places, [f"{rate:g}".lstrip("0") for rate in rates], fontsize=9)
    ax.set(ylim=(0, 1.05), xlim=(-0.6, len(rates) - 0.4))


def _labelled(fig):
    """Name the axis below, and in a legend each line once."""
    fig.supxlabel("learning rate", fontsize=11)
    handles = {label: handle for ax in fig.axes for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    if handles:
        fig.legend(handles.values(), handles.keys(), loc="outside upper right", ncols=2)
    return fig
