"""What the makers of sentences share: words as one-hot rows, and the best that any model can do with what it sees."""

from collections import defaultdict
from math import fsum

import numpy as np


def one_hot(sentences, words, dtype):
    """Turn lists of words into x (T, B, words) and mask (T, B), filled up to the longest sentence.

    Raises ValueError that names the first word which is not among `words`.
    """
    places = {word: place for place, word in enumerate(words)}
    x = np.zeros((max(map(len, sentences)), len(sentences), len(words)), dtype)
    mask = np.zeros(x.shape[:2])
    for column, sentence in enumerate(sentences):
        unknown = [word for word in sentence if word not in places]
        if unknown:
            raise ValueError(f"{' '.join(sentence)!r} holds {unknown[0]!r}; the words known are {', '.join(words)}")
        steps = np.arange(len(sentence))
        x[steps, column, [places[word] for word in sentence]] = 1
        mask[steps, column] = 1
    return x, mask


def best_accuracy(views, labels, weights):
    """Return the accuracy that no model passes which sees `views` alone.

    ceiling = sum over views of max over labels of P(view, label)

    Parameters
    ----------
    views : one hashable value per sentence, what the model sees of it
    labels : one per sentence
    weights : probability of each sentence; they sum to 1
    """
    probabilities = defaultdict(lambda: defaultdict(list))
    for view, label, weight in zip(views, labels, weights, strict=True):
        probabilities[view][label].append(weight)
    return fsum(max(map(fsum, by_label.values())) for by_label in probabilities.values())


def bag(sentence):
    """Return the words of a sentence without their order: a sorted tuple."""
    return tuple(sorted(sentence))


def require_part(part, parts):
    """Refuse a part that is none of `parts`."""
    if part not in parts:
        raise ValueError(f"part is {part!r}; needs one of {', '.join(map(repr, parts))}")
