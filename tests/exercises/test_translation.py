"""The solutions of 16_translation against the package: they are right, not only in agreement with themselves."""

import numpy as np

from lstm_helpers.cells import RNN
from lstm_helpers.exercises import translation
from lstm_helpers.learning import EncoderDecoder, Linear


def test_fed_letters_are_what_the_decoder_is_fed():
    net = EncoderDecoder(RNN(2, 3), RNN(5, 3), Linear(3, 5), length=4)
    labels = np.random.default_rng(0).integers(0, 5, (4, 6))
    assert np.array_equal(translation.fed_letters(labels, 5), net.shifted(labels))


def test_share_exact():
    written, right = np.array([[1, 1, 2, 3], [0, 0, 0, 0]]), np.array([[1, 1, 1, 3], [0, 1, 0, 0]])
    assert translation.share_exact(written, right) == 0.5


def test_greedy_goes_round():
    after = np.roll(np.eye(3), 1, axis=1)                   # 0 -> 1 -> 2 -> 0
    assert translation.greedy(np.array([0.0, 0.2, 0.9]), after, 5).tolist() == [2, 0, 1, 2, 0]
