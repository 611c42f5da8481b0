"""What holds for every layer: nothing is changed, nothing is kept, sequences may be cut, batches do not mix."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.cells import LSTM, RNN

from .cases import KINDS, Case, all_gradients, all_outputs, make_case, state_names

every_kind = pytest.mark.parametrize("kind", KINDS)
sizes = st.integers(1, 5)
cases = st.fixed_dictionaries({"steps": st.integers(1, 9), "batch": sizes, "inputs": sizes, "hidden": sizes,
                               "masked": st.booleans(), "seed": st.integers(0, 2**32)})
over_shapes = settings(max_examples=30, deadline=None, derandomize=True)


def copies(arrays):
    return {name: np.array(array) for name, array in arrays.items()}


def assert_equal(found, expected, **tolerance):
    assert found.keys() == expected.keys()
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], err_msg=name, **({"rtol": 0, "atol": 0} | tolerance))


def part(case, **changes):
    """Return a case of the same layer with other inputs."""
    return Case(case.layer, **({"inputs": case.inputs, "mask": case.mask, "upstream": case.upstream} | changes))


@every_kind
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("steps", [1, 6])
def test_nothing_that_goes_in_is_changed(kind, masked, steps):
    case = make_case(kind, steps, masked=masked)
    everything = case.inputs | case.layer.params | case.upstream | ({"mask": case.mask} if masked else {})
    before = copies(everything)
    case.backward()
    assert_equal(everything, before)


@every_kind
def test_inputs_that_cannot_be_written_to_are_enough(kind):
    case = make_case(kind, 3, masked=True)
    for array in [*case.inputs.values(), *case.layer.params.values(), *case.upstream.values(), case.mask]:
        array.flags.writeable = False
    case.backward()


@every_kind
@pytest.mark.parametrize("masked", [False, True])
def test_backward_twice_gives_the_same_and_leaves_the_trace(kind, masked):
    case = make_case(kind, 6, masked=masked)
    trace = case.forward()
    before = copies(all_outputs(trace))
    first = case.backward(trace)
    kept = copies(all_gradients(first))
    assert_equal(all_gradients(case.backward(trace)), kept)
    assert_equal(all_gradients(first), kept)
    assert_equal(all_outputs(trace), before)


@every_kind
def test_two_traces_of_one_layer_do_not_disturb_each_other(kind):
    one, other = make_case(kind, 6), make_case(kind, 6, seed=1)
    other.layer = one.layer
    expected = copies(all_gradients(one.backward()))
    trace = one.forward()
    before = copies(all_outputs(trace))
    other_trace = other.forward()
    assert_equal(all_outputs(trace), before)
    other.backward(other_trace)
    assert_equal(all_gradients(one.backward(trace)), expected)


@every_kind
def test_gradients_of_an_earlier_backward_stay(kind):
    one, other = make_case(kind, 6), make_case(kind, 6, seed=1)
    other.layer = one.layer
    grads = one.backward()
    before = copies(all_gradients(grads))
    other.backward()
    assert_equal(all_gradients(grads), before)


@every_kind
def test_gradients_share_no_memory_with_trace_or_inputs(kind):
    case = make_case(kind, 3)
    trace = case.forward()
    taken = [*all_outputs(trace).values(), *case.inputs.values(), *case.upstream.values()]
    for name, gradient in all_gradients(case.backward(trace)).items():
        assert not any(np.may_share_memory(gradient, array) for array in taken), name


@every_kind
def test_the_trace_holds_copies_of_what_went_in(kind):
    case = make_case(kind, 3, masked=True)
    trace = case.forward()
    expected = copies(all_gradients(case.backward(trace)))
    for array in case.inputs.values():
        array += 1
    case.mask[...] = 1 - case.mask
    assert_equal(all_gradients(case.backward(trace)), expected)


@every_kind
def test_new_weights_count_from_the_next_call(kind):
    case = make_case(kind, 3)
    before = np.array(case.forward().h)
    case.layer.params["W_h"] *= 0.5                      # in place, as an optimiser may
    in_place = np.array(case.forward().h)
    assert np.abs(in_place - before).max() > 1e-3
    case.layer.params["W_h"] = 2 * case.layer.params["W_h"]   # bound anew, as a checkpoint may
    assert_equal({"h": case.forward().h}, {"h": before}, atol=1e-14)


@every_kind
def test_states_that_were_not_given_are_zeros(kind):
    case = make_case(kind, 4)
    zeros = {name: np.zeros_like(array) for name, array in case.inputs.items()} | {"x": case.inputs["x"]}
    expected = all_outputs(part(case, inputs=zeros).forward())
    assert_equal(all_outputs(case.layer.forward(case.inputs["x"])), expected)


@every_kind
def test_the_trace_shows_what_went_in(kind):
    case = make_case(kind, 4)
    trace = case.forward()
    assert_equal({name: getattr(trace, name) for name in case.inputs}, case.inputs)


@every_kind
def test_arrays_laid_out_otherwise_and_lists_give_the_same(kind):
    case = make_case(kind, 4)
    expected = all_gradients(case.backward())
    for other in (np.asfortranarray, np.ndarray.tolist, lambda array: array[..., ::-1].copy()[..., ::-1]):
        again = part(case, inputs={name: other(array) for name, array in case.inputs.items()},
                     upstream={name: other(array) for name, array in case.upstream.items()})
        assert_equal(all_gradients(again.backward()), expected, atol=1e-13)


@every_kind
@pytest.mark.parametrize("dtype", [bool, int, np.float32, np.uint8])
def test_a_mask_may_have_any_dtype(kind, dtype):
    case = make_case(kind, 4, masked=True)
    expected = all_gradients(case.backward())
    assert_equal(all_gradients(part(case, mask=case.mask.astype(dtype)).backward()), expected)


@every_kind
def test_a_mask_of_ones_is_no_mask(kind):
    case = make_case(kind, 4)
    expected = all_gradients(case.backward())
    assert_equal(all_gradients(part(case, mask=np.ones((4, 3))).backward()), expected, atol=1e-14)


@every_kind
def test_a_mask_of_zeros_carries_the_first_state_through(kind):
    case = make_case(kind, 4)
    case.mask = np.zeros((4, 3))
    trace, grads = case.forward(), case.backward()
    for name in state_names(case.layer):
        np.testing.assert_array_equal(getattr(trace, name), np.broadcast_to(case.inputs[f"{name}0"], (4, 3, 4)))
    np.testing.assert_allclose(grads.h0, case.upstream["dh"].sum(axis=0) + case.upstream["dh_last"], atol=1e-14)
    for name, gradient in (grads.params | {"x": grads.x}).items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


@every_kind
@pytest.mark.parametrize("masked", [False, True])
def test_float32_stays_float32_and_close_to_float64(kind, masked):
    exact, rough = (make_case(kind, 12, 5, 3, 8, masked=masked, dtype=dtype) for dtype in (np.float64, np.float32))
    trace, grads = rough.forward(), rough.backward()
    for name, array in (all_outputs(trace) | all_gradients(grads)).items():
        assert array.dtype == np.float32, name
    assert_equal(all_outputs(trace), all_outputs(exact.forward()), atol=1e-4, rtol=1e-4)
    assert_equal(all_gradients(grads), all_gradients(exact.backward()), atol=1e-4, rtol=1e-4)


@every_kind
def test_float32_without_states_or_last_gradients_is_float32(kind):
    case = make_case(kind, 3, dtype=np.float32)
    grads = case.layer.backward(case.layer.forward(case.inputs["x"]), None)
    assert {array.dtype for array in all_gradients(grads).values()} == {np.dtype(np.float32)}


@every_kind
@over_shapes
@given(sizes=cases, cut=st.integers(1, 8))
def test_a_sequence_may_be_cut_and_continued(kind, sizes, cut):
    case = make_case(kind, **sizes)
    cut = min(cut, sizes["steps"])
    if cut == sizes["steps"]:
        return
    masks = (None, None) if case.mask is None else (case.mask[:cut], case.mask[cut:])
    whole = case.forward()
    head = part(case, inputs=case.inputs | {"x": case.inputs["x"][:cut]}, mask=masks[0]).forward()
    states = {f"{name}0": getattr(head, name)[-1] for name in state_names(case.layer)}
    tail = part(case, inputs={"x": case.inputs["x"][cut:]} | states, mask=masks[1]).forward()
    for name in state_names(case.layer):
        joined = np.concatenate([getattr(head, name), getattr(tail, name)])
        np.testing.assert_allclose(joined, getattr(whole, name), atol=1e-12, rtol=1e-12)


@every_kind
@over_shapes
@given(sizes=cases, cut=st.integers(1, 8))
def test_the_gradient_may_be_cut_and_continued(kind, sizes, cut):
    """Back through the second part, then, from what reaches its initial state, back through the first."""
    case = make_case(kind, **sizes)
    if cut >= sizes["steps"]:
        return
    masks = (None, None) if case.mask is None else (case.mask[:cut], case.mask[cut:])
    head = part(case, inputs=case.inputs | {"x": case.inputs["x"][:cut]}, mask=masks[0])
    head_trace = head.forward()
    states = {f"{name}0": getattr(head_trace, name)[-1] for name in state_names(case.layer)}
    dh = case.upstream["dh"]
    tail = part(case, inputs={"x": case.inputs["x"][cut:]} | states, mask=masks[1],
                upstream=case.upstream | {"dh": dh[cut:]}).backward()
    head.upstream = {"dh": dh[:cut]} | {f"d{name}_last": getattr(tail, f"{name}0") for name in state_names(case.layer)}
    first, whole = head.backward(head_trace), case.backward()
    np.testing.assert_allclose(np.concatenate([first.x, tail.x]), whole.x, atol=1e-11)
    np.testing.assert_allclose(first.h0, whole.h0, atol=1e-11)
    for name, gradient in whole.params.items():
        np.testing.assert_allclose(first.params[name] + tail.params[name], gradient, atol=1e-11, err_msg=name)


@every_kind
@over_shapes
@given(sizes=cases)
def test_sequences_of_a_batch_do_not_mix(kind, sizes):
    case = make_case(kind, **sizes)
    whole, grads = case.forward(), case.backward()
    sums = {name: np.zeros_like(array) for name, array in case.layer.params.items()}
    for n in range(sizes["batch"]):
        one = slice(n, n + 1)
        inputs = {name: array[..., one, :] for name, array in case.inputs.items()}
        upstream = {name: array[..., one, :] for name, array in case.upstream.items()}
        mask = None if case.mask is None else case.mask[:, one]
        alone = part(case, inputs=inputs, upstream=upstream, mask=mask)
        np.testing.assert_allclose(alone.forward().h, whole.h[:, one], atol=1e-12, rtol=1e-12)
        back = alone.backward()
        np.testing.assert_allclose(back.x, grads.x[:, one], atol=1e-11)
        for name, gradient in back.params.items():
            sums[name] += gradient
    assert_equal(grads.params, sums, atol=1e-11)


@every_kind
@over_shapes
@given(sizes=cases, extra=st.integers(1, 6))
def test_a_masked_tail_is_a_shorter_sequence(kind, sizes, extra):
    case = make_case(kind, **(sizes | {"masked": False}))
    short, short_grads = case.forward(), case.backward()
    shape = {name: (sizes["steps"] + extra, *array.shape[1:]) for name, array in (("x", short.x), ("h", short.h))}
    rng = np.random.default_rng(1)
    x, mask = rng.normal(size=shape["x"]), np.zeros(shape["x"][:2])
    x[:-extra], mask[:-extra] = case.inputs["x"], 1
    dh = np.zeros(shape["h"])
    dh[:-extra] = case.upstream["dh"]
    longer = part(case, inputs=case.inputs | {"x": x}, mask=mask, upstream=case.upstream | {"dh": dh})
    trace, grads = longer.forward(), longer.backward()
    for name in state_names(case.layer):
        np.testing.assert_allclose(getattr(trace, name)[:-extra], getattr(short, name), atol=1e-12, rtol=1e-12)
        for step in range(1, extra + 1):
            np.testing.assert_array_equal(getattr(trace, name)[-step], getattr(trace, name)[-extra - 1])
    np.testing.assert_array_equal(grads.x[-extra:], 0)
    np.testing.assert_allclose(grads.x[:-extra], short_grads.x, atol=1e-11)
    assert_equal(grads.params, short_grads.params, atol=1e-11)


@every_kind
@over_shapes
@given(sizes=cases)
def test_every_array_has_the_shape_that_the_design_promises(kind, sizes):
    case = make_case(kind, **sizes)
    steps, batch, inputs, hidden = (sizes[name] for name in ("steps", "batch", "inputs", "hidden"))
    special = {"x": (steps, batch, inputs), "h0": (batch, hidden), "c0": (batch, hidden)}
    for name, array in all_outputs(case.forward()).items():
        assert array.shape == special.get(name, (steps, batch, hidden)), name
    params = {name: array.shape for name, array in case.layer.params.items()}
    for name, array in all_gradients(case.backward()).items():
        assert array.shape == (params | special).get(name, (steps, batch, hidden)), name


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


def test_a_layer_says_what_it_is():
    assert repr(LSTM(3, 4)) == "LSTM(3, 4, dtype=float64)"
    assert repr(RNN(3, 4, dtype=np.float32)) == "RNN(3, 4, dtype=float32)"
