"""Layers one above the other: each reads the hidden states of the one below."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.container import Container, last_state, run
from lstm_helpers.cells.dropout import dropout_mask, require_rate
from lstm_helpers.cells.layer import Gradients


@dataclass(frozen=True)
class StackedTrace:
    """Hold what one `Stacked.forward` computed, which is all that `Stacked.backward` needs.

    Attributes
    ----------
    layers : tuple of the layers' own traces, the lowest first
    kept : tuple of one array for each layer above the lowest, what its input was multiplied by; None: by nothing

    Introduced in 21_deeper_and_both_ways.
    """

    layers: tuple
    kept: tuple

    @property
    def x(self):
        return self.layers[0].x

    @property
    def h(self):
        return self.layers[-1].h

    @property
    def mask(self):
        return self.layers[0].mask

    @property
    def last(self):
        return last_state(self.layers[-1])


class Stacked(Container):
    """Run layers one above the other, forward and backward.

    h¹ = layer₁(x),  h² = layer₂(h¹ ⊙ m), …   with m ∈ {0, 1/(1 - dropout)} drawn in training, else 1

    Parameters
    ----------
    layers : list of layers, the lowest first, each of as many inputs as the one below has hidden units
    dropout : part of the numbers on the way up, between two layers, that is set to 0 in training, from 0 to below 1
    one_mask : False draws each step's mask anew (Zaremba); True takes one for all steps of a sequence (Gal & Ghahramani)
    rng : seed or numpy.random.Generator, which draws these masks

    Attributes
    ----------
    params : {"0.W_x": …, "0.W_h": …, …, "1.b": …}, the layers' own arrays

    Introduced in 21_deeper_and_both_ways. Sources: Graves, Mohamed & Hinton (2013), "Speech recognition with deep recurrent
    neural networks"; Zaremba, Sutskever & Vinyals (2014), "Recurrent neural network regularization"; Gal & Ghahramani (2016), "A
    theoretically grounded application of dropout in recurrent neural networks".
    """

    def __init__(self, layers, *, dropout=0.0, one_mask=False, rng=0):
        if not isinstance(layers, list | tuple) or not layers:
            raise ValueError(f"layers is {layers!r:.60}; Stacked needs a list of at least one layer")
        super().__init__({str(n): layer for n, layer in enumerate(layers)}, "Stacked")
        for n, (below, above) in enumerate(pairwise(layers)):
            if above.input_size != below.hidden_size:
                raise ValueError(f"layer {n + 1} has input_size {above.input_size}; Stacked needs {below.hidden_size}, "
                                 f"the hidden_size of layer {n} below it")
        self.layers = tuple(layers)
        self.input_size, self.hidden_size = layers[0].input_size, layers[-1].hidden_size
        self.dropout, self.one_mask = require_rate("dropout", dropout, "Stacked"), bool(one_mask)
        self.rng = require_rng(rng, "Stacked") if self.dropout else None

    def forward(self, x, mask=None, training=False, again=None):
        """Take every step of a batch of sequences in every layer.

        Parameters
        ----------
        x : (T, B, D)
        mask : (T, B) of 0 and 1; where it is 0 every layer's state is carried over unchanged
        training : whether numbers are dropped
        again : StackedTrace, whose masks are used again; so a gradient can be checked

        Returns
        -------
        StackedTrace
        """
        traces, kept, training = [], [], training and again is None
        for n, layer in enumerate(self.layers):
            if n:
                kept.append(self._kept(x, training, again and again.kept[n - 1]))
                x = x if kept[-1] is None else x * kept[-1]                          # (T, B, H below)
            traces.append(run(layer, x, mask, training, again and again.layers[n]))
            x = traces[-1].h
        return StackedTrace(tuple(traces), tuple(kept))

    def _kept(self, h, training, again):
        """Return what the states h (T, B, H) are multiplied by on their way up, or None."""
        if not (training and self.dropout):
            return again
        steps = 1 if self.one_mask else len(h)
        return dropout_mask((steps, *h.shape[1:]), self.dropout, self.rng, self.dtype)

    def backward(self, trace, dh, dh_last=None, *, need_x=True):
        """Carry gradients back through every layer, the highest first.

        Parameters
        ----------
        trace : StackedTrace
        dh : (T, B, H), what the loss sends to each hidden state of the highest layer; None for zeros
        dh_last : (B, H), what it sends to the last one besides
        need_x : False leaves out the gradient by x

        Returns
        -------
        Gradients, of the names of `params`; `h` is that of the highest layer, `h0` is None: every layer begins with zeros
        """
        if not isinstance(trace, StackedTrace) or len(trace.layers) != len(self.layers):
            raise ValueError(f"trace is a {type(trace).__name__}; backward needs one of a Stacked of {len(self.layers)} layers")
        (dh, dh_last), params, top = self._upstream(trace, dh, dh_last), {}, None
        for n in reversed(range(len(self.layers))):
            grads = self.layers[n].backward(trace.layers[n], dh, dh_last=dh_last, need_x=need_x or n > 0)
            params = {f"{n}.{name}": array for name, array in grads.params.items()} | params
            top = grads.h if top is None else top
            dh, dh_last = grads.x, None
            if n and trace.kept[n - 1] is not None:
                dh = np.multiply(dh, trace.kept[n - 1])                              # (T, B, H below)
        return Gradients(params, x=dh, h0=None, h=top)
