"""What every layer keeps to, one check after another: `checks(make)` lists those that fit a layer.

`make(input_size, hidden_size, **options)` makes the layer, such as `LSTM` itself. Its states are the arguments of its `forward`
that end in 0 (h0, c0); the trace holds each of them at every step under the name without the 0.
"""

import inspect
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_helpers.learning import Adam, Linear, Network, load_checkpoint, save_checkpoint, train

from . import refusals
from .cases import Case, all_gradients, all_outputs, draw_case, state_names
from .numerical import assert_gradient

SIZES = [(1, 1, 1, 2), (2, 3, 2, 4), (5, 2, 3, 3), (9, 1, 2, 5)]                     # T, B, D, H
CLOSE = {"rtol": 1e-11, "atol": 1e-11}


def checks(make):
    """Return the checks that a layer is to pass."""
    found = [check for name, check in (globals() | vars(refusals)).items() if name.startswith("check_")]
    layer = make(2, 3)
    others = [] if state_names(layer) else OF_STATES
    if "memory" in inspect.signature(layer.forward).parameters:
        others = OF_ALL_THAT_IS_KEPT
    return [check for check in found if check not in others]


def cases(make, sizes=SIZES, **options):
    """Yield a case of every size, without a mask and with one."""
    for n, (steps, batch, inputs, hidden) in enumerate(sizes):
        for masked in (False, True):
            yield draw_case(make, steps, batch, inputs, hidden, masked=masked, seed=n, **options)


def copies(arrays):
    return {name: np.array(array) for name, array in arrays.items()}


def assert_equal(found, expected, **tolerance):
    assert found.keys() == expected.keys()
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], err_msg=name, **({"rtol": 0, "atol": 0} | tolerance))


def states(case, trace, step):
    """Return the states after a step as `forward` takes them."""
    return {f"{name}0": getattr(trace, name)[step] for name in state_names(case.layer)}


# Shapes and dtypes

def check_shapes(make):
    for case in cases(make):
        (steps, batch, _), hidden = case.inputs["x"].shape, case.layer.hidden_size
        trace, grads = case.forward(), case.backward()
        assert trace.h.shape == grads.h.shape == (steps, batch, hidden)
        assert {name: array.shape for name, array in grads.params.items()} == {
            name: array.shape for name, array in case.layer.params.items()}
        for name, array in case.inputs.items():
            assert getattr(trace, name).shape == getattr(grads, name).shape == array.shape, name
        for name in ("i", "f", "g", "o", *state_names(case.layer)):
            assert getattr(trace, name, trace.h).shape == (steps, batch, hidden), name


def check_absent_states_have_no_gradient(make):
    case = draw_case(make, 2)
    grads = case.backward()
    assert (grads.c is not None) == (grads.c0 is not None) == ("c" in state_names(case.layer))


def check_float32_stays_float32_and_close_to_float64(make):
    for exact, rough in zip(cases(make), cases(make, dtype=np.float32), strict=True):
        trace, grads = rough.forward(), rough.backward()
        for name, array in (all_outputs(trace) | all_gradients(grads)).items():
            assert array.dtype == np.float32, name
        assert_equal(all_outputs(trace), all_outputs(exact.forward()), atol=1e-4, rtol=1e-4)
        assert_equal(all_gradients(grads), all_gradients(exact.backward()), atol=1e-4, rtol=1e-4)


def check_float32_where_nothing_else_is_given(make):
    case = draw_case(make, 3, dtype=np.float32)
    grads = case.layer.backward(case.layer.forward(case.inputs["x"]), None)
    assert {array.dtype for array in all_gradients(grads).values()} == {np.dtype(np.float32)}


def check_parameters_have_the_dtype_asked_for(make):
    exact = make(3, 4).params
    for dtype in (np.float32, np.float64, "float32", "float64"):
        layer = make(3, 4, dtype=dtype)
        assert layer.dtype == np.dtype(dtype)
        for name, array in layer.params.items():
            assert array.dtype == np.dtype(dtype) and exact[name].dtype == np.float64, name
            np.testing.assert_array_equal(array, exact[name].astype(dtype), err_msg=name)


