"""Exercises of 20_frameworks: a bias from ONNX, a forget bias for PyTorch, counting what a stack of PyTorch keeps."""

import numpy as np

from lstm_helpers.checking import Question

# q1: a bias from ONNX


def from_onnx_bias(W_b, R_b):
    i, o, f, c = (W_b + R_b).reshape(4, -1)                          # (4H,) -> (4, H), both added
    return np.stack([i, f, c, o])


def onnx_biases(rng):
    yield "one unit", (np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 20.0, 30.0, 50.0]))
    for label, H in (("three units", 3), ("four units", 4)):
        yield label, tuple(rng.standard_normal((2, 4 * H)).round(2))


def in_the_order(*places):
    return lambda W_b, R_b: (W_b + R_b).reshape(4, -1)[list(places)]


def ours(parts):
    return parts.reshape(4, -1)[[0, 2, 3, 1]]


q1 = Question(
    ask="An ONNX file holds two biases for one LSTM, both in its order i, o, f, c: `W_b` for the inputs and `R_b` for the "
        "hidden state, (4H,) each, none of them 0. Write `from_onnx_bias(W_b, R_b)`: return the one bias with which *our* "
        "layer computes the same, (4, H).",
    reference=from_onnx_bias,
    cases=onnx_biases,
    points=2,
    mistakes={
        lambda W_b, R_b: ours(W_b): "The recurrent biases are left out. Both are added to the same z.",
        lambda W_b, R_b: ours(R_b): "These are the recurrent biases alone. Both are added to the same z.",
        lambda W_b, R_b: ours(W_b + R_b) / 2: "That is the mean of the two. z gets both: add them.",
        in_the_order(0, 1, 2, 3): "The parts still stand as in ONNX, i, o, f, c. Ours is i, f, g, o, and its c is our g.",
        in_the_order(0, 3, 1, 2): "The parts come as i, c, o, f: the places are taken the other way round.",
        in_the_order(0, 2, 1, 3): "The last two parts are exchanged: g is third, o fourth. ONNX's c is our g.",
        in_the_order(0, 3, 2, 1): "The parts come as i, c, f, o: f is second, g third.",
        lambda W_b, R_b: (W_b + R_b).reshape(-1, 4).T[[0, 2, 3, 1]]: "The parts are taken to alternate, unit by unit. First come "
                                                                    "all units of i, then all of o.",
        lambda W_b, R_b: ours(W_b + R_b).ravel(): "Nearly: four slabs are asked for, (4, H), one for each part.",
        lambda W_b, R_b: ours(W_b + R_b)[None]: "Nearly: (4, H) is asked for. The axis of directions is ONNX's own.",
        lambda W_b, R_b: ours(W_b + R_b).T: "Nearly: this is (H, 4). The parts are on the first axis.",
    },
    hints=("Which two numbers go into the same z?", "(W_b + R_b).reshape(4, -1): parts, units.",
           "i, o, f, c = … gives four arrays (H,). np.stack puts them into our order; ONNX's c is our g."),
)


# q2: a forget bias for PyTorch

def with_forget_bias(bias_ih, bias_hh, value):
    H = len(bias_ih) // 4
    bias_ih, bias_hh = bias_ih.copy(), bias_hh.copy()
    bias_ih[H:2 * H] = value - bias_hh[H:2 * H]
    return bias_ih + bias_hh


def two_biases(rng):
    for label, H, value in (("one unit", 1, 1.0), ("three units", 3, 2.0), ("five units", 5, -1.5)):
        yield label, (rng.uniform(0.1, 0.5, 4 * H).round(2), rng.uniform(-0.9, -0.6, 4 * H).round(2), value)


