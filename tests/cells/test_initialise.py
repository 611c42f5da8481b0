import numpy as np
import pytest

from lstm_helpers.cells import GATES, LSTM, RNN, F, G, I, O
from lstm_helpers.cells.initialise import chrono_bias, glorot, orthogonal


def test_orthogonal_keeps_lengths():
    q = orthogonal(7, rng=3)
    np.testing.assert_allclose(q.T @ q, np.eye(7), atol=1e-14)


def test_orthogonal_is_drawn_evenly():
    """Without the signs of R's diagonal, LAPACK's first entry would always be negative."""
    corners = [orthogonal(3, rng=seed)[0, 0] for seed in range(40)]
    assert 10 < sum(corner > 0 for corner in corners) < 30


def test_glorot_reaches_its_limit_and_no_further():
    drawn = glorot(30, 50, rng=1)
    limit = np.sqrt(6 / 80)
    assert drawn.shape == (30, 50)
    assert 0.99 * limit < drawn.max() <= limit
    assert -limit <= drawn.min() < -0.99 * limit


def test_chrono_bias_spans_its_range():
    drawn = chrono_bias(100, 2000, rng=1)
    assert drawn.shape == (2000,)
    assert 0 <= drawn.min() < 1
    assert np.log(98) < drawn.max() <= np.log(99)
    np.testing.assert_allclose(np.exp(drawn).mean(), 50, rtol=0.05)


def test_chrono_bias_of_the_shortest_memory():
    drawn = chrono_bias(3, 200, rng=1)
    assert 0 <= drawn.min() < 0.01
    assert np.log(1.99) < drawn.max() <= np.log(2)


def seed(given):
    return {"rng": given[0]} if given else {}


@pytest.mark.parametrize("draw", [lambda *rng: orthogonal(4, **seed(rng)), lambda *rng: glorot(4, 3, **seed(rng)),
                                  lambda *rng: chrono_bias(9, 4, **seed(rng))], ids=["orthogonal", "glorot", "chrono_bias"])
def test_a_seed_fixes_the_draw_and_a_generator_goes_on(draw):
    np.testing.assert_array_equal(draw(5), draw(5))
    np.testing.assert_array_equal(draw(5), draw(np.random.default_rng(5)))
    assert not np.array_equal(draw(5), draw(6))
    np.testing.assert_array_equal(draw(), draw(0))
    generator = np.random.default_rng(5)
    assert not np.array_equal(draw(generator), draw(generator))


def test_lstm_shapes_and_orthogonal_slabs():
    params = LSTM(3, 5).params
    assert {name: array.shape for name, array in params.items()} == {"W_x": (4, 3, 5), "W_h": (4, 5, 5), "b": (4, 5)}
    for slab in params["W_h"]:
        np.testing.assert_allclose(slab.T @ slab, np.eye(5), atol=1e-14)
    assert np.abs(params["W_x"]).max() <= np.sqrt(6 / 8)


def test_rnn_shapes_and_orthogonal_weights():
    params = RNN(3, 5).params
    assert {name: array.shape for name, array in params.items()} == {"W_x": (3, 5), "W_h": (5, 5), "b": (5,)}
    np.testing.assert_allclose(params["W_h"].T @ params["W_h"], np.eye(5), atol=1e-14)
    np.testing.assert_array_equal(params["b"], 0)


@pytest.mark.parametrize("init", ["orthogonal", "uniform"])
def test_no_two_gates_start_alike(init):
    params = LSTM(3, 4, init=init).params
    for name in ("W_x", "W_h"):
        assert len({slab.tobytes() for slab in params[name]}) == len(GATES)


@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_uniform_fills_plus_minus_one_over_root_h(kind):
    options = {"forget_bias": None} if kind is LSTM else {}
    params = kind(20, 100, init="uniform", **options).params
    for name, array in params.items():
        assert 0.09 < array.max() <= 0.1, name
        assert -0.1 <= array.min() < -0.09, name


@pytest.mark.parametrize(("given", "expected"), [({}, 1.0), ({"forget_bias": 3.5}, 3.5), ({"forget_bias": None}, 0.0)])
def test_the_forget_bias_goes_to_the_forget_gate_alone(given, expected):
    b = LSTM(3, 4, **given).params["b"]
    np.testing.assert_array_equal(b[F], expected)
    np.testing.assert_array_equal(b[[I, G, O]], 0)


def test_the_forget_bias_replaces_what_uniform_drew():
    b = LSTM(3, 4, init="uniform").params["b"]
    np.testing.assert_array_equal(b[F], 1)
    assert (b[[I, G, O]] != 0).all()


def test_chrono_opens_the_forget_gate_and_closes_the_input_gate():
    b = LSTM(3, 50, chrono=40).params["b"]
    np.testing.assert_array_equal(b[I], -b[F])
    np.testing.assert_array_equal(b[[G, O]], 0)
    assert 0 <= b[F].min() and np.log(20) < b[F].max() <= np.log(39)
    assert len(np.unique(b[F])) == 50


def test_chrono_draws_from_the_layers_seed():
    one, same, other = (LSTM(3, 4, chrono=40, rng=rng).params["b"] for rng in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