# Where the weights come from

def check_a_seed_fixes_the_weights_and_a_generator_goes_on(make):
    for options in ({"init": "orthogonal"}, {"init": "uniform"}) if "init" in inspect.signature(make).parameters else ({},):
        generator = np.random.default_rng(7)
        one, same, after, other = (make(3, 4, rng=rng, **options).params for rng in (7, generator, generator, 8))
        assert_equal(one, same)
        assert_equal(make(3, 4, **options).params, make(3, 4, rng=0, **options).params)
        for name in [name for name in one if name.startswith("W")]:
            assert not np.array_equal(one[name], other[name]) and not np.array_equal(one[name], after[name]), name


def check_the_global_generator_is_left_alone(make):
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    make(3, 4)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


# Gradients

def assert_gradients(case, most=20):
    grads = all_gradients(case.backward())
    for name, array in (case.layer.params | case.inputs).items():
        assert_gradient(name, case.loss, array, grads[name], most)


def check_gradients_by_finite_differences(make):
    for steps in (1, 2, 5):
        for masked in (False, True):
            assert_gradients(draw_case(make, steps, masked=masked, seed=steps))


def check_gradients_of_a_loss_on_every_step_or_on_the_last_state_alone(make):
    for given in ({"last": False}, {"dh": False}):
        for masked in (False, True):
            assert_gradients(draw_case(make, 4, masked=masked, **given), most=12)


def check_gradients_of_one_last_state_alone(make):
    case = draw_case(make, 3, dh=False)
    for name, gradient in case.upstream.items():
        assert_gradients(Case(case.layer, case.inputs, None, {"dh": None, name: gradient}), most=12)


def check_no_loss_has_no_gradient(make):
    for name, gradient in all_gradients(draw_case(make, 4, dh=False, last=False).backward()).items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


def check_dh_last_counts_like_dh_of_the_last_step(make):
    case = draw_case(make, 4)
    one = all_gradients(case.backward())
    dh = case.upstream["dh"].copy()
    dh[-1] += case.upstream["dh_last"]
    rest = {name: array for name, array in case.upstream.items() if name != "dh_last"}
    assert_equal(all_gradients(case.part(upstream=rest | {"dh": dh}).backward()), one, **CLOSE)


def check_the_gradient_reaching_each_hidden_state(make):
    """Move the hidden state after a step, everything before it left as it was."""
    for case in cases(make, [(5, 3, 2, 4)]):
        trace, grads = case.forward(), case.backward()
        for step in (0, 2, 4):
            moved = copies(states(case, trace, step))
            assert_gradient("h", lambda case=case, step=step, moved=moved: case.loss_after(step, moved),
                            moved["h0"], grads.h[step])


# Masks

def check_a_mask_of_ones_is_no_mask(make):
    case = draw_case(make, 4)
    assert_equal(all_gradients(case.part(mask=np.ones((4, 3))).backward()), all_gradients(case.backward()), **CLOSE)


def check_a_mask_of_zeros_carries_the_first_state_through(make):
    case = draw_case(make, 4).part(mask=np.zeros((4, 3)))
    trace, grads = case.forward(), case.backward()
    for name in state_names(case.layer):
        first = case.inputs[f"{name}0"]
        np.testing.assert_array_equal(getattr(trace, name), np.broadcast_to(first, (4, *first.shape)))
    np.testing.assert_allclose(grads.h0, case.upstream["dh"].sum(axis=0) + case.upstream["dh_last"], **CLOSE)
    for name, gradient in (grads.params | {"x": grads.x}).items():
        np.testing.assert_array_equal(gradient, 0, err_msg=name)


def check_a_mask_may_have_any_dtype(make):
    case = draw_case(make, 4, masked=True)
    expected = all_gradients(case.backward())
    for dtype in (bool, int, np.float32, np.uint8):
        assert_equal(all_gradients(case.part(mask=case.mask.astype(dtype)).backward()), expected)


