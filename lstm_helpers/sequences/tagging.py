"""Words in which a vowel's sound hangs on a letter that is still to come."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from lstm_helpers.sequences.checks import require_at_least
from lstm_helpers.sequences.words import best_accuracy, encode

CONSONANTS, VOWELS, FRONTING = "bdglmnrst", "aou", "i"
TAGS = ("other", "plain", "fronted")


@dataclass(frozen=True)
class Umlaut:
    """Make words whose vowels are tagged: before a last vowel i, every a, o and u is fronted.

    word = 1 to n syllables of a consonant and a vowel; the vowels are a, o, u, but the last one is i in every second word

    All lengths, consonants and vowels are drawn evenly. The tag of a, o and u is "fronted" where the word ends in i, else
    "plain"; that of all other letters is "other". A letter is a row with a single 1; shorter words are filled up and masked.

    Parameters
    ----------
    syllables : n, the most there can be, at least 1
    dtype : of the sequences

    Introduced in 21_deeper_and_both_ways. Source of the idea: Germanic i-umlaut, as in German "Fuß, Füße" or English "foot, feet"
    (once "fōtiz").
    """

    syllables: int = 6
    dtype: type = np.float64

    letters = CONSONANTS + VOWELS + FRONTING
    input_size = len(letters)
    output_size = len(TAGS)

    def __post_init__(self):
        require_at_least(self, "syllables", 1, "a word has one")

    def write(self, batch, rng):
        """Draw words, a list of texts."""
        rng = np.random.default_rng(rng)
        shapes = zip(rng.integers(1, self.syllables + 1, batch), rng.random(batch) < 0.5, strict=True)
        return [self._word(length, fronted, rng) for length, fronted in shapes]

    def encode(self, texts):
        """Turn words into x (T, B, letters) and mask (T, B), filled up to the longest word."""
        return encode(texts, self.letters, self.dtype)

    def tag(self, texts):
        """Return the tags of words (T, B), places in TAGS; 0 after the end of a word."""
        tags = np.zeros((max(map(len, texts)), len(texts)), int)
        for n, text in enumerate(texts):
            fronted = TAGS.index("fronted" if text.endswith(FRONTING) else "plain")
            tags[:len(text), n] = [fronted if letter in VOWELS else 0 for letter in text]
        return tags

    def sample(self, batch, rng):
        """Draw words: x (T, B, letters), tags (T, B) and mask (T, B)."""
        return self._sequences(self.write(batch, rng))

    def balanced(self, each, rng):
        """Draw as many words of every length with either ending, as `sample` does: on these a ceiling holds exactly."""
        rng = np.random.default_rng(rng)
        return self._sequences([self._word(length, fronted, rng) for length in range(1, self.syllables + 1)
                                for fronted in (False, True) for _ in range(each)])

    def ceiling(self, ahead=0):
        """Return the best accuracy on a, o and u of a reader that sees so many letters beyond the one it tags.

        By enumeration of all words, up to which consonants and vowels they are: of words that look the same to the reader, it
        can be right about one tag.
        """
        if not isinstance(ahead, int | np.integer) or isinstance(ahead, bool) or ahead < 0:
            raise ValueError(f"ahead is {ahead!r:.60}; ceiling needs a whole number of letters, 0 or more")
        words = ["ba" * (length - 1) + "b" + last for length, last in product(range(1, self.syllables + 1), "ai")]
        places = [(word, t) for word in words for t, letter in enumerate(word) if letter in VOWELS]
        views = [word[:t + 1 + ahead] + "." * (t + ahead >= len(word)) for word, t in places]      # the end is seen, too
        return best_accuracy(views, [word[-1] for word, _ in places], [1 / len(places)] * len(places))

    def _word(self, length, fronted, rng):
        drawn = rng.integers(0, (len(CONSONANTS), len(VOWELS)), (length, 2))
        text = "".join(CONSONANTS[c] + VOWELS[v] for c, v in drawn)
        return text[:-1] + FRONTING if fronted else text

    def _sequences(self, texts):
        x, mask = self.encode(texts)
        return x, self.tag(texts), mask


def vowel_accuracy(tags, right):
    """Return which part of the a, o and u got the right tag; tags and right (T, B), places in TAGS."""
    vowels = np.asarray(right) > 0
    return float(np.mean((np.asarray(tags) == right)[vowels]))
