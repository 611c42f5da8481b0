"""How an answer is judged: `q1.check(answer)` runs it, compares it, names the mistake. The questions are in `exercises`."""

from lstm_helpers.checking.question import Question
from lstm_helpers.checking.verdict import Verdict

__all__ = ["Question", "Verdict"]
