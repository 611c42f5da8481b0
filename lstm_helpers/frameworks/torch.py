"""Weights as `torch.nn.LSTM`, `GRU` and `RNN` name and shape them."""

import re

import numpy as np

from lstm_helpers.frameworks.layouts import entries, from_rows, to_rows
from lstm_helpers.frameworks.names import BOTH_WAYS, ONE_WAY, by_layer, by_name, require_alike

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
ENDS = {None: "", "forwards": "", "backwards": "_reverse"}
WEIGHT = re.compile(r"(?:weight|bias)_[ih]h_l(\d+)(_reverse)?")


def to_torch(params, layer=0):
    """Return the weights as `torch.nn.LSTM` (or GRU, RNN) names and shapes them.

    weight_ih = [W_xi W_xf W_xg W_xo]ᵀ, bias_ih = b, bias_hh = 0 (of a GRU b_h, where its n stands)

    Parameters
    ----------
    params : as of an `LSTM`, `GRU` or `RNN`, a `Bidirectional` of two alike, or a `Stacked` of layers that are alike
    layer : which layer of a stack they are to be, or the first of them, counted from 0

    Returns
    -------
    dict of arrays: weight_ih (4H, D), weight_hh (4H, H), bias_ih and bias_hh (4H,), each name ending in _l0, _l1, …, and in
    _l0_reverse, … those of the layer that reads backwards

    Introduced in 20_frameworks.
    """
    layers = by_layer(params, "to_torch")
    require_alike(layers.values(), "all layers, for one module of PyTorch,", "to_torch")
    return {f"{name}_l{layer + (n or 0)}{ENDS[direction]}": array for n, directions in layers.items()
            for direction, part in directions.items() for name, array in zip(NAMES, to_rows(part, "torch"), strict=True)}


def from_torch(state, layer=None):
    """Return the weights of a `torch.nn.LSTM`, `GRU` or `RNN` as our params; its two biases are added.

    Parameters
    ----------
    state : {name: array or tensor}, such as ``module.state_dict()``
    layer : which layer of the stack, counted from 0; None: all there are

    Returns
    -------
    params of a layer; of a bidirectional module those of a `Bidirectional`, of one with more layers those of a `Stacked`

    Introduced in 20_frameworks.
    """
    found = [match.groups() for match in map(WEIGHT.fullmatch, state) if match]
    directions = BOTH_WAYS if any(reverse for _, reverse in found) else ONE_WAY
    numbers = range(1 + max((int(number) for number, _ in found), default=0)) if layer is None else [layer]
    layers = {n: {direction: _part(state, f"_l{n}{ENDS[direction]}") for direction in directions} for n in numbers}
    return by_name(layers if len(layers) > 1 else {None: layers[numbers[0]]})


def _part(state, end):
    names = [f"{name}{end}" for name in NAMES]
    return from_rows(*(np.asarray(array) for array in entries(state, names, "from_torch")), "torch", names)
