"""Scans against the plain loop in every form, their gradients, and the minimal LSTM. What holds for every layer: contract.py."""

import re
from functools import partial

import numpy as np
import pytest

from lstm_helpers.cells import MinLSTM, scan, scan_backward
from lstm_helpers.cells.linear_recurrence import FORMS, LONG, WIDE, fastest_form
from lstm_helpers.cells.minimal import carried

from .cases import draw_case
from .contract import assert_gradients
from .numerical import assert_gradient

STEPS = (1, 2, 3, 4, 5, 7, 8, 9, 16, 50, 63, 64, 65, 1000, 1023)
forms = pytest.mark.parametrize("form", FORMS)
lows = pytest.mark.parametrize("low", [0.0, -0.5, -1.0])


def loop(a, b, h0=None):
    h, states = np.zeros_like(b[0]) if h0 is None else h0, []
    for a_t, b_t in zip(np.broadcast_to(a, b.shape), b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


def recurrence(steps, *shape, kind="real", seed=0):
    """Draw a, b and h0; |a| at most 1, a tenth of them 0, a tenth ±1."""
    rng = np.random.default_rng(seed)
    a, b, h0 = rng.uniform(-1, 1, (steps, *shape)), rng.standard_normal((steps, *shape)), rng.standard_normal(shape)
    a = np.where(rng.random(a.shape) < 0.1, np.sign(a), np.where(rng.random(a.shape) < 0.1, 0, a))
    if kind == "complex":
        a, b = a * np.exp(2j * rng.random(a.shape)), b + 1j * rng.standard_normal(b.shape)
    return a, b, h0


def assert_close(found, expected, part=1e-12):
    np.testing.assert_allclose(found, expected, rtol=0, atol=part * np.abs(expected).max())


@forms
@pytest.mark.parametrize("kind", ["real", "complex"])
def test_every_form_is_the_loop(form, kind):
    for steps in STEPS:
        a, b, h0 = recurrence(steps, 2, 3, kind=kind, seed=steps)
        assert_close(scan(a, b, h0, form), loop(a, b, h0))
        assert_close(scan(a, b, form=form), loop(a, b))


@forms
@pytest.mark.parametrize("factor", ["drawn", 1.0, -1.0, 0.999, 1e-200, 1j])
def test_a_hundred_thousand_steps(form, factor):
    a, b, h0 = recurrence(100_000, 1, 2)
    a = a if factor == "drawn" else np.array([factor])
    assert_close(scan(a, b, h0, form), loop(a, b, h0))


@forms
def test_axes_of_any_number_and_a_that_broadcasts(form):
    for shape, of_a in (((9,), (9,)), ((9,), ()), ((70, 3), (3,)), ((70, 2, 3), (70, 1, 1)), ((70, 2, 3, 4), (70, 2, 1, 1))):
        rng = np.random.default_rng(0)
        a, b = rng.uniform(-1, 1, of_a), rng.standard_normal(shape)
        assert_close(scan(a, b, form=form), loop(a, b))


@forms
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_the_dtype_stays(form, dtype):
    a, b, h0 = (array.astype(dtype) for array in recurrence(100, 2, 3))
    h = scan(a, b, h0, form)
    assert h.dtype == dtype
    assert_close(h, loop(a, b, h0), 1e-5)


@forms
def test_nothing_that_goes_in_is_changed_and_any_layout_does(form):
    a, b, h0 = recurrence(100, 2, 3)
    expected = scan(a, b, h0, form)
    for other in (np.asfortranarray, lambda array: array[..., ::-1].copy()[..., ::-1], np.ndarray.tolist):
        np.testing.assert_array_equal(scan(other(a), other(b), other(h0), form), expected)
    for array in (a, b, h0):
        array.flags.writeable = False
    h = scan(a, b, h0, form)
    assert not any(np.may_share_memory(h, array) for array in (a, b, h0))


def test_the_form_is_chosen_by_how_wide_a_state_is_and_how_long_all_are():
    for shape, form in (((LONG, WIDE // 8), "chunks"), ((LONG // WIDE, WIDE // 8), "doubling"), ((50, WIDE // 8 + 1), "loop"),
                        ((1, 1), "doubling"), ((LONG // WIDE + 1, WIDE // 8), "chunks")):
        assert fastest_form(np.broadcast_to(0.0, shape)) == form, shape


@pytest.mark.parametrize("kind", ["real", "complex"])
@pytest.mark.parametrize("steps", [1, 2, 5, 50])
def test_gradients_of_a_scan(steps, kind):
    a, b, h0 = recurrence(steps, 2, 3, kind=kind)
    dh = recurrence(steps, 2, 3, kind=kind, seed=1)[1]
    h0 = h0 + (1j * h0[::-1] if kind == "complex" else 0)

    def loss():
        return np.sum(dh.conj() * scan(a, b, h0)).real

    grads = scan_backward(a, scan(a, b, h0), h0, dh)
    for name, array, gradient in zip(("a", "b", "h0"), (a, b, h0), grads, strict=True):
        assert_gradient(name, loss, array.view(float), gradient.view(float))


def test_without_a_first_state_it_was_zero():
    a, b, _ = recurrence(9, 2, 3)
    h, zeros = scan(a, b), np.zeros((2, 3))
    for found, expected in zip(scan_backward(a, h, None, b), scan_backward(a, h, zeros, b), strict=True):
        np.testing.assert_array_equal(found, expected)


def spoiled(shape, place, value):
    array = np.zeros(shape)
    array[place] = value
    return array


@pytest.mark.parametrize(("wrong", "words"), [
    ({"a": np.zeros((4, 2, 3))}, "a has shape (4, 2, 3); scan needs (5, 2, 3), b's, or what broadcasts to it"),
    ({"b": np.zeros(())}, "b has shape (); scan needs (T, …) with T at least 1"),
    ({"b": np.zeros((0, 2, 3))}, "b has shape (0, 2, 3); scan needs (T, …) with T at least 1"),
    ({"h0": np.zeros((1, 3))}, "h0 has shape (1, 3); scan needs (2, 3)"),
    ({"a": np.zeros((5, 2, 3), int)}, "a has dtype int64; scan needs floats, real or complex"),
    ({"b": np.zeros((5, 2, 3), object)}, "b has dtype object; scan needs floats, real or complex"),
    ({"a": spoiled((5, 2, 3), (0, 1, 2), np.nan)}, "a[0, 1, 2] is nan; scan needs finite numbers"),
    ({"b": spoiled((5, 2, 3), (4, 1, 2), np.inf)}, "b[4, 1, 2] is inf; scan needs finite numbers"),
    ({"h0": spoiled((2, 3), (0, 1), np.nan)}, "h0[0, 1] is nan; scan needs finite numbers"),
    ({"form": "tree"}, "form is 'tree'; scan needs \"loop\", \"doubling\", \"chunks\" or None"),
    ({"form": ["loop"]}, "form is ['loop']; scan needs \"loop\", \"doubling\", \"chunks\" or None")])
def test_scan_refuses_in_words(wrong, words):
    given = {"a": np.zeros((5, 2, 3)), "b": np.zeros((5, 2, 3)), "h0": np.zeros((2, 3))} | wrong
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        scan(**given)


@pytest.mark.parametrize(("place", "words"), [(0, "a has shape (4, 2, 3); scan_backward needs (5, 2, 3)"),
                                              (2, "h0 has shape (4, 2, 3); scan_backward needs (2, 3)"),
                                              (3, "dh has shape (4, 2, 3); scan_backward needs (5, 2, 3)")])
def test_scan_backward_refuses_in_words(place, words):
    given = [np.zeros((5, 2, 3)), np.zeros((5, 2, 3)), np.zeros((2, 3)), np.zeros((5, 2, 3))]
    given[place] = np.zeros((4, 2, 3))
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        scan_backward(*given)


# The minimal LSTM

def reference(layer, x, h0):
    """Return the states of a minimal LSTM by its definition, a step after the other."""
    z_i, z_f, g = (x @ W + b for W, b in zip(layer.params["W_x"], layer.params["b"], strict=True))
    softplus_i, softplus_f = np.logaddexp(0, -z_i), np.logaddexp(0, -z_f)
    f = 1 / (1 + np.exp(-(softplus_i - softplus_f)))
    return loop(f + layer.low * (1 - f), (1 - f) * g, h0)


@lows
def test_a_minimal_lstm_by_its_definition(low):
    for steps in (1, 2, 5, 50, 400):
        case = draw_case(partial(MinLSTM, low=low), steps)
        assert_close(case.forward().h, reference(case.layer, **case.inputs))


@lows
@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
def test_every_gradient_of_a_minimal_lstm(low, masked):
    for steps in (1, 2, 5, 50):
        assert_gradients(draw_case(partial(MinLSTM, low=low), steps, masked=masked), most=12)


def test_gates_add_up_to_one_and_start_as_an_lstms():
    layer = MinLSTM(3, 4, forget_bias=2.0)
    trace = layer.forward(np.zeros((3, 2, 3)))
    np.testing.assert_allclose(trace.f, 1 / (1 + np.exp(-2)), rtol=1e-15)
    trace = draw_case(MinLSTM, 5).forward()
    np.testing.assert_allclose(trace.i + trace.f, 1, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("z_i", "z_f", "f"), [(700, 700, 0.5), (-700, -700, 0.5), (-700, 700, 1.0), (700, -700, 0.0),
                                               (-90, -91, 1 / (1 + np.e)), (-3000, -3000, 0.5), (0, -3000, 0.0),
                                               (0, 3000, 2 / 3)])
def test_gates_far_from_zero(z_i, z_f, f, dtype):
    layer = MinLSTM(1, 1, dtype=dtype)
    layer.params["W_x"][:, 0, 0] = z_i, z_f, 1
    layer.params["b"][:] = 0
    x = np.ones((300, 1, 1), dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        trace = layer.forward(x, h0=np.full((1, 1), 2, dtype))
        grads = layer.backward(trace, x)
    np.testing.assert_allclose(trace.f, f, rtol=1e-6, atol=1e-300)
    np.testing.assert_allclose(trace.i, 1 - f, rtol=1e-6, atol=1e-300)
    np.testing.assert_allclose(trace.h[0], 2 * f + (1 - f), rtol=1e-6)
    assert all(np.isfinite(array).all() for array in grads.params.values())


def test_factors_lie_above_low():
    for low, least in ((0.0, 0.0), (-0.5, -0.5), (-1.0, -1.0)):
        layer = MinLSTM(1, 1, low=low)
        layer.params["W_x"][:2, 0, 0] = 1, -1
        a = layer.forward(np.linspace(-40, 40, 9).reshape(9, 1, 1)).a
        np.testing.assert_allclose([a.min(), a.max()], [least, 1], atol=1e-12)


def test_a_state_that_is_carried_over_is_the_same_bit_for_bit():
    case = draw_case(MinLSTM, 300, masked=True)
    trace = case.forward()
    before = np.concatenate([trace.h0[None], trace.h[:-1]])
    np.testing.assert_array_equal(trace.h[case.mask == 0], before[case.mask == 0])


def test_carried():
    h, h0 = np.arange(1.0, 5)[:, None, None], np.zeros((1, 1))
    for mask, expected in (((0, 1, 0, 1), (0, 2, 2, 4)), ((1, 0, 0, 0), (1, 1, 1, 1)), ((0, 0, 0, 0), (0, 0, 0, 0))):
        np.testing.assert_array_equal(carried(h, h0, np.array(mask, bool)[:, None]).ravel(), expected)


@pytest.mark.parametrize("low", [0.1, -1.1, np.nan, "0", None, True])
def test_a_lower_bound_that_makes_no_sense_is_refused(low):
    with pytest.raises(ValueError, match=f"^low is {re.escape(repr(low))}; MinLSTM needs a number from -1 to 0$"):
        MinLSTM(2, 3, low=low)


def test_parity_by_hand_without_an_error():
    """h = (1 - 2 x) h from h0 = 1: a = low where x = 1, and nothing comes in, as z_g = 0."""
    bits = np.random.default_rng(0).integers(0, 2, (100_000, 1, 1)).astype(float)
    layer = MinLSTM(1, 1, low=-1.0)
    layer.params["W_x"][:, 0, 0], layer.params["b"][:, 0] = (2000, -2000, 0), (-1000, 1000, 0)
    h = layer.forward(bits, h0=np.ones((1, 1))).h
    np.testing.assert_array_equal(h, 1 - 2 * (np.cumsum(bits, axis=0) % 2))
