"""Weights in the order of `keras.layers.LSTM`, `GRU` and `SimpleRNN`."""

import os

import numpy as np

from lstm_helpers.cells.checks import require_shape
from lstm_helpers.frameworks.layouts import from_rows, to_rows
from lstm_helpers.frameworks.names import BOTH_WAYS, ONE_WAY, by_layer, by_name


def to_keras(params):
    """Return the weights as `set_weights` of `keras.layers.LSTM` takes them, or of GRU, SimpleRNN, Bidirectional, Sequential.

    kernel = [W_xi W_xf W_xg W_xo]: row vectors as ours, the gates side by side

    Parameters
    ----------
    params : as of an `LSTM`, `GRU` or `RNN`, a `Bidirectional` of two, or a `Stacked` of these

    Returns
    -------
    [kernel (D, 4H), recurrent_kernel (H, 4H), bias (4H,)] of each layer, forwards before backwards; a GRU's bias is (2, 3H)

    Introduced in 20_frameworks.
    """
    rows = (to_rows(part, "keras") for directions in by_layer(params, "to_keras").values() for part in directions.values())
    return [array for W, R, b_x, b_h in rows for array in (W.T, R.T, np.array([b_x, b_h]) if _is_gru(R) else b_x)]


def from_keras(weights, bidirectional=False):
    """Return the weights of a `keras.layers.LSTM`, `GRU` or `SimpleRNN` as our params, or of several in a Sequential.

    Parameters
    ----------
    weights : [kernel (D, 4H), recurrent_kernel (H, 4H), bias (4H,)] of each layer, as `get_weights` returns them
    bidirectional : True if two layers each, forwards and backwards, are those of a `Bidirectional`

    Returns
    -------
    params of a layer, of a `Bidirectional`, or, if there are more, of a `Stacked`

    Introduced in 20_frameworks.
    """
    directions = BOTH_WAYS if bidirectional else ONE_WAY
    if not len(weights) or len(weights) % (3 * len(directions)):
        raise ValueError(f"weights holds {len(weights)} arrays; from_keras needs kernel, recurrent_kernel and bias"
                         + (" of every layer, forwards and backwards" if bidirectional else ""))
    parts = [_part(*(np.asarray(array) for array in weights[n:n + 3])) for n in range(0, len(weights), 3)]
    count = len(directions)
    layers = [dict(zip(directions, parts[n:n + count], strict=True)) for n in range(0, len(parts), count)]
    return by_name(dict(enumerate(layers)) if len(layers) > 1 else {None: layers[0]})


def keras_on_torch():
    """Return the package keras, imported with PyTorch as its backend.

    Introduced in 20_frameworks.
    """
    os.environ["KERAS_BACKEND"] = "torch"                        # read once, at the first import
    import keras
    return keras


def _part(kernel, recurrent, bias):
    names = ("kernel.T", "recurrent_kernel.T", "bias", "bias")
    if _is_gru(recurrent.T):
        require_shape("bias", bias, (2, recurrent.shape[1]), "a GRU, with reset_after=True as ours,")
    b_x, b_h = bias if bias.ndim == 2 and len(bias) == 2 else (bias, np.zeros_like(bias))
    return from_rows(kernel.T, recurrent.T, b_x, b_h, "keras", names)


def _is_gru(R):
    """Return whether the rows R are those of three gates, (3H, H)."""
    return R.ndim == 2 and len(R) == 3 * R.shape[1]
