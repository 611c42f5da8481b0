"""sLSTM and mLSTM: against their plain equations, at gates that overflow those, in chunks and with a memory handed on."""

from functools import partial

import numpy as np
import pytest

from lstm_helpers.cells import MLSTM, SLSTM

from .cases import all_gradients, all_outputs, draw_case
from .contract import assert_gradients

EXACT = {"rtol": 1e-10, "atol": 1e-10}
MAKES = {"sLSTM": SLSTM, "sLSTM, exp": partial(SLSTM, forget="exp"), "mLSTM": MLSTM, "mLSTM, chunks": partial(MLSTM, chunk=7)}
every = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def plain_slstm(layer, x, h, mask):
    """Return all hidden states by the equations as they stand, without m."""
    p, c, n, hs = layer.params, np.zeros_like(h), np.zeros_like(h), []
    for x_t, taken in zip(x, mask[:, :, None], strict=True):
        z_i, z_f, z_g, z_o = x_t @ p["W_x"] + h @ p["W_h"] + p["b"][:, None]
        i, f = np.exp(z_i), sigmoid(z_f) if layer.forget == "sigmoid" else np.exp(z_f)
        c, n = np.where(taken, f * c + i * np.tanh(z_g), c), np.where(taken, f * n + i, n)
        h = np.where(taken, sigmoid(z_o) * c / np.where(n > 0, n, 1), h)
        hs.append(h)
    return np.array(hs)


def plain_mlstm(layer, x, h, mask):
    """Return all hidden states by the equations as they stand, without m, one sequence and one step at a time."""
    p, hs, hidden = layer.params, np.empty((*x.shape[:2], layer.hidden_size)), layer.hidden_size
    for b in range(x.shape[1]):
        C, n, last = np.zeros((hidden, hidden)), np.zeros(hidden), h[b]
        for t in np.arange(len(x)):
            if mask[t, b]:
                q, k, v, o = (x[t, b] @ p[f"W_{name}"] + p[f"b_{name}"] for name in "qkvo")
                i, f = np.exp(x[t, b] @ p["w_i"] + p["b_i"]), sigmoid(x[t, b] @ p["w_f"] + p["b_f"])
                C, n = f * C + i * np.outer(v, k / np.sqrt(hidden)), f * n + i * k / np.sqrt(hidden)
                last = sigmoid(o) * (C @ q) / max(abs(n @ q), 1)
            hs[t, b] = last
    return hs


@every
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
def test_the_plain_equations_where_they_are_finite(make, masked):
    case = draw_case(make, 30, masked=masked)
    plain = plain_mlstm if isinstance(case.layer, MLSTM) else plain_slstm
    for scale in (1, 20):                                                            # gates of about e^±30
        inputs = case.inputs | {"x": scale * case.inputs["x"]}
        mask = np.ones(inputs["x"].shape[:2], int) if case.mask is None else case.mask
        expected = plain(case.layer, inputs["x"], inputs["h0"], mask)
        np.testing.assert_allclose(case.part(inputs=inputs).forward().h, expected, **EXACT)


@every
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
def test_gradients_over_fifty_steps(make, masked):
    assert_gradients(draw_case(make, 50, masked=masked), most=8)


def at_gates_of(make, z, dtype=np.float64):
    """Return a case whose i and f have sums of ±z, each sign now and then."""
    case = draw_case(make, 12, masked=True, dtype=dtype)
    case.inputs["x"][...] = 0
    case.inputs["x"][:, :, 0] = z * np.array([1, -1, -1, 1, 1, -1, 1, -1, 1, 1, -1, -1])[:, None]
    case.inputs["x"][:, :, 1] = z * np.array([1, 1, -1, -1, 1, 1, -1, 1, -1, -1, 1, 1])[:, None]
    for array in case.layer.params.values():
        array *= 0.1
    if isinstance(case.layer, MLSTM):
        case.layer.params["w_i"][:], case.layer.params["w_f"][:] = (1, 0), (0, 1)
        for name in "qkvo":
            case.layer.params[f"W_{name}"] /= z
    else:
        case.layer.params["W_x"][...] /= z
        case.layer.params["W_x"][:2] = np.eye(2)[:, :, None]
    return case


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gates_of_any_size_give_finite_states_and_gradients(make, dtype):
    case = at_gates_of(make, 700, dtype)
    with np.errstate(all="raise", under="ignore"):
        trace, grads = case.forward(), case.backward()
    for name, array in (all_outputs(trace) | all_gradients(grads)).items():
        assert np.isfinite(array).all(), name
    assert np.abs(trace.h).max() > 1e-3


