"""The minimal LSTM: gates that see the input alone, so that all steps are taken at once."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import require_number, require_rng
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.cells.layer import Gradients, RecurrentLayer
from lstm_helpers.cells.linear_recurrence import scan, scan_backward


@dataclass(frozen=True)
class MinLSTMTrace:
    """Hold everything one `MinLSTM.forward` computed, which is all that `MinLSTM.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0 : (B, H)
    i, f, g : (T, B, H), the gates, which add up to 1, and the candidate
    slopes : (2, T, B, H), df'/dz_i and df'/dz_f
    a : (T, B, H), the factor of the state before, 1 where the mask is 0
    h : (T, B, H), the state after each step
    mask : (T, B) of booleans, or None

    Introduced in 23_linear_recurrences.
    """

    x: np.ndarray
    h0: np.ndarray
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    slopes: np.ndarray
    a: np.ndarray
    h: np.ndarray
    mask: np.ndarray | None

    @property
    def input_size(self):
        return self.x.shape[2]


class MinLSTM(RecurrentLayer):
    """Run a minimal LSTM over whole sequences, forward and backward, all steps at once.

    z = x W_x + b for i, f and g,  f' = σ(z_f) / (σ(z_f) + σ(z_i)),  i' = 1 - f',  h_t = a ⊙ h_{t-1} + i' ⊙ z_g

    with a = f', or a = f' + low i' in (low, 1). No gate sees the state, so the recurrence is linear in it, and `scan` takes
    all steps. Gates far from 0 do not turn into 0/0: f' is computed from exponentials that neither overflow nor vanish together.

    Parameters
    ----------
    input_size, hidden_size : D, H
    low : lower bound of the factors, from -1 to 0; 0 is Feng et al.'s, at -1 a factor can turn the sign of the state
    forget_bias : b_f at the start; a large one makes f' at most 1 / (1 + σ(z_i)), so b_i starts at its negative
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (3, D, H), "b": (3, H)}, in the order i, f, g

    Introduced in 23_linear_recurrences. Sources: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi (2024), "Were RNNs all we
    needed?"; Grazzi, Siems, Zela, Franke, Hutter & Pontil (2024), "Unlocking state-tracking in linear RNNs through negative
    eigenvalues".
    """

    trace_type = MinLSTMTrace

    def __init__(self, input_size, hidden_size, *, low=0.0, forget_bias=1.0, rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        self.low = require_number("low", low, "MinLSTM", above=np.nextafter(-1, -2), below=np.nextafter(0, 1),
                                  needed="a number from -1 to 0")
        forget_bias = require_number("forget_bias", forget_bias, "MinLSTM")
        rng = require_rng(rng, "MinLSTM")
        W_x = np.array([glorot(self.input_size, self.hidden_size, rng=rng) for _ in range(3)], self.dtype)
        b = np.outer([-forget_bias, forget_bias, 0], np.ones(self.hidden_size)).astype(self.dtype)
        self._own_params({"W_x": W_x, "b": b})

    def _take_steps(self, x, mask, h0):
        z = x.reshape(-1, self.input_size) @ self.params["W_x"]                       # (3, T B, H)
        z += self.params["b"][:, None]
        z = z.reshape(3, *x.shape[:2], -1)                                            # (3, T, B, H)
        (i, f), slopes, g = normalised_gates(z[:2]), z[:2], z[2]
        a, b = f + self.low * i if self.low else np.array(f), i * g
        if mask is not None:
            a[~mask], b[~mask] = 1, 0
        h = scan(a, b, h0)
        h = h if mask is None else carried(h, h0, mask)
        return MinLSTMTrace(np.array(x), h0, i, f, g, slopes, a, h, mask)

    def _carry_back(self, trace, total, dh_next, need_x):
        """da_t = dh_t ⊙ h_{t-1},  dz_g = dh ⊙ i',  df' = (1 - low) da - dh ⊙ z_g,  dz_i, dz_f = df' ⊙ slopes.

        Source: Feng et al. (2024), by the chain rule.
        """
        total[-1] += dh_next
        df, dh, dh0 = scan_backward(trace.a, trace.h, trace.h0, total)
        df *= 1 - self.low
        df -= dh * trace.g
        dz = np.empty((3, *df.shape), self.dtype)                                     # (3, T, B, H)
        np.multiply(df, trace.slopes, dz[:2])
        np.multiply(dh, trace.i, dz[2])
        if trace.mask is not None:
            dz[:, ~trace.mask] = 0
        rows, dz = trace.x.reshape(-1, self.input_size), dz.reshape(3, -1, self.hidden_size)          # (T B, D), (3, T B, H)
        params = {"W_x": rows.T @ dz, "b": np.ones(len(rows), self.dtype) @ dz}
        dx = np.sum(dz @ self.params["W_x"].transpose(0, 2, 1), axis=0).reshape(trace.x.shape) if need_x else None
        return Gradients(params, x=dx, h0=dh0, h=dh)


def normalised_gates(z):
    """Return i' and f', σ(z_i) and σ(z_f) divided by their sum, and turn z (2, T, B, H) into the slopes df'/dz_i, df'/dz_f.

    1 / σ(z) = 1 + e^-z, so f' = (1 + e^-z_i) / (2 + e^-z_i + e^-z_f): no exponential overflows once the largest is divided out.
    """
    smallest = np.minimum(np.minimum(z[0], z[1]), 0)
    one, e = np.exp(smallest), np.exp(np.subtract(smallest, z, z), z)                 # 1, e^-z_i and e^-z_f by the largest
    total = e[0] + e[1]
    total += one
    total += one
    one /= total
    e /= total
    f, i = one + e                                                                    # (2, T, B, H)
    e[0] *= -i
    e[1] *= f
    return i, f


def carried(h, h0, mask):
    """Return the states (T, B, H) where each carried one is bit for bit the last that was taken, or h0 (B, H)."""
    steps, batch = mask.shape
    last = np.maximum.accumulate(np.where(mask, np.arange(1, steps + 1)[:, None], 0))  # (T, B): 0 is h0
    return np.concatenate([h0[None], h])[last, np.arange(batch)]
