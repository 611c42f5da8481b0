"""Refuse bad input in words: the argument, what it is, who needs what."""

import numpy as np


def require_float(name, value, needed_by):
    """Return `value` as an array of floats; an integer or object array is refused by name."""
    array = np.asarray(value)
    if array.dtype.kind != "f":
        raise ValueError(f"{name} has dtype {array.dtype}; {needed_by} needs floats, such as {name}.astype(np.float64)")
    return array


def require_dtype(name, value, dtype, needed_by):
    """Return `value` as an array of the layer's dtype; another one is refused: a layer never changes it silently."""
    array = require_float(name, value, needed_by)
    if array.dtype != dtype:
        raise ValueError(f"{name} has dtype {array.dtype}; {needed_by} needs {dtype}, the layer's own: "
                         f"{name}.astype(np.{dtype}), or a layer made with dtype=np.{array.dtype}")
    return array


def require_shape(name, array, shape, needed_by):
    """Refuse an array of another shape; `shape` holds sizes, or names such as "T" for sizes that are free."""
    fits = array.ndim == len(shape) and all(isinstance(n, str) or n == m for n, m in zip(shape, array.shape, strict=False))
    if not fits:
        needed = ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name} has shape {array.shape}; {needed_by} needs ({needed})")
    return array


def require_finite(name, array, needed_by):
    """Refuse NaN and infinity, and say where the first one is."""
    # A sum is finite only if every term is, or if terms overflow together: cheap first, exact only when in doubt.
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(np.sum(array))
    if not finite and not np.isfinite(array).all():
        where = tuple(int(n) for n in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{list(where) or ''} is {array[where]}; {needed_by} needs finite numbers")
    return array


def require_size(name, value, needed_by):
    """Return a size as an int; what is not a whole number of at least 1 is refused."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} is {value!r}; {needed_by} needs a whole number of at least 1")
    return int(value)


def require_mask(mask, steps, batch, needed_by):
    """Return `mask` as booleans (T, B); anything but 0 and 1 is refused."""
    mask = require_shape("mask", np.asarray(mask), (steps, batch), needed_by)
    others = mask[~np.isin(mask, (0, 1))]
    if len(others):
        raise ValueError(f"mask holds {others[0]}; {needed_by} needs 0 (carry the state over) and 1 (take the step)")
    return mask.astype(bool)
