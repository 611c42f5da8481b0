"""Weights as the operators LSTM, GRU and RNN of ONNX take them, and whole layers as ONNX models."""

import re

import numpy as np

from lstm_helpers.cells import GRU, LSTM, RNN, Bidirectional, RecurrentDropout, Stacked
from lstm_helpers.cells.checks import require_shape
from lstm_helpers.frameworks.layouts import entries, from_rows, to_rows
from lstm_helpers.frameworks.names import BOTH_WAYS, ONE_WAY, by_layer, by_name, require_alike

OPSET, IR_VERSION = 17, 8                                        # of the models: read by every runtime since 2022
WEIGHT = re.compile(r"[WRB]_l(\d+)")
ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu"}
CONSTANTS = {"direction": [1], "side_by_side": [0, 0, -1], "last_side_by_side": [0, -1]}       # an axis, and shapes


def to_onnx(params):
    """Return the weights as the ONNX operator LSTM (or GRU, RNN) takes them: gates in the order i, o, f, c.

    Parameters
    ----------
    params : as of an `LSTM`, `GRU` or `RNN`, a `Bidirectional` of two alike, or a `Stacked` of these

    Returns
    -------
    {"W": (1, 4H, D), "R": (1, 4H, H), "B": (1, 8H)}; the second half of B, the recurrent bias, is 0 (of a GRU b_h, where its n
    stands). Of a `Bidirectional` the first axis counts 2 directions; of a `Stacked` the names end in _l0, _l1, …

    Introduced in 20_frameworks.
    """
    weights = {}
    for n, directions in by_layer(params, "to_onnx").items():
        require_alike([directions], "forwards and backwards, for one operator of ONNX,", "to_onnx")
        W, R, b_x, b_h = map(np.array, zip(*(to_rows(part, "onnx") for part in directions.values()), strict=True))
        arrays = {"W": W, "R": R, "B": np.concatenate([b_x, b_h], axis=1)}
        weights |= {f"{name}{_end(n)}": array for name, array in arrays.items()}
    return weights


def from_onnx(weights):
    """Return the weights of an ONNX operator LSTM, GRU or RNN as our params; its two biases are added.

    A GRU is taken to have linear_before_reset=1, as ours.

    Parameters
    ----------
    weights : {"W": (1, 4H, D), "R": (1, 4H, H), "B": (1, 8H)}, or (2, …) of both directions; with _l0, _l1, … of several

    Introduced in 20_frameworks.
    """
    numbers = [int(match[1]) for match in map(WEIGHT.fullmatch, weights) if match]
    layers = range(1 + max(numbers)) if numbers else [None]
    return by_name({n: _directions(entries(weights, [f"{name}{_end(n)}" for name in "WRB"], "from_onnx"), n) for n in layers})


def _end(n):
    return "" if n is None else f"_l{n}"


def _directions(weights, n):
    """Return {direction: params} of one operator."""
    names, (W, R, B) = [f"{name}{_end(n)}" for name in "WRB"], map(np.asarray, weights)
    if W.shape[:1] not in ((1,), (2,)):
        raise ValueError(f"{names[0]} has shape {W.shape}; from_onnx needs (1, 4H, D) of one direction or (2, 4H, D) of both")
    for name, array, needed in zip(names, (W, R, B), (("4H", "D"), ("4H", "H"), ("8H",)), strict=True):
        require_shape(name, array, (len(W), *needed), "from_onnx")
    names = [f"{name}[0]" for name in (*names, names[2])]
    return {direction: from_rows(W[d], R[d], *np.array_split(B[d], 2), "onnx", names)
            for d, direction in enumerate(ONE_WAY if len(W) == 1 else BOTH_WAYS)}


