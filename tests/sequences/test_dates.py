"""Dates as people write them: grammar, letters, masks."""

import datetime
import re
from collections import Counter

import numpy as np
import pytest

from lstm_helpers.sequences import DateLanguages, FrenchDates, write_date

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
    with pytest.raises(ValueError, match=re.escape("text holds 'м'; encode needs symbols out of ' ")):
        DateLanguages().encode(["5 мая 1990"])


@pytest.fixture(scope="module")
def parts():
    return {part: FrenchDates(part) for part in ("train", "held_out")}


@pytest.mark.parametrize(("form", "text"), [("long", "5 mai 1990"), ("full", "samedi 5 mai 1990")])
def test_a_french_date_in_both_forms(form, text):
    assert write_date(datetime.date(1990, 5, 5), "fr", form) == text


def test_a_day_is_either_for_training_or_held_out(parts):
    train, held_out = (set(parts[part].days) for part in ("train", "held_out"))
    assert not train & held_out and len(held_out) == 2000
    assert train | held_out == {FIRST + datetime.timedelta(number) for number in range((LAST - FIRST).days + 1)}
    assert {day.year for day in held_out} == set(range(1950, 2050)) and {day.day for day in held_out} == set(range(1, 32))


def test_only_days_of_the_part_are_drawn_and_all_of_them_can_be(parts):
    for task in parts.values():
        own = {day.isoformat() for day in task.days}
        assert set(task.write(3000, 1)[1]) <= own
        ends = {task.write(1, Extreme(highest))[1][0] for highest in (False, True)}
        assert ends == {task.days[0].isoformat(), task.days[-1].isoformat()}


def test_both_forms_are_equally_likely_and_mean_the_day_beside_them(parts):
    texts, answers = parts["train"].write(4000, 0)
    full = [len(text.split()) == 4 for text in texts]
    assert np.mean(full) == pytest.approx(0.5, abs=0.04)
    for text, answer, is_full in zip(texts, answers, full, strict=True):
        assert text == write_date(datetime.date.fromisoformat(answer), "fr", "full" if is_full else "long")


def test_one_form_alone():
    task = FrenchDates(forms=("long",))
    assert all(len(text.split()) == 3 for text in task.write(50, 0)[0])
    assert set(task.letters) < set(FrenchDates().letters) and task.longest == len("30 septembre 1990")


def test_everything_is_every_day_once(parts):
    texts, answers = parts["held_out"].everything("full")
    assert answers == [day.isoformat() for day in parts["held_out"].days]
    assert texts[0] == write_date(parts["held_out"].days[0], "fr", "full")


def test_letters_and_longest_are_those_of_all_days():
    for task in (FrenchDates(), FrenchDates(forms=("long",))):
        cycle = (datetime.date(1978, 1, 1) - FIRST).days        # in 28 years every day of a year falls on every weekday
        days = [FIRST + datetime.timedelta(number) for number in range(cycle)]
        texts = [write_date(day, "fr", form) for day in days for form in task.forms]
        assert task.letters == "".join(sorted({letter for text in texts for letter in text}))
        assert task.longest == max(map(len, texts))


def test_french_samples_are_dates_and_their_answers(parts):
    task = parts["train"]
    x, y, mask = task.sample(40, 1)
    texts, answers = task.write(40, 1)
    assert x.dtype == np.float32 and x.shape[1:] == (40, task.input_size) and y.shape == (task.answer_length, 40)
    assert task.spell(y) == answers and y.max() < task.output_size
    np.testing.assert_array_equal(task.encode_answers(answers), y)
    again, same_mask = task.encode(texts)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(mask, same_mask)


def test_a_part_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="part is 'test'; FrenchDates needs one of 'train', 'held_out'"):
        FrenchDates("test")


@pytest.mark.parametrize(("typed", "text"), [
    ("14 juillet 1989", "14 juillet 1989"), ("  14   JUILLET\t1989 ", "14 juillet 1989"), ("1er mai 1990", "1 mai 1990"),
    ("Mardi 1ER Mai 1990", "mardi 1 mai 1990"), ("31er mai 1990", "31er mai 1990"), ("5 AOU\u0302T 1990", "5 ao\u00fbt 1990"),
    ("5 d\u00c9cembre 1990", "5 décembre 1990"), (" ", ""),
    ("le 1 er mai 1990", "1 mai 1990"), ("Le 5 mai 1990", "5 mai 1990")])
def test_what_is_forgiven(typed, text):
    assert FrenchDates.tidy(typed) == text


@pytest.mark.parametrize(("text", "words"), [
    ("", "There is nothing to read."), ("july 14, 1989", "No French date has ',', 'y'."),
    ("1/5/1990", "No French date has '/'."), ("1" * 27, "That has 27 letters; the longest date has 26."),
    ("1" * 26, ""), ("mercredi 30 septembre 1990", ""), ("14 april 1989", "")])
def test_what_a_network_cannot_be_asked(text, words):
    assert FrenchDates().unreadable(text) == words


def test_every_date_can_be_asked_and_its_day_alone_is_confirmed():
    task = FrenchDates("held_out")
    for form in task.forms:
        for text, answer in zip(*task.everything(form), strict=True):
            assert task.unreadable(text) == "" and task.tidy(text) == text
            assert task.confirms(text, answer) and task.doubt(text, answer) == ""
            assert not task.confirms(text, (datetime.date.fromisoformat(answer) + datetime.timedelta(1)).isoformat())


@pytest.mark.parametrize("answer", ["1990-02-31", "----------", "1990-13-01", "0000-01-01"])
def test_what_is_no_day_confirms_nothing(answer):
    assert not FrenchDates().confirms("31 février 1990", answer)


@pytest.mark.parametrize(("text", "answer", "words"), [
    ("31 février 1990", "1990-02-28", "There is no 31 février 1990."), ("29 février 1990", "1990-02-28", "There is no 29"),
    ("0 mai 1990", "1990-05-01", "There is no 0 mai 1990."), ("14 april 1989", "1989-04-14", 'There is no month "april".'),
    ("14 aout 1989", "1989-08-14", 'There is no month "aout"; did you mean "août"?'),
    ("mercredi 3 fevrier 1990", "1990-02-03", 'There is no month "fevrier"; did you mean "février"?'),
    ("mai", "1990-05-01", "Only a day, a month and a year"), ("mai 1990 5", "1990-05-05", "Only a day, a month and a year"),
    ("5 mai 90", "1990-05-05", "Only a day, a month and a year"), ("bonjour", "1990-05-05", "Only a day"),
    ("14 juillet 1789", "1989-07-14", "The year 1789 lies outside those of the training, 1950 to 2049."),
    ("14 juillet 2050", "2005-07-14", "The year 2050 lies outside"), ("14 juillet 1949", "1994-07-14", "The year 1949 lies"),
    ("dimanche 14 juillet 1989", "1989-07-14", '14 juillet 1989 is a vendredi, not a dimanche.'),
    ("05 mai 1990", "1990-05-05", 'In French that day is written "5 mai 1990".'),
    ("14 juillet 1989", "1989-07-15", "The network is wrong here."), ("31 décembre 2049", "2049-12-30", "The network is wrong"),
    ("1 janvier 1950", "1950-01-31", "The network is wrong here.")])
def test_why_an_answer_is_doubted(text, answer, words):
    assert FrenchDates().doubt(text, answer).startswith(words)


def test_an_answer_outside_the_years_of_training_may_still_be_confirmed():
    assert FrenchDates().doubt("14 juillet 2050", "2050-07-14") == ""
