"""Answers put together at random from hostile parts: each gets a verdict without points, and the check lives on."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from lstm_helpers.checking import Question
from lstm_helpers.checking.verdict import KINDS

VALUE, ARRAY, WORDS = 0.123456789, np.array([1.5, -2.5]), "an answer that no strategy draws"
QUESTIONS = {
    "function": Question(ask="", reference=lambda x: x * VALUE, cases=[("a", (ARRAY,)), ("b", (ARRAY[::-1],))],
                         mistakes={lambda x: x / VALUE: "Divided.", lambda x: x.reshape(2, 1): "A column."}, seconds=0.5),
    "tuple": Question(ask="", reference=lambda x: (x * VALUE, VALUE), cases=[("a", (ARRAY,))], names=("y", "loss"), seconds=0.5),
    "dict": Question(ask="", reference=lambda x: {"W": x * VALUE, "b": np.array(VALUE)}, cases=[("a", (ARRAY,))], seconds=0.5),
    "value": Question(ask="", reference=lambda: VALUE, mistakes={0.5: "Half."}, seconds=0.5),
    "text": Question(ask="", reference=lambda: WORDS, seconds=0.5),
}
METHODS = ["__eq__", "__ne__", "__hash__", "__repr__", "__str__", "__len__", "__iter__", "__next__", "__getitem__", "__array__",
           "__bool__", "__float__", "__int__", "__index__", "__getattr__", "__getattribute__", "__call__", "__lt__", "__gt__",
           "__sub__", "__rsub__", "__mul__", "__abs__", "__array_ufunc__", "__array_function__", "__array_interface__",
           "__array_struct__", "__buffer__", "__copy__", "__deepcopy__", "__reduce__", "__format__", "__contains__", "__del__",
           "__enter__", "__exit__", "__class__", "__dict__", "__instancecheck__", "__wrapped__", "__signature__", "__code__",
           "__name__", "__module__", "__doc__", "__traceback__", "__cause__", "shape", "dtype", "ndim", "size", "copy", "strip"]
ERRORS = [ValueError, TypeError, KeyError, RecursionError, MemoryError, StopIteration, SystemExit, GeneratorExit,
          UnicodeDecodeError, AssertionError, OSError, AttributeError, BaseException]
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(max_size=20), st.binary(max_size=20),
    st.sampled_from([..., NotImplemented, np.ma.masked, *ERRORS]), st.decimals(), st.fractions(), st.dates(),
    arrays_of.arrays(arrays_of.scalar_dtypes() | arrays_of.array_dtypes(max_size=3),
                     arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)),
    arrays_of.arrays(float, st.sampled_from([(), (2,), (2, 1), (1, 2)])))


def raising(error):
    def method(*args, **kwargs):
        raise (error("utf-8", b"", 0, 1, "no") if error is UnicodeDecodeError else error("no"))

    return method


def returning(value):
    return lambda *args, **kwargs: value


BEHAVIOUR = st.sampled_from(ERRORS).map(raising) | PLAIN.map(returning) | PLAIN | PLAIN.map(property)
BASES = st.sampled_from([(), (float,), (int,), (str,), (list,), (tuple,), (dict,), (np.ndarray,), (type,), (Exception,)])


@st.composite
def hostile_objects(draw):
    """An object, of a plain type's kind or not, some of whose methods raise or say what nobody expects."""
    methods = draw(st.dictionaries(st.sampled_from(METHODS), BEHAVIOUR, max_size=5))
    try:
        return type("Hostile", draw(BASES), methods)()
    except BaseException:       # a class that cannot be made, or has no objects, is no answer
        return NotImplemented


THINGS = st.recursive(PLAIN | hostile_objects(), lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.sampled_from(["W", "b", "x", 3]), inner, max_size=3),
    inner.map(returning)), max_leaves=5)
ANSWERS = THINGS | THINGS.map(returning) | st.sampled_from(ERRORS).map(raising)


@pytest.mark.parametrize("name", QUESTIONS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answer=ANSWERS)
def test_every_answer_gets_a_verdict(name, answer):
    question, start = QUESTIONS[name], time.monotonic()
    verdict = question.grade(answer)
    assert time.monotonic() - start < 3
    assert type(verdict.message) is str and 5 < len(verdict.message) < 1500
    assert verdict.kind in KINDS and not verdict.correct and verdict.points == 0
    right = question.reference() if question.is_value else question.reference
    assert question.grade(right).correct
