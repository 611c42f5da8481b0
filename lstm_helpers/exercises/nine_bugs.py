"""The right backward pass of an LSTM, and nine wrong ones: each is the right one with one line changed."""

import difflib
import inspect
import re

import numpy as np


def backward_step(dh, dc_next, c_prev, i, f, g, o, c, W_h):
    """Take one step back through an LSTM cell, gate by gate: return dz, dh_prev, dc_prev.

    Introduced in 12_lstm_backward.
    """
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)                 # (B, H)
    dc_prev = dc * f
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * tanh_c * o * (1 - o)
    dz = np.stack([dz_i, dz_f, dz_g, dz_o])                 # (4, B, H)
    dh_prev = (dz @ W_h.transpose(0, 2, 1)).sum(axis=0)     # (B, H)
    return dz, dh_prev, dc_prev


def lstm_backward(trace, dh, W_x, W_h):
    """Carry gradients back through every step of a trace: return those of W_x, W_h, b, x, h0 and c0.

    Introduced in 12_lstm_backward.
    """
    dx, dW_x, dW_h = np.zeros_like(trace.x), np.zeros_like(W_x), np.zeros_like(W_h)
    db, dh_next, dc_next = np.zeros(W_h.shape[:2]), 0 * trace.h0, 0 * trace.c0
    for t in reversed(range(len(trace.x))):
        h_prev, c_prev = (trace.h[t - 1], trace.c[t - 1]) if t else (trace.h0, trace.c0)
        step = trace.i[t], trace.f[t], trace.g[t], trace.o[t], trace.c[t], W_h
        dz, dh_prev, dc_prev = backward_step(dh[t] + dh_next, dc_next, c_prev, *step)
        dx[t] = (dz @ W_x.transpose(0, 2, 1)).sum(axis=0)   # (B, D)
        dW_x += trace.x[t].T @ dz                           # (4, D, H)
        dW_h += h_prev.T @ dz                               # (4, H, H)
        db += dz.sum(axis=1)                                # (4, H)
        dh_next, dc_next = dh_prev, dc_prev
    return {"W_x": dW_x, "W_h": dW_h, "b": db, "x": dx, "h0": dh_next, "c0": dc_next}


CHANGES = (     # (the right line up to its comment, what stands there instead)
    ("dz_f = dc * c_prev * f * (1 - f)", "dz_f = dc * c * f * (1 - f)"),
    ("dh_prev = (dz @ W_h.transpose(0, 2, 1)).sum(axis=0)", "for k in range(4): dh_prev = dz[k] @ W_h[k].T"),
    ("dc = dc_next + dh * o * (1 - tanh_c**2)", "dc = dc_next + dh * o"),
    ("db += dz.sum(axis=1)", "db = dz.sum(axis=1)"),
    ("dz = np.stack([dz_i, dz_f, dz_g, dz_o])", "dz = np.stack([dz_f, dz_i, dz_g, dz_o])"),
    ("dc_prev = dc * f", "dc_prev = dc"),
    ("dz_g = dc * i * (1 - g**2)", "dz_g = dc * i * g * (1 - g)"),
    ("dc = dc_next + dh * o * (1 - tanh_c**2)", "dc = dh * o * (1 - tanh_c**2)"),
    ("dc_prev = dc * f", "dc_prev = dc; dc_prev *= f"),
)


def right_text():
    """Return the text of the right backward pass, without docstrings."""
    return "\n\n".join(re.sub(r'    """.*?"""\n', "", inspect.getsource(function), flags=re.DOTALL)
                       for function in (backward_step, lstm_backward))


def wrong_text(change):
    """Return the text with one line changed, its comment left out."""
    right, wrong = change
    lines = right_text().splitlines()
    place, = (n for n, line in enumerate(lines) if line.partition("#")[0].strip() == right)
    indent = " " * (len(lines[place]) - len(lines[place].lstrip()))
    return "\n".join([*lines[:place], indent + wrong, *lines[place + 1:]])


def built(text):
    """Return the `lstm_backward` that a text defines."""
    namespace = {"np": np}
    exec(text, namespace)
    return namespace["lstm_backward"]


bugs = {f"bug {number}": built(wrong_text(change)) for number, change in enumerate(CHANGES, 1)}


def difference(name):
    """Return what is wrong in a bug: the right line after "-", the wrong one after "+".

    Introduced in 12_lstm_backward.
    """
    changes = {f"bug {number}": change for number, change in enumerate(CHANGES, 1)}
    if name not in changes:
        raise ValueError(f"name is {name!r}; difference needs one of {', '.join(changes)}")
    lines = difflib.unified_diff(right_text().splitlines(), wrong_text(changes[name]).splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
