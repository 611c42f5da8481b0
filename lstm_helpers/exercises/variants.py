"""Exercises of 19_variants: one step of a GRU, the coupled update, how many numbers a GRU holds."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: one step of a GRU


def gru_step(x, h_prev, W_x, W_h, b, b_h):
    r = sigmoid(x @ W_x[0] + h_prev @ W_h[0] + b[0])                    # (B, H)
    z = sigmoid(x @ W_x[1] + h_prev @ W_h[1] + b[1])
    n = np.tanh(x @ W_x[2] + b[2] + r * (h_prev @ W_h[2] + b_h))
    return (1 - z) * n + z * h_prev


def units(rng):
    for label, (batch, inputs, hidden) in (("one unit", (1, 1, 1)), ("two sequences, three inputs, four units", (2, 3, 4)),
                                           ("three of each", (3, 3, 3))):
        yield label, (rng.uniform(0.5, 1.5, (batch, inputs)), rng.uniform(-0.9, -0.3, (batch, hidden)),
                      rng.standard_normal((3, inputs, hidden)), rng.standard_normal((3, hidden, hidden)),
                      rng.uniform(0.5, 1, (3, hidden)) * [[1], [-1], [1]], rng.uniform(0.5, 1, hidden))


def gru_with(update=lambda z, n, h: (1 - z) * n + z * h, order=(0, 1, 2), squash=np.tanh, inner=None):
    """Return the gru_step of someone who mixes otherwise, takes the slabs in another order, or forms n from other sums."""
    inner = inner or (lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + r * (h @ W_h + b_h))

    def step(x, h_prev, W_x, W_h, b, b_h):
        first, second, third = order
        r, z = (sigmoid(x @ W_x[k] + h_prev @ W_h[k] + b[k]) for k in (first, second))
        return update(z, squash(inner(x, h_prev, r, W_x[third], W_h[third], b[third], b_h)), h_prev)

    return step


q1 = Question(
    ask="Write `gru_step(x, h_prev, W_x, W_h, b, b_h)`: from x (B, D) and h_prev (B, H) return the new state (B, H) of a GRU in "
        "PyTorch's form. W_x (3, D, H), W_h (3, H, H) and b (3, H) hold the parts in the order r, z, n; b_h (H,) belongs to n.",
    reference=gru_step,
    cases=units,
    points=3,
    mistakes={
        gru_with(lambda z, n, h: z * n + (1 - z) * h): "z and 1 - z are exchanged. In this form z is the part that is kept.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + (r * h) @ W_h + b_h):
            "r multiplies h_prev before the product with W_h. That is the form of Cho et al.; here r multiplies what comes out "
            "of the product.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + r * (h @ W_h) + b_h):
            "b_h stands outside: the reset gate multiplies the product and b_h together.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + r * (h @ W_h)):
            "b_h is missing: it is added to the product of h_prev, before r multiplies.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: r * (x @ W_x + b + h @ W_h + b_h)):
            "r multiplies what comes from x, too. It resets only what comes from h_prev.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + h @ W_h + b_h): "The reset gate is not used.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + r * (h @ W_h + b + b_h)):
            "b stands inside the brackets that r multiplies. Only b_h belongs there.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b_h + r * (h @ W_h + b)):
            "b and b_h are exchanged: r multiplies the one that comes with h_prev.",
        gru_with(inner=lambda x, h, r, W_x, W_h, b, b_h: x @ W_x + b + (1 - r) * (h @ W_h + b_h)):
            "This takes 1 - r. A reset gate near 0 is the one that resets.",
        gru_with(squash=sigmoid): "n has a sigmoid. It is a candidate: it needs both signs, so tanh.",
        gru_with(squash=lambda sums: sums): "n is not squashed: tanh is missing.",
        gru_with(lambda z, n, h: (1 - z) * n): "h_prev is forgotten: the part z of it is to be kept.",
        gru_with(lambda z, n, h: n + z * h): "n comes in whole. The update gate leaves room for 1 - z of it.",
        gru_with(lambda z, n, h: n): "This returns the candidate. The update gate mixes it with h_prev.",
        gru_with(lambda z, n, h: np.tanh((1 - z) * n + z * h)): "There is a tanh around the mixture. It is a mean of two numbers "
                                                               "in (-1, 1), and needs none.",
        gru_with(order=(1, 0, 2)): "r and z are exchanged: the order is r, z, n.",
    },
    hints=("Two gates as you know them, from slabs 0 and 1, then the candidate, then a mixture of candidate and old state.",
           "The candidate is tanh of two parts: x W_x + b of slab 2, and r times what h_prev contributes, b_h included.",
           "The last line is (1 - z) * n + z * h_prev."),
)


# q2: the coupled update

def coupled_update(f, c_prev, g):
    return f * c_prev + (1 - f) * g                                     # (B, H)


def gates(rng):
    yield "one unit", tuple(np.array([[value]]) for value in (0.75, 2.0, -0.5))
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        yield label, (rng.uniform(0.6, 0.9, shape), rng.uniform(1, 2, shape), rng.uniform(-0.9, -0.1, shape))


q2 = Question(
    ask="Write `coupled_update(f, c_prev, g)`: return the new cell state of an LSTM whose input gate is coupled to its forget "
        "gate; all are (B, H).",
    reference=coupled_update,
    cases=gates,
    mistakes={
        lambda f, c_prev, g: (1 - f) * c_prev + f * g: "The two parts are exchanged: f is what is kept of c_prev.",
        lambda f, c_prev, g: f * c_prev + f * g: "f lets in as much as it keeps. Coupled means that the two add up to 1.",
        lambda f, c_prev, g: f * c_prev + g: "The candidate comes in whole. How much room does f leave for it?",
        lambda f, c_prev, g: f * c_prev + 1 - f * g: "Brackets are missing around 1 - f.",
        lambda f, c_prev, g: f * (c_prev + (1 - f) * g): "f multiplies what is new, too. Only the old state goes through it.",
        lambda f, c_prev, g: f * c_prev + (1 - f): "The candidate is missing: 1 - f says how much of it comes in.",
        lambda f, c_prev, g: (1 - f) * g: "The old cell state is missing.",
        lambda f, c_prev, g: f * c_prev: "Nothing new comes in.",
        lambda f, c_prev, g: np.tanh(f * c_prev + (1 - f) * g): "There is a tanh around the sum. The cell state goes on without.",
        lambda f, c_prev, g: f @ c_prev.T + (1 - f) @ g.T: "These are matrix products. Gates multiply element by element: *.",
    },
    hints=("Start from f * c_prev + i * g. Which i does the coupled cell use?", "Put 1 - f in the place of i."),
)


# q3: how many numbers a GRU holds

def gru_size(D, H):
    return 3 * (D * H + H * H + H) + H                                  # b_h comes on top


def sizes(rng):
    for D, H in ((1, 1), (3, 5), (4, 4), (10, 32), (64, 16)):
        yield f"D = {D}, H = {H}", (D, H)


q3 = Question(
    ask="Write `gru_size(D, H)`: how many parameters does the GRU of this notebook have, with D inputs and H units, b_h "
        "included?",
    reference=gru_size,
    cases=sizes,
    mistakes={
        lambda D, H: 3 * (D * H + H * H + H): "b_h is missing: the candidate has a second bias.",
        lambda D, H: 3 * (D * H + H * H + 2 * H): "This is what PyTorch stores: two biases for each part. In r and z the two "
                                                  "only add up, and here they are one.",
        lambda D, H: 4 * (D * H + H * H + H): "This is the LSTM's number. A GRU has three parts.",
        lambda D, H: 4 * (D * H + H * H + H) + H: "A GRU has three parts, not four.",
        lambda D, H: 2 * (D * H + H * H + H) + H: "These are the two gates. The candidate has weights as well.",
        lambda D, H: 3 * (D * H + H * H) + H: "The biases of the three parts are missing.",
        lambda D, H: 3 * (D * H + H * H): "All biases are missing: three, and b_h.",
        lambda D, H: 3 * (D * H + D * D + H) + H: "W_h joins states with states: (H, H), not (D, D).",
        lambda D, H: D * H + H * H + 2 * H: "That is a single part. There are three, r, z and n.",
        lambda D, H: 3 * (D * H + H * H + H) + 1: "b_h is one number for each unit, not one in all.",
    },
    hints=("Each of the three parts has a W_x, a W_h and a b.", "A part holds D*H + H*H + H numbers. Then there is b_h, (H,)."),
)
