"""What a model makes of a sentence: its words in another order, and words put between a clue and what depends on it."""

import html

from lstm_helpers.drawing.explorers.bars import bars
from lstm_helpers.drawing.explorers.controls import slider

_ROW = '<div style="display: flex; flex-wrap: wrap; gap: 0.5em; line-height: 1.4; margin: 0.3em 0">{}</div>'
_WORD = '<span style="border: {border}; border-radius: 4px; padding: 0.1em 0.5em; text-align: center">{word}<br>{place}</span>'


def reorder_words(scores, words):
    """Swap two words of a sentence, as often as you like, and watch what each model makes of it.

    Parameters
    ----------
    scores : a function of the list of words that returns {model: probability that the sentence is positive}
    words : a sentence, or the list of its words

    Introduced in 01_order_matters.
    """
    first = words.split() if isinstance(words, str) else list(words)
    kept, row = list(first), {}
    controls = {"one": slider("swap word", 1, 1, len(first)), "other": slider("with word", 1, 1, len(first))}

    def respond(one, other):
        return {"": list(scores(swapped(kept, one, other)).values())}

    def describe(numbers, one, other):
        row["html"] = as_row(swapped(kept, one, other), {one, other} if one != other else ())
        said = "; ".join(f"{model}: {p:.2f}" for model, p in zip(names, numbers[""], strict=True))
        return f"“{' '.join(swapped(kept, one, other))}” is positive with probability … {said}."

    def go_on():
        kept[:] = swapped(kept, *(control.value for control in controls.values()))
        explorer.set_controls((1, 1))

    names = list(scores(first))
    explorer = bars(respond, controls, describe, name="order of words", labels=names, line=0.5,
                    extra=lambda: row["html"], buttons={"Keep this order": go_on},
                    before_reset=lambda: kept.__setitem__(slice(None), first))
    return explorer


def gap(probabilities, languages, truth, *, k=5, largest=80, step=1):
    """Move the number of words between country and language, and watch what each model takes the missing word to be.

    Parameters
    ----------
    probabilities : a function of k that returns {model: (K,)}, a probability for each language
    languages : their names, K of them
    truth : the name of the right one
    k : where the slider starts
    largest, step : how far it goes, and in which steps

    Introduced in 06_long_term_dependencies.
    """
    right = list(languages).index(truth)

    def describe(numbers, k):
        said = "; ".join(f"{model}: {row[right]:.2f}" for model, row in numbers.items())
        return f"{k} words in between. Probability of {truth}, the right answer … {said}."

    return bars(probabilities, {"k": slider("words in between, k", k, 0, largest, step)}, describe, name="gap",
                labels=list(languages), truth=truth, line=1 / len(languages))


def swapped(words, one, other):
    """Return a copy of the words in which those at places `one` and `other`, counted from 1, have changed places."""
    words = list(words)
    words[one - 1], words[other - 1] = words[other - 1], words[one - 1]
    return words


def as_row(words, moved):
    """Return the words as a row of boxes with their places below, the moved ones in a thick frame."""
    boxes = [_WORD.format(border=f"{3 if place in moved else 1}px solid", word=html.escape(word), place=place)
             for place, word in enumerate(words, start=1)]
    return _ROW.format("".join(boxes))
