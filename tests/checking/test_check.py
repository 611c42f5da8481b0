"""What check, hint and solution say, kind by kind."""

import functools
import gc
import linecache
import os
import signal
import sys
import time
import warnings

import numpy as np
import pytest

from lstm_helpers.checking import Question
from lstm_helpers.checking.judging import is_stub
from lstm_helpers.checking.verdict import KINDS


def double_and_sum(x, w):
    return {"double": 2 * x, "sum": x.sum(axis=0) * w}


def scale(x, w):
    return x * w


def halves():
    return 0.5


def split(x):
    return x[:1], x[1:]


CASES = [("small", (np.array([1.0, -2.0]), 3.0)), ("large", (np.arange(12.0).reshape(6, 2), 0.5))]
one = Question(ask="Scale.", reference=scale, cases=CASES, points=4, seconds=0.3, hints=("First.", "Second."),
               mistakes={lambda x, w: x + w: "This adds.", lambda x, w: (x * w).sum(): "This sums.",
                         lambda x, w: [[0], [0, 0]]: "Ragged.", lambda x, w: x / 0: "Infinite."})
many = Question(ask="Both.", reference=double_and_sum, cases=CASES, mistakes={
    lambda x, w: {"double": 2 * x, "sum": x.sum(axis=0)}: "w is missing in sum."})
pair = Question(ask="Split.", reference=split, cases=[("two", (np.array([1.0, 2.0]),))], names=("head", "tail"),
                mistakes={lambda x: (x[1:], x[:1]): "The other way round."})
unnamed = Question(ask="Split.", reference=split, cases=pair.cases)
value = Question(ask="Half.", reference=halves, tolerance=0.01, points=2, mistakes={
    0.25: "That is a quarter.", lambda: 2 / 2: "That is the whole."})
text = Question(ask="Which gate?", reference=lambda: "Forget", mistakes={"input": "That one writes."})
lines = Question(ask="Which lines?", reference=lambda: {"bug 1": "dz_f", "bug 2": "dx", "bug 3": "dx"}, mistakes={
    lambda: {"bug 1": "dz_f", "bug 2": "dh", "bug 3": "dh"}: "Not dh."})
flag = Question(ask="Is it stable?", reference=lambda: True)
flags = Question(ask="Which are positive?", reference=lambda x: x > 0, cases=[("three", (np.array([1.0, 0.0, -1.0]),))])


def said(question, answer):
    verdict = question.grade(answer)
    assert verdict.kind in KINDS
    assert verdict.points == (question.points if verdict.kind == "correct" else 0)
    assert verdict.correct == (verdict.kind == "correct")
    return verdict.kind, verdict.message


def stub(x, w):
    """A text does not count."""
    ...


def passes(x, w):
    pass


@pytest.mark.parametrize("answer", [..., stub, passes, lambda x, w: None])
def test_not_attempted(answer):
    assert said(one, answer) == ("not attempted",
                                 "Not attempted yet. Write your answer in place of `...`, then run this cell again.")


@pytest.mark.parametrize("signature", ["x, w", "x, w=3", "*args, **kwargs", "x: float, w: 'text' = None, *, more: int = 1"])
@pytest.mark.parametrize("body", ["...", "pass", "'Text.'", "'Text.'\n    ...", "'Text.'\n    pass", "return", "return None",
                                  "'Text.'\n    return None", "...\n    ...", "# What to do\n    ...", "if False:\n        x"])
def test_a_stub(body, signature):
    assert is_stub(defined(body, signature))


@pytest.mark.parametrize("body", [
    "x", "x += 1", "x = None", "print()", "raise", "assert x", "import os", "while True: pass", "yield", "await x", "del x",
    "return x", "return ...", "return 0", "return 1", "return -1", "return 300", "return 0.5", "return True", "return False",
    "return ''", "return 'Text.'", "'Text.'\n    return 3", "return ()", "return []", "return (None,)", "return lambda: None",
    "return len", "return AssertionError", "def inner(): return x", "'Text.'\n    x"])
def test_no_stub(body):
    assert not is_stub(defined(body, "x", "async def" if "await" in body else "def"))


def defined(body, signature, start="def"):
    namespace = {}
    exec(f"{start} f({signature}):\n    {body}", namespace)
    return namespace["f"]


def test_a_stub_within_other_code():
    y, z = 3, []

    def knows_a_default(x, w=y):
        ...

    def knows_what_is_outside(x, w):
        return y
    methods = type("Class", (), {"method": lambda self: None}).method, z.append, len, functools.partial(knows_a_default)
    assert [is_stub(one) for one in (knows_a_default, *methods)] == [True, True, False, False, False]
    assert not is_stub(knows_what_is_outside)


