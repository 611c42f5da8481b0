"""Dropout on the way from step to step: numbers of the state are left out, or left as they were, while a layer is trained."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import require_number, require_rng, require_yes_or_no
from lstm_helpers.cells.container import Container
from lstm_helpers.cells.gru import GRU
from lstm_helpers.cells.layer import CellStateLayer, Gradients, RecurrentLayer


def dropout_mask(shape, rate, rng, dtype=np.float64):
    """Draw what numbers are multiplied by: 0 with probability `rate`, else 1/(1 - rate), so that their mean stays.

    Parameters
    ----------
    shape : of the mask
    rate : part that is dropped, from 0 to below 1
    rng : seed or numpy.random.Generator

    Introduced in 21_deeper_and_both_ways. Source: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), "Dropout: a
    simple way to prevent neural networks from overfitting".
    """
    rate = require_rate("rate", rate, "dropout_mask")
    return (require_rng(rng, "dropout_mask").random(shape) >= rate) / np.dtype(dtype).type(1 - rate)


def require_rate(name, rate, needed_by):
    """Return a rate as a float; what is not from 0 to below 1 is refused."""
    return require_number(name, rate, needed_by, above=np.nextafter(0, -1), below=1, needed="a number from 0 to below 1")


@dataclass(frozen=True)
class StepsTrace:
    """Hold one trace for every step of a layer whose states are meddled with between the steps.

    Attributes
    ----------
    steps : tuple of T traces of one step each
    x : (T, B, D)
    states : (S, T, B, H), the states after each step, as the next one finds them: h, and of an LSTM c (S = 1 or 2)
    feed, stay : (S, T, B, H), what each step's first states were multiplied by, and the part of them that stayed afterwards
    mask : (T, B) of booleans, or None

    Introduced in 21_deeper_and_both_ways.
    """

    steps: tuple
    x: np.ndarray
    states: np.ndarray
    feed: np.ndarray
    stay: np.ndarray
    mask: np.ndarray | None

    @property
    def h(self):
        return self.states[0]


class StepByStep(Container):
    """Run a layer one step at a time, and meddle with its states in between. Written to be read, not tuned.

    new = layer(x_t, state ⊙ feed_t),   state ← stay_t ⊙ state + (1 - stay_t) ⊙ new

    What `feed` and `stay` are, the two classes below say in `_meddle`; where the mask is 0, stay is 1.
    """

    def __init__(self, layer, rate, rng):
        kind = type(self).__name__
        super().__init__({"layer": layer}, kind)
        if not isinstance(layer, RecurrentLayer):
            raise ValueError(f"layer is {layer!r:.60}; {kind} needs a single layer with a state, such as LSTM(D, H)")
        self.layer, self.rate, self.rng = layer, require_rate("rate", rate, kind), require_rng(rng, kind)
        self.input_size, self.hidden_size = layer.input_size, layer.hidden_size
        self.names = ("h", "c") if isinstance(layer, CellStateLayer) else ("h",)

    @property
    def params(self):
        """The layer's own parameters, by their own names."""
        return self.layer.params

    def forward(self, x, mask=None, training=False, again=None):
        """Take every step of a batch of sequences.

        Parameters
        ----------
        x : (T, B, D)
        mask : (T, B) of 0 and 1; where it is 0 the states are carried over unchanged
        training : whether masks are drawn
        again : StepsTrace, whose masks are used again; so a gradient can be checked

        Returns
        -------
        StepsTrace
        """
        x, mask = self.layer.require_sequence(x, mask)
        states = np.zeros((len(self.names), *x.shape[:2], self.hidden_size), self.dtype)
        feed, stay = (again.feed, again.stay) if again else self._meddle(states.shape, training)
        if mask is not None:
            stay = np.where(mask[:, :, None], stay, 1)
        state, steps = np.zeros_like(states[:, 0]), []                               # (S, B, H)
        for t in range(len(x)):
            first = {f"{name}0": part for name, part in zip(self.names, state * feed[:, t], strict=True)}
            steps.append(self.layer.forward(x[t:t + 1], **first))
            new = np.array([getattr(steps[-1], name)[0] for name in self.names])
            state = states[:, t] = stay[:, t] * state + (1 - stay[:, t]) * new
        return StepsTrace(tuple(steps), np.array(x), states, feed, stay, mask)

    def backward(self, trace, dh, dh_last=None, *, need_x=True):
        """Carry gradients back through every step, each by the layer's own `backward`; as that of `Stacked`."""
        if not isinstance(trace, StepsTrace) or len(trace.states) != len(self.names):
            raise ValueError(f"trace is a {type(trace).__name__}; backward needs one of this {type(self).__name__}")
        dh, dh_last = self._upstream(trace, dh, dh_last)
        total = np.zeros_like(trace.states)                                          # (S, T, B, H)
        total[0] = 0 if dh is None else dh
        total[0, -1] += 0 if dh_last is None else dh_last
        params, dx = {name: np.zeros_like(array) for name, array in self.params.items()}, np.zeros_like(trace.x)
        for t in reversed(range(len(trace.x))):
            taken = (1 - trace.stay[:, t]) * total[:, t]
            grads = self.layer.backward(trace.steps[t], None, **dict(zip(("dh_last", "dc_last"), taken, strict=False)))
            dx[t] = grads.x[0]
            for name, array in grads.params.items():
                params[name] += array
            if t:
                first = np.array([getattr(grads, f"{name}0") for name in self.names])
                total[:, t - 1] += trace.stay[:, t] * total[:, t] + trace.feed[:, t] * first
        return Gradients(params, x=dx if need_x else None, h0=None, h=total[0])


