"""The layers against PyTorch's, outputs and every gradient."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.cells import LSTM, RNN

from .cases import all_gradients, draw_case, state_names

torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity with nn.RNN and nn.LSTM is not tested")
packing = torch.nn.utils.rnn

TOLERANCE = {"rtol": 1e-10, "atol": 1e-10}
kinds = pytest.mark.parametrize("make", [RNN, partial(RNN, activation="relu"), LSTM], ids=["tanh", "relu", "lstm"])
shapes = st.fixed_dictionaries({"steps": st.integers(1, 20), "batch": st.integers(1, 6), "inputs": st.integers(1, 8),
                                "hidden": st.integers(1, 9), "seed": st.integers(0, 2**32)})
over_shapes = settings(max_examples=40, deadline=None, derandomize=True)


def to_torch(layer):
    """Return PyTorch's layer with the same weights; its second bias is zero."""
    sizes = layer.input_size, layer.hidden_size
    twin = torch.nn.LSTM(*sizes) if isinstance(layer, LSTM) else torch.nn.RNN(*sizes, nonlinearity=layer.activation)
    twin = twin.double()
    hidden = layer.hidden_size
    with torch.no_grad():
        for ours, theirs in (("W_x", "weight_ih_l0"), ("W_h", "weight_hh_l0")):
            weights = np.reshape(layer.params[ours], (-1, *layer.params[ours].shape[-2:]))        # (1 or 4, n, H)
            getattr(twin, theirs).copy_(torch.tensor(weights.transpose(0, 2, 1).reshape(len(weights) * hidden, -1)))
        twin.bias_ih_l0.copy_(torch.tensor(layer.params["b"].ravel()))
        twin.bias_hh_l0.zero_()
    return twin


def from_torch(gradient, shape):
    """Return a gradient of PyTorch's weights (4H, n) in our shape (4, n, H), or (H, n) as (n, H)."""
    gradient = gradient.numpy()
    if gradient.ndim == 1:
        return gradient.reshape(shape)
    return gradient.reshape(-1, shape[-1], shape[-2]).transpose(0, 2, 1).reshape(shape)


def run_torch(case, lengths=None):
    """Return PyTorch's outputs, last states, and gradients of inputs and parameters, by our names."""
    twin, names = to_torch(case.layer), state_names(case.layer)
    inputs = {name: torch.tensor(array, requires_grad=True) for name, array in case.inputs.items()}
    states = tuple(inputs[f"{name}0"][None] for name in names)
    sequence = inputs["x"]
    if lengths is not None:
        sequence = packing.pack_padded_sequence(sequence, lengths, enforce_sorted=False)
    h, last = twin(sequence, states if len(names) == 2 else states[0])
    if lengths is not None:
        h, _ = packing.pad_packed_sequence(h, total_length=len(case.inputs["x"]))
    last = dict(zip(names, last if len(names) == 2 else (last,), strict=True))
    loss = (h * torch.tensor(case.upstream["dh"])).sum()
    for name in names:
        loss = loss + (last[name][0] * torch.tensor(case.upstream[f"d{name}_last"])).sum()
    loss.backward()
    gradients = {name: tensor.grad.numpy() for name, tensor in inputs.items()}
    for name, theirs in (("W_x", "weight_ih_l0"), ("W_h", "weight_hh_l0"), ("b", "bias_ih_l0")):
        gradients[name] = from_torch(getattr(twin, theirs).grad, case.layer.params[name].shape)
    return h.detach().numpy(), {name: tensor[0].detach().numpy() for name, tensor in last.items()}, gradients


def assert_same(case, lengths=None):
    h, last, gradients = run_torch(case, lengths)
    trace, grads = case.forward(), case.backward()
    taken = 1 if case.mask is None else case.mask[:, :, None]
    np.testing.assert_allclose(trace.h * taken, h, **TOLERANCE)
    for name, array in last.items():
        np.testing.assert_allclose(getattr(trace, name)[-1], array, **TOLERANCE, err_msg=name)
    for name, array in gradients.items():
        np.testing.assert_allclose(all_gradients(grads)[name], array, **TOLERANCE, err_msg=f"gradient of {name}")


@kinds
@over_shapes
@given(sizes=shapes)
def test_outputs_and_gradients_are_pytorchs(make, sizes):
    assert_same(draw_case(make, **sizes))


@kinds
@over_shapes
@given(sizes=shapes, data=st.data())
def test_a_mask_does_what_packing_does(make, sizes, data):
    case = draw_case(make, **sizes)
    length = st.integers(1, sizes["steps"])
    lengths = np.array([data.draw(length) for _ in range(sizes["batch"])])
    case.mask = (np.arange(sizes["steps"])[:, None] < lengths).astype(int)
    case.upstream["dh"] = case.upstream["dh"] * case.mask[:, :, None]   # PyTorch pads its outputs with constants
    assert_same(case, torch.tensor(lengths))


def test_a_long_sequence_is_pytorchs_too():
    assert_same(draw_case(LSTM, 200, batch=9, inputs=4, hidden=11))


def test_uniform_weights_have_pytorchs_range():
    theirs = torch.nn.LSTM(20, 100)
    ours = LSTM(20, 100, init="uniform", forget_bias=None)
    for name, array in (("W_x", theirs.weight_ih_l0), ("W_h", theirs.weight_hh_l0)):
        assert np.isclose(np.abs(ours.params[name]).max(), array.detach().abs().max().item(), rtol=0.01)
