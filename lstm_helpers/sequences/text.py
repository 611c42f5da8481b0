"""Text to be read letter by letter: the words of this course, and a language of nested brackets and quotes."""

import gzip
import json
from bisect import bisect
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from lstm_helpers.one_hot import one_hot
from lstm_helpers.sequences.checks import require_at_least
from lstm_helpers.sequences.words import places


def course_text():
    """Load the words of this course as they once stood, frozen, the same for everybody: {name of the notebook: text}.

    These are 205,182 letters, ours, under the MIT licence of this project. `tools/freeze_course_text.py` took them out of the
    notebooks: what is written between the cells, without tables, links and bold type, in ASCII and lines of at most 72 letters.

    Introduced in 18_reading_text.
    """
    return json.loads(gzip.decompress(files("lstm_helpers.sequences").joinpath("course_text.json.gz").read_bytes()))


def bracket_depth(text):
    """Count for each letter of a Python-like text how many brackets are open after it.

    A bracket between quotes does not count. A string ends at the quote that began it, or with its line.

    Returns
    -------
    depth : (n,) integers
    quoted : (n,) array of 0 and 1, 1 from the opening quote up to the letter before the closing one

    Introduced in 18_reading_text.
    """
    depths, marks, depth, mark = [], [], 0, ""
    for letter in text:
        if mark:
            mark = "" if letter in (mark, "\n") else mark
        elif letter in "\"'":
            mark = letter
        else:
            depth = max(0, depth + (letter in "([{") - (letter in ")]}"))
        depths.append(depth)
        marks.append(mark != "")
    return np.array(depths, int), np.array(marks, int)


@dataclass(frozen=True, eq=False)
class TextWindows:
    """Make windows of a text, each letter to be answered with the one that follows it.

    x[t] = text[s + t], y[t] = text[s + t + 1], s drawn so that the window fits

    A letter read is a row with a single 1; an answer is its place in the alphabet. Nothing outside of `text` is ever seen:
    to hold a part out, give the other part alone.

    Parameters
    ----------
    text : of at least length + 1 letters
    alphabet : every letter of the text, each once
    length : T, of a window
    dtype : of the windows

    Introduced in 18_reading_text.
    """

    text: str
    alphabet: str
    length: int = 50
    dtype: type = np.float64

    def __post_init__(self):
        if len(set(self.alphabet)) != len(self.alphabet):
            raise ValueError(f"alphabet is {self.alphabet!r:.60}; TextWindows needs each letter once")
        if not 1 <= self.length < len(self.text):
            raise ValueError(f"text has {len(self.text)} letters and length is {self.length}; "
                             "TextWindows needs a length of 1 or more, and length + 1 letters")
        object.__setattr__(self, "_codes", self.encode(self.text))

    @property
    def input_size(self):
        """K, the size of the alphabet."""
        return len(self.alphabet)

    output_size = input_size

    def encode(self, text):
        """Turn a text into places in the alphabet (n,); a letter that is not in it is refused by name."""
        return np.array(places(text, self.alphabet), int)

    def decode(self, codes):
        """Turn places in the alphabet (n,) into a text."""
        strange = [code for code in codes if not 0 <= code < len(self.alphabet)]
        if strange:
            raise ValueError(f"codes holds {strange[0]}; decode needs places from 0 to {len(self.alphabet) - 1}")
        return "".join(self.alphabet[code] for code in codes)

    def as_stream(self, text):
        """Turn a whole text into one sequence: x (n - 1, 1, K) and the letters that follow (n - 1, 1)."""
        codes = self.encode(text)[:, None]
        return one_hot(codes[:-1], self.input_size, self.dtype), codes[1:]

    def sample(self, batch, rng):
        """Draw windows: x (T, B, K) and the letters that follow (T, B)."""
        starts = np.random.default_rng(rng).integers(0, len(self._codes) - self.length, batch)
        codes = self._codes[starts + np.arange(self.length + 1)[:, None]]          # (T + 1, B)
        return one_hot(codes[:-1], self.input_size, self.dtype), codes[1:]


@dataclass(frozen=True)
class BracketLanguage:
    r"""Make text of nested brackets and quoted stretches, whose rules hang on how many brackets are open.

    outside of quotes: a or b .44, quote .08, ( .22, and .26 for ) while a bracket is open, for the end of the line else
    between quotes:    a or b .80, quote .10, ( or ) .10, and these brackets do not count

    At the greatest depth, ) takes over the share of (. With it two hidden things decide what may come next: the depth,
    from 0 to `deepest`, and whether a quote is open.

    Parameters
    ----------
    deepest : how many brackets can be open at once, at least 1

    Introduced in 18_reading_text. Source of the idea: Gers & Schmidhuber (2001), "LSTM recurrent networks learn simple
    context-free and context-sensitive languages": a language that a counter can read.
    """

    deepest: int = 6

    alphabet = '\n()"ab'

    def __post_init__(self):
        require_at_least(self, "deepest", 1, "else there are no brackets")

    def next_probabilities(self, depth, quoted):
        """Return the probability of each letter of the alphabet (n, 6), given what is open before it, (n,) and (n,)."""
        depth, quoted = np.asarray(depth), np.asarray(quoted)
        opening = np.where(depth < self.deepest, 0.22, 0)
        closing = 0.48 - opening
        outside = np.stack([closing * (depth == 0), opening, closing * (depth > 0), 0 * depth + 0.08, 0 * depth + 0.22,
                            0 * depth + 0.22], axis=-1)
        return np.where(quoted[..., None] == 1, (0, 0.05, 0.05, 0.1, 0.4, 0.4), outside)

    def write(self, length, rng):
        """Draw a text of so many letters, begun with nothing open."""
        depths = np.arange(self.deepest + 1)
        ladders = [np.cumsum(self.next_probabilities(depths, quoted + 0 * depths), axis=1).tolist() for quoted in (0, 1)]
        letters, depth, quoted = [], 0, 0
        for draw in np.random.default_rng(rng).random(length):
            letter = self.alphabet[min(bisect(ladders[quoted][depth], draw), len(self.alphabet) - 1)]
            quoted ^= letter == '"'
            depth += 0 if quoted else (letter == "(") - (letter == ")")
            letters.append(letter)
        return "".join(letters)
