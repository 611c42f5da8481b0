"""Makers of sequences to learn from. Each has `sample(batch, rng)` and says what a guess is worth."""

from lstm_helpers.sequences.dates import DateLanguages, write_date
from lstm_helpers.sequences.france import FranceSentences, countries_by_language
from lstm_helpers.sequences.sentiment import SentimentSentences
from lstm_helpers.sequences.series import RisingOrFalling
from lstm_helpers.sequences.tasks import AddingProblem

__all__ = ["AddingProblem", "DateLanguages", "FranceSentences", "RisingOrFalling", "SentimentSentences",
           "countries_by_language", "write_date"]