def check_a_masked_tail_is_a_shorter_sequence(make):
    for steps, batch, inputs, hidden in SIZES:
        case, rng = draw_case(make, steps, batch, inputs, hidden), np.random.default_rng(1)
        short, short_grads = case.forward(), case.backward()
        x = np.concatenate([case.inputs["x"], rng.normal(size=(3, batch, inputs))])
        dh = np.concatenate([case.upstream["dh"], np.zeros((3, *short.h.shape[1:]))])
        mask = np.repeat([1, 0], [steps, 3])[:, None] * np.ones(batch)
        longer = case.part(inputs=case.inputs | {"x": x}, mask=mask, upstream=case.upstream | {"dh": dh})
        trace, grads = longer.forward(), longer.backward()
        for name in dict.fromkeys(("h", *state_names(case.layer))):
            np.testing.assert_allclose(getattr(trace, name)[:-3], getattr(short, name), **CLOSE)
            for step in (-3, -2, -1):
                np.testing.assert_array_equal(getattr(trace, name)[step], getattr(trace, name)[-4])
        np.testing.assert_array_equal(grads.x[-3:], 0)
        np.testing.assert_allclose(grads.x[:-3], short_grads.x, **CLOSE)
        assert_equal(grads.params, short_grads.params, **CLOSE)


# Nothing is changed, nothing is kept

def check_nothing_that_goes_in_is_changed_or_needs_to_be_written_to(make):
    for case in cases(make):
        everything = case.inputs | case.layer.params | case.upstream | ({} if case.mask is None else {"mask": case.mask})
        before = copies(everything)
        case.backward()
        assert_equal(everything, before)
        for array in everything.values():
            array.flags.writeable = False
        case.backward()


def check_backward_twice_gives_the_same_and_leaves_the_trace(make):
    for case in cases(make):
        trace = case.forward()
        before, first = copies(all_outputs(trace)), case.backward(trace)
        kept = copies(all_gradients(first))
        assert_equal(all_gradients(case.backward(trace)), kept)
        assert_equal(all_gradients(first), kept)
        assert_equal(all_outputs(trace), before)


def check_a_gradient_by_x_that_nobody_needs_is_left_out_and_nothing_else(make):
    for case in cases(make):
        whole, without = case.backward(), case.part(upstream=case.upstream | {"need_x": False}).backward()
        assert without.x is None and whole.x is not None
        assert_equal(all_gradients(without), all_gradients(replace(whole, x=None)))


def check_two_traces_of_one_layer_do_not_disturb_each_other(make):
    one = draw_case(make, 6)
    other = one.part(inputs=draw_case(make, 6, seed=1).inputs)
    trace, grads = one.forward(), one.backward()
    before, expected = copies(all_outputs(trace)), copies(all_gradients(grads))
    other.backward(other.forward())
    assert_equal(all_outputs(trace), before)
    assert_equal(all_gradients(grads), expected)
    assert_equal(all_gradients(one.backward(trace)), expected)


def check_gradients_share_no_memory_with_trace_or_inputs(make):
    case = draw_case(make, 3)
    trace = case.forward()
    taken = [*all_outputs(trace).values(), *case.inputs.values(), *case.upstream.values()]
    for name, gradient in all_gradients(case.backward(trace)).items():
        assert not any(np.may_share_memory(gradient, array) for array in taken), name


def check_the_trace_holds_copies_of_what_went_in(make):
    case = draw_case(make, 3, masked=True)
    trace = case.forward()
    assert_equal({name: getattr(trace, name) for name in case.inputs}, case.inputs)
    expected = copies(all_gradients(case.backward(trace)))
    for array in case.inputs.values():
        array += 1
    case.mask[...] = 1 - case.mask
    assert_equal(all_gradients(case.backward(trace)), expected)


def check_new_weights_count_from_the_next_call(make):
    case = draw_case(make, 3)
    before = np.array(case.forward().h)
    old = copies(case.layer.params)
    for array in case.layer.params.values():
        array *= 0.5                                                                 # in place, as an optimiser may
    assert np.abs(case.forward().h - before).max() > 1e-3
    case.layer.params.update(old)                                                    # bound anew, as a checkpoint may
    np.testing.assert_array_equal(case.forward().h, before)


