"""Layers with random weights, and what goes into and comes out of them."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from lstm_helpers.cells import GRU, LSTM, RNN, LSTMVariant

KINDS = ("tanh", "relu", "linear", "lstm", "gru", "variant")
STATES = {"h0", "c0"}


def make_layer(kind, inputs, hidden, rng, dtype=np.float64, scale=0.5):
    """Make an RNN of that activation, an LSTM, a GRU or a variant, every weight and every bias random."""
    gated = {"lstm": LSTM, "gru": GRU, "variant": partial(LSTMVariant, variant="peepholes")}
    if kind in gated:
        layer = gated[kind](inputs, hidden, dtype=dtype)
    else:
        layer = RNN(inputs, hidden, activation=kind, dtype=dtype)
    for name, array in layer.params.items():
        layer.params[name] = rng.normal(0, scale, array.shape).astype(dtype)
    if kind in ("relu", "linear"):                      # no bound holds these: keep fifty steps in range
        layer.params["W_h"] *= 0.9 / np.abs(np.linalg.eigvals(layer.params["W_h"])).max()
    return layer


def state_names(layer):
    return ("h", "c") if isinstance(layer, LSTM | LSTMVariant) else ("h",)


def random_mask(rng, steps, batch):
    """Draw a mask with a carried step first, a carried step last and, in sequence 0, no carried step."""
    mask = (rng.random((steps, batch)) < 0.6).astype(int)
    mask[0, 1::3], mask[-1, 2::3], mask[:, 0] = 0, 0, 1
    return mask


@dataclass
class Case:
    """One layer with inputs and with the gradients that a loss sends to its outputs.

    The loss is linear: dh · h + dh_last · h[-1] + dc_last · c[-1]; `upstream` holds what `backward` takes.
    """

    layer: RNN | LSTM | GRU | LSTMVariant
    inputs: dict
    mask: np.ndarray | None = None
    upstream: dict = field(default_factory=dict)

    def forward(self):
        return self.layer.forward(**self.inputs, mask=self.mask)

    def backward(self, trace=None):
        return self.layer.backward(trace or self.forward(), **self.upstream)

    def loss(self):
        trace = self.forward()
        total = 0.0 if self.upstream["dh"] is None else np.sum(self.upstream["dh"] * trace.h)
        for name in state_names(self.layer):
            if self.upstream.get(f"d{name}_last") is not None:
                total += np.sum(self.upstream[f"d{name}_last"] * getattr(trace, name)[-1])
        return total


def make_case(kind, steps, batch=3, inputs=2, hidden=4, *, masked=False, dh=True, last=True, dtype=np.float64, seed=0):
    """Draw a case: `dh` and `last` say where the loss sends gradients."""
    rng = np.random.default_rng(seed)
    layer = make_layer(kind, inputs, hidden, rng, dtype)

    def normal(*shape):
        return rng.normal(size=shape).astype(dtype)

    names = state_names(layer)
    given = {"x": normal(steps, batch, inputs)} | {f"{name}0": normal(batch, hidden) for name in names}
    upstream = {"dh": normal(steps, batch, hidden) if dh else None}
    if last:
        upstream |= {f"d{name}_last": normal(batch, hidden) for name in names}
    return Case(layer, given, random_mask(rng, steps, batch) if masked else None, upstream)


def all_gradients(grads):
    """Return every array of a Gradients by name, the parameters' with the others."""
    rest = {name: getattr(grads, name) for name in ("x", "h0", "c0", "h", "c")}
    return dict(grads.params) | {name: array for name, array in rest.items() if array is not None}


def all_outputs(trace):
    """Return every array of a trace by name."""
    names = ("x", "h0", "h", "i", "f", "g", "o", "c0", "c", "tanh_c", "r", "z", "n", "u", "out")
    return {name: getattr(trace, name) for name in names if hasattr(trace, name)}
