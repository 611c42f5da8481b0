"""The sLSTM: an LSTM whose input gate, and if wanted its forget gate, is an exponential, with what keeps that finite."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.gates import GATES, F
from lstm_helpers.cells.initialise import stacked_weights
from lstm_helpers.cells.layer import Gradients, OperandViews, blocks_backwards, side_by_side
from lstm_helpers.cells.memory import FORGETS, MemoryLayer

# The record of a step: five slabs (B, H), the gates in the order of GATES, then log f.
INPUT, FORGET, CANDIDATE, OUTPUT, LOG_FORGET = range(5)
GATE_SLABS, EXPONENTIALS, NOT_OUTPUT, TANHS = slice(4), slice(2), slice(3), slice(2, 4)
C, N, M = range(3)                                      # of the memory
START = {"sigmoid": 1.0, "exp": 0.0}                    # forget biases; e^0 keeps everything as it is


def _slab(name, place):
    return property(lambda trace: trace.record[:, place], doc=f"(T, B, H), {name}")


@dataclass(frozen=True)
class SLSTMTrace(OperandViews):
    """Hold everything one `SLSTM.forward` computed, which is all that `SLSTM.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0 : (B, H)
    i, f : (T, B, H), e^(z_i - m_t) and the forget gate times e^(m_{t-1} - m_t): both at most 1, one of them 1
    g, o : (T, B, H), candidate and output gate
    c, n, m : (T, B, H), the memory after each step: cell state and normaliser, both times e^-m, and m
    h : (T, B, H), the hidden state after each step
    mask : (T, B) of booleans, or None
    memory : (c, n, m) after the last step, each (B, H)

    Introduced in 24_xlstm.
    """

    operand: np.ndarray                                 # (T+1, B, D+H+1), rows [x_t, h_{t-1}, 1]
    record: np.ndarray                                  # (T, 5, B, H), slabs as named at the top of this file
    memories: np.ndarray                                # (T+1, 3, B, H), c, n and m before the first step and after each
    input_size: int
    mask: np.ndarray | None

    i = _slab("input gate", INPUT)
    f = _slab("forget gate", FORGET)
    g = _slab("candidate", CANDIDATE)
    o = _slab("output gate", OUTPUT)

    @property
    def c(self):
        return self.memories[1:, C]

    @property
    def n(self):
        return self.memories[1:, N]

    @property
    def m(self):
        return self.memories[1:, M]

    @property
    def memory(self):
        return tuple(np.array(self.memories[-1]))


class SLSTM(MemoryLayer):
    """Run an sLSTM over whole sequences, forward and backward.

    c_t = f c_{t-1} + i tanh(z_g),  n_t = f n_{t-1} + i,  h_t = σ(z_o) c_t / n_t,  i = e^{z_i},  f = σ(z_f) or e^{z_f}

    c and n are kept times e^{-m}, m_t = max(log f + m_{t-1}, z_i), so that the gates are e^{z_i - m_t} and
    e^{log f + m_{t-1} - m_t}, both at most 1: h is the same, and nothing overflows.

    Parameters
    ----------
    input_size, hidden_size : D, H
    forget : "sigmoid" or "exp"
    forget_bias : b_f at the start; None: 1 for "sigmoid", 0 for "exp"
    init : "orthogonal" (each gate's W_h orthogonal, W_x Glorot, b zero) or "uniform" (all within ±1/√H), as for `LSTM`
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_x": (4, D, H), "W_h": (4, H, H), "b": (4, H)}, gates in the order of GATES

    Introduced in 24_xlstm. Source: Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter & Hochreiter (2024),
    "xLSTM: extended long short-term memory".
    """

    trace_type = SLSTMTrace

    def __init__(self, input_size, hidden_size, *, forget="sigmoid", forget_bias=None, init="orthogonal", rng=0,
                 dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        if forget not in START:
            raise ValueError(f'forget is {forget!r:.60}; SLSTM needs "sigmoid" or "exp"')
        self.forget = forget
        self._own_params(stacked_weights(len(GATES), self, init, require_rng(rng, "SLSTM")))
        self.params["b"][F] = START[forget] if forget_bias is None else self._one_or_each("forget_bias", forget_bias)

    def _memory_shapes(self, batch):
        return dict.fromkeys("cnm", (batch, self.hidden_size))

    def _take_steps(self, x, mask, h0, memory):
        steps, batch, _ = x.shape
        record = np.empty((steps, 5, batch, self.hidden_size), self.dtype)
        memories = np.empty((steps + 1, 3, batch, self.hidden_size), self.dtype)
        memories[0] = memory
        trace = SLSTMTrace(side_by_side(x, h0), record, memories, self.input_size, mask)
        log_forget, _, _ = FORGETS[self.forget]
        _walk_forward(trace, self._weights_for_one_tanh(), log_forget)
        return trace

    def _weights_for_one_tanh(self):
        """Return [W_x; W_h; b] (4, D+H+1, H), halved for the output gate: σ(z) = (1 + tanh(z/2)) / 2."""
        p = self.params
        stacked = np.concatenate([p["W_x"], p["W_h"], p["b"][:, None]], axis=1)
        stacked[OUTPUT] *= 0.5
        return stacked

    def _carry_back(self, trace, dh_total, dh_next, need_x):
        """dc_t = f_{t+1} dc_{t+1} + dh_t o / n_t,  dn_t = f_{t+1} dn_{t+1} - dh_t o c_t / n_t²,  dz_i = i (dc tanh(z_g) + dn),
        d log f = f (dc c_{t-1} + dn n_{t-1}),  dh_{t-1} = Σ over gates of dz W_hᵀ + what the loss sends to h_{t-1}.

        m is held fixed: it changes the units of c and n alike, and h is their ratio.

        Source: Beck et al. (2024), App. A, by the chain rule.
        """
        steps, batch, _ = trace.h.shape
        W_xT, W_hT = (np.hstack(self.params[name]).T.copy() for name in ("W_x", "W_h"))  # (4H, …), contiguous
        d_weights = np.zeros((trace.operand.shape[2], 4 * self.hidden_size), self.dtype)  # (D+H+1, 4H)
        dx = np.empty((steps, batch, self.input_size), self.dtype) if need_x else None
        d_memory_next = np.zeros((2, batch, self.hidden_size), self.dtype)            # by c and by n
        for start, stop in blocks_backwards(steps, batch):
            block = slice(start, stop)
            carried = None if trace.mask is None else ~trace.mask[block]
            dz = _walk_back(self._coefficients(trace, block), dh_total[block], dh_next, d_memory_next, W_hT, carried)
            rows = dz.reshape(-1, 4 * self.hidden_size)                               # (n·B, 4H)
            d_weights += trace.operand[block].reshape(len(rows), -1).T @ rows
            if need_x:
                np.matmul(rows, W_xT, dx[block].reshape(len(rows), -1))
        return Gradients(self._slabs(d_weights), x=dx, h0=dh_next, h=dh_total)

    def _slabs(self, d_weights):
        """Cut the gradient of the stacked weights (D+H+1, 4H) into slabs of the names and order of `params`."""
        by_gate = d_weights.reshape(len(d_weights), 4, -1).transpose(1, 0, 2)         # (4, D+H+1, H)
        W_x, W_h, b = np.split(by_gate, (self.input_size, -1), axis=1)
        return {"W_x": W_x, "W_h": W_h, "b": b[:, 0]}

    def _coefficients(self, trace, block):
        """Return what the walk back multiplies with, for a block of n steps.

        into : (n, 2, B, H), dc / dh and dn / dh within the step
        by_c, by_n : (n, 3, B, H) and (n, 2, B, H), dz_i, dz_f, dz_g for each dc and dz_i, dz_f for each dn
        by_h : (n, B, H), dz_o / dh
        keep : (n, 1, B, H), the forget gate, or 1 where the mask carries the memory over
        """
        i, f, g, o, log_f = trace.record[block].swapaxes(0, 1)                        # each (n, B, H)
        taken = 1 if trace.mask is None else trace.mask[block, :, None]
        (c_prev, n_prev), c, n = trace.memories[:-1][block, :M].swapaxes(0, 1), trace.c[block], trace.n[block]
        n = np.where(taken, n, 1)                                                     # a step not taken may have found n = 0
        mean, dc, of_f = c / n, o / n * taken, f * FORGETS[self.forget][1](log_f) * taken
        into = np.stack([dc, -dc * mean], axis=1)
        by_c = np.stack([i * g * taken, of_f * c_prev, i * (1 - g * g) * taken], axis=1)
        by_n = np.stack([i * taken, of_f * n_prev], axis=1)
        return into, by_c, by_n, mean * o * (1 - o) * taken, np.where(taken, f, 1)[:, None]


def _walk_forward(trace, weights, log_forget):
    """Fill the record, the memories and the hidden states of the operand, step by step."""
    operand, record, memories, mask = trace.operand, trace.record, trace.memories, trace.mask
    half, written = np.array(0.5, record.dtype), np.empty_like(record[0, 0])
    for t, (row, slabs, before, memory, h) in enumerate(zip(operand, record, memories, memories[1:], trace.h, strict=False)):
        i, f, g, o, log_f = slabs
        c, n, m = memory
        np.matmul(row, weights, slabs[GATE_SLABS])                                    # (B, D+H+1) @ (4, D+H+1, H) -> (4, B, H)
        log_forget(f, log_f)
        np.add(log_f, before[M], f)
        np.maximum(f, i, out=m)
        np.subtract(slabs[EXPONENTIALS], m, slabs[EXPONENTIALS])
        np.exp(slabs[EXPONENTIALS], slabs[EXPONENTIALS])
        np.tanh(slabs[TANHS], slabs[TANHS])
        np.multiply(o, half, o)
        np.add(o, half, o)
        np.multiply(f, before[:M], memory[:M])
        np.multiply(i, g, written)
        np.add(c, written, c)
        np.add(n, i, n)
        np.divide(c, n, h)
        np.multiply(h, o, h)
        if mask is not None:
            np.copyto(memory, before, where=~mask[t, :, None])
            np.copyto(h, row[:, trace.input_size:-1], where=~mask[t, :, None])


def _walk_back(coefficients, dh_total, dh_next, d_memory_next, W_hT, carried):
    """Fill dh_total and dz of a block, last step first, and leave in dh_next, d_memory_next what reaches the step before.

    Returns dz (n, B, 4, H).
    """
    steps, batch, hidden = dh_total.shape
    dz = np.empty((steps, batch, 4, hidden), dh_total.dtype)
    by_gate, d_memory, by_n_dn = dz.transpose(0, 2, 1, 3), np.empty_like(d_memory_next), np.empty_like(d_memory_next)
    for t in reversed(range(steps)):
        into, by_c, by_n, by_h, keep = (array[t] for array in coefficients)
        dh, gates = dh_total[t], by_gate[t]
        np.add(dh, dh_next, dh)
        np.multiply(dh, into, d_memory)
        np.add(d_memory, d_memory_next, d_memory)
        np.multiply(by_c, d_memory[C], gates[NOT_OUTPUT])
        np.multiply(by_n, d_memory[N], by_n_dn)
        np.add(gates[EXPONENTIALS], by_n_dn, gates[EXPONENTIALS])
        np.multiply(by_h, dh, gates[OUTPUT])
        np.multiply(d_memory, keep, d_memory_next)
        np.matmul(dz[t].reshape(batch, -1), W_hT, dh_next)                            # (B, 4H) @ (4H, H) -> (B, H)
        if carried is not None:
            dh_next += dh * carried[t, :, None]                                       # the carried state's own path
    return dz
