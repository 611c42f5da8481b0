"""Symbols as rows with a single 1."""

import numpy as np

from lstm_helpers.one_hot import one_hot


def test_each_place_becomes_a_row_with_a_single_1():
    rows = one_hot(np.array([[2, 0]]), 3, np.float32)
    np.testing.assert_array_equal(rows, [[[0, 0, 1], [1, 0, 0]]])
    assert rows.dtype == np.float32
    assert one_hot(1, 2).dtype == np.float64
