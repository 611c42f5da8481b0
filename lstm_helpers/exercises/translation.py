"""Exercises of 16_translation: own letters among right ones, how probable a whole answer is, the best answer beside greedy."""

import itertools

import numpy as np

from lstm_helpers.checking import Question

# q1: own letters among the right ones

def fed_letters(right, own, taken, letters):
    before = np.where(taken, own, right)[:-1]               # (L - 1, B)
    fed = np.zeros((*right.shape, letters))                 # (L, B, K)
    fed[1:] = np.eye(letters)[before]
    return fed


def answers(rng):
    yield "two letters, one answer", (np.array([[1], [0]]), np.array([[2], [1]]), np.array([[True], [False]]), 3)
    for length, batch, letters in ((4, 3, 5), (5, 2, 3)):
        right = rng.integers(0, letters, (length, batch))
        right[:2, 0] = 0, 1                                 # the first letter of all is a 0: then no start row may be one
        right[-2:, 0] = 1, 2
        own = (right + rng.integers(1, letters, right.shape)) % letters                             # always another letter
        taken = np.arange(length * batch).reshape(length, batch) % 2 == rng.integers(0, 2)
        taken[:2, 0] = False, True
        yield f"{length} letters, {batch} answers", (right, own, taken, letters)
    right = rng.integers(0, 4, (3, 2))
    yield "no own letter: teacher forcing", (right, (right + 1) % 4, np.zeros((3, 2), bool), 4)


def as_fed(rule):
    """Return an answer that feeds, one step late, what a rule makes of (right, own, taken)."""
    return lambda right, own, taken, letters: fed_letters(rule(right, own, taken), own, 0 * own == 1, letters)


def no_shift(right, own, taken, letters):
    return np.eye(letters)[np.where(taken, own, right)]


def taken_where_it_is_fed(right, own, taken, letters):
    fed = np.zeros((*right.shape, letters))
    fed[1:] = np.eye(letters)[np.where(taken[1:], own[:-1], right[:-1])]
    return fed


def letter_nought_first(right, own, taken, letters):
    fed = fed_letters(right, own, taken, letters)
    fed[0, :, 0] = 1
    return fed


def with_roll(right, own, taken, letters):
    return np.eye(letters)[np.roll(np.where(taken, own, right), 1, axis=0)]


def whole_columns(right, own, taken):
    return np.where(taken.any(axis=0), own, right)


q1 = Question(
    ask="Scheduled sampling (Bengio and others, 2015) lets a decoder meet its own errors in training. Write "
        "`fed_letters(right, own, taken, letters)`: `right` and `own` hold labels (L, B), `taken` is True where its own "
        "letter is taken in place of the right one. Return what is fed, (L, B, K) with K = letters: at each step a row with a "
        "single 1 for the letter before, own or right, and a row of zeros at the first step.",
    reference=fed_letters,
    cases=answers,
    points=2,
    mistakes={
        no_shift: "Here a step is fed the very letter that it has to write. Feed it the letter before.",
        as_fed(lambda right, own, taken: right): "That is plain teacher forcing: own letters are never taken.",
        as_fed(lambda right, own, taken: own): "That feeds own letters throughout. Where `taken` is False the right one is fed.",
        as_fed(lambda right, own, taken: np.where(taken, right, own)):
            "These are swapped: where `taken` is True, the decoder's own letter is fed.",
        as_fed(whole_columns): "An answer is not taken as a whole: `taken` decides letter by letter.",
        taken_where_it_is_fed:
            "`taken` belongs to the letter that is written, not to the step that it is fed to: shift it as well.",
        letter_nought_first: "The first row says that letter 0 was written before. No letter was: a row of zeros.",
        with_roll: "np.roll brings the last letter to the front. Before the first letter there is none: a row of zeros.",
        lambda right, own, taken, letters: fed_letters(right, own, taken, letters)[1:]:
            "The first step is missing: a row of zeros, for no letter has been written yet.",
        lambda right, own, taken, letters: fed_letters(right, own, taken, letters).transpose(1, 0, 2):
            "The axes are in another order. Time first: (L, B, K).",
    },
    hints=("First decide, letter by letter, which one counts as written: np.where(taken, own, right).",
           "That has one row too many for what is fed: nobody needs the last letter as input.",
           "Begin with np.zeros of the shape (L, B, K), and fill fed[1:]."),
)


