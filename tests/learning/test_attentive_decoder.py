"""What attention adds to the encoder-decoder; the rest is its own, in test_encoder_decoder.py."""

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, attend
from lstm_helpers.learning import (
    Adam,
    AttentiveEncoderDecoder,
    Linear,
    check_gradients,
    cross_entropy,
    load_checkpoint,
    save_checkpoint,
    train,
)
from lstm_helpers.sequences import CopyString

STEPS, BATCH, INPUTS, SYMBOLS, LENGTH, UNITS = 5, 3, 2, 4, 3, 6


def make(score="multiplicative", kind=LSTM, seed=0, dtype=np.float64, inputs=INPUTS, length=LENGTH, units=UNITS):
    return AttentiveEncoderDecoder(kind(inputs, units, rng=seed, dtype=dtype), kind(SYMBOLS, units, rng=seed + 1, dtype=dtype),
                                   Linear(units, SYMBOLS, rng=seed + 2, dtype=dtype), length=length, score=score, rng=seed + 3)


@pytest.fixture(params=["multiplicative", "additive"])
def score(request):
    return request.param


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(STEPS, BATCH, INPUTS))


@pytest.fixture
def y():
    return np.random.default_rng(2).integers(0, SYMBOLS, (LENGTH, BATCH))


@pytest.fixture
def mask():
    return (np.arange(STEPS)[:, None] < np.array([5, 2, 4])).astype(float)      # (T, B)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
@pytest.mark.parametrize("masked", [False, True])
def test_gradients(score, kind, x, y, mask, masked):
    net, mask = make(score, kind), mask if masked else None
    value, grads = net.loss_and_gradients(x, y, mask=mask)
    report = check_gradients(lambda: net.evaluate(x, y, mask=mask), net.params, grads)
    assert report.ok, report
    assert value == net.evaluate(x, y, mask=mask) and list(grads) == list(net.params)
    assert all(np.abs(grad).max() > 1e-6 for grad in grads.values())


def by_loops(net, x, mask, y):
    """Return logits and weights letter by letter, one sequence and one step of the source at a time."""
    read, written = net.traces(x, y, mask)
    p, logits, weights = net.attention, np.zeros((LENGTH, BATCH, SYMBOLS)), np.zeros((BATCH, LENGTH, STEPS))
    for k, b in np.ndindex(LENGTH, BATCH):
        h, steps = written.h[k, b], [t for t in range(STEPS) if mask[t, b]]
        if net.score == "additive":
            scores = np.array([np.tanh(h @ p["W_q"] + read.h[t, b] @ p["W_k"]) @ p["w_v"] for t in steps])
        else:
            scores = np.array([(h @ p["W_q"]) @ read.h[t, b] / np.sqrt(UNITS) for t in steps])
        weights[b, k, steps] = np.exp(scores) / np.exp(scores).sum()
        context = weights[b, k] @ read.h[:, b]
        logits[k, b] = np.tanh(np.concatenate([h, context]) @ p["W_c"]) @ net.head.params["W"] + net.head.params["b"]
    return logits, weights


def test_it_is_what_the_papers_write(score, x, y, mask):
    net = make(score)
    logits, weights = by_loops(net, x, mask, y)
    np.testing.assert_allclose(net.alignments(x, y, mask), weights, rtol=1e-12, atol=1e-12)
    assert net.evaluate(x, y, mask=mask) == pytest.approx(cross_entropy(logits, y)[0], rel=1e-12)
    own = net.translate(x, mask)
    np.testing.assert_allclose(net.predict(x, mask), by_loops(net, x, mask, own)[0], rtol=1e-12)


def test_the_multiplicative_score_is_attend(x, y):
    net = make()
    read, written = net.traces(x, y)
    for ours, theirs in zip(net.look(read, written.h), attend(written.h @ net.attention["W_q"], read.h, read.h), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_step_that_was_not_read_is_not_looked_at(score, x, y, mask):
    weights = make(score).alignments(x, y, mask)
    assert weights.shape == (BATCH, LENGTH, STEPS) and not weights.transpose(2, 0, 1)[mask == 0].any()
    np.testing.assert_allclose(weights.sum(axis=2), 1, rtol=1e-12)
    np.testing.assert_allclose(make(score).alignments(x[:2, 1:2], y[:, 1:2])[0], weights[1, :, :2], rtol=1e-12)


def test_it_learns_to_copy_and_looks_along_the_diagonal(score):
    task = CopyString(4, SYMBOLS)
    net = make(score, dtype=np.float32, inputs=SYMBOLS, length=4, units=24)
    train(net, task, steps=400, loss=cross_entropy, optimiser=Adam(0.02), progress=False)
    x, labels = task.sample(200, 1)
    assert np.mean(np.all(net.translate(x) == labels, axis=0)) > 0.9


def test_a_resumed_run_was_never_stopped_and_another_score_is_refused(score, tmp_path):
    task, options = CopyString(LENGTH, SYMBOLS, np.float64), {"loss": cross_entropy, "progress": False}
    whole, net, fresh = (make(score, inputs=SYMBOLS, seed=seed) for seed in (0, 0, 7))
    train(whole, task, steps=12, optimiser=Adam(0.03), **options)
    history = train(net, task, steps=5, optimiser=Adam(0.03), **options)
    save_checkpoint(tmp_path / "run", net, history.optimiser, history)
    train(fresh, task, steps=7, history=load_checkpoint(tmp_path / "run", fresh, Adam(1.0)), **options)
    assert all(np.array_equal(fresh.params[name], array) for name, array in whole.params.items())
    other = {"additive": "multiplicative", "multiplicative": "additive"}[score]
    with pytest.raises(ValueError, match=f"has the score '{score}'; load_checkpoint needs '{other}', as given"):
        load_checkpoint(tmp_path / "run", make(other, inputs=SYMBOLS), Adam(0.01))


def test_float32_stays(score, x, y):
    net, x = make(score, dtype=np.float32), x.astype(np.float32)
    assert {net.predict(x).dtype, net.alignments(x, y).dtype,
            *(grad.dtype for grad in net.loss_and_gradients(x, y)[1].values())} == {np.dtype(np.float32)}


def test_a_score_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match='score is \'dot\'; AttentiveEncoderDecoder needs "multiplicative" or "additive"'):
        make("dot")
