"""Judge an answer: run it on every case and say what it did."""

import copy
import dis
import inspect
import time
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lstm_helpers.checking import words
from lstm_helpers.checking.answers import Form, Reading, close, fault_of, form_of, listed, name_of, read, same, same_array
from lstm_helpers.checking.running import Outcome, run
from lstm_helpers.checking.verdict import CHANGES_INPUT, CORRECT, DIFFERENT, ERROR, MISTAKE, NOT_ATTEMPTED, TYPE, Fault

WRITE_HERE = "Not attempted yet. Write your answer in place of `...`, then run this cell again."
NO_TIME = 0.01      # seconds
Seed = int | np.random.Generator
Job = tuple[tuple, Form]                        # arguments, and what the answer should look like
Ran = tuple[Outcome, list[bool] | None]         # and for each argument, whether it was overwritten


class Asked(Protocol):
    """What judging reads of a question."""

    name: str
    is_value: bool
    reference: types.FunctionType
    cases: Callable | Iterable | None
    mistakes: dict
    names: tuple | None
    tolerance: float
    seconds: float


Runner = Callable[[object, Asked, list[Job]], Iterable[Ran]]


@dataclass(frozen=True)
class Try:
    """One case: what went in, what should come out, what came out."""

    label: str
    args: tuple
    expected: Reading
    found: Reading
    changed: list[bool]     # for each argument, whether it was overwritten


def judge(question: Asked, answer: object, rng: Seed, runner: Runner | None = None) -> tuple[Fault, str]:
    """Return (Fault or praise, what the learner's code printed in the first case).

    `runner` runs the answer: `outcomes`, or what does the same in another process.
    """
    cases = [(label, args, question.reference(*copy.deepcopy(args))) for label, args in cases_of(question, rng)]
    jobs = [(args, form_of(value, question.names)) for _, args, value in cases]
    tries, printed = [], ""
    found = (runner or outcomes)(answer, question, jobs)
    for (label, args, value), (_, form), (outcome, changed) in zip(cases, jobs, found, strict=True):
        printed = printed if tries else outcome.printed
        fault = outcome.fault or outcome.value.fault
        if fault:
            if fault.kind == ERROR and changed is not None:
                fault = with_case(fault, label, args, question)
            return first_of(fault, tries, question), printed
        tries.append(Try(label, args, read(value, form), outcome.value, changed))
    with np.errstate(all="ignore"):         # a mistake may overflow, and infinity minus infinity is NaN
        return with_changes(compare(question, tries), tries, question), printed


def outcomes(answer: object, question: Asked, jobs: list[Job]) -> Iterator[Ran]:
    """Run an answer on every (args, form) in turn: yield the Outcome, and for each argument whether it was overwritten.

    What never came to run has None for the latter.
    """
    early = before_running(question, answer)
    if early:
        yield Outcome(None, early, ""), None
        return
    function, end = (lambda: answer) if question.is_value else answer, time.monotonic() + question.seconds
    for args, form in jobs:
        handed = copy.deepcopy(args)
        yield attempt(function, handed, form, max(end - time.monotonic(), NO_TIME)), list(map(differs, args, handed))


def cases_of(question: Asked, rng: Seed) -> list[tuple[str, tuple]]:
    """Return [(label, args)]: those declared, or those drawn."""
    if question.is_value:
        return [("", ())]
    return list(question.cases(np.random.default_rng(rng)) if callable(question.cases) else question.cases)


def before_running(question: Asked, answer: object) -> Fault | None:
    """Return what can be said without running anything, or None."""
    if answer is Ellipsis or is_stub(answer) or (answer is None and question.is_value):
        return Fault(NOT_ATTEMPTED, WRITE_HERE)
    if not question.is_value and not callable(answer):
        name = question.reference.__name__
        return Fault(TYPE, f"This is {name_of(answer)}; hand over the function itself: {question.name}.check({name})")
    return None


def is_stub(answer: object) -> bool:
    """Return True for a function that does nothing but return None: its body is `...`, pass, a docstring or return."""
    return type(answer) is types.FunctionType and steps(answer) <= steps(unwritten)


def steps(function: types.FunctionType) -> set[tuple]:
    return {(step.opname, step.argval) for step in dis.get_instructions(function.__code__)}


def unwritten() -> None:
    """Show what a stub is compiled to: every Python has its own byte code."""
    ...
    ...


def attempt(function: Callable, args: tuple, form: Form, seconds: float) -> Outcome:
    """Run one case and return the Outcome; its value is a Reading."""
    return run(lambda *given: read(function(*given), form), args, seconds)


