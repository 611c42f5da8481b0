"""Symbols as rows with a single 1, the form in which networks read them."""

import numpy as np


def one_hot(places, size, dtype=np.float64):
    """Turn places (…) from 0 to size - 1 into rows (…, size), 0 but for a 1 at each place.

    Introduced in 01_order_matters.
    """
    return np.eye(size, dtype=dtype)[places]
