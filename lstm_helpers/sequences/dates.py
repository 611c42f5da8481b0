"""Dates as people write them, from the CLDR data that Babel carries (Unicode licence v3, shipped with the package)."""

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from babel.dates import format_date

_FIRST, _LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)


@dataclass(frozen=True)
class DateLanguages:
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

    @property
    def input_size(self):
        return len(self.letters)

    @cached_property
    def letters(self):
        """Every letter, digit and mark that occurs, sorted."""
        days = [datetime.date(year, month, day)
                for year in range(1950, 2050, 9) for month in range(1, 13) for day in range(1, 29)]
        return "".join(sorted({letter for day in days for code in self.languages for letter in write_date(day, code)}))

    def encode(self, texts):
        """Turn texts into x (T, B, letters) and mask (T, B), filled up to the longest text."""
        longest = max(len(text) for text in texts)
        x = np.zeros((longest, len(texts), self.input_size), self.dtype)
        mask = np.zeros((longest, len(texts)))
        for column, text in enumerate(texts):
            steps = np.arange(len(text))
            x[steps, column, [self._place(letter, text) for letter in text]] = 1
            mask[steps, column] = 1
        return x, mask

    def _place(self, letter, text):
        place = self.letters.find(letter)
        if place < 0:
            raise ValueError(f"{text!r} holds {letter!r}; the letters known are {self.letters!r}")
        return place

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


def write_date(day, language):
    """Return a `datetime.date` as text, in the long form of a language and in lower case."""
    return format_date(day, "long", locale=language).lower()
