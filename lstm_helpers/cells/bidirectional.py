"""Two layers on the same sequences: one reads them from the beginning, the other from the end."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.container import Container, booleans, last_state, run
from lstm_helpers.cells.layer import Gradients


@dataclass(frozen=True)
class BidirectionalTrace:
    """Hold what one `Bidirectional.forward` computed, which is all that `Bidirectional.backward` needs.

    Attributes
    ----------
    forwards, backwards : the two layers' own traces; the second one's steps run from the end to the beginning
    h : (T, B, 2H), at each step what the first layer knows from the steps up to it, then what the second knows from it on

    Introduced in 21_deeper_and_both_ways.
    """

    forwards: object
    backwards: object
    h: np.ndarray

    @property
    def x(self):
        return self.forwards.x

    @property
    def mask(self):
        return self.forwards.mask

    @property
    def last(self):
        """Each direction's own last state (B, 2H): the second layer's is at the sequences' beginning."""
        return np.concatenate([last_state(self.forwards), last_state(self.backwards)], axis=1)


class Bidirectional(Container):
    """Read sequences from both ends with a layer each, and lay their hidden states side by side.

    h_t = [forwards(x_1 … x_t), backwards(x_T … x_t)]

    The second layer begins each sequence with its own last step: steps where the mask is 0 leave its state as it is.

    Parameters
    ----------
    forwards, backwards : two layers of D inputs, with weights of their own

    Attributes
    ----------
    params : {"forwards.W_x": …, …, "backwards.b": …}, the layers' own arrays
    hidden_size : the sum of both

    Introduced in 21_deeper_and_both_ways. Source: Schuster & Paliwal (1997), "Bidirectional recurrent neural networks"; with
    LSTMs Graves & Schmidhuber (2005), "Framewise phoneme classification with bidirectional LSTM and other neural network
    architectures".
    """

    def __init__(self, forwards, backwards):
        super().__init__({"forwards": forwards, "backwards": backwards}, "Bidirectional")
        if forwards.input_size != backwards.input_size:
            raise ValueError(f"backwards has input_size {backwards.input_size}; Bidirectional needs {forwards.input_size}, "
                             "as forwards has: both read the same sequences")
        self.forwards, self.backwards = forwards, backwards
        self.input_size, self.hidden_size = forwards.input_size, forwards.hidden_size + backwards.hidden_size

    def forward(self, x, mask=None, training=False, again=None):
        """Take every step of a batch of sequences in both directions.

        Parameters
        ----------
        x : (T, B, D)
        mask : (T, B) of 0 and 1; where it is 0 both states are carried over unchanged
        training, again : for layers inside that drop numbers, as in `Stacked.forward`

        Returns
        -------
        BidirectionalTrace
        """
        there = run(self.forwards, x, mask, training, again and again.forwards)
        mask = booleans(mask, there.x)
        back = run(self.backwards, there.x[::-1], None if mask is None else mask[::-1], training, again and again.backwards)
        return BidirectionalTrace(there, back, np.concatenate([there.h, back.h[::-1]], axis=2))

    def backward(self, trace, dh, dh_last=None, *, need_x=True):
        """Carry gradients back through both layers.

        Parameters
        ----------
        trace : BidirectionalTrace
        dh : (T, B, 2H), what the loss sends to each pair of hidden states; None for zeros
        dh_last : (B, 2H), what it sends to each direction's own last state besides
        need_x : False leaves out the gradient by x

        Returns
        -------
        Gradients, of the names of `params`; `h0` is None: both layers begin with zeros
        """
        if not isinstance(trace, BidirectionalTrace):
            raise ValueError(f"trace is a {type(trace).__name__}; backward needs one of a Bidirectional")
        halves = [(None, None) if d is None else np.split(d, [self.forwards.hidden_size], axis=-1)
                  for d in self._upstream(trace, dh, dh_last)]
        (dh_there, dh_back), (last_there, last_back) = halves
        there = self.forwards.backward(trace.forwards, dh_there, dh_last=last_there, need_x=need_x)
        dh_back = None if dh_back is None else dh_back[::-1]
        back = self.backwards.backward(trace.backwards, dh_back, dh_last=last_back, need_x=need_x)
        params = {f"{name}.{param}": array for name, grads in (("forwards", there), ("backwards", back))
                  for param, array in grads.params.items()}
        return Gradients(params, x=there.x + back.x[::-1] if need_x else None, h0=None,
                         h=np.concatenate([there.h, back.h[::-1]], axis=2))
