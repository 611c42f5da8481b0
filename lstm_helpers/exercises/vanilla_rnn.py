"""Exercises of 02_vanilla_rnn: the loop, the memory of one unit, the number of weights."""

import numpy as np

from lstm_helpers.checking import Question

# q1: the loop


def rnn_states(x, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t in x:                                   # (B, D)
        h = np.tanh(x_t @ W_x + h @ W_h + b)        # (B, H)
        states.append(h)
    return np.array(states)                         # (T, B, H)


def sequences(rng):
    yield "one unit, two steps", (np.array([[[1.0]], [[-0.5]]]), np.array([[0.4]]), np.array([[0.5]]), np.array([[0.8]]),
                                  np.array([0.1]))
    for label, T, B, D, H in (("two sequences of four steps", 4, 2, 3, 5), ("as many steps as sequences", 3, 3, 2, 2)):
        yield label, tuple(rng.standard_normal(shape) for shape in ((T, B, D), (B, H), (D, H), (H, H), (H,)))


def without_tanh(x, h0, W_x, W_h, b):
    h, states = h0, []
    for x_t in x:
        h = x_t @ W_x + h @ W_h + b
        states.append(h)
    return np.array(states)


def one_array_for_all(x, h0, W_x, W_h, b):
    h, states = h0.copy(), []
    for x_t in x:
        h[:] = np.tanh(x_t @ W_x + h @ W_h + b)
        states.append(h)
    return np.array(states)


q1 = Question(
    ask="Write `rnn_states(x, h0, W_x, W_h, b)`: run a vanilla RNN over x (T, B, D) from the state h0 (B, H), and return "
        "the state after every step, (T, B, H). Use NumPy alone.",
    reference=rnn_states,
    cases=sequences,
    points=3,
    mistakes={
        lambda x, h0, W_x, W_h, b: np.tanh(x @ W_x + h0 @ W_h + b):
            "Every step starts from h0: the new state is not fed back. The h of one step is the h_prev of the next.",
        lambda x, h0, W_x, W_h, b: rnn_states(x, h0, W_x, W_h, b)[-1]:
            "This is the last state alone. Keep the state of every step: append each to a list.",
        without_tanh: "The tanh is missing: this is the sum before it.",
        lambda x, h0, W_x, W_h, b: rnn_states(x, h0, W_x, W_h, np.zeros_like(b)): "The bias b is not added.",
        lambda x, h0, W_x, W_h, b: rnn_states(x, h0, W_x, np.eye(len(W_h)), b):
            "The state comes back without W_h: multiply h by it, h @ W_h.",
        lambda x, h0, W_x, W_h, b: rnn_states(x, h0, W_x, W_h.T, b):
            "W_h is transposed. Our vectors are rows: h @ W_h, not W_h @ h or h @ W_h.T.",
        lambda x, h0, W_x, W_h, b: rnn_states(x, np.zeros_like(h0), W_x, W_h, b):
            "The first step starts from zeros. It should start from h0.",
        lambda x, h0, W_x, W_h, b: np.concatenate([h0[None], rnn_states(x, h0, W_x, W_h, b)[:-1]]):
            "Each state is noted before its step is taken: the first is h0, the last is missing.",
        lambda x, h0, W_x, W_h, b: np.concatenate([h0[None], rnn_states(x, h0, W_x, W_h, b)]):
            "There is one state too many: the first is h0. Note only the states after a step.",
        one_array_for_all: "All states are equal to the last: one array is written over at each step, and the list holds it T "
                           "times. Make a new array at each step: h = …, not h[:] = … or h += ….",
        lambda x, h0, W_x, W_h, b: rnn_states(x, h0, W_x, W_h, b).swapaxes(0, 1):
            "The states are right, but sequences come first. Time is the first axis: (T, B, H).",
    },
    hints=("`for x_t in x` walks through time. What has to change from one step to the next?",
           "Start with h = h0 and an empty list. In the loop compute the new h from x_t and the old h, and append it.",
           "The step is h = np.tanh(x_t @ W_x + h @ W_h + b); after the loop, np.array(states) has shape (T, B, H)."),
)


# q2: the memory of one unit

def weight():
    return 0.5 ** (1 / 10)                          # weight**10 == 0.5


q2 = Question(
    ask="A linear unit reads only zeros, so each step multiplies its state by W_h. Which positive W_h leaves half of the state "
        "after 10 steps? Give three digits.",
    reference=weight,
    tolerance=0.001,
    mistakes={
        0.05: "0.05 is a tenth of the half. But the losses do not add up, the factors multiply: ten of them make one half.",
        0.5: "0.5 keeps half after one step. After 10 steps it keeps 0.001.",
        0.95: "0.95 would be right if each step took away 5 % of the first state. It takes 5 % of what is left: "
              "0.95**10 = 0.599.",
        0.1: "0.1 is 1/10. After 10 steps it leaves 0.0000000001.",
        0.93: "Nearly. 0.93**10 = 0.484: give one digit more.",
        -(0.5 ** (1 / 10)): "Right size, but W_h is to be positive.",
        2 ** 0.1: "That doubles the state in 10 steps. Which weight halves it?",
    },
    hints=("After t steps the state is W_h multiplied by itself t times, times the first state.",
           "You need the number whose tenth power is 0.5.",
           "The tenth root is a power: 0.5 ** (1 / 10)."),
)


# q3: the number of weights

def count_weights(T, D, H):
    return D * H + H * H + H                        # W_x, W_h, b: the same at every step


SIZES = [(f"T = {T}, D = {D}, H = {H}", (T, D, H)) for T, D, H in ((4, 3, 2), (1, 5, 7), (100, 50, 64))]

q3 = Question(
    ask="Write `count_weights(T, D, H)`: how many numbers does a vanilla RNN learn that reads sequences of T steps, D numbers a "
        "step, with H units? Count the bias.",
    reference=count_weights,
    cases=SIZES,
    mistakes={
        lambda T, D, H: D * H + H * H: "The bias is missing: H numbers more.",
        lambda T, D, H: D * H + H: "W_h is missing: it leads from H units to H units.",
        lambda T, D, H: H * H + H: "W_x is missing: it leads from D inputs to H units.",
        lambda T, D, H: T * (D * H + H * H + H): "T does not count: the weights are the same at every step.",
        lambda T, D, H: D * H + T * H * H + H: "W_h counts once, not T times: it is the same matrix at every step.",
        lambda T, D, H: D * H + H * H + 1: "Each unit has its own bias: H numbers, not 1.",
        lambda T, D, H: D * H + H * H + D: "The bias is added to what the units receive: it has H numbers, not D.",
        lambda T, D, H: D * H + 2 * H: "W_h is a matrix: every unit gets the state of every unit, H · H numbers.",
        lambda T, D, H: D * H + H * H + 2 * H: "This is what PyTorch counts: it keeps two biases, of which only the sum has an "
                                               "effect. Here there is one.",
    },
    hints=("The weights are W_x, W_h and b. Which shapes do they have?",
           "W_x is (D, H), W_h is (H, H), b is (H,). Does a longer sequence need more of them?"),
)
