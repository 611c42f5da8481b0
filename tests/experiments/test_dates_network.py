"""The trained network that 16 looks into: small, without pickle, and right on days that it never saw."""

import numpy as np

from lstm_helpers.experiments.dates import WEIGHTS, dates_network, held_out, network, right_by_part


def test_its_weights_are_small_and_plain():
    assert WEIGHTS.stat().st_size < 200_000
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        assert {name: array.shape for name, array in weights.items()} == {
            name: array.shape for name, array in network("LSTM", 0).params.items()}
        assert all(array.dtype == np.float32 for array in weights.values())


def test_it_translates_days_that_it_never_saw():
    x, mask, labels = held_out(every=20)
    assert right_by_part(dates_network().translate(x, mask), labels)["whole"] > 0.97
    assert right_by_part(network("LSTM", 0).translate(x, mask), labels)["whole"] == 0
