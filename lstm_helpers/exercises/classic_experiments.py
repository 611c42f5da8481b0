"""Exercises of 15_classic_experiments: what a loss says of a memory, a string and its answers, when a run counts."""

import numpy as np

from lstm_helpers.checking import Question

# q1: how many symbols of the copy task a network has kept

def symbols_kept(loss, delay, items, symbols):
    return items - loss * (delay + 2 * items) / np.log(symbols)


def copy_losses(rng):
    yield "one symbol of two, lost", (np.log(2) / 3, 1, 1, 2)
    yield "one symbol of two, kept", (0.0, 1, 1, 2)
    for delay, items, symbols, kept in ((100, 10, 8, 4), (7, 7, 7, 2), (12, 3, 20, 1.5)):
        yield f"{items} of {symbols} symbols, delay {delay}", (
            (items - kept) * np.log(symbols) / (delay + 2 * items), delay, items, symbols)


def steps_are(steps):
    """Return the answer of somebody who takes the string to have `steps(delay, items)` steps."""
    return lambda loss, delay, items, symbols: items - loss * steps(delay, items) / np.log(symbols)


def guess_costs(cost):
    """Return the answer of somebody for whom a guess costs `cost(symbols)`."""
    return lambda loss, delay, items, symbols: items - loss * (delay + 2 * items) / cost(symbols)


q1 = Question(
    ask="The copy task (Arjovsky, Shah & Bengio, 2016) shows `items` symbols out of so many `symbols`, then a wait, and asks for "
        "them at the end of delay + 2 · items steps; at all other steps the answer is blank, which a network soon knows. Write "
        "`symbols_kept(loss, delay, items, symbols)`: if a network has kept some of the items for certain and guesses the rest "
        "blindly, how many has it kept? `loss` is its cross-entropy in nats, the mean over all steps. The answer need not be a "
        "whole number.",
    reference=symbols_kept,
    cases=copy_losses,
    points=1,
    mistakes={
        lambda loss, delay, items, symbols: loss * (delay + 2 * items) / np.log(symbols):
            "That is how many it has lost. How many has it kept?",
        lambda loss, delay, items, symbols: items - loss / np.log(symbols):
            "The loss is a mean over all steps: first multiply it by their number.",
        steps_are(lambda delay, items: items): "The loss is a mean over *all* steps, also those at which the answer is blank.",
        steps_are(lambda delay, items: delay): "The string has more steps than the delay: symbols are shown, and asked for.",
        steps_are(lambda delay, items: delay + items):
            "The symbols take room twice: when they are shown and when they are asked for.",
        guess_costs(np.log2): "A guess costs the natural logarithm: the loss is in nats.",
        guess_costs(lambda symbols: np.log(symbols + 1)):
            "Where it guesses, it knows that the answer isn't the blank: one fewer to choose from.",
        guess_costs(lambda symbols: 1 - 1 / symbols): "A blind guess costs -log(1/symbols). This counts wrong answers instead.",
        guess_costs(lambda symbols: symbols): "A blind guess costs -log of its probability, which is 1/symbols.",
        lambda loss, delay, items, symbols: 1 - loss * (delay + 2 * items) / np.log(symbols) / items:
            "That is the share of the items. Their number is asked for.",
        lambda loss, delay, items, symbols: items + loss * (delay + 2 * items) / np.log(symbols):
            "That is more than there are: what the loss tells is to be taken off.",
    },
    hints=("What does one blind guess cost, and how many of them make up the loss of the whole string?",
           "The loss of the whole string is loss · (delay + 2 · items); each guess is worth log(symbols) of it.",
           "So many were guessed; the rest of the items was kept."),
)


# q2: a string and its answers

