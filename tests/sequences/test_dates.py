"""Dates as people write them: grammar, letters, masks."""

import datetime
import re
from collections import Counter

import numpy as np
import pytest

from lstm_helpers.sequences import DateLanguages, write_date

FIRST, LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
GRAMMAR = {
    "en": r"[a-z]+ \d{1,2}, \d{4}", "fr": r"(?:1er|\d{1,2}) \w+ \d{4}", "de": r"\d{1,2}\. \w+ \d{4}",
    "es": r"\d{1,2} de \w+ de \d{4}", "it": r"\d{1,2} \w+ \d{4}", "nl": r"\d{1,2} \w+ \d{4}",
    "pt": r"\d{1,2} de \w+ de \d{4}", "pl": r"\d{1,2} \w+ \d{4}"}


@pytest.fixture(scope="module")
def drawn():
    return DateLanguages().write(4000, 0)


def test_every_text_is_of_the_grammar_of_its_language(drawn):
    for text, label in zip(*drawn, strict=True):
        assert re.fullmatch(GRAMMAR[DateLanguages().languages[label]], text), text


@pytest.mark.parametrize(("language", "text"), [
    ("en", "may 5, 1990"), ("fr", "5 mai 1990"), ("de", "5. mai 1990"), ("es", "5 de mayo de 1990"), ("it", "5 maggio 1990"),
    ("nl", "5 mei 1990"), ("pt", "5 de maio de 1990"), ("pl", "5 maja 1990")])
def test_a_date_as_it_is_written(language, text):
    assert write_date(datetime.date(1990, 5, 5), language) == text


def test_years_run_from_1950_to_2049(drawn):
    years = Counter(int(re.search(r"\d{4}", text)[0]) for text in drawn[0])
    assert set(years) == set(range(1950, 2050))


class Extreme(np.random.Generator):
    """A generator whose whole numbers are always the lowest, or always the highest."""

    def __init__(self, highest):
        super().__init__(np.random.PCG64(0))
        self.highest = highest

    def integers(self, low, high, size):
        return np.full(size, high - 1 if self.highest else low)


def test_days_run_from_the_first_to_the_last():
    assert DateLanguages(("en",)).write(1, Extreme(highest=False))[0] == [write_date(FIRST, "en")]
    assert DateLanguages(("en",)).write(1, Extreme(highest=True))[0] == [write_date(LAST, "en")]


def test_the_letters_cover_every_day_of_every_language():
    days = [FIRST + datetime.timedelta(number) for number in range((LAST - FIRST).days + 1)]
    # A long form holds a day's, a month's and a year's own letters: all days of one year and one day of all years show all.
    every = [day for day in days if day.year == 2000 or (day.month, day.day) == (1, 1)]
    letters = {letter for day in every for language in DateLanguages().languages for letter in write_date(day, language)}
    assert "".join(sorted(letters)) == DateLanguages().letters


def test_languages_are_equally_likely(drawn):
    assert np.bincount(drawn[1]) == pytest.approx([500] * 8, abs=100)
    assert DateLanguages().chance == 1 / 8
    assert DateLanguages(("en", "fr")).chance == 1 / 2


def test_samples_are_one_hot_and_masked():
    task = DateLanguages()
    x, labels, mask = task.sample(40, 1)
    texts, same_labels = task.write(40, 1)
    longest = max(map(len, texts))
    assert x.shape == (longest, 40, task.input_size) and task.input_size == len(task.letters)
    np.testing.assert_array_equal(labels, same_labels)
    for column, text in enumerate(texts):
        assert "".join(task.letters[place] for place in x[:len(text), column].argmax(1)) == text
        assert list(mask[:, column]) == [1] * len(text) + [0] * (longest - len(text))
    np.testing.assert_array_equal(x.sum(2), mask)
    assert set(np.unique(x)) == {0, 1}


def test_dtype_on_request():
    assert DateLanguages().sample(2, 0)[0].dtype == np.float64
    assert DateLanguages(dtype=np.float32).sample(2, 0)[0].dtype == np.float32


def test_a_seed_decides_and_a_generator_goes_on():
    task, rng = DateLanguages(), np.random.default_rng(7)
    assert task.write(9, 7)[0] == task.write(9, rng)[0] != task.write(9, rng)[0]


def test_an_unknown_letter_is_named():
    with pytest.raises(ValueError, match=re.escape("'5 мая 1990' holds 'м'; the letters known are")):
        DateLanguages().encode(["5 мая 1990"])