def onnx_model(layer):
    """Return a layer as an ONNX model, as it is out of training. T and B are free in it.

    A single layer takes x (T, B, D), h0 and, if it is an LSTM, c0 (1, B, H), and returns h (T, B, H), h_last and c_last
    (1, B, H); the 1 counts directions. A `Bidirectional` or `Stacked` takes x and lengths (B,), int32, how many steps of each
    sequence are read, as a mask says that is 1 so many times and then 0. It returns h, 0 where the mask is 0, and last (B, H),
    what the trace calls so.

    Parameters
    ----------
    layer : LSTM, GRU or RNN, a `Bidirectional` of two alike, or a `Stacked` of these

    Returns
    -------
    onnx.ModelProto, in the layer's dtype; ``onnx.save(model, path)`` writes it

    Raises
    ------
    ModuleNotFoundError
        If the package onnx is not installed.

    Introduced in 20_frameworks.
    """
    from onnx import TensorProto, helper, numpy_helper

    graph_of = _several if isinstance(layer, Bidirectional | Stacked) else _single
    nodes, inputs, outputs = graph_of(layer, _operators(layer), helper.make_node)
    kind = helper.np_dtype_to_tensor_dtype(layer.dtype)
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.INT32 if name == "lengths" else kind, shape)
                        for name, shape in side.items()] for side in (inputs, outputs))
    used = {name for node in nodes for name in node.input}
    constants = {name: np.array(array) for name, array in (to_onnx(layer.params) | CONSTANTS).items() if name in used}
    graph = helper.make_graph(nodes, type(layer).__name__.lower(), inputs, outputs,
                              [numpy_helper.from_array(array, name) for name, array in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _single(layer, operators, node):
    """Return the nodes of one layer, and the shapes of what goes in and comes out."""
    [[layer]] = operators
    states = ("h", "c") if isinstance(layer, LSTM) else ("h",)
    first, last = ({f"{name}{end}": (1, "B", layer.hidden_size) for name in states} for end in ("0", "_last"))
    nodes = [_operator(node, [layer], ["x", "W", "R", "B", "", *first], ["Y", *last]),
             node("Squeeze", ["Y", "direction"], ["h"])]                              # (T, 1, B, H) -> (T, B, H)
    return nodes, {"x": ("T", "B", layer.input_size)} | first, {"h": ("T", "B", layer.hidden_size)} | last


def _several(layer, operators, node):
    """Return the nodes of a `Bidirectional` or `Stacked`, and the shapes of what goes in and comes out."""
    nodes, x = [], "x"
    for n, ways in enumerate(operators):
        end, h = _end(n if isinstance(layer, Stacked) else None), "h" if ways is operators[-1] else f"h_l{n}"
        nodes += [_operator(node, ways, [x, f"W{end}", f"R{end}", f"B{end}", "lengths"], [f"Y{end}", f"last{end}_ways"]),
                  node("Transpose", [f"Y{end}"], [f"steps{end}"], perm=[0, 2, 1, 3]),      # (T, ways, B, H) -> (T, B, ways, H)
                  node("Reshape", [f"steps{end}", "side_by_side"], [h])]
        x = h
    nodes += [node("Transpose", [f"last{end}_ways"], ["last_ways_apart"], perm=[1, 0, 2]),  # (ways, B, H) -> (B, ways, H)
              node("Reshape", ["last_ways_apart", "last_side_by_side"], ["last"])]
    return (nodes, {"x": ("T", "B", layer.input_size), "lengths": ("B",)},
            {"h": ("T", "B", layer.hidden_size), "last": ("B", layer.hidden_size)})


def _operator(node, ways, inputs, outputs):
    """Return the node of a layer, or of two that read both ways."""
    kind = next(kind for kind in (LSTM, GRU, RNN) if isinstance(ways[0], kind))
    more = {"activations": [ACTIVATIONS[way.activation] for way in ways]} if kind is RNN else {}
    if kind is GRU:
        more = {"linear_before_reset": 1}
    return node(kind.__name__, inputs, outputs, hidden_size=ways[0].hidden_size,
                direction="bidirectional" if len(ways) == 2 else "forward", **more)


def _undropped(layer):
    """Return the layer inside a `RecurrentDropout`, which is what that is out of training."""
    return layer.layer if isinstance(layer, RecurrentDropout) else layer


def _operators(layer):
    """Return the layers that each operator stands for, one or those of both ways: [[LSTM], [LSTM, LSTM], …]."""
    parts = layer.layers if isinstance(layer, Stacked) else [layer]
    operators = [[part.forwards, part.backwards] if isinstance(part, Bidirectional) else [part] for part in parts]
    return [[_require_known(_undropped(way)) for way in ways] for ways in operators]


def _require_known(layer):
    """Return a single layer that ONNX has an operator for."""
    if not isinstance(layer, LSTM | GRU | RNN) or getattr(layer, "activation", "tanh") not in ACTIVATIONS:
        raise ValueError(f"layer is or holds {layer!r:.60}; onnx_model needs an LSTM, a GRU, an RNN with tanh or relu, "
                         "a Bidirectional of two alike or a Stacked of these")
    return layer
