"""The part of the contract that is in words: what a layer is to refuse, saying the argument, what it has, what is needed."""

import inspect
import re

import numpy as np
import pytest

from .cases import draw_case

STEPS, BATCH, INPUTS = 5, 3, 4                                                       # of `bad_sequences` and `bad_masks`
ZERO_OR_ONE = "forward needs 0 (carry the state over) and 1 (take the step)"


def refused(*parts):
    """Expect a ValueError that begins with the first part and ends with the last one."""
    return pytest.raises(ValueError, match="(?s)^" + ".*".join(re.escape(part) for part in parts) + "$")


def no_floats(name, found, needed_by):
    return f"{name} has dtype {found}; {needed_by} needs floats, such as {name}.astype(np.float64)"


def other_dtype(name, found, needed, needed_by):
    return (f"{name} has dtype {found}; {needed_by} needs {needed}, the layer's own: "
            f"{name}.astype(np.{needed}), or a layer made with dtype=np.{found}")


def spoiled(shape, value, place):
    array = np.ones(shape)
    array[place] = value
    return array


def bad_sequences():
    """Return (x, words) of what is no sequence (5, 3, 4)."""
    shape = (STEPS, BATCH, INPUTS)
    wrong = [*(((5, 3), ""), ((5, 3, 4, 1), ""), ((), ""), ((5, 3, 7), "")),
             *(((0, 3, 4), " with T, B at least 1"), ((5, 0, 4), " with T, B at least 1"), ((5, 3, 0), ""))]
    shapes = [(np.ones(other), (f"x has shape {other}; forward needs (T, B, D=4){more}",)) for other, more in wrong]
    dtypes = [(np.ones(shape, dtype), (no_floats("x", np.dtype(dtype), "forward"),))
              for dtype in (int, bool, object, complex)]
    numbers = [(spoiled(shape, value, (2, 1, 3)), (f"x[2, 1, 3] is {value}; forward needs finite numbers",))
               for value in (np.nan, np.inf, -np.inf)]
    both = np.ones(shape)
    both[1], both[3] = np.inf, -np.inf
    return [*shapes, *dtypes, *numbers, (np.full(shape, "a"), (no_floats("x", "<U1", "forward"),)),
            (np.ones(shape, np.float32), (other_dtype("x", "float32", "float64", "forward"),)),
            (both, ("x[1, 0, 0] is inf; forward needs finite numbers",))]


def bad_masks():
    """Return (mask, words) of what is no mask (5, 3)."""
    shapes = [(np.ones(other), (f"mask has shape {other}; forward needs (5, 3)",)) for other in ((3, 5), (5, 2), (5,), (5, 3, 1))]
    numbers = [(spoiled((STEPS, BATCH), value, (1, 1)), (f"mask holds {float(value)}; {ZERO_OR_ONE}",))
               for value in (2, 0.5, -1, np.nan)]
    others = [(np.full((STEPS, BATCH), value), (f"mask holds {value}; {ZERO_OR_ONE}",)) for value in (None, "on")]
    return shapes + numbers + others


def bad_arrays(name, shape, needed_by):
    """Return (array, words) of what is no array of a given shape."""
    last = tuple(n - 1 for n in shape)
    at = ", ".join(map(str, last))
    others = {(*shape[:-2], shape[-2] - 1, shape[-1]), (*shape[:-1], shape[-1] + 1), shape[1:], (1, *shape),
              (shape[0] - 1, *shape[1:])}
    needs = f"{needed_by} needs ({', '.join(map(str, shape))})"
    shapes = [(np.ones(other), (f"{name} has shape {other}; {needs}",)) for other in others]
    dtypes = [(np.ones(shape, dtype), (no_floats(name, np.dtype(dtype), needed_by),))
              for dtype in (int, object)]
    numbers = [(spoiled(shape, value, last), (f"{name}[{at}] is {value}; {needed_by} needs finite numbers",))
               for value in (np.nan, np.inf)]
    return [*shapes, *dtypes, *numbers,
            (np.ones(shape, np.float32), (other_dtype(name, "float32", "float64", needed_by),))]


def check_repr(make):
    for dtype in (np.float32, np.float64):
        layer = make(3, 4, dtype=dtype)
        assert repr(layer).startswith(type(layer).__name__) and repr(layer).endswith(f"dtype={np.dtype(dtype)})")
        assert "3, 4" in repr(layer)


def check_refusals_of_sequences_and_masks(make):
    layer = make(4, 6)
    for x, words in bad_sequences():
        with refused(*words):
            layer.forward(x)
    for mask, words in bad_masks():
        with refused(*words):
            layer.forward(np.ones((5, 3, 4)), mask=mask)
    with refused(other_dtype("x", "float64", "float32", "forward")):
        make(4, 6, dtype=np.float32).forward(np.ones((5, 3, 4)))


def check_refusals_of_states_and_gradients(make):
    case = draw_case(make, 5, 3, 4, 6)
    trace = case.forward()
    for name, array in case.inputs.items():
        for bad, words in bad_arrays(name, array.shape, "forward") if name != "x" else ():
            with refused(*words):
                case.layer.forward(**case.inputs | {name: bad})
    for name, array in case.upstream.items():
        for bad, words in bad_arrays(name, array.shape, "backward"):
            with refused(*words):
                case.layer.backward(trace, **case.upstream | {name: bad})


def check_numbers_too_large_to_add_are_finite(make):
    layer = make(4, 6, dtype=np.float32)
    for array in layer.params.values():
        array *= 0
    assert np.isfinite(layer.forward(np.full((5, 3, 4), np.finfo(np.float32).max)).h).all()


def check_refusals_of_settings(make):
    for name in ("input_size", "hidden_size"):
        for size in (0, -1, 2.5, 3.0, True, "3", None):
            with refused(f"{name} is {size!r}; ", " needs a whole number of at least 1"):
                make(**({"input_size": 3, "hidden_size": 3} | {name: size}))
    assert make(np.int64(3), np.int32(4)).params.keys() == make(3, 4).params.keys()
    for dtype in ("int64", "float16", "complex128", ">f8", "banana", int, np.float16, 3):
        with refused(f"dtype is {dtype}; ", " needs float64 or float32"):
            make(3, 4, dtype=dtype)
    for init in ("glorot", "", None, 1) if "init" in inspect.signature(make).parameters else ():
        with refused(f"init is {init!r}; ", ' needs "orthogonal" or "uniform"'):
            make(3, 4, init=init)


def check_a_trace_of_another_layer_is_refused(make):
    class Foreign:
        pass

    layer, x = make(2, 3), np.zeros((2, 1, 2))
    needed = f"; backward needs a trace of {type(layer).__name__}(2, 3)"
    with refused(f"trace is a Foreign{needed}, float64"):
        layer.backward(Foreign(), None)
    for other, found in (((2, 5), "D=2, H=5, float64"), ((4, 3), "D=4, H=3, float64")):
        with refused(f"trace is of {found}{needed}, float64"):
            layer.backward(make(*other).forward(np.zeros((2, 1, other[0]))), None)
    with refused(f"trace is of D=2, H=3, float32{needed}, float64"):
        layer.backward(make(2, 3, dtype=np.float32).forward(x.astype(np.float32)), None)
