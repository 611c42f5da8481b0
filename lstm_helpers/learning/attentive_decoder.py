"""The encoder-decoder with attention: before each symbol the decoder looks at all that the encoder has read."""

import numpy as np

from lstm_helpers.cells.attention import mix, mix_backward, seen, softmax_backward, softmax_in_place
from lstm_helpers.cells.checks import require_rng
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.learning.encoder_decoder import EncoderDecoder
from lstm_helpers.learning.network import named

SCORES = ("multiplicative", "additive")


class AttentiveEncoderDecoder(EncoderDecoder):
    """Read a sequence with one layer, and write with another that looks back at every step that was read.

    h_k as in `EncoderDecoder`;  context_k = Σ_j w_kj e_j, with e_j the encoder's hidden states and w_k = softmax of

    ``multiplicative: (h_k W_q) · e_j / √H``;   ``additive: tanh(h_k W_q + e_j W_k) · w_v``

    ``logits_k = head(tanh([h_k, context_k] W_c))``

    The query is the decoder's new state, as Luong et al. have it, for both scores; Bahdanau et al. ask with the state before
    and feed the context in.

    Parameters
    ----------
    encoder, decoder, head, length : as in `EncoderDecoder`
    score : "multiplicative" or "additive"
    rng : seed or numpy.random.Generator; draws the matrices of the attention, Glorot uniform

    Attributes
    ----------
    params : as in `EncoderDecoder`, and "attention.W_q" (H, H), "attention.W_c" (2H, H), with an additive score
        "attention.W_k" (H, H) and "attention.w_v" (H,)

    Introduced in 22_attention. Sources: Bahdanau, Cho & Bengio (2014), "Neural machine translation by jointly learning to
    align and translate"; Luong, Pham & Manning (2015), "Effective approaches to attention-based neural machine translation".
    """

    def __init__(self, encoder, decoder, head, *, length, score="multiplicative", rng=0):
        super().__init__(encoder, decoder, head, length=length)
        if score not in SCORES:
            raise ValueError(f'score is {score!r}; AttentiveEncoderDecoder needs "multiplicative" or "additive"')
        self.score, rng, H = score, require_rng(rng, "AttentiveEncoderDecoder"), encoder.hidden_size
        shapes = {"W_q": (H, H), "W_c": (2 * H, H)} | ({"W_k": (H, H), "w_v": (H, 1)} if score == "additive" else {})
        self.attention = {name: glorot(*shape, rng=rng).astype(encoder.dtype) for name, shape in shapes.items()}
        if score == "additive":
            self.attention["w_v"] = self.attention["w_v"][:, 0]

    @property
    def params(self):
        """The parameters of all parts: "encoder.W_x", …, "decoder.W_x", …, "attention.W_q", …, "output.b"."""
        return named(encoder=self.encoder.params, decoder=self.decoder.params, attention=self.attention, output=self.head.params)

    def description(self):
        """Return in words what a saved network must agree in, beside the shapes of its parameters."""
        return super().description() | {"score": self.score}

    def look(self, read, h):
        """Return where the decoder looks and what it sees there.

        Parameters
        ----------
        read : the encoder's trace, such as the first one of `traces`
        h : (n, B, H), hidden states of the decoder

        Returns
        -------
        context, weights : (n, B, H), (B, n, T)
        """
        return self._look(read, h)[:2]

    def combine(self, h, context):
        """Return tanh([h, context] W_c) (n, B, H), which the head reads."""
        return np.tanh(np.concatenate([h, context], axis=2) @ self.attention["W_c"])

    def alignments(self, x, y, mask=None):
        """Return where the decoder looks as it is fed the symbols y (n, B): weights (B, n, T); the rest as in `predict`."""
        read, written = self.traces(x, y, mask)
        return self.look(read, written.h)[1]

    def _look(self, read, h):
        """Return context, weights and what the additive score computed on the way (n, T, B, H), or None."""
        query, looked_at = h @ self.attention["W_q"], seen(read.mask, len(h), len(read.h), causal=False)
        if self.score == "multiplicative":
            return *mix(query, read.h, read.h, looked_at), None
        sums = np.tanh(query[:, None] + read.h @ self.attention["W_k"])               # (n, T, B, H)
        weights = softmax_in_place((sums @ self.attention["w_v"]).transpose(2, 0, 1).copy(), looked_at)
        return _mean(weights, read.h), weights, sums

    def _before_head(self, read, h):
        context, weights, sums = self._look(read, h)
        combined = self.combine(h, context)
        return combined, (context, weights, sums, combined)

    def _back_from_head(self, read, h, known, d):
        context, weights, sums, combined = known
        d = d * (1 - combined * combined)                                             # (n, B, H), before the tanh
        dh, d_context = np.split(d @ self.attention["W_c"].T, 2, axis=2)
        grads = {"W_q": None, "W_c": _weights(np.concatenate([h, context], axis=2), d)}
        if self.score == "multiplicative":
            d_query, d_keys, d_values = mix_backward(h @ self.attention["W_q"], read.h, read.h, weights, d_context)
        else:
            d_query, d_keys, d_values = self._back_through_sums(read.h, weights, sums, d_context, grads)
        grads["W_q"] = _weights(h, d_query)
        return dh + d_query @ self.attention["W_q"].T, d_keys + d_values, {"attention": grads}

    def _back_through_sums(self, keys, weights, sums, d_context, grads):
        """Note the gradients of W_k and w_v; return those of queries, and of the encoder's states as keys and as values."""
        d_values = np.einsum("bnt,nbh->tbh", weights, d_context)
        d_weights = d_context.transpose(1, 0, 2) @ keys.transpose(1, 2, 0)            # (B, n, T)
        d_scores = softmax_backward(weights, d_weights).transpose(1, 2, 0)            # (n, T, B)
        d_sums = d_scores[..., None] * self.attention["w_v"] * (1 - sums * sums)      # (n, T, B, H)
        d_projected = d_sums.sum(axis=0)                                              # (T, B, H), by e W_k
        grads |= {"W_k": _weights(keys, d_projected), "w_v": np.tensordot(d_scores, sums, axes=3)}
        return d_sums.sum(axis=1), d_projected @ self.attention["W_k"].T, d_values


def _mean(weights, values):
    """Return the weighted means (n, B, H) of values (T, B, H)."""
    return (weights @ values.transpose(1, 0, 2)).transpose(1, 0, 2)


def _weights(rows, d_products):
    """Return the gradient of W in rows (n, B, m) @ W."""
    return np.tensordot(rows, d_products, axes=((0, 1), (0, 1)))
