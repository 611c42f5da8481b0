"""Exercises of 11_lstm_forward: sequences of different lengths, slabs in another order, weights from Keras."""

import numpy as np

from lstm_helpers.cells import lstm_step
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


# q2: slabs in another order

def reorder(W, have, want):
    return W[[have.index(name) for name in want]]


def moves(rng):
    for label, have, want, shape in (("one number a part", "ifgo", "fgio", (4,)), ("from ONNX", "iofg", "gifo", (4, 3, 4)),
                                     ("weights of the state", "figo", "iofg", (4, 4, 4))):
        yield label, (rng.standard_normal(shape).round(2), have, want)


def as_if(have=None, want=None):
    """Return the reorder of someone who takes one of the two orders for granted."""
    return lambda W, given, asked: reorder(W, have or given, want or asked)


q2 = Question(
    ask="Write `reorder(W, have, want)`. W holds one slab a part on its first axis, in the order `have`. Return the same slabs "
        "in the order `want`. Orders are given as text: \"iofg\" means i first, then o, f and g.",
    reference=reorder,
    cases=moves,
    points=2,
    mistakes={
        lambda W, have, want: reorder(W, want, have): "This is the way back: it takes slabs in the order `want` to `have`.",
        lambda W, have, want: W: "Nothing has moved.",
        lambda W, have, want: W[["ifgo".index(name) for name in have]]: "This never looks at `want`.",
        lambda W, have, want: W[..., [*map(have.index, want)]]: "The slabs are on the first axis. This reorders the last: it "
                                                                "mixes up the units within each part.",
        as_if(have="ifgo"): "This takes W for slabs in the order i, f, g, o. They come in the order `have`.",
        as_if(want="ifgo"): "This brings every W into the order i, f, g, o. Asked for is the order `want`.",
        lambda W, have, want: reorder(W, have, want[::-1]): "This is the order asked for, from its end to its beginning.",
        lambda W, have, want: W[np.argsort(list(want))]: "argsort sorts letters by the alphabet. You need the places that the "
                                                         "letters of `want` have in `have`.",
    },
    hints=("For each letter of `want`: at which place of `have` is its slab?",
           "\"iofg\".index(\"f\") is 2. Make a list of such places, one for each letter of want.",
           "W[[0, 3, 1, 2]] takes four slabs in that order, whatever the other axes are."),
)


# q3: weights from Keras

def from_keras(kernel, recurrent_kernel, bias):
    W_x, W_h = (np.array(np.split(wide, 4, axis=1)) for wide in (kernel, recurrent_kernel))     # (4, D, H), (4, H, H)
    return W_x, W_h, bias.reshape(4, -1)


def keras_weights(rng):
    for label, D, H in (("one input, one unit", 1, 1), ("three inputs, two units", 3, 2), ("four of each", 4, 4)):
        yield label, tuple(rng.standard_normal(shape).round(2) for shape in ((D, 4 * H), (H, 4 * H), (4 * H,)))


def slabs_by(cut):
    """Return the from_keras of someone who makes slabs (4, n, H) of (n, 4H) by `cut`."""
    def wrong(kernel, recurrent_kernel, bias):
        return cut(kernel), cut(recurrent_kernel), cut(bias[None])[:, 0]
    return wrong


def then(change):
    """Return the from_keras of someone who cuts well, and then changes (W_x, W_h, b)."""
    return lambda *weights: change(*from_keras(*weights))


def reshaped(wide):
    return wide.reshape(4, len(wide), -1)


def unit_by_unit(wide):
    return wide.reshape(len(wide), -1, 4).transpose(2, 0, 1)


def in_order(*places):
    return then(lambda *slabs: tuple(W[list(places)] for W in slabs))


def turn(W):
    return W.transpose(0, 2, 1)


q3 = Question(
    ask="Write `from_keras(kernel, recurrent_kernel, bias)`. A Keras layer hands you kernel (D, 4H), recurrent_kernel (H, 4H) "
        "and bias (4H,), the four parts side by side in the order i, f, c, o. Return the same weights as our slabs: "
        "W_x (4, D, H), W_h (4, H, H) and b (4, H).",
    reference=from_keras,
    cases=keras_weights,
    names=("W_x", "W_h", "b"),
    points=3,
    mistakes={
        slabs_by(reshaped): "The reshape fits, and mixes parts and rows: it takes the numbers by their indices, row after "
                            "row. Cut the columns into four.",
        slabs_by(lambda wide: wide.reshape(len(wide), 4, -1)): "The parts are on the second axis. transpose(1, 0, 2) brings them "
                                                               "to the front.",
        lambda *weights: (*map(unit_by_unit, weights[:2]), weights[2].reshape(4, -1)):
            "b is right. The matrices are cut unit by unit: in them, too, all units of i come first.",
        slabs_by(unit_by_unit): "This takes each four neighbouring columns for the four parts of one unit. All units of i come "
                                "first, then all of f.",
        lambda *weights: weights: "These are Keras' own arrays: the parts are still side by side. Cut the columns into four.",
        in_order(0, 1, 3, 2): "The last two slabs are exchanged. Keras' c is our g, and it is third in both.",
        in_order(0, 3, 1, 2): "The slabs come out as i, o, f, g: that is ONNX. Keras' order is ours; its c is our g.",
        in_order(0, 2, 3, 1): "The columns are taken for i, o, f, g: that is ONNX. Keras' order is ours; its c is our g.",
        in_order(1, 0, 2, 3): "i and f have changed places. Keras' order is ours.",
        then(lambda W_x, W_h, b: (W_x, turn(W_h), b)): "Each W_h is transposed. The shape fits both ways; the numbers do not.",
        then(lambda W_x, W_h, b: (turn(W_x), W_h, b)): "Each W_x is transposed. PyTorch keeps it so; Keras keeps it as we do.",
        then(lambda W_x, W_h, b: (turn(W_x), turn(W_h), b)): "W_x and W_h are transposed. PyTorch keeps them so; Keras does not.",
        then(lambda W_x, W_h, b: (W_h, W_x, b)): "W_x and W_h have changed places: the kernel belongs to x.",
        then(lambda W_x, W_h, b: (W_x, W_h, b[:, None])): "Nearly: b is (4, 1, H). It needs (4, H).",
        then(lambda W_x, W_h, b: (W_x, W_h, b.ravel())): "Nearly: b is still in one piece, (4H,). It needs (4, H).",
        then(lambda W_x, W_h, b: (W_x, W_h, b.reshape(-1, 4).T)): "b is cut unit by unit. All of i comes first, then all of f.",
    },
    hints=("Side by side means: the first H columns are i, the next H are f, and so on.",
           "np.split(kernel, 4, axis=1) gives four arrays (D, H). np.array(…) makes one array (4, D, H) of them.",
           "The same for recurrent_kernel. bias has no rows to mix: a reshape to (4, H) is enough there."),
)
