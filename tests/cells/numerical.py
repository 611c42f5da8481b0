"""Gradients by central differences: slow, simple, and with nothing in common with the code under test."""

import numpy as np

STEP = 1e-5


def some_entries(shape, most, rng):
    """Return the places of all entries of an array, or of `most` of them drawn at random."""
    places = list(np.ndindex(shape))
    if len(places) <= most:
        return places
    return [places[n] for n in rng.choice(len(places), most, replace=False)]


def numerical_gradient(loss, array, places):
    """Return d loss() / d array[place] for each place; `array` is moved in place and put back."""
    slopes = []
    for place in places:
        before = array[place]
        array[place] = before + STEP
        above = loss()
        array[place] = before - STEP
        below = loss()
        array[place] = before
        slopes.append((above - below) / (2 * STEP))
    return np.array(slopes)


def assert_gradient(name, loss, array, gradient, most=30, seed=0):
    """Compare a gradient with central differences, in every entry or in `most` of them."""
    assert gradient.shape == array.shape, name
    places = some_entries(array.shape, most, np.random.default_rng(seed))
    found = np.array([gradient[place] for place in places])
    expected = numerical_gradient(loss, array, places)
    scale = max(1, np.abs(expected).max())              # a difference of large losses is no finer than they are
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8 * scale, err_msg=f"gradient of {name}")
