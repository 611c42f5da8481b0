"""Series of numbers, to be told apart by their direction."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RisingOrFalling:
    """Make noisy saw-teeth and whether they rise slowly and drop at once, 1, or the other way round, 0.

    rising[t] = 2·((t/period + u) mod 1) - 1 + noise, u from U(0, 1); falling[t] = rising[T-1-t]

    Parameters
    ----------
    length : T, in steps, at least 2
    period : steps from tooth to tooth, above 2 (at 2, a tooth rises for as long as it falls)
    noise : standard deviation of a normal variable added to each step
    dtype : of the sequences

    Chance is 1/2, and so is the ceiling of any model blind to order: a falling series is a rising one read backwards, so
    that every set of values is as likely with one label as with the other.

    Introduced in 01_order_matters.
    """

    length: int = 24
    period: float = 6.0
    noise: float = 0.1
    dtype: type = np.float64

    input_size = 1
    output_size = 2
    chance = 1 / 2
    order_blind_ceiling = 1 / 2

    def __post_init__(self):
        if self.length < 2:
            raise ValueError(f"length is {self.length}; needs at least 2 steps, or there is no direction")
        if not self.period > 2:
            raise ValueError(f"period is {self.period}; needs more than 2 steps, or a saw-tooth has no direction")
        if not self.noise >= 0:
            raise ValueError(f"noise is {self.noise}; needs a standard deviation of 0 or more")

    def sample(self, batch, rng):
        """Draw series: x (T, B, 1) and labels (B,), 1 for rising."""
        rng = np.random.default_rng(rng)
        labels = rng.integers(0, 2, batch)
        steps = np.arange(self.length)[:, None]
        phase = rng.random(batch)
        rising = 2 * ((steps / self.period + phase) % 1) - 1 + rng.normal(0, self.noise, (self.length, batch))  # (T, B)
        return np.where(labels, rising, rising[::-1])[:, :, None].astype(self.dtype), labels
