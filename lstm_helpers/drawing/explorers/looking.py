"""Step through what is written, and watch where the network looks."""

import numpy as np
from matplotlib.figure import Figure

from lstm_helpers.drawing.alignments import named
from lstm_helpers.drawing.explorers.controls import choice, slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.style import COLOURS


def looking(respond, texts, *, k=6, length=10):
    """Choose a text and a letter of its answer; bars say where the network looked as it wrote it.

    Parameters
    ----------
    respond : a function of a text that returns (written, weights): `length` letters, and (length, T), a row a letter
    texts : which may be chosen; the first stands there at the start
    k : which letter of the answer the slider starts at, from 1
    length : letters of an answer

    Introduced in 22_attention.
    """
    room = max(map(len, texts))
    controls = {"text": choice("read", texts[0], list(texts)), "k": slider("letter written", k, 1, length, play=True)}
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    ax = figure.add_subplot(xlim=(-0.6, room - 0.4), ylim=(0, 1.35), xticks=(), yticks=(0, 0.5, 1), ylabel="weight")
    ax.spines["left"].set_bounds(0, 1)
    bars = ax.bar(range(room), 0, color=COLOURS["faded"], edgecolor="#333333", width=0.85)
    below = [ax.text(n, -0.1, "", ha="center", va="center", family="monospace", fontsize=12) for n in range(room)]
    above = [ax.text((room - length) / 2 + n, 1.2, "", ha="center", va="center", family="monospace", fontsize=14,
                     fontweight="bold") for n in range(length)]
    ax.text((room - length) / 2 - 1, 1.2, "written:", ha="right", va="center", fontsize=10)
    figure.supxlabel("read", fontsize=10)

    def update(text, k):
        written, weights = respond(text)
        row = require_row(weights, len(written), len(text))[k - 1]
        for n, (bar, letter) in enumerate(zip(bars, below, strict=True)):
            bar.set_height(row[n] if n < len(text) else 0)
            bar.set_facecolor(COLOURS["mark" if n == row.argmax() else "faded"])
            letter.set_text(named(text[n]) if n < len(text) else "")
        for n, letter in enumerate(above):
            letter.set_text(written[n])
            letter.set_color("#000000" if n == k - 1 else COLOURS["faded"])
        return describe(text, written, row, k)

    return Explorer("where it looks", controls, figure, [*bars, *below, *above], update)


def require_row(weights, letters, steps):
    """Return weights as an array, or refuse what is not a row for each letter."""
    weights = np.asarray(weights, float)
    if weights.shape != (letters, steps):
        raise ValueError(f"respond returned weights of shape {weights.shape}; looking needs ({letters}, {steps}), a row a letter")
    return weights


def describe(text, written, row, k):
    """Say which letter is written, and where most of its weight lies."""
    first, second = np.argsort(-row)[:2]
    word = next(word for word, start, stop in words(text) if start <= first <= stop)
    return (f'Letter {k} of {written}, "{written[k - 1]}": most weight, {row[first]:.2f}, on letter {first + 1} of the text, '
            f'"{named(text[first])}", in or after "{word}"; then {row[second]:.2f} on letter {second + 1}, '
            f'"{named(text[second])}".')


def words(text):
    """Yield (word, its first place, the place after its last) of a text."""
    start = 0
    for word in text.split(" "):
        yield word, start, start + len(word)
        start += len(word) + 1
