"""Tasks whose answer is a state that every step may change: what one step says is worth nothing without all that came before."""

import itertools
from dataclasses import dataclass

import numpy as np

from lstm_helpers.one_hot import one_hot
from lstm_helpers.sequences.checks import require_at_least

ORDERS = np.array(list(itertools.permutations(range(3))))                # (6, 3): row p sends place j to ORDERS[p, j]
# AFTER[p, q]: the row that sends j to ORDERS[p, ORDERS[q, j]], q first and then p
AFTER = np.array([[np.flatnonzero((ORDERS == p[q]).all(axis=1))[0] for q in ORDERS] for p in ORDERS])


@dataclass(frozen=True)
class Parity:
    """Make strings of bits; at every step, is the number of ones so far odd?

    x[t] is 0 or 1, drawn evenly;   label[t] = (x[1] + … + x[t]) mod 2

    A label at each step: a string of length T holds one of every shorter length.

    Parameters
    ----------
    length : T, at least 1
    dtype : of the sequences

    Introduced in 23_linear_recurrences. Source: Minsky & Papert (1969), "Perceptrons"; as a test of what recurrences can
    track, Grazzi, Siems, Zela, Franke, Hutter & Pontil (2024), "Unlocking state-tracking in linear RNNs through negative
    eigenvalues".
    """

    length: int = 20
    dtype: type = np.float64

    input_size = 1
    output_size = 2
    chance = 1 / 2

    def __post_init__(self):
        require_at_least(self, "length", 1, "a bit to count")

    def sample(self, batch, rng):
        """Draw strings: x (T, B, 1) and labels (T, B), 0 for even and 1 for odd."""
        bits = np.random.default_rng(rng).integers(0, 2, (self.length, batch))
        return bits[:, :, None].astype(self.dtype), np.cumsum(bits, axis=0) % 2


@dataclass(frozen=True)
class Permutations:
    """Make sequences of permutations of three things; at every step, what have all so far made of the first order?

    label[t] = p[t] ∘ label[t-1] from the identity on: first what came before, then p[t]. It is never lost what a step did,
    and two steps in the other order give another answer.

    Permutations are numbered as in `ORDERS`, 0 is the identity, and are drawn evenly; `AFTER[p, q]` is the number of p ∘ q.

    Parameters
    ----------
    length : T, at least 1
    dtype : of the sequences

    Introduced in 23_linear_recurrences. Source: Merrill, Petty & Sabharwal (2024), "The illusion of state in state-space
    models", who take permutations of five, too.
    """

    length: int = 20
    dtype: type = np.float64

    input_size = output_size = len(ORDERS)
    chance = 1 / len(ORDERS)

    def __post_init__(self):
        require_at_least(self, "length", 1, "a permutation to apply")

    def sample(self, batch, rng):
        """Draw sequences: x (T, B, 6), a row with a single 1 for each permutation, and labels (T, B) from 0 to 5."""
        drawn = np.random.default_rng(rng).integers(0, len(ORDERS), (self.length, batch))
        labels = drawn.copy()
        for t in range(1, self.length):
            labels[t] = AFTER[drawn[t], labels[t - 1]]
        return one_hot(drawn, len(ORDERS), self.dtype), labels
