"""The gated recurrent unit: two gates, one state. Written to be read, not tuned."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.initialise import recurrent_weights, stacked_weights
from lstm_helpers.cells.layer import Gradients, RecurrentLayer, slab_gradients, states_before, taken_steps, through_slabs

RESET, UPDATE, NEW = range(3)                           # PyTorch's order r, z, n; ONNX says z, r, h


@dataclass(frozen=True)
class GRUTrace:
    """Hold everything one `GRU.forward` computed, which is all that `GRU.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0 : (B, H)
    r, z, n : (T, B, H), reset gate, update gate and candidate of each step
    u : (T, B, H), h_{t-1} W_hn + b_hn, what the reset gate multiplies
    h : (T, B, H), the hidden state after each step
    mask : (T, B) of booleans, or None

    Introduced in 19_variants.
    """

    x: np.ndarray
    h0: np.ndarray
    r: np.ndarray
    z: np.ndarray
    n: np.ndarray
    u: np.ndarray
    h: np.ndarray
    mask: np.ndarray | None

    @property
    def input_size(self):
        return self.x.shape[2]


class GRU(RecurrentLayer):
    """Run a gated recurrent unit over whole sequences, forward and backward.

    r = σ(x W_xr + h_prev W_hr + b_r),  z = σ(x W_xz + h_prev W_hz + b_z),
    n = tanh(x W_xn + b_n + r ⊙ (h_prev W_hn + b_h)),  h = (1 - z) ⊙ n + z ⊙ h_prev

    This is PyTorch's form, and ONNX's with linear_before_reset=1. Cho et al. reset the state before the product,
    (r ⊙ h_prev) W_hn, and have no b_h.

    Parameters
    ----------
    input_size, hidden_size : D, H
    init : "orthogonal" (each W_h orthogonal, W_x Glorot, biases zero) or "uniform" (all within ±1/√H, as PyTorch does)
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (3, D, H), "W_h": (3, H, H), "b": (3, H), "b_h": (H,)}, in the order r, z, n

    Introduced in 19_variants. Sources: Cho et al. (2014), "Learning phrase representations using RNN encoder–decoder for
    statistical machine translation"; Chung, Gulcehre, Cho & Bengio (2014), "Empirical evaluation of gated recurrent
    neural networks on sequence modeling".
    """

    trace_type = GRUTrace

    def __init__(self, input_size, hidden_size, *, init="orthogonal", rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        rng = require_rng(rng, "GRU")
        params = stacked_weights(3, self, init, rng)
        self._own_params(params | {"b_h": recurrent_weights(input_size, hidden_size, init, rng)[2].astype(self.dtype)})

    def _take_steps(self, x, mask, h_prev):
        steps, batch, _ = x.shape
        r, z, n, u, h = np.empty((5, steps, batch, self.hidden_size), self.dtype)
        trace = GRUTrace(np.array(x), h_prev, r, z, n, u, h, mask)
        for t in range(steps):
            r[t], z[t], n[t], u[t], h[t] = self._step(x[t], h_prev)
            if mask is not None:
                np.copyto(h[t], h_prev, where=~mask[t, :, None])
            h_prev = h[t]
        return trace

    def _step(self, x, h_prev):
        """Return r, z, n, u and h (B, H) of one step."""
        p = self.params
        from_x = x @ p["W_x"] + p["b"][:, None]                                       # (3, B, H)
        from_h = h_prev @ p["W_h"]                                                    # (3, B, H)
        r = sigmoid(from_x[RESET] + from_h[RESET])
        z = sigmoid(from_x[UPDATE] + from_h[UPDATE])
        u = from_h[NEW] + p["b_h"]
        n = np.tanh(from_x[NEW] + r * u)
        return r, z, n, u, (1 - z) * n + z * h_prev

    def _carry_back(self, trace, total, dh_next, need_x):
        """dz_n = dh ⊙ (1 - z) ⊙ (1 - n²),  dz_z = dh ⊙ (h_prev - n) ⊙ z ⊙ (1 - z),  dz_r = dz_n ⊙ u ⊙ r ⊙ (1 - r),
        dh_prev = dh ⊙ z + dz_r W_hrᵀ + dz_z W_hzᵀ + (dz_n ⊙ r) W_hnᵀ + what the loss sends to h_prev.

        Source: Cho et al. (2014), by the chain rule.
        """
        steps, batch, hidden = trace.h.shape
        before, taken = states_before(trace.h0, trace.h), taken_steps(trace.mask, trace.h)
        d_x, d_h = np.empty((2, steps, 3, batch, hidden), self.dtype)                 # by the sums from x and from h
        for t in reversed(range(steps)):
            total[t] += dh_next
            taken_dh = total[t] * taken[t]                                            # what is carried over goes round the step
            d_x[t], d_h[t] = self._slopes(trace, t, before[t], taken_dh)
            dh_next = taken_dh * trace.z[t] + total[t] * (1 - taken[t]) + through_slabs(d_h[t], self.params["W_h"])
        W_x, b = slab_gradients(trace.x, d_x)
        W_h, b_h = slab_gradients(before, d_h)
        dx = through_slabs(d_x, self.params["W_x"]) if need_x else None
        return Gradients({"W_x": W_x, "W_h": W_h, "b": b, "b_h": b_h[NEW]}, x=dx, h0=dh_next, h=total)

    @staticmethod
    def _slopes(trace, t, h_prev, dh):
        """Return the gradients by the sums from x and by the sums from h (3, B, H): r stands between them in n's."""
        r, z, n = trace.r[t], trace.z[t], trace.n[t]
        dz_n = dh * (1 - z) * (1 - n * n)
        dz_z = dh * (h_prev - n) * z * (1 - z)
        dz_r = dz_n * trace.u[t] * r * (1 - r)
        return (dz_r, dz_z, dz_n), (dz_r, dz_z, dz_n * r)
