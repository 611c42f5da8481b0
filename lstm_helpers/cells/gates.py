"""The gates of an LSTM, one by one. These functions are the specification; `LSTM` is the fast form, tested equal to them.

GATES is the order of the gates on the first axis of every weight: input, forget, candidate (g), output, as in PyTorch.
I, F, G, O are their places on that axis, so that `W_x[F]` is the forget gate's slab.
GATES, I, F, G, O: Introduced in 07_cell_state.
"""

import numpy as np

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.checks import require_finite, require_float, require_shape
from lstm_helpers.cells.layer import weighted_sum

GATES = ("i", "f", "g", "o")
I, F, G, O = range(4)


def forget_gate(x, h_prev, W_x, W_h, b):
    """Compute how much of each cell state to keep.

    f = σ(x W_xf + h_prev W_hf + b_f)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev : (B, H), hidden state of the step before
    W_x, W_h, b : (D, H), (H, H), (H,), the forget gate's own weights

    Returns
    -------
    f : (B, H), each number in (0, 1), no unit

    Introduced in 08_forget_gate. Source: Gers, Schmidhuber & Cummins (2000), "Learning to forget".
    """
    return sigmoid(weighted_sum(x, h_prev, W_x, W_h, b))


def input_gate(x, h_prev, W_x, W_h, b):
    """Compute how much of each candidate to let in.

    i = σ(x W_xi + h_prev W_hi + b_i)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev : (B, H), hidden state of the step before
    W_x, W_h, b : (D, H), (H, H), (H,), the input gate's own weights

    Returns
    -------
    i : (B, H), each number in (0, 1), no unit

    Introduced in 09_input_gate. Source: Hochreiter & Schmidhuber (1997), "Long short-term memory".
    """
    return sigmoid(weighted_sum(x, h_prev, W_x, W_h, b))


def candidate(x, h_prev, W_x, W_h, b):
    """Propose what could be added to each cell state.

    g = tanh(x W_xg + h_prev W_hg + b_g)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev : (B, H), hidden state of the step before
    W_x, W_h, b : (D, H), (H, H), (H,), the candidate's own weights

    Returns
    -------
    g : (B, H), each number in (-1, 1), no unit

    Introduced in 09_input_gate. Source: Hochreiter & Schmidhuber (1997), "Long short-term memory".
    """
    return np.tanh(weighted_sum(x, h_prev, W_x, W_h, b))


def output_gate(x, h_prev, W_x, W_h, b):
    """Compute how much of each cell state to show.

    o = σ(x W_xo + h_prev W_ho + b_o)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev : (B, H), hidden state of the step before
    W_x, W_h, b : (D, H), (H, H), (H,), the output gate's own weights

    Returns
    -------
    o : (B, H), each number in (0, 1), no unit

    Introduced in 10_output_gate. Source: Hochreiter & Schmidhuber (1997), "Long short-term memory".
    """
    return sigmoid(weighted_sum(x, h_prev, W_x, W_h, b))


def update_cell(f, c_prev, i, g):
    """Keep a part of the old cell state and add a part of the candidate.

    c = f ⊙ c_prev + i ⊙ g

    Parameters
    ----------
    f, c_prev, i, g : (B, H) each

    Returns
    -------
    c : (B, H), unbounded

    Introduced in 09_input_gate. Source: Gers, Schmidhuber & Cummins (2000), "Learning to forget".
    """
    f, c_prev, i, g = (require_finite(name, require_float(name, array, "update_cell"), "update_cell")
                       for name, array in zip(("f", "c_prev", "i", "g"), (f, c_prev, i, g), strict=True))
    for name, array in (("c_prev", c_prev), ("i", i), ("g", g)):
        require_shape(name, array, f.shape, "update_cell, given this f,")
    return f * c_prev + i * g


def hidden_state(o, c):
    """Show a part of the squashed cell state.

    h = o ⊙ tanh(c)

    Parameters
    ----------
    o, c : (B, H) each

    Returns
    -------
    h : (B, H), each number in (-1, 1)

    Introduced in 10_output_gate. Source: Hochreiter & Schmidhuber (1997), "Long short-term memory".
    """
    o, c = (require_finite(name, require_float(name, array, "hidden_state"), "hidden_state")
            for name, array in (("o", o), ("c", c)))
    require_shape("c", c, o.shape, "hidden_state, given this o,")
    return o * np.tanh(c)


def lstm_step(x, h_prev, c_prev, W_x, W_h, b):
    """Take one step of an LSTM, gate by gate.

    c = f ⊙ c_prev + i ⊙ g,  h = o ⊙ tanh(c)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev, c_prev : (B, H), states of the step before
    W_x, W_h, b : (4, D, H), (4, H, H), (4, H), one slab a gate in the order of GATES

    Returns
    -------
    h, c : (B, H) each

    Introduced in 11_lstm_forward. Source: Gers, Schmidhuber & Cummins (2000), "Learning to forget".
    """
    for name, weights in (("W_x", W_x), ("W_h", W_h), ("b", b)):
        if np.ndim(weights) == 0 or len(weights) != len(GATES):
            raise ValueError(f"{name} has shape {np.shape(weights)}; "
                             f"lstm_step needs one slab a gate, (4, …) in the order {GATES}")
    i = input_gate(x, h_prev, W_x[I], W_h[I], b[I])
    f = forget_gate(x, h_prev, W_x[F], W_h[F], b[F])
    g = candidate(x, h_prev, W_x[G], W_h[G], b[G])
    o = output_gate(x, h_prev, W_x[O], W_h[O], b[O])
    c = update_cell(f, c_prev, i, g)
    return hidden_state(o, c), c