def filled(first, last, change):
    """Return the with_forget_bias of someone who changes both biases of rows first·H to last·H by `change`, and adds them."""
    def answer(bias_ih, bias_hh, value):
        rows = slice(first * len(bias_ih) // 4, last * len(bias_ih) // 4)
        one, two = bias_ih.copy(), bias_hh.copy()
        one[rows], two[rows] = change(one[rows], two[rows], value)
        return one + two
    return answer


q2 = Question(
    ask="PyTorch drew the biases of a fresh `nn.LSTM`: `bias_ih` and `bias_hh`, (4H,) each, none of them 0. Every unit is to "
        "begin with the forget bias `value`, all other biases are to stay what they are together. Write "
        "`with_forget_bias(bias_ih, bias_hh, value)`: return the *sum* of the two biases afterwards, (4H,). Leave the arguments "
        "as they are.",
    reference=with_forget_bias,
    cases=two_biases,
    points=2,
    mistakes={
        filled(1, 2, lambda one, two, value: (value, two)): "bias_hh still adds its own: the sum in f's rows is not `value`.",
        filled(1, 2, lambda one, two, value: (one, value)): "bias_ih still adds its own: the sum in f's rows is not `value`.",
        filled(1, 2, lambda one, two, value: (value, value)): "Both are `value`, so the gate gets it twice.",
        filled(1, 2, lambda one, two, value: (one + value, two)): "`value` is added to what was drawn. The sum itself is to be "
                                                                  "`value`.",
        filled(0, 1, lambda one, two, value: (value, 0)): "These are the rows of i. PyTorch's order is i, f, g, o.",
        filled(2, 3, lambda one, two, value: (value, 0)): "These are the rows of g. Where ONNX has f, PyTorch has g.",
        filled(3, 4, lambda one, two, value: (value, 0)): "These are the rows of o. PyTorch's order is i, f, g, o.",
        filled(0, 4, lambda one, two, value: (value, 0)): "All rows are set. Only those of f are to change.",
        lambda bias_ih, bias_hh, value: np.concatenate([np.full(n // 4, value) if k == 1 else bias_ih[k * n // 4:(k + 1) * n // 4]
                                                        for n in [len(bias_ih)] for k in range(4)]):
            "Outside of f, bias_hh is missing: return the sum of both.",
        lambda bias_ih, bias_hh, value: with_forget_bias(bias_ih, bias_hh, value).reshape(4, -1):
            "Nearly: PyTorch keeps one row of numbers, (4H,).",
    },
    hints=("Which rows are those of f, when the order is i, f, g, o?", "Rows H to 2H, with H = len(bias_ih) // 4.",
           "Take both.copy() first; then `value` in one of the two and 0 in the other does it."),
)


# q3: what a stack of PyTorch keeps

def numbers_in_stack():
    D, H = 4, 6
    below = 4 * (D * H + H * H + H + H)              # W_x, W_h and two biases for each of four parts
    above = 4 * (2 * H * H + H * H + H + H)          # reads both directions of the layer below
    return 2 * (below + above)


q3 = Question(
    ask="How many numbers does PyTorch's `nn.LSTM(4, 6, num_layers=2, bidirectional=True)` keep: all entries of all weights and "
        "biases? Each direction of the second layer reads both directions of the first, side by side.",
    reference=numbers_in_stack,
    mistakes={
        288: "That is the first layer, in one direction. There are two layers and two directions.",
        576: "That is the first layer, in both directions. There is a second one.",
        768: "One direction is missing: this is half of it.",
        960: "That is the second layer alone.",
        1152: "The second layer is not as the first: it reads 2H = 12 numbers, not 4.",
        1248: "The second layer reads both directions: 2H = 12 numbers a step, not 6.",
        624: "The second layer reads 2H = 12 numbers a step, and there are two directions.",
        1440: "PyTorch keeps two biases for each part: one is missing.",
        1344: "The biases are missing: two for each part of each layer and direction.",
        384: "That is one part. There are four.",
        1392: "The second layer has two biases, too.",
    },
    hints=("One layer, one direction: 4·(D·H + H·H + 2·H).", "For the second layer D is 2·H = 12.",
           "2 · (4·(4·6 + 6·6 + 12) + 4·(12·6 + 6·6 + 12))"),
)
