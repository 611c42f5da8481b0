"""Exercises of 07_cell_state: the number of parameters, the first bias, the belt."""

import numpy as np

from lstm_helpers.cells import F
from lstm_helpers.checking import Question

# q1: the number of parameters


def count_parameters(D, H):
    return 4 * (D * H + H * H + H)                  # W_x, W_h and b of three gates and the candidate


SIZES = [(f"D = {D}, H = {H}", (D, H)) for D, H in ((3, 2), (5, 7), (50, 100))]

q1 = Question(
    ask="Write `count_parameters(D, H)`: how many numbers does an LSTM layer learn that reads D numbers a step and has H units? "
        "Count one bias for each gate and one for the candidate.",
    reference=count_parameters,
    cases=SIZES,
    mistakes={
        lambda D, H: D * H + H * H + H: "This is a vanilla RNN. An LSTM has such a set of weights for each gate, and one more.",
        lambda D, H: 3 * (D * H + H * H + H): "Three gates are counted. The candidate has weights of its own, too.",
        lambda D, H: 5 * (D * H + H * H + H): "The cell state has no weights of its own: it is carried, multiplied and added to. "
                                              "Count the gates and the candidate.",
        lambda D, H: 4 * (D * H + H * H + 2 * H): "This is what frameworks with two biases count. Only their sum has an effect; "
                                                  "here there is one.",
        lambda D, H: 4 * (D * H + H * H): "The biases are missing: H numbers for each gate and for the candidate.",
        lambda D, H: 4 * (D * H + H * H) + H: "The bias is counted once. Each gate has its own, and so has the candidate.",
        lambda D, H: 4 * (D * H + H * H + 1): "A bias is H numbers, one for each unit, not a single number.",
        lambda D, H: 4 * D * H + H * H + 4 * H: "W_h is counted once. Each gate reads h_prev with a W_h of its own, and so does "
                                               "the candidate.",
        lambda D, H: D * H + 4 * H * H + 4 * H: "W_x is counted once. Each gate reads x with a W_x of its own, and so does the "
                                               "candidate.",
        lambda D, H: 4 * (D * H + H): "W_h is missing: it leads from H units to H units.",
        lambda D, H: 4 * (H * H + H): "W_x is missing: it leads from D inputs to H units.",
        lambda D, H: 4 * (D * H + H * H + H) + 2 * H: "The states c and h are not learned, they are computed. Count weights and "
                                                      "biases alone.",
    },
    hints=("How many numbers does a vanilla RNN learn? Start from there.",
           "Its W_x is (D, H), its W_h (H, H), its b (H,). How many such sets does the LSTM have?",
           "Four sets: one for each of i, f, g and o."),
)


# q2: the first bias

def initial_bias(H, forget_bias):
    b = np.zeros((4, H))
    b[F] = forget_bias                              # F = 1: the order is i, f, g, o
    return b


BIASES = [(f"H = {H}, forget_bias = {forget_bias}", (H, forget_bias)) for H, forget_bias in ((2, 1.0), (4, -0.5), (5, 2.5))]


def bias_with(row, value=None):
    """Return the initial_bias of someone who writes `value` (None: the forget bias) into `row`."""
    def initial_bias(H, forget_bias):
        b = np.zeros((4, H))
        b[row] = forget_bias if value is None else value
        return b
    return initial_bias


