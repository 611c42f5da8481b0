"""Saw-teeth whose direction is all there is to know, and series to be forecast."""

import re

import numpy as np
import pytest

from lstm_helpers.sequences import Forecast, RisingOrFalling, eeg_recording, mackey_glass, split_in_time


def test_shapes_and_dtypes():
    x, labels = RisingOrFalling(length=10).sample(7, 0)
    assert x.shape == (10, 7, 1)
    assert labels.shape == (7,)
    assert x.dtype == np.float64
    assert RisingOrFalling(dtype=np.float32).sample(2, 0)[0].dtype == np.float32


def test_without_noise_a_rising_series_rises_by_two_over_the_period_and_drops_once_a_tooth():
    x, labels = RisingOrFalling(length=33, period=8, noise=0).sample(40, 1)
    for series, label in zip(x[:, :, 0].T, labels, strict=True):
        moves = np.diff(series if label == 1 else series[::-1])
        assert np.isclose(moves, 2 / 8).sum() == 28
        assert np.isclose(moves, 2 / 8 - 2).sum() == 4
        assert (np.abs(series) <= 1).all()


def test_both_directions_are_equally_likely_and_phases_differ():
    x, labels = RisingOrFalling(noise=0).sample(2000, 2)
    assert labels.mean() == pytest.approx(0.5, abs=0.05)
    assert set(labels) == {0, 1}
    assert np.histogram(x[0, :, 0], bins=4, range=(-1, 1))[0] == pytest.approx([500] * 4, abs=100)


def test_a_series_read_backwards_is_one_of_the_other_label():
    # With the same draws, the label alone turns a series round: the values, sorted, do not tell the labels apart.
    task = RisingOrFalling(period=8, noise=0)
    x, labels = task.sample(200, 3)
    phase = _draws(3, 200)
    rising = 2 * ((np.arange(24)[:, None] / 8 + phase) % 1) - 1
    np.testing.assert_allclose(x[:, labels == 1, 0], rising[:, labels == 1])
    np.testing.assert_allclose(x[::-1][:, labels == 0, 0], rising[:, labels == 0])


def _draws(seed, batch):
    rng = np.random.default_rng(seed)
    rng.integers(0, 2, batch)
    return rng.random(batch)


def test_noise_has_the_deviation_asked_for():
    clean, labels = RisingOrFalling(noise=0).sample(2000, 4)
    noisy, same_labels = RisingOrFalling(noise=0.3).sample(2000, 4)
    np.testing.assert_array_equal(labels, same_labels)
    for along in (0, 1):                                                # drawn afresh for each step, and for each series
        assert np.std((noisy - clean)[:, :, 0], axis=along).mean() == pytest.approx(0.3, abs=0.01)


def test_moments_of_the_values_do_not_tell_the_labels_apart():
    x, labels = RisingOrFalling().sample(20_000, 5)
    for power in range(1, 5):
        moment = (x[:, :, 0] ** power).mean(0)
        difference = moment[labels == 1].mean() - moment[labels == 0].mean()
        assert abs(difference) < 5 * moment.std() / np.sqrt(5000)


def test_chance_and_ceiling():
    assert RisingOrFalling.chance == RisingOrFalling.order_blind_ceiling == 0.5


def test_a_seed_decides():
    first, second, other = (RisingOrFalling().sample(5, seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("setting", "message"), [
    ({"length": 1}, "length is 1; RisingOrFalling needs at least 2"),
    ({"period": 2}, "period is 2; RisingOrFalling needs more than 2"),
    ({"period": float("nan")}, "period is nan; RisingOrFalling needs more than 2"),
    ({"noise": -1}, "noise is -1; RisingOrFalling needs a standard deviation of 0 or more"),
])
def test_mistakes_are_named(setting, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        RisingOrFalling(**setting)


def test_mackey_glass_takes_the_very_steps_of_its_equation():
    x = mackey_glass(500, steps_per_unit=1, settle=0)
    now, past = x[:-1], np.append(np.full(17, 1.2), x)[:499]
    np.testing.assert_allclose(np.diff(x), 0.2 * past / (1 + past**10) - 0.1 * now, atol=1e-12)
    assert x[0] == 1.2


def test_mackey_glass_obeys_its_equation():
    fine = mackey_glass(4000, steps_per_unit=10)
    assert fine.shape == (4000,) and 0.2 < fine.min() and fine.max() < 1.5
    now, past = fine[17:-1], fine[:-18]                                 # one unit of time apart: a coarse derivative
    slope = 0.2 * past / (1 + past**10) - 0.1 * now
    assert np.corrcoef(np.diff(fine)[17:], slope)[0, 1] > 0.98


def test_mackey_glass_is_chaotic_at_17_and_periodic_at_9():
    def sensitivity(delay):
        one, other = mackey_glass(900, delay=delay, settle=500), mackey_glass(900, delay=delay, settle=501)
        return np.abs(one[1:400] - other[:399]).max(), one

    assert sensitivity(17)[0] < 1e-9                                    # the same orbit, one unit later
    calm = mackey_glass(400, delay=9, settle=2000)
    assert min(np.abs(calm[lag:] - calm[:-lag]).max() for lag in range(20, 60)) < 0.05
    wild = mackey_glass(400, delay=17, settle=2000)
    assert min(np.abs(wild[lag:] - wild[:-lag]).max() for lag in range(20, 60)) > 0.2


def test_the_recording_has_four_channels():
    eeg = eeg_recording()
    assert eeg.shape == (800, 4) and np.isfinite(eeg).all() and (eeg.std(axis=0) > 0).all()
    assert all(np.corrcoef(channel[1:], channel[:-1])[0, 1] > 0.8 for channel in eeg.T)     # each is one signal, not a mixture


def test_scaling_uses_nothing_of_what_comes_later():
    series = np.random.default_rng(0).standard_normal(100).cumsum()
    split = split_in_time(series, 0.6)
    assert (len(split.train), len(split.test)) == (60, 40)
    assert split.train.mean() == pytest.approx(0) and split.train.std() == pytest.approx(1)
    assert np.allclose(np.append(split.train, split.test) * split.std + split.mean, series)
    changed = series.copy()
    changed[60:] = 1000                                                 # another future
    assert np.array_equal(split_in_time(changed, 0.6).train, split.train)
    assert split_in_time(changed, 0.6).mean == split.mean


@pytest.mark.parametrize(("series", "share"), [(np.zeros((5, 2)), 0.5), (np.arange(5.0), 0.0), (np.arange(5.0), 1.0)])
def test_a_split_needs_two_parts(series, share):
    with pytest.raises(ValueError, match="split_in_time needs a number in each part"):
        split_in_time(series, share)


def test_each_answer_lies_the_horizon_later():
    x, y = Forecast(np.arange(50.0), horizon=7, length=10).sample(400, 0)
    assert x.shape == y.shape == (10, 400, 1)
    assert np.array_equal(y, x + 7) and np.array_equal(np.diff(x, axis=0), np.ones((9, 400, 1)))
    assert x[0].min() == 0 and y[-1].max() == 49                        # every window that fits, to the last number
    assert Forecast(np.arange(50.0), 1, dtype=np.float32, length=5).sample(1, 0)[1].dtype == np.float32


def test_a_seed_decides_which_windows():
    first, second, other = (Forecast(np.arange(50.0), horizon=7, length=10).sample(5, seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("horizon", "length"), [(0, 5), (6, 5)])
def test_a_window_has_to_fit(horizon, length):
    with pytest.raises(ValueError, match="Forecast needs a horizon of 1 or more, and length"):
        Forecast(np.arange(10.0), horizon, length)