def test_half_finished_is_not_wrong():
    assert said(one, lambda x, w: ...) == ("not attempted", "Not finished yet: there is still a `...` in it.")
    assert said(many, lambda x, w: {"double": x, "sum": ...})[0] == "not attempted"
    assert said(pair, lambda x: (x, ...))[0] == "not attempted"
    assert said(value, ...)[0] == said(value, None)[0] == "not attempted"

    def unfinished(x, w):
        y = ...
        return x * y
    kind, message = said(one, unfinished)
    assert kind == "not attempted" and "there is still a `...` in line" in message and "`return x * y`" in message


def no_return(x, w):
    y = x * w  # noqa: F841


def generator(x, w):
    yield x * w


async def coroutine(x, w):
    return x * w


async def asynchronous_generator(x, w):
    yield x * w


@pytest.mark.parametrize(("question", "answer", "message"), [
    (one, no_return, "Your function returns None: is a `return` missing at its end?"),
    (one, generator, "It is a generator: use return, not yield."),
    (one, coroutine, "It is a coroutine: write def without async."),
    (one, asynchronous_generator, "It is an asynchronous generator: write def without async, and return."),
    (one, lambda x, w: "3", "It holds text; it needs real numbers."),
    (one, lambda x, w: x * 1j, "It holds complex numbers; it needs real numbers."),
    (one, lambda x, w: x.astype(object), "It holds Python objects (dtype object); it needs real numbers."),
    (one, lambda x, w: x > 0, "It holds True or False; it needs real numbers."),
    (one, lambda x, w: x.astype("M8[s]"), "It holds values of dtype 'M'; it needs real numbers."),
    (one, lambda x, w: [[1], [1, 2]], "It is a list whose entries differ in shape; it needs to be an array of shape (2,)."),
    (one, lambda x, w: {1, 2}, "It is a set; it needs to be an array of shape (2,)."),
    (one, lambda x, w: abs, "It is a builtin_function_or_method; it needs to be an array of shape (2,)."),
    (one, lambda x, w: int, "It is a type; it needs to be an array of shape (2,)."),
    (one, np.array([3.0, -6.0]), "This is an array; hand over the function itself: one.check(scale)"),
    (one, None, "This is None; hand over the function itself: one.check(scale)"),
    (many, lambda x, w: x, "It gives an array; it needs a dict with double and sum."),
    (many, lambda x, w: {"double": x}, "The dict lacks sum; it needs double and sum."),
    (many, lambda x, w: {"double": x, 3: x}, "The dict lacks sum and has 3 besides; it needs double and sum."),
    (many, lambda x, w: double_and_sum(x, w) | {"mean": 0}, "The dict has mean besides; it needs double and sum."),
    (many, lambda x, w: double_and_sum(x, w) | {"ab" * 99: 0}, f"The dict has {'ab' * 15} besides; it needs double and sum."),
    (many, lambda x, w: {"double": x, "sum": None}, "sum is None; it needs to be a number."),
    (pair, lambda x: x[0], "It gives a float64; it needs 2 values: head and tail."),
    (pair, lambda x: (x,), "It gives 1 value; it needs 2: head and tail."),
    (pair, lambda x: (x, x, x), "It gives more than 2 values; it needs 2: head and tail."),
    (unnamed, lambda x: (x,), "It gives 1 value; it needs 2: entry 0 and entry 1."),
    (pair, lambda x: (), "It gives 0 values; it needs 2: head and tail."),
    (value, halves, "It is a function; it needs to be a number."),
    (value, "half", "It holds text; it needs real numbers."),
    (value, True, "It holds True or False; it needs real numbers."),
    (text, 3, "It holds numbers; it needs text."),
    (flags, lambda x: x, "It holds numbers; it needs True or False."),
    (flags, lambda x: {1}, "It is a set; it needs to be an array of shape (3,)."),
    (text, {1}, "It is a set; it needs to be text."),
    (flag, {1}, "It is a set; it needs to be True or False."),
])
def test_type(question, answer, message):
    kind, found = said(question, answer)
    assert (kind, found.splitlines()[0]) == ("type", message)


def test_nobody_is_warned_of_what_was_never_awaited():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for answer in (generator, coroutine, asynchronous_generator):
            said(one, answer)
        gc.collect()
    assert not warned


