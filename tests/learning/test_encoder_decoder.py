import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, LSTMVariant
from lstm_helpers.learning import (
    Adam,
    EncoderDecoder,
    Linear,
    check_gradients,
    cross_entropy,
    load_checkpoint,
    save_checkpoint,
    train,
)

STEPS, BATCH, INPUTS, SYMBOLS, LENGTH = 5, 3, 2, 4, 3
KINDS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


def make(kind="LSTM", units=6, seed=0, dtype=np.float64):
    layer = KINDS[kind]
    return EncoderDecoder(layer(INPUTS, units, rng=seed, dtype=dtype), layer(SYMBOLS, units, rng=seed + 1, dtype=dtype),
                          Linear(units, SYMBOLS, rng=seed + 2, dtype=dtype), length=LENGTH)


@pytest.fixture(params=KINDS)
def net(request):
    return make(request.param)


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(STEPS, BATCH, INPUTS))


@pytest.fixture
def y():
    return np.random.default_rng(2).integers(0, SYMBOLS, (LENGTH, BATCH))


@pytest.fixture
def mask():
    return (np.arange(STEPS)[:, None] < np.array([5, 2, 4])).astype(float)      # (T, B)


@pytest.mark.parametrize("masked", [False, True])
def test_gradients(net, x, y, mask, masked):
    mask = mask if masked else None
    value, grads = net.loss_and_gradients(x, y, mask=mask)
    report = check_gradients(lambda: net.evaluate(x, y, mask=mask), net.params, grads)
    assert report.ok, report
    assert value == net.evaluate(x, y, mask=mask)
    assert all(np.abs(grads[f"encoder.{name}"]).max() > 1e-4 for name in net.encoder.params)


def test_params_are_the_parts_own_arrays_in_a_stable_order(net, x, y):
    assert list(net.params) == [*(f"encoder.{name}" for name in net.encoder.params),
                                *(f"decoder.{name}" for name in net.decoder.params), "output.W", "output.b"]
    assert list(net.loss_and_gradients(x, y)[1]) == list(net.params)
    assert net.params["decoder.W_h"] is net.decoder.params["W_h"]


def by_hand(net, x, mask, symbols=None):
    """Return the scores of the answers letter by letter, fed with its own likeliest symbols or with those given."""
    trace, last, scores = net.encoder.forward(x, mask=mask), np.zeros((BATCH, SYMBOLS)), []
    for k in range(LENGTH):
        state = {"h0": trace.h[-1], "c0": trace.c[-1]} if hasattr(trace, "c") else {"h0": trace.h[-1]}
        trace = net.decoder.forward(last[None], **state)
        scores.append(trace.h[-1] @ net.head.params["W"] + net.head.params["b"])
        chosen = scores[-1].argmax(1) if symbols is None else symbols[k]
        last = np.eye(SYMBOLS)[chosen]
    return np.array(scores)


def test_a_prediction_feeds_back_what_it_took_for_likeliest(net, x, mask):
    for size in net.params.values():
        size *= 3                                                           # else a symbol hardly changes the next
    scores = by_hand(net, x, mask)
    np.testing.assert_allclose(net.predict(x, mask), scores, rtol=1e-12)
    np.testing.assert_array_equal(net.translate(x, mask), scores.argmax(2))
    assert net.translate(x, mask).shape == (LENGTH, BATCH)


def test_the_loss_feeds_back_the_right_symbols(net, x, y, mask):
    assert net.evaluate(x, y, mask=mask) == pytest.approx(cross_entropy(by_hand(net, x, mask, y), y)[0], rel=1e-12)


def test_both_are_the_same_where_the_network_is_right(net, x, mask):
    own = net.translate(x, mask)
    assert net.evaluate(x, own, mask=mask) == pytest.approx(cross_entropy(net.predict(x, mask), own)[0], rel=1e-12)


def test_the_decoder_is_fed_one_symbol_late():
    fed = make().shifted(np.array([[1, 3], [2, 0], [0, 1]]))
    assert fed.shape == (3, 2, SYMBOLS) and not fed[0].any()
    assert fed[1:].argmax(2).tolist() == [[1, 3], [2, 0]] and (fed[1:].sum(2) == 1).all()


def test_a_masked_sequence_is_read_as_if_it_were_short(net, x, mask):
    np.testing.assert_allclose(net.predict(x, mask)[:, 1], net.predict(x[:2, 1:2])[:, 0], rtol=1e-12)


def test_traces_are_those_of_both_layers(net, x, y, mask):
    read, written = net.traces(x, y, mask)
    assert read.h.shape == (STEPS, BATCH, 6) and written.h.shape == (LENGTH, BATCH, 6)
    np.testing.assert_array_equal(written.h0, read.h[-1])
    if hasattr(read, "c"):
        np.testing.assert_array_equal(written.c0, read.c[-1])


class LastSymbols:
    """The answer repeats which of the last three steps were positive."""

    def sample(self, batch, rng):
        x = rng.normal(size=(STEPS, batch, INPUTS))
        return x, (x[-3:, :, 0] > 0).astype(int)


