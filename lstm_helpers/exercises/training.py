"""Exercises of 13_training: an error with a mask, what a blind guess is worth, early stopping."""

import numpy as np

from lstm_helpers.checking import Question

# q1: an error with a mask


def masked_error(prediction, target, mask):
    squares = (prediction - target) ** 2 * mask         # (T, B), 0 where there is only padding
    return squares.sum() / mask.sum()


def padded(rng):
    one_shorter = np.array([[1, 1], [1, 0]])
    yield "two steps and one", (np.array([[0.5, 1.0], [2.0, 9.0]]), np.array([[1.0, 3.0], [1.0, 2.0]]), one_shorter)
    for label, T, lengths in (("three sequences", 6, (6, 4, 1)), ("four sequences", 5, (5, 5, 2, 3))):
        mask = (np.arange(T)[:, None] < np.array(lengths)).astype(int)        # as an index it picks rows, and raises nothing
        yield label, (rng.standard_normal((T, len(lengths))), rng.standard_normal((T, len(lengths))), mask)


def squares_of(prediction, target, mask):
    """Return the squared errors (T, B) where the mask is 1, else 0."""
    return (prediction - target) ** 2 * mask


q1 = Question(
    ask="Write `masked_error(prediction, target, mask)`: all three are (T, B), the mask is 1 where a sequence has a step and 0 "
        "where there is padding. Return the mean squared error over the real steps alone.",
    reference=masked_error,
    cases=padded,
    points=2,
    mistakes={
        lambda p, y, m: np.mean((p - y) ** 2): "The padding counts here. Multiply the squares by the mask before adding them up.",
        lambda p, y, m: squares_of(p, y, m).mean(): "The padding is 0 now, but it is still counted: divide by the number of real "
                                                    "steps, not by T·B.",
        lambda p, y, m: squares_of(p, y, m).sum(): "That is the sum. Divide it by the number of real steps.",
        lambda p, y, m: squares_of(p, y, m).sum() / p.shape[1]: "This divides by the number of sequences. Each real step is to "
                                                               "count once: divide by the number of real steps.",
        lambda p, y, m: np.mean(squares_of(p, y, m).sum(axis=0) / m.sum(axis=0)):
            "This is the mean of the sequences' means: a step of a short sequence counts more than one of a long one. Add up all "
            "squares first, then divide once.",
        lambda p, y, m: np.mean(squares_of(p, y, m).sum(axis=1) / m.sum(axis=1)):
            "This is the mean of the time steps' means. Add up all squares first, then divide once.",
        lambda p, y, m: np.sum((p - y) ** 2) / m.sum(): "The number of steps is right, but the padding's errors are still in the "
                                                        "sum. Multiply the squares by the mask.",
        lambda p, y, m: np.mean((p - y)[m.astype(int)] ** 2): "Whole numbers as an index pick rows 0 and 1. A condition picks "
                                                              "the real steps: mask == 1.",
        lambda p, y, m: np.sum((p * m - y) ** 2) / m.sum(): "The mask is on the prediction alone, so the targets of the padding "
                                                            "count as errors. Multiply the squares by it.",
        lambda p, y, m: masked_error(p, y, m) / 2: "Half of it: the mean of the squares is asked for, without a half in front.",
        lambda p, y, m: np.abs((p - y) * m).sum() / m.sum(): "These are absolute errors. Square them.",
        lambda p, y, m: np.sqrt(masked_error(p, y, m)): "Leave the root out: the mean of the squares is asked for.",
        lambda p, y, m: squares_of(p, y, 1 - m).sum() / m.sum(): "Upside down: the mask is 1 where a step counts.",
    },
    hints=("Padding must neither add to the sum nor be counted.", "Which array, added up, is the number of real steps?",
           "((prediction - target) ** 2 * mask).sum() / mask.sum()"),
)


# q2: what a blind guess is worth

def blind():
    return 2 / 3                                        # twice the variance of a number from U(-1, 1), 1/3


q2 = Question(
    ask="Suppose the numbers came from U(-1, 1), as in 1997, and the answer were still their sum. What would the best constant "
        "answer cost in mean squared error? Give three digits.",
    reference=blind,
    tolerance=0.001,
    mistakes={
        1 / 6: "That belongs to numbers from U(0, 1). An interval twice as long has how many times the variance?",
        1 / 3: "That is the variance of one number. The answer is a sum of two.",
        4 / 3: "Twice too much: the variance of one number from U(-1, 1) is 1/3, and two of them are added.",
        1 / 12: "That is the variance of one number from U(0, 1).",
        2 / 3 + 1: "A constant of 1 would cost that. What is the mean of a sum of two numbers from U(-1, 1)?",
        0.67: "Nearly. Give three digits.",
        1 / 24: "That is for the paper of 1997, which also shrinks the sum to a quarter. Here the answer is the sum itself.",
        0.0: "0 is the best constant. What does it cost?",
        lambda: np.sqrt(2 / 3): "That is the root of it. The mean of the squares is asked for.",
    },
    hints=("The best constant is the mean, and its error is the variance.", "The variance of U(a, b) is (b - a)² / 12.",
           "Two independent numbers: their variances add up."),
)


