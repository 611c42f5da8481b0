"""Refuse bad input in words: the argument, what it is, who needs what."""

import math
import numbers

import numpy as np


def as_array(name, value, needed_by):
    """Return `value` as an array; a masked one and a ragged list are refused."""
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array; {needed_by} needs a plain one, and a mask of its own beside it")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} is no array ({str(error).split('.')[0]}); {needed_by} needs rows of one length") from None


def require_float(name, value, needed_by):
    """Return `value` as an array of floats; an integer or object array is refused by name."""
    array = as_array(name, value, needed_by)
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


def require_float_dtype(dtype, needed_by):
    """Return float64 or float32 as a dtype; any other is refused."""
    if dtype is None or dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise ValueError(f"dtype is {dtype}; {needed_by} needs float64 or float32")
    return np.dtype(dtype)


def require_number(name, value, needed_by, *, above=-math.inf, below=math.inf, needed="a finite number"):
    """Return a real number strictly between two bounds as a float; anything else is refused, truth values too."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real) or not above < value < below:
        raise ValueError(f"{name} is {value!r}; {needed_by} needs {needed}")
    return float(value)


def require_count(name, value, needed_by, least=0):
    """Return a whole number of at least `least` as an int; anything else is refused."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} is {value!r}; {needed_by} needs {least} or more, a whole number")
    return int(value)


def require_function(name, value, needed_by):
    """Return a function; what can't be called is refused."""
    if not callable(value):
        raise ValueError(f"{name} is {value!r:.60}; {needed_by} needs a function")
    return value


def require_dict(name, value, needed_by):
    """Refuse what is no dict of arrays by name, such as a layer or all of its Gradients in place of their `params`."""
    if not isinstance(value, dict):
        hint = f": {name}.params" if hasattr(value, "params") else ""
        raise ValueError(f"{name} is a {type(value).__name__}; {needed_by} needs a dict of arrays by name{hint}")
    return value


def require_params(params, shapes, dtype, needed_by):
    """Refuse parameters that were replaced by what does not fit; NaN is let through, for `train` to find."""
    for name, shape in shapes.items():
        array = params.get(name)
        if not isinstance(array, np.ndarray):
            raise ValueError(f"params[{name!r}] is a {type(array).__name__}; {needed_by} needs an array {shape} of {dtype}")
        if array.shape != shape or array.dtype != dtype:
            raise ValueError(f"params[{name!r}] has shape {array.shape} and dtype {array.dtype}; "
                             f"{needed_by} needs {shape} and {dtype}")


def require_answer(name, value, needed_by):
    """Return the number that a function returned as a float, NaN and infinity too; anything else is refused."""
    if not isinstance(value, numbers.Real | np.bool_ | np.ndarray) or np.ndim(value):
        raise ValueError(f"{name} returned {value!r:.60}; {needed_by} needs a number")
    return float(value)


def require_rng(rng, needed_by):
    """Return a generator, made of a seed if it is one."""
    if isinstance(rng, numbers.Integral) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(int(rng))
    if rng is None or isinstance(rng, np.random.Generator | np.random.SeedSequence | np.random.BitGenerator):
        return np.random.default_rng(rng)
    raise ValueError(f"rng is {rng!r}; {needed_by} needs a seed, a whole number from 0 on, or a numpy.random.Generator")


def require_a_step(mask, needed_by):
    """Refuse a mask of booleans (T, B), or None, that leaves a sequence without a single step to read."""
    if mask is not None and not mask.any(axis=0).all():
        empty = int(np.flatnonzero(~mask.any(axis=0))[0])
        raise ValueError(f"mask is 0 at every step of sequence {empty}; {needed_by} needs a step to read")


def require_mask(mask, steps, batch, needed_by):
    """Return `mask` as booleans (T, B); anything but 0 and 1 is refused."""
    mask = require_shape("mask", as_array("mask", mask, needed_by), (steps, batch), needed_by)
    if mask.dtype.kind == "c":
        raise ValueError(f"mask has dtype {mask.dtype}; {needed_by} needs 0 (carry the state over) and 1 (take the step)")
    others = mask[~np.isin(mask, (0, 1))]
    if len(others):
        raise ValueError(f"mask holds {others[0]}; {needed_by} needs 0 (carry the state over) and 1 (take the step)")
    return mask.astype(bool)


def require_yes_or_no(name, value, needed_by):
    """Return a bool, or refuse what is none: "no" and [0] count as true elsewhere."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {value!r:.60}; {needed_by} needs True or False")
    return bool(value)