q2 = Question(
    ask="Write `initial_bias(H, forget_bias)`: return the bias b (4, H) of a new LSTM layer, one row for each of GATES. The "
        "forget gate starts with `forget_bias` in all its units, everything else with 0.",
    reference=initial_bias,
    cases=BIASES,
    mistakes={
        bias_with(0): "Row 0 belongs to the input gate: the order is i, f, g, o.",
        bias_with(2): "Row 2 belongs to the candidate: the order is i, f, g, o, and rows are counted from 0. (In ONNX the forget "
                      "gate stands there.)",
        bias_with(3): "Row 3 belongs to the output gate: the order is i, f, g, o.",
        bias_with(slice(None)): "All four rows have the forget bias. Only the forget gate's row should.",
        bias_with([0, 1, 3]): "All gates have the forget bias. Only the forget gate should.",
        bias_with((slice(None), 1)): "This fills a column: one unit of every gate. A gate is a row, so b[1], not b[:, 1].",
        bias_with((1, 0)): "Only the first unit has it. The forget gate has H units: fill its whole row.",
        bias_with(1, 1.0): "The forget bias is always 1 here. Use the argument `forget_bias`.",
        bias_with(1, 0.0): "Everything is 0. Which row should hold the forget bias?",
        lambda H, forget_bias: initial_bias(H, forget_bias).T: "This has a column for each gate, (H, 4). Gates are rows: (4, H).",
        lambda H, forget_bias: initial_bias(H, forget_bias).ravel(): "The numbers stand in one long row, (4·H,), as some "
                                                                     "frameworks keep them. Here each gate has its own: (4, H).",
        lambda H, forget_bias: np.full(H, forget_bias): "This is the forget gate's row alone. Put it among the other three.",
    },
    hints=("Start with zeros of shape (4, H). Which row is the forget gate's?",
           "GATES is (\"i\", \"f\", \"g\", \"o\"); counted from 0, f is row 1. Its name is F.",
           "b = np.zeros((4, H)), then b[F] = forget_bias."),
)


# q3: the belt

def belt(c0, f, added):
    c, states = c0, []
    for f_t, added_t in zip(f, added, strict=True):     # (H,) each
        c = f_t * c + added_t
        states.append(c)
    return np.array(states)                             # (T, H)


def belts(rng):
    yield "one unit, two steps", (np.array([2.0]), np.array([[0.5], [0.8]]), np.array([[1.0], [-0.3]]))
    for label, T, H in (("three units, five steps", 5, 3), ("three units, three steps", 3, 3)):
        yield label, (rng.uniform(1, 2, H), rng.uniform(0.2, 0.9, (T, H)), rng.uniform(0.1, 0.9, (T, H)))


def stepping(step):
    """Return the belt of someone whose step is `step(c, f_t, added_t)`."""
    def belt(c0, f, added):
        c, states = c0, []
        for f_t, added_t in zip(f, added, strict=True):
            c = step(c, f_t, added_t)
            states.append(c)
        return np.array(states)
    return belt


q3 = Question(
    ask="Write `belt(c0, f, added)`: c0 (H,) is the cell state at the start, f (T, H) says which part of it is kept at each "
        "step, added (T, H) what is added. Return the cell state after every step, (T, H): c_t = f_t · c_{t-1} + added_t, unit "
        "by unit.",
    reference=belt,
    cases=belts,
    points=2,
    mistakes={
        stepping(lambda c, f_t, added_t: f_t * (c + added_t)): "f multiplies what is added, too. It should multiply the old "
                                                               "state only.",
        stepping(lambda c, f_t, added_t: c + added_t): "f is missing: everything is kept.",
        stepping(lambda c, f_t, added_t: f_t * c): "Nothing is added.",
        stepping(lambda c, f_t, added_t: np.tanh(f_t * c + added_t)): "There is a tanh at each step, as in a vanilla RNN. The "
                                                                      "belt has none.",
        stepping(lambda c, f_t, added_t: f_t * c + (1 - f_t) * added_t): "This adds 1 - f of what should be added. Add all of it."
                                                                         "",
        lambda c0, f, added: f * c0 + added: "Every step starts from c0. The c of one step is the c_prev of the next.",
        lambda c0, f, added: belt(c0, f, added)[-1]:
            "This is the last cell state alone. Keep that of every step: append each to a list.",
        lambda c0, f, added: np.concatenate([c0[None], belt(c0, f, added)]):
            "There is one state too many: the first is c0. Note only the states after a step.",
        lambda c0, f, added: np.concatenate([c0[None], belt(c0, f, added)[:-1]]):
            "Each state is noted before its step is taken: the first is c0, the last is missing.",
        lambda c0, f, added: belt(np.zeros_like(c0), f, added): "The first step starts from zeros. It should start from c0.",
        lambda c0, f, added: np.repeat(belt(c0, f, added)[-1:], len(f), axis=0):
            "All states are equal to the last: one array is written over at each step, and the list holds it T times. Make a new "
            "one: c = f_t * c + added_t, not c *= f_t.",
    },
    hints=("Go through the steps in a loop. What has to change from one step to the next?",
           "Start with c = c0 and an empty list. `for f_t, added_t in zip(f, added)` gives what belongs to each step.",
           "The step is c = f_t * c + added_t. Append c, and after the loop return np.array(states)."),
)
