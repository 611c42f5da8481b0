"""What joining steps saves and what it costs, against the length of a sequence."""

from matplotlib import pyplot as plt

from lstm_helpers.drawing.style import COLOURS

LOOKS = {"loop": ("o", COLOURS["RNN"], "--"), "doubling": ("s", COLOURS["mark"], "-"), "chunks": ("^", "#7F7F2A", "-."),
         "LSTM": ("D", COLOURS["LSTM"], ":")}


def costs_against_length(lengths, panels, ylabel="seconds"):
    """Draw time or memory against the length T, both axes logarithmic: `panels` is {panel: {label: (lengths,)}}; NaN is left out.

    Introduced in 23_linear_recurrences.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(6.4, 3.2), sharex=True, sharey=True, squeeze=False)
    for ax, (title, costs) in zip(axes[0], panels.items(), strict=True):
        for label, values in costs.items():
            marker, colour, line = LOOKS[label]
            ax.plot(lengths, values, marker=marker, ls=line, color=colour, ms=5, label=label)
        ax.set(xscale="log", yscale="log", xlabel="steps T")
        ax.set_title(title, fontsize=10)
        ax.grid()
    axes[0, 0].set_ylabel(ylabel)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return fig
