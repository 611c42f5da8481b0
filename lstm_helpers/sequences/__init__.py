"""Makers of sequences to learn from. Each has `sample(batch, rng)` and says what a guess is worth."""

from lstm_helpers.sequences.dates import DateLanguages
from lstm_helpers.sequences.tasks import AddingProblem

__all__ = ["AddingProblem", "DateLanguages"]
