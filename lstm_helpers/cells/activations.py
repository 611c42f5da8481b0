"""The functions that squash: sigmoid for gates, and what an RNN may use in place of tanh."""

import numpy as np

from lstm_helpers.cells.checks import require_float


def sigmoid(z):
    """Squash every number of `z` into (0, 1).

    σ(z) = 1 / (1 + e^-z)

    Written with e^-|z|, which never overflows, so that σ(-1000) is 0 and σ(-40) is still 4e-18.

    Parameters
    ----------
    z : float or array of floats, any shape, no unit

    Returns
    -------
    array of the shape and dtype of `z`

    Introduced in 08_forget_gate.
    """
    z = require_float("z", z, "sigmoid")
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


# name: (the function, its derivative written in terms of its own output h)
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda z, out=None: np.maximum(z, 0, out=out), lambda h: (h > 0).astype(h.dtype)),
    "linear": (lambda z, out=None: np.positive(z, out=out), np.ones_like),
}
