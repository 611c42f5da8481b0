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
_OPENINGS = (("now", "today", "still", "usually", "again"), ("i",), ("live", "work", "stay", "study", "teach"), ("in",))
_CLOSINGS = (("so", "thus", "therefore", "clearly", "naturally"), ("i",), ("speak", "write", "read", "understand"),
             ("fluently", "well", "daily"))
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
def _frames(part):
    """Return the pairs (opening, closing) of a part: four fifths of all for training, the others held out."""
    every = list(product(product(*_OPENINGS), product(*_CLOSINGS)))
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

    A frame, the words before the country with those after the fillers, is either for training (1200) or held out (300):
    the two parts share no sentence, whatever the gap and the seed. Countries occur in both.

    Parameters
    ----------
    gap : k, how many filler words stand between the country and the closing
    part : "train" or "held_out"
    size : how many sentences are drawn, once; None: 2000 for training, 500 held out
    seed : draws them
    dtype : of the sequences

    Chance is 1/8. A bag of words could do all of it (its ceiling is 1): the country alone decides. It is memory that
    is asked for here, not order.

    Introduced in 06_long_term_dependencies. Source: Unicode CLDR (Unicode licence v3), through Babel; its data change a
    little with its version.
    """

    gap: int = 0
    part: str = "train"
    size: int | None = None
    seed: int = 0
    dtype: type = np.float32

    def __post_init__(self):
        require_part(self, ("train", "held_out"))
        require_at_least(self, "gap", 0, "filler words are counted")
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
        """Accuracy that no bag of words passes on these sentences: 1, since the country alone decides."""
        sentences = [bag(text.split()) for text in self.texts]
        return best_accuracy(sentences, self.labels, [1 / len(sentences)] * len(sentences))

    @property
    def length(self):
        """Words in each sentence, T."""
        return len(_OPENINGS) + 1 + self.gap + len(_CLOSINGS)

    @cached_property
    def words(self):
        """Every word that can occur, sorted."""
        countries = (name for names in countries_by_language().values() for name in names)
        return tuple(sorted({*countries, *_FILLERS, *(word for slot in _OPENINGS + _CLOSINGS for word in slot)}))

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
        frames = _frames(self.part)
        labels = rng.permutation(np.arange(size) % len(self.languages))
        countries = self._countries(labels, rng)
        chosen = rng.integers(0, len(frames), size)
        fillers = rng.choice(_FILLERS, (size, self.gap))
        return [" ".join((*frames[frame][0], country, *filler, *frames[frame][1]))
                for frame, country, filler in zip(chosen, countries, fillers, strict=True)], labels

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
