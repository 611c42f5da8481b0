"""The classic tasks that papers measured long memory with."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_helpers.one_hot import one_hot
from lstm_helpers.sequences.checks import require_at_least


@dataclass(frozen=True)
class AddingProblem:
    """Make sequences of random numbers, two of them marked, whose sum is to be given at the end.

    x[t] = (number from U(0, 1), 1 if marked else 0); one mark in each half; y = sum of the two marked numbers

    Parameters
    ----------
    length : T, in steps, at least 2
    dtype : of the sequences

    Introduced in 13_training. Sources: Hochreiter & Schmidhuber (1997), "Long short-term memory", experiment 4; in the
    form of Arjovsky, Shah & Bengio (2016), "Unitary evolution recurrent neural networks". The original draws numbers
    from U(-1, 1), puts both marks into the first half, varies the length by a tenth and scales the target.
    """

    length: int = 100
    dtype: type = np.float64

    input_size = 2
    output_size = 1
    # Always answering 1 costs the variance of a sum of two numbers from U(0, 1).
    baseline_error = 1 / 6

    def __post_init__(self):
        require_at_least(self, "length", 2, "one step for each mark")

    def sample(self, batch, rng):
        """Draw sequences and their answers: x (T, B, 2) and y (B, 1)."""
        rng = np.random.default_rng(rng)
        half, every = self.length // 2, np.arange(batch)
        x = np.zeros((self.length, batch, 2), self.dtype)
        x[:, :, 0] = rng.random((self.length, batch))
        x[rng.integers(0, half, batch), every, 1] = 1
        x[rng.integers(half, self.length, batch), every, 1] = 1
        return x, np.sum(x[:, :, 0] * x[:, :, 1], axis=0)[:, None]


@dataclass(frozen=True)
class Latch:
    """Make noisy series whose first steps say which of two classes they are of: the two-sequence problem.

    x[t] = ±1 for t < N, + for class 1, - for class 0;   x[t] ~ Normal(0, variance 0.2) after that

    Classes are drawn with probability 1/2 each, and the length of every series evenly from T to T + T/10; a shorter one
    is filled up and masked. The class is asked for at the end.

    Parameters
    ----------
    length : T, the shortest length in steps, at least N
    informative : N, how many steps tell the class, at least 1
    dtype : of the sequences

    Introduced in 14_initialisation. Sources: Bengio, Simard & Frasconi (1994), "Learning long-term dependencies with
    gradient descent is difficult"; in the form of Hochreiter & Schmidhuber (1997), "Long short-term memory", experiment
    3a, with N = 1 or 3 and T = 100 or 1000. There one output of target 1 or 0 is fitted by squared error; here the label
    is for two classes.
    """

    length: int = 100
    informative: int = 1
    dtype: type = np.float64

    input_size = 1
    output_size = 2
    chance = 1 / 2
    # Saying 1/2 for both classes costs log 2, in nats.
    baseline_error = math.log(2)

    def __post_init__(self):
        require_at_least(self, "informative", 1, "a step has to tell the class")
        require_at_least(self, "length", self.informative, "the steps that tell the class")

    def sample(self, batch, rng):
        """Draw series: x (T', B, 1), labels (B,) and mask (T', B); T' is the longest that can occur, T + T/10."""
        rng = np.random.default_rng(rng)
        labels = rng.integers(0, 2, batch)
        mask = _lengths_as_mask(self.length, batch, rng)                          # (T', B)
        x = rng.normal(0, math.sqrt(0.2), mask.shape)
        x[:self.informative] = 2 * labels - 1
        return (x * mask)[:, :, None].astype(self.dtype), labels, mask


