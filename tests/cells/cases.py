"""Layers with random weights, and what goes into and comes out of them."""

import inspect
from dataclasses import dataclass, field, replace

import numpy as np

STORES = ("operand", "record", "mask")              # of a trace: what its arrays are views of, in part never written to


def state_names(layer):
    """Return the names of a layer's states, ("h",) or ("h", "c"), from the arguments h0 and c0 of its `forward`."""
    return tuple(name[:-1] for name in inspect.signature(layer.forward).parameters if name.endswith("0"))


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

    layer: object
    inputs: dict
    mask: np.ndarray | None = None
    upstream: dict = field(default_factory=dict)

    def forward(self):
        return self.layer.forward(**self.inputs, mask=self.mask)

    def backward(self, trace=None):
        return self.layer.backward(trace or self.forward(), **self.upstream)

    def loss(self):
        trace = self.forward()
        on_every_step = 0.0 if self.upstream["dh"] is None else np.sum(self.upstream["dh"] * trace.h)
        return on_every_step + self._loss_on_last({name: getattr(trace, name)[-1] for name in ("h", *state_names(self.layer))})

    def _loss_on_last(self, states):
        return sum(np.sum(self.upstream[f"d{name}_last"] * state) for name, state in states.items()
                   if f"d{name}_last" in self.upstream)

    def part(self, **changes):
        """Return a case of the same layer with other inputs, mask or upstream."""
        return replace(self, **changes)

    def steps(self, some, states=None):
        """Return the case of a slice of the steps, begun in `states`; None: in those of the whole."""
        rest = {name: array for name, array in self.inputs.items() if name != "x"} if states is None else states
        return self.part(inputs={"x": self.inputs["x"][some]} | rest, mask=None if self.mask is None else self.mask[some],
                         upstream=self.upstream | {"dh": self.upstream["dh"][some]})

    def sequence(self, n):
        """Return the case of sequence n alone."""
        one = slice(n, n + 1)
        return self.part(inputs={name: array[..., one, :] for name, array in self.inputs.items()},
                         upstream={name: array[..., one, :] for name, array in self.upstream.items()},
                         mask=None if self.mask is None else self.mask[:, one])

    def loss_after(self, step, states):
        """Return the loss from a step on as it would be if the states after it, {"h0": …}, were these."""
        on_step = np.sum(self.upstream["dh"][step] * states["h0"])
        if step + 1 == len(self.inputs["x"]):
            return on_step + self._loss_on_last({name.removesuffix("0"): state for name, state in states.items()})
        return on_step + self.steps(slice(step + 1, None), states).loss()


def draw_case(make, steps, batch=3, inputs=2, hidden=4, *, masked=False, dh=True, last=True, dtype=np.float64, seed=0):
    """Draw a case of a layer, every parameter random; `dh` and `last` say where the loss sends gradients."""
    rng = np.random.default_rng(seed)

    def normal(shape, scale=1.0):
        return rng.normal(0, scale, shape).astype(dtype)

    layer = make(inputs, hidden, dtype=dtype)
    layer.params |= {name: normal(array.shape, 0.5) for name, array in layer.params.items()}
    given = {"x": normal((steps, batch, inputs))}
    trace = layer.forward(given["x"])
    states = {name: getattr(trace, name)[-1].shape for name in state_names(layer)}
    given |= {f"{name}0": normal(shape) for name, shape in states.items()}
    upstream = {"dh": normal(trace.h.shape) if dh else None}
    if last:
        upstream |= {f"d{name}_last": normal(shape) for name, shape in ({"h": trace.h[-1].shape} | states).items()}
    return Case(layer, given, random_mask(rng, steps, batch) if masked else None, upstream)


def all_gradients(grads):
    """Return every array of a Gradients by name, the parameters' with the others."""
    rest = {name: getattr(grads, name) for name in ("x", "h0", "c0", "h", "c")}
    return dict(grads.params) | {name: array for name, array in rest.items() if array is not None}


def all_outputs(trace):
    """Return every array of a trace by name."""
    names = (name for name in dir(trace) if not name.startswith("_") and name not in STORES)
    return {name: getattr(trace, name) for name in names if isinstance(getattr(trace, name), np.ndarray)}