def anbn(n):
    steps = np.arange(2 * n + 1)
    read = np.stack([steps == 0, (steps > 0) & (steps <= n), steps > n], axis=1)                            # (2n+1, 3): S, a, b
    answers = np.stack([steps <= n, (steps > 0) & (steps < 2 * n), steps == 2 * n], axis=1)                 # (2n+1, 3): a, b, T
    return read.astype(float), answers.astype(float)


def changed(column, rule):
    """Return a function that fills one column of the answers by another rule of (step, n)."""
    def wrong(n):
        read, answers = anbn(n)
        answers[:, column] = rule(np.arange(2 * n + 1), n)
        return read, answers
    return wrong


def never_ending(n):
    read, answers = anbn(n)
    answers[-1] = 0, 1, 0
    return read, answers


def b_or_end(n):
    read, answers = anbn(n)
    answers[n + 1:] = 0, 1, 1
    return read, answers


def as_it_came(n):
    read, answers = anbn(n)
    answers[1:n, 1] = 0
    answers[n, 0] = 0
    return read, answers


def without_start(n):
    read, answers = anbn(n)
    return read[1:], answers[1:]


def with_end(n):
    read, answers = anbn(n)
    return np.vstack([read, np.zeros(3)]), np.vstack([answers, np.zeros(3)])


def one_step_late(n):
    read, answers = anbn(n)
    return read, np.vstack([np.zeros(3), answers[:-1]])


q2 = Question(
    ask="Write `anbn(n)`: return the string S aⁿ bⁿ as a network reads it, and what may come next at each of its 2n + 1 steps. "
        "Both are arrays (2n + 1, 3) of 0 and 1. The columns of the first are S, a, b, those of the second a, b, T. After S only "
        "a may follow; after an a both a and b; after a b another b until there are n, then T.",
    reference=anbn,
    cases=[("n = 2", (2,)), ("n = 1", (1,)), ("n = 5", (5,))],
    names=("read", "answers"),
    points=3,
    mistakes={
        as_it_came: "The answers hold what came next. Asked for is all that may come: after every a, both a and b are allowed.",
        changed(1, lambda step, n: step < 2 * n): "After S only an a may follow, for n is at least 1.",
        changed(1, lambda step, n: step > 0): "After the last b only T may follow. Here b is still allowed.",
        changed(2, lambda step, n: step > n): "Here T is allowed after every b. It may come after the n-th b alone.",
        never_ending: "This says b after every b, and T nowhere. After the n-th b no other b may follow, only T.",
        b_or_end: "This allows b and T after every b. Who has counted knows which: b until there are n, then T alone.",
        changed(0, lambda step, n: step < n): "After the n-th a another a may come too: nobody knows yet that it was the last.",
        changed(2, lambda step, n: 0 * step): "T never comes. After the last b it is the one thing that may follow.",
        without_start: "S is missing: its step comes first, and with it there are 2n + 1.",
        with_end: "T is predicted, not read: there are 2n + 1 steps, and none for T.",
        one_step_late: "The answers are a step late: row t says what may come after the symbol in row t.",
        lambda n: anbn(n)[::-1]: "The two arrays are right, in the wrong order: first what is read.",
        lambda n: tuple(array.T for array in anbn(n)): "One step is one row: (2n + 1, 3), not (3, 2n + 1).",
    },
    hints=("Write the string for n = 2 on paper, S a a b b, and under each symbol what may follow.",
           "Under S a a b b stands: a, ab, ab, b, T. Which steps have an a, which a b, which a T?",
           "With steps = np.arange(2n + 1), a is allowed where steps <= n, b where (steps > 0) & "
           "(steps < 2n), T where steps == 2n. Put the three side by side with np.stack(…, axis=1), and make numbers of True and "
           "False with .astype(float)."),
)


# q3: when a run counts as solved

def solved_after(errors, threshold, in_a_row):
    run = 0
    for count, error in enumerate(errors, 1):
        run = run + 1 if error < threshold else 0
        if run == in_a_row:
            return count
    return 0


