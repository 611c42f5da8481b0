"""Bad input is refused in words: the argument, what it is, what is needed."""

import re

import numpy as np
import pytest

from lstm_helpers.cells import (
    GRU,
    LSTM,
    RNN,
    LSTMVariant,
    candidate,
    forget_gate,
    hidden_state,
    input_gate,
    lstm_step,
    output_gate,
    rnn_step,
    sigmoid,
    update_cell,
)
from lstm_helpers.cells.initialise import chrono_bias

STEPS, BATCH, INPUTS, HIDDEN = 5, 3, 4, 6
LAYERS = {"rnn": RNN, "lstm": LSTM, "gru": GRU, "variant": LSTMVariant}
both_layers = pytest.mark.parametrize("kind", ("rnn", "lstm"))


def refused(*parts):
    """Expect a ValueError with these parts in this order: the argument, what it has, what is needed."""
    return pytest.raises(ValueError, match="(?s)" + ".*".join(re.escape(part) for part in parts))


def spoiled(shape, value, place):
    array = np.ones(shape)
    array[place] = value
    return array


SEQUENCE = (STEPS, BATCH, INPUTS)
STATE, OUTPUT = (BATCH, HIDDEN), (STEPS, BATCH, HIDDEN)
BAD_X = {
    "rank 2": (np.ones((5, 3)), ("x has shape (5, 3)", "needs (T, B, D=4)")),
    "rank 4": (np.ones((5, 3, 4, 1)), ("x has shape (5, 3, 4, 1)", "needs (T, B, D=4)")),
    "a number": (1.0, ("x has shape ()", "needs (T, B, D=4)")),
    "other features": (np.ones((5, 3, 7)), ("x has shape (5, 3, 7)", "needs (T, B, D=4)")),
    "no steps": (np.ones((0, 3, 4)), ("x has shape (0, 3, 4)", "needs (T, B, D=4)", "at least 1")),
    "no batch": (np.ones((5, 0, 4)), ("x has shape (5, 0, 4)", "needs (T, B, D=4)", "at least 1")),
    "no features": (np.ones((5, 3, 0)), ("x has shape (5, 3, 0)", "needs (T, B, D=4)")),
    "integers": (np.ones(SEQUENCE, int), ("x has dtype int64", "needs floats")),
    "booleans": (np.ones(SEQUENCE, bool), ("x has dtype bool", "needs floats")),
    "objects": (np.ones(SEQUENCE, object), ("x has dtype object", "needs floats")),
    "complex": (np.ones(SEQUENCE, complex), ("x has dtype complex128", "needs floats")),
    "words": (np.full(SEQUENCE, "a"), ("x has dtype <U1", "needs floats")),
    "other floats": (np.ones(SEQUENCE, np.float32), ("x has dtype float32", "float64", "np.float64")),
    "NaN": (spoiled(SEQUENCE, np.nan, (2, 1, 3)), ("x[2, 1, 3] is nan", "needs finite")),
    "infinity": (spoiled(SEQUENCE, np.inf, (4, 0, 0)), ("x[4, 0, 0] is inf", "needs finite")),
    "-infinity": (spoiled(SEQUENCE, -np.inf, (0, 0, 0)), ("x[0, 0, 0] is -inf", "needs finite")),
}


@both_layers
@pytest.mark.parametrize("bad", BAD_X)
def test_x(kind, bad):
    x, words = BAD_X[bad]
    with refused(*words):
        LAYERS[kind](INPUTS, HIDDEN).forward(x)


