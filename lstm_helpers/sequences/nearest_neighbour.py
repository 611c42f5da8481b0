"""Nearest-neighbour search: what was stored has to be replaced as soon as something better comes."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.sequences.checks import require_at_least


@dataclass(frozen=True)
class NearestNeighbour:
    """Make sequences that begin with a reference, followed by vectors with values; asked for is the value of the nearest so far.

    x[0] = (r, 0),  x[t] = (v_t, a_t);   y[t] = a_s, s = argmax over 1 ≤ s ≤ t of v_s · r

    r and all v are drawn evenly from the unit circle, all a from U(0, 1). On the circle the largest product is the least
    distance. At step 0 nothing is known yet, and the answer is the mean, 1/2.

    Parameters
    ----------
    length : T, in steps, at least 2
    dtype : of the sequences

    Introduced in 24_xlstm. Source: Beck et al. (2024), "xLSTM: extended long short-term memory", App. B, with sequences of up to
    64 steps, vectors of two numbers and values from U(0, 1).
    """

    length: int = 10
    dtype: type = np.float64

    input_size = 3
    output_size = 1
    # Always answering 1/2 costs the variance of a number from U(0, 1), at every step but the first.
    baseline_error = 1 / 12

    def __post_init__(self):
        require_at_least(self, "length", 2, "the reference, and a vector with a value")

    def sample(self, batch, rng):
        """Draw sequences and their answers: x (T, B, 3) and y (T, B, 1)."""
        rng = np.random.default_rng(rng)
        angles = rng.uniform(0, 2 * np.pi, (self.length, batch))
        values = rng.random((self.length, batch))
        values[0] = 0
        x = np.stack([np.cos(angles), np.sin(angles), values], axis=2)            # (T, B, 3)
        return x.astype(self.dtype), self.answers(x)[:, :, None].astype(self.dtype)

    @staticmethod
    def answers(x):
        """Return the value of the vector nearest to the reference so far, for every step of x (T, B, 3): (T, B)."""
        near = np.sum(x[1:, :, :2] * x[0, :, :2], axis=2)                         # (T-1, B), cosines
        best = near == np.maximum.accumulate(near, axis=0)                        # nearer than all before it
        steps = np.arange(1, len(x))[:, None]
        last_best = np.maximum.accumulate(np.where(best, steps, 0), axis=0)       # (T-1, B)
        found = np.take_along_axis(x[:, :, 2], last_best, axis=0)
        return np.concatenate([np.full_like(x[:1, :, 2], 0.5), found])

    @staticmethod
    def error(prediction, y):
        """Return the mean squared error of answers (T, B, 1) over all steps but the first, where nothing is asked."""
        return float(np.mean(np.square(prediction[1:] - y[1:]), dtype=np.float64))
