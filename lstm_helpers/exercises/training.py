"""Exercises of 13_training: an error with a mask, what a blind guess is worth, when a run has solved its task."""

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
        mask = (np.arange(T)[:, None] < np.array(lengths)).astype(float)
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


# q3: when a run has solved its task

def solved_at(losses, goal, window):
    for step in range(window, len(losses) + 1):
        if np.mean(losses[step - window:step]) < goal:
            return step
    return 0


def runs(rng):
    yield "a lucky batch at step 2", (np.array([5.0, 0.1, 3.0, 0.8]), 2.0, 2)
    yield "at the very last step", (np.array([3.0, 3.0, 1.0, 0.5]), 1.0, 2)
    yield "equal to the goal is not below it", (np.array([4.0, 2.0, 0.0, 1.0, 0.0, 3.0]), 1.0, 2)
    yield "one high loss, then low ones", (np.array([3.0, 0.1, 0.1, 0.1, 0.1]), 1.0, 2)
    yield "never", (np.array([3.0, 0.5, 3.0, 0.5]), 1.0, 2)
    yield "a low start", (np.array([1.5, 0.7, 0.7, 5, 5, *rng.uniform(0.7, 0.9, 9)]), 1.0, 5)
    for label, window in (("means of 5", 5), ("means of 8", 8)):
        losses = np.exp(np.linspace(1.0, -2.0, 60)) * rng.uniform(0.4, 1.6, 60)
        losses[3] = 0.01                                # luck, long before
        yield label, (losses, 0.5, window)


def later(steps):
    """Return the solved_at of someone who is so many steps off, unless the goal is never reached."""
    def off(losses, goal, window):
        found = solved_at(losses, goal, window)
        return found and max(found + steps(window), 0)
    return off


def first_step(reached, begin=lambda window: window):
    """Return the solved_at of someone who takes the first step k, from `begin` on, with reached(losses, goal, window, k)."""
    def answer(losses, goal, window):
        return next((k for k in range(begin(window), len(losses) + 1) if reached(losses, goal, window, k)), 0)
    return answer


q3 = Question(
    ask="Write `solved_at(losses, goal, window)`: `losses` holds the loss of each batch. After how many steps is the mean of the "
        "last `window` losses below `goal` for the first time? Return 0 if it never is. (Before step `window` there is no such "
        "mean.)",
    reference=solved_at,
    cases=runs,
    points=2,
    mistakes={
        first_step(lambda losses, goal, window, k: losses[k - 1] < goal, begin=lambda window: 1):
            "A single batch can be lucky. Take the mean of the last `window` losses.",
        later(lambda window: -1): "One too few: after the first step, one step has been taken.",
        later(lambda window: -window): "That is where the window begins. Asked is the step at which it ends.",
        later(lambda window: 1): "One too many: at this step the mean was below the goal already one step before.",
        first_step(lambda losses, goal, window, k: np.mean(losses[max(0, k - window):k]) < goal, begin=lambda window: 1):
            "Before step `window` the mean is of fewer losses: begin at step `window`.",
        first_step(lambda losses, goal, window, k: np.mean(losses[:k]) < goal):
            "This takes the mean of all losses so far: the old, high ones weigh on it for ever. Only the last `window` count.",
        lambda losses, goal, window: window * (np.mean(losses[:window]) < goal):
            "This gives up after the first mean. Return 0 only after the loop.",
        first_step(lambda losses, goal, window, k: np.sum(losses[k - window:k]) < goal):
            "This is the sum of the window. Divide it by `window`.",
        first_step(lambda losses, goal, window, k: np.mean(losses[k - window:k]) <= goal):
            "Equal to the goal is not yet below it.",
        lambda losses, goal, window: solved_at(losses[:-1], goal, window):
            "The last step is left out: the window may end with the last loss. range(window, len(losses) + 1).",
        first_step(lambda losses, goal, window, k: np.all(losses[k - window:k] < goal)):
            "Here every one of them has to be below the goal. Only their mean has to be.",
    },
    hints=("Which slice holds the last `window` losses after step k?", "losses[k - window:k], for k = window, window + 1, …",
           "Return k at the first mean below the goal, and 0 after the loop."),
)
