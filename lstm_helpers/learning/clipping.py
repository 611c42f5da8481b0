"""Clipping: a cap on the length of a step."""

import math

import numpy as np

from lstm_helpers.cells.checks import require_dict, require_float, require_number


def clip_by_global_norm(grads, max_norm):
    """Return the gradients scaled down to a norm of at most max_norm, and the norm they had.

    ``norm = sqrt(sum of the squares of all entries of all arrays)``; if it exceeds max_norm, every gradient is
    multiplied by ``max_norm / norm``: the direction stays, the length becomes exactly max_norm. (PyTorch divides
    by ``norm + 1e-6`` instead, which differs by one part in a million at a norm of 1.)

    Parameters
    ----------
    grads : dict of arrays, by parameter name; left as they are
    max_norm : float, above 0

    Returns
    -------
    grads : dict of arrays
        `grads` itself if there is nothing to clip, or if the norm is not finite, which no scaling would mend.
    norm : float, the norm before clipping

    Introduced in 05_exploding_gradients. Source: Pascanu, Mikolov & Bengio (2013), "On the difficulty of training
    recurrent neural networks".
    """
    if not (isinstance(max_norm, float) and max_norm == math.inf):
        require_number("max_norm", max_norm, "clip_by_global_norm", above=0, needed="a number above 0")
    arrays = {name: require_float(f"grads[{name!r}]", grad, "clip_by_global_norm")
              for name, grad in require_dict("grads", grads, "clip_by_global_norm").items()}
    norm = global_norm(arrays)
    if norm <= max_norm or not math.isfinite(norm):
        return grads, norm
    return {name: grad * (max_norm / norm) for name, grad in arrays.items()}, norm


def global_norm(grads):
    """Return the norm of all gradients together, as one long vector.

    Introduced in 05_exploding_gradients.
    """
    return math.sqrt(sum(float(np.vdot(grad, grad)) for grad in grads.values()))
