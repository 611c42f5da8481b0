"""The mLSTM: a memory that is a matrix, written and read by keys. Its gates hang on the input alone, so steps can be joined."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.checks import require_rng, require_size
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.cells.layer import Gradients
from lstm_helpers.cells.memory import EMPTY, MemoryLayer, log_sigmoid

MATRICES = ("q", "k", "v", "o")
GATES_OF_THE_HEAD = ("i", "f")


@dataclass(frozen=True)
class MLSTMTrace:
    """Hold everything one `MLSTM.forward` computed, which is all that `MLSTM.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0 : (B, H)
    q, k, v, o : (T, B, H), query, key (over √H), value and output gate of each step
    log_i, log_f : (T, B), logarithms of both gates; where the mask is 0, of a gate that writes nothing and one that keeps all
    h : (T, B, H), the hidden state after each step
    mask : (T, B) of booleans, or None
    memory : (C, n, m) after the last step: (B, H, H), (B, H), (B, 1)
    chunks : list of a `Chunk` for each piece that was computed at once

    Introduced in 24_xlstm.
    """

    x: np.ndarray
    h0: np.ndarray
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    o: np.ndarray
    log_i: np.ndarray
    log_f: np.ndarray
    h: np.ndarray
    mask: np.ndarray | None
    memory: tuple
    chunks: list

    @property
    def input_size(self):
        return self.x.shape[2]


@dataclass(frozen=True)
class Chunk:
    """What one chunk of L steps computed. Row t, column s: what step t reads of what step s wrote.

    Attributes
    ----------
    steps : slice of the chunk's steps
    C, n : (B, H, H), (B, H), the memory before its first step, times e^-m of that step
    weights : (B, L, L), e^(log i_s + log f_{s+1} + … + log f_t - m_t), 0 where s > t
    kept : (B, L, 1), e^(m before + log f_1 + … + log f_t - m_t), what is left of the memory before
    read : (B, L, L), weights times q_t · k_s
    overlap : (B, L, 1), n_tᵀ q_t
    bound : (B, L, 1), max(|n_tᵀ q_t|, e^-m_t), what the sum is divided by
    mean : (B, L, H), C_t q_t over the bound
    """

    steps: slice
    C: np.ndarray
    n: np.ndarray
    weights: np.ndarray
    kept: np.ndarray
    read: np.ndarray
    overlap: np.ndarray
    bound: np.ndarray
    mean: np.ndarray


class MLSTM(MemoryLayer):
    """Run an mLSTM of one head over whole sequences, forward and backward.

    C_t = f C_{t-1} + i v kᵀ,  n_t = f n_{t-1} + i k,  h_t = o ⊙ C_t q / max(|n_tᵀ q|, 1),

    q = x W_q + b_q, k = (x W_k + b_k) / √H, v = x W_v + b_v, o = σ(x W_o + b_o), i = e^{x·w_i + b_i}, f = σ(x·w_f + b_f).
    C and n are kept times e^{-m}, m_t = max(log f + m_{t-1}, log i), and the 1 becomes e^{-m}: h is the same, and nothing
    overflows. No gate reads h, so `chunk` steps are computed at once, by products of matrices as in attention: with chunk=1
    this is the recurrent form, with chunk ≥ T the parallel one. `h0` is read by nothing but the mask: it is the hidden state
    where no step was taken yet.

    Parameters
    ----------
    input_size, hidden_size : D, H
    forget_bias : b_f at the start
    chunk : how many steps are computed at once
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    params : {"W_q", "W_k", "W_v", "W_o": (D, H), "b_q", "b_k", "b_v", "b_o": (H,), "w_i", "w_f": (D,), "b_i", "b_f": (1,)}

    Introduced in 24_xlstm. Source: Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter & Hochreiter (2024),
    "xLSTM: extended long short-term memory".
    """

    trace_type = MLSTMTrace

    def __init__(self, input_size, hidden_size, *, forget_bias=3.0, chunk=64, rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        rng, self.chunk = require_rng(rng, "MLSTM"), require_size("chunk", chunk, "MLSTM")
        drawn = {f"W_{name}": glorot(input_size, hidden_size, rng=rng) for name in MATRICES}
        drawn |= {f"b_{name}": np.zeros(hidden_size) for name in MATRICES}
        drawn |= {f"w_{name}": glorot(input_size, 1, rng=rng)[:, 0] for name in GATES_OF_THE_HEAD}
        drawn |= {"b_i": np.zeros(1), "b_f": np.zeros(1)}
        self._own_params({name: array.astype(self.dtype) for name, array in drawn.items()})
        self.params["b_f"][:] = self._one_or_each("forget_bias", forget_bias)

    def _memory_shapes(self, batch):
        return {"C": (batch, self.hidden_size, self.hidden_size), "n": (batch, self.hidden_size), "m": (batch, 1)}

    def _take_steps(self, x, mask, h0, memory):
        steps, batch, _ = x.shape
        p = self.params
        q, k, v, o = (x @ p[f"W_{name}"] + p[f"b_{name}"] for name in MATRICES)       # (T, B, H)
        log_i, z_f = (x @ p[f"w_{name}"] + p[f"b_{name}"] for name in GATES_OF_THE_HEAD)  # (T, B)
        k, o, log_f = k / self._root(), sigmoid(o), log_sigmoid(z_f)
        if mask is not None:
            log_i, log_f = np.where(mask, log_i, self.dtype.type(2 * EMPTY)), np.where(mask, log_f, self.dtype.type(0))
        h, chunks = np.empty((steps, batch, self.hidden_size), self.dtype), []
        for start in range(0, steps, self.chunk):
            piece = slice(start, min(start + self.chunk, steps))
            chunk, memory = _read_chunk(piece, *(by_batch(array[piece]) for array in (q, k, v)),
                                        log_i[piece].T, log_f[piece].T, memory)
            h[piece] = o[piece] * by_time(chunk.mean)
            chunks.append(chunk)
        _carry_over(h, h0, mask)
        return MLSTMTrace(np.array(x), h0, q, k, v, o, log_i, log_f, h, mask, memory, chunks)

    def _root(self):
        return self.dtype.type(np.sqrt(self.hidden_size))

    def _carry_back(self, trace, total, dh_last, need_x):
        """With S = q kᵀ, A the weights and r = (A ⊙ S) v / bound:  dr = dh ⊙ o,  d(A ⊙ S) = dr vᵀ / bound + what the bound
        sends,  dS = A ⊙ d(A ⊙ S),  d log A = A ⊙ S ⊙ d(A ⊙ S),  and the sums of d log A reach log i (by column) and log f.

        m is held fixed: it changes the units of C, n and the bound alike, and h is a ratio of them.

        Source: Beck et al. (2024), App. A, by the chain rule.
        """
        total[-1] += dh_last
        dh, dh0 = _total_and_taken(total, trace.mask)
        d_sums = {name: np.empty_like(trace.h) for name in MATRICES}                  # by x W + b
        d_gates = {name: np.empty_like(trace.log_i) for name in GATES_OF_THE_HEAD}
        d_memory = tuple(np.zeros_like(array) for array in trace.memory[:2])
        for chunk in reversed(trace.chunks):
            piece = chunk.steps
            dq, dk, dv, d_log_i, d_log_f, d_memory = _read_chunk_back(
                chunk, *(by_batch(array[piece]) for array in (trace.q, trace.k, trace.v, dh * trace.o)), d_memory)
            for name, d in (("q", dq), ("k", dk / self._root()), ("v", dv)):
                d_sums[name][piece] = by_time(d)
            d_sums["o"][piece] = dh[piece] * by_time(chunk.mean) * trace.o[piece] * (1 - trace.o[piece])
            d_gates["i"][piece], d_gates["f"][piece] = d_log_i.T, d_log_f.T
        d_gates["f"] *= -np.expm1(trace.log_f)                                        # d log σ(z) / dz = 1 - σ(z)
        return self._gradients(trace, d_sums, d_gates, total, dh0, need_x)

    def _gradients(self, trace, d_sums, d_gates, total, dh0, need_x):
        """Return the gradients of everything from those by the sums x W + b (T, B, H) and by the gates' sums (T, B)."""
        axes, grads = ((0, 1), (0, 1)), {}
        dx = np.zeros_like(trace.x) if need_x else None
        for name, d in d_sums.items():
            grads |= {f"W_{name}": np.tensordot(trace.x, d, axes), f"b_{name}": d.sum(axis=(0, 1))}
        for name, d in d_gates.items():
            grads |= {f"w_{name}": np.tensordot(trace.x, d, axes), f"b_{name}": d.sum(keepdims=True)[0]}
        if need_x:
            dx = sum(d @ self.params[f"W_{name}"].T for name, d in d_sums.items())
            dx += sum(d[:, :, None] * self.params[f"w_{name}"] for name, d in d_gates.items())
        return Gradients({name: grads[name] for name in self.params}, x=dx, h0=dh0, h=total)


def by_batch(array):
    """Return (T, B, …) as (B, T, …), contiguous, and the other way round."""
    return np.ascontiguousarray(array.swapaxes(0, 1))


by_time = by_batch


def _read_chunk(steps, q, k, v, log_i, log_f, memory):
    """Return the Chunk of q, k, v (B, L, H) and log_i, log_f (B, L), and the memory (C, n, m) after it."""
    C, n, m = memory
    since = np.cumsum(log_f, axis=1)                                                  # (B, L), log f_1 + … + log f_t
    log_weights = since[:, :, None] - since[:, None, :] + log_i[:, None, :]           # (B, L, L)
    log_weights[:, ~np.tri(log_f.shape[1], dtype=bool)] = 2 * EMPTY                   # no step reads what comes after it
    log_kept = since + m                                                              # (B, L)
    m_of = np.maximum(log_kept, log_weights.max(axis=2))[:, :, None]                  # (B, L, 1)
    weights, kept = np.exp(log_weights - m_of), np.exp(log_kept[:, :, None] - m_of)
    read = weights * (q @ k.swapaxes(1, 2))
    overlap = read.sum(axis=2, keepdims=True) + kept * (q @ n[:, :, None])            # (B, L, 1)
    bound = np.maximum(np.abs(overlap), _exp_of_minus(m_of))
    mean = (read @ v + kept * (q @ C.swapaxes(1, 2))) / bound                         # (B, L, H)
    last = weights[:, -1, :, None]                                                    # (B, L, 1)
    after = (kept[:, -1:] * C + v.swapaxes(1, 2) @ (last * k), kept[:, -1] * n + np.sum(last * k, axis=1), m_of[:, -1])
    return Chunk(steps, C, n, weights, kept, read, overlap, bound, mean), after


def _exp_of_minus(m):
    """Return e^-m, or the largest number whose reciprocal is one, too, where that is more than the dtype holds."""
    return np.exp(np.minimum(-m, np.log(np.finfo(m.dtype).max) - 2))


def _read_chunk_back(chunk, q, k, v, d_mean, d_memory):
    """Return the gradients of a chunk by q, k, v (B, L, H), log_i, log_f (B, L) and the memory before it (C, n)."""
    dC, dn = d_memory
    last, kept_last = chunk.weights[:, -1, :, None], chunk.kept[:, -1:]               # (B, L, 1), (B, 1, 1)
    d_sum = d_mean / chunk.bound                                                      # (B, L, H), by C_t q_t
    d_bound = -np.sum(d_sum * chunk.mean, axis=2, keepdims=True)
    d_overlap = np.where(np.abs(chunk.overlap) == chunk.bound, np.sign(chunk.overlap) * d_bound, 0)   # (B, L, 1)
    d_read = d_sum @ v.swapaxes(1, 2) + d_overlap                                     # (B, L, L)
    d_scores, d_log = d_read * chunk.weights, d_read * chunk.read
    from_C, from_C_after = d_sum @ chunk.C, v @ dC                                    # (B, L, H) each
    dq = d_scores @ k + chunk.kept * (from_C + d_overlap * chunk.n[:, None])
    dk = d_scores.swapaxes(1, 2) @ q + last * (from_C_after + dn[:, None])
    dv = chunk.read.swapaxes(1, 2) @ d_sum + last * (k @ dC.swapaxes(1, 2))
    d_log[:, -1] += np.sum(last * k * (from_C_after + dn[:, None]), axis=2)
    d_kept = chunk.kept[:, :, 0] * np.sum(q * (from_C + d_overlap * chunk.n[:, None]), axis=2)
    d_kept[:, -1] += kept_last[:, 0, 0] * (np.sum(dC * chunk.C, axis=(1, 2)) + np.sum(dn * chunk.n, axis=1))
    d_log_i = d_log.sum(axis=1)
    d_since = d_log.sum(axis=2) - d_log_i + d_kept
    d_log_f = np.cumsum(d_since[:, ::-1], axis=1)[:, ::-1]
    weighted = chunk.kept * q
    before = (d_sum.swapaxes(1, 2) @ weighted + kept_last * dC, np.sum(d_overlap * weighted, axis=1) + kept_last[:, 0] * dn)
    return dq, dk, dv, d_log_i, d_log_f, before


def _carry_over(h, h0, mask):
    """Put in place of each hidden state (T, B, H) whose step was not taken the one before it."""
    if mask is not None:
        for t in range(len(h)):
            np.copyto(h[t], h[t - 1] if t else h0, where=~mask[t, :, None])


def _total_and_taken(total, mask):
    """Turn `total` (T, B, H) into dL/dh_t in place; return its part that goes into the steps taken, and what reaches h0."""
    if mask is None:
        return total, np.zeros_like(total[0])
    carried = ~mask[:, :, None]
    for t in reversed(range(1, len(total))):
        total[t - 1] += total[t] * carried[t]
    return total * mask[:, :, None], total[0] * carried[0]
