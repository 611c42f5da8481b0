"""Sentences that name a country early and ask for its language late, from the CLDR data that Babel carries."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
from babel import Locale
from babel.languages import get_official_languages

from lstm_helpers.one_hot import one_hot
from lstm_helpers.sequences.checks import require_at_least, require_part
from lstm_helpers.sequences.words import bag, best_accuracy, encode, places

_LANGUAGES = 8
_HERE, _VERBS = ("in",), ("live", "work", "stay", "study", "teach")
_CLOSING = (("so", "thus", "therefore", "clearly", "naturally"), ("i",), ("speak", "write", "read", "understand"),
            ("fluently", "well", "daily"))
_ONE = ((("now", "today", "still", "usually", "again"), ("i",), _VERBS, _HERE), _CLOSING)      # i live in France …
_MINE = (("i",), _VERBS, _HERE)
_THEIRS = (("my",), ("friend", "sister", "brother", "teacher", "boss"), ("lives", "works", "stays", "studies", "teaches"), _HERE)
_TWO = (_MINE, _THEIRS, _CLOSING)                                           # my friend works in Peru and i live in France …
_CLAUSES = {1: _ONE, 2: _TWO}
_FILLERS = ("and", "then", "the", "a", "rain", "sun", "wind", "street", "garden", "table", "window", "morning", "evening",
            "bread", "tea", "was", "were", "came", "went", "warm", "long", "near", "with", "after")


@cache
def countries_by_language():
    """Return {CLDR code of a language: names of its countries}, the 8 languages with most countries, sorted by code.

    A territory of CLDR (two capital letters) belongs to the official language, de facto ones included, that most people
    there speak. Of languages with as many countries each, the first by code is taken. Blanks in names become "_".

    Introduced in 06_long_term_dependencies. Source: Unicode CLDR (Unicode licence v3), through Babel.
    """
    countries = {}
    for territory, name in sorted(Locale("en").territories.items()):
        official = get_official_languages(territory, de_facto=True) if re.fullmatch("[A-Z]{2}", territory) else ()
        if official:
            countries.setdefault(official[0], []).append(name.replace(" ", "_"))
    largest = sorted(countries, key=lambda code: (-len(countries[code]), code))[:_LANGUAGES]
    return {code: tuple(countries[code]) for code in sorted(largest)}


@cache
def _frames(countries, part):
    """Return the frames of a part, a tuple of clauses each: four fifths of all for training, the rest held out."""
    every = list(product(*(list(product(*clause)) for clause in _CLAUSES[countries])))
    order = np.random.default_rng(0).permutation(len(every))
    split = len(every) * 4 // 5
    return [every[place] for place in (order[:split] if part == "train" else order[split:])]


@dataclass(frozen=True)
class FranceSentences:
    """Make sentences such as "today i live in France [k filler words] so i speak fluently ___" and the missing word.

    Grammar: WHEN i VERB in COUNTRY filler*k LINK i VERB HOW, one word a step, given as a row with a single 1; all
    sentences of a gap are equally long, 9 + k words. A country is one word ("Saudi_Arabia"). The label is the place in
    `languages` of the official language that most people there speak; the languages are the 8 with most countries.
    Languages come equally often, and so do the countries of each. With Babel 2.18: 154 countries and territories,
    24 words in the frames, 24 fillers, 202 words in all.

    With ``countries=2`` another country stands beside mine, of another language: "my friend works in Peru and i live in
    France [k filler words] so i speak fluently ___", 14 + k words. Both orders come equally often, so that order alone tells
    which country counts (208 words in all).

    A frame, the words around countries and fillers, is either for training (1200; with two countries 6000) or held out (300;
    1500): the two parts share no sentence, whatever the gap and the seed. Countries occur in both.

    Parameters
    ----------
    gap : k, how many filler words stand between the (last) country and the closing
    part : "train" or "held_out"
    size : how many sentences are drawn, once; None: 2000 for training, 500 held out
    seed : draws them
    dtype : of the sequences
    countries : 1 or 2

    Chance is 1/8. With one country a bag of words could do all of it (its ceiling is 1): it is memory that is asked for, not
    order. With two, a bag knows both languages and not which is mine: its ceiling is 1/2.

    Introduced in 06_long_term_dependencies. Source: Unicode CLDR (Unicode licence v3), through Babel; its data change a
    little with its version.
    """

    gap: int = 0
    part: str = "train"
    size: int | None = None
    seed: int = 0
    dtype: type = np.float32
    countries: int = 1

    def __post_init__(self):
        require_part(self, ("train", "held_out"))
        require_at_least(self, "gap", 0, "filler words are counted")
        if self.countries not in _CLAUSES:
            raise ValueError(f"countries is {self.countries}; needs 1 or 2")
        if self.size is not None:
            require_at_least(self, "size", 1, "there must be a sentence")

    @property
    def languages(self):
        """The codes of the languages; the place of a code is its label."""
        return tuple(countries_by_language())

    @property
    def language_names(self):
        """The missing words, in the order of `languages`."""
        return tuple(Locale("en").languages[code] for code in self.languages)

    @property
    def chance(self):
        """Accuracy of a blind guess."""
        return 1 / len(self.languages)

    @cached_property
    def order_blind_ceiling(self):
        """Accuracy that no bag of words passes, by enumeration: it knows the languages named, and not which is mine."""
        named = [pair for pair in product(self.languages, repeat=self.countries) if len(set(pair)) == self.countries]
        return best_accuracy([bag(pair) for pair in named], [mine for mine, *_ in named], [1 / len(named)] * len(named))

    @property
    def length(self):
        """Words in each sentence, T."""
        joints = self.countries - 1                                                     # an "and" between two clauses
        return sum(map(len, _CLAUSES[self.countries])) + self.countries + joints + self.gap

    @cached_property
    def words(self):
        """Every word that can occur, sorted."""
        countries = (name for names in countries_by_language().values() for name in names)
        frames = (word for clause in _CLAUSES[self.countries] for slot in clause for word in slot)
        return tuple(sorted({*countries, *_FILLERS, *frames}))

    @property
    def input_size(self):
        return len(self.words)

    @property
    def output_size(self):
        return len(self.languages)

    @property
    def texts(self):
        """The sentences drawn, a tuple of `size` texts."""
        return self._drawn[0]

    @property
    def labels(self):
        """Their labels (size,)."""
        return self._drawn[1]

    @cached_property
    def _drawn(self):
        texts, labels = self.write(self.size or (2000 if self.part == "train" else 500), self.seed)
        return tuple(texts), labels

    @cached_property
    def _codes(self):
        """The place in `words` of every word of the sentences drawn (T, size)."""
        return np.transpose([places(text.split(), self.words) for text in self.texts])

    def write(self, size, rng):
        """Draw new sentences of this part: a list of texts and the labels (size,)."""
        rng = np.random.default_rng(rng)
        frames = _frames(self.countries, self.part)
        labels = rng.permutation(np.arange(size) % len(self.languages))
        countries = [self._countries(labels, rng)]
        if self.countries == 2:
            others = (labels + rng.integers(1, len(self.languages), size)) % len(self.languages)
            countries.append(self._countries(others, rng))
        chosen = rng.integers(0, len(frames), size)
        mine_first = rng.permutation(np.arange(size) % 2) if self.countries == 2 else np.ones(size)
        fillers = rng.choice(_FILLERS, (size, self.gap))
        rows = zip(chosen, zip(*countries, strict=True), mine_first, fillers, strict=True)
        return [_sentence(frames[frame], *row) for frame, *row in rows], labels

    def _countries(self, labels, rng):
        """Return a country for each label, those of a language in turn, each turn shuffled anew."""
        countries = [None] * len(labels)
        for label, names in enumerate(countries_by_language().values()):
            where = np.flatnonzero(labels == label)
            turns = [rng.permutation(names) for _ in range(-(-len(where) // len(names)))]
            for place, name in zip(where, (name for turn in turns for name in turn), strict=False):
                countries[place] = str(name)
        return countries

    def encode(self, texts):
        """Turn texts into x (T, B, words) and mask (T, B), filled up to the longest text."""
        return encode([text.split() for text in texts], self.words, self.dtype)

    def sample(self, batch, rng):
        """Draw some of the sentences: x (T, B, words) and labels (B,)."""
        chosen = np.random.default_rng(rng).integers(0, len(self.labels), batch)
        return one_hot(self._codes[:, chosen], self.input_size, self.dtype), self.labels[chosen]

    def everything(self):
        """Return all of the sentences: x (T, size, words) and labels (size,)."""
        return one_hot(self._codes, self.input_size, self.dtype), self.labels


def _sentence(frame, countries, mine_first, fillers):
    """Return one sentence: each country at the end of its clause, then the fillers, then the closing."""
    *clauses, closing = frame
    told = [(*clause, country) for clause, country in zip(clauses, countries, strict=True)]
    first, *second = told if mine_first else told[::-1]
    return " ".join((*first, *(word for clause in second for word in ("and", *clause)), *fillers, *closing))
