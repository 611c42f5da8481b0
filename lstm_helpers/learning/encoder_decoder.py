"""Two recurrent layers in a row: one reads, its last state starts the other, which writes."""

import numpy as np

from lstm_helpers.cells.checks import as_array, require_a_step, require_shape, require_size
from lstm_helpers.cells.container import named
from lstm_helpers.cells.layer import RecurrentLayer
from lstm_helpers.learning.losses import ask_loss, cross_entropy, require_gradient
from lstm_helpers.learning.network import all_nan, layer_words, require_parts
from lstm_helpers.one_hot import one_hot


class EncoderDecoder:
    """Read a sequence with one layer, hand its last state to another, and write the answer symbol by symbol.

    ``start = encoder(x)``: (h_T) or, of an LSTM, (h_T, c_T);   ``h_k = decoder(y_{k-1}, …)`` from `start`;
    ``logits_k = head(h_k)``, for k = 1 … length. Before the first symbol there is none: y_0 is a row of zeros.

    In training y_{k-1} is the *right* symbol (teacher forcing); in `predict` it is the one that the decoder took for
    the likeliest (greedy decoding).

    Parameters
    ----------
    encoder : RNN, LSTM or GRU, of D inputs and H units
    decoder : a layer of the same kind, of K inputs, one for each symbol, and H units
    head : Linear, from H units to K outputs
    length : int, how many symbols an answer has

    Introduced in 16_translation. Sources: Sutskever, Vinyals & Le (2014), "Sequence to sequence learning with neural
    networks"; Cho et al. (2014), "Learning phrase representations using RNN encoder–decoder for statistical machine
    translation".
    """

    def __init__(self, encoder, decoder, head, *, length):
        _require_fit(encoder, decoder, head)
        self.encoder = encoder
        self.decoder = decoder
        self.head = head
        self.length = require_size("length", length, "EncoderDecoder")

    @property
    def params(self):
        """The parameters of all parts: the parts' own arrays, named "encoder.W_x", …, "decoder.W_x", …, "output.b"."""
        return named(encoder=self.encoder.params, decoder=self.decoder.params, output=self.head.params)

    def description(self):
        """Return in words what a saved network must agree in, beside the shapes of its parameters."""
        words = {"network": type(self).__name__, "layer": type(self.encoder).__name__, "head": type(self.head).__name__,
                 "length": self.length}
        layers = {"encoder": self.encoder, "decoder": self.decoder}
        return words | {f"{part} {name}": word for part, layer in layers.items() for name, word in layer_words(layer).items()}

    def predict(self, x, mask=None):
        """Write the answers greedily, each symbol the likeliest after those before it.

        Parameters
        ----------
        x : (T, B, D) array
        mask : (T, B) array of 0 and 1, optional; where it is 0 the encoder's state is carried over unchanged

        Returns
        -------
        logits : (length, B, K) array, one score for each symbol; the likeliest was fed back
        """
        read = self._read(x, mask)
        state = _last_state(read)
        symbol = np.zeros((1, len(state["h0"]), self.decoder.input_size), self.decoder.dtype)     # (1, B, K): none yet
        logits = []
        for _ in range(self.length):
            trace = self.decoder.forward(symbol, **state)
            logits.append(self.head.forward(self._before_head(read, trace.h)[0][-1]))       # (B, K)
            symbol, state = self._symbols(logits[-1].argmax(axis=1)[None]), _last_state(trace)
        return np.array(logits)

    def translate(self, x, mask=None):
        """Return the answers as labels (length, B): the likeliest symbols of `predict`, with its parameters and errors."""
        return self.predict(x, mask).argmax(axis=2)

    def traces(self, x, y, mask=None):
        """Return the traces of encoder and decoder on sequences, the decoder being fed the symbols y (length, B)."""
        read = self._read(x, mask)
        require_shape("y", as_array("y", y, "traces"), ("length", len(read.h[-1])), "traces, given this x,")
        return read, self.decoder.forward(self.shifted(y), **_last_state(read))

    def shifted(self, y):
        """Return what the decoder is fed when it writes y (length, B): zeros, then all symbols but the last, (length, B, K)."""
        y, symbols = np.asarray(y), self.decoder.input_size
        if y.ndim != 2 or y.dtype.kind not in "iu" or not np.all((y >= 0) & (y < symbols)):
            raise ValueError(f"y has dtype {y.dtype} and shape {y.shape}; "
                             f"the decoder needs integers (length, B) from 0 to {symbols - 1}")
        return np.concatenate([np.zeros_like(self._symbols(y[:1])), self._symbols(y[:-1])])

    def _read(self, x, mask):
        trace = self.encoder.forward(x, mask=mask)
        require_a_step(trace.mask, "EncoderDecoder")
        return trace

    def _before_head(self, read, h):
        """Return what the head is given for the decoder's hidden states h (n, B, H), and what the way back needs to know."""
        return h, None

    def _back_from_head(self, read, h, known, d):
        """Return dL/dh of the decoder, dL/dh of the encoder (None: none but by its last state), and further gradients by name."""
        return d, None, {}

    def _compare(self, x, y, loss, mask, needed_by):
        """Return the traces of both layers, what the head was given with what the way back needs, logits (length, B, K), loss and
        what it says is its gradient by them.
        """
        y = as_array("y", y, needed_by)
        require_shape("y", y, (self.length, *np.shape(x)[1:2]), f"{needed_by}, given this x,")
        read, written = self.traces(x, y, mask)
        given = self._before_head(read, written.h)
        logits = self.head.forward(given[0], check=False)
        return read, written, given, logits, *ask_loss(loss, logits, y, None, needed_by)

    def _symbols(self, labels):
        return one_hot(labels, self.decoder.input_size, self.decoder.dtype)

    def evaluate(self, x, y, loss=cross_entropy, mask=None):
        """Return the loss on a batch, with teacher forcing; the arguments are those of `loss_and_gradients`."""
        return self._compare(x, y, loss, mask, "evaluate")[4]

    def loss_and_gradients(self, x, y, loss=cross_entropy, mask=None):
        """Return the loss on a batch, with teacher forcing, and its gradient by every parameter.

        Parameters
        ----------
        x : (T, B, D) array
        y : (length, B) integer array, the right symbols
        loss : function, ``loss(logits, labels, weight) -> loss, d_logits``
        mask : (T, B) array of 0 and 1, optional, of x, as in `predict`

        Returns
        -------
        loss : float
        grads : dict of arrays
            Of the names and shapes of `params`; all NaN if the gradient by the hidden states is not finite.
        """
        read, written, (given, known), logits, value, d_logits = self._compare(x, y, loss, mask, "loss_and_gradients")
        output = self.head.backward(given, require_gradient(d_logits, logits, "loss_and_gradients"))
        if not np.isfinite(output.h).all():         # as in `Network`
            return value, all_nan(self.params)
        d_written, d_read, between = self._back_from_head(read, written.h, known, output.h)
        decoder = self.decoder.backward(written, d_written, need_x=False)
        at_the_end = {"dh_last": decoder.h0} | ({} if decoder.c0 is None else {"dc_last": decoder.c0})
        encoder = self.encoder.backward(read, d_read, **at_the_end, need_x=False)
        return value, named(encoder=encoder.params, decoder=decoder.params, **between, output=output.params)


