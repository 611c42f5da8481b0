"""The LSTM layer in its fast form. What it computes is written out gate by gate in `gates.lstm_step`.

What makes it fast: one product a step for all four gates; one tanh for all four, since σ(z) = (1 + tanh(z/2)) / 2;
arrays laid out so that every elementwise operation runs over contiguous memory; everything of the backward pass that
does not hang on the step after computed for a whole block of steps at once, and weight gradients as one product a block.
"""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.gates import GATES, F, I
from lstm_helpers.cells.initialise import chrono_bias, stacked_weights
from lstm_helpers.cells.layer import CellStateLayer, Gradients, OperandViews, blocks_backwards, side_by_side

# The record of a step: six slabs (B, H). The sigmoids stand together, and [i, f] beside [g, c_prev], so that
# one product of two slabs each gives i⊙g and f⊙c_prev. GATES rolled by one is the order of the first four.
OUTPUT, INPUT, FORGET, CANDIDATE, C_PREV, TANH_C = range(6)
SIGMOIDS, ALL_GATES = slice(OUTPUT, CANDIDATE), slice(OUTPUT, C_PREV)
INPUT_FORGET, CANDIDATE_C_PREV = slice(INPUT, CANDIDATE), slice(CANDIDATE, TANH_C)


def _slab(name, place):
    return property(lambda trace: trace.record[:-1, place], doc=f"(T, B, H), {name}")


@dataclass(frozen=True)
class LSTMTrace(OperandViews):
    """Hold everything one `LSTM.forward` computed, which is all that `LSTM.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0, c0 : (B, H)
    i, f, g, o : (T, B, H), input gate, forget gate, candidate and output gate of each step
    c, h : (T, B, H), the states after each step
    tanh_c : (T, B, H)
    mask : (T, B) of booleans, or None

    Introduced in 11_lstm_forward.
    """

    operand: np.ndarray                                 # (T+1, B, D+H+1), rows [x_t, h_{t-1}, 1]
    record: np.ndarray                                  # (T+1, 6, B, H), slabs as named at the top of this file
    input_size: int
    mask: np.ndarray | None

    i = _slab("input gate", INPUT)
    f = _slab("forget gate", FORGET)
    g = _slab("candidate", CANDIDATE)
    o = _slab("output gate", OUTPUT)
    tanh_c = _slab("tanh of the cell state", TANH_C)

    @property
    def c(self):
        return self.record[1:, C_PREV]

    @property
    def c0(self):
        return self.record[0, C_PREV]


