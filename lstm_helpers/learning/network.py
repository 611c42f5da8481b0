"""The network: a recurrent layer and the head that reads it."""

import numpy as np

from lstm_helpers.cells.checks import require_a_step
from lstm_helpers.cells.container import draws, last_state, named, run
from lstm_helpers.learning.losses import ask_loss, mean_squared_error, require_gradient

READS = ("last", "every")
# of a layer, that its parameters do not show
CHOICES = ("activation", "variant", "dropout", "rate", "one_mask", "low", "positions", "forget")


class Network:
    """Read a recurrent layer's hidden states with a head.

    ``y = head(h_T)`` with ``read="last"``, ``y_t = head(h_t)`` at every step with ``read="every"``.

    Parameters
    ----------
    layer : RNN, LSTM, …, the recurrent layer, of D inputs and H units
    head : Linear, from H units to K outputs, of the layer's dtype
    read : "last" or "every", which steps are read; of two directions "last" is each one's own last step

    Introduced in 13_training.
    """

    def __init__(self, layer, head, *, read="last"):
        if read not in READS:
            raise ValueError(f'read is {read!r}; Network needs "last" or "every"')
        require_parts("Network", layer=layer, head=head)
        if head.input_size != layer.hidden_size:
            raise ValueError(f"head has input_size {head.input_size}; Network needs {layer.hidden_size}, the layer's hidden_size")
        if head.dtype != layer.dtype:
            raise ValueError(f"head has dtype {head.dtype}; Network needs {layer.dtype}, the layer's own")
        self.layer = layer
        self.head = head
        self.read = read

    @property
    def params(self):
        """The parameters of both parts: the parts' own arrays, named "recurrent.W_x", …, "output.b"."""
        return named(recurrent=self.layer.params, output=self.head.params)

    def description(self):
        """Return in words what a saved network must agree in, beside the shapes of its parameters."""
        words = {"layer": type(self.layer).__name__, "head": type(self.head).__name__, "read": self.read}
        return words | layer_words(self.layer)

    def generators(self):
        """Return the generators that the layer drops numbers with in training, by name; none where it drops none."""
        return named(recurrent=self.layer.generators()) if draws(self.layer) else {}

    def predict(self, x, mask=None):
        """Return the outputs for sequences.

        Parameters
        ----------
        x : (T, B, D) array
        mask : (T, B) array of 0 and 1, optional
            Where it is 0, the hidden state is carried over unchanged: the last state is that of the last real step.

        Returns
        -------
        y : (B, K) or, with ``read="every"``, (T, B, K) array
        """
        return self._forward(x, mask)[-1]

    def evaluate(self, x, y, loss=mean_squared_error, mask=None):
        """Return the loss on a batch as a float; the arguments are those of `loss_and_gradients`."""
        return self._compare(self.predict(x, mask), y, loss, mask)[0]

    def loss_and_gradients(self, x, y, loss=mean_squared_error, mask=None):
        """Return the loss on a batch and its gradient by every parameter, with what is dropped in training dropped.

        Parameters
        ----------
        x : (T, B, D) array
        y : array, what `loss` needs beside outputs of the shape that `predict` returns
        loss : function, ``loss(prediction, target, weight) -> loss, d_prediction``
        mask : (T, B) array of 0 and 1, optional
            As in `predict`; with ``read="every"`` it is the loss's weight too, so that padding counts for nothing.

        Returns
        -------
        loss : float
        grads : dict of arrays
            Of the names and shapes of `params`; all NaN if the gradient by the hidden states is not finite.
        """
        trace, value, output = self._head_gradients(x, y, loss, mask, training=True)
        if not np.isfinite(output.h).all():         # a layer refuses such a gradient, but `train` is to see it
            return value, all_nan(self.params)
        recurrent = self._through_layer(trace, output.h, need_x=False)
        return value, named(recurrent=recurrent.params, output=output.params)

    def layer_gradients(self, x, y, loss=mean_squared_error, mask=None):
        """Return what `layer.backward` says on a batch: the gradients by x and by every state, beside the parameters.

        Parameters, errors: as `loss_and_gradients`; a gradient that is not finite is a ValueError here.
        """
        trace, _, output = self._head_gradients(x, y, loss, mask, training=False)
        return self._through_layer(trace, output.h)

    def _head_gradients(self, x, y, loss, mask, training):
        trace, h, prediction = self._forward(x, mask, training)
        value, d_prediction = self._compare(prediction, y, loss, mask)
        return trace, value, self.head.backward(h, require_gradient(d_prediction, prediction, "a network"))

    def _through_layer(self, trace, dh, need_x=True):
        if self.read == "last":
            return self.layer.backward(trace, None, dh_last=dh, need_x=need_x)     # (B, H)
        return self.layer.backward(trace, dh, need_x=need_x)                       # (T, B, H)

    def _forward(self, x, mask, training=False):
        trace = run(self.layer, x, mask, training)
        if self.read == "last":
            require_a_step(trace.mask, "Network")
        h = last_state(trace) if self.read == "last" else trace.h      # (B, H) or (T, B, H)
        return trace, h, self.head.forward(h, check=False)       # (B, K) or (T, B, K)

    def _compare(self, prediction, y, loss, mask):
        return ask_loss(loss, prediction, y, mask if self.read == "every" else None, "a network")


def require_parts(needed_by, head, **layers):
    """Refuse what is no recurrent layer or no head, such as their classes, or one in the place of the other."""
    for name, part, size, kind in (*((name, layer, "hidden_size", "layer, such as LSTM(D, H)") for name, layer in layers.items()),
                                   ("head", head, "output_size", "head, such as Linear(H, K)")):
        if isinstance(part, type) or not all(hasattr(part, has) for has in ("forward", "params", size)):
            raise ValueError(f"{name} is {part!r:.60}; {needed_by} needs a {kind}")


def all_nan(params):
    """Return the gradients of a loss that has none: NaN by every parameter."""
    return {name: np.full_like(param, np.nan) for name, param in params.items()}


def layer_words(layer):
    """Return what a saved layer must agree in, beside its kind and the shapes of its parameters; so for the layers inside it."""
    words = {name: getattr(layer, name) for name in CHOICES if hasattr(layer, name)}
    for name, part in getattr(layer, "parts", {}).items():
        words |= {f"{name}.layer": type(part).__name__} | {f"{name}.{word}": value for word, value in layer_words(part).items()}
    return words
