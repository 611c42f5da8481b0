"""Exercises of 09_input_gate: what was proposed, a nearly shut gate, a latch, a gate that listens to a flag."""

import numpy as np

from lstm_helpers.checking import Question

# q1: what was proposed

def proposed(f, c_prev, i, c):
    return (c - f * c_prev) / i                     # c = f c_prev + i g, solved for g


def updates(rng):
    yield "one unit", tuple(np.array([[value]]) for value in (0.5, 2.0, 0.25, 0.8))
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        f, i = rng.uniform(0.1, 0.9, (2, *shape))
        c_prev, g = rng.uniform(1, 2, shape), rng.uniform(-0.9, -0.1, shape)
        yield label, (f, c_prev, i, f * c_prev + i * g)


q1 = Question(
    ask="Write `proposed(f, c_prev, i, c)`: from the forget gate f, the old cell state c_prev, the input gate i and the *new* "
        "cell state c, (B, H) each, work out which candidate g was proposed.",
    reference=proposed,
    cases=updates,
    mistakes={
        lambda f, c_prev, i, c: (c - f) / i: "The forget gate is taken off by itself. What was kept is the gate times the old "
                                             "cell state.",
        lambda f, c_prev, i, c: c - f * c_prev: "That is what was written. It went through the input gate: what was proposed?",
        lambda f, c_prev, i, c: i * (c - f * c_prev): "What was written is i times g already. To find g, undo the gate.",
        lambda f, c_prev, i, c: (c - c_prev) / i: "Not all of the old state was kept: f of it was.",
        lambda f, c_prev, i, c: (c - (1 - f) * c_prev) / i: "f is what is *kept*, not what is dropped.",
        lambda f, c_prev, i, c: c / i: "The new state is not all new: a part of the old was kept.",
        lambda f, c_prev, i, c: (c - f * c_prev) / (1 - f): "Here 1 - f stands in for the input gate. That is a variant: this "
                                                            "cell has an i of its own.",
        lambda f, c_prev, i, c: (c - i * c_prev) / f: "The gates are exchanged: f belongs to the old state, i to the candidate.",
        lambda f, c_prev, i, c: c - f * c_prev - i: "The gate multiplied the candidate. It was not added to it.",
        lambda f, c_prev, i, c: c - f * c_prev / i: "Only a part of this is divided by i. Put the difference into brackets.",
        lambda f, c_prev, i, c: (c / f - c_prev) / i: "What is new did not go through the forget gate: take f * c_prev from c, "
                                                      "not c_prev from c / f.",
        lambda f, c_prev, i, c: f * c_prev + i * c: "That is the update itself, with c in the place of g. Go the other way: c is "
                                                    "known, g is not.",
        lambda f, c_prev, i, c: (c + f * c_prev) / i: "The sign: what was kept is a part of c. Take it off.",
        lambda f, c_prev, i, c: f * c_prev: "That is what was kept. What came in besides?",
        lambda f, c_prev, i, c: np.tanh((c - f * c_prev) / i): "g has had its tanh already: here it gets a second.",
        lambda f, c_prev, i, c: np.arctanh((c - f * c_prev) / i): "That is the number before the tanh. g itself is asked for.",
    },
    hints=("The new state is a sum of two parts. One of them you can compute from f and c_prev.",
           "c - f * c_prev is what was written: i times g."),
)


# q2: a nearly shut gate

def b_i():
    return np.log(0.1 / 0.9)                        # sigmoid(b_i) == 0.1


