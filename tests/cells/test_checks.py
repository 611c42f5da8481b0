"""Functions and settings that are not every layer's: what does not fit is refused in words."""


import numpy as np
import pytest

from lstm_helpers.cells import (
    LSTM,
    RNN,
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

from .refusals import refused


@pytest.mark.parametrize("activation", ["sigmoid", "Tanh", None])
def test_activation(activation):
    with refused(f'activation is {activation!r}; RNN needs "tanh", "relu" or "linear"'):
        RNN(3, 4, activation=activation)


@pytest.mark.parametrize("longest", [2, 1, 0, -5])
def test_chrono(longest):
    for draw in (lambda: LSTM(3, 4, chrono=longest), lambda: chrono_bias(longest, 4)):
        with refused(f"chrono is {longest}; LSTM needs at least 3 steps, since forget biases are drawn as log U(1, T-1)"):
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
    with refused(f"{name} has dtype {np.dtype(dtype)}; a step needs floats, such as {name}.astype(np.float64)"):
        function(**{key: np.ones(size, dtype if key == name else float) for key, size in GATE.items()})


LSTM_STEP = {"x": (3, 4), "h_prev": (3, 6), "c_prev": (3, 6), "W_x": (4, 4, 6), "W_h": (4, 6, 6), "b": (4, 6)}


@pytest.mark.parametrize(("name", "shape", "needed"), [
    ("x", (3, 4, 1), "a step needs (B, D)"), ("h_prev", (2, 6), "a step, given this x, needs (3, H)"),
    *(("c_prev", shape, "update_cell, given this f, needs (3, 6)") for shape in ((3, 5), (6,))),
    *((name, shape, "lstm_step needs one slab a gate, (4, …) in the order ('i', 'f', 'g', 'o')")
      for name, shape in (("W_x", (3, 4, 6)), ("W_h", (24, 6)), ("b", (24,)), ("b", (1, 6))))])
def test_shapes_of_a_step(name, shape, needed):
    with refused(f"{name} has shape {shape}; {needed}"):
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
    with refused(f"z has dtype {np.asarray(z).dtype}; sigmoid needs floats, such as z.astype(np.float64)"):
        sigmoid(z)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_bias_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^forget_bias is .*; LSTM needs finite numbers$"):
        LSTM(2, 3, forget_bias=value)
    with pytest.raises(ValueError, match=r"^forget_bias is .*; LSTM needs finite numbers$"), np.errstate(over="ignore"):
        LSTM(2, 3, forget_bias=1e39, dtype=np.float32)      # finite as a float64 only
    with pytest.raises(ValueError, match=r"^chrono is .*; LSTM needs at least 3 steps"):
        LSTM(2, 3, chrono=value)


@pytest.mark.parametrize("name", ["x", "h_prev"])
def test_a_step_refuses_nan(name):
    arrays = {"x": np.zeros((1, 2)), "h_prev": np.zeros((1, 3))}
    arrays[name][0, 1] = np.nan
    with refused(f"{name}[0, 1] is nan; a step needs finite numbers"):
        rnn_step(arrays["x"], arrays["h_prev"], np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3))