@pytest.mark.parametrize(("question", "answer", "message"), [
    (one, lambda x, w: (x * w)[None], "It has shape (1, 2); it needs (2,)."),
    (one, lambda x, w: np.zeros(0), "It has shape (0,); it needs (2,)."),
    (many, lambda x, w: double_and_sum(x, w) | {"double": x[:1]}, "double has shape (1,); it needs (2,)."),
    (pair, lambda x: (x, x), "head has shape (2,); it needs (1,)."),
    (value, [0.5], "It has shape (1,); it needs a single number, shape ()."),
])
def test_shape(question, answer, message):
    kind, found = said(question, answer)
    assert (kind, found.splitlines()[0]) == ("shape", message)
    assert question is not one or 'In the case "small": x = [1, -2], w = 3' in found


@pytest.mark.parametrize(("answer", "words"), [
    (lambda x, w: x * np.nan, "It holds NaN at [0]"), (lambda x, w: np.array([0, np.inf]), "It holds infinity at [1]")])
def test_not_finite(answer, words):
    kind, message = said(one, answer)
    assert kind == "not finite" and message.startswith(words)
    assert said(value, float("inf")) == ("not finite", "It holds infinity. Is something divided by 0, or does it grow without "
                                         "limit?")


@pytest.mark.parametrize(("question", "answer", "message"), [
    (one, lambda x, w: w + x, "This adds."),
    (one, lambda x, w: float((x * w).sum()), "This sums."),
    (one, lambda x, w: x / 0, "Infinite."),
    (many, lambda x, w: {"sum": x.sum(axis=0), "double": x + x}, "w is missing in sum."),
    (pair, lambda x: [x[1:], x[:1]], "The other way round."),
    (value, 0.255, "That is a quarter."),
    (value, 1, "That is the whole."),
    (text, " INPUT ", "That one writes."),
])
def test_mistake(question, answer, message):
    assert said(question, answer) == ("mistake", message)


class Engine:
    pass


class Tensor:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array


def test_what_turns_into_an_array_is_read_as_one():
    assert said(one, lambda x, w: Tensor(x * w))[0] == "correct"
    message = said(one, lambda x, w: Engine())[1]
    assert message.startswith("It is an Engine; it needs to be an array of shape (2,).\n")


def test_an_array_passes_where_several_values_are_asked_for():
    twice = Question(ask="", reference=lambda x: (x.sum(), x.max()), names=("sum", "max"), cases=[("a", (np.array([1.0, 2.0]),))])
    assert said(twice, lambda x: np.array([3.0, 2.0]))[0] == said(twice, lambda x: [3.0, 2.0])[0] == "correct"
    assert said(twice, lambda x: np.array([2.0, 3.0]))[0] == "different"
    for other in (np.array(3.0), np.array([3.0]), np.array([3.0, 2.0, 1.0])):
        assert said(twice, lambda x, other=other: other)[0] == "type"


def test_a_mistake_of_another_form_is_no_match():
    form = Question(ask="Scale.", reference=scale, cases=CASES, mistakes={lambda x, w: {"x": x}: "A dict."})
    assert said(form, lambda x, w: x)[0] == "different"


def test_a_mistake_that_works_in_place_spoils_no_other():
    both = {overwrites: "This scales.", lambda x, w: x + 1: "This adds one."}
    question = Question(ask="", reference=lambda x, w: x - w, cases=CASES, mistakes=both)
    assert said(question, lambda x, w: 1 + x) == ("mistake", "This adds one.")
    assert said(question, lambda x, w: x * w) == ("mistake", "This scales.")


def test_a_mistake_that_overflows_and_infinities_warn_nobody():
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        assert said(one, lambda x, w: x - w)[0] == "different"
        question = Question(ask="", reference=lambda: np.array([np.inf, 1.0]))
        assert said(question, [np.inf, 1]) == ("correct", "Correct. It is a list; np.array(…) would make it an array.")


def test_a_mistake_must_agree_in_every_case():
    kind, _ = said(one, lambda x, w: x + w if w == 3 else x * w)
    assert kind == "different"


def test_different_shows_the_first_case_that_differs():
    kind, message = said(one, lambda x, w: x * w if w == 3 else x * w + (x >= 3))
    assert kind == "different"
    assert message.splitlines() == [
        "Not yet: the numbers differ.", 'In the case "large": x (6, 2), w = 0.5', "  expected [1, 1]: 1.5",
        "  yours [1, 1]: 2.5"]


