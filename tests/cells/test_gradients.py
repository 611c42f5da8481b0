"""Gradients that are special to one layer: at the cell state, and where gates are shut. What holds for all: contract.py."""

from functools import partial

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN, F, G, I, O

from .cases import all_gradients, draw_case
from .contract import assert_gradients
from .numerical import assert_gradient, numerical_gradient, some_entries


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize("step", [0, 2, 4])
def test_the_total_gradient_reaching_each_cell_state(step, masked):
    """A cell state acts on later steps, and on the hidden state of its own step unless that was carried over."""
    case = draw_case(LSTM, 5, masked=masked)
    trace = case.forward()
    c, taken = trace.c[step].copy(), np.ones((3, 1)) if case.mask is None else case.mask[step][:, None]

    def loss():
        return case.loss_after(step, {"h0": np.where(taken, trace.o[step] * np.tanh(c), trace.h[step]), "c0": c})

    assert_gradient("c", loss, c, case.backward(trace).c[step])


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("gate", [I, F, G, O], ids="ifgo")
def test_a_saturated_gate_of_an_lstm(gate, sign):
    case = draw_case(LSTM, 5)
    case.layer.params["b"][gate] = sign * 1000
    grads = case.backward()
    for name, gradient in all_gradients(grads).items():
        assert np.isfinite(gradient).all(), name
    for name, gradient in grads.params.items():
        np.testing.assert_allclose(gradient[gate], 0, atol=1e-300, err_msg=name)
    assert_gradients(case, most=20)


@pytest.mark.parametrize("signs", [(1, 1, 1, 1), (-1, -1, -1, -1), (1, -1, 1, 1), (1, 1, -1, 1)])
def test_all_gates_of_an_lstm_saturated(signs):
    case = draw_case(LSTM, 5)
    case.layer.params["b"][...] = 1000 * np.array(signs)[:, None]
    grads = case.backward()
    for name, gradient in (grads.params | {"x": grads.x}).items():
        np.testing.assert_allclose(gradient, 0, atol=1e-300, err_msg=name)
    trace = case.forward()
    for gate, sign, closed in zip((trace.i, trace.f, trace.g, trace.o), signs, (0, 0, -1, 0), strict=True):
        np.testing.assert_allclose(gate, 1 if sign > 0 else closed, atol=1e-300)
    places = some_entries((3, 4), 12, np.random.default_rng(0))
    expected = numerical_gradient(case.loss, case.inputs["c0"], places)
    np.testing.assert_allclose([grads.c0[place] for place in places], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_saturated_rnn(sign):
    case = draw_case(RNN, 5)
    case.layer.params["b"][...] = sign * 1000
    for name, gradient in case.backward().params.items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


def test_a_relu_that_is_off_passes_nothing():
    case = draw_case(partial(RNN, activation="relu"), 5)
    case.layer.params["b"][...] = -1000
    grads = all_gradients(case.backward())
    for name in ("W_x", "W_h", "b", "x", "h0"):
        np.testing.assert_array_equal(grads[name], 0, err_msg=name)
