"""Words between a clue and the word that depends on it."""

from lstm_helpers.drawing.explorers.bars import bars
from lstm_helpers.drawing.explorers.base import slider


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
