"""The GRU against its equation, PyTorch's nn.GRU and ONNX's reference evaluator. What holds for every layer: contract.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.cells import GRU

from .cases import draw_case

shapes = st.fixed_dictionaries({"steps": st.integers(1, 20), "batch": st.integers(1, 6), "inputs": st.integers(1, 8),
                                "hidden": st.integers(1, 9), "seed": st.integers(0, 2**32)})
over_shapes = settings(max_examples=40, deadline=None, derandomize=True)
EXACT = {"rtol": 1e-12, "atol": 1e-12}


def unit(r_bias=0.0, z_bias=0.0, n_bias=0.0):
    """Return a GRU of one unit whose weights are all 0: its gates are their biases'."""
    layer = GRU(1, 1)
    for name in ("W_x", "W_h"):
        layer.params[name][:] = 0
    layer.params["b"][:, 0] = r_bias, z_bias, n_bias
    return layer


def test_one_step_by_hand():
    layer, sigma = GRU(1, 1), lambda z: 1 / (1 + np.exp(-z))
    layer.params |= {"W_x": np.array([[[1.0]], [[2.0]], [[-1.0]]]), "W_h": np.array([[[0.5]], [[-1.0]], [[3.0]]]),
                     "b": np.array([[0.1], [0.2], [0.3]]), "b_h": np.array([0.4])}
    x, h_prev = 0.5, -0.6
    r, z = sigma(0.5 - 0.3 + 0.1), sigma(1.0 + 0.6 + 0.2)
    n = np.tanh(-0.5 + 0.3 + r * (-1.8 + 0.4))
    trace = layer.forward(np.array([[[x]]]), np.array([[h_prev]]))
    found = [array[0, 0, 0] for array in (trace.r, trace.z, trace.n, trace.h)]
    np.testing.assert_allclose(found, [r, z, n, (1 - z) * n + z * h_prev], **EXACT)


def test_an_update_gate_of_one_keeps_the_state():
    trace = unit(z_bias=1000.0, n_bias=1.0).forward(np.ones((5, 1, 1)), np.array([[0.7]]))
    np.testing.assert_array_equal(trace.h, 0.7)


def test_with_one_constant_gate_a_memory_decays_as_its_powers():
    trace = unit(z_bias=2.0).forward(np.zeros((30, 1, 1)), np.array([[1.0]]))
    z = 1 / (1 + np.exp(-2.0))
    np.testing.assert_allclose(trace.h[:, 0, 0], z ** np.arange(1, 31), **EXACT)


def test_starts_as_described():
    layer = GRU(3, 4)
    assert {name: array.shape for name, array in layer.params.items()} == {
        "W_x": (3, 3, 4), "W_h": (3, 4, 4), "b": (3, 4), "b_h": (4,)}
    for W in layer.params["W_h"]:
        np.testing.assert_allclose(W.T @ W, np.eye(4), atol=1e-12)
    assert not layer.params["b"].any() and not layer.params["b_h"].any()
    drawn = GRU(3, 400, init="uniform", rng=1).params
    assert all(0.045 < np.abs(array).max() <= 0.05 for array in drawn.values())


def rows(slabs):
    """Return slabs (3, n, H) or (3, H) as column-vector frameworks stack them, (3H, n) or (3H,)."""
    return np.concatenate([slab.T for slab in slabs])


def two_biases(params):
    """Return PyTorch's two biases (3H,): ours, and the recurrent one, which only n needs."""
    return rows(params["b"]), np.concatenate([np.zeros_like(params["b"][:2].ravel()), params["b_h"]])


@over_shapes
@given(sizes=shapes)
def test_outputs_and_gradients_are_pytorchs(sizes):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity with nn.GRU is not tested")
    case = draw_case(GRU, **sizes)
    params, twin = case.layer.params, torch.nn.GRU(case.layer.input_size, case.layer.hidden_size).double()
    weights = (rows(params["W_x"]), rows(params["W_h"]), *two_biases(params))
    with torch.no_grad():
        for tensor, array in zip(twin.parameters(), weights, strict=True):
            tensor.copy_(torch.tensor(array))
    x, h0 = (torch.tensor(case.inputs[name], requires_grad=True) for name in ("x", "h0"))
    h, last = twin(x, h0[None])
    ((h * torch.tensor(case.upstream["dh"])).sum() + (last[0] * torch.tensor(case.upstream["dh_last"])).sum()).backward()
    grads, hidden = case.backward(), case.layer.hidden_size
    W_x, W_h, b, b_h = (tensor.grad.numpy() for tensor in twin.parameters())
    theirs = {"x": x.grad, "h0": h0.grad, "W_x": W_x, "W_h": W_h, "b": b, "b_h": b_h[2 * hidden:]}
    ours = {"x": grads.x, "h0": grads.h0} | {name: rows(grads.params[name]) for name in ("W_x", "W_h", "b")}
    ours["b_h"] = grads.params["b_h"]
    np.testing.assert_allclose(case.forward().h, h.detach().numpy(), **EXACT)
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array, **EXACT, err_msg=name)


def run_onnx(case):
    """Return what ONNX's reference evaluator computes with an operator GRU, (T, B, H)."""
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    z_r_h = [1, 0, 2]                                                   # ONNX's order, as places in ours
    params, hidden = case.layer.params, case.layer.hidden_size
    b, b_h = (np.concatenate([*np.split(bias, 3)[1::-1], bias[2 * hidden:]]) for bias in two_biases(params))
    feeds = {"X": case.inputs["x"], "W": rows(params["W_x"][z_r_h])[None], "R": rows(params["W_h"][z_r_h])[None],
             "B": np.concatenate([b, b_h])[None], "h0": case.inputs["h0"][None]}
    node = helper.make_node("GRU", ["X", "W", "R", "B", "", "h0"], ["Y"], hidden_size=hidden, linear_before_reset=1)
    values = {name: helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(float)), None)
              for name in [*feeds, "Y"]}
    graph = helper.make_graph([node], "gru", [values[name] for name in feeds], [values["Y"]])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)])
    return ReferenceEvaluator(model).run(None, feeds)[0][:, 0]


@pytest.mark.parametrize("steps", [1, 6])
def test_onnx_computes_the_same(steps):
    pytest.importorskip("onnx", reason="onnx is not installed: parity with its operator GRU is not tested")
    case = draw_case(GRU, steps, batch=2, inputs=3, hidden=5)
    np.testing.assert_allclose(case.forward().h, run_onnx(case), **EXACT)
