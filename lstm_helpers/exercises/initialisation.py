"""Exercises of 14_initialisation: chrono biases, a bias that gets help from x, the share of seeds that succeeded."""

import numpy as np

from lstm_helpers.checking import Question

# q1: chrono biases


def chrono_from(r, T):
    u = 1 + (T - 2) * r                             # (H,), lengths from U(1, T-1)
    return np.log(u), -np.log(u)


def draws(rng):
    yield "the middle of the range, T = 4", (np.array([0.5]), 4)
    yield "four units, T = 10", (rng.random(4), 10)
    yield "six units, T = 200", (rng.random(6), 200)


def from_lengths(lengths):
    """Return the chrono_from of someone who takes the logarithm of `lengths(r, T)`."""
    return lambda r, T: (np.log(lengths(r, T)), -np.log(lengths(r, T)))


def from_forget_bias(change):
    """Return the chrono_from of someone who makes `change(b_f)` of the right forget biases."""
    return lambda r, T: change(chrono_from(r, T)[0])


q1 = Question(
    ask="Write `chrono_from(r, T)`: r (H,) holds numbers drawn evenly from 0 to 1. Stretch them to lengths u, spread evenly from "
        "1 to T−1, and return both biases of the chrono start, b_f = ln u and b_i, each (H,).",
    reference=chrono_from,
    cases=draws,
    points=3,
    names=("b_f", "b_i"),
    mistakes={
        from_lengths(lambda r, T: T * r): "This is log U(0, T). It begins at log 0, which is minus infinity: the range is from 1 "
                                          "to T - 1.",
        from_lengths(lambda r, T: (T - 1) * r): "This is log U(0, T - 1): the range has to begin at 1, or some biases are far "
                                                "below 0.",
        from_lengths(lambda r, T: (T - 2) * r): "This is log U(0, T - 2). Add 1, so that no length is below 1.",
        from_lengths(lambda r, T: 1 + (T - 1) * r): "This is log U(1, T). The range from 1 to T - 1 is T - 2 wide.",
        from_lengths(lambda r, T: 1 + T * r): "This is log U(1, T + 1). The range from 1 to T - 1 is T - 2 wide.",
        from_lengths(lambda r, T: (T - 1) ** r): "Here the biases are even, not the lengths: short memories come far too often. "
                                                 "First spread r from 1 to T - 1, then take the logarithm.",
        from_forget_bias(lambda b: (np.exp(b), -np.exp(b))): "The logarithm is missing: these are the lengths of the memories. A "
                                                             "bias of 100 would never forget.",
        from_forget_bias(lambda b: (b / np.log(10), -b / np.log(10))): "This is the logarithm to base 10. The sigmoid has e in "
                                                                       "it: np.log.",
        from_forget_bias(lambda b: (b, b)): "b_f is right. b_i is not the same but the opposite: a unit that keeps for long must "
                                            "write little at a time.",
        from_forget_bias(lambda b: (b, 1 - b)): "b_f is right. b_i is -b_f: the *gates* add up to 1, since σ(-z) = 1 - σ(z). The "
                                                "biases add up to 0.",
        from_forget_bias(lambda b: (b, 0 * b)): "b_f is right. The input bias belongs to the chrono start too: it is not 0.",
        from_forget_bias(lambda b: (-b, b)): "The two are exchanged: the forget bias is the one above 0.",
    },
    hints=("Which a and w make a + w·r run from 1 to T - 1 when r runs from 0 to 1?",
           "The lengths are 1 + (T - 2) * r. The forget bias is their natural logarithm.",
           "b_f = np.log(1 + (T - 2) * r), and the input bias is its negative."),
)


# q2: a bias that gets help from x

def b_f():
    f = 0.5 ** (1 / 50)                             # f**50 == 0.5
    return np.log(f / (1 - f)) - 1                  # sigmoid(b_f + 1) == f