def test_it_trains_unchanged_and_a_resumed_run_is_never_stopped(net, tmp_path):
    kind = type(net.encoder).__name__
    whole, resumed = make(kind), make(kind, seed=7)
    options = {"loss": cross_entropy, "progress": False}
    history = train(whole, LastSymbols(), steps=150, optimiser=Adam(0.03), evaluate_every=75, **options)
    assert history.evaluation[-1] < 0.4 < history.loss[0]
    train(net, LastSymbols(), steps=60, optimiser=Adam(0.03), checkpoint=tmp_path / "run", **options)
    read = load_checkpoint(tmp_path / "run", resumed, Adam(1.0))
    train(resumed, LastSymbols(), steps=90, history=read, **options)
    assert all(np.array_equal(resumed.params[name], whole.params[name]) for name in whole.params)


def test_a_checkpoint_of_another_length_or_kind_is_refused(tmp_path):
    history = train(make(), LastSymbols(), steps=1, loss=cross_entropy, progress=False)
    save_checkpoint(tmp_path / "run", make(), history.optimiser, history)
    longer = make()
    longer.length = 4
    with pytest.raises(ValueError, match="has the length 3; load_checkpoint needs 4, as given"):
        load_checkpoint(tmp_path / "run", longer, Adam(0.01))
    with pytest.raises(ValueError, match="has the layer 'LSTM'; load_checkpoint needs 'GRU'"):
        load_checkpoint(tmp_path / "run", make("GRU"), Adam(0.01))


def test_what_the_parts_compute_is_described():
    net = EncoderDecoder(RNN(2, 3, activation="relu"), RNN(4, 3), Linear(3, 4), length=2)
    assert net.description() == {"network": "EncoderDecoder", "layer": "RNN", "head": "Linear", "length": 2,
                                 "encoder activation": "relu", "decoder activation": "tanh"}
    varied = EncoderDecoder(LSTMVariant(2, 3, "peepholes"), LSTMVariant(4, 3), Linear(3, 4), length=2).description()
    assert (varied["encoder variant"], varied["decoder variant"]) == ("peepholes", "plain")


def test_float32_stays(x, y):
    net, x = make(dtype=np.float32), x.astype(np.float32)
    loss, grads = net.loss_and_gradients(x, y)
    assert isinstance(loss, float)
    assert {net.predict(x).dtype, *(grad.dtype for grad in grads.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("parts", "message"), [
    ((LSTM(2, 3), RNN(4, 3), Linear(3, 4)), r"decoder is RNN\(4, 3.*; EncoderDecoder needs one of the encoder's kind, LSTM"),
    ((RNN(2, 3), RNN(4, 5), Linear(5, 4)), "decoder has hidden_size 5; EncoderDecoder needs 3"),
    ((RNN(2, 3), RNN(4, 3), Linear(3, 5)), "head is from 3 to 5; EncoderDecoder needs one from 3 to 4"),
    ((RNN(2, 3), RNN(4, 3), Linear(5, 4)), "head is from 5 to 4; "),
    ((RNN(2, 3), RNN(4, 3), Linear(3, 4, dtype=np.float32)), "float64, float64 and float32; EncoderDecoder needs one dtype"),
])
def test_parts_that_do_not_fit_are_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(*parts, length=2)


@pytest.mark.parametrize("length", [0, 2.0])
def test_a_length_that_is_no_count_is_refused(length):
    with pytest.raises(ValueError, match="length is"):
        EncoderDecoder(RNN(2, 3), RNN(4, 3), Linear(3, 4), length=length)


def test_bad_batches_are_refused_by_name(x, y, mask):
    net = make()
    with pytest.raises(ValueError, match="x has shape"):
        net.predict(x[:, :, :1])
    with pytest.raises(ValueError, match="mask "):
        net.loss_and_gradients(x, y, mask=mask[:2])
    with pytest.raises(ValueError, match=r"y has dtype int64 and shape \(3, 3\); the decoder needs integers .* 0 to 3$"):
        net.loss_and_gradients(x, np.full_like(y, SYMBOLS))
    with pytest.raises(ValueError, match="y "):
        net.loss_and_gradients(x, y[0])
    with pytest.raises(ValueError, match="y "):
        net.loss_and_gradients(x, y.astype(float))


def test_a_loss_of_ones_own_takes_the_three_documented_arguments(x, y):
    def loss(logits, labels, weight):
        assert weight is None
        return cross_entropy(logits, labels, weight)

    assert make().loss_and_gradients(x, y, loss=loss)[0] == make().evaluate(x, y, loss=loss) == make().evaluate(x, y)


def test_gradients_of_a_loss_that_is_not_finite_are_nan(x, y):
    def loss(logits, labels, weight):
        return np.inf, np.full_like(logits, np.nan)

    value, grads = make().loss_and_gradients(x, y, loss=loss)
    assert value == np.inf and all(np.isnan(grad).all() for grad in grads.values())


def test_a_state_that_overflows_reaches_the_loss(x, y):
    net = EncoderDecoder(RNN(INPUTS, 6), RNN(SYMBOLS, 6, activation="linear"), Linear(6, SYMBOLS), length=LENGTH)
    net.params["decoder.W_h"] *= 1e200
    with np.errstate(over="ignore", invalid="ignore"):
        value, grads = net.loss_and_gradients(x, y)
        assert not np.isfinite(net.evaluate(x, y))
    assert not np.isfinite(value) and all(np.isnan(grad).all() for grad in grads.values())
