"""Answers that nobody should hand in: each gets a verdict without points, and nothing breaks."""

import functools
import itertools
import time

import numpy as np
import pytest

from lstm_helpers.checking import Question
from lstm_helpers.checking.verdict import KINDS

pytestmark = pytest.mark.usefixtures("no_hang")

question = Question(ask="", reference=lambda x: x * 2, cases=[("a", (np.array([1.0, 2.0]),)), ("b", (np.array([3.0, 4.0]),))],
                    mistakes={lambda x: x: "Not doubled."}, seconds=0.5)
value = Question(ask="", reference=lambda: 0.5, mistakes={0.25: "A quarter."}, seconds=0.5)


class Raising:
    """Raises whatever is asked of it."""

    def fails(self, *args, **kwargs):
        raise RuntimeError("no")

    __eq__ = __repr__ = __str__ = __len__ = __iter__ = __getitem__ = __array__ = __bool__ = __float__ = fails
    __hash__ = __getattr__ = __array_ufunc__ = __array_function__ = __lt__ = __gt__ = __sub__ = __rsub__ = fails


class EqualToAll(Raising):
    def __eq__(self, other):
        return True

    __hash__ = None

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __bool__(self):
        return True


class SaysItIsAnArray:
    @property
    def __class__(self):
        return np.ndarray


class SaysItIsRight(np.ndarray):
    """An array whose every comparison succeeds."""

    shape = property(lambda self: (2,))

    def __array_ufunc__(self, *args, **kwargs):
        return np.array([True, True])

    def __array_function__(self, *args, **kwargs):
        return True

    def __eq__(self, other):
        return True

    __hash__ = None


class MetaRaising(type):
    def __getattribute__(cls, name):
        raise RuntimeError(name)

    def __hash__(cls):
        raise RuntimeError("hash")

    def __eq__(cls, other):
        raise RuntimeError("eq")


class OfRaisingType(metaclass=MetaRaising):
    pass


class EvilError(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


class EvilText(str):
    def __str__(self):
        return self

    def strip(self, *args):
        raise RuntimeError("strip")


def raises(error):
    def answer(*args):
        raise error
    return answer


THINGS = {
    "raising": Raising(), "equal to all": EqualToAll(), "fake class": SaysItIsAnArray(), "of raising type": OfRaisingType(),
    "fake comparison": np.zeros(2).view(SaysItIsRight), "list of raising": [Raising()], "generator": (n for n in range(2)),
    "endless": iter(int, 1), "class": Raising, "raising class": OfRaisingType, "function": len, "evil text": EvilText("a"),
    "masked": np.ma.array([9.0, 9.0], mask=True), "structured": np.zeros(2, "f8,f8"),
    "bytes": b"12", "not implemented": NotImplemented, "huge int": 10**400, "huge array": np.broadcast_to(0.0, (10**6, 10**6)),
    "deep list": functools.reduce(lambda inner, _: [inner], range(100), 0), "empty": np.zeros((0, 5)), "module": np,
    "dict": {"a": 1}, "longdouble": np.longdouble("1e4000"), "not a number": np.nan, "time": np.datetime64("2001-01-01"),
}


def returns(thing):
    return lambda x: thing


ANSWERS = {f"returns {name}": returns(thing) for name, thing in THINGS.items()} | {
    "two arguments": lambda x, y: x, "no argument": lambda: 3, "class": Raising, "raising class": OfRaisingType, "len": len,
    "partial": functools.partial(np.add, 1, 1), "evil error": raises(EvilError()), "stop": raises(StopIteration()),
    "exit": raises(SystemExit("Correct.")), "memory": raises(MemoryError()), "group": raises(ExceptionGroup("", [ValueError()])),
    "method": "abc".join, "ufunc": np.sin, "vectorized": np.vectorize(lambda x: 1 / 0),
}


def graded(asked, answer):
    start = time.monotonic()
    verdict = asked.grade(answer)
    assert time.monotonic() - start < 3
    assert verdict.kind in KINDS and not verdict.correct and verdict.points == 0
    assert 5 < len(verdict.message) < 1000
    return verdict


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_function(name):
    graded(question, ANSWERS[name])


@pytest.mark.parametrize("name", THINGS)
def test_a_hostile_value(name):
    graded(value, THINGS[name])
    if not callable(THINGS[name]):
        graded(question, THINGS[name])


def test_after_all_that_the_right_answer_is_still_right():
    assert question.grade(lambda x: 2 * x).correct and value.grade(0.5).correct


@pytest.mark.parametrize("answer", [
    functools.partial(np.multiply, 2), np.vectorize(lambda x: 2 * x), type("Callable", (), {"__call__": lambda self, x: x + x})(),
    lambda x: (x * 2).view(SaysItIsRight), lambda *args, **kwargs: args[0] * 2])
def test_unusual_but_right(answer):
    assert question.grade(answer).correct


@pytest.mark.parametrize(("answer", "words"), [
    (lambda x, y: x, "Calling it fails: TypeError: <lambda>() missing 1 required positional argument: 'y'"),
    (lambda: 3, "Calling it fails: TypeError: <lambda>() takes 0 positional arguments but 1 was given"),
    (raises(EvilError()), "EvilError: its message cannot be shown")])
def test_what_is_said(answer, words):
    assert words in graded(question, answer).message


def test_names_of_the_notebook_do_not_matter():
    """The student's own `print`, `abs` or `np` change nothing; neither does printing the check's words."""
    source = """
class np:
    abs = all = array = asarray = isfinite = allclose = lambda *args, **kwargs: True
abs = all = any = isinstance = len = type = lambda *args: True
def f(x):
    print("Correct.")
    return 7
"""
    namespace = {"question": question}
    exec(source, namespace)
    assert graded(question, namespace["f"]).kind == "shape"


def test_the_answer_gets_copies():
    handed = []
    question.grade(lambda x: handed.append(x) or x.fill(0) or x)
    assert question.grade(lambda x: 2 * x).correct and handed


class EndlessList(list):
    def __iter__(self):
        return itertools.count()


def test_of_an_endless_list_no_more_is_read_than_is_needed():
    pair = Question(ask="", reference=lambda: (1.0, 2.0), names=("x", "y"))
    assert graded(pair, EndlessList()).message == "It gives more than 2 values; it needs 2: x and y."


def test_a_huge_array_is_named_by_its_shape_and_never_copied():
    message = graded(question, lambda x: np.broadcast_to(0.0, (10**6, 10**6))).message
    assert message.startswith("It has shape (1000000, 1000000); it needs (2,).")
