"""Exercises of 15_classic_experiments: what a blind guess costs, a string of a language with its answers, when a run counts."""

import numpy as np

from lstm_helpers.checking import Question

# q1: what a blind guess costs


def copy_baseline(delay, items, symbols):
    return items * np.log(symbols) / (delay + 2 * items)


COPIES = [("as in 1 step and 1 symbol of 2", (1, 1, 2)), ("T = 100, ten of eight symbols", (100, 10, 8)),
          ("all the same", (7, 7, 7)), ("three of twenty", (12, 3, 20))]

q1 = Question(
    ask="Write `copy_baseline(delay, items, symbols)`: the copy task shows `items` symbols out of so many `symbols`, waits, and "
        "asks for them at the end of delay + 2 · items steps. A network knows when to say blank and is never wrong there, but "
        "it has kept none of the symbols. What is its cross-entropy in nats, averaged over all steps?",
    reference=copy_baseline,
    cases=COPIES,
    points=1,
    mistakes={
        lambda delay, items, symbols: np.log(symbols):
            "This is the cost of one guess. It is paid at `items` of the steps alone; the mean is over all of them.",
        lambda delay, items, symbols: items * np.log(symbols):
            "This is the cost of the whole string. Divide by its number of steps.",
        lambda delay, items, symbols: items * np.log(symbols) / delay:
            "The string has more steps than the delay: it also shows the symbols and asks for them.",
        lambda delay, items, symbols: items * np.log(symbols) / (delay + items):
            "The symbols take room twice: when they are shown and when they are asked for.",
        lambda delay, items, symbols: items * np.log(symbols + 1) / (delay + 2 * items):
            "Where it guesses, it knows that the answer isn't the blank: one fewer to choose from.",
        lambda delay, items, symbols: items * np.log2(symbols) / (delay + 2 * items):
            "This is in bits. For nats, take the natural logarithm.",
        lambda delay, items, symbols: (delay + items) * np.log(symbols) / (delay + 2 * items):
            "This charges for the blanks, which cost nothing, and lets the symbols off.",
        lambda delay, items, symbols: items * (1 - 1 / symbols) / (delay + 2 * items):
            "This counts wrong answers. Cross-entropy is -log of the probability of the right one.",
        lambda delay, items, symbols: -items * np.log(symbols) / (delay + 2 * items):
            "A minus is missing: the log of a probability below 1 is negative, and a cost is -log of it.",
        lambda delay, items, symbols: 2 * items * np.log(symbols) / (delay + 2 * items):
            "This charges for each symbol twice. Being shown it costs nothing, saying it does.",
        lambda delay, items, symbols: items / symbols / (delay + 2 * items):
            "This counts right answers. Cross-entropy is -log of the probability of the right one.",
    },
    hints=("At how many steps does it have to guess, and what does one guess cost?",
           "Each symbol has probability 1/symbols: a guess costs -log of that. All other steps cost nothing.",
           "items guesses at log(symbols) each, shared among delay + 2 · items steps."),
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
