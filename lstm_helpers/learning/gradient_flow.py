"""Gradient flow: how much of the loss's gradient reaches each time step."""

import numpy as np

from lstm_helpers.cells.checks import as_array, require_finite
from lstm_helpers.learning.losses import mean_squared_error
from lstm_helpers.learning.network import Network


def gradient_flow(net, x, y=None, *, loss=mean_squared_error, mask=None, dh_last=None):
    """Return the norm of the loss's gradient at every hidden state.

    ``flow[t] = ‖dL/dh_t‖``, over all sequences and units, of the *total* gradient: what step t contributes to the
    loss itself and through all later steps.

    Parameters
    ----------
    net : Network or recurrent layer
    x : (T, B, D) array
    y : array, for a Network: the targets; L is ``loss(net.predict(x), y)``
    loss : function, for a Network
    mask : (T, B) array of 0 and 1, optional
    dh_last : (B, H) array, for a layer
        The gradient that arrives at the last hidden state. None: the same in every entry, of norm 1, so that
        ``flow[-1]`` is 1 and ``flow[t]`` is the factor left after T - 1 - t steps.

    Returns
    -------
    flow : (T,) float64 array; norms too small for the layer's dtype to square are kept

    Introduced in 04_vanishing_gradients.
    """
    if isinstance(net, Network):
        if y is None or dh_last is not None:
            found = "y is None" if y is None else "dh_last is given"
            raise ValueError(f"{found}; gradient_flow of a Network needs y, from which the gradient starts, and no dh_last")
        return _norms(net.layer_gradients(x, y, loss, mask).h)
    if isinstance(net, type) or not all(hasattr(net, has) for has in ("forward", "hidden_size")):
        raise ValueError(f"net is {net!r:.60}; gradient_flow needs a Network or a layer")
    if y is not None or loss is not mean_squared_error:
        given = "loss" if y is None else "y"
        raise ValueError(f"{given} is given; gradient_flow of a layer needs dh_last, as a layer has no loss")
    trace = net.forward(x, mask=mask)
    if dh_last is None:
        last = trace.h[-1]                                                  # (B, H)
        dh_last = np.full(last.shape, last.size**-0.5, last.dtype)
    return _norms(net.backward(trace, None, dh_last=dh_last, need_x=False).h)


def spectral_radius(W):
    """Return the largest absolute eigenvalue of a square matrix.

    ``rho(W) = max |eigenvalue|``: in the long run, one more product with W multiplies a norm by it.

    Parameters
    ----------
    W : (H, H) array; for an LSTM, the slab of one gate: ``layer.params["W_h"][g]``

    Returns
    -------
    radius : float

    Introduced in 04_vanishing_gradients.
    """
    W = as_array("W", W, "spectral_radius")
    if W.dtype.kind not in "biufc":
        raise ValueError(f"W has dtype {W.dtype}; spectral_radius needs numbers")
    if W.ndim != 2 or W.shape[0] != W.shape[1] or W.size == 0:
        raise ValueError(f"W has shape {W.shape}; spectral_radius needs (H, H)")
    require_finite("W", W, "spectral_radius")
    return float(np.abs(np.linalg.eigvals(W)).max())


def _norms(gradients):
    """Return the norm over batch and units per step, each step on its own scale so that no square underflows."""
    gradients = gradients.astype(np.float64)
    peak = np.abs(gradients).max(axis=(1, 2), keepdims=True)                # (T, 1, 1)
    scaled = gradients / np.where(peak > 0, peak, 1)
    return peak[:, 0, 0] * np.sqrt(np.square(scaled).sum(axis=(1, 2)))      # (T,)