def test_a_wrong_case_is_told_before_an_error_in_a_later_one():
    def answer(x, w):
        return x * w + 1 if w == 3 else x[99, 99]
    kind, message = said(one, answer)
    assert kind == "different" and message.splitlines()[1].startswith('In the case "small"')
    assert said(one, lambda x, w: x * w if w == 3 else x[99, 99])[0] == "error"
    kind, message = said(one, lambda x, w: (x * w)[:1] if w == 3 else x[99, 99])
    assert kind == "shape"


def test_different_names_the_parts():
    kind, message = said(many, lambda x, w: double_and_sum(x, w) | {"sum": x.sum(axis=0) * w - 1e-5})
    assert kind == "different"
    assert message.splitlines() == [
        "Not yet. Right: double. Not right: sum.", 'In the case "small": x = [1, -2], w = 3', "  expected sum: -3",
        "  yours sum: -3.00001"]
    assert said(many, lambda x, w: {"double": x, "sum": x.sum(axis=0) * 7})[1].startswith("Not yet. Not right: double, sum.")


@pytest.mark.parametrize(("answer", "message"), [(0.4, "Not yet: 0.4 is too small."), (0.6, "Not yet: 0.6 is too large."),
                                                 (-0.0, "Not yet: 0 is too small."), (80_000, "Not yet: 80000 is too large.")])
def test_a_wrong_value_does_not_give_the_right_one_away(answer, message):
    assert said(value, answer) == ("different", message)
    assert said(text, "output") == ("different", "Not yet: 'output' is not it.")
    sizes = Question(ask="", reference=lambda: np.array([1.0, 2.0]))
    assert said(sizes, [1, 3]) == ("different", "Not yet: [1, 3] is not it.")
    ends = Question(ask="", reference=lambda: {"first": 1.0, "last": 2.0})
    assert said(ends, {"first": 1, "last": 3}) == ("different", "Not yet. Right: first. Not right: last.")


@pytest.mark.parametrize(("answer", "found"), [
    (("dz_f", "dh", "dx"), ("different", "Not yet. Right: bug 1, bug 3. Not right: bug 2.")),
    (("?", "?", "?"), ("different", "Not yet. Not right: bug 1, bug 2, bug 3.")),
    (("dz_f", "dh", "dh"), ("mistake", "Not dh.")),
    (("dz_f", "DX", " dx"), ("correct", "Correct.")),
    (("dz_f", 2, "dx"), ("type", "bug 2 holds numbers; it needs text.")),
    (("dz_f", ..., "dx"), ("not attempted", "Not finished yet: there is still a `...` in it."))])
def test_a_dict_of_values_is_judged_by_its_entries(answer, found):
    assert said(lines, dict(zip(("bug 1", "bug 2", "bug 3"), answer, strict=True))) == found


@pytest.mark.parametrize(("question", "answer"), [
    (one, scale), (one, lambda x, w: x.astype(np.float32) * np.float32(w)), (one, lambda x, w: x * w + 5e-7),
    (one, np.multiply), (many, double_and_sum), (pair, split), (pair, lambda x: [x[:1], x[1:]]),
    (value, 0.5), (value, 0.509), (value, np.float32(0.5)), (value, np.array(0.5)), (text, "forget "), (text, np.str_("FORGET")),
    (flags, lambda x: [True, False, False])])
def test_correct(question, answer):
    kind, message = said(question, answer)
    assert kind == "correct" and message.startswith("Correct.")


def test_tolerance_is_absolute_below_one_and_relative_above():
    assert not one.grade(lambda x, w: x * w + 2e-6 * (x == 1)).correct        # 3 + 2e-6 passes, 0.5 + 2e-6 does not
    assert one.grade(lambda x, w: x * w * (1 + 9e-7)).correct
    assert not one.grade(lambda x, w: x * w * (1 + 2e-6)).correct
    assert not value.grade(0.511).correct
    assert Question(ask="", reference=lambda: 1, tolerance=1).grade(2).correct      # to be off by 1 is what 1 allows


def test_a_list_counts_and_is_mentioned():
    assert said(one, lambda x, w: [list(row) if np.ndim(row) else row for row in x * w]) == (
        "correct", "Correct. It is a list; np.array(…) would make it an array.")
    assert said(flags, lambda x: (True, False, False))[1] == "Correct. It is a tuple; np.array(…) would make it an array."
    assert said(flags, lambda x: x > 0)[1] == said(pair, lambda x: [x[:1], x[1:]])[1] == "Correct."


