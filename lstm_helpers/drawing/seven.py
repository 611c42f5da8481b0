"""Who can do what: a table of models and tasks, the better the darker, with its spread, and columns for what each costs."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from lstm_helpers.drawing.style import COLOURS

KNOWN = LinearSegmentedColormap.from_list("known", ["white", COLOURS["o"]])
LEGIBLE = 0.9                   # from this shade on, white letters are the better ones to read


def who_can_do_what(scores, costs):
    """Draw a row a model and a column a task: the mean score, the least and the most of all seeds below it, and costs in words.

    scores : {task: {model: (seeds,)}}, 0 for who knows nothing, 1 for who knows all
    costs : {column: {model: words}}

    Introduced in 24_xlstm.
    """
    models = list(next(iter(scores.values())))
    fig, ax = plt.subplots(figsize=(1.5 + 0.95 * (len(scores) + len(costs)), 0.8 + 0.5 * len(models)))
    means = np.array([[np.mean(found[model]) for found in scores.values()] for model in models])         # (models, tasks)
    shades = np.pad(np.clip(means, 0, 1), ((0, 0), (0, len(costs))))
    ax.imshow(shades, cmap=KNOWN, vmin=0, vmax=1, aspect="auto", interpolation="none")
    for row, model in enumerate(models):
        for column, found in enumerate(scores.values()):
            colour = "white" if shades[row, column] > LEGIBLE else "#000000"
            low, high = (near_zero(end(found[model])) for end in (np.min, np.max))
            ax.text(column, row - 0.12, f"{near_zero(means[row, column]):.2f}", ha="center", va="center", color=colour, fontsize=11)
            ax.text(column, row + 0.27, f"{low:.2f} to {high:.2f}", ha="center", va="center", color=colour, fontsize=7)
        for column, words in enumerate(costs.values(), len(scores)):
            ax.text(column, row, words[model], ha="center", va="center", fontsize=9)
    ax.set_xticks(range(shades.shape[1]), [*scores, *costs])
    ax.set_yticks(range(len(models)), models)
    ax.tick_params(length=0, top=True, bottom=False, labeltop=True, labelbottom=False)
    ax.hlines(np.arange(1, len(models)) - 0.5, -0.5, shades.shape[1] - 0.5, color="white", lw=2)
    ax.axvline(len(scores) - 0.5, color="#333333", lw=1)
    return fig


def near_zero(number):
    """Return a number rounded to hundredths, without a sign where that is 0."""
    return round(float(number), 2) + 0.0
