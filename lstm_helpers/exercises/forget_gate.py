"""Exercises of 08_forget_gate: a bias against what the input adds, long memories in a layer, what survives many steps."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: a bias against what the input adds


def bias_that_keeps(part, steps, pull):
    f = part ** (1 / steps)                         # f**steps == part
    return np.log(f / (1 - f)) - pull               # sigmoid(bias + pull) == f


MEMORIES = [(f"part = {part}, steps = {steps}, pull = {pull}", (part, steps, pull))
            for part, steps, pull in ((0.5, 100, 0.0), (0.9, 40, -3.0), (0.2, 7, 1.5), (0.5, 300, 2.0))]


def biased(change):
    """Return the bias_that_keeps of someone who makes `change(f, pull)` of the right gate."""
    return lambda part, steps, pull: change(part ** (1 / steps), pull)


def logit(f):
    return np.log(f / (1 - f))


q1 = Question(
    ask="Write `bias_that_keeps(part, steps, pull)`: what x and h_prev add to z_f is the same number `pull` at every step. "
        "Return the bias b_f with which, after `steps` steps, the part `part` of a memory is left.",
    reference=bias_that_keeps,
    cases=MEMORIES,
    points=2,
    mistakes={
        biased(lambda f, pull: logit(f)):
            "`pull` is missing: f = σ(b_f + pull), so the bias is what is left of z_f once pull is taken away.",
        biased(lambda f, pull: logit(f) + pull): "The sign of `pull`: f = σ(b_f + pull). Where x adds much, less bias is needed.",
        biased(lambda f, pull: f - pull): "f is a gate, not what is inside σ. Which z has σ(z) = f?",
        biased(lambda f, pull: f): "That is f. Which bias gives this f? Solve σ(b_f + pull) = f for b_f.",
        biased(lambda f, pull: -logit(f) - pull): "The sign: a gate that keeps nearly all has a z_f above 0.",
        biased(lambda f, pull: np.log(f) - pull): "That is ln f. The way back from f to its z is ln(f / (1 - f)).",
        biased(lambda f, pull: np.log2(f / (1 - f)) - pull):
            "This is the logarithm to base 2. It is right for a half-life, where the base cancels out; but σ has e in it: "
            "take the natural one, np.log.",
        biased(lambda f, pull: np.log10(f / (1 - f)) - pull):
            "This is the logarithm to base 10. σ has e in it: take the natural one, np.log.",
        biased(lambda f, pull: f / (1 - f) - pull): "f / (1 - f) is e to the power of z_f. Take its logarithm.",
        biased(lambda f, pull: sigmoid(f) - pull): "This is σ(f). You need the way back: the z with σ(z) = f.",
        lambda part, steps, pull: logit(0.5 ** (1 / steps)) - pull: "This keeps a half, whatever `part` is.",
        lambda part, steps, pull: logit(part) - pull: "This keeps `part` at *each* step. After all steps, f ** steps is left.",
        lambda part, steps, pull: logit(1 - (1 - part) / steps) - pull:
            "This takes the same amount at each step. The gate takes a part of what is *left*: f ** steps == part.",
    },
    hints=("Begin with f: the number of which the power `steps` is `part`.",
           "f = part ** (1 / steps). Inside σ stands z_f = b_f + pull. Which z has σ(z) = f?",
           "z = np.log(f / (1 - f)), and b_f = z - pull."),
)


# q2: long memories in a layer

def long_memories(x, W_x, b, steps):
    f = sigmoid(x @ W_x + b)                        # (H,), the same at every step
    return np.sum(f ** steps >= 0.5)


def layers(rng):
    yield "three units, one input", (np.array([2.0]), np.array([[1.0, -3.0, 0.5]]), np.array([3.0, 4.0, 0.0]), 8)
    for label, steps, D, H in (("forty units, ten steps", 10, 3, 40), ("sixty units, thirty steps", 30, 4, 60)):
        yield label, (rng.choice([-2.0, 2.0], D), rng.standard_normal((D, H)), rng.uniform(-2, 6, H), steps)


def counting(keeps):
    """Return the long_memories of someone whose units keep half where `keeps(f, steps)`."""
    return lambda x, W_x, b, steps: np.sum(keeps(sigmoid(x @ W_x + b), steps))


q2 = Question(
    ask="Write `long_memories(x, W_x, b, steps)`: a layer reads the same x (D,) at every step; W_x (D, H) and b (H,) are "
        "its forget gate's, W_h is 0. How many of the H units still hold at least half of their memory after `steps` steps?",
    reference=long_memories,
    cases=layers,
    points=2,
    mistakes={
        counting(lambda f, steps: f >= 0.5):
            "These are the gates that are at least half open: they keep half over *one* step. Over many, f ** steps is "
            "left.",
        counting(lambda f, steps: f * steps >= 0.5):
            "f is multiplied by the number of steps. Each step multiplies by f once more: f ** steps.",
        counting(lambda f, steps: f ** steps < 0.5): "These are the units that have lost more than half.",
        counting(lambda f, steps: (1 - f) ** steps >= 0.5): "f is what is kept, in spite of its name.",
        counting(lambda f, steps: f ** steps): "This adds up what is left. Count the units that hold at least half.",
        lambda x, W_x, b, steps: sigmoid(x @ W_x + b) ** steps >= 0.5: "This says which units do. How many are they?",
        lambda x, W_x, b, steps: np.sum(sigmoid(b) ** steps >= 0.5): "x is missing: it moves the gates, z_f = x @ W_x + b.",
        lambda x, W_x, b, steps: np.sum(sigmoid(x @ W_x) ** steps >= 0.5): "The bias b is missing: z_f = x @ W_x + b.",
        lambda x, W_x, b, steps: np.sum(sigmoid(b + steps * (x @ W_x)) >= 0.5):
            "The steps do not add up inside σ. Each step multiplies the memory by the same f.",
        lambda x, W_x, b, steps: np.sum((x @ W_x + b) ** steps >= 0.5): "The sigmoid is missing: f = σ(x @ W_x + b).",
        lambda x, W_x, b, steps: np.mean(sigmoid(x @ W_x + b) ** steps >= 0.5): "This is which part of the units does. How many?",
    },
    hints=("First the gates f (H,). They are the same at every step.",
           "After so many steps, f ** steps is left. In which units is that at least 0.5?",
           "np.sum counts where a comparison is true: np.sum(f ** steps >= 0.5)."),
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
    ask="Write `surviving(f)`: f (T, H) holds the forget gates of T steps. Return (T, H): after each step, which part of "
        "the memory that was there before the first one is still left in each unit.",
    reference=surviving,
    cases=runs,
    points=2,
    mistakes={
        lambda f: np.cumsum(f, axis=0): "This adds the gates up. Each multiplies what the ones before it have left.",
        lambda f: np.prod(f, axis=0): "This is what is left at the end. Give the part after every step.",
        lambda f: np.repeat(np.prod(f, axis=0)[None], len(f), axis=0):
            "All rows are equal to the last: one array is written over at each step (m *= row), and the list holds it T "
            "times. Make a new one: m = m * row.",
        lambda f: f ** steps_of(f):
            "This is right only if a gate has always been what it is now. Each step has its own f: multiply them all.",
        lambda f: f[0] ** steps_of(f): "This uses the first step's gate at every step. Each step has its own f.",
        lambda f: f.mean(axis=0) ** steps_of(f): "The mean gate to the power of t is not the product of the gates.",
        lambda f: np.cumprod(f, axis=1): "This multiplies over the units. Time is axis 0.",
        lambda f: np.cumprod(f): "Without an axis this goes through all units one after the other. Time is axis 0.",
        lambda f: np.cumprod(f[::-1], axis=0)[::-1]:
            "This multiplies from the end: the part left *of* each step at the last one. Start at the first.",
        lambda f: np.concatenate([np.ones_like(f[:1]), np.cumprod(f, axis=0)[:-1]]):
            "This is what is left *before* each step. The first gate has acted after the first step.",
        lambda f: np.concatenate([np.ones_like(f[:1]), np.cumprod(f, axis=0)]):
            "There is one row too many: the first is the time before any gate has acted.",
        lambda f: 1 - np.cumprod(f, axis=0): "This is the part that is lost.",
        lambda f: f: "These are the gates as they came. What two of them leave together is their product.",
    },
    hints=("After two steps f[1] · f[0] is left. And after three?",
           "Go through the steps, and multiply what is left by the gate of each. Or look for a NumPy function: cum…",
           "np.cumprod multiplies along an axis and keeps every product on the way. Time is axis 0."),
)
