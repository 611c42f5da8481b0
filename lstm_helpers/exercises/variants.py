"""Exercises of 19_variants: a cell with one gate, what a coupled cell is a mean of, a GRU for an LSTM's budget."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: one gate for both


def one_gate_step(x, h_prev, W_x, W_h, b):
    f = sigmoid(x @ W_x[0] + h_prev @ W_h[0] + b[0])                    # (B, H)
    n = np.tanh(x @ W_x[1] + (f * h_prev) @ W_h[1] + b[1])
    return (1 - f) * h_prev + f * n


def units(rng):
    for label, (batch, inputs, hidden) in (("one unit", (1, 1, 1)), ("two sequences, three inputs, four units", (2, 3, 4)),
                                           ("three of each", (3, 3, 3))):
        yield label, (rng.uniform(0.5, 1.5, (batch, inputs)), rng.uniform(-0.9, -0.3, (batch, hidden)),
                      rng.standard_normal((2, inputs, hidden)), rng.standard_normal((2, hidden, hidden)),
                      rng.uniform(0.5, 1, (2, hidden)) * [[1], [-1]])


def one_gate_with(update=lambda f, n, h: (1 - f) * h + f * n, order=(0, 1), squash=np.tanh, gate=sigmoid, inner=None):
    """Return the one_gate_step of someone who mixes otherwise, exchanges the slabs, or forms n from other sums."""
    inner = inner or (lambda x, h, f, W_x, W_h, b: x @ W_x + (f * h) @ W_h + b)

    def step(x, h_prev, W_x, W_h, b):
        first, second = order
        f = gate(x @ W_x[first] + h_prev @ W_h[first] + b[first])
        return update(f, squash(inner(x, h_prev, f, W_x[second], W_h[second], b[second])), h_prev)

    return step


q1 = Question(
    ask="Write `one_gate_step(x, h_prev, W_x, W_h, b)`: take the GRU as Cho and others wrote it, with the reset *before* "
        "the product, and let one gate f do the work of both (Zhou and others, 2016): f resets where r did, and f is the "
        "part that is *replaced* by the candidate; the rest of the old state stays. x is (B, D), h_prev (B, H); W_x (2, D, "
        "H), W_h (2, H, H) and b (2, H) hold gate and candidate in this order. Return the new state (B, H).",
    reference=one_gate_step,
    cases=units,
    points=2,
    mistakes={
        one_gate_with(lambda f, n, h: f * h + (1 - f) * n): "f and 1 - f are exchanged: here f is the part that is replaced.",
        one_gate_with(inner=lambda x, h, f, W_x, W_h, b: x @ W_x + f * (h @ W_h) + b):
            "f multiplies what comes out of the product, as in PyTorch's GRU. Here it multiplies h_prev before it.",
        one_gate_with(inner=lambda x, h, f, W_x, W_h, b: x @ W_x + h @ W_h + b):
            "The candidate sees all of h_prev: nothing is reset.",
        one_gate_with(inner=lambda x, h, f, W_x, W_h, b: x @ W_x + ((1 - f) * h) @ W_h + b):
            "This resets with 1 - f. A reset gate near 0 is the one that resets: use f.",
        one_gate_with(inner=lambda x, h, f, W_x, W_h, b: f * (x @ W_x + h @ W_h + b)):
            "f multiplies what comes from x, too. It resets only h_prev.",
        one_gate_with(squash=sigmoid): "The candidate has a sigmoid. It needs both signs, so tanh.",
        one_gate_with(squash=lambda sums: sums): "The candidate is not squashed: tanh is missing.",
        one_gate_with(gate=np.tanh): "The gate has a tanh. A part lies between 0 and 1: sigmoid.",
        one_gate_with(gate=lambda sums: sums): "The gate is not squashed: a part lies between 0 and 1.",
        one_gate_with(lambda f, n, h: f * n): "The old state is lost: the part 1 - f of it stays.",
        one_gate_with(lambda f, n, h: h + f * n): "All of the old state stays. Only 1 - f of it does.",
        one_gate_with(lambda f, n, h: (1 - f) * h + n): "The candidate comes in whole. Only the part f is replaced by it.",
        one_gate_with(lambda f, n, h: n): "This returns the candidate. The gate mixes it with h_prev.",
        one_gate_with(lambda f, n, h: np.tanh((1 - f) * h + f * n)):
            "There is a tanh around the mixture. It is a mean of two numbers in (-1, 1), and needs none.",
        one_gate_with(order=(1, 0)): "Gate and candidate are exchanged: slab 0 is the gate.",
    },
    hints=("Write down the GRU of Cho and others. Which letters become f? What stands where z kept?",
           "z was what stays, so now 1 - f stays.", "The candidate is np.tanh(x @ W_x[1] + (f * h_prev) @ W_h[1] + b[1])."),
)


# q2: what a coupled cell is a mean of

def shares(f):
    later = np.cumprod(np.concatenate([f[1:], np.ones_like(f[:1])])[::-1], axis=0)[::-1]           # what all later steps keep
    return (1 - f) * later


def gates(rng):
    yield "three steps of one unit", (np.array([[0.5], [0.9], [0.8]]),)
    yield "five steps of two units", (rng.uniform(0.3, 0.9, (5, 2)),)
    yield "three steps of three units", (rng.uniform(0.3, 0.9, (3, 3)),)


def kept_until(f, first):
    """Return the product of the gates from step t + first on, for each t."""
    return np.array([f[t + first:].prod(axis=0) for t in range(len(f))])


q2 = Question(
    ask="Write `shares(f)`: a coupled cell (i = 1 - f) begins with c = 0 and is given forget gates f (T, H). Its last "
        "state is a weighted sum of the candidates g of all its steps. Return these weights (T, H).",
    reference=shares,
    cases=gates,
    points=2,
    mistakes={
        lambda f: 1 - f: "That is what comes in at each step. The steps after it forget a part of it.",
        lambda f: kept_until(f, 1): "That is what the later steps keep. At its own step only 1 - f of a candidate comes in.",
        lambda f: (1 - f) * kept_until(f, 0):
            "A step's own f does not act on its candidate: multiply the gates of later steps alone.",
        lambda f: kept_until(f, 0): "At its own step 1 - f of a candidate comes in, not f: the input gate is coupled.",
        lambda f: (1 - f) * np.cumprod(f, axis=0):
            "You multiplied the gates of the steps *before*. Those after a step forget it.",
        lambda f: (1 - f) * np.cumprod(np.concatenate([np.ones_like(f[:1]), f[:-1]]), axis=0):
            "Gates before a step cannot forget what it has not yet brought. Multiply those after it.",
        lambda f: (1 - f) * f[1:].prod(axis=0):
            "All steps have the same product here. Only the gates *after* a step forget it.",
        lambda f: shares(f)[::-1]: "The weights stand in the wrong order: the first row belongs to the first step.",
        lambda f: shares(f) / shares(f).sum(axis=0):
            "No division: they add up to less than 1, for a part of the 0 at the beginning "
                                                     "is still there.",
        lambda f: shares(f).sum(axis=0): "This adds them up. Return one weight for each step.",
        lambda f: shares(f).T: "Rows are steps and columns units: (T, H).",
        lambda f: np.cumsum(shares(f), axis=0): "These are sums of the weights so far. Return the weights.",
    },
    hints=("Write out c after three steps, with letters. What stands before each g?",
           "1 - f of its own step, times the f of every later step.",
           "The last row is (1 - f)[-1]. Go backwards from there, with a running product."),
)


# q3: a GRU for an LSTM's budget

def gru_units(D, H):
    h = 1
    while 3 * (D + h + 2) * (h + 1) + h + 1 <= 4 * (D + H + 1) * H:                # one more would still fit
        h += 1
    return h


def sizes(rng):
    for D, H in ((1, 3), (2, 16), (6, 5), (1, 6), (1, 7), (19, 19), (1, 9)):
        yield f"D = {D}, H = {H}", (D, H)


def largest(gru, lstm=lambda D, H: 4 * (D + H + 1) * H, strict=False):
    """Return the gru_units of someone who counts otherwise."""
    def answer(D, H):
        fits = [h for h in range(4 * H + 4) if gru(D, h) < lstm(D, H) or (not strict and gru(D, h) == lstm(D, H))]
        return max(fits)
    return answer


def gru_count(D, h):
    return 3 * (D + h + 1) * h + h


def unrounded(D, H):
    """Return the root of the quadratic equation."""
    half = (3 * D + 4) / 6
    return np.sqrt(half**2 + 4 * (D + H + 1) * H / 3) - half


q3 = Question(
    ask="Write `gru_units(D, H)`: how many units may the GRU of this notebook (b_h included) have at most, if it is to "
        "hold no more parameters than an LSTM with H units? Both read D inputs.",
    reference=gru_units,
    cases=sizes,
    mistakes={
        largest(lambda D, h: gru_count(D, h) - h): "You left out b_h, the second bias of the candidate.",
        largest(gru_count, lambda D, H: 4 * (D + H) * H): "You left out the LSTM's biases. They are parameters, too.",
        largest(lambda D, h: gru_count(D, h) + 2 * h):
            "You gave each of the three parts two biases. Only the candidate has two here.",
        largest(lambda D, h: 3 * (D + h) * h): "Biases are parameters, too.",
        largest(lambda D, h: 3 * h * h, lambda D, H: 4 * H * H):
            "You counted W_h alone. W_x and the biases are parameters, too.",
        largest(lambda D, h: 2 * (D + h + 1) * h + h): "A GRU has two gates and a candidate: three parts with weights.",
        largest(gru_count, lambda D, H: 3 * (D + H + 1) * H):
            "The LSTM has three gates and a candidate: four parts with weights.",
        unrounded: "Units come whole: round down.",
        lambda D, H: round(unrounded(D, H)): "Rounded to the nearest, it may be too many. Round down.",
        largest(gru_count, strict=True): "Exactly as many parameters as the LSTM are allowed: at most, not less than.",
        lambda D, H: gru_units(D, H) + 1: "One too many: this one holds more than the LSTM does.",
        lambda D, H: gru_units(D, H) - 1: "One too few: one unit more would still fit.",
        lambda D, H: 4 * H // 3: "Four thirds of the units: but W_h grows with their square.",
        lambda D, H: H: "With equal units the GRU holds about three quarters of the parameters: there is room for more units.",
        lambda D, H: gru_count(D, gru_units(D, H)): "That is how many parameters it then has. How many units?",
        lambda D, H: 4 * (D + H + 1) * H: "That is how many parameters the LSTM has. How many units may the GRU have?",
    },
    hints=("Count both: the LSTM has four parts with weights, the GRU three, and b_h.",
           "The LSTM: 4 (D + H + 1) H. The GRU with h units: 3 (D + h + 1) h + h.",
           "Go up from h = 1 until the next one no longer fits, or solve the quadratic equation and round down."),
)