def test_infinity_where_it_belongs():
    question = Question(ask="", reference=lambda x: x / 0.0, cases=[("", (np.array([1.0, 0.0]),))])
    with np.errstate(all="ignore"):
        assert question.grade(lambda x: np.array([np.inf, np.nan])).correct
        assert not question.grade(lambda x: np.array([5.0, np.nan])).correct
        assert question.grade(lambda x: np.array([np.inf, np.inf])).kind == "different"


def overwrites(x, w):
    x *= w
    return x


def test_changing_an_argument_is_never_passed_over():
    before = CASES[0][1][0].copy()
    kind, message = said(one, overwrites)
    assert kind == "changes input"
    assert message == ("The numbers are right, but your function changes its argument x in place: work on a copy, such as "
                       "x.copy().")
    assert np.array_equal(before, CASES[0][1][0])

    def adds(x, w):
        x += w
        return x
    assert said(one, adds)[0] == "mistake" and "This adds.\nAnd your function changes its argument x" in said(one, adds)[1]


def test_two_changed_arguments_are_both_named():
    def changes_both(x, y):
        x += 1
        y.shape = (1, 2)
        return x - 1
    question = Question(ask="", reference=lambda x, y: x * 1, cases=[("", (np.ones(2), np.ones(2)))])
    assert said(question, changes_both)[1].endswith("its argument x and y in place: work on a copy, such as x.copy().")


@pytest.mark.parametrize("argument", [np.array([1.0, np.nan]), np.array(["a", "b"]), np.arange(2), [1, 2], "a", None])
def test_an_argument_that_is_only_read_is_not_called_changed(argument):
    question = Question(ask="", reference=lambda x: 1.0, cases=[("", (argument,))])
    assert said(question, lambda x: 1.0) == ("correct", "Correct.")


def test_what_is_inside_an_argument_is_watched_too():
    question = Question(ask="", reference=lambda params: params["W"][0] * 1, cases=[("", ({"W": [np.ones(2)]},))])

    def inside(params):
        params["W"][0] += 1
        return params["W"][0] - 1

    def surplus(params):
        params["b"] = 0
        return params["W"][0]

    def longer(params):
        params["W"].append(0)
        return params["W"][0]
    assert {said(question, answer)[0] for answer in (inside, surplus, longer)} == {"changes input"}
    assert said(question, lambda params: params["W"][0])[0] == "correct"


def test_a_solution_that_works_in_place_spoils_no_case():
    question = Question(ask="", reference=overwrites, cases=CASES)
    assert question.grade(lambda x, w: x * w).correct and question.grade(lambda x, w: x * w).correct


def test_an_array_changed_after_it_was_returned():
    kept = np.zeros(2)

    def same_buffer(x, w):
        kept[:] = x * w
        return kept
    question = Question(ask="", reference=scale, cases=[("a", (np.ones(2), 2.0)), ("b", (np.ones(2), 3.0))])
    assert question.grade(same_buffer).correct


def test_check_prints_and_returns_nothing(capsys):
    assert one.check(scale) is None
    assert capsys.readouterr().out == "Correct.\n"
    assert one.result.correct and one.result.points == 4
    assert one.check(...) is None
    assert capsys.readouterr().out == "Not attempted yet. Write your answer in place of `...`, then run this cell again.\n"
    assert one.result.kind == "not attempted"
    assert many.result is None


def test_what_the_code_prints_is_shown_once(capsys):
    def chatty(x, w):
        print("Correct.", x.shape)
        return x
    one.check(chatty)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Not yet: the numbers differ." and "In the first case your code printed:" in lines
    assert lines.count("| Correct. (2,)") == 1 and not any("(6, 2)" in line for line in lines if line.startswith("|"))


def test_a_flood_of_prints_is_cut(capsys):
    def flood(x, w):
        print("x" * 30_000, *range(10_000), sep="\n")
        return x * w
    one.check(flood)
    assert len(capsys.readouterr().out) < 1500

    def many_lines(x, w):
        print(*range(200), sep="\n")
        return x * w
    one.check(many_lines)
    assert len(capsys.readouterr().out.splitlines()) == 12


def test_warnings_are_not_errors_and_not_shown(capsys):
    def warns(x, w):
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
        return x * w + 0 / np.float64(1)
    one.check(warns)
    assert capsys.readouterr() == ("Correct.\n", "")


def test_hints_say_more_each_time(capsys):
    question = Question(ask="Scale.", reference=scale, cases=CASES, hints=("First.", "Second."))
    for _ in range(4):
        question.hint()
    end = "There are no more hints. q.solution() shows one way to do it."
    assert capsys.readouterr().out.splitlines() == ["Hint 1 of 2: First.", "Hint 2 of 2: Second.", end, end]


