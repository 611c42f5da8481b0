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
_OWN = (("i",), ("live", "work", "stay", "study", "teach"), ("in",))
_OTHER = (("my",), ("friend", "sister", "brother", "teacher", "boss"), ("lives", "works", "stays", "studies", "teaches"), ("in",))
_CLOSING = (("so", "thus", "therefore", "clearly", "naturally"), ("i",), ("speak", "write", "read", "understand"),
            ("fluently", "well", "daily"))
_AND = "and"
_FILLERS = ("then", "the", "a", "rain", "sun", "wind", "street", "garden", "table", "window", "morning", "evening",
            "bread", "tea", "was", "were", "came", "went", "warm", "long", "near", "with", "after", "under")


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
    """Return the triples (own clause, other's clause, closing) of a part: four fifths of all for training, the rest held out."""
    every = list(product(*(list(product(*clause)) for clause in (_OWN, _OTHER, _CLOSING))))
    order = np.random.default_rng(0).permutation(len(every))
    split = len(every) * 4 // 5
    return [every[place] for place in (order[:split] if part == "train" else order[split:])]


@dataclass(frozen=True)
class FranceSentences:
    """Make sentences such as "my friend works in Peru and i live in France [k filler words] so i speak fluently ___".

    Two countries stand in a sentence, in either order: the one where I live and the one of somebody else. The label is the
    place in `languages` of the official language that most people speak in *my* country; the other country has another
    language. Which of the two counts is told by order alone: both orders come equally often, and so do, within each, all
    pairs of languages on the average. One word a step, a row with a single 1; a country is one word ("Saudi_Arabia").
    All sentences of a gap are equally long, 14 + k words. With Babel 2.18: 154 countries and territories, 31 words in the
    frames, 24 fillers, 209 words in all.

    A frame, the words around countries and fillers, is either for training (6000) or held out (1500): the two parts share no
    sentence, whatever the gap and the seed. Countries occur in both.

    Parameters
    ----------
    gap : k, how many filler words stand between the second country and the closing
    part : "train" or "held_out"
    size : how many sentences are drawn, once; None: 4000 for training, 1000 held out
    seed : draws them
    dtype : of the sequences

    Chance is 1/8. A bag of words, or one that knows both languages and not whose they are, reaches 1/2 and no more.

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
        """Accuracy that no bag of words passes, by enumeration: 1/2, for it knows both languages and not which is mine."""
        pairs = [(mine, other) for mine in self.languages for other in self.languages if other != mine]
        return best_accuracy([bag(pair) for pair in pairs], [mine for mine, _ in pairs], [1 / len(pairs)] * len(pairs))

    @property
    def length(self):
        """Words in each sentence, T."""
        return len(_OWN) + 1 + len((_AND,)) + len(_OTHER) + 1 + self.gap + len(_CLOSING)

    @cached_property
    def words(self):
        """Every word that can occur, sorted."""
        countries = (name for names in countries_by_language().values() for name in names)
        return tuple(sorted({*countries, *_FILLERS, _AND, *(word for slot in _OWN + _OTHER + _CLOSING for word in slot)}))

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
        texts, labels = self.write(self.size or (4000 if self.part == "train" else 1000), self.seed)
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
        others = (labels + rng.integers(1, len(self.languages), size)) % len(self.languages)
        mine, theirs = self._countries(labels, rng), self._countries(others, rng)
        chosen, i_first = rng.integers(0, len(frames), size), rng.permutation(np.arange(size) % 2).astype(bool)
        fillers = rng.choice(_FILLERS, (size, self.gap))
        rows = zip(chosen, mine, theirs, i_first, fillers, strict=True)
        return [_sentence(*frames[frame], *row) for frame, *row in rows], labels

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


def _sentence(own, other, closing, mine, theirs, i_first, fillers):
    clauses = [(*own, mine), (*other, theirs)]
    first, second = clauses if i_first else clauses[::-1]
    return " ".join((*first, _AND, *second, *fillers, *closing))
