"""Weights in the shapes and orders of PyTorch, Keras and ONNX, and back.

Ours, here called params, of an LSTM: W_x (4, D, H), W_h (4, H, H), b (4, H), gates in the order of GATES, row vectors. PyTorch
and ONNX multiply column vectors, so their matrices are transposed, and they keep two biases of which only the sum counts. A GRU
and an RNN go the same way; so do a `Bidirectional` and a `Stacked` of these, whose params have longer names, "1.forwards.W_x".
"""

import json
from pathlib import Path

from lstm_helpers.frameworks.keras import from_keras, keras_on_torch, to_keras
from lstm_helpers.frameworks.layouts import ORDERS
from lstm_helpers.frameworks.onnx import from_onnx, onnx_model, to_onnx
from lstm_helpers.frameworks.torch import from_torch, to_torch

__all__ = ["ORDERS", "RECORDED", "from_keras", "from_onnx", "from_torch", "keras_on_torch", "onnx_model", "recorded",
           "to_keras", "to_onnx", "to_torch"]

RECORDED = Path(__file__).parent.with_suffix(".json")            # written by tools/record_frameworks.py


def recorded():
    """Return what 20_frameworks measured with the other frameworks: {what: (number, version of the package)}.

    Introduced in 20_frameworks.
    """
    return {what: tuple(found) for what, found in json.loads(RECORDED.read_text(encoding="utf-8")).items()}
