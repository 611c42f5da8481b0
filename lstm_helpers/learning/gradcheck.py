"""The gradient check: derivatives by formula against derivatives by trial."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import (
    as_array,
    require_count,
    require_dict,
    require_finite,
    require_function,
    require_number,
    require_rng,
)

NEGLIGIBLE = 1e-3           # entries smaller than this part of the largest gradient are judged on that scale
SAMPLED_ABOVE = 200         # entries of one array


@dataclass(frozen=True)
class GradientRow:
    """What the check found for one array: the worst of its checked entries, and the two derivatives there."""

    name: str
    shape: tuple
    checked: int
    error: float
    index: tuple
    gradient: float
    difference: float
    ok: bool


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `check_gradients` found: prints as a table, one row per array.

    Attributes
    ----------
    rows : list of GradientRow
    tolerance : float
    """

    rows: list
    tolerance: float

    @property
    def ok(self):
        """True if every checked entry of every array is within the tolerance."""
        return not self.failures

    @property
    def worst(self):
        """The largest relative error of all."""
        return max(row.error for row in self.rows)

    @property
    def failures(self):
        """The names of the arrays whose gradient is wrong."""
        return [row.name for row in self.rows if not row.ok]

    def __repr__(self):
        lines = [("parameter", "shape", "checked", "relative error", "")]
        lines += [self._line(row) for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)

    def _line(self, row):
        start = row.name, str(row.shape), str(row.checked)
        if row.ok:
            return *start, f"< {self.tolerance:.0e}", "ok"
        where = f"[{', '.join(map(str, row.index))}]" if row.index else ""
        values = f"{row.name}{where}: gradient {row.gradient:.4g}, finite difference {row.difference:.4g}"
        return *start, f"{row.error:.2g}", f"WRONG  {values}"


def check_gradients(loss_function, params, grads, *, eps=1e-5, tolerance=1e-6, samples=None, rng=0):
    """Compare gradients with central finite differences of the loss.

    ``dL/dp ≈ (L(p + eps) - L(p - eps)) / (2 * eps)``, entry by entry; the relative error of a gradient a and a
    difference n is ``|a - n| / (|a| + |n|)``. Two things are never an error: what rounding of the loss explains,
    and a difference far below the largest gradient of the check (its tolerance times a thousandth).

    Parameters
    ----------
    loss_function : function, ``loss_function() -> float``; reads the arrays of `params`, and draws nothing at random
    params : dict of float64 arrays
        Changed in place one entry at a time and restored, also when `loss_function` raises. An input or initial
        state can be checked too: any array that the loss depends on.
    grads : dict of arrays, the gradients to be checked, by the same names; further names are left out
    eps : float, how far an entry is moved
    tolerance : float, the largest relative error that is still right
    samples : int, optional: entries checked per array, drawn at random; None: all, or 200 of a larger array
    rng : seed or numpy.random.Generator

    Returns
    -------
    GradientReport; prints as a table; ``.ok``, ``.worst`` (the largest relative error), ``.failures`` (names), ``.rows``

    Raises
    ------
    ValueError
        If a parameter is not float64, a gradient is missing, has another shape or is not finite, or
        `loss_function` returns no finite number, or another number each time.

    Introduced in 03_backpropagation_through_time.
    """
    grads = _require_pairs(params, grads)
    _require_options(eps, samples, tolerance)
    loss = _steady_loss(require_function("loss_function", loss_function, "check_gradients"))
    rng = require_rng(rng, "check_gradients")
    drawn = {name: _draw(param, samples, rng) for name, param in params.items()}
    differences = {name: np.array([_difference(loss_function, params[name], index, eps) for index in indices])
                   for name, indices in drawn.items()}
    gradients = {name: np.array([grads[name][index] for index in indices]) for name, indices in drawn.items()}
    largest = max(np.abs(values).max() for part in (differences, gradients) for values in part.values())
    rounding = 4 * np.finfo(np.float64).eps * abs(loss) / eps
    floor = max(NEGLIGIBLE * largest, rounding / tolerance, np.finfo(np.float64).tiny)
    rows = [_row(name, param.shape, drawn[name], gradients[name], differences[name], floor, tolerance)
            for name, param in params.items()]
    return GradientReport(rows, tolerance)