def bad_arrays(name, shape, called):
    """Return what may be wrong with an array of a fixed shape, and the words for it."""
    needs = f"{called} needs ({', '.join(map(str, shape))})"
    last = tuple(n - 1 for n in shape)
    at = ", ".join(map(str, last))
    return {
        "other batch": (np.ones((*shape[:-2], 2, HIDDEN)), (f"{name} has shape", "2, 6)", needs)),
        "other units": (np.ones((*shape[:-1], 7)), (f"{name} has shape", "3, 7)", needs)),
        "one axis less": (np.ones(shape[1:]), (f"{name} has shape", needs)),
        "one axis more": (np.ones((1, *shape)), (f"{name} has shape (1, ", needs)),
        "integers": (np.ones(shape, int), (f"{name} has dtype int64", "needs floats")),
        "objects": (np.ones(shape, object), (f"{name} has dtype object", "needs floats")),
        "other floats": (np.ones(shape, np.float32), (f"{name} has dtype float32", "float64", "np.float64")),
        "NaN": (spoiled(shape, np.nan, last), (f"{name}[{at}] is nan", "needs finite")),
        "infinity": (spoiled(shape, np.inf, last), (f"{name}[{at}] is inf", "needs finite")),
    }


FAULTS = list(bad_arrays("", STATE, ""))
STATES = [*((kind, "h0") for kind in LAYERS), ("lstm", "c0"), ("variant", "c0")]
BAD_STATES = [(kind, name, bad) for kind, name in STATES for bad in FAULTS]
BAD_LASTS = [(kind, f"d{name[0]}_last", bad) for kind, name, bad in BAD_STATES]


@pytest.mark.parametrize(("kind", "name", "bad"), BAD_STATES)
def test_initial_states(kind, name, bad):
    state, words = bad_arrays(name, STATE, "forward")[bad]
    with refused(*words):
        LAYERS[kind](INPUTS, HIDDEN).forward(np.ones(SEQUENCE), **{name: state})


@both_layers
@pytest.mark.parametrize("bad", [*bad_arrays("dh", OUTPUT, "backward"), "other steps"])
def test_dh(kind, bad):
    more = {"other steps": (np.ones((4, BATCH, HIDDEN)), ("dh has shape (4, 3, 6)", "backward needs (5, 3, 6)"))}
    dh, words = (bad_arrays("dh", OUTPUT, "backward") | more)[bad]
    layer = LAYERS[kind](INPUTS, HIDDEN)
    with refused(*words):
        layer.backward(layer.forward(np.ones(SEQUENCE)), dh)


@pytest.mark.parametrize(("kind", "name", "bad"), BAD_LASTS)
def test_gradients_of_last_states(kind, name, bad):
    gradient, words = bad_arrays(name, STATE, "backward")[bad]
    layer = LAYERS[kind](INPUTS, HIDDEN)
    with refused(*words):
        layer.backward(layer.forward(np.ones(SEQUENCE)), None, **{name: gradient})


BAD_MASKS = {
    "batch first": (np.ones((BATCH, STEPS)), ("mask has shape (3, 5)", "forward needs (5, 3)")),
    "other batch": (np.ones((STEPS, 2)), ("mask has shape (5, 2)", "forward needs (5, 3)")),
    "one axis": (np.ones(STEPS), ("mask has shape (5,)", "forward needs (5, 3)")),
    "three axes": (np.ones((STEPS, BATCH, 1)), ("mask has shape (5, 3, 1)", "forward needs (5, 3)")),
    "two": (spoiled((STEPS, BATCH), 2, (1, 1)), ("mask holds 2", "needs 0", "and 1")),
    "a half": (spoiled((STEPS, BATCH), 0.5, (1, 1)), ("mask holds 0.5", "needs 0", "and 1")),
    "minus one": (spoiled((STEPS, BATCH), -1, (1, 1)), ("mask holds -1", "needs 0", "and 1")),
    "NaN": (spoiled((STEPS, BATCH), np.nan, (1, 1)), ("mask holds nan", "needs 0", "and 1")),
    "objects": (np.full((STEPS, BATCH), None), ("mask holds None", "needs 0", "and 1")),
    "words": (np.full((STEPS, BATCH), "on"), ("mask holds on", "needs 0", "and 1")),
}


@both_layers
@pytest.mark.parametrize("bad", BAD_MASKS)
def test_mask(kind, bad):
    mask, words = BAD_MASKS[bad]
    with refused(*words):
        LAYERS[kind](INPUTS, HIDDEN).forward(np.ones(SEQUENCE), mask=mask)


