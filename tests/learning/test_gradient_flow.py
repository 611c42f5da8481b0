import numpy as np
import pytest

from lstm_helpers.cells import RNN
from lstm_helpers.learning import gradient_flow, spectral_radius


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(6, 3, 2))


@pytest.mark.parametrize("read", ["last", "every"])
def test_flow_of_a_network_is_the_norm_of_the_derivative_by_an_added_state(make_network, x, read):
    net = make_network(RNN, read)
    y = np.ones(net.predict(x).shape)
    h = net.layer.forward(x).h.copy()
    t = 3

    def loss_from_step_t():
        later = net.layer.forward(x[t + 1:], h[t]).h
        states = np.concatenate([h[:t + 1], later])
        prediction = net.head.forward(states[-1] if read == "last" else states)
        return float(np.mean((prediction - y) ** 2))

    flow = gradient_flow(net, x, y)
    assert flow.shape == (6,)
    differences = np.zeros((3, 6))
    for index in np.ndindex(3, 6):
        copy = h[(t, *index)]
        h[(t, *index)] = copy + 1e-5
        up = loss_from_step_t()
        h[(t, *index)] = copy - 1e-5
        differences[index] = (up - loss_from_step_t()) / 2e-5
        h[(t, *index)] = copy
    assert flow[t] == pytest.approx(np.linalg.norm(differences), rel=1e-7)


def test_flow_of_a_linear_layer_is_the_power_of_its_matrix(x):
    layer = RNN(2, 4, activation="linear")
    layer.params["W_h"][...] = np.diag([0.5] * 4)
    np.testing.assert_allclose(gradient_flow(layer, x), 0.5 ** np.arange(5, -1, -1), rtol=1e-12)


def test_flow_starts_from_the_gradient_given(x):
    layer = RNN(2, 4)
    dh_last = np.random.default_rng(1).normal(size=(3, 4))
    flow = gradient_flow(layer, x, dh_last=dh_last)
    assert flow[-1] == pytest.approx(np.linalg.norm(dh_last), rel=1e-14)
    np.testing.assert_allclose(flow, gradient_flow(layer, x, dh_last=2 * dh_last) / 2, rtol=1e-12)


def test_flow_of_masked_steps_is_carried_over(x):
    layer = RNN(2, 4)
    mask = np.ones((6, 3))
    mask[4:] = 0
    flow = gradient_flow(layer, x, mask=mask)
    np.testing.assert_allclose(flow[3:], 1, rtol=1e-14)
    np.testing.assert_allclose(flow[:4], gradient_flow(layer, x[:4]), rtol=1e-12)


@pytest.mark.parametrize(("dtype", "factor"), [(np.float32, 0.1), (np.float64, 1e-10)])
def test_flow_is_seen_below_the_root_of_the_smallest_number(dtype, factor):
    layer = RNN(1, 1, activation="linear", dtype=dtype)
    layer.params["W_h"][...] = factor
    flow = gradient_flow(layer, np.ones((31, 1, 1), dtype))
    assert flow.dtype == np.float64
    np.testing.assert_allclose(flow, float(factor) ** np.arange(30, -1, -1), rtol=1e-5)


def test_flow_refuses_what_does_not_go_together(make_network, x):
    with pytest.raises(ValueError, match=r"^y is None; gradient_flow of a Network needs y, .*, and no dh_last$"):
        gradient_flow(make_network(), x)
    with pytest.raises(ValueError, match=r"^dh_last is given; .* no dh_last$"):
        gradient_flow(make_network(), x, np.ones((3, 1)), dh_last=np.ones((3, 6)))
    with pytest.raises(ValueError, match=r"^y is given; gradient_flow of a layer needs dh_last, as a layer has no loss$"):
        gradient_flow(RNN(2, 4), x, np.ones((3, 1)))


def test_spectral_radius_is_that_of_the_spectrum_not_of_the_entries():
    assert spectral_radius(np.full((20, 20), 0.2)) == pytest.approx(4)
    assert spectral_radius(np.tril(np.full((20, 20), 3.0), -1)) == 0
    assert spectral_radius([[0.0, -2.0], [2.0, 0.0]]) == pytest.approx(2)


@pytest.mark.parametrize(("W", "message"), [
    (np.ones((4, 3, 3)), r"W has shape \(4, 3, 3\); spectral_radius needs \(H, H\)"),
    (np.ones((2, 3)), r"\(2, 3\)"),
    (np.ones((0, 0)), r"\(0, 0\)"),
    (np.full((2, 2), np.nan), r"^W\[0, 0\] is nan"),
])
def test_spectral_radius_refuses(W, message):
    with pytest.raises(ValueError, match=message):
        spectral_radius(W)


def test_flow_of_a_network_leaves_masked_steps_out(make_network, x):
    net, y, mask = make_network(), np.ones((3, 1)), np.ones((6, 3))
    mask[4:] = 0
    np.testing.assert_allclose(gradient_flow(net, x, y, mask=mask)[:4], gradient_flow(net, x[:4], y), rtol=1e-12)


def test_flow_of_one_step_and_of_no_gradient(x):
    assert gradient_flow(RNN(2, 4), x[:1]) == pytest.approx([1])
    assert gradient_flow(RNN(2, 4), x, dh_last=np.zeros((3, 4))).tolist() == [0] * 6
