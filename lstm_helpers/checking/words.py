"""Numbers and arrays in few words, the same on every processor."""

import numpy as np

SHOWN = 8           # entries of an array or a list that is written out
WRITTEN_OUT = 1e15  # numbers below this are never written with an exponent of ten, such as 8e+04


def number(value: object, digits: int = 4) -> str:
    """Return a number in so many digits, of a large one all that stand before the point; no "-0"."""
    if isinstance(value, str | bool | np.str_ | np.bool_):
        return repr(value.item() if isinstance(value, np.generic) else value)
    words = f"{value:.{digits}g}"
    if "e+" in words and abs(value) < WRITTEN_OUT:
        return f"{value:.0f}"
    return "0" if float(words) == 0 else words


def two_numbers(one: object, other: object) -> tuple[str, str]:
    """Return two different numbers in as many digits as tell them apart."""
    for digits in (4, 7, 12, 17):
        pair = number(one, digits), number(other, digits)
        if pair[0] != pair[1]:
            break
    return pair


def array(values: np.ndarray) -> str:
    """Return an array written out if it is small, or its shape."""
    if values.size > SHOWN:
        return f"array of shape {values.shape}"
    return nested(values)


def nested(values: np.ndarray) -> str:
    return f"[{', '.join(map(nested, values))}]" if values.ndim else number(values[()])


def argument(name: str, value: object) -> str:
    """Return "name = value" for one argument of a function."""
    if isinstance(value, np.ndarray):
        return f"{name} = {array(value)}" if value.size <= SHOWN else f"{name} {value.shape}"
    if isinstance(value, int | float | np.generic):
        return f"{name} = {number(value)}"
    if isinstance(value, list) and len(value) <= SHOWN and all(isinstance(one, int | float | None) for one in value):
        return f"{name} = {value}"
    return f"{name} = {value!r:.40}" if isinstance(value, str | bool | None) else f"{name} ({type(value).__name__})"
