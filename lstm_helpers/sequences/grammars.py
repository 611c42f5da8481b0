"""The classic grammars: what may come next is to be said at every step."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_helpers.sequences.checks import require_at_least
from lstm_helpers.sequences.words import encode

# Reber's automaton, (symbol, next state) by state: every branch as likely, begun in state 0 and left for state 7.
_REBER = (("B", 1),), (("T", 2), ("P", 3)), (("S", 2), ("X", 4)), (("T", 3), ("V", 5)), (("X", 3), ("S", 6)), (
    ("P", 4), ("V", 6)), (("E", 7),)


@dataclass(frozen=True)
class EmbeddedReber:
    """Make strings of the embedded Reber grammar, whose second symbol comes back as the last but one.

    B T r T E   or   B P r P E,   with probability 1/2 each, r a string of the Reber grammar

    r is a walk through Reber's automaton that takes every branch with probability 1/2; it begins with B and ends with E.
    The next symbol is asked for at every step but the last. A symbol is a row with a single 1; a shorter string is filled
    up and masked.

    Parameters
    ----------
    dtype : of the sequences

    Introduced in 15_classic_experiments. Sources: Cleeremans, Servan-Schreiber & McClelland (1989), "Finite state automata
    and simple recurrent networks"; Hochreiter & Schmidhuber (1997), "Long short-term memory", experiment 1, with 256
    strings for training and 256 for testing. Here every batch is drawn anew.
    """

    dtype: type = np.float64

    symbols = "BTPSXVE"
    input_size = output_size = len(symbols)

    @cached_property
    def _visits(self):
        """How often each state of Reber's automaton is passed, on average (7,): v = start + v @ probabilities."""
        probabilities = np.zeros((len(_REBER), len(_REBER) + 1))
        for state, branches in enumerate(_REBER):
            for _, following in branches:
                probabilities[state, following] += 1 / len(branches)
        return np.linalg.solve(np.eye(len(_REBER)) - probabilities[:, :-1].T, np.eye(len(_REBER))[0])

    @property
    def mean_steps(self):
        """Predictions per string, on average: one for each of its symbols but the first."""
        return 3 + float(self._visits.sum())

    @property
    def shares(self):
        """How often each symbol is the one to be predicted (7,); they sum to 1."""
        counts = np.array([0, 1, 1, 0, 0, 0, 1.0])               # around r: T twice or P twice, and E
        for visits, branches in zip(self._visits, _REBER, strict=True):
            for symbol, _ in branches:
                counts[self.symbols.index(symbol)] += visits / len(branches)
        return counts / self.mean_steps

    @property
    def baseline_error(self):
        """Nats per step of always answering with the shares of the symbols: -sum of p·log p."""
        return float(-self.shares @ np.log(self.shares))

    @property
    def best_error(self):
        """Nats per step that nothing can get below: log 2 at each branch, and nothing elsewhere."""
        branches = 1 + sum(visits for visits, ways in zip(self._visits, _REBER, strict=True) if len(ways) == 2)
        return float(branches * np.log(2) / self.mean_steps)

    def write(self, batch, rng):
        """Draw strings: a list of texts."""
        rng = np.random.default_rng(rng)
        texts = []
        for frame in rng.integers(0, 2, batch):
            inner, state = "", 0
            while state < len(_REBER):
                symbol, state = _REBER[state][rng.integers(0, len(_REBER[state]))]
                inner += symbol
            texts.append(f"B{'TP'[frame]}{inner}{'TP'[frame]}E")
        return texts

    def encode(self, texts):
        """Turn texts into x (T, B, 7), next symbols (T, B), from 0 to 6, and mask (T, B), filled up to the longest."""
        rows, mask = encode(texts, self.symbols, self.dtype)
        asked = mask[1:]                                                          # nothing follows the last symbol
        return rows[:-1] * asked[:, :, None].astype(self.dtype), rows[1:].argmax(axis=2), asked

    def allowed(self, texts):
        """Return the symbols that may come next at each step (T, B, 7), as 1; 0 elsewhere and where nothing is asked."""
        allowed = np.zeros((max(map(len, texts)) - 1, len(texts), 7))
        for column, text in enumerate(texts):
            sets, state = ["TP", "B"], 0
            for symbol in text[2:-2]:
                state = dict(_REBER[state])[symbol]
                sets.append("".join(symbol for symbol, _ in _REBER[state]) if state < len(_REBER) else text[1])
            for step, symbols in enumerate([*sets, "E"]):
                allowed[step, column, [self.symbols.index(symbol) for symbol in symbols]] = 1
        return allowed

    def sample(self, batch, rng):
        """Draw strings: x (T, B, 7), next symbols (T, B) and mask (T, B), with T of the longest one drawn."""
        return self.encode(self.write(batch, rng))


@dataclass(frozen=True)
class CountingLanguage:
    """Make strings of the language aⁿbⁿ, in which whatever may come next is to be named at every step.

    S aⁿ bⁿ ends with T;   after S: a;   after an a: a or b;   after a b: b, and T after the last one, for n from 1 to N

    n is drawn evenly. A symbol read is a row with a single 1 (S, a, b); an answer is a row with a 1 for every symbol that
    may come next (a, b, T). A string is right if every answer is, cut at 1/2. A shorter string is filled up and masked.

    Parameters
    ----------
    longest : N, at least 1
    dtype : of the sequences

    Introduced in 15_classic_experiments. Source: Gers & Schmidhuber (2001), "LSTM recurrent networks learn simple
    context-free and context-sensitive languages", with N = 10 among others. There the LSTM has peepholes; here it has none.
    """

    longest: int = 10
    dtype: type = np.float64

    inputs, outputs = ("S", "a", "b"), ("a", "b", "T")
    input_size = output_size = 3

    def __post_init__(self):
        require_at_least(self, "longest", 1, "the string ab")

    @property
    def baseline_error(self):
        """Mean squared error of always answering with the shares p of the three symbols: mean of p·(1 - p).

        Of N + 2 steps, on average, (N + 3)/2 allow an a, N a b, and 1 the end.
        """
        shares = np.array([(self.longest + 3) / 2, self.longest, 1]) / (self.longest + 2)
        return float(np.mean(shares * (1 - shares)))

    def encode(self, counts):
        """Turn numbers n into x (T, B, 3), what may come next (T, B, 3), and mask (T, B), filled up to the longest."""
        counts = np.asarray(counts)
        steps = np.arange(2 * counts.max() + 1)[:, None]                          # (T, 1)
        mask = (steps <= 2 * counts).astype(float)                                # (T, B)
        x = np.stack([steps == 0 * counts, (0 < steps) & (steps <= counts), (counts < steps) & (mask > 0)], axis=2)
        y = np.stack([steps <= counts, (0 < steps) & (steps < 2 * counts), steps == 2 * counts], axis=2)
        return x.astype(self.dtype), y.astype(self.dtype), mask

    def sample(self, batch, rng):
        """Draw strings: x (T, B, 3), what may come next (T, B, 3), and mask (T, B), with T of the longest one drawn."""
        return self.encode(np.random.default_rng(rng).integers(1, self.longest + 1, batch))
