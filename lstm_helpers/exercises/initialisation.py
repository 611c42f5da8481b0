"""Exercises of 14_initialisation: the spread of one-hot inputs, a start by half-lives, how many seeds a claim needs."""

import numpy as np

from lstm_helpers.checking import Question

# q1: the spread of one-hot inputs


def one_hot_spread(D, H):
    limit = np.sqrt(6 / (D + H))
    return limit / np.sqrt(3)                       # one weight at a time: nothing is summed


SIZES = [(f"D = {D}, H = {H}", (D, H)) for D, H in ((8, 16), (2, 16), (100, 25))]

q1 = Question(
    ask="A layer reads symbols: x is one-hot, a single 1 among D numbers, each symbol as likely as any other. W_x (D, H) is "
        "drawn by Glorot. Write `one_hot_spread(D, H)`: the standard deviation that z = x @ W_x has, over draws of W_x.",
    reference=one_hot_spread,
    cases=SIZES,
    points=2,
    mistakes={
        lambda D, H: np.sqrt(2 * D / (D + H)):
            "This is for D numbers of spread 1, all of which are added up. How many of the products are not 0 here?",
        lambda D, H: np.sqrt(2 * H / (D + H)): "This is the factor on the way back.",
        lambda D, H: np.sqrt(6 / (D + H)):
            "This is the limit, the largest that a weight can be. How far does a number drawn evenly from ± the limit usually "
            "lie from 0?",
        lambda D, H: 2 / (D + H): "This is the variance. The standard deviation is its square root.",
        lambda D, H: np.sqrt(6 / (D + H) / 12): "The range is twice the limit wide: from minus to plus.",
        lambda D, H: np.sqrt(6 / (D + H)) / 2:
            "Half the limit is the mean *distance* from 0. The standard deviation averages squares.",
        lambda D, H: np.sqrt(2 / (D + H) / D):
            "Each of the D numbers is 1 in one of D cases, but whichever it is, z is one whole weight.",
        lambda D, H: np.sqrt(2 / D): "The limit of Glorot takes both sizes, D + H.",
        lambda D, H: 1: "That would be so for D = H and numbers of spread 1. Here one product alone is not 0.",
    },
    hints=("Write z out for x = (0, 1, 0): which weights are in it?",
           "z is one weight of W_x. Numbers drawn evenly from ±a have the standard deviation a/√3.",
           "np.sqrt(6 / (D + H)) / np.sqrt(3)"),
)


# q2: a start by half-lives

def by_half_life(r, shortest, longest):
    f = 0.5 ** (1 / (shortest + (longest - shortest) * r))      # f**steps == 0.5
    b_f = np.log(f / (1 - f))                                   # sigmoid(b_f) == f
    return b_f, -b_f                                            # i = 1 - f


def draws(rng):
    yield "the middle of the range", (np.array([0.5]), 2, 8)
    yield "four units, 1 to 10 steps", (rng.random(4), 1, 10)
    yield "six units, 5 to 200 steps", (rng.random(6), 5, 200)


def steps(r, shortest, longest):
    """Return half-lives spread evenly."""
    return shortest + (longest - shortest) * r


def from_steps(bias):
    """Return the by_half_life of someone whose forget bias is `bias(half-life)`."""
    return lambda *case: (bias(steps(*case)), -bias(steps(*case)))


def from_forget_bias(change):
    """Return the by_half_life of someone who makes `change(b_f)` of the right forget biases."""
    return lambda *case: change(by_half_life(*case)[0])


