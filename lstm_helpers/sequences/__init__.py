"""Makers of sequences to learn from. Each has `sample(batch, rng)` and says what a guess is worth."""

from lstm_helpers.sequences.dates import DateLanguages, FrenchDates, write_date
from lstm_helpers.sequences.france import FranceSentences, countries_by_language
from lstm_helpers.sequences.grammars import CountingLanguage, EmbeddedReber
from lstm_helpers.sequences.nearest_neighbour import NearestNeighbour
from lstm_helpers.sequences.recall import AssociativeRecall, CopyString
from lstm_helpers.sequences.sentiment import SentimentSentences
from lstm_helpers.sequences.series import Forecast, RisingOrFalling, TimeSplit, eeg_recording, mackey_glass, split_in_time
from lstm_helpers.sequences.state_tracking import Parity, Permutations
from lstm_helpers.sequences.tagging import Umlaut, vowel_accuracy
from lstm_helpers.sequences.tasks import AddingProblem, Copy, Latch, TemporalOrder
from lstm_helpers.sequences.text import BracketLanguage, TextWindows, bracket_depth, course_text

__all__ = ["AddingProblem", "AssociativeRecall", "BracketLanguage", "Copy", "CopyString", "CountingLanguage", "DateLanguages",
           "EmbeddedReber", "Forecast", "FranceSentences", "FrenchDates", "Latch", "NearestNeighbour", "Parity", "Permutations",
           "RisingOrFalling", "SentimentSentences", "TemporalOrder", "TextWindows", "TimeSplit", "Umlaut",
           "bracket_depth", "countries_by_language", "course_text", "eeg_recording", "mackey_glass",
           "split_in_time", "vowel_accuracy", "write_date"]
