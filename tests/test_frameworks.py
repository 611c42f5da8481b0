"""Weights to other frameworks and back, and what the others compute with them."""

import numpy as np
import pytest

from lstm_helpers import frameworks
from lstm_helpers.cells import LSTM

D, H, T, B = 3, 5, 7, 2


@pytest.fixture
def layer():
    layer = LSTM(D, H, rng=1)
    layer.params["b"][:] = np.random.default_rng(2).standard_normal((4, H))
    return layer


@pytest.fixture
def sequence():
    rng = np.random.default_rng(3)
    return {"x": rng.standard_normal((T, B, D)), "h0": rng.uniform(-1, 1, (B, H)), "c0": rng.standard_normal((B, H))}


WAYS = {"torch": (frameworks.to_torch, frameworks.from_torch), "keras": (frameworks.to_keras, frameworks.from_keras),
        "onnx": (frameworks.to_onnx, frameworks.from_onnx)}


@pytest.mark.parametrize("framework", WAYS)
def test_there_and_back(framework, layer):
    there, back = WAYS[framework]
    returned = back(there(layer.params))
    assert list(returned) == list(layer.params)
    assert all(np.array_equal(returned[name], layer.params[name]) for name in returned)


def test_shapes_are_those_of_the_manuals(layer):
    assert {name: array.shape for name, array in frameworks.to_torch(layer.params, layer=1).items()} == {
        "weight_ih_l1": (4 * H, D), "weight_hh_l1": (4 * H, H), "bias_ih_l1": (4 * H,), "bias_hh_l1": (4 * H,)}
    assert [array.shape for array in frameworks.to_keras(layer.params)] == [(D, 4 * H), (H, 4 * H), (4 * H,)]
    assert {name: array.shape for name, array in frameworks.to_onnx(layer.params).items()} == {
        "W": (1, 4 * H, D), "R": (1, 4 * H, H), "B": (1, 8 * H)}


def test_the_gates_stand_in_the_order_of_each():
    numbered = {"W_x": np.repeat([1.0, 2, 3, 4], D * H).reshape(4, D, H), "W_h": np.zeros((4, H, H)),
                "b": np.repeat([1.0, 2, 3, 4], H).reshape(4, H)}         # i is 1, f 2, g 3, o 4
    orders = {"torch": frameworks.to_torch(numbered)["weight_ih_l0"][::H, 0], "keras": frameworks.to_keras(numbered)[0][0, ::H],
              "onnx": frameworks.to_onnx(numbered)["W"][0, ::H, 0], "onnx, bias": frameworks.to_onnx(numbered)["B"][0, :4 * H:H]}
    assert {name: order.tolist() for name, order in orders.items()} == {
        "torch": [1, 2, 3, 4], "keras": [1, 2, 3, 4], "onnx": [1, 4, 2, 3], "onnx, bias": [1, 4, 2, 3]}


def test_nothing_is_shared_with_what_came_in(layer):
    kept = {name: array.copy() for name, array in layer.params.items()}
    for there, _ in WAYS.values():
        made = there(layer.params)
        for array in made.values() if isinstance(made, dict) else made:
            array += 1
    assert all(np.array_equal(kept[name], layer.params[name]) for name in kept)


def test_two_biases_are_added():
    state = frameworks.to_torch(LSTM(D, H).params)
    state["bias_hh_l0"] = np.arange(4.0 * H)
    assert np.array_equal(frameworks.from_torch(state)["b"], state["bias_ih_l0"].reshape(4, H) + np.arange(4.0 * H).reshape(4, H))
    weights = frameworks.to_onnx(LSTM(D, H).params)
    weights["B"][0, 4 * H:] = 1
    assert np.array_equal(frameworks.from_onnx(weights)["b"], LSTM(D, H).params["b"] + 1)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: frameworks.from_torch({"weight_ih_l0": 0}), "weight_hh_l0, bias_ih_l0, bias_hh_l0 is missing"),
    (lambda: frameworks.to_torch({"W_x": np.zeros((4, 2, 3)), "W_h": np.zeros((4, 2, 2)), "b": np.zeros((4, 3))}),
     "W_h has shape (4, 2, 2)"),
    (lambda: frameworks.to_onnx({"W_x": np.zeros((2, 3)), "W_h": np.zeros((3, 3)), "b": np.zeros(3)}), "W_x has shape (2, 3)"),
    (lambda: frameworks.from_keras([0, 1]), "weights holds 2 arrays"),
    (lambda: frameworks.from_keras([np.zeros((2, 6)), np.zeros((2, 8)), np.zeros(8)]), "kernel.T has shape (6, 2)"),
    (lambda: frameworks.from_onnx({"W": np.zeros((2, 4, 1)), "R": np.zeros((2, 4, 1)), "B": np.zeros((2, 8))}), "one direction"),
])
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError) as refusal:
        call()
    assert words in str(refusal.value)


def test_torch_computes_the_same(layer, sequence):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity with nn.LSTM is not tested")
    twin = torch.nn.LSTM(D, H).double()
    twin.load_state_dict({name: torch.from_numpy(array) for name, array in frameworks.to_torch(layer.params).items()})
    x, h0, c0 = (torch.from_numpy(array).requires_grad_() for array in sequence.values())
    h, (h_last, c_last) = twin(x, (h0[None], c0[None]))
    trace = layer.forward(**sequence)
    for ours, theirs in ((trace.h, h), (trace.h[-1], h_last[0]), (trace.c[-1], c_last[0])):
        assert np.allclose(ours, theirs.detach(), rtol=0, atol=1e-12)

    dh = np.random.default_rng(4).standard_normal(trace.h.shape)
    (h * torch.from_numpy(dh)).sum().backward()
    grads = layer.backward(trace, dh)
    theirs = {name: parameter.grad for name, parameter in twin.named_parameters()}
    ours = frameworks.to_torch(grads.params)
    ours["bias_hh_l0"] = ours["bias_ih_l0"]                             # the gradient of a sum is that of each of its parts
    assert all(np.allclose(ours[name], theirs[name], rtol=0, atol=1e-12) for name in theirs)
    for mine, tensor in ((grads.x, x), (grads.h0, h0), (grads.c0, c0)):
        assert np.allclose(mine, tensor.grad, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-12)])
def test_onnx_accepts_the_model_and_computes_the_same(dtype, tolerance, layer, sequence, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: its checker and reference evaluator are not tried")
    from onnx.reference import ReferenceEvaluator

    layer = LSTM(D, H, rng=5, dtype=dtype)
    sequence = {name: array.astype(dtype) for name, array in sequence.items()}
    path = tmp_path / "lstm.onnx"
    onnx.save(frameworks.onnx_model(layer), path)
    onnx.checker.check_model(path, full_check=True)
    feeds = sequence | {name: sequence[name][None] for name in ("h0", "c0")}
    h, h_last, c_last = ReferenceEvaluator(str(path)).run(None, feeds)
    trace = layer.forward(**sequence)
    for ours, theirs in ((trace.h, h), (trace.h[-1], h_last[0]), (trace.c[-1], c_last[0])):
        assert theirs.dtype == dtype and np.allclose(ours, theirs, rtol=0, atol=tolerance)