def _row(name, shape, indices, gradients, differences, floor, tolerance):
    errors = np.abs(gradients - differences) / np.maximum(np.abs(gradients) + np.abs(differences), floor)
    worst = np.flatnonzero(errors >= 0.999 * errors.max())[0]      # of equal errors the first, on every processor
    near_zero = floor * tolerance
    gradient, difference = (0.0 if abs(value) <= near_zero else float(value)
                            for value in (gradients[worst], differences[worst]))
    error = float(errors[worst])
    return GradientRow(name, shape, len(indices), error, indices[worst], gradient, difference, error <= tolerance)


def _difference(loss_function, param, index, eps):
    """Return the central difference of the loss by one entry, and leave the entry as it was."""
    value = param[index]
    up, down = value + eps, value - eps
    if up == down:
        raise ValueError(f"eps is {eps}; an entry of {value} does not move by so little: check_gradients needs more, about 1e-5")
    try:
        param[index] = up
        loss_up = _loss(loss_function)
        param[index] = down
        loss_down = _loss(loss_function)
    finally:
        param[index] = value
    return (loss_up - loss_down) / (up - down)


def _draw(param, samples, rng):
    """Return the indices of the entries to check, in the order of the array."""
    count = min(param.size, SAMPLED_ABOVE if samples is None else samples)
    flat = range(param.size) if count == param.size else np.sort(rng.choice(param.size, count, replace=False))
    return [tuple(map(int, np.unravel_index(entry, param.shape))) for entry in flat]


def _loss(loss_function):
    value = loss_function()
    if np.ndim(value) or not isinstance(value, (float, int, np.number, np.ndarray)) or not math.isfinite(value):
        raise ValueError(f"loss_function returned {value!r:.60}; check_gradients needs a finite number")
    return float(value)


def _steady_loss(loss_function):
    loss = _loss(loss_function)
    again = _loss(loss_function)
    if again != loss:
        raise ValueError(f"loss_function returned {loss!r}, then {again!r}; check_gradients needs one that gives the same number "
                         "for the same parameters, so draws nothing at random")
    return loss


def _require_pairs(params, grads):
    """Return the gradients as arrays, one for each parameter; refuse pairs that can't be compared."""
    require_dict("grads", grads, "check_gradients")
    if not require_dict("params", params, "check_gradients"):
        raise ValueError("params is empty; check_gradients needs at least one array to move")
    for name, param in params.items():
        dtype = getattr(param, "dtype", type(param).__name__)
        if dtype != np.float64:
            raise ValueError(f"{name} is {dtype}; check_gradients needs float64: a coarser loss drowns the differences")
        if name not in grads:
            raise ValueError(f"grads holds {', '.join(grads)} and no {name!r}; check_gradients needs one for every parameter")
        _require_movable(f"params[{name!r}]", param)
        gradient = as_array(f"grads[{name!r}]", grads[name], "check_gradients")
        if gradient.shape != param.shape:
            raise ValueError(f"grads[{name!r}] has shape {gradient.shape}; check_gradients needs {param.shape}")
        if gradient.dtype.kind not in "iuf":
            raise ValueError(f"grads[{name!r}] has dtype {gradient.dtype}; check_gradients needs real numbers")
        if not np.isfinite(gradient).all():
            raise ValueError(f"grads[{name!r}] holds NaN or infinity; check_gradients needs finite numbers")
    return {name: np.asarray(grads[name]) for name in params}


def _require_movable(name, param):
    if not isinstance(param, np.ndarray) or not param.flags.writeable:
        raise ValueError(f"{name} is read-only; check_gradients needs an array that it can move, such as a copy")
    if param.size == 0:
        raise ValueError(f"{name} has shape {param.shape}; check_gradients needs at least one entry to move")
    require_finite(name, param, "check_gradients")


def _require_options(eps, samples, tolerance):
    require_number("eps", eps, "check_gradients", above=0, needed="a number above 0")
    require_number("tolerance", tolerance, "check_gradients", above=0, below=1, needed="a number between 0 and 1")
    if samples is not None:
        require_count("samples", samples, "check_gradients", least=1)
