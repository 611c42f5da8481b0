"""Temperature, and a network that reads what it wrote."""

import re

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN
from lstm_helpers.learning import Linear, Network, generate, with_temperature


def test_temperature_one_is_the_softmax():
    logits = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]])
    assert with_temperature(logits) == pytest.approx(np.array([[1, 2, 5], [3, 3, 2]]) / 8)


def test_odds_are_taken_to_the_power_of_one_over_the_temperature():
    for temperature in (0.25, 0.5, 1, 2, 7):
        p = with_temperature(np.array([1.5, 0.0]), temperature)
        assert p[0] / p[1] == pytest.approx(np.exp(1.5 / temperature))


def test_the_ends_of_the_scale():
    logits = np.array([3.0, 3.1, -800.0])
    assert with_temperature(logits, 1e-3) == pytest.approx([0, 1, 0])
    assert with_temperature(logits, 1e9) == pytest.approx([1 / 3] * 3, abs=1e-5)
    assert with_temperature(np.array([1e308, -1e308]) / 2, 0.9) == pytest.approx([1, 0])
    assert with_temperature(np.float32([1, 2])).dtype == np.float64


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_a_temperature_is_above_zero(temperature):
    with pytest.raises(ValueError, match="needs a finite number above 0"):
        with_temperature(np.zeros(3), temperature)


def test_logits_are_finite():
    with pytest.raises(ValueError, match=r"logits\[1\] is nan; with_temperature needs finite numbers"):
        with_temperature(np.array([1.0, np.nan]))


def reader(cell=LSTM, K=4, dtype=np.float64):
    net = Network(cell(K, 5, rng=0, dtype=dtype), Linear(5, K, rng=1, dtype=dtype), read="every")
    net.head.params["W"] *= 3
    return net


@pytest.mark.parametrize("cell", [LSTM, RNN, GRU])
def test_carrying_the_states_is_reading_all_again(cell):
    net, start = reader(cell), np.array([[0, 3], [2, 1]])
    written = generate(net, start, 9, temperature=0.7, rng=5)
    rng, sequence = np.random.default_rng(5), start
    for symbols in written:
        p = with_temperature(net.predict(np.eye(4)[sequence])[-1], 0.7)
        draws = rng.random((2, 1))
        expected = [np.searchsorted(np.cumsum(row), draw[0]) for row, draw in zip(p, draws, strict=True)]
        assert symbols.tolist() == expected
        sequence = np.concatenate([sequence, symbols[None]])


def test_each_letter_is_drawn_as_often_as_the_network_says():
    net = reader()
    written = generate(net, np.zeros((1, 20_000), int), 1, rng=0)
    p = with_temperature(net.predict(np.eye(4)[np.zeros((1, 1), int)])[-1, 0])
    assert np.bincount(written[0], minlength=4) / 20_000 == pytest.approx(p, abs=0.015)


def test_cold_writing_takes_the_likeliest():
    net = reader()
    written = generate(net, np.array([[1]]), 6, temperature=1e-4)
    answers = net.predict(np.eye(4)[np.append([1], written[:, 0])[:, None]])
    assert written[:, 0].tolist() == answers[:-1, 0].argmax(axis=1).tolist()


def test_shapes_and_dtypes():
    assert generate(reader(dtype=np.float32), np.zeros((3, 2), int), 5).shape == (5, 2)
    assert generate(reader(), np.zeros((3, 2), int), 0).shape == (0, 2)


@pytest.mark.parametrize("start", [np.zeros(3, int), np.zeros((0, 2), int)])
def test_there_is_something_to_begin_with(start):
    with pytest.raises(ValueError, match=re.escape(f"start has shape {start.shape}; generate needs (P, B)")):
        generate(reader(), start, 5)