q2 = Question(
    ask="An input gate gets nothing from x and h_prev: i = σ(b_i). Which bias b_i lets 10 % of every candidate in? Give two "
        "digits after the point.",
    reference=b_i,
    tolerance=0.002,
    mistakes={
        lambda: np.log(9): "The sign: this bias lets 90 % in.",
        lambda: np.log(0.1): "That is ln 0.1, and σ of it is 0.09. Solve 1 / (1 + e^(-b_i)) = 0.1 without leaving out the 1.",
        lambda: np.log(0.9): "That is ln 0.9. Divide what comes in by what does not, then take the logarithm.",
        0.1: "0.1 is what the gate should be. Which bias gives a gate of 0.1?",
        0.9: "0.9 is what the gate should keep out. Which bias gives a gate of 0.1?",
        -0.9: "σ(-0.9) is 0.29. The bias that you look for is not a part of 1: solve σ(b_i) = 0.1.",
        lambda: 1 / 9: "That is i / (1 - i). Take its logarithm.",
        lambda: np.log10(1 / 9): "This is the logarithm to base 10. σ has e in it: take the natural one, np.log.",
        lambda: np.log2(1 / 9): "This is the logarithm to base 2. σ has e in it: take the natural one, np.log.",
        lambda: 1 / (1 + np.exp(-0.1)): "This is σ(0.1). You need the way back: the b_i with σ(b_i) = 0.1.",
        lambda: np.log(0.01 / 0.99): "This bias lets 1 % in. It should be 10 %.",
        0.0: "With bias 0 the gate is half open.",
    },
    hints=("Is the bias of a gate that is more shut than open above 0 or below?",
           "Solve 1 / (1 + e^(-b_i)) = 0.1. What does e^(-b_i) have to be?",
           "e^(-b_i) = 0.9 / 0.1, so b_i = np.log(0.1 / 0.9)."),
)


# q3: a latch

def latch_step(x, write, c_prev):
    i, f = write, 1 - write                         # ideal gates: all or nothing
    return f * c_prev + i * x