# q2: how probable a whole answer is

def log_probability(scores, labels):
    scores = scores - scores.max(axis=2, keepdims=True)                                             # (L, B, K)
    logs = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
    return np.take_along_axis(logs, labels[:, :, None], axis=2)[:, :, 0].sum(axis=0)                # (B,)


def scores_and_labels(rng):
    yield "one letter of two", (np.array([[[0.0, np.log(3)]]]), np.array([[1]]))
    yield "scores of a thousand", (np.array([[[1000.0, 999]], [[0, 2]], [[0, 1000]]]), np.array([[0], [0], [1]]))
    for length, batch, letters in ((4, 3, 5), (3, 2, 6)):
        labels = rng.integers(0, letters, (length, batch))
        labels[0, 0], labels[1, 0] = 1, 2
        yield f"{length} letters, {batch} answers", (rng.normal(0, 2, (length, batch, letters)), labels)


def of_labels(scores, labels):
    return np.take_along_axis(scores, labels[:, :, None], axis=2)[:, :, 0]


def letter_logs(scores, labels):
    rest = np.log(np.exp(scores - scores.max(axis=2, keepdims=True)).sum(axis=2)) + scores.max(axis=2)
    return of_labels(scores, labels) - rest


def without_shift(scores, labels):
    with np.errstate(all="ignore"):
        p = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    return np.log(of_labels(p, labels)).sum(axis=0)


def of_the_likeliest(scores, labels):
    return letter_logs(scores, scores.argmax(axis=2)).sum(axis=0)


q2 = Question(
    ask="Write `log_probability(scores, labels)`: how probable does a network hold a whole answer? `scores` (L, B, K) "
        "are what it gives to each of K letters at L steps, fed with the letters `labels` (L, B). By softmax they become "
        "probabilities, and those of all letters of an answer are multiplied. Return the logarithm of the product, (B,). "
        "Scores may be as large as 1000.",
    reference=log_probability,
    cases=scores_and_labels,
    points=1,
    mistakes={
        lambda s, y: of_labels(s, y).sum(axis=0):
            "These are sums of scores. Softmax first: a probability depends on all K scores.",
        without_shift:
            "np.exp(1000) is too large for a float. Softmax doesn't change if the largest score is taken off all: do that first.",
        lambda s, y: np.exp(letter_logs(s, y).sum(axis=0)): "That is the probability. Its logarithm is asked for.",
        lambda s, y: -letter_logs(s, y).sum(axis=0): "A logarithm of a probability is at most 0. Here the sign is turned.",
        lambda s, y: letter_logs(s, y).mean(axis=0): "A product becomes a sum of logarithms, not their mean.",
        lambda s, y: -letter_logs(s, y).mean(axis=0): "That is an answer's cross-entropy, a mean: sum up, and leave the sign.",
        lambda s, y: letter_logs(s, y).sum(axis=1): "An answer is a column: sum over the letters, axis 0.",
        lambda s, y: letter_logs(s, y).sum(): "One number for each answer, please: sum over the letters only.",
        lambda s, y: letter_logs(s, y): "These are the letters' logarithms. Sum them up, for each answer.",
        lambda s, y: letter_logs(s, y).sum(axis=0) / np.log(2): "That is to base 2. Take the natural logarithm.",
        of_the_likeliest: "That is the answer of the likeliest letters. Look up the letters that `labels` names.",
        lambda s, y: letter_logs(s, y)[-1]: "That is the last letter alone. All letters of an answer count.",
    },
    hints=("log of a product = sum of logs. log softmax = the score, minus log of the sum of all exp(scores).",
           "Take the largest score of each step off first: scores - scores.max(axis=2, keepdims=True).",
           "np.take_along_axis(logs, labels[:, :, None], axis=2) picks the letters of `labels`."),
)


