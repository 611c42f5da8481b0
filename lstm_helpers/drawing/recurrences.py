"""What joining steps costs and what it saves: times against the length of a sequence."""

from matplotlib import pyplot as plt

from lstm_helpers.drawing.style import COLOURS

LOOKS = {"loop": ("o", COLOURS["RNN"], "--"), "doubling": ("s", COLOURS["mark"], "-"), "chunks": ("^", "#7F7F2A", "-."),
         "LSTM": ("D", COLOURS["LSTM"], ":")}


def times_against_length(lengths, panels):
    """Draw seconds against the length T, both axes logarithmic: `panels` is {panel: {label: (lengths,)}}; NaN leaves a gap.

    Introduced in 23_linear_recurrences.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(6.4, 3.2), sharex=True, sharey=True, squeeze=False)
    for ax, (title, times) in zip(axes[0], panels.items(), strict=True):
        for label, seconds in times.items():
            marker, colour, line = LOOKS[label]
            ax.plot(lengths, seconds, marker=marker, ls=line, color=colour, ms=5, label=label)
        ax.set(xscale="log", yscale="log", xlabel="steps T")
        ax.set_title(title, fontsize=10)
        ax.grid()
    axes[0, 0].set_ylabel("seconds")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return fig