q2 = Question(
    ask="Write `by_half_life(r, shortest, longest)`, a start like chrono, but counted in half-lives: r (H,) holds numbers "
        "drawn evenly from 0 to 1. Stretch them to half-lives, in steps, spread evenly from `shortest` to `longest`. Return "
        "b_f and b_i, each (H,), so that while x and h say nothing each unit has its half-life, and i = 1 − f.",
    reference=by_half_life,
    cases=draws,
    points=3,
    names=("b_f", "b_i"),
    mistakes={
        from_steps(np.log):
            "This is chrono itself: with b_f = ln u, what is left after u steps is near 1/e. A half is asked for.",
        from_steps(lambda n: np.log(n - 1)):
            "Here the cell loses 1/n of what is left at each step: about 1/e is left after n. Begin with f**n = 0.5.",
        from_steps(lambda n: -np.log(np.expm1(1 / n))):
            "This leaves 1/e after n steps, since f = e^(-1/n). After a half-life a half is left: f**n = 0.5.",
        lambda r, low, high: by_half_life(np.linspace(0, 1, len(r)), low, high):
            "These half-lives do not depend on r. Each number of r is stretched to one half-life.",
        from_steps(lambda n: np.log(n / np.log(2))):
            "Nearly, for long memories. Solve f**n = 0.5 exactly, then find the z with σ(z) = f.",
        lambda *case: (0.5 ** (1 / steps(*case)), 1 - 0.5 ** (1 / steps(*case))): "These are f and i. Which bias has σ(b_f) = f?",
        from_steps(lambda n: -np.log(2) / n): "That is ln f. The way back from f to the bias is ln(f / (1 - f)).",
        lambda r, low, high: by_half_life(r, 0, high): "Half-lives begin at `shortest`, not at 0.",
        lambda r, low, high: by_half_life(r, low, low + high): "The longest is `longest`: the range is longest - shortest wide.",
        from_forget_bias(lambda b: (b, b)): "b_f is right. With b_i = b_f, i is f. It is to be 1 - f.",
        from_forget_bias(lambda b: (b, 1 - b)): "b_f is right. It is the *gates* that add up to 1: σ(-z) = 1 - σ(z).",
        from_forget_bias(lambda b: (b, 0 * b)): "b_f is right. With b_i = 0 the input gate is half open. It is to be 1 - f.",
        from_forget_bias(lambda b: (-b, b)): "The two are exchanged: a unit that keeps for long has a forget bias above 0.",
        from_forget_bias(lambda b: (b / np.log(10), -b / np.log(10))):
            "The logarithm is one to base 10. The sigmoid has e in it: np.log.",
    },
    hints=("Three steps: r to half-lives, half-lives to f, f to the bias.",
           "f = 0.5 ** (1 / half_life). And which z has σ(z) = f? Solve f = 1 / (1 + e^(−z)).",
           "b_f = np.log(f / (1 - f)), and b_i = -b_f, since σ(−z) = 1 − σ(z)."),
)


# q3: how many seeds a claim needs

def seeds_needed(rate):
    n = 1
    while n / (n + 1.96**2) <= rate:                # the lower end if all of n succeeded
        n += 1
    return n


RATES = [(f"rate = {rate}", (rate,)) for rate in (0.5, 0.72, 0.9, 0.99)]


def solved(n_of):
    """Return the seeds_needed of someone who rounds `n_of(odds)` up, odds = rate / (1 - rate)."""
    return lambda rate: int(np.ceil(n_of(rate / (1 - rate))))


q3 = Question(
    ask="All seeds of a start have succeeded. Write `seeds_needed(rate)`: how many must there be at least, so that even the "
        "lower end of Wilson's interval (95 %, z = 1.96) is above `rate`?",
    reference=seeds_needed,
    cases=RATES,
    points=2,
    mistakes={
        solved(lambda odds: 1.96 * odds): "z is not squared: with n of n, the lower end is n / (n + z²).",
        lambda rate: 1.96**2 * rate / (1 - rate): "The equation is solved rightly, but there are no parts of seeds: round up.",
        lambda rate: int(1.96**2 * rate / (1 - rate)): "One too few: with these, the lower end is still below `rate`.",
        lambda rate: seeds_needed(rate) + 1: "One more than needed: with one seed less, the lower end is still above `rate`.",
        solved(lambda odds: 1.645**2 * odds): "This is z = 1.645. With z = 1.96 each side of the interval misses 2.5 %.",
        solved(lambda odds: 1.96**2 / odds): "This is upside down: a higher rate takes more seeds, not fewer.",
        solved(lambda odds: 1.96**2 * odds / (1 + odds)): "Solve n > rate · (n + z²) for n: there is an n on both sides.",
        lambda rate: int(np.ceil(np.log(0.05) / np.log(rate))):
            "This is where all of n would succeed in 5 % of cases. Wilson's lower end is asked for: with n of n it is n / (n "
            "+ z²).",
        lambda rate: int(np.ceil(np.log(0.025) / np.log(rate))):
            "This is where all of n would succeed in 2.5 % of cases. Wilson's lower end is asked for: with n of n it is n / "
            "(n + z²).",
        lambda rate: seeds_needed(rate) / (seeds_needed(rate) + 1.96**2): "This is the lower end. How many seeds is asked.",
    },
    hints=("Put p = 1 into the interval: the root becomes simple. What is its lower end?",
           "With n of n, the lower end is n / (n + z²). Try n = 1, 2, 3, … in a loop.",
           "n = 1, then while n / (n + 1.96**2) <= rate: n += 1."),
)
