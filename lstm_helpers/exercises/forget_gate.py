"""Exercises of 08_forget_gate: a bias for 200 steps, what the gate leaves, what survives many steps."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: a bias for 200 steps


def b_f():
    f = 0.5 ** (1 / 200)                            # f**200 == 0.5
    return np.log(f / (1 - f))                      # sigmoid(b_f) == f


q1 = Question(
    ask="A forget gate gets nothing from x and h_prev: f = σ(b_f) at every step. Which bias b_f keeps half of a memory for 200 "
        "steps? Give two digits after the point.",
    reference=b_f,
    tolerance=0.001,
    points=2,
    mistakes={
        0.5 ** (1 / 200): "That is f. Which bias gives this f? Solve σ(b_f) = f for b_f.",
        lambda: np.log(0.5) / 200: "That is ln f. The way back from f to its bias is ln(f / (1 - f)).",
        lambda: -b_f(): "The sign: a gate that keeps nearly all has a bias above 0.",
        lambda: np.log(199): "With this bias f is 0.995: it loses 1/200 of what is left, each step, and has 0.37 after 200. A "
                             "half is asked for.",
        lambda: np.log(399): "With this bias f is 0.9975: right if each step took 1/400 of the *first* memory. It takes it of "
                             "what is left: 0.9975**200 = 0.61.",
        lambda: np.exp(b_f()): "That is f / (1 - f). Take its logarithm.",
        lambda: b_f() / np.log(10): "This is the logarithm to base 10. σ has e in it: take the natural one, np.log.",
        lambda: 1 / (1 + np.exp(-(0.5 ** (1 / 200)))): "This is σ(f). You need the way back: the b_f with σ(b_f) = f.",
        0.0: "With bias 0 a half is left after one step.",
        10.0: "The half-life is not twice as long when the bias is twice as large: it grows about e times with each 1. This one "
              "keeps half for some 15,000 steps.",
        5.0: "A bias of 5 keeps half for 103 steps.",
        5.7: "Nearly. Give two digits after the point.",
    },
    hints=("First find f: the number of which the 200th power is 0.5.",
           "f = 0.5 ** (1 / 200). Now solve σ(b_f) = 1 / (1 + e^(-b_f)) = f for b_f.",
           "b_f = np.log(f / (1 - f))"),
)


# q2: what the gate leaves

def keep(x, h_prev, c_prev, W_x, W_h, b):
    f = sigmoid(x @ W_x + h_prev @ W_h + b)         # (B, H)
    return f * c_prev


def gates(rng):
    yield "one unit", tuple(np.array(values) for values in ([[1.0]], [[-0.5]], [[2.0]], [[0.4]], [[0.6]], [0.7]))
    for label, B, D, H in (("two sequences, four units", 2, 3, 4), ("three of each", 3, 3, 3)):
        shapes = (B, D), (B, H), (B, H), (D, H), (H, H), (H,)
        x, h_prev, c_prev, W_x, W_h, b = (rng.standard_normal(shape) for shape in shapes)
        yield label, (x, np.tanh(h_prev), c_prev + 2, W_x, W_h, b + 1)


def weighted(x, h_prev, c_prev, W_x, W_h, b):
    """Return z (B, H), of which the gate is the sigmoid."""
    return x @ W_x + h_prev @ W_h + b


def from_gate(change):
    """Return the keep of someone who makes `change(f, h_prev, c_prev)` of the right gate."""
    return lambda x, h_prev, c_prev, W_x, W_h, b: change(sigmoid(x @ W_x + h_prev @ W_h + b), h_prev, c_prev)


def from_sum(total):
    """Return the keep of someone whose gate is the sigmoid of `total` (a function of all arguments)."""
    return lambda *args: sigmoid(total(*args)) * args[2]


q2 = Question(
    ask="Write `keep(x, h_prev, c_prev, W_x, W_h, b)`: compute the forget gate from x (B, D) and h_prev (B, H) with its weights "
        "W_x (D, H), W_h (H, H) and b (H,). Return what it leaves of the cell state c_prev (B, H).",
    reference=keep,
    cases=gates,
    points=2,
    mistakes={
        from_gate(lambda f, h_prev, c_prev: f * h_prev): "The gate is right, but it is put on h_prev. It is computed from "
                                                         "h_prev; what it cuts down is c_prev.",
        from_gate(lambda f, h_prev, c_prev: f): "This is the gate itself. What does it leave of c_prev?",
        from_gate(lambda f, h_prev, c_prev: (1 - f) * c_prev): "This is what is forgotten. f is the part that is *kept*, in "
                                                               "spite of its name.",
        from_gate(lambda f, h_prev, c_prev: f + c_prev): "The gate is added. It multiplies c_prev, element by element.",
        from_gate(lambda f, h_prev, c_prev: f @ c_prev.T): "This is a matrix product. The gate multiplies element by element: *.",
        from_gate(lambda f, h_prev, c_prev: f * np.tanh(c_prev)): "There is a tanh around c_prev. The old cell state is kept as "
                                                                  "it is.",
        lambda *args: weighted(*args) * args[2]: "The sigmoid is missing: this multiplies by the sum before it.",
        lambda *args: np.tanh(weighted(*args)) * args[2]: "This gate is a tanh: it could turn the sign of a memory. A gate is a "
                                                          "sigmoid, between 0 and 1.",
        lambda *args: sigmoid(weighted(*args) * args[2]): "c_prev is inside the sigmoid. Compute f first, then multiply.",
        from_sum(lambda x, h_prev, c_prev, W_x, W_h, b: x @ W_x + c_prev @ W_h + b): "The gate is computed from c_prev. It reads "
                                                                                    "x and h_prev, and acts on c_prev.",
        from_sum(lambda x, h_prev, c_prev, W_x, W_h, b: x @ W_x + h_prev @ W_h): "The bias b is not added.",
        from_sum(lambda x, h_prev, c_prev, W_x, W_h, b: x @ W_x + h_prev @ W_h.T + b): "W_h is transposed. Our vectors are rows: "
                                                                                     "h_prev @ W_h.",
        from_sum(lambda x, h_prev, c_prev, W_x, W_h, b: x @ W_x + b): "h_prev is not used: the gate reads it, too.",
        from_sum(lambda x, h_prev, c_prev, W_x, W_h, b: h_prev @ W_h + b): "x is not used: the gate reads it, too.",
    },
    hints=("Two steps: first the gate f (B, H), then what it does to c_prev.",
           "f is the sigmoid of x @ W_x + h_prev @ W_h + b. Which number in it belongs to which number in c_prev?",
           "Each to the one in its place: f * c_prev."),
)


# q3: what survives many steps

def surviving(f):
    return np.cumprod(f, axis=0)                    # (T, H)


def runs(rng):
    yield "one unit, three steps", (np.array([[0.9], [0.5], [0.8]]),)
    for label, shape in (("three units, five steps", (5, 3)), ("four units, four steps", (4, 4))):
        yield label, (rng.uniform(0.3, 0.95, shape),)


def steps_of(f):
    """Return the numbers of the steps, 1 to T, as a column."""
    return np.arange(1, len(f) + 1)[:, None]


q3 = Question(
    ask="Write `surviving(f)`: f (T, H) holds the forget gates of T steps. Return (T, H): after each step, which part of the "
        "memory that was there before the first one is still left in each unit.",
    reference=surviving,
    cases=runs,
    points=2,
    mistakes={
        lambda f: np.cumsum(f, axis=0): "This adds the gates up. Each multiplies what the ones before it have left.",
        lambda f: np.prod(f, axis=0): "This is what is left at the end. Give the part after every step.",
        lambda f: f ** steps_of(f): "This is right only if a gate has always been what it is now. Each step has its own f: "
                                    "multiply them all.",
        lambda f: f[0] ** steps_of(f): "This uses the first step's gate at every step. Each step has its own f.",
        lambda f: f.mean(axis=0) ** steps_of(f): "The mean gate to the power of t is not the product of the gates.",
        lambda f: np.cumprod(f, axis=1): "This multiplies over the units. Time is axis 0.",
        lambda f: np.cumprod(f): "Without an axis this goes through all units one after the other. Time is axis 0.",
        lambda f: np.cumprod(f[::-1], axis=0)[::-1]: "This multiplies from the end: the part left *of* each step at the last "
                                                     "one. Start at the first.",
        lambda f: np.concatenate([np.ones_like(f[:1]), np.cumprod(f, axis=0)[:-1]]): "This is what is left *before* each step. "
                                                                                   "The first gate has acted after the first "
                                                                                   "step.",
        lambda f: np.concatenate([np.ones_like(f[:1]), np.cumprod(f, axis=0)]): "There is one row too many: the first is the "
                                                                              "time before any gate has acted.",
        lambda f: 1 - np.cumprod(f, axis=0): "This is the part that is lost.",
        lambda f: f: "These are the gates as they came. What two of them leave together is their product.",
    },
    hints=("After two steps f[1] · f[0] is left. And after three?",
           "Go through the steps, and multiply what is left by the gate of each. Or look for a NumPy function: cum…",
           "np.cumprod multiplies along an axis and keeps every product on the way. Time is axis 0."),
)
