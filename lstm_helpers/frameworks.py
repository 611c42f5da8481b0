"""An LSTM's weights in the shapes and orders of PyTorch, Keras and ONNX, and back.

Ours, here called params: W_x (4, D, H), W_h (4, H, H), b (4, H), gates in the order of GATES, row vectors. PyTorch and ONNX
multiply column vectors, so their matrices are transposed, and they keep two biases of which only the sum counts.
"""

import json
import os
from pathlib import Path

import numpy as np

from lstm_helpers.cells import GATES

ORDERS = {"torch": "ifgo", "keras": "ifgo", "onnx": "iofg"}      # Keras and ONNX write c for our g
RECORDED = Path(__file__).with_suffix(".json")                  # written by tools/record_frameworks.py
OPSET, IR_VERSION = 17, 8                                        # of the ONNX models: read by every runtime since 2022


def to_torch(params, layer=0):
    """Return the weights as `torch.nn.LSTM` names and shapes them.

    weight_ih = [W_xi W_xf W_xg W_xo]ᵀ, bias_ih = b, bias_hh = 0

    Parameters
    ----------
    params : as of an `LSTM`
    layer : which layer of a stack they are to be, counted from 0

    Returns
    -------
    dict of arrays: weight_ih (4H, D), weight_hh (4H, H), bias_ih and bias_hh (4H,), each name ending in _l0, _l1, …

    Introduced in 20_frameworks.
    """
    _require_lstm(params)
    b = params["b"].reshape(-1)                                                       # (4, H) -> (4H,)
    arrays = {"weight_ih": _rows(params["W_x"], "torch"), "weight_hh": _rows(params["W_h"], "torch"),
              "bias_ih": b.copy(), "bias_hh": np.zeros_like(b)}
    return {f"{name}_l{layer}": array for name, array in arrays.items()}


