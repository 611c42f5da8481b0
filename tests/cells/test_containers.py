"""Stacks, both directions, and dropout on the way from step to step: against the layers inside, and by finite differences."""

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, Bidirectional, RecurrentDropout, Stacked, Zoneout, dropout_mask
from lstm_helpers.cells.container import draws, last_state, run

from .numerical import assert_gradient

X = np.random.default_rng(0).normal(size=(6, 3, 4))                                  # (T, B, D)
MASK = np.ones((6, 3))
MASK[4:, 1], MASK[1:, 2] = 0, 0


def deep(dropout=0.0, **options):
    return Stacked([LSTM(4, 5, rng=1), RNN(5, 3, rng=2), GRU(3, 4, rng=3)], dropout=dropout, **options)


def both(D=4, H=5, seed=1):
    return Bidirectional(LSTM(D, H, rng=seed), GRU(D, 3, rng=seed + 1))


LAYERS = {
    "a stack": deep,
    "a stack that drops": lambda: deep(0.4),
    "a stack that drops with one mask": lambda: deep(0.4, one_mask=True),
    "both ways": both,
    "both ways, twice": lambda: Stacked([both(), both(8, 2, 3)], dropout=0.3),
    "recurrent dropout, LSTM": lambda: RecurrentDropout(LSTM(4, 5, rng=1), 0.4),
    "recurrent dropout at every step, RNN": lambda: RecurrentDropout(RNN(4, 5, rng=1), 0.4, one_mask=False),
    "zoneout, LSTM": lambda: Zoneout(LSTM(4, 5, rng=1), 0.4),
    "zoneout, GRU": lambda: Zoneout(GRU(4, 5, rng=1), 0.4),
    "a stack of those": lambda: Stacked([RecurrentDropout(LSTM(4, 5, rng=1), 0.4), Zoneout(LSTM(5, 4, rng=2), 0.3)], dropout=0.3),
}
EVERY = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
MASKS = pytest.mark.parametrize("mask", [None, MASK], ids=["all steps", "masked"])


@EVERY
@MASKS
@pytest.mark.parametrize("training", [False, True])
def test_gradients_by_finite_differences_with_the_masks_of_the_trace(make, mask, training):
    layer, rng, x = make(), np.random.default_rng(5), X.copy()
    trace = run(layer, x, mask, training)
    dh, dh_last = rng.normal(size=trace.h.shape), rng.normal(size=trace.h.shape[1:])
    grads = layer.backward(trace, dh, dh_last=dh_last)

    def loss():
        again = run(layer, x, mask, training, trace)
        return np.sum(again.h * dh) + np.sum(last_state(again) * dh_last)

    assert grads.params.keys() == layer.params.keys()
    for name, array in layer.params.items():
        assert_gradient(name, loss, array, grads.params[name], most=8)
    assert_gradient("x", loss, x, grads.x, most=20)
    assert layer.backward(trace, dh, need_x=False).x is None


@EVERY
def test_what_comes_after_the_end_of_a_sequence_changes_nothing(make):
    layer, changed = make(), X.copy()
    changed[MASK == 0] = 99.0
    one, other = layer.forward(X, mask=MASK), layer.forward(changed, mask=MASK)
    np.testing.assert_array_equal(one.h[MASK == 1], other.h[MASK == 1])
    np.testing.assert_array_equal(last_state(one), last_state(other))
    alone = layer.forward(X[:4, 1:2])
    np.testing.assert_allclose(one.h[:4, 1], alone.h[:, 0], atol=1e-12)
    np.testing.assert_allclose(last_state(one)[1], last_state(alone)[0], atol=1e-12)


def test_a_stack_is_its_layers_one_after_the_other():
    layer = deep()
    h = X
    for part in layer.layers:
        h = part.forward(h).h
    np.testing.assert_array_equal(layer.forward(X).h, h)
    assert list(layer.params)[:3] == ["0.W_x", "0.W_h", "0.b"] and layer.params["2.b"] is layer.layers[2].params["b"]


def test_the_second_direction_reads_from_each_sequences_own_last_step():
    layer = Bidirectional(RNN(4, 2, rng=1), RNN(4, 3, rng=2))
    trace = layer.forward(X, mask=MASK)
    for n, length in enumerate((6, 4, 1)):
        there, back = layer.forwards.forward(X[:length, [n]]), layer.backwards.forward(X[:length, [n]][::-1])
        np.testing.assert_allclose(trace.h[:length, n], np.concatenate([there.h, back.h[::-1]], axis=2)[:, 0], atol=1e-14)
        np.testing.assert_allclose(trace.last[n], np.concatenate([there.h[-1], back.h[-1]], axis=1)[0], atol=1e-14)


@pytest.mark.parametrize("make", [lambda layer: RecurrentDropout(layer, 0.0), lambda layer: Zoneout(layer, 0.0)])
@MASKS
def test_at_rate_0_a_layer_is_itself_in_training_too(make, mask):
    inners = [LSTM(4, 5, rng=1), RNN(4, 5, rng=1)] + [GRU(4, 5, rng=1)] * (make(LSTM(1, 1)).__class__ is Zoneout)
    for inner in inners:                                        # dropout from step to step refuses a GRU
        layer, plain = make(inner), inner.forward(X, mask=mask)
        trace = layer.forward(X, mask=mask, training=True)
        np.testing.assert_allclose(trace.h, plain.h, atol=1e-14)
        grads, expected = layer.backward(trace, np.ones_like(plain.h)), inner.backward(plain, np.ones_like(plain.h))
        for name, array in expected.params.items():
            np.testing.assert_allclose(grads.params[name], array, atol=1e-12)
        np.testing.assert_allclose(grads.x, expected.x, atol=1e-12)


