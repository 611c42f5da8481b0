"""Recurrences that are linear in their state: their steps can be joined, and so all states computed at once."""

import math

import numpy as np

from lstm_helpers.cells.checks import as_array, require_finite, require_shape
from lstm_helpers.cells.layer import states_before

WIDE = 1024                                             # bytes of one state: above, the loop is the fastest form (measured)
LONG = 128 * 1024                                       # bytes of all states: above, the numbers that doubling passes over cost


def scan(a, b, h0=None, form=None):
    """Return all states of a recurrence that is linear in its state.

    h_t = a_t ⊙ h_{t-1} + b_t

    Two steps in a row are one step of the same kind, (a₁, b₁) then (a₂, b₂) = (a₂ ⊙ a₁, a₂ ⊙ b₁ + b₂), so steps can be joined
    before any state is known. Nothing is divided and no logarithm taken: a may be 0, negative or complex. Where |a| > 1 the
    product of many factors may overflow though the states would not.

    Parameters
    ----------
    a : (T, B, H), real or complex, or what broadcasts to the shape of b; every |a| at most 1
    b : (T, B, H), or (T, …) with axes of any number behind the first
    h0 : (B, H), zeros if not given
    form : "loop" (a step after the other), "doubling" (about log2 T passes over all steps, each joins twice as many),
        "chunks" (√T/4 steps side by side in all chunks, twice: the work of two loops); None takes the fastest

    Returns
    -------
    h : (T, B, H)

    Introduced in 23_linear_recurrences. Sources: Hillis & Steele (1986), "Data parallel algorithms"; Blelloch (1990), "Prefix
    sums and their applications"; Martin & Cundy (2018), "Parallelizing linear recurrent neural nets over sequence length".
    """
    a, b = _numbers("a", a), _numbers("b", b)
    if b.ndim == 0 or len(b) == 0:
        raise ValueError(f"b has shape {b.shape}; scan needs (T, …) with T at least 1")
    try:
        a = np.broadcast_to(a, b.shape)
    except ValueError:
        raise ValueError(f"a has shape {a.shape}; scan needs {b.shape}, b's, or what broadcasts to it") from None
    h0 = np.zeros_like(b[0]) if h0 is None else require_shape("h0", _numbers("h0", h0), b.shape[1:], "scan")
    if form not in (None, *FORMS):
        raise ValueError(f'form is {form!r:.60}; scan needs "loop", "doubling", "chunks" or None')
    h = np.array(b, np.result_type(a, b, h0), order="C")
    h[0] += a[0] * h0
    FORMS[form or fastest_form(h)](a.reshape(len(h), -1), h.reshape(len(h), -1))
    if not np.isfinite(np.sum(h)):                      # one cheap look: what is not finite goes on into the states
        for name, given in (("a", a), ("b", b), ("h0", h0)):
            require_finite(name, given, "scan")
    return h


def scan_backward(a, h, h0, dh):
    """Return the gradients of a scan, by a scan that runs from the last step to the first.

    db_t = dh_t + a_{t+1}* ⊙ db_{t+1},  da_t = db_t ⊙ h_{t-1}*,  dh0 = a_1* ⊙ db_1,  * the complex conjugate

    Of a complex number the gradient is dL/d(real part) + i dL/d(imaginary part), as PyTorch has it.

    Parameters
    ----------
    a : (T, B, H), what `scan` was given, not broadcast
    h : (T, B, H), what `scan` returned
    h0 : (B, H), zeros if None
    dh : (T, B, H), what the loss sends to each state

    Returns
    -------
    da, db : (T, B, H); db_t is all that reaches the state h_t
    dh0 : (B, H)

    Introduced in 23_linear_recurrences. Source: Martin & Cundy (2018).
    """
    h = _numbers("h", h)
    a, dh = (require_shape(name, _numbers(name, given), h.shape, "scan_backward") for name, given in (("a", a), ("dh", dh)))
    h0 = np.zeros_like(h[0]) if h0 is None else require_shape("h0", _numbers("h0", h0), h.shape[1:], "scan_backward")
    a_next = np.zeros_like(a)
    a_next[:-1] = a[1:].conj()
    db = scan(a_next[::-1], dh[::-1])[::-1]
    return db * states_before(h0, h).conj(), db, a[0].conj() * db[0]


def fastest_form(h):
    """Return the name of the form that is fastest for states like h (T, …), by thresholds that were measured.

    A pass over arrays saves Python's time for each step, and costs more arithmetic: with wide states that is more.
    """
    if h[0].nbytes > WIDE:
        return "loop"
    return "doubling" if h.nbytes <= LONG else "chunks"


def _by_loop(a, h):
    """Turn b, in `h` (T, n), into the states, a step after the other."""
    product, before = np.empty_like(h[0]), h[0]
    for factor, state in zip(a[1:], h[1:], strict=True):
        np.multiply(factor, before, product)
        state += product
        before = state


def _by_doubling(a, h):
    """Turn b, in `h`, into the states: after each pass, every step has joined the n before it."""
    a, n = np.array(a), 1
    while n < len(h):
        h[n:] += a[n:] * h[:-n]
        a[n:] *= a[:-n]
        n *= 2


def _by_chunks(a, h):
    """Turn b, in `h`, into the states: join each chunk into one step, scan these, walk all chunks from their first states."""
    length = max(2, math.isqrt(len(h)) // 4)
    whole = len(h) // length * length
    A, rows = (array[:whole].reshape(-1, length, h.shape[1]) for array in (a, h))    # (chunks, length, n)
    factor, end = np.array(A[:, 0]), np.array(rows[:, 0])                             # (chunks, n): each chunk as one step
    for k in range(1, length):
        factor *= A[:, k]
        end *= A[:, k]
        end += rows[:, k]
    _by_doubling(factor, end)
    before = np.zeros_like(end)
    before[1:] = end[:-1]
    for k in range(length):
        rows[:, k] += A[:, k] * before
        before = rows[:, k]
    if whole < len(h):
        _by_loop(a[whole - 1:], h[whole - 1:])


FORMS = {"loop": _by_loop, "doubling": _by_doubling, "chunks": _by_chunks}


def _numbers(name, value):
    """Return `value` as an array of real or complex floats, or refuse it by name."""
    array = as_array(name, value, "scan")
    if array.dtype.kind not in "fc":
        raise ValueError(f"{name} has dtype {array.dtype}; scan needs floats, real or complex")
    return array
