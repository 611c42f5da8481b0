"""Exercises of 11_lstm_forward: sequences of different lengths, a unit in the mirror, weights from ONNX."""

import numpy as np

from lstm_helpers.cells import F, G, O, lstm_step
from lstm_helpers.checking import Question

# q1: sequences of different lengths

def last_states(x, lengths, W_x, W_h, b):
    h = c = np.zeros((x.shape[1], W_h.shape[-1]))
    for t, x_t in enumerate(x):
        going = (t < np.array(lengths))[:, None]                # (B, 1): whose sequence is not over yet
        new_h, new_c = lstm_step(x_t, h, c, W_x, W_h, b)
        h, c = np.where(going, new_h, h), np.where(going, new_c, c)
    return h, c


def sequences(rng):
    for label, lengths, D, H in (("one sequence and padding", [2], 1, 1), ("three lengths", [5, 1, 3], 2, 4),
                                 ("four of each", [4, 2, 3, 4], 4, 4)):
        T = max(lengths) + (len(lengths) == 1)
        x = rng.standard_normal((T, len(lengths), D)) * (np.arange(T)[:, None] < lengths)[:, :, None]
        x[min(1, D - 1), 0] = 0                     # zeros may also stand within a sequence: they don't tell where it ends
        yield label, (x, np.array(lengths), *(rng.standard_normal((4, *shape)) for shape in ((D, H), (H, H), (H,))))


def walk(choose):
    """Return the last_states of someone who goes on with choose(going, new, old), each a pair of h and c, at step t."""
    def wrong(x, lengths, *weights):
        h = c = np.zeros((x.shape[1], weights[1].shape[-1]))
        for t, x_t in enumerate(x):
            h, c = choose(t, lengths[:, None], lstm_step(x_t, h, c, *weights), (h, c))
        return h, c
    return wrong


def stopping(last):
    """Return the last_states of someone for whom a sequence goes on while last(t, length)."""
    return walk(lambda t, length, new, old: tuple(np.where(last(t, length), *pair) for pair in zip(new, old, strict=True)))


def belt_emptied(x, lengths, *weights):
    return last_states(x, lengths, *(W * np.reshape([1, 0, 1, 1], (4, *[1] * (W.ndim - 1))) - 1e3 * (W.ndim == 2)
                                     * np.reshape([0, 1, 0, 0], (4, *[1] * (W.ndim - 1))) for W in weights))


q1 = Question(
    ask="Write `last_states(x, lengths, W_x, W_h, b)`. x (T, B, D) holds B sequences, filled up with zeros after their ends; the "
        "whole numbers lengths (B,) say how many steps each has. Begin with zeros, use `cells.lstm_step`, and return h and c "
        "(B, H), each sequence's own states after its own last step.",
    reference=last_states,
    cases=sequences,
    names=("h", "c"),
    points=3,
    mistakes={
        walk(lambda t, length, new, old: new): "These are the states after step T. To an LSTM a row of zeros is a step like any "
                                               "other: b and h still move it. A sequence must stop at its end.",
        stopping(lambda t, length: t <= length): "Each sequence takes one step too many. Steps are counted from 0: the last one "
                                                 "is length - 1.",
        stopping(lambda t, length: t < length - 1): "Each sequence stops one step early.",
        stopping(lambda t, length: t < length.min()): "All sequences stop with the shortest. Decide for each row.",
        walk(lambda t, length, new, old: (np.where(t < length, new[0], old[0]), new[1])):
            "h stops where it should, c runs on through the padding. Two states are handed on: hold both.",
        walk(lambda t, length, new, old: (new[0], np.where(t < length, new[1], old[1]))):
            "c stops where it should, h runs on through the padding. Two states are handed on: hold both.",
        walk(lambda t, length, new, old: tuple(state * (t < length) for state in new)):
            "A sequence that is over has lost its states: zeros. Carry the old ones over.",
        belt_emptied: "h is handed on, c is not: the belt starts empty at each step.",
        lambda *arguments: last_states(*arguments)[::-1]: "The numbers are right, but c comes first. Return h, then c.",
    },
    hints=("Each step gives new states for all rows. In which rows are they wanted at step t?",
           "Rows with t < lengths go on; the others keep what they had, h and c alike.",
           "np.where(going[:, None], new, old) takes whole rows from one or the other."),
)


