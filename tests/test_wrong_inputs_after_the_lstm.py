"""What is wrong is refused in words, for the names of Part VI: stacks, dropout, attention, scans, xLSTM and their tasks."""

import re

import numpy as np
import pytest

from lstm_helpers.cells import (
    GRU,
    LSTM,
    MLSTM,
    SLSTM,
    Bidirectional,
    MinLSTM,
    RecurrentDropout,
    SelfAttention,
    Stacked,
    Zoneout,
    attend,
    attend_backward,
    dropout_mask,
    scan,
    scan_backward,
    sinusoidal_positions,
)
from lstm_helpers.learning import AttentiveEncoderDecoder, Linear
from lstm_helpers.sequences import AssociativeRecall, CopyString, NearestNeighbour, Parity, Permutations, Umlaut

X = np.random.default_rng(0).standard_normal((5, 2, 3))
A, HEAD = np.ones((3, 2)), Linear(4, 5)
MASKED = np.ma.masked_array(np.ones(3), [0, 1, 0])


def two(**options):
    return Stacked([LSTM(3, 4), LSTM(4, 4)], **options)


def twice(kind, layer):
    return kind([layer, layer]) if kind is Stacked else kind(layer, layer)


WRONG = {
    "a stack of nothing": (lambda: Stacked([]), "layers is []; Stacked needs a list of at least one layer"),
    "a stack of classes": (lambda: Stacked([LSTM]), "layer 0 is <class"),
    "a stack without a list": (lambda: Stacked(LSTM(3, 4)), "layers is LSTM(3, 4, dtype=float64); Stacked needs a list"),
    "a stack that does not fit": (lambda: Stacked([LSTM(3, 4), LSTM(3, 4)]), "layer 1 has input_size 3; Stacked needs 4"),
    "one layer twice": (lambda: twice(Stacked, LSTM(4, 4)), "Stacked got one layer twice; it needs two layers"),
    "two dtypes": (lambda: Stacked([LSTM(3, 4), LSTM(4, 4, dtype=np.float32)]), "layer 1 has dtype float32; Stacked needs one"),
    "everything dropped": (lambda: two(dropout=1.0), "dropout is 1.0; Stacked needs a number from 0 to below 1"),
    "less than nothing dropped": (lambda: two(dropout=-0.1), "dropout is -0.1; Stacked needs a number from 0"),
    "dropout in words": (lambda: two(dropout="half"), "dropout is 'half'; Stacked needs a number"),
    "a stack fed with one sequence": (lambda: two().forward(X[:, 0]), "x has shape (5, 3); forward needs (T, B, D=3)"),
    "a stack fed with NaN": (lambda: two().forward(X * np.nan), "x[0, 0, 0] is nan; forward needs finite numbers"),
    "one direction": (lambda: Bidirectional(LSTM(3, 4), None), "backwards is None; Bidirectional needs a layer"),
    "directions of other inputs": (lambda: Bidirectional(LSTM(3, 4), LSTM(2, 4)),
                                   "backwards has input_size 2; Bidirectional needs 3"),
    "the same layer both ways": (lambda: twice(Bidirectional, LSTM(3, 4)), "Bidirectional got one layer twice"),
    "a mask turned round": (lambda: Bidirectional(LSTM(3, 4), LSTM(3, 4)).forward(X, mask=np.ones((2, 5))),
                            "mask has shape (2, 5)"),
    "dropout of a GRU": (lambda: RecurrentDropout(GRU(3, 4), 0.2), "RecurrentDropout needs an RNN or an LSTM"),
    "dropout of NaN": (lambda: RecurrentDropout(LSTM(3, 4), np.nan), "rate is nan; RecurrentDropout needs a number from 0"),
    "one mask, in words": (lambda: RecurrentDropout(LSTM(3, 4), 0.2, one_mask="no"),
                           "one_mask is 'no'; RecurrentDropout needs True"),
    "zoneout of a stack": (lambda: Zoneout(two(), 0.2), "Zoneout needs a single layer with a state"),
    "zoneout True": (lambda: Zoneout(LSTM(3, 4), True), "rate is True; Zoneout needs a number from 0 to below 1"),
    "a mask from seed -1": (lambda: dropout_mask((2, 3), 0.5, rng=-1), "rng is -1; dropout_mask needs a seed"),
    "a mask of nothing": (lambda: dropout_mask((2, 3), 1, rng=0), "rate is 1; dropout_mask needs a number from 0 to below 1"),
    "a single query": (lambda: attend(X[0], X, X), "query has shape (2, 3); attend needs (Q, B, d)"),
    "keys of another size": (lambda: attend(X[:, :, :2], X, X),
                             "keys has shape (5, 2, 3); attend, given this query, needs (T, 2, 2)"),
    "too few values": (lambda: attend(X, X, X[:4]), "values has shape (4, 2, 3); attend, given these keys, needs (5, 2, v)"),
    "whole queries": (lambda: attend(np.ones((1, 2, 3), int), X, X), "query has dtype int64; attend needs floats"),
    "endless queries": (lambda: attend(X * np.inf, X, X), "attend needs finite numbers"),
    "half a mask": (lambda: attend(X, X, X, mask=np.full((5, 2), 0.5)), "mask holds 0.5; attend needs 0"),
    "nothing to look at": (lambda: attend(X, X, X, mask=np.zeros((5, 2))), "mask is 0 at every step of sequence 0"),
    "causal, in words": (lambda: attend(X, X, X, causal="no"), "causal is 'no'; attend needs True or False"),
    "a masked query": (lambda: attend(np.ma.masked_array(X, X > 0), X, X), "query is a masked array; attend needs a plain one"),
    "weights of another shape": (lambda: attend_backward(X, X, X, np.ones((2, 5, 4)), X), "weights has shape (2, 5, 4)"),
    "two positions": (lambda: SelfAttention(3, 4, positions=2), "positions is 2; SelfAttention needs True or False"),
    "a negative MLP": (lambda: SelfAttention(3, 4, mlp=-1), "mlp is -1; SelfAttention needs 0 or more"),
    "half a place": (lambda: sinusoidal_positions(4, 2.5), "size is 2.5; sinusoidal_positions needs a whole number"),
    "a shorter than b": (lambda: scan(np.ones((4, 2)), np.ones((5, 2))), "a has shape (4, 2); scan needs (5, 2), b's"),
    "whole factors": (lambda: scan(np.ones(3, int), np.ones(3)), "a has dtype int64; scan needs floats, real or complex"),
    "no steps": (lambda: scan(np.ones(0), np.ones(0)), "b has shape (0,); scan needs (T, …) with T at least 1"),
    "an unknown form": (lambda: scan(A, A, form="fast"), "form is 'fast'; scan needs \"loop\""),
    "a start too long": (lambda: scan(A, A, h0=np.ones(3)), "h0 has shape (3,); scan needs (2,)"),
    "a factor of NaN": (lambda: scan(A * np.nan, A), "a[0, 0] is nan; scan needs finite numbers"),
    "masked factors": (lambda: scan(MASKED, np.ones(3)), "a is a masked array; scan needs a plain one"),
    "dh too short": (lambda: scan_backward(A, A, None, A[:2]), "dh has shape (2, 2); scan_backward needs (3, 2)"),
    "below -1": (lambda: MinLSTM(3, 4, low=-1.5), "low is -1.5; MinLSTM needs a number from -1 to 0"),
    "two forget biases": (lambda: MinLSTM(3, 4, forget_bias=[1, 2]), "forget_bias is [1, 2]; MinLSTM needs a finite number"),
    "an unknown forget gate": (lambda: SLSTM(3, 4, forget="relu"), "forget is 'relu'; SLSTM needs \"sigmoid\" or \"exp\""),
    "a forget bias in words": (lambda: SLSTM(3, 4, forget_bias="big"), "forget_bias is 'big'; SLSTM needs a number"),
    "half precision": (lambda: SLSTM(3, 4, dtype=np.float16), "SLSTM needs float64 or float32"),
    "no chunk": (lambda: MLSTM(3, 4, chunk=0), "chunk is 0; MLSTM needs a whole number of at least 1"),
    "another memory": (lambda: MLSTM(3, 4).forward(X, memory=(np.zeros((2, 4, 3)), np.zeros((2, 4)), np.zeros((2, 1)))),
                       "memory C has shape (2, 4, 3); forward needs (2, 4, 4)"),
    "nobody near": (lambda: NearestNeighbour(1), "length is 1; NearestNeighbour needs at least 2"),
    "no bit": (lambda: Parity(0), "length is 0; Parity needs at least 1: a bit to count"),
    "no permutation": (lambda: Permutations(-2), "length is -2; Permutations needs at least 1"),
    "more pairs than keys": (lambda: AssociativeRecall(9, 8), "keys is 8; AssociativeRecall needs at least 9"),
    "less than no bits": (lambda: AssociativeRecall(4, 16).best(-1), "bits is -1; best needs 0 or more"),
    "one symbol": (lambda: CopyString(5, 1), "symbols is 1; CopyString needs at least 2: a choice"),
    "a word with a mark": (lambda: Umlaut().encode(["musi!"]), "text holds '!'; encode needs symbols out of"),
    "looking back ahead": (lambda: Umlaut().ceiling(-1), "ahead is -1; ceiling needs a whole number of letters, 0 or more"),
    "an unknown score": (lambda: AttentiveEncoderDecoder(LSTM(3, 4), LSTM(5, 4), HEAD, length=3, score="dot"),
                         "score is 'dot'; Att"),
    "a decoder of another size": (lambda: AttentiveEncoderDecoder(LSTM(3, 4), LSTM(5, 6), HEAD, length=3),
                                  "hidden_size 6; Encoder"),
    "a stack that reads": (lambda: AttentiveEncoderDecoder(two(), LSTM(5, 4), HEAD, length=3),
                           "needs a single layer, such as LSTM"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_in_words(name):
    wrong, words = WRONG[name]
    with pytest.raises(ValueError, match=re.escape(words)):
        wrong()
