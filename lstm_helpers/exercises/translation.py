"""Exercises of 16_translation: what the decoder is fed, the share of exact answers, greedy decoding."""

import itertools

import numpy as np

from lstm_helpers.checking import Question

# q1: what the decoder is fed


def fed_letters(labels, letters):
    fed = np.zeros((*labels.shape, letters))        # (L, B, K)
    fed[1:] = np.eye(letters)[labels[:-1]]
    return fed


def answers(rng):
    yield "two letters, one answer", (np.array([[1], [0]]), 2)
    for length, batch, letters in ((4, 3, 5), (5, 2, 3)):
        labels = rng.integers(0, letters, (length, batch))
        labels[:2, 0] = 0, 1                        # the first letter of all is a 0: then no start row may be one
        labels[-2:, 0] = 1, 2
        yield f"{length} letters, {batch} answers", (labels, letters)


def looks_ahead(labels, letters):
    fed = np.zeros((*labels.shape, letters))
    fed[:-1] = np.eye(letters)[labels[1:]]
    return fed


def starts_with_the_last_letter(labels, letters):
    fed = fed_letters(labels, letters)
    fed[0, :, -1] = 1
    return fed


def shifted_along_the_batch(labels, letters):
    fed = np.zeros((*labels.shape, letters))
    fed[:, 1:] = np.eye(letters)[labels[:, :-1]]
    return fed


def two_late(labels, letters):
    fed = np.zeros((*labels.shape, letters))
    fed[2:] = np.eye(letters)[labels[:-2]]
    return fed


q1 = Question(
    ask="Write `fed_letters(labels, letters)`: what the decoder is fed in training when it is to write labels (L, B), places of "
        "letters from 0 on. Return (L, B, K) with K = letters: a row with a single 1 for the right letter before, and a row of "
        "zeros at the first step.",
    reference=fed_letters,
    cases=answers,
    points=2,
    mistakes={
        lambda labels, letters: np.eye(letters)[labels]:
            "Here the decoder is fed the very letter that it has to write: it would only learn to copy. Feed it the letter "
            "before.",
        lambda labels, letters: np.concatenate([np.zeros((1, labels.shape[1], letters)), np.eye(letters)[labels]]):
            "That is one step too long. The last letter is written, but nobody needs it as input any more.",
        lambda labels, letters: np.eye(letters)[labels[:-1]]:
            "The first step is missing: a row of zeros, for no letter has been written yet.",
        lambda labels, letters: np.eye(letters)[np.concatenate([np.zeros_like(labels[:1]), labels[:-1]])]:
            "The first row says that letter 0 was written before. No letter was: a row of zeros.",
        starts_with_the_last_letter: "The first row says that the last letter was written before. No letter was: a row of zeros.",
        shifted_along_the_batch: "That is shifted from answer to answer. Shift along the letters, which are the first axis.",
        two_late: "That is one step too late: a step is fed the letter just before, not the one before that.",
        lambda labels, letters: np.eye(letters)[np.roll(labels, 1, axis=0)]:
            "np.roll brings the last letter to the front. Before the first letter there is none: a row of zeros.",
        looks_ahead: "That is shifted the wrong way: the decoder sees the letter that comes next.",
        lambda labels, letters: fed_letters(labels, letters).transpose(1, 0, 2):
            "The axes are in another order. Time first: (L, B, K).",
    },
    hints=("Which letter is known when the k-th is to be written?", "Begin with np.zeros of the shape (L, B, K).",
           "fed[1:] = np.eye(letters)[labels[:-1]]"),
)


# q2: the share of exact answers

def share_exact(written, right):
    return np.mean(np.all(written == right, axis=0))


def written_and_right(rng):
    yield "two letters, two answers", (np.array([[1, 2], [3, 3]]), np.array([[1, 2], [3, 0]]))
    for length, batch in ((4, 8), (6, 10)):
        right = rng.integers(0, 5, (length, batch))
        right[:2, 5] = 0, 1
        written = right.copy()
        written[:2, 5] = 1, 0                       # wrong, and of the same sum
        written[0, 6:8] = right[0, 6:8] + 1         # the first letter alone
        written[0, 0], written[-1, :3], written[1, 4] = right[0, 0] + 1, right[-1, :3] + 1, right[1, 4] + 1
        yield f"{length} letters, {batch} answers", (written, right)


