"""Weights to other frameworks and back, and what the others compute with them."""

import numpy as np
import pytest

from lstm_helpers import frameworks
from lstm_helpers.cells import GRU, LSTM, RNN, Bidirectional, LSTMVariant, RecurrentDropout, Stacked, Zoneout
from lstm_helpers.cells.container import last_state

D, H, T, B = 3, 5, 7, 2


def ways(kind=LSTM, inputs=D, hidden=H, dtype=np.float64):
    return Bidirectional(kind(inputs, hidden, dtype=dtype), kind(inputs, hidden, rng=1, dtype=dtype))


LAYERS = {   # beside a single LSTM: how each is made, of a dtype
    "GRU": lambda dtype: GRU(D, H, dtype=dtype),
    "RNN": lambda dtype: RNN(D, H, dtype=dtype),
    "both ways": lambda dtype: ways(dtype=dtype),
    "both ways, GRU": lambda dtype: ways(GRU, dtype=dtype),
    "a stack": lambda dtype: Stacked([LSTM(D, H, dtype=dtype), LSTM(H, H, dtype=dtype), LSTM(H, H, dtype=dtype)], dropout=0.5),
    "a stack of both ways": lambda dtype: Stacked([ways(dtype=dtype), ways(inputs=2 * H, dtype=dtype)]),
    "a stack of both ways, RNN": lambda dtype: Stacked([ways(RNN, dtype=dtype), ways(RNN, 2 * H, dtype=dtype)]),
}


def drawn(make, dtype=np.float64):
    """Return a layer with every parameter random, biases too."""
    layer, rng = make(dtype), np.random.default_rng(6)
    for array in layer.params.values():
        array[:] = rng.normal(0, 0.5, array.shape)
    return layer


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


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("framework", WAYS)
def test_more_layers_there_and_back(framework, kind):
    params, (there, back) = drawn(LAYERS[kind]).params, WAYS[framework]
    options = {"bidirectional": True} if framework == "keras" and "both ways" in kind else {}
    returned = back(there(dict(reversed(params.items()))), **options)
    assert list(returned) == list(params)
    assert all(np.array_equal(returned[name], params[name]) for name in returned)


def test_one_layer_out_of_a_module_of_many():
    layer = drawn(LAYERS["a stack of both ways"])
    state = frameworks.to_torch(layer.params)
    for n, part in enumerate(layer.layers):
        alone = frameworks.from_torch(state, layer=n)
        assert alone.keys() == part.params.keys() and all(np.array_equal(alone[name], part.params[name]) for name in alone)
        assert all(np.array_equal(array, state[name]) for name, array in frameworks.to_torch(part.params, layer=n).items())


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


def test_the_gates_of_a_gru_stand_in_the_order_of_each():
    numbered = {"W_x": np.repeat([1.0, 2, 3], D * H).reshape(3, D, H), "W_h": np.zeros((3, H, H)),
                "b": np.repeat([1.0, 2, 3], H).reshape(3, H), "b_h": np.full(H, 4.0)}     # r is 1, z 2, n 3
    state, (kernel, _, bias), onnx = (to(numbered) for to, _ in WAYS.values())
    assert state["weight_ih_l0"][::H, 0].tolist() == state["bias_ih_l0"][::H].tolist() == [1, 2, 3]
    assert state["bias_hh_l0"][::H].tolist() == [0, 0, 4]
    assert kernel[0, ::H].tolist() == [2, 1, 3] and bias[:, ::H].tolist() == [[2, 1, 3], [0, 0, 4]]
    assert onnx["W"][0, ::H, 0].tolist() == [2, 1, 3] and onnx["B"][0, ::H].tolist() == [2, 1, 3, 0, 0, 4]


def test_keras_has_all_of_a_layer_forwards_before_backwards():
    layer = drawn(LAYERS["a stack of both ways"])
    expected = [array for part in layer.layers for way in (part.forwards, part.backwards)
                for array in frameworks.to_keras(way.params)]
    for found, array in zip(frameworks.to_keras(layer.params), expected, strict=True):
        assert np.array_equal(found, array)