class LSTM(CellStateLayer):
    """Run an LSTM layer over whole sequences, forward and backward.

    c_t = f ⊙ c_{t-1} + i ⊙ g,  h_t = o ⊙ tanh(c_t)

    Parameters
    ----------
    input_size, hidden_size : D, H
    forget_bias : b_f of every cell at the start; None leaves what `init` draws
    chrono : T, the longest memory in steps: draws b_f = log U(1, T-1) and sets b_i = -b_f, in place of `forget_bias`
    init : "orthogonal" (each gate's W_h orthogonal, W_x Glorot, b zero) or "uniform" (all within ±1/√H, as PyTorch does)
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (4, D, H), "W_h": (4, H, H), "b": (4, H)}, gates in the order of GATES

    Introduced in 11_lstm_forward. Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory"; Gers, Schmidhuber
    & Cummins (2000), "Learning to forget".
    """

    trace_type = LSTMTrace

    def __init__(self, input_size, hidden_size, *, forget_bias=1.0, chrono=None, init="orthogonal", rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        rng = require_rng(rng, "LSTM")
        self._own_params(stacked_weights(len(GATES), self, init, rng))
        if chrono is not None:
            self.params["b"][F] = chrono_bias(chrono, hidden_size, rng=rng)
            self.params["b"][I] = -self.params["b"][F]
        elif forget_bias is not None:
            self.params["b"][F] = self._one_or_each("forget_bias", forget_bias)

    def _take_steps(self, x, mask, h0, c0):
        steps, batch, _ = x.shape
        operand = side_by_side(x, h0)
        record = np.empty((steps + 1, 6, batch, self.hidden_size), self.dtype)
        record[0, C_PREV] = c0
        trace = LSTMTrace(operand, record, self.input_size, mask)
        _walk_forward(trace, self._weights_for_one_tanh())
        return trace

    def _carry_back(self, trace, dh_total, dh_next, dc_next, need_x):
        """dc_t = dc_next ⊙ f_{t+1} + dh_t ⊙ o ⊙ (1 - tanh²(c_t)),  dz_f = dc_t ⊙ c_{t-1} ⊙ f ⊙ (1 - f), and so on for each
        gate,  dh_{t-1} = Σ over gates of dz W_hᵀ + what the loss sends to h_{t-1}.

        Introduced in 12_lstm_backward. Source: Gers, Schmidhuber & Cummins (2000), "Learning to forget", with the full
        gradient of Graves & Schmidhuber (2005), "Framewise phoneme classification with bidirectional LSTM".
        """
        steps, batch, _ = trace.h.shape
        dc_total = np.empty_like(dh_total)
        W_xT, W_hT = (_stack_transposed(self.params[name]) for name in ("W_x", "W_h"))  # (4D or 4H, …), contiguous
        d_weights = np.zeros((trace.operand.shape[2], 4 * self.hidden_size), self.dtype)
        dx = np.empty((steps, batch, self.input_size), self.dtype) if need_x else None
        for start, stop in blocks_backwards(steps, batch):
            block = slice(start, stop)
            slopes, through_h, keep = _coefficients(trace, block)
            dz = _walk_back(slopes, through_h, keep, dh_total[block], dc_total[block], dh_next, dc_next, W_hT,
                            None if trace.mask is None else ~trace.mask[block])
            rows = dz.reshape(-1, 4 * self.hidden_size)                               # (n·B, 4H)
            d_weights += trace.operand[block].reshape(len(rows), -1).T @ rows         # (D+H+1, 4H)
            if need_x:
                np.matmul(rows, W_xT, dx[block].reshape(len(rows), -1))
        return Gradients(self._slabs(d_weights), x=dx, h0=dh_next, h=dh_total, c0=dc_next, c=dc_total)

    def _weights_for_one_tanh(self):
        """Return [W_x; W_h; b] (4, D+H+1, H) in the record's order, halved for the sigmoids: σ(z) = (1 + tanh(z/2)) / 2."""
        p = self.params
        stacked = np.roll(np.concatenate([p["W_x"], p["W_h"], p["b"][:, None]], axis=1), 1, axis=0)
        stacked[SIGMOIDS] *= 0.5
        return stacked

    def _slabs(self, d_weights):
        """Cut the gradient of the stacked weights (D+H+1, 4H) into slabs of the names and order of `params`."""
        by_gate = d_weights.reshape(len(d_weights), 4, -1).transpose(1, 0, 2)         # (4, D+H+1, H)
        W_x, W_h, b = np.split(np.roll(by_gate, -1, axis=0), (self.input_size, -1), axis=1)
        return {"W_x": W_x, "W_h": W_h, "b": b[:, 0]}


def _stack_transposed(slabs):
    """Return the transposed weights of all gates in the record's order, (4H, n) and contiguous: twice as fast as `.T`."""
    return np.roll(slabs, 1, axis=0).transpose(0, 2, 1).reshape(-1, slabs.shape[1])


def _walk_forward(trace, weights):
    """Fill the record and the hidden states of the operand, step by step."""
    operand, record, mask = trace.operand, trace.record, trace.mask
    half = np.array(0.5, record.dtype)
    products = np.empty((2, *record.shape[2:]), record.dtype)
    kept, added = products
    steps = zip(operand, record[:, ALL_GATES], record[:, SIGMOIDS], record[:, INPUT_FORGET], record[:, CANDIDATE_C_PREV],
                record[:, OUTPUT], record[:, TANH_C], record[1:, C_PREV], trace.h, strict=False)
    for t, (row, gates, sigmoids, i_f, g_c_prev, o, tanh_c, c, h) in enumerate(steps):
        np.matmul(row, weights, gates)                                                # (B, D+H+1) @ (4, D+H+1, H) -> (4, B, H)
        np.tanh(gates, gates)
        np.multiply(sigmoids, half, sigmoids)
        np.add(sigmoids, half, sigmoids)
        np.multiply(i_f, g_c_prev, products)                                          # i ⊙ g and f ⊙ c_prev
        np.add(kept, added, c)
        np.tanh(c, tanh_c)
        np.multiply(o, tanh_c, h)
        if mask is not None:
            np.copyto(c, g_c_prev[1], where=~mask[t, :, None])
            np.copyto(h, row[:, trace.input_size:-1], where=~mask[t, :, None])


def _coefficients(trace, block):
    """Return what the walk back multiplies with, for a block of n steps, all of it known beforehand.

    slopes : (n, 4, B, H), dz / dc of each gate (dz_o / dh for the output gate)
    through_h : (n, B, H), o ⊙ (1 - tanh²(c)): how dh enters dc
    keep : (n, B, H), dc_{t-1} / dc_t: the forget gate, or 1 where the mask carries the state over
    """
    record = trace.record[:-1][block]
    gates, slopes = record[:, ALL_GATES], np.empty_like(record[:, ALL_GATES])
    np.multiply(gates, gates, slopes)
    np.subtract(gates[:, SIGMOIDS], slopes[:, SIGMOIDS], slopes[:, SIGMOIDS])         # s - s² = σ'
    np.subtract(1, slopes[:, CANDIDATE], slopes[:, CANDIDATE])                        # 1 - g² = tanh'
    slopes[:, INPUT_FORGET] *= record[:, CANDIDATE_C_PREV]
    slopes[:, CANDIDATE] *= record[:, INPUT]
    slopes[:, OUTPUT] *= record[:, TANH_C]
    through_h = record[:, TANH_C] ** 2
    np.subtract(1, through_h, through_h)
    through_h *= record[:, OUTPUT]
    keep = record[:, FORGET]
    if trace.mask is not None:
        taken = trace.mask[block, :, None]                                            # (n, B, 1)
        slopes *= taken[:, None]
        through_h *= taken
        keep = np.where(taken, keep, 1)
    return slopes, through_h, keep


def _walk_back(slopes, through_h, keep, dh_total, dc_total, dh_next, dc_next, W_hT, carried):
    """Fill dh_total, dc_total and dz of a block, last step first, and leave in dh_next, dc_next what reaches the step before.

    Returns dz (n, B, 4, H).
    """
    steps, _, batch, hidden = slopes.shape
    dz = np.empty((steps, batch, 4, hidden), slopes.dtype)
    by_gate = dz.transpose(0, 2, 1, 3)                                                # the same memory as (n, 4, B, H)
    last_first = slice(None, None, -1)
    views = zip(*(array[last_first] for array in (
        dh_total, dc_total, through_h, keep, slopes[:, INPUT:], slopes[:, OUTPUT],
        by_gate[:, INPUT:], by_gate[:, OUTPUT], dz.reshape(steps, batch, -1))), strict=True)
    for t, (dh, dc, into_c, kept, slopes_ifg, slope_o, dz_ifg, dz_o, rows) in enumerate(views, 1):
        np.add(dh, dh_next, dh)
        np.multiply(dh, into_c, dc)
        np.add(dc, dc_next, dc)
        np.multiply(slopes_ifg, dc, dz_ifg)
        np.multiply(slope_o, dh, dz_o)
        np.multiply(dc, kept, dc_next)
        np.matmul(rows, W_hT, dh_next)                                                # (B, 4H) @ (4H, H) -> (B, H)
        if carried is not None:
            dh_next += dh * carried[-t, :, None]                                      # the carried state's own path
    return dz
