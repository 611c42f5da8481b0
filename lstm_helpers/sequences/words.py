"""What the makers of sentences share: their words as rows, and the best that any model can do with what it sees."""

from collections import defaultdict
from functools import cache
from math import fsum

import numpy as np

from lstm_helpers.one_hot import one_hot


def encode(texts, symbols, dtype):
    """Turn texts into x (T, B, symbols) and mask (T, B), filled up to the longest text.

    A text is a list of words, or a string of letters. A symbol that is not among `symbols` is refused by name.
    """
    if isinstance(texts, str) or not len(texts):
        raise ValueError(f"texts is {texts!r:.60}; encode needs a list of texts, at least one")
    codes = np.zeros((max(map(len, texts)), len(texts)), int)
    mask = np.zeros(codes.shape)
    for column, text in enumerate(texts):
        codes[:len(text), column] = places(text, symbols)
        mask[:len(text), column] = 1
    return one_hot(codes, len(symbols), dtype) * mask[:, :, None].astype(dtype), mask


def places(text, symbols):
    """Return the places of a text's symbols among `symbols`, a list of integers."""
    place = _place(symbols)
    for symbol in text:
        if symbol not in place:
            known = repr(symbols) if isinstance(symbols, str) else ", ".join(symbols)
            raise ValueError(f"text holds {symbol!r}; encode needs symbols out of {known}")
    return [place[symbol] for symbol in text]


@cache
def _place(symbols):
    return {symbol: place for place, symbol in enumerate(symbols)}


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
