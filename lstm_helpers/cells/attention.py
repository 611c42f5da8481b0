"""Attention: a mean of values, weighted by how well each key fits a query. Forward and backward, nothing to learn inside."""

import numpy as np

from lstm_helpers.cells.checks import (
    require_a_step,
    require_dtype,
    require_finite,
    require_float,
    require_mask,
    require_shape,
    require_yes_or_no,
)


def attend(query, keys, values, mask=None, causal=False):
    """Give each query the mean of all values, weighted by how well their keys fit it.

    s_j = q · k_j / √d,  w = softmax(s) over the steps that are left,  context = Σ_j w_j v_j

    Parameters
    ----------
    query : (Q, B, d)
    keys, values : (T, B, d), (T, B, v)
    mask : (T, B) of 0 and 1, optional; where it is 0 a step is not looked at
    causal : True lets query i look at steps 0 to i alone

    Returns
    -------
    context : (Q, B, v)
    weights : (B, Q, T), each row of sum 1; 0 exactly where a query does not look

    Raises
    ------
    ValueError
        If a query is left without a step to look at.

    Introduced in 22_attention. Sources: Luong, Pham & Manning (2015), "Effective approaches to attention-based neural
    machine translation"; divided by √d, Vaswani et al. (2017), "Attention is all you need".
    """
    query, keys, values = _require_sequences(query, keys, values, "attend")
    steps, batch, _ = keys.shape
    causal = require_yes_or_no("causal", causal, "attend")
    mask = None if mask is None else require_mask(mask, steps, batch, "attend")
    require_a_step(mask, "attend")
    looked_at = seen(mask, len(query), steps, causal)
    blind = () if looked_at is None else np.argwhere(~looked_at.any(axis=2))
    if len(blind):
        raise ValueError(f"mask is 0 at every step from 0 to {blind[0][1]} of sequence {blind[0][0]}; attend needs a step that "
                         f"query {blind[0][1]} may look at")
    return mix(query, keys, values, looked_at)


def attend_backward(query, keys, values, weights, d_context):
    """Carry a gradient by the contexts back to queries, keys and values.

    dv_j = Σ_i w_ij dcontext_i,  dw_ij = dcontext_i · v_j,  ds = w ⊙ (dw − Σ_j w_ij dw_ij),
    dq_i = Σ_j ds_ij k_j / √d,  dk_j = Σ_i ds_ij q_i / √d

    Parameters
    ----------
    query, keys, values : what `attend` was given
    weights : (B, Q, T), what it returned
    d_context : (Q, B, v), dL/dcontext

    Returns
    -------
    d_query, d_keys, d_values : (Q, B, d), (T, B, d), (T, B, v)

    Introduced in 22_attention.
    """
    query, keys, values = _require_sequences(query, keys, values, "attend_backward")
    (queries, batch, _), steps = query.shape, len(keys)
    for name, array, shape in (("weights", weights, (batch, queries, steps)),
                               ("d_context", d_context, (queries, batch, values.shape[2]))):
        array = require_shape(name, require_dtype(name, array, query.dtype, "attend_backward"), shape, "attend_backward")
        require_finite(name, array, "attend_backward")
    return mix_backward(query, keys, values, np.asarray(weights), np.asarray(d_context))


def mix(query, keys, values, looked_at=None):
    """Return the contexts and weights of `attend`, given who may look where (B or 1, Q, T), with nothing checked."""
    scores = by_sequence(query) @ keys.transpose(1, 2, 0)                             # (B, Q, d) @ (B, d, T)
    scores *= query.shape[2] ** -0.5
    weights = softmax_in_place(scores, looked_at)
    context = np.empty((len(query), *values.shape[1:]), values.dtype)
    np.matmul(weights, by_sequence(values), out=by_sequence(context))                 # (B, Q, T) @ (B, T, v)
    return context, weights


def mix_backward(query, keys, values, weights, d_context):
    """Return the gradients of `attend_backward`, with nothing checked."""
    d_query, d_keys, d_values = (np.empty_like(array, order="C") for array in (query, keys, values))
    np.matmul(weights.transpose(0, 2, 1), by_sequence(d_context), out=by_sequence(d_values))
    d_scores = softmax_backward(weights, by_sequence(d_context) @ values.transpose(1, 2, 0))        # (B, Q, T)
    d_scores *= query.shape[2] ** -0.5
    np.matmul(d_scores, by_sequence(keys), out=by_sequence(d_query))
    np.matmul(d_scores.transpose(0, 2, 1), by_sequence(query), out=by_sequence(d_keys))
    return d_query, d_keys, d_values


def softmax_in_place(scores, looked_at=None):
    """Turn scores (B, Q, T) into weights, in place: exp(s) / Σ exp(s) over the steps that are looked at, 0 elsewhere."""
    if looked_at is not None:
        np.copyto(scores, -np.inf, where=~looked_at)
    scores -= scores.max(axis=2, keepdims=True)                                       # the largest is 0: exp can't overflow
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=2, keepdims=True)
    return scores


def softmax_backward(weights, d_weights):
    """Return the gradient by the scores, w ⊙ (dw − Σ w dw) over the last axis, in the place of `d_weights`."""
    d_weights -= np.einsum("bqt,bqt->bq", weights, d_weights)[:, :, None]
    d_weights *= weights
    return d_weights


def seen(mask, queries, steps, causal):
    """Return who may look where as booleans (B or 1, Q, T), or None where everybody may look everywhere."""
    earlier = np.arange(steps) <= np.arange(queries)[:, None] if causal else None     # (Q, T)
    if mask is None:
        return None if earlier is None else earlier[None]
    kept = mask.T[:, None, :]                                                         # (B, 1, T)
    return np.broadcast_to(kept, (len(kept), queries, steps)) if earlier is None else kept & earlier


def by_sequence(array):
    """Return a view (B, T, n) of (T, B, n): one matrix for each sequence."""
    return array.transpose(1, 0, 2)


def _require_sequences(query, keys, values, needed_by):
    """Return the three as arrays of one dtype whose sizes fit, or refuse them by name."""
    query = require_float("query", query, needed_by)
    keys, values = (require_dtype(name, array, query.dtype, needed_by) for name, array in (("keys", keys), ("values", values)))
    require_shape("query", query, ("Q", "B", "d"), needed_by)
    require_shape("keys", keys, ("T", *query.shape[1:]), f"{needed_by}, given this query,")
    require_shape("values", values, (*keys.shape[:2], "v"), f"{needed_by}, given these keys,")
    for name, array in (("query", query), ("keys", keys), ("values", values)):
        if array.size == 0:
            raise ValueError(f"{name} has shape {array.shape}; {needed_by} needs at least one of each")
        require_finite(name, array, needed_by)
    return query, keys, values
