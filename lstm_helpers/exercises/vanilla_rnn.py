"""Exercises of 02_vanilla_rnn: sequences of different lengths, where a unit rests, as many units as the weights allow."""

import numpy as np

from lstm_helpers.checking import Question

# q1: sequences of different lengths


def rnn_states(x, mask, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t, mask_t in zip(x, mask, strict=True):                            # (B, D), (B,)
        new = np.tanh(x_t @ W_x + h @ W_h + b)                  # (B, H)
        h = np.where(mask_t[:, None] == 1, new, h)              # (B, 1): one switch a sequence, for all its units
        states.append(h)
    return np.array(states)                                     # (T, B, H)


def sequences(rng):
    yield "one unit, three steps, the second is none", (
        np.array([[[1.0]], [[2.0]], [[-0.5]]]), np.array([[1.0], [0.0], [1.0]]), np.array([[0.4]]), np.array([[0.5]]),
        np.array([[0.8]]), np.array([0.1]))
    for label, T, B, D, H in (("two sequences of four steps", 4, 2, 3, 5), ("as many sequences as units", 4, 3, 2, 3)):
        x, h0, W_x, W_h, b = (rng.standard_normal(shape) for shape in ((T, B, D), (B, H), (D, H), (H, H), (H,)))
        mask = np.ones((T, B))
        mask[-1, 0] = mask[1, 1] = 0                            # one ends early, one has a gap
        yield label, (x, mask, h0, W_x, W_h, b)


def read_without_a_mask(x, mask, h0, W_x, W_h, b):
    return rnn_states(x, np.ones_like(mask), h0, W_x, W_h, b)


def input_hidden_alone(x, mask, h0, W_x, W_h, b):
    return read_without_a_mask(x * mask[:, :, None], mask, h0, W_x, W_h, b)


def state_set_to_zero(x, mask, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t, mask_t in zip(x, mask, strict=True):
        h = mask_t[:, None] * np.tanh(x_t @ W_x + h @ W_h + b)
        states.append(h)
    return np.array(states)


def masked_at_the_end(x, mask, h0, W_x, W_h, b):
    states = read_without_a_mask(x, mask, h0, W_x, W_h, b)
    before = np.concatenate([h0[None], states[:-1]])
    return np.where(mask[:, :, None] == 1, states, before)


def back_to_the_start(x, mask, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t, mask_t in zip(x, mask, strict=True):
        h = np.where(mask_t[:, None] == 1, np.tanh(x_t @ W_x + h @ W_h + b), h0)
        states.append(h)
    return np.array(states)


def one_array_for_all(x, mask, h0, W_x, W_h, b):
    h, states = h0.copy(), []
    for x_t, mask_t in zip(x, mask, strict=True):
        h[:] = np.where(mask_t[:, None] == 1, np.tanh(x_t @ W_x + h @ W_h + b), h)
        states.append(h)
    return np.array(states)


def without_tanh(x, mask, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t, mask_t in zip(x, mask, strict=True):
        h = np.where(mask_t[:, None] == 1, x_t @ W_x + h @ W_h + b, h)
        states.append(h)
    return np.array(states)


q1 = Question(
    ask="Write `rnn_states(x, mask, h0, W_x, W_h, b)`: run a vanilla RNN over x (T, B, D) from the state h0 (B, H). Where "
        "mask (T, B) is 0, a sequence has no step, and its state is carried over unchanged. Return the state after every step, "
        "(T, B, H). Use NumPy alone.",
    reference=rnn_states,
    cases=sequences,
    points=3,
    mistakes={
        read_without_a_mask: "The mask is not used: these are the states of sequences that are all whole.",
        input_hidden_alone: "The input is masked, but the step is taken all the same: W_h, b and tanh still change the state. "
                            "Where the mask is 0, keep the old h.",
        state_set_to_zero: "Where the mask is 0 the state becomes 0. It should stay what it was.",
        back_to_the_start: "Where the mask is 0 the state goes back to h0. It should stay what it was one step before.",
        masked_at_the_end: "The mask comes too late: what it leaves out is still handed on to the next step. Use it inside the "
                           "loop.",
        lambda x, mask, h0, W_x, W_h, b: rnn_states(x, 1 - mask, h0, W_x, W_h, b):
            "The mask is upside down: 1 says that there is a step, 0 that there is none.",
        lambda x, mask, h0, W_x, W_h, b: rnn_states(x, mask, h0, W_x, W_h, b)[-1]:
            "This is the last state alone. Keep the state of every step: append each to a list.",
        without_tanh: "The tanh is missing: this is the sum before it.",
        lambda x, mask, h0, W_x, W_h, b: rnn_states(x, mask, h0, W_x, W_h.T, b):
            "W_h is transposed. Our vectors are rows: h @ W_h, not W_h @ h or h @ W_h.T.",
        lambda x, mask, h0, W_x, W_h, b: rnn_states(x, mask, np.zeros_like(h0), W_x, W_h, b):
            "The first step starts from zeros. It should start from h0.",
        lambda x, mask, h0, W_x, W_h, b: np.concatenate([h0[None], rnn_states(x, mask, h0, W_x, W_h, b)]):
            "There is one state too many: the first is h0. Note only the states after a step.",
        one_array_for_all: "All states are equal to the last: one array is written over at each step, and the list holds it T "
                           "times. Make a new array at each step: h = …, not h[:] = … or h += ….",
    },
    hints=("Take the loop of this notebook, and give the step's result another name than h. Which of the two is kept, where?",
           "At each step mask[t] has shape (B,), and h (B, H). Make it (B, 1), so that a switch belongs to a sequence: "
           "mask[t][:, None].",
           "new = np.tanh(x[t] @ W_x + h @ W_h + b), then h = np.where(mask[t][:, None] == 1, new, h)."),
)


# q2: where one unit comes to rest

def weight():
    return np.arctanh(0.5) / 0.5                    # tanh(weight * 0.5) == 0.5


q2 = Question(
    ask="A tanh unit has no bias and reads only zeros. Whatever positive number it starts from, it is to settle at 0.5. Which "
        "W_h does that? Give three digits after the point.",
    reference=weight,
    tolerance=0.0006,
    mistakes={
        1.0: "At 1 the unit still forgets, slowly: it settles at 0.",
        0.5: "At 0.5 the unit forgets: tanh(0.5 · h) is less than half of h, at every step.",
        np.arctanh(0.5): "0.549 is what must go into tanh. What goes in is W_h times the state, and the state is 0.5.",
        np.tanh(0.5): "0.462 is tanh(0.5). You look for a weight, and tanh(weight · 0.5) is to be 0.5.",
        np.tanh(0.5) / 0.5: "This solves weight · 0.5 = tanh(0.5). But the weight is inside: 0.5 = tanh(weight · 0.5).",
        0.5 / np.tanh(0.5): "This solves weight · tanh(0.5) = 0.5. But the weight is inside: 0.5 = tanh(weight · 0.5).",
        1.5: "1.5 is the unit of the notebook: it settles at 0.859.",
        2.0: "At 2 the unit settles at 0.958. Does your 2 come from 1 / 0.5? The state is to come back as 0.5, not as 1.",
        1 / 0.75: "At 4/3 the unit settles at 0.776. The slope at 0.5 is 0.75, and it says how fast it settles, not where.",
        1.1: "Nearly: at 1.1 it settles at 0.503. Give a digit more.",
        -np.arctanh(0.5) / 0.5: "Right size, but with a negative weight the sign flips at every step: it never settles.",
    },
    hints=("Where the state settles, a step changes nothing: what goes in is what comes out.",
           "So 0.5 = tanh(W_h * 0.5). Which number has the tanh 0.5? Try some, or ask np.arctanh.",
           "W_h * 0.5 = np.arctanh(0.5)."),
)


# q3: how many units fit

def most_units(T, D, N):
    H = 0
    while D * (H + 1) + (H + 1) ** 2 + (H + 1) <= N:            # W_x, W_h, b: the same at every step
        H += 1
    return H


def largest(N, count):
    """Return the largest H with count(H) <= N."""
    return max(H for H in range(N + 1) if count(H) <= N)


SIZES = [(f"T = {T}, D = {D}, N = {N}", (T, D, N))
         for T, D, N in ((4, 3, 32), (4, 3, 31), (5, 1, 99), (5, 1, 100), (100, 50, 10_000), (7, 40, 2_000))]

q3 = Question(
    ask="Write `most_units(T, D, N)`: a vanilla RNN is to read sequences of T steps, D numbers a step, and may have at most N "
        "weights, biases counted. How many units can it have at most?",
    reference=most_units,
    cases=SIZES,
    mistakes={
        lambda T, D, N: largest(N, lambda H: D * H + H * H): "The bias is missing: it takes H numbers more.",
        lambda T, D, N: largest(N, lambda H: D * H + H): "W_h is missing: it leads from H units to H units.",
        lambda T, D, N: largest(N, lambda H: H * H + H): "W_x is missing: it leads from D inputs to H units.",
        lambda T, D, N: largest(N, lambda H: T * (D * H + H * H + H)):
            "T does not count: the weights are the same at every step.",
        lambda T, D, N: largest(N, lambda H: D * H + T * H * H + H):
            "W_h counts once, not T times: it is the same matrix at every step.",
        lambda T, D, N: largest(N, lambda H: D * H + H * H + 2 * H):
            "This counts two biases, as PyTorch keeps them. Here there is one.",
        lambda T, D, N: most_units(T, D, N) + 1: "With that many units there are already more than N weights.",
        lambda T, D, N: most_units(T, D, N - 1): "Exactly N weights are allowed, too: compare with <=.",
        lambda T, D, N: D * N + N * N + N: "This takes N for the number of units and counts the weights. It is the other way "
                                           "round: N weights are given.",
    },
    hints=("How many weights has an RNN with H units? W_x is (D, H), W_h is (H, H), b is (H,).",
           "Try H = 1, 2, 3, … and stop before D * H + H * H + H is above N."),
)