@both_layers
@pytest.mark.parametrize("size", [0, -1, 2.5, 3.0, True, "3", None])
@pytest.mark.parametrize("name", ["input_size", "hidden_size"])
def test_sizes(kind, name, size):
    with refused(f"{name} is {size!r}", "whole number of at least 1"):
        LAYERS[kind](**({"input_size": 3, "hidden_size": 3} | {name: size}))


@both_layers
def test_a_size_may_be_a_numpy_integer(kind):
    assert LAYERS[kind](np.int64(3), np.int32(4)).params["W_x"].shape[-2:] == (3, 4)


@both_layers
@pytest.mark.parametrize("init", ["glorot", "", None, 1])
def test_init(kind, init):
    with refused(f"init is {init!r}", "needs", "orthogonal", "uniform"):
        LAYERS[kind](3, 4, init=init)


@both_layers
@pytest.mark.parametrize("dtype", ["int64", "float16", "complex128", ">f8", "banana", int, np.float16, 3])
def test_dtype(kind, dtype):
    with refused("dtype is", str(dtype), "needs float64 or float32"):
        LAYERS[kind](3, 4, dtype=dtype)


@pytest.mark.parametrize("activation", ["sigmoid", "Tanh", None])
def test_activation(activation):
    with refused(f"activation is {activation!r}", "needs", "tanh", "relu", "linear"):
        RNN(3, 4, activation=activation)


@pytest.mark.parametrize("longest", [2, 1, 0, -5])
def test_chrono(longest):
    for draw in (lambda: LSTM(3, 4, chrono=longest), lambda: chrono_bias(longest, 4)):
        with refused(f"chrono is {longest}", "needs at least 3"):
            draw()


GATE = {"x": (3, 4), "h_prev": (3, 6), "W_x": (4, 6), "W_h": (6, 6), "b": (6,)}
GATE_FUNCTIONS = [input_gate, forget_gate, candidate, output_gate, rnn_step]
NEEDED_BY = {"x": "a step", "h_prev": "a step, given this x,", "W_x": "a step, given these x and h_prev,",
             "W_h": "a step, given this h_prev,", "b": "a step, given this h_prev,"}
BAD_GATE = [
    ("x", (4,), "(B, D)"), ("x", (3, 4, 1), "(B, D)"),
    ("h_prev", (6,), "(3, H)"), ("h_prev", (2, 6), "(3, H)"),
    ("W_x", (5, 6), "(4, 6)"), ("W_x", (6, 4), "(4, 6)"), ("W_x", (4, 4, 6), "(4, 6)"),
    ("W_h", (6, 5), "(6, 6)"), ("W_h", (4, 6, 6), "(6, 6)"),
    ("b", (5,), "(6,)"), ("b", (1, 6), "(6,)"),
]