# q2: a unit in the mirror

def mirrored(W_x, W_h, b, unit):
    W_x, W_h, b = W_x.copy(), W_h.copy(), b.copy()
    for array in (W_x, W_h, b):
        array[G, ..., unit] *= -1                               # what it proposes: the only part that has a sign
    W_h[:, unit] *= -1                                          # what all parts of all units hear of it
    return W_x, W_h, b


def to_mirror(rng):
    for label, D, H, unit in (("a single unit", 1, 1, 0), ("two inputs, three units", 2, 3, 1), ("four of each", 4, 4, 3)):
        yield label, (*(rng.uniform(0.2, 1.5, (4, *shape)).round(2) for shape in ((D, H), (H, H), (H,))), unit)


def turning(*places):
    """Return the mirrored of someone who turns signs at these places: ("W_h", index of unit)."""
    def wrong(*given):
        *weights, unit = given
        arrays = {name: array.copy() for name, array in zip(("W_x", "W_h", "b"), weights, strict=True)}
        for name, index in places:
            arrays[name][index(unit)] *= -1
        return tuple(arrays.values())
    return wrong


def column(part, *names):
    return [(name, lambda unit: (part, ..., unit)) for name in names or ("W_x", "W_h", "b")]


HEARD = "W_h", lambda unit: (slice(None), unit)
ITSELF = "W_h", lambda unit: (G, unit, unit)

q2 = Question(
    ask="Write `mirrored(W_x, W_h, b, unit)`. Return changed weights of an LSTM, W_x (4, D, H), W_h (4, H, H) and b (4, H), with "
        "which unit number `unit`, counted from 0, holds -c and shows -h at every step, from zeros on, and all other units do "
        "just what they did.",
    reference=mirrored,
    cases=to_mirror,
    names=("W_x", "W_h", "b"),
    points=3,
    mistakes={
        turning(*column(G)): "The unit proposes the opposite. But all units, and it itself, now hear -h where they heard h.",
        turning(HEARD): "You turned what is heard of the unit, not what it proposes.",
        turning(*column(slice(None))): "Gates have no sign to turn: σ(-z) is 1 - σ(z), open where it was shut. And who hears the "
                                       "unit still takes it for what it was.",
        turning(*column(slice(None)), HEARD): "Gates have no sign to turn: σ(-z) is 1 - σ(z), open for shut. Only g has.",
        turning(*column(O)): "An output gate shows a share of tanh(c), and no share is below 0. Which part of a cell has a sign?",
        turning(*column(O), HEARD): "An output gate shows a share of tanh(c), and no share is below 0. Which part has a sign?",
        turning(*column(G), HEARD, ITSELF): "All but one number: the weight from the unit to its own candidate. What it hears is "
                                            "turned, and what it proposes.",
        turning(*column(G, "W_x", "W_h"), HEARD): "The bias of the candidate goes into what the unit proposes, too.",
        turning(*column(G), ("W_h", lambda unit: (G, unit))): "All four parts read h, not the candidate alone: turn what each of "
                                                             "them hears of the unit.",
        turning(*column(G), ("W_h", lambda unit: (slice(0, 4, 3), unit)), ("W_h", lambda unit: (F, unit))):
            "The gates of all units hear it right. Their candidates read h, too.",
        turning(*column(G, "W_x", "b"), ("W_h", lambda unit: (G, unit)), ("W_h", lambda unit: (..., unit))):
            "Rows and columns of W_h have changed places: h @ W_h, so a row is what is heard *of* a unit.",
        lambda W_x, W_h, b, unit: (-W_x, -W_h, -b): "This turns everything, gates too, for all units.",
    },
    hints=("c is made of shares of g. Which of the four parts has a sign that could be turned?",
           "g(-z) = -g(z): turn all that goes into the unit's candidate. Then ask who reads the unit's h.",
           "Row `unit` of all four slabs of W_h meets its h. The unit's own weight in the candidate is turned twice."),
)