def _last_state(trace):
    """Return what a layer's `forward` goes on from: {"h0": (B, H)}, of an LSTM {"h0": …, "c0": …}."""
    return {"h0": trace.h[-1]} | ({"c0": trace.c[-1]} if hasattr(trace, "c") else {})


def _require_fit(encoder, decoder, head):
    require_parts("EncoderDecoder", encoder=encoder, decoder=decoder, head=head)
    if not isinstance(encoder, RecurrentLayer):
        raise ValueError(f"encoder is {encoder!r:.60}; EncoderDecoder needs a single layer, such as LSTM(D, H), whose state the "
                         "decoder can take over")
    if decoder is encoder:
        raise ValueError("decoder is the encoder itself; EncoderDecoder needs two layers, each with weights of its own")
    if type(encoder) is not type(decoder):
        raise ValueError(f"decoder is {decoder!r}; EncoderDecoder needs one of the encoder's kind, {type(encoder).__name__}, "
                         "whose state it takes over")
    if encoder.hidden_size != decoder.hidden_size:
        raise ValueError(f"decoder has hidden_size {decoder.hidden_size}; EncoderDecoder needs {encoder.hidden_size}, "
                         "that of the encoder, whose state it takes over")
    if (head.input_size, head.output_size) != (decoder.hidden_size, decoder.input_size):
        raise ValueError(f"head is from {head.input_size} to {head.output_size}; EncoderDecoder needs one "
                         f"from {decoder.hidden_size} to {decoder.input_size}, the decoder's hidden_size and input_size")
    if not encoder.dtype == decoder.dtype == head.dtype:
        raise ValueError(f"encoder, decoder and head have dtype {encoder.dtype}, {decoder.dtype} and {head.dtype}; "
                         "EncoderDecoder needs one dtype")
