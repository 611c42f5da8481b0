"""The rivals without a memory: an ordinary network, and the views of a sentence that it may have."""

import numpy as np

from lstm_helpers.learning import Linear, cross_entropy


class Feedforward:
    """Answer from what a view shows of a sequence, through one hidden layer of tanh units: an ordinary network.

    h = tanh(view(x, mask) @ W + b), and the answer is a linear layer on h. `view` turns x (T, B, D) and mask (T, B) into rows
    (B, inputs). Trained by `train` like a Network.
    """

    def __init__(self, view, inputs, units, outputs, *, rng=0, dtype=np.float64):
        rng = np.random.default_rng(rng)
        self.view = view
        self.hidden, self.head = (Linear(*size, rng=rng, dtype=dtype) for size in ((inputs, units), (units, outputs)))

    @property
    def params(self):
        return named(self.hidden.params, self.head.params)

    def predict(self, x, mask=None):
        return self.head.forward(np.tanh(self.hidden.forward(self.view(x, mask))))

    def loss_and_gradients(self, x, labels, loss=cross_entropy, mask=None):
        seen = self.view(x, mask)
        h = np.tanh(self.hidden.forward(seen))
        value, d_scores = loss(self.head.forward(h), labels, None)
        head = self.head.backward(h, d_scores)
        return value, named(self.hidden.backward(seen, head.h * (1 - h**2)).params, head.params)


def named(hidden, head):
    return {f"{part}.{name}": array for part, arrays in (("hidden", hidden), ("head", head)) for name, array in arrays.items()}


def count_words(x, mask=None):
    """Return how often each word occurs, a bag of words: (T, B, D) -> (B, D)."""
    return (x if mask is None else x * mask[:, :, None]).sum(axis=0)


def side_by_side(x, mask=None):
    """Return all words of sentences of one length in their places: (T, B, D) -> (B, T D)."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)
