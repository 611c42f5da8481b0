"""A sequence that looks back at itself: causal self-attention as a layer, with positions, a residual path and an MLP."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.attention import mix, mix_backward, seen
from lstm_helpers.cells.checks import require_count, require_rng, require_size, require_yes_or_no
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.cells.layer import Gradients, RecurrentLayer

LONGEST_WAVE = 10_000                                   # over 2π, in steps, as Vaswani et al. chose it


def sinusoidal_positions(steps, size):
    """Return a code for every position, whatever their number.

    p[t, 2k] = sin(t / 10000^(2k/H)),  p[t, 2k+1] = cos(t / 10000^(2k/H))

    Parameters
    ----------
    steps, size : T, H

    Returns
    -------
    (T, H) array, each number in [-1, 1]

    Introduced in 22_attention. Source: Vaswani et al. (2017), "Attention is all you need".
    """
    steps = require_size("steps", steps, "sinusoidal_positions")
    size = require_size("size", size, "sinusoidal_positions")
    pairs = np.arange((size + 1) // 2)
    angles = np.arange(steps)[:, None] / LONGEST_WAVE ** (2 * pairs / size)           # (T, H/2)
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(steps, -1)[:, :size]


@dataclass(frozen=True)
class SelfAttentionTrace:
    """Hold everything one `SelfAttention.forward` computed, which is all that `SelfAttention.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    e : (T, B, H), the inputs embedded, positions added
    q, k, v : (T, B, H)
    weights : (B, T, T), where each step looks
    a : (T, B, H), what it sees there
    u : (T, B, H), e + a W_o
    m : (T, B, M), the hidden units of the MLP, or None
    h : (T, B, H), what the layer says at each step
    mask : (T, B) of booleans, or None

    Introduced in 22_attention.
    """

    x: np.ndarray
    e: np.ndarray
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    weights: np.ndarray
    a: np.ndarray
    u: np.ndarray
    m: np.ndarray | None
    h: np.ndarray
    mask: np.ndarray | None

    @property
    def input_size(self):
        return self.x.shape[2]


class SelfAttention(RecurrentLayer):
    """Let every step look back at the steps up to it: one block of a transformer, without its norms, as a layer.

    e = x W_x + b + p,  a = attend(e W_q, e W_k, e W_v, causal),  u = e + a W_o,  h = u + relu(u W_up + b_up) W_down + b_down

    Nothing recurs: there is no h0. Where the mask is 0 a step is left out: nobody looks at it, it has no position, and h is
    carried over, before the first step that counts as zeros.

    Parameters
    ----------
    input_size, hidden_size : D, H
    positions : whether `sinusoidal_positions` p is added; without them the order of the steps before is not seen
    mlp : M, its hidden units; None for 2H, 0 for no MLP
    rng : seed or numpy.random.Generator; draws all weights, Glorot uniform; biases are zero
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (D, H), "b": (H,), "W_q", "W_k", "W_v", "W_o": (H, H), "W_up": (H, M), "b_up": (M,), "W_down": (M, H),
        "b_down": (H,)}

    Introduced in 22_attention. Source: Vaswani et al. (2017), "Attention is all you need", with one head.
    """

    trace_type = SelfAttentionTrace

    def __init__(self, input_size, hidden_size, *, positions=True, mlp=None, rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        rng, self.positions = require_rng(rng, "SelfAttention"), require_yes_or_no("positions", positions, "SelfAttention")
        D, H = self.input_size, self.hidden_size
        M = 2 * H if mlp is None else require_count("mlp", mlp, "SelfAttention")
        shapes = {"W_x": (D, H), "b": (H,), "W_q": (H, H), "W_k": (H, H), "W_v": (H, H), "W_o": (H, H)}
        shapes |= {"W_up": (H, M), "b_up": (M,), "W_down": (M, H), "b_down": (H,)} if M else {}
        self._own_params({name: (glorot(*shape, rng=rng) if name[0] == "W" else np.zeros(shape)).astype(self.dtype)
                          for name, shape in shapes.items()})

    def forward(self, x, mask=None):
        """Let every step of a batch of sequences look back.

        Parameters
        ----------
        x : (T, B, D)
        mask : (T, B) of 0 and 1; where it is 0 a step is left out, and h carried over

        Returns
        -------
        SelfAttentionTrace
        """
        x, mask = self.require_sequence(x, mask)
        p, steps = self.params, len(x)
        e = x @ p["W_x"] + p["b"]                                                     # (T, B, H)
        if self.positions:
            e += self._places(steps, mask)
        q, k, v = e @ p["W_q"], e @ p["W_k"], e @ p["W_v"]
        looked_at = seen(mask, steps, steps, causal=True)
        a, weights = mix(q, k, v, looked_at if mask is None else looked_at | np.eye(steps, dtype=bool))   # nobody is blind
        u = e + a @ p["W_o"]
        m = np.maximum(u @ p["W_up"] + p["b_up"], 0) if "W_up" in p else None         # (T, B, M)
        h = u.copy() if m is None else u + m @ p["W_down"] + p["b_down"]
        return SelfAttentionTrace(np.array(x), e, q, k, v, weights, a, u, m, _carried(h, mask), mask)

    def backward(self, trace, dh, dh_last=None, *, need_x=True):
        """Carry gradients back through the block.

        Parameters
        ----------
        trace : SelfAttentionTrace
        dh : (T, B, H), what the loss sends to each step; None for zeros
        dh_last : (B, H), what it sends to the last one besides
        need_x : False leaves out the gradient by x

        Returns
        -------
        Gradients; `h0` is None
        """
        total = self._total(trace, dh)
        total[-1] += self._state("dh_last", dh_last, total.shape[1], "backward")
        grads = {}
        du = self._back_through_mlp(trace, _back_to_steps(total, trace.mask), grads)
        de = self._back_through_attention(trace, du, grads)
        _product_gradients(grads, "W_x", trace.x, de)
        grads["b"] = de.sum(axis=(0, 1))
        dx = de @ self.params["W_x"].T if need_x else None
        return Gradients({name: grads[name] for name in self.params}, x=dx, h0=None, h=total)

    def _back_through_mlp(self, trace, d_out, grads):
        """Note the gradients of the MLP's parameters and return dL/du."""
        if trace.m is None:
            return d_out
        dm = (d_out @ self.params["W_down"].T) * (trace.m > 0)                        # (T, B, M)
        _product_gradients(grads, "W_down", trace.m, d_out)
        _product_gradients(grads, "W_up", trace.u, dm)
        grads |= {"b_down": d_out.sum(axis=(0, 1)), "b_up": dm.sum(axis=(0, 1))}
        return d_out + dm @ self.params["W_up"].T

    def _back_through_attention(self, trace, du, grads):
        """Note the gradients of the four matrices and return dL/de: by the residual path, by queries, keys and values."""
        _product_gradients(grads, "W_o", trace.a, du)
        de = du.copy()
        from_mix = mix_backward(trace.q, trace.k, trace.v, trace.weights, du @ self.params["W_o"].T)
        for name, d in zip(("W_q", "W_k", "W_v"), from_mix, strict=True):
            _product_gradients(grads, name, trace.e, d)
            de += d @ self.params[name].T
        return de

    def _places(self, steps, mask):
        """Return the positions' codes (T, 1, H), or (T, B, H) where a mask leaves steps out."""
        codes = sinusoidal_positions(steps, self.hidden_size).astype(self.dtype)
        return codes[:, None] if mask is None else codes[np.maximum(mask.cumsum(axis=0) - 1, 0)]


def _carried(h, mask):
    """Return h (T, B, H), each step that was left out with the h of the one before; zeros before the first."""
    if mask is None:
        return h
    source = np.maximum.accumulate(np.where(mask, np.arange(len(h))[:, None], -1), axis=0)              # (T, B)
    return np.take_along_axis(h, np.maximum(source, 0)[:, :, None], axis=0) * (source >= 0)[:, :, None]


def _back_to_steps(total, mask):
    """Add what reaches a carried h to the step before, in place; return what reaches the steps that were taken (T, B, H)."""
    if mask is None:
        return total
    for t in reversed(range(1, len(total))):
        total[t - 1] += total[t] * ~mask[t, :, None]
    return total * mask[:, :, None]


def _product_gradients(grads, name, rows, d_product):
    """Note the gradient of W in rows (T, B, n) @ W."""
    grads[name] = np.tensordot(rows, d_product, axes=((0, 1), (0, 1)))
