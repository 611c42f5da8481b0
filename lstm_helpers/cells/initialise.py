"""How weights are drawn before training. Every function takes `rng`, a seed or a `numpy.random.Generator`."""

import numpy as np

from lstm_helpers.cells.checks import require_number, require_rng, require_size


def orthogonal(size, *, rng=0):
    """Draw a random orthogonal matrix: it turns a vector and keeps its length.

    Q R = Z with Z standard normal; the signs of R's diagonal go into Q, so that every orthogonal matrix is equally likely.

    Parameters
    ----------
    size : H
    rng : seed or numpy.random.Generator

    Returns
    -------
    (H, H) array, with Qᵀ Q = 1

    Introduced in 14_initialisation. Source: Saxe, McClelland & Ganguli (2014), "Exact solutions to the nonlinear dynamics
    of learning in deep linear neural networks".
    """
    size = require_size("size", size, "orthogonal")
    q, r = np.linalg.qr(require_rng(rng, "orthogonal").standard_normal((size, size)))
    return q * np.sign(np.diag(r))


def glorot(rows, columns, *, rng=0):
    """Draw uniformly from ±√(6 / (rows + columns)), a compromise: signals and gradients keep their spread if rows = columns.

    Forward, a spread of 1 becomes √(2 rows / (rows + columns)); backward, √(2 columns / (rows + columns)).

    Parameters
    ----------
    rows, columns : sizes of the matrix, inputs and outputs
    rng : seed or numpy.random.Generator

    Returns
    -------
    (rows, columns) array

    Introduced in 14_initialisation. Source: Glorot & Bengio (2010), "Understanding the difficulty of training deep
    feedforward neural networks".
    """
    rows, columns = require_size("rows", rows, "glorot"), require_size("columns", columns, "glorot")
    limit = np.sqrt(6 / (rows + columns))
    return require_rng(rng, "glorot").uniform(-limit, limit, (rows, columns))


def chrono_bias(longest, size, *, rng=0):
    """Draw forget biases for memories of up to `longest` steps: b_f = log U(1, T-1); the input bias is its negative.

    Parameters
    ----------
    longest : T, in steps, at least 3
    size : H
    rng : seed or numpy.random.Generator

    Returns
    -------
    (H,) array, the forget bias

    Introduced in 14_initialisation. Source: Tallec & Ollivier (2018), "Can recurrent neural networks warp time?".
    """
    require_number("chrono", longest, "LSTM", above=np.nextafter(3, 0),
                   needed="at least 3 steps, since forget biases are drawn as log U(1, T-1)")
    return np.log(require_rng(rng, "chrono_bias").uniform(1, longest - 1, require_size("size", size, "chrono_bias")))


def recurrent_weights(input_size, hidden_size, init, rng):
    """Draw W_x (D, H), W_h (H, H) and b (H,) of one gate, "orthogonal" (Glorot for W_x) or "uniform" as PyTorch does."""
    if init == "orthogonal":
        W_x = glorot(input_size, hidden_size, rng=rng)
        return W_x, orthogonal(hidden_size, rng=rng), np.zeros(hidden_size)
    if init == "uniform":
        limit = 1 / np.sqrt(hidden_size)
        shapes = ((input_size, hidden_size), (hidden_size, hidden_size), (hidden_size,))
        return tuple(rng.uniform(-limit, limit, shape) for shape in shapes)
    raise ValueError(f'init is {init!r}; a layer needs "orthogonal" or "uniform"')


def stacked_weights(count, layer, init, rng):
    """Draw the weights of several gates for a layer: {"W_x": (count, D, H), "W_h": (count, H, H), "b": (count, H)}."""
    drawn = (recurrent_weights(layer.input_size, layer.hidden_size, init, rng) for _ in range(count))
    return {name: np.array(slabs, layer.dtype) for name, slabs in zip(("W_x", "W_h", "b"), zip(*drawn, strict=True), strict=True)}
