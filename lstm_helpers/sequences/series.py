"""Series of numbers: some to be told apart by their direction, some to be forecast."""

from dataclasses import dataclass

import numpy as np
from matplotlib import cbook

from lstm_helpers.sequences.checks import require_at_least


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
        require_at_least(self, "length", 2, "one step has no direction")
        if not self.period > 2:
            raise ValueError(f"period is {self.period}; RisingOrFalling needs more than 2 steps, or a saw-tooth has no direction")
        if not self.noise >= 0:
            raise ValueError(f"noise is {self.noise}; RisingOrFalling needs a standard deviation of 0 or more")

    def sample(self, batch, rng):
        """Draw series: x (T, B, 1) and labels (B,), 1 for rising."""
        rng = np.random.default_rng(rng)
        labels = rng.integers(0, 2, batch)
        steps = np.arange(self.length)[:, None]
        phase = rng.random(batch)
        rising = 2 * ((steps / self.period + phase) % 1) - 1 + rng.normal(0, self.noise, (self.length, batch))  # (T, B)
        return np.where(labels, rising, rising[::-1])[:, :, None].astype(self.dtype), labels


def mackey_glass(length, *, delay=17, steps_per_unit=10, settle=500):
    """Compute a Mackey-Glass series, chaotic at a delay of 17 or more.

    dx/dt = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x(t),  x = 1.2 before the start; Euler's method

    Parameters
    ----------
    length : how many numbers, one per unit of time
    delay : in units of time
    steps_per_unit : Euler steps in a unit of time
    settle : units of time left out at the beginning

    Returns
    -------
    (length,) array

    Introduced in 17_time_series. Source: Mackey & Glass (1977), "Oscillation and chaos in physiological control systems".
    """
    lag = round(delay * steps_per_unit)
    x = np.full((length + settle) * steps_per_unit + lag, 1.2)
    for n in range(lag, len(x) - 1):
        past = x[n - lag]
        x[n + 1] = x[n] + (0.2 * past / (1 + past**10) - 0.1 * x[n]) / steps_per_unit
    return x[lag + settle * steps_per_unit::steps_per_unit]


def eeg_recording():
    """Load the electroencephalogram that ships with matplotlib: four channels, 800 samples, in volts of no stated scale.

    Returns
    -------
    (800, 4) array

    Introduced in 17_time_series. Source: matplotlib's own sample data, file eeg.dat, under the matplotlib licence.
    """
    with cbook.get_sample_data("eeg.dat") as file:
        return np.frombuffer(file.read(), float).reshape(800, 4)


@dataclass(frozen=True)
class TimeSplit:
    """Hold a series cut in two, both parts scaled by the earlier part alone.

    train = (earlier - mean) / std, test = (later - mean) / std, with mean and std of the earlier part

    Introduced in 17_time_series.
    """

    train: np.ndarray
    test: np.ndarray
    mean: float
    std: float


def split_in_time(series, share=0.75):
    """Cut a series (n,) at `share` of its length and scale it by what comes before the cut.

    Returns
    -------
    TimeSplit

    Introduced in 17_time_series.
    """
    series = np.asarray(series, float)
    cut = round(share * len(series)) if series.ndim == 1 else 0
    if not 0 < cut < len(series):
        raise ValueError(f"series has shape {series.shape} and share is {share}; split_in_time needs a number in each part")
    if not np.isfinite(series).all():
        raise ValueError("series has NaN or infinity; split_in_time needs finite numbers")
    mean, std = series[:cut].mean(), series[:cut].std()
    if std == 0:
        raise ValueError(f"series is {mean} all through its earlier part; split_in_time needs numbers that differ, to scale by")
    return TimeSplit((series[:cut] - mean) / std, (series[cut:] - mean) / std, mean, std)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Make windows of a series, each step to be answered with the number `horizon` steps later.

    x[t] = series[s + t], y[t] = series[s + t + horizon], s drawn so that the window fits

    Parameters
    ----------
    series : (n,)
    horizon : in steps, at least 1
    length : T, of a window
    dtype : of the windows

    Introduced in 17_time_series.
    """

    series: np.ndarray
    horizon: int
    length: int = 60
    dtype: type = np.float64

    input_size = 1
    output_size = 1

    def __post_init__(self):
        series = self.series
        if not isinstance(series, np.ndarray) or series.ndim != 1 or series.dtype.kind not in "iuf":
            found = f"shape {series.shape}" if isinstance(series, np.ndarray) else f"type {type(series).__name__}"
            raise ValueError(f"series has {found}; Forecast needs floats (n,)")
        if self.horizon < 1 or len(self.series) < self.length + self.horizon:
            raise ValueError(f"series has {len(self.series)} numbers, length is {self.length} and horizon {self.horizon}; "
                             "Forecast needs a horizon of 1 or more, and length + horizon numbers")

    def sample(self, batch, rng):
        """Draw windows: x and y (T, B, 1)."""
        starts = np.random.default_rng(rng).integers(0, len(self.series) - self.length - self.horizon + 1, batch)
        places = starts + np.arange(self.length)[:, None]                            # (T, B)
        return tuple(self.series[where][:, :, None].astype(self.dtype) for where in (places, places + self.horizon))
