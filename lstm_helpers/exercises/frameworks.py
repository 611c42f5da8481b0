"""Exercises of 20_frameworks: weights for PyTorch, a bias for ONNX, counting what PyTorch keeps."""

import numpy as np

from lstm_helpers.checking import Question

# q1: weights for PyTorch


def to_torch_weight(W):
    return np.concatenate([slab.T for slab in W])                    # (4, D, H) -> (4H, D)


def slabs(rng):
    yield "one input, one unit", (np.arange(1.0, 5).reshape(4, 1, 1),)
    yield "three inputs, two units", (rng.standard_normal((4, 3, 2)).round(2),)
    yield "weights of the state", (rng.standard_normal((4, 3, 3)).round(2),)


def in_the_order(*places):
    return lambda W: to_torch_weight(W[list(places)])


q1 = Question(
    ask="Write `to_torch_weight(W)`. W holds our slabs (4, D, H), in the order i, f, g, o. Return them as PyTorch keeps them: "
        "one array (4H, D), the first H rows those of i.",
    reference=to_torch_weight,
    cases=slabs,
    points=2,
    mistakes={
        lambda W: np.concatenate(list(W)): "The slabs stand one upon the other, but none is transposed: this is (4D, H).",
        lambda W: np.concatenate(list(W), axis=1): "This is how Keras keeps them, (D, 4H): for rows from the left. PyTorch "
                                                   "keeps the transpose.",
        lambda W: W.reshape(-1, W.shape[1]): "The reshape has the right shape and moves nothing: the numbers lie in memory as "
                                             "before. Each slab must be transposed.",
        lambda W: W.transpose(2, 0, 1).reshape(-1, W.shape[1]): "The gates alternate, unit by unit. First come all units of i, "
                                                                "then all of f.",
        lambda W: W.transpose(0, 2, 1): "Every slab is transposed, but there are still four: put one upon the other.",
        lambda W: W.transpose(1, 0, 2).reshape(-1, W.shape[1]): "The numbers of different parts are mixed. Transpose each slab "
                                                                "by itself, with transpose(0, 2, 1).",
        in_the_order(3, 2, 1, 0): "The parts stand in reverse order: i is first.",
        in_the_order(0, 3, 1, 2): "These are the rows in ONNX's order i, o, f, c. PyTorch's order is ours.",
        in_the_order(0, 1, 3, 2): "The last two parts are exchanged: g is third, o fourth, as with us.",
        in_the_order(1, 0, 2, 3): "The first two parts are exchanged: i is first, f second, as with us.",
    },
    hints=("PyTorch multiplies W @ x with x as a column. What does that do to each slab?",
           "Transpose each slab, (D, H) -> (H, D), then put the four one upon the other.",
           "np.concatenate puts a list of arrays one upon the other; slab.T is the transpose."),
)


# q2: a bias for ONNX

def onnx_bias(b):
    i, f, g, o = b
    return np.concatenate([i, o, f, g, np.zeros(b.size)])[None]      # (4, H) -> (1, 8H)


def biases(rng):
    yield "one unit", (np.array([[1.0], [2.0], [3.0], [4.0]]),)
    yield "three units", (rng.standard_normal((4, 3)).round(2),)
    yield "four units", (rng.standard_normal((4, 4)).round(2),)


def filled(b, first, second):
    """Return a bias for ONNX with two halves (4, H) each."""
    return np.concatenate([np.ravel(first), np.ravel(second)])[None]


def iofc(b):
    return b[[0, 3, 1, 2]]


q2 = Question(
    ask="Write `onnx_bias(b)`. b is ours, (4, H), in the order i, f, g, o. Return ONNX's B for one direction, (1, 8H): first the "
        "input biases in its order i, o, f, c, then as many recurrent biases, which are all 0 here.",
    reference=onnx_bias,
    cases=biases,
    points=2,
    mistakes={
        lambda b: filled(b, iofc(b), iofc(b)): "Both halves hold b. They are added, so every bias would count twice.",
        lambda b: filled(b, b, 0 * b): "The parts stand as with us, i, f, g, o. ONNX wants i, o, f, c; its c is our g.",
        lambda b: filled(b, b, b): "The order is ours, and both halves hold b, so that it would count twice.",
        lambda b: iofc(b).reshape(1, -1): "The second half is missing: ONNX wants 8H numbers, and 4H of them may be 0.",
        lambda b: b.reshape(1, -1): "The second half is missing, and the order is ours. ONNX wants i, o, f, c, then 4H more.",
        lambda b: filled(b, 0 * b, iofc(b)): "That would compute the same, but here the *first* half is to hold the biases.",
        lambda b: filled(b, b[[0, 2, 3, 1]], 0 * b): "The parts come as i, g, o, f: the places are taken the other way round. "
                                                     "For each of i, o, f, c, take its slab.",
        lambda b: filled(b, b[[0, 3, 2, 1]], 0 * b): "The parts come as i, o, c, f. f stands before c: i, o, f, c.",
        lambda b: np.concatenate([iofc(b), 0 * b], axis=1).reshape(1, -1): "The zeros stand between the parts. All input biases "
                                                                           "come first.",
        lambda b: filled(b, iofc(b).T, 0 * b): "The parts alternate, unit by unit. First come all units of i, then all of o.",
        lambda b: onnx_bias(b)[0]: "Nearly: this is (8H,). The first axis counts directions: (1, 8H).",
        lambda b: onnx_bias(b).reshape(2, -1): "The halves stand one upon the other. ONNX wants them in one row: (1, 8H).",
        lambda b: filled(b, iofc(b) / 2, iofc(b) / 2): "That would compute the same: two halves of each bias. But here the "
                                                       "second half of B is to be 0.",
    },
    hints=("B has two halves of 4H numbers each. Which of them is all 0?",
           "i, f, g, o = b gives four arrays (H,). ONNX's c is our g.",
           "np.concatenate([i, o, f, g, …]), with 4H zeros at the end; [None] adds the first axis."),
)


# q3: what PyTorch keeps

def numbers_in_torch():
    D, H = 4, 6
    return 4 * (D * H + H * H + H + H)               # W_x, W_h and two biases for each of four parts


q3 = Question(
    ask="How many numbers does PyTorch's `nn.LSTM(4, 6)` keep: all entries of all its weights and biases together?",
    reference=numbers_in_torch,
    mistakes={
        264: "That is our count. PyTorch keeps one vector more.",
        240: "These are the matrices alone. Add the biases.",
        96: "That is weight_ih alone.",
        144: "That is weight_hh alone.",
        48: "These are the biases alone.",
        72: "That is one part. There are four.",
        66: "That is one part, with one bias. There are four parts, and PyTorch keeps two biases for each.",
        216: "That is three parts: the gates. The candidate has weights too.",
        176: "D and H are exchanged, and a bias is missing: nn.LSTM(4, 6) has D = 4 inputs and H = 6 units.",
        192: "D and H are exchanged: nn.LSTM(4, 6) has D = 4 inputs and H = 6 units.",
        252: "Two bias vectors, yes; but each has an entry for every unit of every part.",
    },
    hints=("Count the entries of weight_ih (4H, D), weight_hh (4H, H), bias_ih and bias_hh (4H,).",
           "D = 4, H = 6: 24·4 + 24·6 + …"),
)
