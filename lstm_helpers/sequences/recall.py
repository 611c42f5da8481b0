"""Two tasks that ask how much was kept: pairs of which one is asked for, and strings to be written again."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_helpers.one_hot import one_hot
from lstm_helpers.sequences.checks import require_at_least


@dataclass(frozen=True)
class AssociativeRecall:
    """Make lists of pairs, key and value in one step, and then one of the keys: which value stood beside it?

    x[t] = (key t, value t) for t < n;   x[n] = (one of these keys, nothing);   label = its value

    The n keys of a list are different ones of K, the values any of K symbols, drawn evenly, and so is the key that is asked for.
    Key and value are a row each with a single 1, side by side.

    Parameters
    ----------
    pairs : n, at least 1
    keys : K, how many keys there are, and as many values; at least n, and 2
    dtype : of the sequences

    Introduced in 22_attention. Source of the task: Ba, Hinton, Mnih, Leibo & Ionescu (2016), "Using fast weights to attend to the
    recent past"; with key and value in one step here.
    """

    pairs: int = 8
    keys: int = 16
    dtype: type = np.float32

    def __post_init__(self):
        require_at_least(self, "pairs", 1, "a pair to ask for")
        require_at_least(self, "keys", max(2, self.pairs), "a key of its own for each pair, and a choice")

    @property
    def length(self):
        """Steps in each sequence: the pairs, and the question."""
        return self.pairs + 1

    @property
    def input_size(self):
        return 2 * self.keys

    @property
    def output_size(self):
        return self.keys

    @property
    def chance(self):
        """The share that a blind guess gets right."""
        return 1 / self.keys

    @property
    def one_pair(self):
        """The share that remembering a single pair, such as the last one, gets right: it is asked for once in n times."""
        return 1 / self.pairs + (1 - 1 / self.pairs) * self.chance

    @property
    def bits(self):
        """What a state must hold to be always right: n log2 K bits; the keys themselves are brought back by the question."""
        return self.pairs * math.log2(self.keys)

    def best(self, bits):
        """Return the largest share that a state of so many bits could get right, whatever reads and writes it.

        To be right with probability p about one of K symbols takes at least I(p) = log2 K − h(p) − (1 − p) log2(K − 1) bits, h
        the entropy of a coin (Fano's inequality); n such symbols, of which any may be asked for, take n times that.

        Parameters
        ----------
        bits : of the state, 0 or more

        Returns
        -------
        p, from 1/K to 1, with n I(p) = bits
        """
        if not bits >= 0:
            raise ValueError(f"bits is {bits!r}; best needs 0 or more")
        low, high = self.chance, 1.0
        if bits >= self.bits:
            return high
        for _ in range(60):                                                       # halve the interval
            middle = (low + high) / 2
            low, high = (middle, high) if self.pairs * _bits_for(middle, self.keys) <= bits else (low, middle)
        return low

    def sample(self, batch, rng):
        """Draw lists: x (n + 1, B, 2K) and labels (B,)."""
        rng = np.random.default_rng(rng)
        every, n = np.arange(batch), self.pairs
        keys = rng.random((batch, self.keys)).argsort(axis=1)[:, :n].T            # (n, B), none twice
        values = rng.integers(0, self.keys, (n, batch))
        asked = rng.integers(0, n, batch)
        x = np.zeros((self.length, batch, self.input_size), self.dtype)
        x[:n, :, :self.keys], x[:n, :, self.keys:] = one_hot(keys, self.keys, self.dtype), one_hot(values, self.keys, self.dtype)
        x[n, every, keys[asked, every]] = 1
        return x, values[asked, every]


@dataclass(frozen=True)
class CopyString:
    """Make strings that are to be read whole and then written again, symbol by symbol, by an encoder-decoder.

    x = s_1 … s_T, labels = s_1 … s_T;   each s one of K symbols, drawn evenly, a row with a single 1

    Parameters
    ----------
    length : T, at least 1
    symbols : K, at least 2
    dtype : of the sequences

    Introduced in 22_attention. Source of the question: Cho, van Merriënboer, Bahdanau & Bengio (2014), "On the properties of
    neural machine translation: encoder–decoder approaches", where long sentences came out worse.
    """

    length: int = 10
    symbols: int = 8
    dtype: type = np.float32

    def __post_init__(self):
        require_at_least(self, "length", 1, "a symbol to write")
        require_at_least(self, "symbols", 2, "a choice")

    @property
    def input_size(self):
        return self.symbols

    @property
    def output_size(self):
        return self.symbols

    @property
    def chance(self):
        """The share of symbols that a blind guess gets right; of whole strings it is this to the power T."""
        return 1 / self.symbols

    @property
    def bits(self):
        """What a state must hold to write the string without a fault: T log2 K bits."""
        return self.length * math.log2(self.symbols)

    def sample(self, batch, rng):
        """Draw strings: x (T, B, K) and labels (T, B)."""
        labels = np.random.default_rng(rng).integers(0, self.symbols, (self.length, batch))
        return one_hot(labels, self.symbols, self.dtype), labels


def _bits_for(share, symbols):
    """Return the least information about a symbol that lets one be right with probability `share` (from 1/K to 1)."""
    if share >= 1:
        return math.log2(symbols)
    coin = -share * math.log2(share) - (1 - share) * math.log2(1 - share)
    return math.log2(symbols) - coin - (1 - share) * math.log2(symbols - 1)
