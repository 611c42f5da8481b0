"""The losses: how wrong a prediction is, and which way it must move."""

import numpy as np

from lstm_helpers.cells.checks import (
    as_array,
    require_answer,
    require_dtype,
    require_finite,
    require_float,
    require_function,
    require_shape,
)


def mean_squared_error(prediction, target, weight=None):
    """Return the mean of the squared errors and its gradient.

    ``L = sum(w * e) / sum(w)`` with ``e = (prediction - target)**2``; without weights, ``L = mean(e)``.

    Parameters
    ----------
    prediction : (..., K) float array
        What the network says. Values that are not finite are let through: the loss is then not finite
        either, which `train` reports.
    target : array of the same shape, what it should say
    weight : array of the leading axes, optional: how much each entry counts, 0 or more: for targets (T, B, K), a mask (T, B)

    Returns
    -------
    loss : float
    d_prediction : array like `prediction`, of its dtype: dL/d(prediction)

    Raises
    ------
    ValueError
        If the shapes differ, a target or weight is not finite, a weight is negative, or all weights are zero.

    Introduced in 13_training.
    """
    prediction = require_float("prediction", prediction, "mean_squared_error")
    target = _numbers("target", target)
    require_shape("target", target, prediction.shape, "mean_squared_error")
    share = _share(weight, prediction)                                # (...), sums to 1
    error = prediction - target.astype(prediction.dtype, copy=False)
    loss = np.sum(share * np.square(error), dtype=np.float64)
    return float(loss), 2 * share * error


def cross_entropy(logits, labels, weight=None):
    """Return the mean negative log-probability of the right labels and its gradient.

    ``L = -sum(w * log p[label]) / sum(w)`` with ``p = exp(logits) / sum(exp(logits))``, the softmax over the
    last axis, computed without overflow for logits of any size.

    Parameters
    ----------
    logits : (..., K) float array
        One score per class. Values that are not finite are let through, as in `mean_squared_error`.
    labels : (...) integer array, the right class of each, from 0 to K - 1, also where the weight is zero
    weight : array of the leading axes of `labels`, optional
        How much each label counts, 0 or more: for labels (T, B), a mask (T, B).

    Returns
    -------
    loss : float, in nats: log(K) is the loss of guessing blindly
    d_logits : array like `logits`, of its dtype: dL/d(logits)

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is not an integer from 0 to K - 1, a weight is negative or not finite,
        or all weights are zero.

    Introduced in 06_long_term_dependencies.
    """
    logits = require_float("logits", logits, "cross_entropy")
    labels = _require_labels(as_array("labels", labels, "cross_entropy"), logits)
    column = labels[..., np.newaxis]                                  # (..., 1)
    log_p = _log_softmax(logits)                                      # (..., K)
    share = _share(weight, log_p[..., 0])                             # (...), sums to 1
    right = np.take_along_axis(log_p, column, axis=-1)                # (..., 1)
    loss = -np.sum(share * right[..., 0], dtype=np.float64)
    d_logits = np.exp(log_p)
    np.put_along_axis(d_logits, column, np.exp(right) - 1, axis=-1)
    d_logits *= np.expand_dims(share, -1)
    return float(loss), d_logits


def ask_loss(loss, prediction, target, weight, needed_by):
    """Return what a loss function says, (loss, gradient), the loss as a float; another kind of answer is refused."""
    answer = require_function("loss", loss, needed_by)(prediction, target, weight)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise ValueError(f"loss returned {answer!r:.60}; {needed_by} needs (loss, gradient)")
    return require_answer("loss", answer[0], needed_by), answer[1]


def require_gradient(gradient, prediction, needed_by):
    """Return the gradient that a loss function returned, an array like the prediction."""
    name = "the gradient that loss returned"
    gradient = require_shape(name, require_float(name, gradient, needed_by), prediction.shape, needed_by)
    return require_dtype(name, gradient, prediction.dtype, needed_by)


def _log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _require_labels(labels, logits):
    if logits.ndim == 0 or logits.size == 0:
        raise ValueError(f"logits has shape {logits.shape}; cross_entropy needs (..., K) with at least one entry")
    require_shape("labels", labels, logits.shape[:-1], "cross_entropy")
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels has dtype {labels.dtype}; cross_entropy needs integers")
    classes = logits.shape[-1]
    if labels.min() < 0 or labels.max() >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"labels holds {wrong}; cross_entropy needs classes from 0 to {classes - 1}")
    return labels


def _numbers(name, values):
    array = as_array(name, values, "the loss")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} has dtype {array.dtype}; the loss needs numbers")
    return require_finite(name, array, "the loss")


def _share(weight, entries):
    """Return the share of each entry in the weighted mean, broadcast over `entries` and summing to 1 over them."""
    if entries.size == 0:
        raise ValueError(f"prediction has shape {entries.shape}; the loss needs at least one entry, or the mean has no value")
    if weight is None:
        return np.asarray(1 / entries.size, entries.dtype)
    weight = _numbers("weight", weight)
    require_shape("weight", weight, entries.shape[:weight.ndim], "the loss")
    if weight.min() < 0:
        raise ValueError(f"weight holds {weight.min()}; the loss needs weights of 0 or more")
    total = weight.sum(dtype=np.float64)
    if total == 0:
        raise ValueError("weight is 0 everywhere; the loss needs a weight above 0, or the mean has no value")
    inner = entries.shape[weight.ndim:]
    share = (weight / (total * max(1, np.prod(inner)))).astype(entries.dtype)
    return share.reshape(weight.shape + (1,) * len(inner))
