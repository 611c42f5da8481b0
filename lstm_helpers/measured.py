"""A number together with the bound that the text relies on: every processor shows its own digits, and keeps the bound."""


from numbers import Real


class Measured(float):
    """A float whose text begins with ≈, so that nbval compares all but its digits (tests/notebooks/sanitize.cfg)."""

    def __format__(self, spec):
        text = format(float(self), spec) if spec else _in_few_digits(self)
        return f"≈{text.strip()}".rjust(len(text))

    def __repr__(self):
        return format(self)

    __str__ = __repr__


def measured(value, *, above=None, below=None, near=None, within=None):
    """Return a number that shows itself as ≈0.36, once it has kept the bound that the text relies on.

    Parameters
    ----------
    value : number
    above, below : what it exceeds, what it stays under; one of them or both
    near, within : or what it differs from by less than `within`

    Returns
    -------
    float
        Two significant digits unless a format asks for others: ``f"{measured(accuracy, above=0.9):.3f}"``.

    Raises
    ------
    AssertionError
        If the number breaks its bound: then the text is wrong on this machine.
    ValueError
        If there is no bound, or `near` comes without `within`.

    Introduced in 04_vanishing_gradients.
    """
    for name, number in (("value", value), ("above", above), ("below", below), ("near", near), ("within", within)):
        if number is not None and not isinstance(number, Real):
            raise ValueError(f"{name} is {number!r:.60}; measured needs a number")
    if (near is None) != (within is None) or (above is None and below is None and near is None):
        raise ValueError("measured needs a bound that the text relies on: above=, below=, or near= with within=")
    if above is not None and not value > above:
        raise AssertionError(f"measured {value:.6g}; the text says: above {above:g}")
    if below is not None and not value < below:
        raise AssertionError(f"measured {value:.6g}; the text says: below {below:g}")
    if near is not None and not abs(value - near) < within:
        raise AssertionError(f"measured {value:.6g}; the text says: {near:g}, give or take {within:g}")
    return Measured(value)


def _in_few_digits(value):
    return f"{float(f'{float(value):.2g}'):g}"
