"""The trained network that 08, 09, 10 and 12 look into: small, without pickle, and right on sentences that it never saw."""

import numpy as np
import pytest

from lstm_helpers.experiments.france_network import WEIGHTS, france_network, untrained
from lstm_helpers.sequences import FranceSentences


def test_its_weights_are_small_and_plain():
    assert WEIGHTS.stat().st_size < 200_000
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        assert {name: array.shape for name, array in weights.items()} == {
            name: array.shape for name, array in untrained().params.items()}
        assert all(array.dtype == np.float32 for array in weights.values())


@pytest.mark.parametrize("gap", [0, 10, 30])
def test_it_knows_which_of_two_countries_counts(gap):
    x, labels = FranceSentences(gap, "held_out", size=300, countries=2).everything()
    assert np.mean(france_network().predict(x).argmax(axis=1) == labels) > 0.97
    assert np.mean(untrained().predict(x).argmax(axis=1) == labels) < 0.5
