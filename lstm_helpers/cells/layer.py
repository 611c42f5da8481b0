"""What the layers share: the operand that holds x, h and 1 side by side, the checks of states, the gradients."""

from dataclasses import dataclass

import numpy as np

from lstm_helpers.cells.checks import (
    as_array,
    require_dtype,
    require_finite,
    require_float,
    require_float_dtype,
    require_mask,
    require_params,
    require_shape,
    require_size,
)


@dataclass(frozen=True)
class Gradients:
    """Hold what `backward` returns: dL/d(everything that went into `forward`).

    Attributes
    ----------
    params : dict of the names and shapes of `layer.params`
    x : (T, B, D); None if `backward` was told that nobody needs it
    h0, c0 : (B, H), gradient reaching the initial state (`c0` and `c` are None for an RNN)
    h, c : (T, B, H), total gradient reaching each step: what the loss sends to it plus what later steps send back

    Introduced in 03_backpropagation_through_time.
    """

    params: dict
    x: np.ndarray | None
    h0: np.ndarray
    h: np.ndarray
    c0: np.ndarray | None = None
    c: np.ndarray | None = None


class OperandViews:
    """What every trace reads off its operand: inputs (T, B, D), first state (B, H), states (T, B, H)."""

    @property
    def x(self):
        return self.operand[:-1, :, :self.input_size]

    @property
    def h0(self):
        return self.operand[0, :, self.input_size:-1]

    @property
    def h(self):
        return self.operand[1:, :, self.input_size:-1]


class RecurrentLayer:
    """What all layers have in common: sizes, dtype, the way in and out of both passes, words for input that does not fit.

    A layer writes its equations into `_take_steps(x, mask, h0)`, which returns the trace, and `_carry_back(trace, total,
    dh_next, need_x)`, which returns the gradients; `total` (T, B, H) comes in as what the loss sends to each hidden state and
    goes out as dL/dh_t. A `CellStateLayer` is handed c0 and dc_next besides. All of these but x and mask may be written to.
    """

    def __init__(self, input_size, hidden_size, dtype):
        self.input_size = require_size("input_size", input_size, type(self).__name__)
        self.hidden_size = require_size("hidden_size", hidden_size, type(self).__name__)
        self.dtype = require_float_dtype(dtype, type(self).__name__)

    def _own_params(self, params):
        """Take over the parameters that were drawn, and note their shapes."""
        self.params = params
        self.param_shapes = {name: array.shape for name, array in params.items()}

    def __repr__(self):
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}, dtype={self.dtype})"

    def forward(self, x, h0=None, mask=None):
        """Take every step of a batch of sequences.

        Parameters
        ----------
        x : (T, B, D)
        h0 : (B, H), zeros if not given
        mask : (T, B) of 0 and 1; where it is 0 the state is carried over unchanged

        Returns
        -------
        the layer's trace, all that `backward` needs
        """
        x, mask = self.require_sequence(x, mask)
        return self._take_steps(x, mask, self._state("h0", h0, x.shape[1], "forward"))

    def backward(self, trace, dh, dh_last=None, *, need_x=True):
        """Carry gradients back through every step of a trace.

        Parameters
        ----------
        trace : what `forward` returned
        dh : (T, B, H), what the loss sends to each hidden state; None for zeros
        dh_last : (B, H), what it sends to the last one besides
        need_x : False leaves out the gradient by x, which nobody needs where x is data

        Returns
        -------
        Gradients
        """
        total = self._total(trace, dh)
        return self._carry_back(trace, total, self._state("dh_last", dh_last, total.shape[1], "backward"), need_x)

    def require_sequence(self, x, mask):
        """Return x (T, B, D) and the mask as booleans (T, B) or None, or refuse them by name."""
        require_params(self.params, self.param_shapes, self.dtype, type(self).__name__)
        x = require_dtype("x", x, self.dtype, "forward")
        if x.ndim != 3 or x.shape[2] != self.input_size or 0 in x.shape:
            empty = " with T, B at least 1" if 0 in x.shape[:2] else ""
            raise ValueError(f"x has shape {x.shape}; forward needs (T, B, D={self.input_size}){empty}")
        steps, batch, _ = require_finite("x", x, "forward").shape
        return x, None if mask is None else require_mask(mask, steps, batch, "forward")

    def _state(self, name, state, batch, needed_by):
        """Return a copy of a state or its gradient (B, H), zeros where none was given."""
        return self._own(name, state, (batch, self.hidden_size), needed_by)

    def _total(self, trace, dh):
        """Return a copy of dh (T, B, H), zeros where none was given; refuse a trace that another layer made."""
        made_for = f"a trace of {type(self).__name__}({self.input_size}, {self.hidden_size}), {self.dtype}"
        if not isinstance(trace, self.trace_type):
            raise ValueError(f"trace is a {type(trace).__name__}; backward needs {made_for}")
        inputs, hidden = trace.input_size, trace.h.shape[2]
        if (inputs, hidden, trace.h.dtype) != (self.input_size, self.hidden_size, self.dtype):
            raise ValueError(f"trace is of D={inputs}, H={hidden}, {trace.h.dtype}; backward needs {made_for}")
        return self._own("dh", dh, trace.h.shape, "backward")

    def _one_or_each(self, name, value):
        """Return a number for all units, or one for each (H,), or refuse it."""
        array, kind = as_array(name, value, type(self).__name__), type(self).__name__
        if array.dtype.kind not in "iuf" or array.shape not in ((), (self.hidden_size,)):
            raise ValueError(f"{name} is {value!r:.60}; {kind} needs a number, or one for each of the {self.hidden_size} units")
        return require_finite(name, array.astype(self.dtype), kind)

    def _own(self, name, array, shape, needed_by):
        if array is None:
            return np.zeros(shape, self.dtype)
        array = require_shape(name, require_dtype(name, array, self.dtype, needed_by), shape, needed_by)
        return np.array(require_finite(name, array, needed_by))