@pytest.mark.parametrize("function", GATE_FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize(("name", "shape", "needed"), BAD_GATE)
def test_shapes_of_a_gate(function, name, shape, needed):
    with refused(f"{name} has shape {shape}; {NEEDED_BY[name]} needs {needed}"):
        function(**{key: np.ones(shape if key == name else size) for key, size in GATE.items()})


@pytest.mark.parametrize("function", GATE_FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", GATE)
@pytest.mark.parametrize("dtype", [int, object])
def test_dtypes_of_a_gate(function, name, dtype):
    with refused(f"{name} has dtype", np.dtype(dtype).name, "needs floats"):
        function(**{key: np.ones(size, dtype if key == name else float) for key, size in GATE.items()})


LSTM_STEP = {"x": (3, 4), "h_prev": (3, 6), "c_prev": (3, 6), "W_x": (4, 4, 6), "W_h": (4, 6, 6), "b": (4, 6)}


@pytest.mark.parametrize(("name", "shape", "needed"), [
    ("x", (3, 4, 1), "(B, D)"), ("h_prev", (2, 6), "(3, H)"), ("c_prev", (3, 5), "(3, 6)"), ("c_prev", (6,), "(3, 6)"),
    ("W_x", (3, 4, 6), "(4, "), ("W_h", (24, 6), "(4, "), ("b", (24,), "(4, "), ("b", (1, 6), "(4, ")])
def test_shapes_of_a_step(name, shape, needed):
    with refused(f"{name} has shape {shape}", "needs", needed):
        lstm_step(**{key: np.ones(shape if key == name else size) for key, size in LSTM_STEP.items()})


@pytest.mark.parametrize("name", ["c_prev", "i", "g"])
def test_shapes_of_update_cell(name):
    with refused(f"{name} has shape (1, 6); update_cell, given this f, needs (3, 6)"):
        update_cell(**{key: np.ones((1, 6) if key == name else (3, 6)) for key in ("f", "c_prev", "i", "g")})


def test_shapes_of_hidden_state():
    with refused("c has shape (6,); hidden_state, given this o, needs (3, 6)"):
        hidden_state(np.ones((3, 6)), np.ones(6))


@pytest.mark.parametrize("z", [3, np.ones(3, int), np.ones(3, object), np.array(["a"])])
def test_sigmoid_of_no_float(z):
    with refused("z has dtype", str(np.asarray(z).dtype), "needs floats"):
        sigmoid(z)


@both_layers
def test_large_numbers_are_finite_even_where_their_sum_is_not(kind):
    layer = LAYERS[kind](INPUTS, HIDDEN, dtype=np.float32)
    layer.params["W_x"] *= 0
    assert np.isfinite(layer.forward(np.full(SEQUENCE, np.finfo(np.float32).max)).h).all()


@both_layers
def test_a_nan_hidden_by_infinities_of_both_signs(kind):
    x = np.ones(SEQUENCE)
    x[1], x[3] = np.inf, -np.inf
    with refused("x[1, 0, 0] is inf", "needs finite"):
        LAYERS[kind](INPUTS, HIDDEN).forward(x)


def trace_of(layer):
    return layer.forward(np.zeros((2, 1, layer.input_size), layer.dtype))


@pytest.mark.parametrize(("layer", "other", "found"), [
    (LSTM(2, 3), RNN(2, 3), "trace is a RNNTrace"),
    (RNN(2, 3), LSTM(2, 3), "trace is a LSTMTrace"),
    (LSTM(2, 3), LSTM(4, 3), "D=4, H=3, float64"),
    (RNN(2, 3), RNN(2, 5), "D=2, H=5, float64"),
    (LSTM(2, 3), LSTM(2, 3, dtype=np.float32), "D=2, H=3, float32"),
], ids=str)
def test_backward_refuses_a_trace_of_another_layer(layer, other, found):
    with pytest.raises(ValueError, match=found) as error:
        layer.backward(trace_of(other), None)
    assert f"needs a trace of {layer!r}"[:-len(", dtype=float64)")] in str(error.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_bias_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^forget_bias is .*; needs finite numbers$"):
        LSTM(2, 3, forget_bias=value)
    with pytest.raises(ValueError, match=r"^forget_bias is .*; needs finite numbers$"), np.errstate(over="ignore"):
        LSTM(2, 3, forget_bias=1e39, dtype=np.float32)      # finite as a float64 only
    with pytest.raises(ValueError, match=r"^chrono is .*; needs at least 3 steps"):
        LSTM(2, 3, chrono=value)


@pytest.mark.parametrize("name", ["x", "h_prev"])
def test_a_step_refuses_nan(name):
    arrays = {"x": np.zeros((1, 2)), "h_prev": np.zeros((1, 3))}
    arrays[name][0, 1] = np.nan
    with pytest.raises(ValueError, match=rf"{name}\[0, 1\] is nan"):
        rnn_step(arrays["x"], arrays["h_prev"], np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3))


@pytest.mark.parametrize(("shape", "words"), [((5, 3), ""), ((0, 3, 4), " with T, B at least 1")])
def test_only_an_empty_x_is_told_to_have_a_step(shape, words):
    message = f"x has shape {shape}; forward needs (T, B, D=4){words}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RNN(INPUTS, HIDDEN).forward(np.ones(shape))


def test_a_layer_in_float32_asks_for_float32():
    message = ("x has dtype float64; this layer computes in float32. "
               "Convert x with .astype(np.float32) or make the layer with that dtype")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        RNN(INPUTS, HIDDEN, dtype=np.float32).forward(np.ones(SEQUENCE))