def test_hints_are_offered_while_there_are_any(capsys):
    question = Question(ask="Half.", reference=halves, hints=("A.",))
    question.check(3)
    assert capsys.readouterr().out == "Not yet: 3 is too large.\nStuck? q.hint()\n"
    question.hint()
    question.check(3)
    assert capsys.readouterr().out == "Hint 1 of 1: A.\nNot yet: 3 is too large.\n"


def test_a_question_writes_its_stub():
    assert value.stub() == "halves = ...\n\nvalue.check(halves)\n# value.hint()\n# value.solution()"
    assert one.stub().startswith("def scale(x, w):\n    ...\n\none.check(scale)")


def test_a_question_shows_its_statement():
    assert repr(one) == "one (4 points): Scale."
    assert repr(many) == "many (1 point): Both."
    with pytest.raises(AttributeError):
        one.points = 100
    with pytest.raises(AttributeError):
        one.grade = print


def test_grade_leaves_no_trace():
    before = one.result
    assert one.grade(scale).correct
    assert one.result is before


def test_other_draws():
    question = Question(ask="", reference=lambda x: 2 * x, cases=lambda rng: [("drawn", (rng.standard_normal(3),))])
    shown = {question.grade(lambda x: x, rng=seed).message for seed in (0, 0, 1)}
    assert len(shown) == 2

    def learned_by_heart(x):
        return 2 * np.random.default_rng(0).standard_normal(3)
    assert question.grade(learned_by_heart).correct and not question.grade(learned_by_heart, rng=1).correct


def compiled(source, name, filename="cell 7"):
    """Define as a notebook does: compiled from a text that linecache knows."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace = {"np": np, "os": os}
    exec(compile(source, filename, "exec"), namespace)
    return namespace[name]


@pytest.mark.parametrize(("body", "words"), [
    ("return x @ w", "It stops with an error in line 3: `return x @ w`:\n  ValueError:"),
    ("return helper(x)", "in line 6: `return x[99]`:\n  IndexError: index 99"),
    ("return np.concatenate([x, 3])", "in line 3: `return np.concatenate([x, 3])`:\n  ValueError:"),
    ("raise SystemExit(1)", "in line 3: `raise SystemExit(1)`:\n  SystemExit: 1"),
    ("return os.environ['NOTHING']", "in line 3: `return os.environ['NOTHING']`:\n  KeyError: 'NOTHING'"),
    ("raise KeyError", "KeyError: no message"),
    ("return {}['h']", "KeyError: 'h'"),
    ("raise GeneratorExit", "GeneratorExit"),
    ("raise ValueError('x' * 300)", "ValueError: " + 300 * "x" + "\n"),
    ("raise ValueError('x' * 10_000)", "ValueError: " + 300 * "x" + " …\n"),
])
def test_an_error_names_the_line(body, words):
    code = f"\ndef f(x, w):\n    {body}\n\ndef helper(x):\n    return x[99]\n"
    kind, message = said(one, compiled(code, "f"))
    assert kind == "error" and words in message and len(message) < 500


def test_an_error_in_code_without_a_source():
    namespace = {}
    exec("def f(x, w):\n    return y", namespace)
    assert said(one, namespace["f"]) == ("error", "It stops with an error in line 2:\n  NameError: name 'y' is not defined\n"
                                         'In the case "small": x = [1, -2], w = 3')


def test_recursion():
    code = "def f(x, w):\n    return f(x, w)\n"
    kind, message = said(one, compiled(code, "f"))
    assert kind == "error"
    assert message.startswith("It calls itself without end in line 2: `return f(x, w)`: RecursionError.\nIn the case")


def test_an_interrupt_ends_the_check_and_leaves_all_as_it_was(capsys):
    """What ■ sends comes out as KeyboardInterrupt: the cell ends, and those after it do not run."""
    def pressed(x, w):
        print("to be seen by nobody")
        signal.raise_signal(signal.SIGINT)
        time.sleep(10)
    one.check(scale)
    before = one.result, sys.stdout, sys.stderr, np.geterr(), list(warnings.filters)
    with pytest.raises(KeyboardInterrupt):
        one.check(pressed)
    assert (one.result, sys.stdout, sys.stderr, np.geterr(), warnings.filters) == before
    one.check(scale)
    assert capsys.readouterr() == ("Correct.\nCorrect.\n", "")
