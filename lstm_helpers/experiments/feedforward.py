"""The rivals without a memory: a bag of words, a network that sees the whole sentence at once, and one that sees any view."""

import numpy as np

from lstm_helpers.learning import Linear, cross_entropy


class Bag:
    """Score the languages by which words occur: softmax regression on the sum of the words' rows.

    Trained by `train` like a Network: it has `params` and `loss_and_gradients`.
    """

    def __init__(self, words, outputs, *, rng=0):
        self.head = Linear(words, outputs, rng=rng, dtype=np.float32)

    @property
    def params(self):
        return self.head.params

    def predict(self, x, mask=None):
        return self.head.forward(x.sum(axis=0))                                     # (T, B, D) -> (B, D) -> (B, K)

    def loss_and_gradients(self, x, labels, loss=cross_entropy, mask=None):
        seen = x.sum(axis=0)
        value, d_scores = loss(self.head.forward(seen), labels, None)
        return value, self.head.backward(seen, d_scores).params


class WholeSentence:
    """Score the languages by all words in their places, through one hidden layer of tanh units."""

    def __init__(self, places, units, outputs, *, rng=0):
        rng = np.random.default_rng(rng)
        self.hidden = Linear(places, units, rng=rng, dtype=np.float32)
        self.head = Linear(units, outputs, rng=rng, dtype=np.float32)

    @property
    def params(self):
        return named(self.hidden.params, self.head.params)

    def predict(self, x, mask=None):
        return self.head.forward(np.tanh(self.hidden.forward(side_by_side(x))))

    def loss_and_gradients(self, x, labels, loss=cross_entropy, mask=None):
        seen = side_by_side(x)
        h = np.tanh(self.hidden.forward(seen))
        value, d_scores = loss(self.head.forward(h), labels, None)
        head = self.head.backward(h, d_scores)
        hidden = self.hidden.backward(seen, head.h * (1 - h**2))
        return value, named(hidden.params, head.params)


class Feedforward:
    """Answer from what a view shows of a sequence, through one hidden layer of tanh units: an ordinary network.

    h = tanh(view(x, mask) @ W + b), and the answer is a linear layer on h. `view` turns x (T, B, D) and mask (T, B) into rows
    (B, inputs). Trained by `train` like a Network.
    """

    def __init__(self, view, inputs, units, outputs, *, rng=0):
        rng = np.random.default_rng(rng)
        self.view, self.hidden, self.head = view, Linear(inputs, units, rng=rng), Linear(units, outputs, rng=rng)

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


def side_by_side(x):
    """Return (T, B, D) as (B, T D): the words of a sentence in one row."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)