# q3: weights from ONNX

def from_onnx(W, R, Wb, Rb):
    ours = [0, 2, 3, 1]                                         # where i, f, g, o stand in i, o, f, c
    W_x, W_h = (array.reshape(4, -1, array.shape[-1])[ours].transpose(0, 2, 1) for array in (W[0], R[0]))
    return W_x, W_h, (Wb + Rb).reshape(4, -1)[ours]


def onnx_weights(rng):
    for label, D, H in (("one input, one unit", 1, 1), ("three inputs, two units", 3, 2), ("four of each", 4, 4)):
        yield label, tuple(rng.standard_normal(shape).round(2) for shape in ((1, 4 * H, D), (1, 4 * H, H), (4 * H,), (4 * H,)))


def taking(order, both=np.add, turned=(0, 2, 1)):
    """Return the from_onnx of someone who takes slabs in this order, and does `both` with the two biases."""
    def wrong(W, R, Wb, Rb):
        W_x, W_h = (array.reshape(4, -1, array.shape[-1])[order].transpose(turned) for array in (W[0], R[0]))
        return W_x, W_h, both(Wb, Rb).reshape(4, -1)[order]
    return wrong


def then(change):
    """Return the from_onnx of someone who cuts well, and then changes (W_x, W_h, b)."""
    return lambda *weights: change(*from_onnx(*weights))


RIGHT = [0, 2, 3, 1]

q3 = Question(
    ask="Write `from_onnx(W, R, Wb, Rb)`. ONNX holds an LSTM as W (1, 4H, D) for x, R (1, 4H, H) for h, and the biases of each, "
        "Wb and Rb (4H,). The parts stand in the order i, o, f, c. Return the same weights as our slabs: W_x (4, D, H), W_h (4, "
        "H, H) and b (4, H).",
    reference=from_onnx,
    cases=onnx_weights,
    names=("W_x", "W_h", "b"),
    points=3,
    mistakes={
        taking([0, 1, 2, 3]): "Cut and turned well, but still in ONNX's order i, o, f, c. Ours is i, f, g, o.",
        taking([0, 3, 1, 2]): "This is the way there, from our order to ONNX's. Where do i, f, g, o stand in i, o, f, c?",
        taking([0, 2, 1, 3]): "f is in its place; g and o are not. ONNX's c is our g.",
        taking(RIGHT, lambda Wb, Rb: Wb): "Half of the biases are missing: R has some of its own, and z adds both.",
        taking(RIGHT, lambda Wb, Rb: Rb): "Half of the biases are missing: W has some of its own, and z adds both.",
        taking(RIGHT, lambda Wb, Rb: (Wb + Rb) / 2): "z adds the two biases. This takes their mean.",
        taking(RIGHT, turned=(0, 1, 2)): "Each slab is transposed still: ONNX has a row for each unit, we have a column.",
        then(lambda W_x, W_h, b: (W_x, W_h.transpose(0, 2, 1), b)): "Each W_h is transposed still. The shape fits both ways; the "
                                                                   "numbers do not.",
        lambda W, R, *b: (W.reshape(4, W.shape[2], -1)[RIGHT], R.reshape(4, R.shape[2], -1)[RIGHT], from_onnx(W, R, *b)[2]):
            "The reshape fits, and mixes rows and columns. Cut into four slabs first, then transpose each.",
        then(lambda W_x, W_h, b: (W_x, W_h, b[np.argsort(RIGHT)])): "W_x, W_h are right. The biases are in ONNX's order still.",
        then(lambda W_x, W_h, b: (W_h, W_x, b)): "W_x and W_h have changed places: W belongs to x.",
        then(lambda W_x, W_h, b: (W_x, W_h, b[:, None])): "Nearly: b is (4, 1, H). It needs (4, H).",
    },
    hints=("W[0] is four blocks of H rows, one below the other. Cut first, put in order next, transpose last.",
           "W[0].reshape(4, H, D) cuts: a row stays a row. .transpose(0, 2, 1) transposes each of the four.",
           "i, f, g, o stand at the places 0, 2, 3, 1. The two biases are added."),
)