@pytest.mark.parametrize("kind", ["an LSTM", *LAYERS])
def test_nothing_is_shared_with_what_came_in(kind):
    params = drawn(({"an LSTM": lambda dtype: LSTM(D, H, dtype=dtype)} | LAYERS)[kind]).params
    kept = {name: array.copy() for name, array in params.items()}
    for framework, (there, back) in WAYS.items():
        made = there(params)
        returned = back(made, **({"bidirectional": True} if framework == "keras" and "both ways" in kind else {}))
        for array in [*(made.values() if isinstance(made, dict) else made), *returned.values()]:
            array += 1
        assert all(np.array_equal(kept[name], params[name]) for name in kept)


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
    (lambda: frameworks.to_onnx({"W_x": np.zeros((2, 2, 3)), "W_h": np.zeros((2, 3, 3)), "b": np.zeros((2, 3))}),
     "W_x has shape (2, 2, 3); an LSTM needs (4, D, H)"),
    (lambda: frameworks.to_torch(LSTM(D, H)), "params is a LSTM; to_torch needs a dict of arrays by name"),
    (lambda: frameworks.to_torch({}), "W_x, W_h, b is missing"),
    (lambda: frameworks.to_torch(LSTMVariant(D, H, variant="peepholes").params), "params holds 'p'; to_torch needs those of"),
    (lambda: frameworks.to_keras({"0.0.W_x": 0}), "params holds '0.0.W_x'; to_keras needs those of an LSTM, GRU or RNN"),
    (lambda: frameworks.to_keras({f"1.{name}": array for name, array in LSTM(D, H).params.items()}), "params is of layers 1; "),
    (lambda: frameworks.to_onnx({"forwards.W_x": 0}), "params is of forwards; to_onnx needs forwards and backwards, or neither"),
    (lambda: frameworks.to_onnx(LSTM(D, H).params | {"b_h": np.zeros(H)}), "params holds W_x, W_h, b, b_h; the LSTM"),
    (lambda: frameworks.to_onnx(Bidirectional(LSTM(D, H), GRU(D, 2)).params),
     "params is of LSTM of H=5 both ways, GRU of H=2 both ways; to_onnx needs forwards and backwards, for one operator of ONNX,"),
    (lambda: frameworks.to_torch(Stacked([LSTM(D, H), LSTM(H, 2)]).params),
     "params is of LSTM of H=5, LSTM of H=2; to_torch needs all layers"),
    (lambda: frameworks.to_torch(Stacked([ways(), LSTM(2 * H, H)]).params), "LSTM of H=5 both ways, LSTM of H=5; to_torch"),
    (lambda: frameworks.from_torch({"weight_ih_l1": 0}), "weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 is missing"),
    (lambda: frameworks.from_torch(frameworks.to_torch(ways().params) | {"weight_hh_l0_reverse": np.zeros((40, H))}),
     "weight_hh_l0_reverse has shape (40, 5); an LSTM, GRU or RNN needs (4H, H), (3H, H) or (H, H)"),
    (lambda: frameworks.from_torch(frameworks.to_torch(LSTM(D, H).params) | {"bias_hh_l0": np.zeros(H)}),
     "bias_hh_l0 has shape (5,); the LSTM of H=5 in weight_hh_l0 needs (20,)"),
    (lambda: frameworks.from_keras(frameworks.to_keras(LSTM(D, H).params), bidirectional=True), "forwards and backwards"),
    (lambda: frameworks.from_keras([np.zeros((2, 6)), np.zeros((2, 6)), np.zeros(6)]), "a GRU, with reset_after=True as ours,"),
    (lambda: frameworks.from_keras([0, 1]), "weights holds 2 arrays"),
    (lambda: frameworks.from_keras([np.zeros((2, 6)), np.zeros((2, 8)), np.zeros(8)]), "kernel.T has shape (6, 2)"),
    (lambda: frameworks.from_onnx({"W": np.zeros((3, 4, 1)), "R": np.zeros((3, 4, 1)), "B": np.zeros((3, 8))}),
     "one direction"),
    (lambda: frameworks.from_onnx(frameworks.to_onnx(ways().params) | {"B": np.zeros((1, 40))}), "B has shape (1, 40); "),
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


