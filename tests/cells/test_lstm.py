import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.cells import LSTM, F, G, I, O, candidate, forget_gate, input_gate, lstm_step, output_gate

from .cases import draw_case


@pytest.mark.parametrize("masked", [False, True])
def test_forward_is_the_loop_of_lstm_step(masked):
    case = draw_case(LSTM, 30, 4, 3, 5, masked=masked)
    trace, h, c = case.forward(), case.inputs["h0"], case.inputs["c0"]
    for t, x in enumerate(case.inputs["x"]):
        taken = np.ones((4, 1)) if case.mask is None else case.mask[t, :, None]
        after = lstm_step(x, h, c, **case.layer.params)
        h, c = (np.where(taken, new, old) for new, old in zip(after, (h, c), strict=True))
        np.testing.assert_allclose(trace.h[t], h, atol=1e-12, rtol=0)
        np.testing.assert_allclose(trace.c[t], c, atol=1e-12, rtol=0)


@pytest.mark.parametrize(("name", "gate", "place"),
                         [("i", input_gate, I), ("f", forget_gate, F), ("g", candidate, G), ("o", output_gate, O)])
def test_the_traces_gates_are_the_gate_functions(name, gate, place):
    case = draw_case(LSTM, 10, 4, 3, 5)
    trace = case.forward()
    before = np.concatenate([case.inputs["h0"][None], trace.h[:-1]])
    for x, h_prev, found in zip(case.inputs["x"], before, getattr(trace, name), strict=True):
        weights = (case.layer.params[key][place] for key in ("W_x", "W_h", "b"))
        np.testing.assert_allclose(found, gate(x, h_prev, *weights), atol=1e-12, rtol=0)


def test_the_trace_fits_together():
    case = draw_case(LSTM, 10, 4, 3, 5)
    trace = case.forward()
    c_prev = np.concatenate([case.inputs["c0"][None], trace.c[:-1]])
    np.testing.assert_allclose(trace.c, trace.f * c_prev + trace.i * trace.g, atol=1e-14)
    np.testing.assert_allclose(trace.tanh_c, np.tanh(trace.c), atol=1e-14)
    np.testing.assert_allclose(trace.h, trace.o * np.tanh(trace.c), atol=1e-14)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(scale=st.sampled_from([1e-3, 1, 1e2, 1e6, 1e30]), dtype=st.sampled_from([np.float32, np.float64]),
       seed=st.integers(0, 1000))
def test_gates_stay_within_their_bounds(scale, dtype, seed):
    case = draw_case(LSTM, 6, dtype=dtype, seed=seed)
    case.inputs["x"] *= dtype(scale)
    trace = case.forward()
    for name, low in {"i": 0, "f": 0, "o": 0, "g": -1, "h": -1}.items():
        array = getattr(trace, name)
        assert np.isfinite(array).all() and low <= array.min() and array.max() <= 1, name
    assert np.isfinite(trace.c).all()


def test_a_cell_by_hand_keeps_what_it_was_told_to_keep():
    """Forget gate open, input gate shut: the first cell state is there, unchanged, 1000 steps later."""
    case = draw_case(LSTM, 1000)
    case.layer.params["b"][[F, I]] = [[1000], [-1000]]
    np.testing.assert_array_equal(case.forward().c[-1], case.inputs["c0"])


@pytest.mark.parametrize("shape", [(100, 32, 64, 128), (100, 64, 128, 256), (1600, 32, 64, 64)])
def test_an_lstm_needs_at_most_twelve_arrays_of_its_output(shape):
    steps, batch, inputs, hidden = shape
    rng = np.random.default_rng(0)
    layer = LSTM(inputs, hidden, dtype=np.float32)
    x, dh = (rng.standard_normal((steps, batch, size), np.float32) for size in (inputs, hidden))
    tracemalloc.start()
    layer.backward(layer.forward(x), dh)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / dh.nbytes <= 12