q2 = Question(
    ask="A forget gate gets +1 from x at every step, and nothing from h_prev: z_f = b_f + 1. Which bias b_f gives a half-life of "
        "50 steps? Give two digits after the point.",
    reference=b_f,
    tolerance=0.001,
    points=2,
    mistakes={
        lambda: b_f() + 1: "That is z_f, the whole sum. x brings 1 of it already.",
        lambda: b_f() + 2: "The sign of what x brings: b_f + 1 must be z_f, so x takes something *off* the bias needed.",
        0.5 ** (1 / 50): "That is f. Which z has σ(z) = f? And which part of this z is the bias?",
        lambda: np.log(50 - 1) - 1: "With this the cell loses 1/50 of what is left, each step: 0.36 is left after 50. A "
                                    "half is asked for.",
        lambda: np.log(50 - 1): "This is ln 49, a loss of 1/50 a step: 0.36 is left after 50. And x brings 1 already.",
        lambda: np.log(50): "This is the chrono bias of u = 50, with a half-life of 35 steps. Begin with f**50 = 0.5.",
        lambda: np.log(0.5) / 50: "That is ln f. The way back from f to z is ln(f / (1 - f)).",
        lambda: -b_f(): "The sign: a gate that keeps nearly all has a sum above 0.",
        lambda: (b_f() + 1) / np.log(10) - 1: "The logarithm is one to base 10. The sigmoid has e in it: np.log.",
        5.0: "A *sum* of 5 gives 103 steps; with a bias of 5 it is 6.",
        lambda: np.log(50) - 1: "This is the chrono bias of u = 50, less what x brings: a half-life of 35 steps. Begin with "
                                "f**50 = 0.5.",
        3.3: "Nearly. Give two digits after the point.",
        3.26: "Nearly, a little more: keep all digits on the way.",
        3.28: "Nearly, a little less: keep all digits on the way.",
    },
    hints=("First f: its 50th power is one half. Then the z with σ(z) = f.",
           "z_f = ln(f / (1 - f)) with f = 0.5 ** (1 / 50). This z_f is b_f + 1.",
           "b_f = np.log(f / (1 - f)) - 1"),
)


# q3: the share of seeds that succeeded

def success_rate(steps, limit):
    return np.mean([s is not None and s <= limit for s in steps])


def outcomes(rng):
    yield "four seeds, one never, one too late", ([40, None, 30, 200], 100)
    yield "one at the limit, one just after", ([60, 50, None, 51, None, 10], 50)
    yield "drawn at random", ([None, *(int(step) for step in rng.integers(1, 100, 7)), 40, 200], 60)
    yield "none succeeded", ([None, None, None], 80)


def solved(steps):
    """Return the numbers of steps of the runs that succeeded at all."""
    return [s for s in steps if s is not None]


def in_time(steps, limit):
    """Return how many runs succeeded by the limit."""
    return sum(s <= limit for s in solved(steps))


q3 = Question(
    ask="Write `success_rate(steps, limit)`: `steps` is a list with one entry for each seed, the step at which it succeeded, or "
        "None if it never did. Return the share of *all* seeds that succeeded by step `limit`, that step included.",
    reference=success_rate,
    cases=outcomes,
    points=2,
    mistakes={
        lambda steps, limit: in_time(steps, limit) / max(1, len(solved(steps))): "The seeds that never succeeded are left out. "
                                                                                 "They count as failures: divide by the number "
                                                                                 "of all seeds.",
        lambda steps, limit: len(solved(steps)) / len(steps): "`limit` is not used: who succeeds later than that has failed.",
        lambda steps, limit: sum(s < limit for s in solved(steps)) / len(steps): "A seed that succeeds *at* the limit counts "
                                                                                 "too: <=.",
        in_time: "This is the number of seeds. Which share of all is it?",
        lambda steps, limit: 100 * in_time(steps, limit) / len(steps): "This is in per cent. Give the share, from 0 to 1.",
        lambda steps, limit: 1 - in_time(steps, limit) / len(steps): "This is the share that *failed*.",
        lambda steps, limit: np.mean([s is None for s in steps]): "This is the share that never succeeded.",
        lambda steps, limit: np.mean([s is not None and s > limit for s in steps]): "This is the share that succeeded too late.",
        lambda steps, limit: np.mean([(s or 0) <= limit for s in steps]): "None is counted as a success at step 0. It means "
                                                                          "never.",
        lambda steps, limit: np.mean([min(s or limit, limit) for s in steps]) / limit: "This averages steps. Ask of each seed: "
                                                                                       "did it succeed by the limit?",
        lambda steps, limit: float(2 * in_time(steps, limit) > len(steps)): "This asks whether most seeds succeeded. Return "
                                                                            "their share.",
    },
    hints=("Ask one question of each seed: did it succeed, and by the limit?",
           "Be careful with None: it can't be compared with a number. Ask for it first.",
           "The mean of [s is not None and s <= limit for s in steps]."),
)
