"""Every gradient of every layer against central differences."""

import numpy as np
import pytest

from lstm_helpers.cells import F, G, I, O

from .cases import KINDS, all_gradients, make_case, state_names
from .numerical import assert_gradient, numerical_gradient, some_entries

both = pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
every_kind = pytest.mark.parametrize("kind", KINDS)


def assert_all_gradients(case, most):
    grads = case.backward()
    for name, array in (case.layer.params | case.inputs).items():
        assert_gradient(name, case.loss, array, all_gradients(grads)[name], most)


@every_kind
@both
@pytest.mark.parametrize(("steps", "most"), [(1, 100), (2, 100), (5, 40), (50, 12)])
def test_every_parameter_input_and_initial_state(kind, steps, most, masked):
    assert_all_gradients(make_case(kind, steps, masked=masked), most)


@every_kind
@both
def test_loss_on_every_step_alone(kind, masked):
    assert_all_gradients(make_case(kind, 4, masked=masked, last=False), most=20)


@every_kind
@both
def test_loss_on_the_last_states_alone(kind, masked):
    assert_all_gradients(make_case(kind, 4, masked=masked, dh=False), most=20)


@pytest.mark.parametrize("name", ["dh_last", "dc_last"])
@both
def test_one_last_state_of_an_lstm_alone(name, masked):
    case = make_case("lstm", 4, masked=masked, dh=False)
    case.upstream = {"dh": None, name: case.upstream[name]}
    assert_all_gradients(case, most=20)


@every_kind
def test_no_loss_at_all_has_no_gradient(kind):
    for name, gradient in all_gradients(make_case(kind, 4, dh=False, last=False).backward()).items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


@every_kind
def test_dh_last_is_the_same_as_dh_of_the_last_step(kind):
    case = make_case(kind, 4)
    one = all_gradients(case.backward())
    case.upstream["dh"] = case.upstream["dh"].copy()
    case.upstream["dh"][-1] += case.upstream.pop("dh_last")
    for name, gradient in all_gradients(case.backward()).items():
        np.testing.assert_allclose(gradient, one[name], atol=1e-14, err_msg=name)


@both
def test_a_long_batch_that_the_layer_cuts_into_blocks(masked):
    for kind in ("tanh", "lstm"):
        assert_all_gradients(make_case(kind, 40, batch=30, masked=masked), most=6)


def tail_loss(case, trace, step, states):
    """Return the loss as it would be if the states after `step` were these, everything before them left as it was."""
    total = np.sum(case.upstream["dh"][step] * states["h"])
    last = {name: states[name] for name in state_names(case.layer)}
    if step + 1 < len(trace.h):
        given = {f"{name}0": array for name, array in states.items()}
        mask = None if case.mask is None else case.mask[step + 1:]
        tail = case.layer.forward(case.inputs["x"][step + 1:], **given, mask=mask)
        total += np.sum(case.upstream["dh"][step + 1:] * tail.h)
        last = {name: getattr(tail, name)[-1] for name in last}
    return total + sum(np.sum(case.upstream[f"d{name}_last"] * array) for name, array in last.items())


@every_kind
@both
@pytest.mark.parametrize("step", [0, 2, 4])
def test_the_total_gradient_reaching_each_hidden_state(kind, step, masked):
    case = make_case(kind, 5, masked=masked)
    trace = case.forward()
    states = {name: getattr(trace, name)[step].copy() for name in state_names(case.layer)}
    assert_gradient("h", lambda: tail_loss(case, trace, step, states), states["h"], case.backward(trace).h[step])


@both
@pytest.mark.parametrize("step", [0, 2, 4])
def test_the_total_gradient_reaching_each_cell_state(step, masked):
    """A cell state acts on later steps, and on the hidden state of its own step unless that was carried over."""
    case = make_case("lstm", 5, masked=masked)
    trace = case.forward()
    c, taken = trace.c[step].copy(), np.ones((3, 1)) if case.mask is None else case.mask[step][:, None]

    def loss():
        return tail_loss(case, trace, step, {"h": np.where(taken, trace.o[step] * np.tanh(c), trace.h[step]), "c": c})

    assert_gradient("c", loss, c, case.backward(trace).c[step])


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("gate", [I, F, G, O], ids="ifgo")
def test_a_saturated_gate_of_an_lstm(gate, sign):
    case = make_case("lstm", 5)
    case.layer.params["b"][gate] = sign * 1000
    grads = case.backward()
    for name, gradient in all_gradients(grads).items():
        assert np.isfinite(gradient).all(), name
    for name, gradient in grads.params.items():
        np.testing.assert_allclose(gradient[gate], 0, atol=1e-300, err_msg=name)
    assert_all_gradients(case, most=20)


@pytest.mark.parametrize("signs", [(1, 1, 1, 1), (-1, -1, -1, -1), (1, -1, 1, 1), (1, 1, -1, 1)])
def test_all_gates_of_an_lstm_saturated(signs):
    case = make_case("lstm", 5)
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
    case = make_case("tanh", 5)
    case.layer.params["b"][...] = sign * 1000
    for name, gradient in case.backward().params.items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


def test_a_relu_that_is_off_passes_nothing():
    case = make_case("relu", 5)
    case.layer.params["b"][...] = -1000
    grads = all_gradients(case.backward())
    for name in ("W_x", "W_h", "b", "x", "h0"):
        np.testing.assert_array_equal(grads[name], 0, err_msg=name)
