"""Exercises of 11_lstm_forward: a whole step, slabs in another order, weights from Keras."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: a whole step


def step(x, h_prev, c_prev, W_x, W_h, b):
    z = x @ W_x + h_prev @ W_h + b[:, None]         # (4, B, H)
    i, f, o = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3])
    c = f * c_prev + i * np.tanh(z[2])
    return o * np.tanh(c), c


def steps(rng):
    for label, (B, D, H) in (("one unit", (1, 1, 1)), ("two sequences, three inputs, five units", (2, 3, 5)),
                             ("four of each", (4, 4, 4))):
        states = rng.uniform(0.3, 0.9, (2, B, H)) * rng.choice([-1, 1], (2, B, H))
        yield label, (rng.standard_normal((B, D)), *states,
                      *(rng.standard_normal((4, *shape)) for shape in ((D, H), (H, H), (H,))))


def parts(x, h_prev, W_x, W_h, b):
    """Return i, f, g and o."""
    z = x @ W_x + h_prev @ W_h + b[:, None]
    return sigmoid(z[0]), sigmoid(z[1]), np.tanh(z[2]), sigmoid(z[3])


def cell(new_cell):
    """Return the step of someone whose cell state is new_cell(i, f, g, o, c_prev, h_prev)."""
    def wrong(x, h_prev, c_prev, W_x, W_h, b):
        i, f, g, o = parts(x, h_prev, W_x, W_h, b)
        c = new_cell(i, f, g, o, c_prev, h_prev)
        return o * np.tanh(c), c
    return wrong


def hidden(new_hidden):
    """Return the step of someone whose hidden state is new_hidden(o, c, c_prev, f)."""
    def wrong(x, h_prev, c_prev, W_x, W_h, b):
        i, f, g, o = parts(x, h_prev, W_x, W_h, b)
        c = f * c_prev + i * g
        return new_hidden(o, c, c_prev, f), c
    return wrong


def reading(change):
    """Return the step of someone whose parts are computed from change(h_prev, c_prev, W_x, W_h, b): four arrays."""
    def wrong(x, h_prev, c_prev, W_x, W_h, b):
        i, f, g, o = parts(x, *change(h_prev, c_prev, W_x, W_h, b))
        c = f * c_prev + i * g
        return o * np.tanh(c), c
    return wrong


def slabs_as(*places):
    """Return the step of someone who takes the slabs at these places for i, f, g and o."""
    return lambda x, h_prev, c_prev, *weights: step(x, h_prev, c_prev, *(W[list(places)] for W in weights))


def sigmoid_for_g(x, h_prev, c_prev, W_x, W_h, b):
    i, f, _, o = parts(x, h_prev, W_x, W_h, b)
    c = f * c_prev + i * sigmoid(x @ W_x[2] + h_prev @ W_h[2] + b[2])
    return o * np.tanh(c), c


def tanh_for_all(x, h_prev, c_prev, W_x, W_h, b):
    i, f, g, o = np.tanh(x @ W_x + h_prev @ W_h + b[:, None])
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def squashes_exchanged(x, h_prev, c_prev, W_x, W_h, b):
    z = x @ W_x + h_prev @ W_h + b[:, None]
    c = sigmoid(z[1]) * c_prev + sigmoid(z[0]) * sigmoid(z[2])
    return np.tanh(z[3]) * np.tanh(c), c


def candidate_as_it_is(x, h_prev, c_prev, W_x, W_h, b):
    i, f, _, o = parts(x, h_prev, W_x, W_h, b)
    c = f * c_prev + i * (x @ W_x[2] + h_prev @ W_h[2] + b[2])
    return o * np.tanh(c), c


def squashed_cell(x, h_prev, c_prev, W_x, W_h, b):
    i, f, g, o = parts(x, h_prev, W_x, W_h, b)
    c = np.tanh(f * c_prev + i * g)
    return o * c, c


q1 = Question(
    ask="Write `step(x, h_prev, c_prev, W_x, W_h, b)`: one step of an LSTM, without the package's gate functions (`sigmoid` is "
        "allowed). The weights are slabs in the order of GATES: W_x (4, D, H), W_h (4, H, H), b (4, H). Return h and c, (B, H) "
        "each, in this order.",
    reference=step,
    cases=steps,
    names=("h", "c"),
    points=3,
    mistakes={
        cell(lambda i, f, g, o, c, h: o * c + i * g): "The output gate stands before c_prev. Which gate decides what is kept?",
        cell(lambda i, f, g, o, c, h: i * c + f * g): "f and i have changed places: f is for what is kept, i for what is "
                                                      "written. Or did you take slab 0 for f?",
        cell(lambda i, f, g, o, c, h: f * h + i * g): "The forget gate acts on h_prev. It is *computed* from h_prev; what it "
                                                      "keeps is c_prev.",
        cell(lambda i, f, g, o, c, h: f * c + g): "The candidate comes in whole: the input gate is missing.",
        cell(lambda i, f, g, o, c, h: c + i * g): "All of c_prev is kept: the forget gate is missing.",
        cell(lambda i, f, g, o, c, h: f * c + (1 - f) * g): "Here 1 - f lets the candidate in. This cell has an input gate of "
                                                            "its own.",
        cell(lambda i, f, g, o, c, h: i * g): "Nothing of c_prev is kept.",
        hidden(lambda o, c, c_prev, f: o * np.tanh(c_prev)): "h shows the *old* cell state. The output gate acts on the new c.",
        hidden(lambda o, c, c_prev, f: o * c): "The tanh before the output gate is missing: h would have no bounds.",
        hidden(lambda o, c, c_prev, f: np.tanh(c)): "The output gate is missing.",
        hidden(lambda o, c, c_prev, f: np.tanh(o * c)): "The tanh comes too late: squash c first, then let o act on it.",
        hidden(lambda o, c, c_prev, f: f * np.tanh(c)): "The forget gate stands in h, where the output gate belongs.",
        hidden(lambda o, c, c_prev, f: o * sigmoid(c)): "The cell state goes through a sigmoid in h. It takes a tanh.",
        sigmoid_for_g: "The candidate goes through a sigmoid. It takes a tanh: it must be able to be below 0.",
        tanh_for_all: "All four parts go through tanh. The three gates take a sigmoid.",
        squashes_exchanged: "tanh stands on the fourth slab, a sigmoid on the third. The candidate is the third.",
        candidate_as_it_is: "The candidate is not squashed: its tanh is missing.",
        lambda x, h_prev, c_prev, *weights: (step(x, h_prev, c_prev, *weights)[0], c_prev):
            "h is right, but c is the *old* cell state. Return the new one.",
        squashed_cell: "The tanh is kept in c. Only what is shown is squashed; the belt itself goes on without.",
        lambda *arguments: step(*arguments)[::-1]: "The numbers are right, but c comes first. Return h, then c.",
        reading(lambda h, c, W_x, W_h, b: (0 * h, W_x, W_h, b)): "h_prev is forgotten: every part reads it, through W_h.",
        reading(lambda h, c, W_x, W_h, b: (h, W_x, W_h, 0 * b)): "The biases are missing.",
        reading(lambda h, c, W_x, W_h, b: (c, W_x, W_h, b)): "The parts are computed from c_prev. They read x and h_prev.",
        reading(lambda h, c, W_x, W_h, b: (h, W_x, W_h.transpose(0, 2, 1), b)): "W_h is transposed. Rows go from the left: "
                                                                                "h_prev @ W_h. The shapes fit both ways.",
        slabs_as(0, 1, 3, 2): "The last two slabs are exchanged: in GATES the candidate is third, the output gate fourth.",
        slabs_as(0, 2, 3, 1): "The slabs are read as i, o, f, g, the order of ONNX. Here it is i, f, g, o.",
    },
    hints=("All parts read the same two things. Which two, and through which weights?",
           "Four times z = x @ W_x[k] + h_prev @ W_h[k] + b[k]; sigmoid for k = 0, 1, 3 (i, f, o), tanh for k = 2 (g).",
           "Then c = f * c_prev + i * g, and h shows the new c: o * np.tanh(c)."),
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
        slabs_by(reshaped): "The reshape fits, and mixes parts and rows: it takes the numbers as they lie in memory, row after "
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