@dataclass(frozen=True)
class TemporalOrder:
    """Make strings of distractors that hold an X or Y early and another one later; their order is the class.

    E d … d s1 d … d s2 d … d B, with s1, s2 from {X, Y}, d from {a, b, c, d};   label = 2·[s1 = Y] + [s2 = Y]

    With T = 100: between 100 and 110 symbols, s1 at a step from 10 to 20 and s2 at one from 50 to 60, all drawn evenly;
    for another T in proportion. A symbol is a row with a single 1; a shorter string is filled up and masked.

    Parameters
    ----------
    length : T, the shortest length in steps, at least 10
    dtype : of the sequences

    Introduced in 14_initialisation. Source: Hochreiter & Schmidhuber (1997), "Long short-term memory", experiment 6a,
    with T = 100. There four outputs are fitted by squared error; here the label is for four classes.
    """

    length: int = 100
    dtype: type = np.float64

    symbols = ("E", "a", "b", "c", "d", "X", "Y", "B")
    classes = ("XX", "XY", "YX", "YY")
    input_size = len(symbols)
    output_size = len(classes)
    chance = 1 / 4
    # Saying 1/4 for each class costs log 4, in nats.
    baseline_error = math.log(4)

    def __post_init__(self):
        require_at_least(self, "length", 10, "the two symbols need room")

    def sample(self, batch, rng):
        """Draw strings: x (T', B, 8), labels (B,) and mask (T', B); T' is the longest that can occur, T + T/10."""
        rng = np.random.default_rng(rng)
        mask, every, tenth = _lengths_as_mask(self.length, batch, rng), np.arange(batch), self.length // 10
        which = rng.integers(0, 2, (2, batch))                                    # 0 is X, 1 is Y
        codes = rng.integers(1, 5, mask.shape)                                    # (T', B) places in `symbols`
        codes[0], codes[mask.sum(0).astype(int) - 1, every] = 0, 7
        codes[rng.integers(tenth, 2 * tenth + 1, batch), every] = 5 + which[0]
        codes[rng.integers(5 * tenth, 6 * tenth + 1, batch), every] = 5 + which[1]
        return one_hot(codes, 8, self.dtype) * mask[:, :, None].astype(self.dtype), 2 * which[0] + which[1], mask


@dataclass(frozen=True)
class Copy:
    """Make strings that begin with ten symbols to be kept while nothing happens, and then said again.

    input: s1 … s10, blank·(T - 1), go, blank·10;   target: blank·(T + 10), s1 … s10;   s from 8 symbols, drawn evenly

    T + 20 steps in all, and a target at every one: read every step. A symbol is a row with a single 1: places 0 to 7 are
    the symbols, 8 is the blank, 9 is "go".

    Parameters
    ----------
    delay : T, at least 1
    dtype : of the sequences
    items : how many symbols are to be kept, at least 1

    Introduced in 15_classic_experiments. Source: Arjovsky, Shah & Bengio (2016), "Unitary evolution recurrent neural
    networks", with T from 100 to 500; there are 10 items. Source of the idea: Hochreiter & Schmidhuber (1997).
    """

    delay: int = 100
    dtype: type = np.float64
    items: int = 10

    input_size = 10
    output_size = 9
    chance = 1 / 8

    def __post_init__(self):
        require_at_least(self, "delay", 1, "the step of the signal to go")
        require_at_least(self, "items", 1, "a symbol to keep")

    @property
    def length(self):
        """Steps in each string."""
        return self.delay + 2 * self.items

    @property
    def baseline_error(self):
        """Nats per step of a network that knows when to speak but kept nothing: items · log 8 / length."""
        return self.items * math.log(8) / self.length

    def sample(self, batch, rng):
        """Draw strings: x (T + 20, B, 10) and labels (T + 20, B), from 0 to 8."""
        rng = np.random.default_rng(rng)
        codes = np.full((self.length, batch), 8)
        labels = codes.copy()
        codes[:self.items] = labels[-self.items:] = rng.integers(0, 8, (self.items, batch))
        codes[self.items + self.delay - 1] = 9
        return one_hot(codes, 10, self.dtype), labels


def _lengths_as_mask(shortest, batch, rng):
    """Draw a length for each sequence, from T to T + T/10, and return them as a mask (T + T/10, B) of ones and zeros."""
    longest = shortest + shortest // 10
    return (np.arange(longest)[:, None] < rng.integers(shortest, longest + 1, batch)).astype(float)
