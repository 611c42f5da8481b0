"""The linear read-out: from hidden state to prediction."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import (
    require_dtype,
    require_finite,
    require_float_dtype,
    require_params,
    require_shape,
    require_size,
)
from lstm_helpers.cells.initialise import glorot


@dataclass(frozen=True)
class LinearGradients:
    """The gradients of a linear layer: of its parameters, {"W": (H, K), "b": (K,)}, and of its input h (..., H)."""

    params: dict
    h: np.ndarray


class Linear:
    """Map hidden states to outputs by one matrix and a bias.

    ``y = h @ W + b``

    Parameters
    ----------
    input_size, output_size : int, H and K, at least 1
    rng : seed or numpy.random.Generator; draws W, Glorot uniform: between ±sqrt(6 / (H + K)); the bias b starts at zero
    dtype : float64 or float32

    Attributes
    ----------
    params : dict, ``{"W": (H, K), "b": (K,)}``

    Introduced in 13_training. Source of the initial weights: Glorot & Bengio (2010), "Understanding the
    difficulty of training deep feedforward neural networks".
    """

    def __init__(self, input_size, output_size, *, rng=0, dtype=np.float64):
        self.input_size = require_size("input_size", input_size, "Linear")
        self.output_size = require_size("output_size", output_size, "Linear")
        self.dtype = require_float_dtype(dtype, "Linear")
        W = glorot(input_size, output_size, rng=rng)                                    # (H, K)
        self.params = {"W": W.astype(self.dtype), "b": np.zeros(output_size, self.dtype)}

    def forward(self, h, *, check=True):
        """Return the outputs of hidden states.

        Parameters
        ----------
        h : (..., H) array of the layer's dtype
        check : bool
            False leaves out the search of h for NaN and infinity. `Network` does so: in training, they are to
            reach the loss, where `train` finds them.

        Returns
        -------
        y : (..., K) array
        """
        h = self._require_rows("h", h, self.input_size)
        if check:
            require_finite("h", h, "Linear")
        rows = h.reshape(-1, self.input_size) @ self.params["W"] + self.params["b"]     # (rows, K)
        return rows.reshape(*h.shape[:-1], self.output_size)                            # (..., K)

    def backward(self, h, dy):
        """Return the gradients of a loss whose gradient with respect to the outputs is dy.

        ``dW = h.T @ dy``, ``db = sum(dy)``, ``dh = dy @ W.T``, the rows of all leading axes summed.

        Parameters
        ----------
        h : (..., H) array, what `forward` was given
        dy : (..., K) array

        Returns
        -------
        LinearGradients, with ``.params`` of the shapes of the layer's and ``.h`` (..., H)
        """
        h = self._require_rows("h", h, self.input_size)
        dy = self._require_rows("dy", dy, self.output_size)
        require_shape("dy", dy, (*h.shape[:-1], self.output_size), "Linear.backward")
        rows, d_rows = h.reshape(-1, self.input_size), dy.reshape(-1, self.output_size)
        dh = (d_rows @ self.params["W"].T).reshape(h.shape)                             # (..., H)
        return LinearGradients({"W": rows.T @ d_rows, "b": d_rows.sum(axis=0)}, dh)

    def _require_rows(self, name, array, size):
        shapes = {"W": (self.input_size, self.output_size), "b": (self.output_size,)}
        require_params(self.params, shapes, self.dtype, "Linear")
        array = require_dtype(name, array, self.dtype, "Linear")
        if array.ndim == 0 or array.shape[-1] != size:
            raise ValueError(f"{name} has shape {array.shape}; Linear needs (..., {size})")
        return array