def stored(model, folder):
    """Return where a model was stored, after onnx's checker accepted the file."""
    import onnx
    onnx.save(model, folder / "model.onnx")
    onnx.checker.check_model(folder / "model.onnx", full_check=True)
    return folder / "model.onnx"


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-12)])
def test_onnx_accepts_the_model_and_computes_the_same(dtype, tolerance, layer, sequence, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed: its checker and reference evaluator are not tried")
    from onnx.reference import ReferenceEvaluator

    layer = LSTM(D, H, rng=5, dtype=dtype)
    sequence = {name: array.astype(dtype) for name, array in sequence.items()}
    path = stored(frameworks.onnx_model(layer), tmp_path)
    feeds = sequence | {name: sequence[name][None] for name in ("h0", "c0")}
    h, h_last, c_last = ReferenceEvaluator(str(path)).run(None, feeds)
    trace = layer.forward(**sequence)
    for ours, theirs in ((trace.h, h), (trace.h[-1], h_last[0]), (trace.c[-1], c_last[0])):
        assert theirs.dtype == dtype and np.allclose(ours, theirs, rtol=0, atol=tolerance)


def operators_that_read_lengths():
    """Return the operators of onnx's reference evaluator, taught what they leave out, `sequence_lens`."""
    from onnx.reference.ops import op_gru, op_lstm, op_rnn

    def taught(operator):
        def _run(self, X, W, R, B=None, sequence_lens=None, *states, **attributes):
            if sequence_lens is None:
                return operator._run(self, X, W, R, B, None, *states, **attributes)
            each = [operator._run(self, X[:n, [b]], W, R, B, **attributes) for b, n in enumerate(sequence_lens)]
            Y, *lasts = zip(*each, strict=True)
            padded = [np.pad(steps, [(0, len(X) - len(steps)), (0, 0), (0, 0), (0, 0)]) for steps in Y]
            return np.concatenate(padded, axis=2), *(np.concatenate(last, axis=1) for last in lasts)

        name = operator.__name__.partition("_")[0]
        return type(name, (operator,), {"_run": _run, "op_domain": ""})

    return [taught(operator) for operator in (op_lstm.LSTM, op_gru.GRU, op_rnn.RNN_14)]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("kind", [kind for kind in LAYERS if len(kind) > 3])
def test_onnx_computes_the_same_in_more_layers_with_lengths_for_masks(kind, dtype, tolerance, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed: models of stacks and of both ways are not tried")
    from onnx.reference import ReferenceEvaluator

    layer = drawn(LAYERS[kind], dtype)
    path = stored(frameworks.onnx_model(layer), tmp_path)
    x = np.random.default_rng(3).standard_normal((T, B, D)).astype(dtype)
    for lengths in ((T, T), (T, 4), (1, T - 1)):
        mask = (np.arange(T)[:, None] < lengths).astype(int)
        own = ReferenceEvaluator(str(path), new_ops=operators_that_read_lengths())
        found = [own.run(None, {"x": x, "lengths": np.array(lengths, np.int32)})]
        if lengths == (T, T):                                           # the evaluator as it is takes every step
            found.append(ReferenceEvaluator(str(path)).run(None, {"x": x, "lengths": np.array(lengths, np.int32)}))
        trace = layer.forward(x, mask=mask)
        for h, last in found:
            assert h.dtype == last.dtype == dtype
            np.testing.assert_allclose(trace.h * mask[:, :, None], h, rtol=0, atol=tolerance)
            np.testing.assert_allclose(last_state(trace), last, rtol=0, atol=tolerance)


@pytest.mark.parametrize("make", [LAYERS["GRU"], LAYERS["RNN"]], ids=["GRU", "RNN"])
def test_onnx_computes_the_same_in_a_gru_and_an_rnn(make, sequence, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed: models of a GRU and an RNN are not tried")
    from onnx.reference import ReferenceEvaluator

    layer, states = drawn(make), {"x": sequence["x"], "h0": sequence["h0"]}
    h, h_last = ReferenceEvaluator(str(stored(frameworks.onnx_model(layer), tmp_path))).run(
        None, states | {"h0": sequence["h0"][None]})
    trace = layer.forward(**states)
    np.testing.assert_allclose(trace.h, h, rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.h[-1], h_last[0], rtol=0, atol=1e-12)


def test_a_model_is_of_the_layer_out_of_training():
    pytest.importorskip("onnx", reason="onnx is not installed: models are not made")
    one, two = LSTM(D, H), LSTM(H, H, rng=1)
    plain, dropped = (frameworks.onnx_model(layer).graph for layer in (
        Stacked([one, two]), Stacked([RecurrentDropout(one, 0.5), RecurrentDropout(two, 0.5)], dropout=0.5)))
    assert plain == dropped
    relu = frameworks.onnx_model(Bidirectional(RNN(D, H, activation="relu"), RNN(D, H, rng=1)))
    [activations] = [attribute.strings for attribute in relu.graph.node[0].attribute if attribute.name == "activations"]
    assert list(activations) == [b"Relu", b"Tanh"]


@pytest.mark.parametrize("layer", [
    5, LSTM, Zoneout(LSTM(D, H), 0.1), LSTMVariant(D, H), RNN(D, H, activation="linear"),
    Bidirectional(Stacked([LSTM(D, H)]), LSTM(D, H)), Stacked([Zoneout(LSTM(D, H), 0.1)])], ids=repr)
def test_what_onnx_has_no_operator_for_is_refused(layer):
    pytest.importorskip("onnx", reason="onnx is not installed: models are not made")
    with pytest.raises(ValueError, match=r"layer is or holds .*; onnx_model needs an LSTM, a GRU, an RNN with tanh or relu"):
        frameworks.onnx_model(layer)