class CellStateLayer(RecurrentLayer):
    """A layer with a cell state beside its hidden state."""

    def forward(self, x, h0=None, c0=None, mask=None):
        """Take every step of a batch of sequences, as `RecurrentLayer.forward` does.

        Parameters
        ----------
        h0, c0 : (B, H), zeros if not given; where the mask is 0 both states are carried over unchanged
        """
        x, mask = self.require_sequence(x, mask)
        h0, c0 = (self._state(name, state, x.shape[1], "forward") for name, state in (("h0", h0), ("c0", c0)))
        return self._take_steps(x, mask, h0, c0)

    def backward(self, trace, dh, dh_last=None, dc_last=None, *, need_x=True):
        """Carry gradients back through every step of a trace, as `RecurrentLayer.backward` does.

        Parameters
        ----------
        dh_last, dc_last : (B, H), what the loss sends to the last hidden and cell state besides
        """
        total, lasts = self._total(trace, dh), (("dh_last", dh_last), ("dc_last", dc_last))
        return self._carry_back(trace, total, *(self._state(name, d, total.shape[1], "backward") for name, d in lasts), need_x)


def weighted_sum(x, h_prev, W_x, W_h, b):
    """Return z = x W_x + h_prev W_h + b (B, H), what every gate and every RNN squashes, after a check of every shape."""
    x, h_prev, W_x, W_h, b = (require_float(name, array, "a step") for name, array in
                              zip(("x", "h_prev", "W_x", "W_h", "b"), (x, h_prev, W_x, W_h, b), strict=True))
    require_shape("x", x, ("B", "D"), "a step")
    require_shape("h_prev", h_prev, (len(x), "H"), "a step, given this x,")
    hidden = h_prev.shape[1]
    require_shape("W_x", W_x, (x.shape[1], hidden), "a step, given these x and h_prev,")
    require_shape("W_h", W_h, (hidden, hidden), "a step, given this h_prev,")
    require_shape("b", b, (hidden,), "a step, given this h_prev,")
    for name, array in (("x", x), ("h_prev", h_prev), ("W_x", W_x), ("W_h", W_h), ("b", b)):
        require_finite(name, array, "a step")
    return x @ W_x + h_prev @ W_h + b                   # (B, D) @ (D, H) -> (B, H)


def side_by_side(x, h0):
    """Return [x_t, h_{t-1}, 1] for every step as (T+1, B, D+H+1), with h0 in place and room for the states to come.

    One product of this operand with the stacked weights gives x_t @ W_x + h_{t-1} @ W_h + b: no addition, no bias.
    """
    steps, batch, inputs = x.shape
    operand = np.empty((steps + 1, batch, inputs + h0.shape[1] + 1), x.dtype)
    operand[:steps, :, :inputs] = x
    operand[steps, :, :inputs] = 0                      # the last row holds h_T only: no step reads its input
    operand[0, :, inputs:-1] = h0
    operand[:, :, -1] = 1
    return operand


def taken_steps(mask, states):
    """Return 1 where a step was taken and 0 where the state was carried over (T, B, 1), in the dtype of the states."""
    return np.ones((*states.shape[:2], 1), states.dtype) if mask is None else mask[:, :, None].astype(states.dtype)


def states_before(first, states):
    """Return the state that each step starts from (T, B, H): the first one (B, H), then all but the last."""
    return np.concatenate([first[None], states[:-1]])


def through_slabs(d_sums, W):
    """Return what reaches the input of products with all slabs: (…, K, B, H) and W (K, n, H) -> (…, B, n)."""
    return np.sum(d_sums @ W.transpose(0, 2, 1), axis=-3)


def slab_gradients(rows, d_sums):
    """Return the gradients of weights (K, n, H) and biases (K, H) from rows (T, B, n) and d_sums (T, K, B, H)."""
    dW = np.tensordot(rows, d_sums, axes=((0, 1), (0, 2)))                            # (n, K, H)
    return dW.transpose(1, 0, 2), d_sums.sum(axis=(0, 2))


def blocks_backwards(steps, batch, rows=256):
    """Yield (start, stop) of blocks of time steps, last first, each of about `rows` rows of (step, batch).

    Large enough for one fast product per block, small enough to stay in cache.
    """
    length = max(1, rows // batch)
    for stop in range(steps, 0, -length):
        yield max(0, stop - length), stop