# q3: the best answer, where greedy writing misses it

def best_answer(first, after, length):
    best, paths = first, [[letter] for letter in range(len(first))]
    for _ in range(length - 1):
        sums = best[:, None] + after                        # (K, K): a path that ends in k, and then a letter more
        paths = [[*paths[before], letter] for letter, before in enumerate(sums.argmax(axis=0))]
        best = sums.max(axis=0)
    return np.array(paths[best.argmax()])


def toys(rng):
    yield "greedy misses it", (np.array([1.0, 0.9]), np.array([[0.0, -1.0], [5.0, 0.0]]), 2)        # the best pair begins with 1
    later = np.array([[-1.0, 2, 1], [-3, -3, -3], [9, 0, 1]])         # greedy from the best first letter misses it, too
    yield "and at the second letter", (np.array([0.0, -5, -5]), later, 3)
    yield "one letter only", (np.array([0.2, 0.5, 0.1]), np.ones((3, 3)), 1)
    for letters, length in ((3, 4), (4, 5)):
        order = rng.permutation(letters)
        after = rng.uniform(0, 1, (letters, letters))
        after[order, np.roll(order, -1)] += 6               # the best goes round this circle …
        first = rng.uniform(0, 0.5, letters)
        first[order[1]] += 1
        after[order[0], order[1]] -= 3
        after[order[1], order[0]] += 4                      # … but greedy begins where it is caught
        after[order[0], order[-1]] -= 2
        yield f"{letters} letters, {length} steps", (first, after, length)


def greedy(first, after, length):
    letters, scores = [], first
    for _ in range(length):
        letters.append(np.argmax(scores))
        scores = after[letters[-1]]                         # the row of the letter just written
    return np.array(letters)


def every_sum(first, after, length):
    every = np.array(list(itertools.product(range(len(first)), repeat=length)))     # (K**length, length)
    return every, first[every[:, 0]] + after[every[:, :-1], every[:, 1:]].sum(axis=1)


def worst_answer(first, after, length):
    every, sums = every_sum(first, after, length)
    return every[sums.argmin()]


def without_first(first, after, length):
    return best_answer(0 * first, after, length)


def best_last_step(first, after, length):
    every, _ = every_sum(first, after, length)
    last = first[every[:, 0]] if length == 1 else after[every[:, -2], every[:, -1]]
    return every[last.argmax()]


q3 = Question(
    ask="Greedy writing never takes a letter back. A toy decoder without a state: `first` (K,) scores the first letter, "
        "and after letter k the scores are the row `after[k]` of a table (K, K). Write `best_answer(first, after, "
        "length)`: of all answers of so many letters, return the one whose scores have the highest *sum*, as places, an "
        "array of whole numbers (length,). No two answers have the same sum.",
    reference=best_answer,
    cases=toys,
    points=2,
    mistakes={
        greedy: "That is greedy: each letter the likeliest after the one before. A poorer letter now may lead to better ones.",
        worst_answer: "That is the lowest sum.",
        lambda first, after, length: best_answer(first, after.T, length):
            "The scores after letter k are the row after[k], not the column.",
        without_first: "The scores of the first letter are left out of the sum.",
        best_last_step: "That looks at the score of the last letter alone. All of them are added.",
        lambda first, after, length: best_answer(first, after, length + 1):
            "That is one letter too many: `length` counts the first.",
        lambda first, after, length: every_sum(first, after, length)[1].max():
            "That is the highest sum. The answer that has it is asked for.",
    },
    hints=("For small K and length you may try them all: itertools.product(range(K), repeat=length).",
           "Quicker: of all answers that end in letter k, only the best can be part of the best whole. Keep K of them.",
           "One step: sums = best[:, None] + after, and for each letter the path of sums.argmax(axis=0), one letter longer."),
)