def test_a_dropout_mask_keeps_the_mean_and_has_two_values():
    mask = dropout_mask((400, 500), 0.3, rng=0)
    np.testing.assert_allclose(np.unique(mask), [0, 1 / 0.7])
    assert abs(np.mean(mask == 0) - 0.3) < 0.005 and abs(mask.mean() - 1) < 0.005


def test_one_mask_is_the_same_at_every_step_and_another_in_every_sequence():
    kept = deep(0.5, one_mask=True).forward(X, training=True).kept[0]
    assert kept.shape == (1, 3, 5) and not np.array_equal(kept[0, 0], kept[0, 1])
    assert deep(0.5).forward(X, training=True).kept[0].shape == (6, 3, 5)
    feed = RecurrentDropout(LSTM(4, 20), 0.5).forward(X, training=True).feed
    np.testing.assert_array_equal(feed[0], np.broadcast_to(feed[0, :1], feed[0].shape))
    np.testing.assert_array_equal(feed[1], 1)                                        # the cell state is left alone
    anew = RecurrentDropout(LSTM(4, 20), 0.5, one_mask=False).forward(X, training=True).feed[0]
    assert not np.array_equal(anew[0], anew[1])


def test_zoneout_keeps_the_states_in_training_and_a_part_of_them_out_of_it():
    layer = Zoneout(RNN(4, 3, rng=1), 0.25)
    trace = layer.forward(X, training=True)
    before = np.concatenate([np.zeros((1, 3, 3)), trace.h[:-1]])
    stayed = trace.stay[0] == 1
    assert 0.05 < stayed.mean() < 0.5
    np.testing.assert_array_equal(trace.h[stayed], before[stayed])
    first = layer.layer.forward(X[:1]).h[0]
    np.testing.assert_allclose(layer.forward(X).h[0], 0.75 * first)


@EVERY
def test_nothing_is_dropped_out_of_training_and_a_seed_fixes_what_is(make):
    layer, same = make(), make()
    np.testing.assert_array_equal(layer.forward(X).h, layer.forward(X).h)
    if draws(layer):
        first, second = (layer.forward(X, training=True).h for _ in range(2))
        assert not np.array_equal(first, second)
        np.testing.assert_array_equal(same.forward(X, training=True).h, first)


@EVERY
def test_float32_stays(make):
    layer = make()
    parts = [layer]
    while parts:                                                                     # down to the single layers
        part = parts.pop()
        part.dtype = np.dtype(np.float32)
        parts += list(getattr(part, "parts", {}).values())
        if not hasattr(part, "parts"):
            part.params = {name: array.astype(np.float32) for name, array in part.params.items()}
    trace = run(layer, X.astype(np.float32), None, True)
    grads = layer.backward(trace, np.ones_like(trace.h))
    assert {array.dtype for array in (trace.h, grads.x, grads.h, *grads.params.values())} == {np.dtype(np.float32)}


REFUSED = [
    (lambda: Stacked([]), "layers is []; Stacked needs a list of at least one layer"),
    (lambda: Stacked([LSTM(2, 3), LSTM(4, 5)]), "layer 1 has input_size 4; Stacked needs 3, the hidden_size of layer 0 below it"),
    (lambda: Stacked([LSTM]), "Stacked needs a layer, such as LSTM(D, H)"),
    (lambda: Stacked([LSTM(2, 2)] * 2), "Stacked got one layer twice; it needs two layers, with weights of their own"),
    (lambda: Stacked([LSTM(2, 2), LSTM(2, 2, dtype=np.float32)]), "layer 0 has dtype float64, layer 1 has dtype float32; Stack"),
    (lambda: Stacked([LSTM(2, 2)], dropout=1), "dropout is 1; Stacked needs a number from 0 to below 1"),
    (lambda: Stacked([LSTM(2, 2)], dropout=-0.1), "dropout is -0.1; Stacked needs a number from 0 to below 1"),
    (lambda: Bidirectional(LSTM(2, 3), LSTM(3, 3)), "backwards has input_size 3; Bidirectional needs 2, as forwards has"),
    (lambda: Bidirectional(LSTM(2, 3), 5), "backwards is 5; Bidirectional needs a layer"),
    (lambda: RecurrentDropout(deep(), 0.5), "RecurrentDropout needs a single layer with a state"),
    (lambda: RecurrentDropout(GRU(2, 2), 0.5), "layer is a GRU, whose h goes on beside the product, too; RecurrentDropout needs"),
    (lambda: Zoneout(LSTM(2, 2), True), "rate is True; Zoneout needs a number from 0 to below 1"),
    (lambda: deep().backward(LSTM(4, 4).forward(X), None), "trace is a LSTMTrace; backward needs one of a Stacked of 3 layers"),
    (lambda: both().backward(deep().forward(X), None), "trace is a StackedTrace; backward needs one of a Bidirectional"),
    (lambda: deep().backward(deep().forward(X), np.ones((6, 3, 5))), "dh has shape (6, 3, 5); backward needs (6, 3, 4)"),
    (lambda: both().forward(X, mask=np.full((6, 3), 2)), "mask holds 2; forward needs 0"),
    (lambda: deep().forward(X * np.nan), "x[0, 0, 0] is nan; forward needs finite numbers"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words[:50] for _, words in REFUSED])
def test_what_does_not_fit_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=r"\bneeds ") as error:
        call()
    assert words in str(error.value)
