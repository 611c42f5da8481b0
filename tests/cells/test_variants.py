"""Variants of the LSTM: gradients of each, the plain one against LSTM, peepholes against PyTorch and ONNX."""

import itertools
import re
from functools import partial

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, VARIANTS, LSTMVariant
from lstm_helpers.learning import Adam, Linear, Network, load_checkpoint, save_checkpoint, train

from .cases import Case, all_gradients, draw_case
from .contract import assert_gradients, echo

EXACT = {"rtol": 1e-12, "atol": 1e-12}
GATES_AWAY = {"no input gate": "i", "no forget gate": "f", "no output gate": "o"}
WRONG = ({"coupled", "no input gate"}, {"coupled", "no forget gate"})
PAIRS = [pair for pair in itertools.combinations(VARIANTS, 2) if set(pair) not in WRONG]
THREE_GATES = tuple(GATES_AWAY)
TOGETHER = [*PAIRS, THREE_GATES, ("peepholes", "layer norm", "coupled", "no output activation")]
both = pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])


def variant_case(variant, steps, batch=3, inputs=2, hidden=4, **options):
    """Draw a case whose gains and peepholes are well above 0."""
    case = draw_case(partial(LSTMVariant, variant=variant), steps, batch, inputs, hidden, **options)
    for array in case.layer.params.values():
        array += 0.5
    return case


@pytest.mark.parametrize("variant", TOGETHER, ids=str)
def test_every_gradient_of_changes_together(variant):
    assert_gradients(variant_case(variant, 3, masked=True), most=6)


@both
def test_the_plain_one_is_the_lstm(masked):
    case = draw_case(LSTM, 12, batch=4, inputs=3, hidden=5, masked=masked)
    twin = LSTMVariant(3, 5)
    twin.params = case.layer.params
    again = Case(twin, case.inputs, case.mask, case.upstream)
    trace, other = case.forward(), again.forward()
    for name in ("i", "f", "g", "o", "c", "h"):
        np.testing.assert_allclose(getattr(other, name), getattr(trace, name), **EXACT, err_msg=name)
    grads = all_gradients(case.backward())
    assert grads.keys() == all_gradients(again.backward()).keys()
    for name, array in all_gradients(again.backward()).items():
        np.testing.assert_allclose(array, grads[name], **EXACT, err_msg=name)


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_seed_gives_the_weights_of_the_lstm(variant):
    options = {"rng": 5, "forget_bias": 2.0, "init": "uniform"}
    layer, lstm = LSTMVariant(3, 4, variant, **options), LSTM(3, 4, **options)
    for name in ("W_x", "W_h", "b"):
        for slab, gate in zip(layer.params[name], layer.gates, strict=True):
            np.testing.assert_array_equal(slab, lstm.params[name]["ifgo".index(gate)])


def test_its_changes_in_words():
    assert LSTMVariant(3, 4).variant == "plain"
    assert LSTMVariant(3, 4, {"coupled", "peepholes"}).variant == "peepholes, coupled"


def test_peepholes_start_shut():
    x = np.random.default_rng(0).standard_normal((6, 2, 3))
    np.testing.assert_allclose(LSTMVariant(3, 4, "peepholes").forward(x).h, LSTM(3, 4).forward(x).h, **EXACT)


@pytest.mark.parametrize(("variant", "gate"), GATES_AWAY.items())
def test_a_gate_that_is_not_there_is_one_and_has_no_weights(variant, gate):
    case = variant_case({variant, "peepholes"}, 4)
    np.testing.assert_array_equal(getattr(case.forward(), gate), 1)
    assert gate not in case.layer.gates
    assert [len(case.layer.params[name]) for name in ("W_x", "W_h", "b", "p")] == [3, 3, 3, 2]


def test_no_gate_is_the_lstm_with_that_gate_driven_open():
    for variant, gate in GATES_AWAY.items():
        layer, lstm = LSTMVariant(3, 4, variant, rng=1), LSTM(3, 4, rng=1)
        lstm.params["b"]["ifgo".index(gate)] = 1000
        x = np.random.default_rng(0).standard_normal((6, 2, 3))
        np.testing.assert_allclose(layer.forward(x).h, lstm.forward(x).h, **EXACT)


def test_coupled_gates_add_up_to_one():
    trace = variant_case("coupled", 4).forward()
    np.testing.assert_array_equal(trace.i + trace.f, 1)
    np.testing.assert_allclose(trace.c[1], trace.f[1] * trace.c[0] + (1 - trace.f[1]) * trace.g[1], **EXACT)


def test_without_activations_nothing_is_squashed():
    trace = variant_case(("no input activation", "no output activation"), 6).forward()
    assert np.abs(trace.g).max() > 1
    np.testing.assert_allclose(trace.h, trace.o * trace.c, **EXACT)


