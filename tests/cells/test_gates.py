import numpy as np
import pytest

from lstm_helpers import cells
from lstm_helpers.cells import (
    GATES,
    F,
    G,
    I,
    O,
    candidate,
    forget_gate,
    hidden_state,
    input_gate,
    lstm_step,
    output_gate,
    update_cell,
)


def squash(z):
    return 1 / (1 + np.exp(-z))


SQUASHED = {input_gate: squash, forget_gate: squash, candidate: np.tanh, output_gate: squash}


@pytest.fixture
def step():
    """Return x, h_prev, c_prev, W_x, W_h, b for a batch of 3, D = 2, H = 4."""
    rng = np.random.default_rng(0)
    return tuple(rng.normal(size=shape) for shape in ((3, 2), (3, 4), (3, 4), (4, 2, 4), (4, 4, 4), (4, 4)))


def test_the_order_of_gates_is_pytorchs():
    assert GATES == ("i", "f", "g", "o")
    assert (I, F, G, O) == (0, 1, 2, 3)


@pytest.mark.parametrize("gate", SQUASHED, ids=lambda gate: gate.__name__)
def test_a_gate_is_its_equation(gate, step):
    x, h_prev, _, W_x, W_h, b = step
    expected = SQUASHED[gate](np.einsum("bd,dh->bh", x, W_x[0]) + np.einsum("bk,kh->bh", h_prev, W_h[0]) + b[0])
    np.testing.assert_allclose(gate(x, h_prev, W_x[0], W_h[0], b[0]), expected, rtol=1e-13)


def test_update_cell_keeps_and_adds():
    f, c_prev, i, g = (np.array([[n]]) for n in (0.5, 3.0, 0.25, -2.0))
    assert update_cell(f, c_prev, i, g) == 0.5 * 3 - 0.25 * 2


def test_hidden_state_shows_the_squashed_cell():
    shown = hidden_state(np.array([[0.5, 1.0]]), np.array([[1.0, -2.0]]))
    np.testing.assert_allclose(shown, [[0.5 * np.tanh(1), np.tanh(-2)]])


def test_lstm_step_puts_the_gates_together_in_order(step):
    x, h_prev, c_prev, W_x, W_h, b = step
    functions = squash, squash, np.tanh, squash
    i, f, g, o = (function(x @ W_x[n] + h_prev @ W_h[n] + b[n]) for n, function in enumerate(functions))
    h, c = lstm_step(*step)
    np.testing.assert_allclose(c, f * c_prev + i * g, rtol=1e-13)
    np.testing.assert_allclose(h, o * np.tanh(f * c_prev + i * g), rtol=1e-13)


def test_a_step_computed_by_hand():
    """One unit, one input, all weights 1, b = (0, 1, 0, 0), x = 1, h_prev = 0, c_prev = 2."""
    b = np.array([[0.0], [1.0], [0.0], [0.0]])
    h, c = lstm_step(np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), 2.0), np.ones((4, 1, 1)), np.ones((4, 1, 1)), b)
    expected = 0.8807970779778823 * 2 + 0.7310585786300049 * 0.7615941559557649
    np.testing.assert_allclose(c, [[expected]], rtol=1e-14)
    np.testing.assert_allclose(h, [[0.7310585786300049 * np.tanh(expected)]], rtol=1e-14)


def test_a_step_keeps_float32_and_its_inputs(step):
    step = tuple(array.astype(np.float32) for array in step)
    before = tuple(array.copy() for array in step)
    h, c = lstm_step(*step)
    assert h.dtype == c.dtype == np.float32
    for array, old in zip(step, before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_every_public_name_exists():
    assert all(hasattr(cells, name) for name in cells.__all__)
    assert {"sigmoid", "RNN", "LSTM", "GATES", "rnn_step"} <= set(cells.__all__)