def from_torch(state, layer=0):
    """Return the weights of a `torch.nn.LSTM` as our params; its two biases are added.

    Of a bidirectional module this is the forward direction; what is called …_reverse is left aside.

    Parameters
    ----------
    state : {name: array or tensor}, such as ``module.state_dict()``
    layer : which layer of the stack, counted from 0

    Introduced in 20_frameworks.
    """
    names = [f"{name}_l{layer}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    W_ih, W_hh, *biases = (np.array(array) for array in _entries(state, names, "from_torch"))
    W_x, W_h = _slabs("weight_ih", W_ih, "torch"), _slabs("weight_hh", W_hh, "torch")
    return _require_lstm({"W_x": W_x, "W_h": W_h, "b": sum(biases).reshape(4, -1)})


def to_keras(params):
    """Return the weights as `keras.layers.LSTM.set_weights` takes them.

    kernel = [W_xi W_xf W_xg W_xo]: row vectors as ours, the gates side by side

    Returns
    -------
    [kernel (D, 4H), recurrent_kernel (H, 4H), bias (4H,)]

    Introduced in 20_frameworks.
    """
    _require_lstm(params)
    return [_rows(params["W_x"], "keras").T, _rows(params["W_h"], "keras").T, params["b"].reshape(-1).copy()]


def from_keras(weights):
    """Return the weights of a `keras.layers.LSTM` as our params.

    Parameters
    ----------
    weights : [kernel (D, 4H), recurrent_kernel (H, 4H), bias (4H,)], as `get_weights` returns them

    Introduced in 20_frameworks.
    """
    if len(weights) != 3:
        raise ValueError(f"weights holds {len(weights)} arrays; from_keras needs kernel, recurrent_kernel and bias")
    kernel, recurrent, bias = (np.array(array) for array in weights)
    W_x, W_h = _slabs("kernel.T", kernel.T, "keras"), _slabs("recurrent_kernel.T", recurrent.T, "keras")
    return _require_lstm({"W_x": W_x, "W_h": W_h, "b": bias.reshape(4, -1)})


def to_onnx(params):
    """Return the weights as the ONNX operator LSTM takes them: one direction, gates in the order i, o, f, c.

    Returns
    -------
    {"W": (1, 4H, D), "R": (1, 4H, H), "B": (1, 8H)}; the second half of B, the recurrent bias, is 0

    Introduced in 20_frameworks.
    """
    _require_lstm(params)
    b = _rows(params["b"][:, None], "onnx").reshape(-1)                               # (4H,)
    return {"W": _rows(params["W_x"], "onnx")[None], "R": _rows(params["W_h"], "onnx")[None],
            "B": np.concatenate([b, np.zeros_like(b)])[None]}


def from_onnx(weights):
    """Return the weights of an ONNX operator LSTM, of one direction, as our params; its two biases are added.

    Parameters
    ----------
    weights : {"W": (1, 4H, D), "R": (1, 4H, H), "B": (1, 8H)}

    Introduced in 20_frameworks.
    """
    W, R, B = (np.array(array) for array in _entries(weights, ("W", "R", "B"), "from_onnx"))
    if len(W) != 1:
        raise ValueError(f"W has shape {W.shape}; from_onnx needs (1, 4H, D), one direction")
    b = B[0].reshape(2, -1).sum(axis=0)                                               # (8H,) -> (4H,)
    return _require_lstm({"W_x": _slabs("W[0]", W[0], "onnx"), "W_h": _slabs("R[0]", R[0], "onnx"),
                          "b": _slabs("B", b[:, None], "onnx")[:, 0]})


def onnx_model(layer):
    """Return an LSTM layer as an ONNX model.

    Its inputs are x (T, B, D), h0 and c0 (1, B, H), its outputs h (T, B, H), h_last and c_last (1, B, H); T and B are free.
    The 1 counts directions.

    Parameters
    ----------
    layer : LSTM

    Returns
    -------
    onnx.ModelProto, in the layer's dtype; ``onnx.save(model, path)`` writes it

    Raises
    ------
    ModuleNotFoundError
        If the package onnx is not installed.

    Introduced in 20_frameworks.
    """
    from onnx import helper, numpy_helper

    kind = helper.np_dtype_to_tensor_dtype(layer.dtype)
    inputs, hidden = layer.input_size, layer.hidden_size
    shapes = {"x": ("T", "B", inputs), "h0": (1, "B", hidden), "c0": (1, "B", hidden), "h": ("T", "B", hidden),
              "h_last": (1, "B", hidden), "c_last": (1, "B", hidden)}
    value = {name: helper.make_tensor_value_info(name, kind, shape) for name, shape in shapes.items()}
    constants = to_onnx(layer.params) | {"direction": np.array([1])}
    nodes = [helper.make_node("LSTM", ["x", "W", "R", "B", "", "h0", "c0"], ["Y", "h_last", "c_last"], hidden_size=hidden),
             helper.make_node("Squeeze", ["Y", "direction"], ["h"])]                  # (T, 1, B, H) -> (T, B, H)
    graph = helper.make_graph(nodes, "lstm", [value[name] for name in ("x", "h0", "c0")],
                              [value[name] for name in ("h", "h_last", "c_last")],
                              [numpy_helper.from_array(array, name) for name, array in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def recorded():
    """Return what 20_frameworks measured with the other frameworks: {what: (number, version of the package)}.

    Introduced in 20_frameworks.
    """
    return {what: tuple(found) for what, found in json.loads(RECORDED.read_text(encoding="utf-8")).items()}


def keras_on_torch():
    """Return the package keras, imported with PyTorch as its backend.

    Introduced in 20_frameworks.
    """
    os.environ["KERAS_BACKEND"] = "torch"                        # read once, at the first import
    import keras
    return keras


def _rows(slabs, framework):
    """Stack the slabs (4, n, H) as the framework does with column vectors, (4H, n)."""
    return np.concatenate([slabs[GATES.index(gate)].T for gate in ORDERS[framework]])


def _slabs(name, rows, framework):
    """Cut (4H, n) into slabs (4, n, H) in our order."""
    if rows.ndim != 2 or len(rows) % 4:
        raise ValueError(f"{name} has shape {rows.shape}; the four gates of an LSTM need (4H, n)")
    return np.array([np.split(rows, 4)[ORDERS[framework].index(gate)].T for gate in GATES])


def _entries(mapping, names, function):
    missing = [name for name in names if name not in mapping]
    if missing:
        raise ValueError(f"{', '.join(missing)} is missing; {function} needs {', '.join(names)}, and found {', '.join(mapping)}")
    return [mapping[name] for name in names]


def _require_lstm(params):
    """Return params if they have the shapes of one LSTM layer."""
    W_x, W_h, b = _entries(params, ("W_x", "W_h", "b"), "an LSTM")
    inputs, hidden = np.shape(W_x)[1:] if np.ndim(W_x) == 3 else (0, 0)
    needed = {"W_x": (4, inputs, hidden), "W_h": (4, hidden, hidden), "b": (4, hidden)}
    for name, array in (("W_x", W_x), ("W_h", W_h), ("b", b)):
        if np.shape(array) != needed[name]:
            raise ValueError(f"{name} has shape {np.shape(array)}; an LSTM needs W_x (4, D, H), W_h (4, H, H) and b (4, H)")
    return params
