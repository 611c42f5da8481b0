"""The vanilla recurrent network: one step by hand, and the layer that takes all steps and their gradients."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.activations import ACTIVATIONS
from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.initialise import recurrent_weights
from lstm_helpers.cells.layer import Gradients, OperandViews, RecurrentLayer, blocks_backwards, side_by_side, weighted_sum


def rnn_step(x, h_prev, W_x, W_h, b):
    """Take one step of a vanilla RNN.

    h = tanh(x W_x + h_prev W_h + b)

    Parameters
    ----------
    x : (B, D), input of this step
    h_prev : (B, H), hidden state of the step before
    W_x, W_h, b : (D, H), (H, H), (H,)

    Returns
    -------
    h : (B, H), each number in (-1, 1)

    Introduced in 02_vanilla_rnn. Source: Elman (1990), "Finding structure in time".
    """
    return np.tanh(weighted_sum(x, h_prev, W_x, W_h, b))


@dataclass(frozen=True)
class RNNTrace(OperandViews):
    """Hold everything one `RNN.forward` computed, which is all that `RNN.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0 : (B, H)
    h : (T, B, H), the hidden state after each step
    mask : (T, B) of booleans, or None

    Introduced in 02_vanilla_rnn.
    """

    operand: np.ndarray                                 # (T+1, B, D+H+1), rows [x_t, h_{t-1}, 1]
    input_size: int
    mask: np.ndarray | None


class RNN(RecurrentLayer):
    """Run a vanilla recurrent layer over whole sequences, forward and backward.

    h_t = activation(x_t W_x + h_{t-1} W_h + b)

    Parameters
    ----------
    input_size, hidden_size : D, H
    activation : "tanh", "relu" or "linear"
    init : "orthogonal" (W_h orthogonal, W_x Glorot, b zero) or "uniform" (all within ±1/√H, as PyTorch draws them)
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (D, H), "W_h": (H, H), "b": (H,)}

    Introduced in 02_vanilla_rnn. Source: Elman (1990), "Finding structure in time".
    """

    trace_type = RNNTrace

    def __init__(self, input_size, hidden_size, *, activation="tanh", init="orthogonal", rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        if activation not in ACTIVATIONS:
            raise ValueError(f'activation is {activation!r}; RNN needs "tanh", "relu" or "linear"')
        self.activation = activation
        drawn = recurrent_weights(input_size, hidden_size, init, require_rng(rng, "RNN"))
        self._own_params({name: array.astype(self.dtype) for name, array in zip(("W_x", "W_h", "b"), drawn, strict=True)})

    def _take_steps(self, x, mask, h0):
        operand = side_by_side(x, h0)
        trace = RNNTrace(operand, self.input_size, mask)
        weights = np.concatenate([self.params["W_x"], self.params["W_h"], self.params["b"][None]])     # (D+H+1, H)
        function, _ = ACTIVATIONS[self.activation]
        z = np.empty_like(trace.h0)
        for t, (row, h) in enumerate(zip(operand, trace.h, strict=False)):
            np.matmul(row, weights, z)
            function(z, out=h)
            if mask is not None:
                np.copyto(h, row[:, self.input_size:-1], where=~mask[t, :, None])
        return trace

    def _carry_back(self, trace, total, dh_next, need_x):
        """dz_t = dh_t ⊙ activation'(z_t),  dh_{t-1} = dz_t W_hᵀ + what the loss sends to h_{t-1}.

        Introduced in 03_backpropagation_through_time. Source: Werbos (1990), "Backpropagation through time".
        """
        steps, batch, _ = trace.h.shape
        W_hT, W_xT = (np.ascontiguousarray(self.params[name].T) for name in ("W_h", "W_x"))
        d_weights = np.zeros((trace.operand.shape[2], self.hidden_size), self.dtype)  # (D+H+1, H)
        dx = np.empty((steps, batch, self.input_size), self.dtype) if need_x else None
        for start, stop in blocks_backwards(steps, batch):
            block = slice(start, stop)
            dz = self._slopes(trace, block)                                           # (n, B, H)
            dh_next = self._walk_back(dz, total[block], dh_next, W_hT, None if trace.mask is None else trace.mask[block])
            d_weights += np.tensordot(trace.operand[block], dz, axes=((0, 1), (0, 1)))
            if need_x:
                np.matmul(dz, W_xT, dx[block])
        W_x, W_h, b = np.split(d_weights, (self.input_size, -1))
        return Gradients({"W_x": W_x, "W_h": W_h, "b": b[0]}, x=dx, h0=dh_next, h=total)

    def _slopes(self, trace, block):
        """Return activation'(z) (n, B, H), 0 where the mask carried the state over."""
        _, derivative = ACTIVATIONS[self.activation]
        slopes = derivative(trace.h[block])
        if trace.mask is not None:
            slopes *= trace.mask[block, :, None]
        return slopes

    @staticmethod
    def _walk_back(dz, total, dh_next, W_hT, mask):
        """Turn slopes into dz and `total` into dL/dh_t, in place, last step first; return what reaches the step before."""
        for t in reversed(range(len(dz))):
            total[t] += dh_next
            dz[t] *= total[t]
            dh_next = dz[t] @ W_hT
            if mask is not None:
                dh_next += total[t] * ~mask[t, :, None]                               # the carried state's own path
        return dh_next