def check_states_that_were_not_given_are_zeros(make):
    case = draw_case(make, 4)
    zeros = {name: np.zeros_like(array) for name, array in case.inputs.items()} | {"x": case.inputs["x"]}
    assert_equal(all_outputs(case.layer.forward(case.inputs["x"])), all_outputs(case.part(inputs=zeros).forward()))


def check_arrays_laid_out_otherwise_and_lists_give_the_same(make):
    case = draw_case(make, 4)
    expected = all_gradients(case.backward())
    for other in (np.asfortranarray, np.ndarray.tolist, lambda array: array[..., ::-1].copy()[..., ::-1]):
        again = case.part(inputs={name: other(array) for name, array in case.inputs.items()},
                          upstream={name: other(array) for name, array in case.upstream.items()})
        assert_equal(all_gradients(again.backward()), expected, **CLOSE)


# Sequences may be cut, and batches do not mix

def check_a_sequence_may_be_cut_and_continued(make):
    """Forwards, and back through the second part, then, from what reaches its first states, back through the first."""
    for case in cases(make, SIZES[1:]):
        cut = case.inputs["x"].shape[0] // 2
        whole, grads = case.forward(), case.backward()
        head = case.steps(slice(None, cut))
        first = head.forward()
        tail = case.steps(slice(cut, None), states(case, first, -1))
        second, back = tail.forward(), tail.backward()
        for name in state_names(case.layer):
            joined = np.concatenate([getattr(first, name), getattr(second, name)])
            np.testing.assert_allclose(joined, getattr(whole, name), **CLOSE)
        lasts = {f"d{name}_last": getattr(back, f"{name}0") for name in state_names(case.layer)}
        before = head.part(upstream={"dh": case.upstream["dh"][:cut]} | lasts).backward()
        np.testing.assert_allclose(np.concatenate([before.x, back.x]), grads.x, **CLOSE)
        for name in case.inputs.keys() - {"x"}:
            np.testing.assert_allclose(getattr(before, name), getattr(grads, name), **CLOSE)
        assert_equal({name: before.params[name] + back.params[name] for name in grads.params}, grads.params, **CLOSE)


def check_sequences_of_a_batch_do_not_mix(make):
    """In the last case the layers that work in blocks of time steps need several of them for the batch."""
    for case in cases(make, [(5, 3, 2, 3), (20, 30, 2, 3)]):
        whole, grads = case.forward(), case.backward()
        sums = {name: np.zeros_like(array) for name, array in case.layer.params.items()}
        for n in range(whole.h.shape[1]):
            alone = case.sequence(n)
            np.testing.assert_allclose(alone.forward().h[:, 0], whole.h[:, n], **CLOSE)
            back = alone.backward()
            np.testing.assert_allclose(back.x[:, 0], grads.x[:, n], **CLOSE)
            for name, gradient in back.params.items():
                sums[name] += gradient
        assert_equal(grads.params, sums, rtol=1e-9, atol=1e-9)


# In a network

def echo(batch, rng):
    x = rng.standard_normal((4, batch, 2))
    return x, x[0, :, :1]


def check_it_trains_in_a_network_and_comes_back_from_a_checkpoint(make):
    net, fresh = (Network(make(2, 6, rng=seed), Linear(6, 1, rng=seed)) for seed in (0, 9))
    x, _ = echo(5, np.random.default_rng(0))
    history = train(net, echo, steps=240, progress=False)
    assert np.mean(history.loss[-20:]) < 0.9 * np.mean(history.loss[:20])
    with tempfile.TemporaryDirectory() as folder:
        save_checkpoint(Path(folder) / "net.npz", net, history.optimiser, history)
        load_checkpoint(Path(folder) / "net.npz", fresh, Adam(0.01))
    np.testing.assert_array_equal(fresh.predict(x), net.predict(x))


OF_ALL_THAT_IS_KEPT = [check_a_sequence_may_be_cut_and_continued, check_the_gradient_reaching_each_hidden_state]
OF_STATES = [check_a_mask_of_zeros_carries_the_first_state_through, *OF_ALL_THAT_IS_KEPT]
