"""What sLSTM and mLSTM share: a memory beside the hidden state, kept in units of e^m so that no gate can overflow."""

import numpy as np

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.layer import RecurrentLayer

# The m of a memory that holds nothing yet, in place of -inf: any gate that writes is larger, and differences stay numbers.
EMPTY = -1e30


class MemoryLayer(RecurrentLayer):
    """A layer with a memory (…, n, m) beside its hidden state: what is kept is the plain memory times e^-m.

    `h0` and the mask mean what they mean for every layer; where the mask is 0 the memory, too, is carried over unchanged. A
    layer says by `_memory_shapes(B)` what its memory is made of.
    """

    def forward(self, x, h0=None, mask=None, memory=None):
        """Take every step of a batch of sequences, as `RecurrentLayer.forward` does.

        Parameters
        ----------
        memory : `trace.memory` of the steps before, with which a sequence goes on; an empty one if not given. No gradient goes
            back into it, as in truncated backpropagation
        """
        x, mask = self.require_sequence(x, mask)
        batch = x.shape[1]
        return self._take_steps(x, mask, self._state("h0", h0, batch, "forward"), self._own_memory(memory, batch))

    def _own_memory(self, memory, batch):
        """Return copies of a memory's arrays, of an empty one where none was given."""
        shapes = self._memory_shapes(batch)
        if memory is None:
            *written, m = (np.zeros(shape, self.dtype) for shape in shapes.values())
            return (*written, m + self.dtype.type(EMPTY))
        if not isinstance(memory, tuple | list) or len(memory) != len(shapes):
            raise ValueError(f"memory is a {type(memory).__name__}; "
                             f"{type(self).__name__} needs {', '.join(shapes)}, as trace.memory")
        return tuple(self._own(f"memory {name}", array, shape, "forward")
                     for (name, shape), array in zip(shapes.items(), memory, strict=True))


def log_sigmoid(z, out=None):
    """Return log σ(z) = min(z, 0) - log(1 + e^-|z|), which overflows nowhere and is an order faster than np.logaddexp."""
    out = np.abs(z, out)
    np.exp(np.negative(out, out), out)
    return np.subtract(np.minimum(z, 0), np.log1p(out, out), out)


# name of a forget gate: (its logarithm, d log f / dz from log f, itself)
FORGETS = {
    "sigmoid": (log_sigmoid, lambda log_f: -np.expm1(log_f), sigmoid),
    "exp": (np.positive, np.ones_like, np.exp),
}