q2 = Question(
    ask="Write `share_exact(written, right)`: the share of answers in which every letter is right. Both arrays hold labels "
        "(L, B), one answer in each column.",
    reference=share_exact,
    cases=written_and_right,
    mistakes={
        lambda w, r: np.mean(w == r): "That is the share of right *letters*. One wrong letter makes a wrong date.",
        lambda w, r: np.mean(np.all(w == r, axis=1)): "An answer is a column: all(axis=0) goes down the letters of each.",
        lambda w, r: np.mean(np.any(w == r, axis=0)): "One right letter is not enough: all of them, not any.",
        lambda w, r: np.sum(np.all(w == r, axis=0)): "That is how many there are. Their share is asked for.",
        lambda w, r: np.mean(np.any(w != r, axis=0)): "That is the share of wrong answers.",
        lambda w, r: np.mean(w[-1] == r[-1]): "That looks at the last letter alone.",
        lambda w, r: np.mean(np.all(w[1:] == r[1:], axis=0)): "The first letter counts too.",
        lambda w, r: np.mean(w.sum(axis=0) == r.sum(axis=0)): "Sums may agree where letters do not. Compare letter by letter.",
        lambda w, r: np.mean(np.all(w == r, axis=0)) * 100: "Give a share from 0 to 1, not per cent.",
    },
    hints=("Compare the arrays: where are they equal?", "A column is an answer. When is a whole column right?",
           "np.all(written == right, axis=0) tells it for every answer."),
)


# q3: greedy decoding

def greedy(first, after, length):
    letters, scores = [], first
    for _ in range(length):
        letters.append(np.argmax(scores))
        scores = after[letters[-1]]                 # the row of the letter just written
    return np.array(letters)


def toys(rng):
    yield "two letters", (np.array([0.0, 1.0]), np.array([[0.0, 2.0], [1.0, -1.0]]), 3)
    yield "one letter twice", (np.array([1.0, 0.9]), np.array([[0.0, -1.0], [5.0, 0.0]]), 2)     # the best pair begins with 1
    for letters, length in ((4, 6), (5, 4)):
        order = rng.permutation(letters)            # the likeliest follows this circle
        after = rng.uniform(0, 1, (letters, letters))
        after[order, np.roll(order, -1)] += 3
        after[np.roll(order, -1), order] -= 3
        first = rng.uniform(0, 1, letters)
        first[order[1]] += 2
        yield f"{letters} letters, {length} steps", (first, after, length)


def always_after_the_first(first, after, length):
    start = np.argmax(first)
    return np.array([start] + [np.argmax(after[start])] * (length - 1))


def best_as_a_whole(first, after, length):
    every = np.array(list(itertools.product(range(len(first)), repeat=length)))     # (K**length, length)
    return every[np.argmax(first[every[:, 0]] + after[every[:, :-1], every[:, 1:]].sum(axis=1))]


def sums_of_scores(first, after, length):
    letters, scores = [], first
    for _ in range(length):
        letters.append(np.argmax(scores))
        scores = scores + after[letters[-1]]
    return np.array(letters)


q3 = Question(
    ask="A toy decoder without a state: `first` (K,) scores the first letter, and after letter k the scores are the row "
        "`after[k]` of a table (K, K). Write `greedy(first, after, length)`: write so many letters, each the likeliest after the "
        "one before it, and return their places, an array of whole numbers (length,).",
    reference=greedy,
    cases=toys,
    points=2,
    mistakes={
        lambda first, after, length: np.full(length, np.argmax(first)):
            "Every letter comes from `first`. Feed the letter just written back: its row of `after` scores the next.",
        lambda first, after, length: greedy(first, after.T, length):
            "The scores after letter k are the row after[k], not the column.",
        lambda first, after, length: greedy(-first, -after, length):
            "That takes the smallest score. The likeliest letter has the largest.",
        lambda first, after, length: greedy(first, after, length + 1)[1:]:
            "The first letter is missing: it is written too, from `first`.",
        lambda first, after, length: greedy(first, after, length + 1):
            "That is one letter too many: `length` counts the first one.",
        lambda first, after, length: greedy(first, after, length - 1):
            "That is one letter too few: `length` counts the first one, and `length` - 1 follow.",
        always_after_the_first: "From the third letter on the row is that of the *first* letter. Take that of the last one "
                                "written.",
        lambda first, after, length: greedy(first, after, length)[::-1]: "The letters are right, but in reverse order.",
        best_as_a_whole: "That is the best sequence as a whole. Greedy takes the best letter now and never looks ahead.",
        sums_of_scores: "The scores are added up over the steps. A step uses one row alone.",
    },
    hints=("Which scores decide on the first letter? Which on the one after it?",
           "In a loop: take np.argmax of the scores, note it, and take the row of that letter as the next scores.",
           "scores = after[letters[-1]]"),
)