# q3: early stopping with patience

def early_stop(validation, patience):
    best = 0
    for look, loss in enumerate(validation):
        if loss < validation[best]:
            best = look
        if look - best == patience:
            return best, look
    return best, len(validation) - 1


def looks(rng):
    yield "better after the end", (np.array([5.0, 3.0, 4.0, 1.0]), 1)
    yield "stops at look 5", (np.array([5.0, 3.0, 4.0, 2.5, 2.7, 2.6, 1.0]), 2)
    yield "a small rise, then better", (np.array([4.0, 4.5, 3.0, 3.5, 3.2, 3.4, 1.0]), 3)
    yield "a tie is not better", (np.array([3.0, 2.0, 2.0, 2.0, 1.0]), 2)
    yield "falls to the end", (np.array([3.0, 2.0, 1.5, 1.2]), 2)
    yield "slow steps down above the best", (np.array([4.0, 1.0, 3.0, 2.9, 2.8, 2.7, 0.5]), 3)
    yield "never better than the first", (np.array([1.0, 2.0, 1.5, 1.2, 3.0, 1.1]), 4)
    for label, patience in (("fifty looks, patience 5", 5), ("fifty looks, patience 8", 8)):
        falling = np.linspace(3.0, 1.0, 20) + 0.3 * rng.random(20)
        yield label, (np.concatenate([falling, np.linspace(1.4, 2.5, 30) + 0.3 * rng.random(30)]), patience)


def stopped(bad, keep=min):
    """Return the early_stop of someone who counts bad looks by their own rule, bad(validation, best, look, so far)."""
    def answer(validation, patience):
        best = count = 0
        for look in range(1, len(validation)):
            count = bad(validation, best, look, count)
            best = keep((best, look), key=lambda place: validation[place])
            if count == patience:
                return best, look
        return best, len(validation) - 1
    return answer


def then(change):
    """Return the early_stop of someone who finds the two looks, and hands back change(validation, best, end)."""
    return lambda validation, patience: change(validation, *early_stop(validation, patience))


q3 = Question(
    ask="Write `early_stop(validation, patience)`: `validation` holds the validation loss of each look, counted from 0. Training "
        "ends at the first look at which the lowest loss so far is `patience` looks old, or else at the last look. Return "
        "(the look whose weights are kept, the look at which training ends).",
    reference=early_stop,
    cases=looks,
    names=("kept", "end"),
    points=2,
    mistakes={
        lambda validation, patience: (int(np.argmin(validation)), len(validation) - 1):
            "This looks into the future: training that has stopped never sees the looks after it.",
        lambda validation, patience: (best := int(np.argmin(validation)), min(best + patience, len(validation) - 1)):
            "The lowest of all looks may come after the end: go look by look, and stop at the first that is old enough.",
        then(lambda validation, best, end: (end, end)): "These are the weights at the end. The best look's are kept.",
        then(lambda validation, best, end: (end, best)): "The two are exchanged: first the look that is kept.",
        then(lambda validation, best, end: (validation[best], end)): "That is the loss. Return which look it was.",
        then(lambda validation, best, end: (best + 1, end + 1)): "Looks are counted from 0 here.",
        lambda validation, patience: early_stop(validation, patience + 1):
            "One look too late: it ends when the best is `patience` looks old, not older.",
        stopped(lambda v, best, look, n: 0 if v[look] < v[look - 1] else n + 1):
            "This compares with the look before. A loss may fall a little and still be above the best: compare with the lowest.",
        stopped(lambda v, best, look, n: n if v[look] < v[best] else n + 1):
            "The count goes on after a new best look. With each new best it begins at 0.",
        stopped(lambda v, best, look, n: 0 if v[look] <= v[best] else n + 1):
            "A tie counts as better here. Only a lower loss is better.",
    },
    hints=("Go through the looks one by one, and remember which was the best so far.",
           "How old is it? The present look less the best one.",
           "Return (best, look) as soon as look - best is patience, and (best, len(validation) - 1) after the loop."),
)
