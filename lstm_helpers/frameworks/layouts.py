"""One layer's weights as rows for column vectors, in another framework's order of the gates."""

from typing import NamedTuple

import numpy as np

from lstm_helpers.cells import GATES
from lstm_helpers.cells.checks import require_shape

ORDERS = {"torch": "ifgo", "keras": "ifgo", "onnx": "iofg"}      # of an LSTM; Keras and ONNX write c for our g
GRU_ORDERS = {"torch": "rzn", "keras": "zrn", "onnx": "zrn"}     # Keras and ONNX write h for our n
RNN_ORDERS = dict.fromkeys(ORDERS, "h")
KINDS = {4: ("LSTM", GATES, ORDERS), 3: ("GRU", "rzn", GRU_ORDERS), 1: ("RNN", "h", RNN_ORDERS)}   # by K, the number of slabs
NEW = 2                                                          # of a GRU's slabs the one with two biases


class Rows(NamedTuple):
    """Hold one layer's weights: W (KH, D) and R (KH, H) for column vectors, the biases that stand with x and with h (KH,)."""

    W: np.ndarray
    R: np.ndarray
    b_x: np.ndarray
    b_h: np.ndarray


def to_rows(params, framework):
    """Return the params of one LSTM, GRU or RNN as Rows."""
    count, kind = require_layer(params)
    order, hidden = _places(count, framework), params["W_h"].shape[-1]
    slabs = (np.reshape(params[name], (count, -1, hidden)) for name in ("W_x", "W_h"))
    W, R = (np.concatenate([part[n].T for n in order]) for part in slabs)             # (K, n, H) -> (KH, n)
    b = np.reshape(params["b"], (count, hidden))
    b_h = np.zeros_like(b)
    if kind == "GRU":
        b_h[NEW] = params["b_h"]
    return Rows(W, R, b[order].reshape(-1), b_h[order].reshape(-1))


def from_rows(W, R, b_x, b_h, framework, names):
    """Return the params of one layer, two biases added where they can be; `names` is what errors call W, R, b_x and b_h."""
    hidden = R.shape[1] if R.ndim == 2 and R.size else 0
    if not hidden or len(R) not in (count * hidden for count in KINDS):
        raise ValueError(f"{names[1]} has shape {R.shape}; an LSTM, GRU or RNN needs (4H, H), (3H, H) or (H, H)")
    count = len(R) // hidden
    kind, back = KINDS[count][0], np.argsort(_places(count, framework))
    for name, array, shape in zip((names[0], *names[2:]), (W, b_x, b_h), ((len(R), "D"), (len(R),), (len(R),)), strict=True):
        require_shape(name, array, shape, f"the {kind} of H={hidden} in {names[1]}")
    W_x, W_h = (np.array([np.split(rows, count)[n].T for n in back]) for rows in (W, R))
    b_x, b_h = (b.reshape(count, hidden)[back] for b in (b_x, b_h))
    if kind == "RNN":
        return {"W_x": W_x[0], "W_h": W_h[0], "b": b_x[0] + b_h[0]}
    if kind == "LSTM":
        return {"W_x": W_x, "W_h": W_h, "b": b_x + b_h}
    b_new = b_h[NEW].copy()
    b_h[NEW] = 0
    return {"W_x": W_x, "W_h": W_h, "b": b_x + b_h, "b_h": b_new}


def _places(count, framework):
    """Return which of our slabs stands where in a framework's order."""
    _, ours, orders = KINDS[count]
    return [ours.index(gate) for gate in orders[framework]]


def require_layer(params):
    """Return K and the kind of one layer, or refuse params of other names or shapes than an LSTM, a GRU or an RNN has."""
    shape = np.shape(entries(params, ("W_x", "W_h", "b"), "a layer")[0])
    count = shape[0] if len(shape) == 3 else 1
    if count not in KINDS or len(shape) != (2 if count == 1 else 3):
        raise ValueError(f"W_x has shape {shape}; an LSTM needs (4, D, H), a GRU (3, D, H), an RNN (D, H)")
    kind, slabs, hidden = KINDS[count][0], shape[:-2], shape[-1]
    needed = {"W_x": shape, "W_h": (*slabs, hidden, hidden), "b": (*slabs, hidden)}
    needed |= {"b_h": (hidden,)} if kind == "GRU" else {}
    if params.keys() != needed.keys():
        raise ValueError(f"params holds {', '.join(params)}; the {kind} of this W_x needs {', '.join(needed)}")
    for name, fits in needed.items():
        require_shape(name, np.asarray(params[name]), fits, f"the {kind} of this W_x")
    return count, kind


def entries(mapping, names, needed_by):
    """Return the entries of these names, or say which are missing."""
    missing = [name for name in names if name not in mapping]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing; {needed_by} needs {', '.join(names)}, and found {', '.join(mapping)}")
    return [mapping[name] for name in names]