def test_layer_norm_by_hand():
    case = variant_case("layer norm", 1)
    p, x, h0, c0 = case.layer.params, case.inputs["x"][0], case.inputs["h0"], case.inputs["c0"]

    def norm(sums):
        return (sums - sums.mean(axis=1)[:, None]) / np.sqrt(sums.var(axis=1) + 1e-5)[:, None]

    z_i, z_f, z_g, z_o = (p["gain"][k] * norm(x @ p["W_x"][k] + h0 @ p["W_h"][k]) + p["b"][k] for k in range(4))
    i, f, o = (1 / (1 + np.exp(-z)) for z in (z_i, z_f, z_o))
    c = f * c0 + i * np.tanh(z_g)
    trace = case.forward()
    np.testing.assert_allclose(trace.c[0], c, **EXACT)
    np.testing.assert_allclose(trace.h[0], o * np.tanh(p["gain_c"] * norm(c) + p["shift_c"]), **EXACT)


def test_layer_norm_does_not_see_a_scale():
    case = variant_case("layer norm", 1)
    before = np.array(case.forward().h)
    case.layer.params["W_x"] *= 100
    case.layer.params["W_h"] *= 100
    np.testing.assert_allclose(case.forward().h, before, atol=1e-3)


NAMES = f"LSTMVariant needs names out of {', '.join(VARIANTS)}, or () for the plain LSTM"
COUPLED = 'variant is "coupled" and takes a gate away; LSTMVariant needs both gates for i = 1 - f'


@pytest.mark.parametrize(("variant", "hidden", "words"), [
    ("no gate", 3, f"variant has 'no gate'; {NAMES}"),
    (("peepholes", "gru", "b"), 3, f"variant has 'b', 'gru'; {NAMES}"),
    (WRONG[0], 3, COUPLED), (WRONG[1], 3, COUPLED), (VARIANTS, 3, COUPLED),
    ((*THREE_GATES, "peepholes"), 3, 'variant has "peepholes" and no gate; LSTMVariant needs a gate that looks through them'),
    ("layer norm", 1, 'hidden_size is 1; LSTMVariant needs at least 2 for "layer norm", as one unit is its own mean')])
def test_what_makes_no_sense_is_refused(variant, hidden, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        LSTMVariant(2, hidden, variant)


def test_a_checkpoint_of_another_variant_is_refused(tmp_path):
    net, other = (Network(LSTMVariant(2, 6, variant), Linear(6, 1)) for variant in ((), "no input activation"))
    history = train(net, echo, steps=1, progress=False)
    save_checkpoint(tmp_path / "plain.npz", net, history.optimiser, history)
    with pytest.raises(ValueError, match="variant"):
        load_checkpoint(tmp_path / "plain.npz", other, Adam(0.01))


def peephole_steps(torch, params, inputs):
    """Return all hidden states and all cell states of a peephole LSTM, written with tensors, which keep their gradients."""
    h, c, states = inputs["h0"], inputs["c0"], []
    for x in inputs["x"]:
        z = [x @ params["W_x"][k] + h @ params["W_h"][k] + params["b"][k] for k in range(4)]
        i, f = torch.sigmoid(z[0] + params["p"][0] * c), torch.sigmoid(z[1] + params["p"][1] * c)
        c = f * c + i * torch.tanh(z[2])
        h = torch.sigmoid(z[3] + params["p"][2] * c) * torch.tanh(c)
        for state in (h, c):
            state.retain_grad()
        states.append((h, c))
    return zip(*states, strict=True)


def test_peepholes_and_their_gradients_are_autograds():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: peepholes are not compared with its autograd")
    case = variant_case("peepholes", 9, inputs=3, hidden=5)
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in (case.layer.params | case.inputs).items()}
    h, c = peephole_steps(torch, tensors, tensors)
    sent = {name: torch.tensor(array) for name, array in case.upstream.items()}
    ((torch.stack(h) * sent["dh"]).sum() + (h[-1] * sent["dh_last"]).sum() + (c[-1] * sent["dc_last"]).sum()).backward()
    np.testing.assert_allclose(case.forward().h, torch.stack(h).detach().numpy(), **EXACT)
    theirs = {name: tensor.grad.numpy() for name, tensor in tensors.items()}
    theirs |= {name: np.array([state.grad.numpy() for state in states]) for name, states in (("h", h), ("c", c))}
    ours = all_gradients(case.backward())
    assert ours.keys() == theirs.keys()
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array, **EXACT, err_msg=name)


@pytest.mark.parametrize("steps", [1, 6])
def test_onnx_computes_the_same_with_peepholes(steps):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: parity with its LSTM with peepholes is not tested")
    from onnx.reference import ReferenceEvaluator

    from lstm_helpers.frameworks import to_onnx

    case = variant_case("peepholes", steps, batch=2, inputs=3, hidden=5)
    params, i_o_f = case.layer.params, [0, 2, 1]                        # ONNX's order of the peepholes, as places in ours
    weights = to_onnx({name: params[name] for name in ("W_x", "W_h", "b")}) | {"P": params["p"][i_o_f].reshape(1, -1)}
    feeds = {"X": case.inputs["x"]} | weights | {"h0": case.inputs["h0"][None], "c0": case.inputs["c0"][None]}
    node = onnx.helper.make_node("LSTM", ["X", "W", "R", "B", "", "h0", "c0", "P"], ["Y"], hidden_size=5)
    values = {name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, None) for name in [*feeds, "Y"]}
    graph = onnx.helper.make_graph([node], "peepholes", [values[name] for name in feeds], [values["Y"]])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)])
    np.testing.assert_allclose(case.forward().h, ReferenceEvaluator(model).run(None, feeds)[0][:, 0], **EXACT)
