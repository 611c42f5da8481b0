"""The classic tasks that papers measured long memory with."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AddingProblem:
    """Make sequences of random numbers, two of them marked, whose sum is to be given at the end.

    x[t] = (number from U(0, 1), 1 if marked else 0); one mark in each half; y = sum of the two marked numbers

    Parameters
    ----------
    length : T, in steps, at least 2
    dtype : of the sequences

    Introduced in 13_training. Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", experiment 4; in the
    form of Arjovsky, Shah & Bengio (2016), "Unitary evolution recurrent neural networks". The original draws numbers
    from U(-1, 1), varies the length by a tenth and scales the target.
    """

    length: int = 100
    dtype: type = np.float64

    input_size = 2
    output_size = 1
    # Always answering 1 costs the variance of a sum of two numbers from U(0, 1).
    baseline_error = 1 / 6

    def __post_init__(self):
        if self.length < 2:
            raise ValueError(f"length is {self.length}; needs at least 2, one step for each mark")

    def sample(self, batch, rng):
        """Draw sequences and their answers: x (T, B, 2) and y (B, 1)."""
        rng = np.random.default_rng(rng)
        half, every = self.length // 2, np.arange(batch)
        x = np.zeros((self.length, batch, 2), self.dtype)
        x[:, :, 0] = rng.random((self.length, batch))
        x[rng.integers(0, half, batch), every, 1] = 1
        x[rng.integers(half, self.length, batch), every, 1] = 1
        return x, np.sum(x[:, :, 0] * x[:, :, 1], axis=0)[:, None]
