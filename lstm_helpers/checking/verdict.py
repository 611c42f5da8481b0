"""What a check finds."""

from dataclasses import dataclass

CORRECT = "correct"
NOT_ATTEMPTED = "not attempted"     # the stub's `...` is still there
ERROR = "error"                     # the learner's code raised
TOO_SLOW = "too slow"               # an endless loop, most likely
TYPE = "type"
SHAPE = "shape"
NOT_FINITE = "not finite"           # NaN or infinity where there should be none
MISTAKE = "mistake"                 # one of the question's known mistakes
DIFFERENT = "different"             # any other wrong number
CHANGES_INPUT = "changes input"     # the right numbers, but an argument was overwritten
KINDS = (CORRECT, NOT_ATTEMPTED, ERROR, TOO_SLOW, TYPE, SHAPE, NOT_FINITE, MISTAKE, DIFFERENT, CHANGES_INPUT)


@dataclass(frozen=True)
class Verdict:
    """Hold what was found about one answer.

    Attributes
    ----------
    kind : one of `KINDS`
    message : what the learner reads
    points : what the answer earns, all or none
    out_of : what a correct answer earns
    printed : what the learner's own code printed in the first case

    Introduced in 01_order_matters.
    """

    kind: str
    message: str
    points: int
    out_of: int
    printed: str = ""

    @property
    def correct(self) -> bool:
        return self.kind == CORRECT


@dataclass(frozen=True)
class Fault:
    """A kind and a message: what keeps an answer from being compared."""

    kind: str
    message: str
