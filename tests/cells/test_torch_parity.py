"""The layers against PyTorch's, outputs and every gradient."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers import frameworks
from lstm_helpers.cells import GRU, LSTM, RNN, Bidirectional, Stacked
from lstm_helpers.cells.container import last_state

from .cases import all_gradients, draw_case, state_names

torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity with nn.RNN, nn.LSTM and deep ones is not tested")
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


# --- layers one above the other, and both ways ---

INNER = {"lstm": LSTM, "gru": GRU, "tanh": RNN, "relu": partial(RNN, activation="relu")}
inner_kinds = pytest.mark.parametrize("kind", INNER.values(), ids=INNER)
depths = st.integers(1, 3)
fewer = settings(over_shapes, max_examples=20)


def make_deep(kind, inputs, hidden, depth, both, seed):
    """Return one layer, or as many above each other as `depth` says, one way or both ways, every parameter random."""
    def level(inputs):
        return Bidirectional(kind(inputs, hidden), kind(inputs, hidden)) if both else kind(inputs, hidden)

    layers = [level(inputs if n == 0 else hidden * (1 + both)) for n in range(depth)]
    layer, rng = layers[0] if depth == 1 else Stacked(layers), np.random.default_rng(seed)
    for array in layer.params.values():
        array[:] = rng.normal(0, 0.5, array.shape)
    return layer


def twin_of(layer, kind, inputs, hidden, depth, both):
    """Return PyTorch's module with the weights that `frameworks.to_torch` makes of ours."""
    made = kind(1, 1)
    options = {"nonlinearity": made.activation} if isinstance(made, RNN) else {}
    twin = getattr(torch.nn, type(made).__name__)(inputs, hidden, num_layers=depth, bidirectional=both, **options).double()
    twin.load_state_dict({name: torch.tensor(array) for name, array in frameworks.to_torch(layer.params).items()})
    return twin


def run_deep_torch(twin, x, dh, dh_last, lengths):
    """Return PyTorch's outputs, the last states of the highest layer's ways side by side, and the gradients by its names."""
    x = torch.tensor(x, requires_grad=True)
    sequence = x if lengths is None else packing.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    h, last = twin(sequence)
    if lengths is not None:
        h, _ = packing.pad_packed_sequence(h, total_length=len(x))
    last = last[0] if isinstance(last, tuple) else last                               # (depth · ways, B, H)
    last = torch.cat(list(last[-(1 + twin.bidirectional):]), dim=1)                   # (B, ways · H)
    ((h * torch.tensor(dh)).sum() + (last * torch.tensor(dh_last)).sum()).backward()
    return h.detach(), last.detach(), {"x": x.grad} | {name: weights.grad for name, weights in twin.named_parameters()}


def named_as_theirs(grads):
    """Return our gradients by PyTorch's names: that of a sum of two biases is that of each of them."""
    theirs = frameworks.to_torch(grads.params)
    for name in [name for name in theirs if name.startswith("bias_hh")]:
        ours = theirs[name.replace("hh", "ih")]
        theirs[name] = np.where(theirs[name] == 0, ours, theirs[name])                # of a GRU n's recurrent bias is its own
    return {"x": grads.x} | theirs


def assert_deep_same(kind, steps, batch, inputs, hidden, seed, depth, both, lengths=None):
    layer = make_deep(kind, inputs, hidden, depth, both, seed)
    twin, rng = twin_of(layer, kind, inputs, hidden, depth, both), np.random.default_rng(seed)
    mask = np.ones((steps, batch), int) if lengths is None else (np.arange(steps)[:, None] < lengths).astype(int)
    x, dh_last = rng.normal(size=(steps, batch, inputs)), rng.normal(size=(batch, layer.hidden_size))
    dh = rng.normal(size=(steps, batch, layer.hidden_size)) * mask[:, :, None]
    trace = layer.forward(x, mask=None if lengths is None else mask)
    ours, (h, last, theirs) = named_as_theirs(layer.backward(trace, dh, dh_last)), run_deep_torch(twin, x, dh, dh_last, lengths)
    np.testing.assert_allclose(trace.h * mask[:, :, None], h, **TOLERANCE)
    np.testing.assert_allclose(last_state(trace), last, **TOLERANCE)
    assert ours.keys() == theirs.keys()
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array, **TOLERANCE, err_msg=f"gradient of {name}")


@inner_kinds
@fewer
@given(sizes=shapes, depth=depths, both=st.booleans())
def test_stacks_and_both_ways_are_pytorchs(kind, sizes, depth, both):
    assert_deep_same(kind, **sizes, depth=depth, both=both)


@inner_kinds
@fewer
@given(sizes=shapes, depth=depths, both=st.booleans(), data=st.data())
def test_a_mask_does_what_packing_does_in_stacks_and_both_ways(kind, sizes, depth, both, data):
    lengths = np.array([data.draw(st.integers(1, sizes["steps"])) for _ in range(sizes["batch"])])
    assert_deep_same(kind, **sizes, depth=depth, both=both, lengths=lengths)


@inner_kinds
@pytest.mark.parametrize("lengths", [None, np.array([60, 1, 59, 30, 17])], ids=["all steps", "packed"])
def test_two_layers_both_ways_over_a_long_sequence(kind, lengths):
    assert_deep_same(kind, 60, 5, 4, 7, seed=0, depth=2, both=True, lengths=lengths)


def test_weights_of_pytorch_make_our_layers_compute_the_same():
    twin = torch.nn.LSTM(3, 5, num_layers=2, bidirectional=True).double()
    layer = make_deep(LSTM, 3, 5, depth=2, both=True, seed=1)
    for name, array in frameworks.from_torch(twin.state_dict()).items():
        layer.params[name][:] = array
    x = np.random.default_rng(2).normal(size=(9, 2, 3))
    np.testing.assert_allclose(layer.forward(x).h, twin(torch.tensor(x))[0].detach(), **TOLERANCE)
