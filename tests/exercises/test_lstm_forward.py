"""The solutions of 11_lstm_forward against the package: they are right, not only in agreement with themselves."""

import numpy as np

from lstm_helpers.cells import hidden_state, lstm_step, sigmoid, update_cell
from lstm_helpers.exercises import lstm_forward

B, D, H = 3, 4, 2


def draw(*shapes):
    rng = np.random.default_rng(5)
    return [rng.standard_normal(shape) for shape in shapes]


def test_step():
    arguments = draw((B, D), (B, H), (B, H), (4, D, H), (4, H, H), (4, H))
    assert np.allclose(lstm_forward.step(*arguments), lstm_step(*arguments))


def test_reorder():
    assert lstm_forward.reorder(np.arange(4), "ifgo", "iofg").tolist() == [0, 3, 1, 2]
    assert "".join(lstm_forward.reorder(np.array([*"figo"]), "figo", "gofi")) == "gofi"


def test_from_keras():
    x, h, c, kernel, recurrent_kernel, bias = draw((B, D), (B, H), (B, H), (D, 4 * H), (H, 4 * H), (4 * H,))
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)      # as Keras does it; its c is our g
    expected = update_cell(sigmoid(f), c, sigmoid(i), np.tanh(g))
    found = lstm_step(x, h, c, *lstm_forward.from_keras(kernel, recurrent_kernel, bias))
    assert np.allclose(found, (hidden_state(sigmoid(o), expected), expected))