def flags(rng):
    yield "two units: one writes, one keeps", (np.array([0.5, -0.7]), np.array([1.0, 0.0]), np.array([0.9, 0.3]))
    yield "x = 0 is written too", (np.array([0.0, 0.4]), np.array([1.0, 0.0]), np.array([0.9, 0.3]))
    yield "into empty cells", (np.array([0.6, 0.4]), np.array([1.0, 0.0]), np.zeros(2))
    some = rng.permutation([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    for label, write in (("some write", some), ("all write", np.ones((2, 3))), ("all keep", np.zeros((2, 3)))):
        yield label, (rng.uniform(0.1, 0.9, write.shape), write, rng.uniform(-0.9, -0.1, write.shape))
    yield "far from 0", (rng.uniform(2, 4, some.shape), some, rng.uniform(-4, -2, some.shape))


q3 = Question(
    ask="Write `latch_step(x, write, c_prev)`: one step of a latch with ideal gates. The three arrays all have the same "
        "shape; write holds 0 or 1. Where it is 1, the new cell state is x, as it is; where it is 0, the old state c_prev stays, "
        "whatever x may be.",
    reference=latch_step,
    cases=flags,
    points=2,
    mistakes={
        lambda x, write, c_prev: c_prev + write * x: "This adds x to the old state. To replace it, the forget gate has to shut "
                                                     "while the input gate is open.",
        lambda x, write, c_prev: np.where(write * x != 0, x, c_prev): "A signal of 0 is a signal too: it is write that decides.",
        lambda x, write, c_prev: write * c_prev + write * x: "Both gates open and shut together. The forget gate is 1 - write.",
        lambda x, write, c_prev: x: "This writes always. What should happen where write is 0?",
        lambda x, write, c_prev: c_prev: "This never writes. What should happen where write is 1?",
        lambda x, write, c_prev: np.where((write == 1) & (c_prev == 0), x, c_prev): "This writes into an empty cell alone, as "
                                                                                   "the latch above. Here every flag writes.",
        lambda x, write, c_prev: (1 - write) * np.clip(c_prev, -1, 1) + write * np.clip(x, -1, 1): "This cuts at -1 and 1. A "
                                                                                                 "cell state has no such bounds.",
        lambda x, write, c_prev: (1 - write) * c_prev + write * np.clip(x, -1, 1): "x is cut at -1 and 1. This latch takes it as "
                                                                                  "it is.",
        lambda x, write, c_prev: (1 - write) * np.clip(c_prev, -1, 1) + write * x: "The old state is cut at -1 and 1. A cell "
                                                                                  "state has no such bounds.",
        lambda x, write, c_prev: write * x: "Where write is 0 the state is lost: the forget gate has to be open there.",
        lambda x, write, c_prev: (1 - write) * c_prev: "Where write is 1 the old state goes, but x does not come in.",
        lambda x, write, c_prev: write * c_prev + (1 - write) * x: "This is the wrong way round: it keeps where it should write.",
        lambda x, write, c_prev: (1 - write) * c_prev + x: "x comes in everywhere. The input gate has to be shut where write is "
                                                           "0.",
        lambda x, write, c_prev: c_prev + x: "There are no gates in this: everything is kept and everything comes in.",
        lambda x, write, c_prev: (1 - write) * c_prev + write * np.tanh(x): "What is written has gone through a tanh. This latch "
                                                                           "takes x as it is.",
        lambda x, write, c_prev: np.where(write.any(), x, c_prev): "If one writes, all write. Each has a flag of its own.",
        lambda x, write, c_prev: np.where(write.all(), x, c_prev): "It writes only if all write. Each has a flag of its own.",
    },
    hints=("A cell has two gates. What has each of them to be where write is 1, and what where it is 0?",
           "The input gate can be `write` itself. The forget gate has to be 0 where that is 1, and 1 where it is 0.",
           "With i = write and f = 1 - write it is the update that you know: f * c_prev + i * x."),
)


# q4: a gate that listens to a flag

def flag_weights(shut, wide):
    b = np.log(shut / (1 - shut))                   # sigmoid(b) == shut, for the flag 0
    w = np.log(wide / (1 - wide)) - b               # sigmoid(w + b) == wide, for the flag 1
    return w, b


OPENINGS = [("from 0.2 to 0.9", (0.2, 0.9)), ("from 0.001 to 0.99", (0.001, 0.99)), ("from 0.8 down to 0.05", (0.8, 0.05))]


def logit(part):
    return np.log(part / (1 - part))


q4 = Question(
    ask="Write `flag_weights(shut, wide)`: an input gate of one unit reads a flag that is 0 or 1 and nothing else: i = σ(w · "
        "flag + b). Return w and b, in this order, such that i is `shut` when the flag is 0 and `wide` when it is 1.",
    reference=flag_weights,
    cases=OPENINGS,
    names=("w", "b"),
    points=3,
    mistakes={
        lambda shut, wide: (logit(wide), logit(shut)): "b is right. But it is still there when the flag is 1: w + b, not w, has "
                                                       "to open the gate.",
        lambda shut, wide: (logit(shut) - logit(wide), logit(shut)): "The sign of w: w + b has to give `wide`, so w is the way "
                                                                     "from b to there.",
        lambda shut, wide: (logit(wide) + logit(shut), logit(shut)): "b is right. For the flag 1 b has to be made up for: take "
                                                                     "it off, don't add it.",
        lambda shut, wide: (logit(shut), logit(wide) - logit(shut)): "The right numbers in the wrong order: first w, then b.",
        lambda shut, wide: (logit(shut) - logit(wide), logit(wide)): "With the flag 0 this gate is `wide`, with 1 `shut`: the "
                                                                     "wrong way round.",
        lambda shut, wide: (wide - shut, shut): "These are values of the gate. w and b stand inside the σ: solve σ(b) = shut "
                                                "first.",
        lambda shut, wide: (logit(wide - shut) if wide > shut else np.nan, logit(shut)): "b is right. For w, differences are "
                                                                                        "taken inside the σ, not between gates.",
        lambda shut, wide: (np.log(wide) - np.log(shut), np.log(shut)): "This turns e^z round, not σ(z) = 1 / (1 + e^(-z)). What "
                                                                        "does σ(b) = shut give?",
        lambda shut, wide: tuple(part / np.log(2) for part in flag_weights(shut, wide)): "These are logarithms to base 2. σ has "
                                                                                        "e in it: take the natural one, np.log.",
        lambda shut, wide: (-flag_weights(shut, wide)[0], -flag_weights(shut, wide)[1]): "Both signs are turned: σ(-z) is "
                                                                                       "1 - σ(z).",
    },
    hints=("Begin with the flag 0: what is left of w · flag + b?",
           "Solving σ(z) = p for z gives z = ln(p / (1 - p)). For the flag 0 that is b. What is z for the flag 1?",
           "For the flag 1, w + b = ln(wide / (1 - wide)). You have b already."),
)