def runs(rng):
    yield "two good ones in a row", (np.array([0.6, 0.1, 0.2, 0.4]), 0.5, 2)
    yield "two bad ones, then two good ones", (np.array([0.7, 0.6, 0.2, 0.4]), 0.5, 2)
    yield "three good ones at the end", (np.array([0.6, 0.1, 0.5, 0.4, 0.1, 0.2]), 0.5, 3)
    yield "never three in a row", (np.array([0.1, 0.2, 0.5, 0.1]), 0.5, 3)
    errors = np.full(50, 0.05)
    errors[rng.choice(18, 5, replace=False)] = 0.3
    errors[[0, 3, 7, 18]] = 0.3
    errors[[20, 30]] = 0.05, 0.3
    yield "fifty, solved and lost again", (errors, 0.3, 8)
    yield "from the first one on", (rng.uniform(0.0, 0.08, 12), 0.1, 5)


def first_of_the_run(errors, threshold, in_a_row):
    count = solved_after(errors, threshold, in_a_row)
    return count - in_a_row + 1 if count else 0


def in_all(errors, threshold, in_a_row):
    good = np.flatnonzero(errors < threshold)
    return int(good[in_a_row - 1]) + 1 if len(good) >= in_a_row else 0


def mean_below(errors, threshold, in_a_row):
    means = [np.mean(errors[end - in_a_row:end]) for end in range(in_a_row, len(errors) + 1)]
    return next((place + in_a_row for place, mean in enumerate(means) if mean < threshold), 0)


def last_run(errors, threshold, in_a_row):
    return len(errors) - solved_after(errors[::-1], threshold, in_a_row) + in_a_row if solved_after(
        errors, threshold, in_a_row) else 0


q3 = Question(
    ask="Write `solved_after(errors, threshold, in_a_row)`: `errors` holds the error of each training sequence, in "
        "order. How many sequences had been seen when, for the first time, the last `in_a_row` of them all had an error below "
        "`threshold`? Return 0 if that never happened.",
    reference=solved_after,
    cases=runs,
    points=2,
    mistakes={
        lambda errors, threshold, in_a_row: solved_after(np.nextafter(errors, -1), threshold, in_a_row):
            "An error of exactly the threshold is not below it.",
        first_of_the_run: "This is where the good run begins. It is known to be one only when its last sequence is in.",
        lambda errors, threshold, in_a_row: max(0, solved_after(errors, threshold, in_a_row) - 1):
            "This is a place counted from 0. Asked for is how many sequences had been seen, the last one among them.",
        in_all: "This counts good sequences, wherever they stand. A bad one in between must set the count back to 0.",
        mean_below: "This takes the mean of the last ones. Every single one has to be below the threshold.",
        last_run: "This finds the last good run. The first one counts, even if the network gets worse again.",
        lambda errors, threshold, in_a_row: solved_after(errors, threshold, 1):
            "This stops at the first good sequence. It takes `in_a_row` of them.",
        lambda errors, threshold, in_a_row: solved_after(errors, threshold, in_a_row + 1):
            "This waits for one more than `in_a_row`.",
        lambda errors, threshold, in_a_row: solved_after(-errors, -threshold, in_a_row):
            "This looks for errors above the threshold. A good sequence has an error below it.",
        lambda errors, threshold, in_a_row: 0:
            "This is 0 in every case. If you take slices, begin when in_a_row errors are behind you: np.all of an empty slice is "
            "True. And 0 is to be returned after the loop, not in it.",
        lambda errors, threshold, in_a_row: 1:
            "This is 1 in every case. If you take slices, begin when in_a_row errors are behind you: np.all of an empty slice is "
            "True.",
    },
    hints=("Go through the errors once, and keep count of how many good ones you have seen in a row.",
           "A good one adds 1 to the count, a bad one sets it to 0.",
           "When the count reaches in_a_row, return how many errors you have looked at; after the loop return 0."),
)