class RecurrentDropout(StepByStep):
    """Drop numbers of the hidden state on their way to the next step, in training.

    h_t = layer(x_t, h_{t-1} ⊙ m_t)   with m ∈ {0, 1/(1 - rate)}; an LSTM's cell state is left alone

    Parameters
    ----------
    layer : RNN, LSTM or LSTMVariant; a GRU's h is both what is multiplied and what is kept, and only the first should be dropped
    rate : part of the numbers that is dropped, from 0 to below 1
    one_mask : True takes one mask for all steps of a sequence (Gal & Ghahramani); False draws each step's anew
    rng : seed or numpy.random.Generator, which draws the masks

    Introduced in 21_deeper_and_both_ways. Source: Gal & Ghahramani (2016), "A theoretically grounded application of dropout in
    recurrent neural networks".
    """

    def __init__(self, layer, rate, *, one_mask=True, rng=0):
        super().__init__(layer, rate, rng)
        if isinstance(layer, GRU):
            raise ValueError("layer is a GRU, whose h goes on beside the product, too; RecurrentDropout needs an RNN or an LSTM")
        self.one_mask = require_yes_or_no("one_mask", one_mask, "RecurrentDropout")

    def _meddle(self, shape, training):
        feed = np.ones(shape, self.dtype)
        if training:
            feed[0] = dropout_mask((1 if self.one_mask else shape[1], *shape[2:]), self.rate, self.rng, self.dtype)
        return feed, np.zeros(shape, self.dtype)


class Zoneout(StepByStep):
    """Leave numbers of the states as they were a step before, in training; out of it all of them a little.

    h_t = z ⊙ h_{t-1} + (1 - z) ⊙ layer(x_t, h_{t-1}),   z ∈ {0, 1} in training with mean `rate`, else z = rate; so with c

    Parameters
    ----------
    layer : RNN, LSTM, GRU or LSTMVariant
    rate : part of the numbers that stays, from 0 to below 1
    rng : seed or numpy.random.Generator, which draws them

    Introduced in 21_deeper_and_both_ways. Source: Krueger et al. (2017), "Zoneout: regularizing RNNs by randomly preserving
    hidden activations".
    """

    def __init__(self, layer, rate, *, rng=0):
        super().__init__(layer, rate, rng)

    def _meddle(self, shape, training):
        stay = self.rng.random(shape) < self.rate if training else np.full(shape, self.rate)
        return np.ones(shape, self.dtype), stay.astype(self.dtype)
