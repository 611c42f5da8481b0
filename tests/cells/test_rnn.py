from functools import partial

import numpy as np
import pytest

from lstm_helpers.cells import RNN, rnn_step

from .cases import draw_case

FUNCTIONS = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "linear": lambda z: z}


def test_rnn_step_by_hand():
    h = rnn_step(np.array([[1.0]]), np.array([[0.5]]), np.array([[2.0]]), np.array([[-1.0]]), np.array([0.25]))
    np.testing.assert_allclose(h, [[np.tanh(2 - 0.5 + 0.25)]], rtol=1e-15)


@pytest.mark.parametrize("masked", [False, True])
def test_forward_is_the_loop_of_rnn_step(masked):
    case = draw_case(RNN, 20, 4, 3, 5, masked=masked)
    trace, h = case.forward(), case.inputs["h0"]
    for t, x in enumerate(case.inputs["x"]):
        after = rnn_step(x, h, **case.layer.params)
        h = after if case.mask is None else np.where(case.mask[t, :, None], after, h)
        np.testing.assert_allclose(trace.h[t], h, atol=1e-12, rtol=0)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_forward_is_its_equation(activation):
    case = draw_case(partial(RNN, activation=activation), 10, 4, 3, 5)
    trace, p = case.forward(), case.layer.params
    before = np.concatenate([case.inputs["h0"][None], trace.h[:-1]])
    expected = FUNCTIONS[activation](case.inputs["x"] @ p["W_x"] + before @ p["W_h"] + p["b"])
    np.testing.assert_allclose(trace.h, expected, atol=1e-12, rtol=0)


def test_tanh_is_the_default():
    x = np.ones((2, 1, 3))
    np.testing.assert_array_equal(RNN(3, 4).forward(x).h, RNN(3, 4, activation="tanh").forward(x).h)
