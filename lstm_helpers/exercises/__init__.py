"""Exercises: `q1.check(answer)`, `q1.hint()`, `q1.solution()`. One module for each notebook, named as the notebook is."""

from lstm_helpers.exercises.core import Question
from lstm_helpers.exercises.verdict import Verdict

__all__ = ["Question", "Verdict"]