@every
def test_gradients_at_gates_that_overflow(make):
    case = at_gates_of(make, 700)
    grads = all_gradients(case.backward())
    names = [name for name in case.layer.params if name.startswith("b")]
    for name in names:
        array, moved = case.layer.params[name], 1e-4
        for place in list(np.ndindex(array.shape))[:6]:
            before = array[place]
            array[place] = before + moved
            above = case.loss()
            array[place] = before - moved
            below = case.loss()
            array[place] = before
            np.testing.assert_allclose(grads[name][place], (above - below) / (2 * moved), rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("chunk", [1, 2, 5, 29, 30, 1000])
def test_the_parallel_form_is_the_recurrent_one(chunk):
    for masked in (False, True):
        whole, pieces = (draw_case(partial(MLSTM, chunk=n), 30, masked=masked) for n in (1, chunk))
        np.testing.assert_allclose(pieces.forward().h, whole.forward().h, **EXACT)
        for ours, theirs in zip(pieces.forward().memory, whole.forward().memory, strict=True):
            np.testing.assert_allclose(ours, theirs, **EXACT)
        expected = all_gradients(whole.backward())
        for name, array in all_gradients(pieces.backward()).items():
            np.testing.assert_allclose(array, expected[name], **EXACT, err_msg=name)


@every
@pytest.mark.parametrize("cut", [1, 4, 11])
def test_a_sequence_goes_on_with_the_memory_it_had(make, cut):
    case = draw_case(make, 12, masked=True)
    layer, x, whole = case.layer, case.inputs["x"], case.forward()
    first = layer.forward(x[:cut], case.inputs["h0"], case.mask[:cut])
    second = layer.forward(x[cut:], first.h[-1], case.mask[cut:], first.memory)
    np.testing.assert_allclose(np.concatenate([first.h, second.h]), whole.h, **EXACT)
    for ours, theirs in zip(second.memory, whole.memory, strict=True):
        np.testing.assert_allclose(ours, theirs, **EXACT)


@every
def test_a_memory_is_left_alone_and_carried_where_no_step_is_taken(make):
    case = draw_case(make, 6)
    memory = case.forward().memory
    before = [np.array(part) for part in memory]
    trace = case.layer.forward(case.inputs["x"], mask=np.zeros((6, 3)), memory=memory)
    for given, kept, after in zip(before, memory, trace.memory, strict=True):
        np.testing.assert_array_equal(kept, given)
        np.testing.assert_allclose(after, given, **EXACT)


@every
def test_gradients_with_a_memory_given(make):
    case = draw_case(make, 5, masked=True)
    case.inputs["memory"] = draw_case(make, 4, seed=3).forward().memory
    grads = all_gradients(case.backward())
    for name, array in case.layer.params.items():
        place = (0,) * array.ndim
        before = array[place]
        array[place] = before + 1e-5
        above = case.loss()
        array[place] = before - 1e-5
        below = case.loss()
        array[place] = before
        np.testing.assert_allclose(grads[name][place], (above - below) / 2e-5, rtol=1e-6, atol=1e-8, err_msg=name)


def test_the_hidden_state_of_slstm_is_a_weighted_mean_of_what_was_written():
    case = draw_case(SLSTM, 20)
    trace = case.forward()
    mean = trace.h / trace.o
    assert np.abs(mean).max() < 1 and (trace.n >= 1).all()
    np.testing.assert_array_equal(np.maximum(trace.i, trace.f), 1)
    np.testing.assert_allclose(trace.c / trace.n, mean, **EXACT)


def test_start():
    assert (SLSTM(2, 3).params["b"][1] == 1).all() and (SLSTM(2, 3, forget="exp").params["b"] == 0).all()
    assert (SLSTM(2, 3, forget_bias=[1, 2, 3]).params["b"][1] == [1, 2, 3]).all()
    assert MLSTM(2, 3, forget_bias=5).params["b_f"] == [5]


@pytest.mark.parametrize(("make", "words"), [
    (lambda: SLSTM(2, 3, forget="tanh"), "forget is 'tanh'; SLSTM needs \"sigmoid\" or \"exp\""),
    (lambda: SLSTM(2, 3, forget_bias=[1, 2]), "forget_bias is .*; SLSTM needs a number, or one for each of the 3 units"),
    (lambda: MLSTM(2, 3, chunk=0), "chunk is 0; MLSTM needs a whole number of at least 1"),
    (lambda: SLSTM(2, 3).forward(np.zeros((4, 1, 2)), memory=np.zeros((3, 1, 3))),
     "memory is a ndarray; SLSTM needs c, n, m, as trace"),
    (lambda: MLSTM(2, 3).forward(np.zeros((4, 1, 2)), memory=(np.zeros((1, 3)),) * 3),
     r"memory C has shape \(1, 3\); forward needs \(1, 3, 3\)")])
def test_what_makes_no_sense_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
