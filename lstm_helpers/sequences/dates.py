"""Dates as people write them, from the CLDR data that Babel carries (Unicode licence v3, shipped with the package)."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from babel.dates import format_date

from lstm_helpers.sequences.checks import require_part
from lstm_helpers.sequences.words import encode

_FIRST, _LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
_HELD_OUT = 2000
_MONTHS = [datetime.date(2000, month, 1) for month in range(1, 13)]


class WrittenDates:
    """What the makers of dates share: one letter a step, given as a row with a single 1; shorter dates are masked.

    A maker says which `letters` there are, and of which `dtype` its sequences.
    """

    @property
    def input_size(self):
        return len(self.letters)

    def encode(self, texts):
        """Turn texts into x (T, B, letters) and mask (T, B), filled up to the longest text."""
        return encode(texts, self.letters, self.dtype)


@dataclass(frozen=True)
class DateLanguages(WrittenDates):
    """Make written dates, letter by letter, and the language each is written in.

    Grammar: the "long" form of CLDR in lower case, "5 mai 1990" or "may 5, 1990", for days from 1950 to 2049.
    One letter is one step, given as a row with a single 1; shorter dates are filled up and masked.

    Parameters
    ----------
    languages : CLDR codes; the place of a code is its label
    dtype : of the sequences

    Introduced in 02_vanilla_rnn. Source: Unicode CLDR, through Babel.
    """

    languages: tuple = ("en", "fr", "de", "es", "it", "nl", "pt", "pl")
    dtype: type = np.float64

    @property
    def chance(self):
        """Accuracy of a blind guess."""
        return 1 / len(self.languages)

    @cached_property
    def letters(self):
        """Every letter, digit and mark that occurs, sorted."""
        days = [datetime.date(2000, month, day) for month in range(1, 13) for day in range(1, 29)]     # years are digits
        return "".join(sorted({letter for day in days for code in self.languages for letter in write_date(day, code)}))

    def write(self, batch, rng):
        """Draw days and languages: a list of texts and the labels (B,)."""
        rng = np.random.default_rng(rng)
        labels = rng.integers(0, len(self.languages), batch)
        days = rng.integers(_FIRST.toordinal(), _LAST.toordinal() + 1, batch)
        texts = [write_date(datetime.date.fromordinal(int(day)), self.languages[label])
                 for day, label in zip(days, labels, strict=True)]
        return texts, labels

    def sample(self, batch, rng):
        """Draw dates: x (T, B, letters), labels (B,) and mask (T, B)."""
        texts, labels = self.write(batch, rng)
        x, mask = self.encode(texts)
        return x, labels, mask


@dataclass(frozen=True)
class FrenchDates(WrittenDates):
    """Make French dates, letter by letter, and the same days in ISO form: "samedi 5 mai 1990" and "1990-05-05".

    Grammar: the "long" form of CLDR in lower case, "5 mai 1990", or the "full" one with the day of the week, for days
    from 1950 to 2049. Babel writes the first of a month as "1"; for "1er", as many people do, see `tidy`.

    A day is either for training (34525 of them) or held out (2000): the two parts share no day, whatever the seed.

    Parameters
    ----------
    part : "train" or "held_out"
    forms : "long", "full" or both, which are then equally likely
    dtype : of the sequences

    Introduced in 16_translation. Source: Unicode CLDR (Unicode licence v3), through Babel.
    """

    part: str = "train"
    forms: tuple = ("long", "full")
    dtype: type = np.float32

    answer_letters = "0123456789-"
    answer_length = len("1990-05-05")
    years = range(_FIRST.year, _LAST.year + 1)

    def __post_init__(self):
        require_part(self, ("train", "held_out"))

    @property
    def output_size(self):
        return len(self.answer_letters)

    @cached_property
    def days(self):
        """The days of this part, a list of dates in order of time."""
        every = np.arange(_FIRST.toordinal(), _LAST.toordinal() + 1)
        held_out = np.isin(every, np.random.default_rng(0).permutation(every)[:_HELD_OUT])
        return [datetime.date.fromordinal(int(day)) for day in every[held_out == (self.part == "held_out")]]

    @cached_property
    def letters(self):
        """Every letter, digit and blank that occurs in these forms, sorted."""
        week = [datetime.date(2000, 1, day) for day in range(1, 8)]
        texts = [write_date(day, "fr", form) for form in self.forms for day in (*_MONTHS, *week)]
        return "".join(sorted({letter for text in texts for letter in text} | set("0123456789")))

    @cached_property
    def months(self):
        """The twelve months as French writes them."""
        return [write_date(day, "fr").split()[1] for day in _MONTHS]

    @cached_property
    def longest(self):
        """Letters of the longest date."""
        year = [datetime.date(2000, 1, 1) + datetime.timedelta(day) for day in range(366)]
        return max(len(write_date(day, "fr", form)) for day in year for form in self.forms)

    def write(self, batch, rng):
        """Draw days and forms: a list of texts, and the list of their ISO dates."""
        rng = np.random.default_rng(rng)
        days = [self.days[place] for place in rng.integers(0, len(self.days), batch)]
        forms = rng.integers(0, len(self.forms), batch)
        texts = [write_date(day, "fr", self.forms[form]) for day, form in zip(days, forms, strict=True)]
        return texts, [day.isoformat() for day in days]

    def everything(self, form):
        """Return all days of this part in one form: a list of texts, and the list of their ISO dates."""
        return [write_date(day, "fr", form) for day in self.days], [day.isoformat() for day in self.days]

    def encode_answers(self, answers):
        """Turn ISO dates into labels (10, B), the places of their letters in `answer_letters`."""
        return np.array([[self.answer_letters.index(letter) for letter in answer] for answer in answers]).T

    def spell(self, labels):
        """Turn labels (10, B) into a list of texts."""
        return ["".join(self.answer_letters[label] for label in column) for column in np.transpose(labels)]

    def sample(self, batch, rng):
        """Draw dates: x (T, B, letters), labels (10, B) and mask (T, B) of x."""
        texts, answers = self.write(batch, rng)
        x, mask = self.encode(texts)
        return x, self.encode_answers(answers), mask

    @staticmethod
    def tidy(text):
        """Return a typed date as this maker would write it: lower case, single blanks, no "le", "1" for "1er"."""
        text = " ".join(unicodedata.normalize("NFC", text).lower().split()).removeprefix("le ")
        return re.sub(r"\b1 ?er\b", "1", text)

    def unreadable(self, text):
        """Return in words why a network cannot even be asked about a tidied text, or "": empty, too long, strange letters."""
        strange = sorted(set(text) - set(self.letters))
        if not text:
            return "There is nothing to read."
        if strange:
            return f"No French date has {', '.join(map(repr, strange))}."
        if len(text) > self.longest:
            return f"That has {len(text)} letters; the longest date has {self.longest}."
        return ""

    def confirms(self, text, answer):
        """Return whether an ISO date, written back into French, is the tidied text: then it is right, beyond doubt."""
        try:
            day = datetime.date.fromisoformat(answer)
        except ValueError:
            return False
        return text in [write_date(day, "fr", form) for form in self.forms]

    def doubt(self, text, answer):
        """Return in words why an answer to a tidied text is not confirmed, or "" if it is."""
        if self.confirms(text, answer):
            return ""
        parts = re.fullmatch(r"(?:([^\W\d]+) )?(\d\d?) ([^\W\d]+) (\d{4})", text)
        if not parts:
            return 'Only a day, a month and a year are read, with or without a weekday, such as "3 mars 2001".'
        weekday, number, month, year = parts.groups()
        if month not in self.months:
            return _unknown("month", month, self.months)
        if int(year) not in self.years:
            return f"The year {year} lies outside those of the training, {self.years[0]} to {self.years[-1]}."
        try:
            day = datetime.date(int(year), self.months.index(month) + 1, int(number))
        except ValueError:
            return f"There is no {number} {month} {year}."
        right = write_date(day, "fr", "full" if weekday else "long")
        if right == text:
            return "The network is wrong here."
        if weekday and weekday != right.split()[0]:
            return f"{write_date(day, 'fr')} is a {right.split()[0]}, not a {weekday}."
        return f"In French that day is written \"{right}\"."


def _unknown(kind, word, known):
    """Say that there is no such word, and name the one that differs in its accents alone."""
    meant = [other for other in known if _without_accents(other) == _without_accents(word)]
    return f'There is no {kind} "{word}"' + (f'; did you mean "{meant[0]}"?' if meant else ".")


def _without_accents(word):
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def write_date(day, language, form="long"):
    """Return a `datetime.date` as text, in a form of a language, "long" or "full", and in lower case."""
    return format_date(day, form, locale=language).lower()
