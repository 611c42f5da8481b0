"""A question of an exercise: declared once, read by the notebook, its tests and the classroom."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FunctionType

from lstm_helpers.checking import source
from lstm_helpers.checking.judging import Runner, Seed, judge
from lstm_helpers.checking.verdict import CORRECT, NOT_ATTEMPTED, Verdict

STOPS_AFTER = 5         # seconds


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Question:
    """Hold a question: its statement, its solution, the cases to try, and what is often got wrong.

    Parameters
    ----------
    ask : the statement; the notebook holds it word for word
    reference : the solution, a function named as the learner's; for a value a function without arguments, named as
        the learner's variable
    cases : [(label, args), …] or a function of a Generator that yields them; None if the answer is a value
    mistakes : {wrong function or wrong value: what to say}; the first that behaves like the answer is named
    hints : each says more than the one before
    points : what a correct answer earns
    tolerance : how far a number may be off; of numbers above 1, which part
    names : of the entries, if the solution returns a tuple
    seconds : time for all cases together; no limit where the system has no alarm (Windows)

    Introduced in 01_order_matters.
    """

    ask: str
    reference: FunctionType
    cases: Callable | Iterable | None = None
    mistakes: dict = field(default_factory=dict)
    hints: tuple = ()
    points: int = 1
    tolerance: float = 1e-6
    names: tuple | None = None
    seconds: float = STOPS_AFTER
    _state: dict = field(default_factory=lambda: {"hints": 0, "result": None}, init=False)

    @property
    def is_value(self) -> bool:
        """True if the answer is a value, not a function."""
        return self.cases is None

    @property
    def name(self) -> str:
        """The name under which the question's module holds it, such as "q1"."""
        module = vars(sys.modules[self.reference.__module__])
        return next((name for name, thing in module.items() if thing is self), "q")

    @property
    def result(self) -> Verdict | None:
        """The Verdict of the last check; None before the first."""
        return self._state["result"]

    def grade(self, answer: object, rng: Seed = 0, runner: Runner | None = None) -> Verdict:
        """Return the Verdict on an answer; print nothing and remember nothing.

        Parameters
        ----------
        answer : anything at all
        rng : seed or numpy.random.Generator for questions whose cases are drawn
        runner : what runs the answer; None runs it here (`checking.judging.outcomes`)

        Returns
        -------
        Verdict

        Introduced in 01_order_matters.
        """
        found, printed = judge(self, answer, rng, runner)
        points = self.points if found.kind == CORRECT else 0
        return Verdict(found.kind, found.message, points, self.points, printed)

    def check(self, answer: object) -> None:
        """Print what there is to say about an answer.

        Introduced in 01_order_matters.
        """
        verdict = self.grade(answer)
        self._state["result"] = verdict
        print(verdict.message)
        if verdict.printed.strip():
            print("In the first case your code printed:")
            print("\n".join(f"| {line}" for line in verdict.printed.strip().splitlines()[:10]))
        if verdict.kind not in (CORRECT, NOT_ATTEMPTED) and self._state["hints"] < len(self.hints):
            print(f"Stuck? {self.name}.hint()")

    def hint(self) -> None:
        """Print the next hint; each says more than the one before.

        Introduced in 01_order_matters.
        """
        given = self._state["hints"]
        if given == len(self.hints):
            print(f"There are no more hints. {self.name}.solution() shows one way to do it.")
            return
        self._state["hints"] = given + 1
        print(f"Hint {given + 1} of {len(self.hints)}: {self.hints[given]}")

    def solution(self) -> None:
        """Print one way to do it, as Python to read and run.

        Introduced in 01_order_matters.
        """
        print(self.source())

    def source(self) -> str:
        """Return the text that `solution` prints."""
        return (source.value_source if self.is_value else source.function_source)(self.reference)

    def stub(self) -> str:
        """Return the notebook's cell for this question: the stub, the check, and the two calls to uncomment."""
        return source.stub(self.name, self.reference, self.is_value)

    def __repr__(self) -> str:
        return f"{self.name} ({self.points} {'point' if self.points == 1 else 'points'}): {self.ask}"
