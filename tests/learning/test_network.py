import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.learning import Linear, Network, check_gradients, cross_entropy, mean_squared_error

STEPS, BATCH, OUTPUTS = 5, 4, 3


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(STEPS, BATCH, 2))


@pytest.fixture
def mask():
    lengths = np.array([5, 3, 1, 4])
    return (np.arange(STEPS)[:, np.newaxis] < lengths).astype(float)       # (T, B)


def target(read, loss):
    rng = np.random.default_rng(2)
    leading = (BATCH,) if read == "last" else (STEPS, BATCH)
    return rng.normal(size=(*leading, OUTPUTS)) if loss is mean_squared_error else rng.integers(0, OUTPUTS, leading)


@pytest.mark.parametrize("loss", [mean_squared_error, cross_entropy])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("read", ["last", "every"])
def test_gradients(make_network, layer, read, masked, loss, x, mask):
    net, y = make_network(layer, read, outputs=OUTPUTS), target(read, loss)
    mask = mask if masked else None
    value, grads = net.loss_and_gradients(x, y, loss=loss, mask=mask)
    report = check_gradients(lambda: net.evaluate(x, y, loss=loss, mask=mask), net.params, grads)
    assert report.ok, report
    assert value == net.evaluate(x, y, loss=loss, mask=mask)


def test_params_are_the_parts_own_arrays_in_a_stable_order(make_network):
    net = make_network()
    assert list(net.params) == ["recurrent.W_x", "recurrent.W_h", "recurrent.b", "output.W", "output.b"]
    assert list(net.loss_and_gradients(np.ones((1, 1, 2)), np.ones((1, 1)))[1]) == list(net.params)
    assert net.params["recurrent.W_h"] is net.layer.params["W_h"]
    assert net.params["output.b"] is net.head.params["b"]


def test_reading_the_last_step_is_the_last_of_reading_every(make_network, layer, x):
    last, every = (make_network(layer, read).predict(x) for read in ("last", "every"))
    assert last.shape == (BATCH, 1) and every.shape == (STEPS, BATCH, 1)
    np.testing.assert_allclose(last, every[-1], rtol=1e-14)


def test_a_masked_sequence_is_read_as_if_it_were_short(make_network, layer, x, mask):
    net = make_network(layer)
    np.testing.assert_allclose(net.predict(x, mask)[1], net.predict(x[:3, 1:2])[0], rtol=1e-13)


def test_padding_counts_for_nothing(make_network, layer, x, mask):
    net, y = make_network(layer, "every", outputs=OUTPUTS), target("every", mean_squared_error)
    loss, grads = net.loss_and_gradients(x, y, mask=mask)
    padding = mask[..., np.newaxis] == 0
    again, same = net.loss_and_gradients(np.where(padding, 9.0, x), np.where(padding, 9.0, y), mask=mask)
    assert again == loss
    assert all(np.array_equal(grads[name], same[name]) for name in grads)


def test_float32_stays(make_network, layer):
    net = make_network(layer, dtype=np.float32)
    x = np.ones((3, 2, 2), np.float32)
    loss, grads = net.loss_and_gradients(x, np.zeros((2, 1)))
    assert isinstance(loss, float)
    assert {net.predict(x).dtype, *(grad.dtype for grad in grads.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Network(RNN(2, 3), Linear(3, 1), read="first"), "read is 'first'"),
    (lambda: Network(RNN(2, 3), Linear(4, 1)), "head has input_size 4; Network needs 3, the layer's hidden_size"),
    (lambda: Network(LSTM(2, 3), Linear(3, 1, dtype=np.float32)), "head has dtype float32; .* float64"),
])
def test_parts_that_do_not_fit_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_bad_batches_are_refused_by_name(make_network, x, mask):
    net = make_network()
    with pytest.raises(ValueError, match=r"target has shape \(4,\).*\(4, 1\)"):
        net.loss_and_gradients(x, np.zeros(BATCH))
    with pytest.raises(ValueError, match="x has shape"):
        net.predict(x[:, :, :1])
    with pytest.raises(ValueError, match=r"x.* is nan"):
        net.predict(np.where(x > 0, np.nan, x))
    with pytest.raises(ValueError, match="mask "):
        net.predict(x, mask[:2])


def test_gradients_of_a_loss_that_is_not_finite_are_nan(make_network, x):
    def loss(prediction, target, weight):
        return np.inf, np.full_like(prediction, np.nan)

    value, grads = make_network().loss_and_gradients(x, None, loss=loss)
    assert value == np.inf and all(np.isnan(grad).all() for grad in grads.values())


def test_description(make_network):
    assert make_network().description() == {"layer": "RNN", "head": "Linear", "read": "last", "activation": "tanh"}


def test_a_state_that_overflows_reaches_the_loss(make_network, x):
    net = make_network(lambda *sizes, **options: RNN(*sizes, activation="linear", **options))
    net.params["recurrent.W_h"] *= 1e200
    with np.errstate(over="ignore", invalid="ignore"):
        value, grads = net.loss_and_gradients(x, np.ones((len(x[0]), 1)))
    assert not np.isfinite(value) and all(np.isnan(grad).all() for grad in grads.values())