def differs(before: Any, after: Any) -> bool:
    """Return True if an argument, or an array within it, is no longer what it was."""
    if isinstance(before, np.ndarray):
        return not np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(differs(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) != len(after) or any(map(differs, before, after))
    return False


def compare(question: Asked, tries: list[Try]) -> Fault:
    """Return the Fault of an answer that ran; CORRECT if there is none."""
    wrong = wrong_ones(question, tries)
    if not wrong:
        was = tries[-1].found.was
        note = f" It is {was}; np.array(…) would make it an array." if was != "an array" else ""
        return Fault(CORRECT, "Correct." + note)
    for mistake, message in question.mistakes.items():
        if all(same(one.found, outcome_of(mistake, one, question), question.tolerance) for one in tries):
            return Fault(MISTAKE, message)
    return fault_in(question, tries, wrong[0])


def first_of(fault: Fault, tries: list[Try], question: Asked) -> Fault:
    """Return what went wrong before a fault that ended the tries, or else that fault."""
    with np.errstate(all="ignore"):
        wrong = wrong_ones(question, tries)
        return fault_in(question, tries, wrong[0]) if wrong else fault


def wrong_ones(question: Asked, tries: list[Try]) -> list[Try]:
    return [one for one in tries if not same(one.found, one.expected, question.tolerance)]


def fault_in(question: Asked, tries: list[Try], first: Try) -> Fault:
    """Return the Fault of the first case that is wrong: a type, a shape, or numbers."""
    for name, expected in first.expected.parts.items():
        fault = fault_of(first.found.parts[name], expected, name)
        if fault:
            return with_case(fault, first.label, first.args, question)
    return Fault(DIFFERENT, wrong_value(question, first) if question.is_value else wrong_case(question, tries, first))


def outcome_of(mistake: object, one: Try, question: Asked) -> Reading:
    """Return what a known mistake, a function or a wrong value, comes to in a case."""
    value = mistake(*copy.deepcopy(one.args)) if callable(mistake) else mistake
    return read(value, form_of(value, question.names))


def first_difference(one: Try, question: Asked) -> tuple[str, tuple[int, ...], np.generic, np.generic]:
    """Return (name, index, found, expected) of the first number that differs."""
    name = next(name for name, expected in one.expected.parts.items()
                if not same_array(one.found.parts[name], expected, question.tolerance))
    found, expected = one.found.parts[name], one.expected.parts[name]
    index = tuple(np.argwhere(~close(found, expected, question.tolerance))[0].tolist())
    return name, index, found[index], expected[index]


def wrong_case(question: Asked, tries: list[Try], first: Try) -> str:
    """Say which parts are wrong, and show the first number that is."""
    name, index, found, expected = first_difference(first, question)
    yours, right = words.two_numbers(found, expected)
    where = f" {name}{list(index) if index else ''}".rstrip()
    case = given(first.label, first.args, question)
    return "\n".join([which_parts(question, tries), case, f"  expected{where}: {right}", f"  yours{where}: {yours}"])


def which_parts(question: Asked, tries: list[Try]) -> str:
    names = tries[0].expected.parts
    if len(names) == 1:
        return "Not yet: the numbers differ."
    right = [name for name in names if all(
        same_array(one.found.parts.get(name), one.expected.parts[name], question.tolerance) for one in tries)]
    praise = f" Right: {', '.join(right)}." if right else ""
    return f"Not yet.{praise} Not right: {', '.join(name for name in names if name not in right)}."


def with_case(fault: Fault, label: str, args: tuple, question: Asked) -> Fault:
    """Add the case in which it happened; a value has none."""
    return fault if question.is_value else Fault(fault.kind, f"{fault.message}\n{given(label, args, question)}")


def given(label: str, args: tuple, question: Asked) -> str:
    names = inspect.signature(question.reference).parameters
    return f"In the case \"{label}\": " + ", ".join(map(words.argument, names, args))


def wrong_value(question: Asked, one: Try) -> str:
    """Say that a value is wrong without giving the right one away."""
    if len(one.expected.parts) > 1:
        return which_parts(question, [one])
    found, expected = one.found.parts[""], one.expected.parts[""]
    if expected.ndim or expected.dtype.kind not in "fiu":
        return f"Not yet: {words.array(found)} is not it."
    yours, _ = words.two_numbers(found[()], expected[()])
    return f"Not yet: {yours} is too {'large' if found > expected else 'small'}."


def with_changes(fault: Fault, tries: list[Try], question: Asked) -> Fault:
    """Add what was overwritten: the caller of a function does not expect it."""
    order = list(inspect.signature(question.reference).parameters)
    changed = [name for name, overwritten in zip(order, zip(*(one.changed for one in tries), strict=True), strict=True)
               if any(overwritten)]
    if not changed:
        return fault
    note = f"your function changes its argument {listed(changed)} in place: work on a copy, such as {changed[0]}.copy()."
    if fault.kind == CORRECT:
        return Fault(CHANGES_INPUT, f"The numbers are right, but {note}")
    return Fault(fault.kind, f"{fault.message}\nAnd {note}")
