"""Exercises of 23_linear_recurrences: steps with a matrix, a running mean as a recurrence, the work of doubling."""

import numpy as np

from lstm_helpers.checking import Question

# q1: steps with a matrix


def join(A1, b1, A2, b2):
    return A1 @ A2, b1 @ A2 + b2


def two_steps(rng):
    yield "two units", (np.array([[0.0, 1], [1, 0]]), np.array([1.0, 2]), np.array([[2.0, 1], [0, 1]]), np.array([3.0, 5]))
    yield "three units", (rng.uniform(-1, 1, (3, 3)), rng.uniform(1, 2, 3), rng.uniform(-1, 1, (3, 3)), rng.uniform(3, 4, 3))
    yield "four units", (rng.uniform(-1, 1, (4, 4)), rng.uniform(1, 2, 4), rng.uniform(-1, 1, (4, 4)), rng.uniform(3, 4, 4))


q1 = Question(
    ask="Write `join(A1, b1, A2, b2)`: here a step mixes the units, h = h_prev @ A + b, with h_prev and b (H,) and A (H, H). "
        "Step 1 comes first, then step 2. Return A and b of the single step that does what both do, as a tuple (A, b).",
    reference=join,
    cases=two_steps,
    names=("A", "b"),
    points=2,
    mistakes={
        lambda A1, b1, A2, b2: (A2 @ A1, b1 @ A2 + b2):
            "A is in the wrong order. With rows, the first step's matrix stands on the left.",
        lambda A1, b1, A2, b2: (A2 @ A1, b2 @ A1 + b1): "This takes step 2 first and then step 1.",
        lambda A1, b1, A2, b2: (A2 @ A1, A2 @ b1 + b2):
            "That is for columns, A h. In this course a state is a row: h @ A.",
        lambda A1, b1, A2, b2: (A1 @ A2, A2 @ b1 + b2): "b1 is a row: it stands to the left of A2.",
        lambda A1, b1, A2, b2: (A1 * A2, b1 * np.diag(A2) + b2):
            "* multiplies number by number, as if no unit saw another. Here units are mixed: use @.",
        lambda A1, b1, A2, b2: (A1 * A2, b1 @ A2 + b2): "For A you multiplied number by number. Matrices in a row need @.",
        lambda A1, b1, A2, b2: (A1 @ A2, b1 + b2): "What came in at step 1 goes through step 2 as well.",
        lambda A1, b1, A2, b2: (A1 @ A2, b1 @ A2): "What comes in at step 2 is missing.",
        lambda A1, b1, A2, b2: (A1 @ A2, b2): "What came in at step 1 is missing. It goes through step 2.",
        lambda A1, b1, A2, b2: (A1 @ A2, b1 @ A1 + b2): "b1 has been added after A1: it goes through A2.",
        lambda A1, b1, A2, b2: (A1 @ A2, b2 @ A2 + b1): "b1 and b2 are exchanged: step 1 comes first.",
        lambda A1, b1, A2, b2: (A1 + A2, b1 @ A2 + b2): "Two steps in a row multiply, they do not add.",
        lambda A1, b1, A2, b2: (A1 @ A2, b1 @ A1 @ A2 + b2): "b1 comes in after A1: only A2 acts on it.",
        lambda A1, b1, A2, b2: ((A1 @ A2).T, b1 @ A2 + b2): "A is transposed.",
    },
    hints=("Write h1 = h @ A1 + b1, and put it into h2 = h1 @ A2 + b2.",
           "Multiply out. What stands behind h? What is left?", "A = A1 @ A2, since a row meets A1 first."),
)


# q2: a running mean

def mean_so_far(x):
    t = np.arange(1, len(x) + 1)
    return (t - 1) / t, x / t


def numbers(rng):
    yield "three numbers", (np.array([2.0, 4.0, 9.0]),)
    yield "five numbers", (rng.uniform(1, 2, 5),)
    yield "eight numbers", (rng.uniform(-3, -1, 8),)


def with_factor(a, b):
    """Return the mean_so_far of someone who takes other formulas of t, counted from 1, and x."""
    return lambda x: (a(np.arange(1.0, len(x) + 1), x), b(np.arange(1.0, len(x) + 1), x))


