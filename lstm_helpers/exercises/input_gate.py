"""Exercises of 09_input_gate: where it settles, a gate that leaks noise, a latch, a gate that listens to a flag."""

import numpy as np

from lstm_helpers.checking import Question

# q1: where it settles

def settles(f, i, g):
    return i * g / (1 - f)                          # c = f c + i g, solved for c


def constant_parts(rng):
    yield "one unit", tuple(np.array([[value]]) for value in (0.9, 0.25, -0.8))
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        yield label, (rng.uniform(0.2, 0.95, shape), rng.uniform(0.1, 0.9, shape), rng.uniform(-0.9, -0.1, shape))


q1 = Question(
    ask="Write `settles(f, i, g)`: forget gate, input gate and candidate, (B, H) each, stay as they are at every step. Return "
        "the cell state that is reached after very many steps.",
    reference=settles,
    cases=constant_parts,
    points=2,
    mistakes={
        lambda f, i, g: i * g: "That is what one step writes. Every step writes it again, and a part of the old is still there.",
        lambda f, i, g: g: "g is what is proposed. A cell state may go beyond it: writings pile up.",
        lambda f, i, g: i * g / f: "Check it with one step: f times your c, plus i times g, should give your c again.",
        lambda f, i, g: f * i * g / (1 - f): "That is what is left of the old at each step. The newest writing has not met the "
                                             "forget gate yet.",
        lambda f, i, g: g / (1 - f): "Only the share i of g is written at each step.",
        lambda f, i, g: i / (1 - f): "The gate alone is not written: it lets in a share of g.",
        lambda f, i, g: f + i * g: "That is a step from c = 1. Take many, from where you like.",
        lambda f, i, g: i * g + f * i * g: "Those are two steps from 0. What is it after very many?",
        lambda f, i, g: i * g / (1 - i): "What is lost at each step is 1 - f, not 1 - i.",
        lambda f, i, g: (1 - f) * i * g: "The more is lost, the *lower* the level at which loss and gain are equal.",
        lambda f, i, g: 0 * f: "That is where a cell ends that gets nothing new. Here i times g comes in at every step.",
        lambda f, i, g: np.tanh(i * g / (1 - f)): "That is what an open cell shows. Asked for is c itself.",
    },
    hints=("Is there a c that one step leaves as it is?", "Such a c has c = f * c + i * g. Solve for c."),
)


# q2: a gate that leaks noise

def b_i():
    return np.log(0.001 / 0.999)                    # sigmoid(b_i) == 0.001, and 0.001 * sqrt(10_000) == 0.1


q2 = Question(
    ask="A cell forgets nothing: f = 1. No flag is up for 10,000 steps, and its input gate stands at i = σ(b_i). The candidate "
        "is +1 or -1 at each step, at random. With which b_i is the cell state 0.1 away from 0 at the end, as a root mean square "
        "over many runs? Give two digits after the point.",
    reference=b_i,
    tolerance=0.002,
    points=2,
    mistakes={
        lambda: np.log(1e-5): "So shut it would have to be if all 10,000 had one sign. Random signs cancel, in part: what is "
                              "the mean square of their sum?",
        lambda: np.log(1e-6): "That solves T i = 0.1² for i. The mean square is T i²: one root is missing.",
        lambda: np.log(0.1 / 0.9): "This gate lets 0.1 in at *each* step.",
        lambda: np.log(0.01 / 0.99): "With this i the mean square is T i² = 1. It should be 0.1².",
        lambda: np.log(0.999 / 0.001): "The sign: this gate stands wide open.",
        0.001: "A bias near 0 leaves the gate half open. If that is your i: which bias gives such a gate?",
        lambda: np.log10(0.001): "This is the logarithm to base 10. σ has e in it: take the natural one, np.log.",
        lambda: np.log2(0.001): "This is the logarithm to base 2. σ has e in it: take the natural one, np.log.",
    },
    hints=("c is a sum of 10,000 numbers, each i or -i. In its square, on average, what becomes of products of two different "
           "ones?",
           "They cancel. What is left is i² for each step, so the mean square is T i² and its root i times the root of T.",
           "100 i = 0.1, so i = 0.001. Now solve σ(b_i) = 0.001."),
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