q2 = Question(
    ask="Write `mean_so_far(x)`: `scan(a, b)` is to return the means of x (T,) so far: x[0], then (x[0] + x[1]) / 2, and so on. "
        "Nothing may be divided after the scan. Return a and b, (T,) each, as a tuple (a, b). Where h has no past, let a be 0.",
    reference=mean_so_far,
    cases=numbers,
    names=("a", "b"),
    points=2,
    mistakes={
        with_factor(lambda t, x: np.ones_like(t), lambda t, x: x):
            "That is the running sum. Its mean would need a division after the scan.",
        with_factor(lambda t, x: np.ones_like(t), lambda t, x: x / t):
            "The new number has its share, but the old mean keeps all of its own. Both shares add up to 1.",
        with_factor(lambda t, x: np.ones_like(t), lambda t, x: x / len(x)):
            "Only the last one is a mean. On the way, divide by how many there are so far.",
        with_factor(lambda t, x: t / (t + 1), lambda t, x: x / (t + 1)):
            "One step late: the first mean is of one number, so a is 0 and b is x[0].",
        with_factor(lambda t, x: (t - 1) / t, lambda t, x: x): "The new number comes in whole. At step t it is one of t numbers.",
        with_factor(lambda t, x: 1 / t, lambda t, x: x * (t - 1) / t):
            "The shares are exchanged: of t numbers the old mean stands for t - 1.",
        with_factor(lambda t, x: 1 / t, lambda t, x: x / t):
            "The old mean stands for t - 1 of t numbers, so its share is not 1/t.",
        with_factor(lambda t, x: np.full_like(t, 0.5), lambda t, x: x / 2):
            "That halves every number at each later step: recent ones count more. In a mean all count alike.",
        with_factor(lambda t, x: np.where(t > 1, 0.5, 0), lambda t, x: np.where(t > 1, x / 2, x)):
            "The mean of the old mean and x is right for two numbers only.",
        with_factor(lambda t, x: np.zeros_like(t), lambda t, x: np.cumsum(x) / t):
            "These are the means already, and a carries nothing on. Let the recurrence do it.",
        with_factor(lambda t, x: (t - 1) / t, lambda t, x: np.cumsum(x) / t):
            "b is what the new number brings. The numbers before it are in the old mean.",
        with_factor(lambda t, x: (t - 1) / len(x), lambda t, x: x / len(x)):
            "You divided by T. At step t there are t numbers so far.",
        lambda x: mean_so_far(x)[::-1]: "a and b are exchanged: a first.",
    },
    hints=("How do you get the mean of t numbers from the mean of t - 1 and the new one?",
           "t · mean = (t - 1) · old mean + x. Divide by t.", "With t = np.arange(1, T + 1): b = x / t."),
)


# q3: the work of doubling

def joins(T):
    total, n = 0, 1
    while n < T:
        total += T - n                                                  # the first n steps have nobody n before them
        n *= 2
    return total


def lengths(rng):
    for T in (1, 2, 3, 8, 10, 1000):
        yield f"T = {T}", (T,)


def passes(T):
    return int(np.ceil(np.log2(T)))


q3 = Question(
    ask="Write `joins(T)`: how often do the passes of `scan_in_passes` join two steps, all together, for T steps? In a pass "
        "with n, a step is joined with the one n before it, if there is one.",
    reference=joins,
    cases=lengths,
    mistakes={
        lambda T: T - 1: "That is what a loop does: each step once. Doubling takes every step up again in the next pass.",
        passes: "That is how many passes there are. In each of them many steps are joined.",
        lambda T: T * passes(T): "In a pass with n the first n steps have nobody to be joined with.",
        lambda T: T * np.log2(T): "Passes come whole, and in each the first n steps are left out.",
        lambda T: (T - 1) * passes(T): "Only in the first pass is one step left out. In a pass with n there are n.",
        lambda T: T * passes(T) - 2**passes(T):
            "You left out 1 + 2 + 4 + … = 2**k, but with k passes that sum is 2**k - 1.",
        lambda T: sum(T // 2**k for k in range(1, passes(T) + 1)):
            "That halves the steps in each pass, as a tree in which pairs become one. Here every step goes on.",
        lambda T: 2 * joins(T): "A join takes a product for a and one for b, but it is one join.",
        lambda T: sum(T - 2 * 2**k for k in range(passes(T))): "In the first pass n is 1, not 2.",
        lambda T: sum(T - k for k in range(1, T)): "n doubles from pass to pass: 1, 2, 4, … You took every n.",
        lambda T: sum(T - k for k in range(1, passes(T) + 1)): "n doubles from pass to pass. You took n = 1, 2, 3, …",
        lambda T: sum(2**k for k in range(passes(T))): "These are the steps that are left out. How many are joined?",
    },
    hints=("In a pass with n, steps n + 1 to T are joined: how many is that?",
           "n is 1, 2, 4, … as long as it is below T.", "For T = 8: 7 + 6 + 4."),
)
