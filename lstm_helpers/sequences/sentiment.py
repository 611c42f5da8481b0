"""Opinions that are decided by the order of their words."""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations, product
from math import fsum

import numpy as np

from lstm_helpers.sequences.checks import require_part
from lstm_helpers.sequences.words import bag, best_accuracy, encode

_NOUNS = ("film", "music", "story")
_GOOD, _BAD = ("good", "great", "lovely"), ("bad", "dull", "poor")
_TAILS = ((), ("in", "the", "end"), ("as", "far", "as", "i", "can", "see"))
_JOINTS = ("and", "but", "although")


def _clauses(noun):
    """Return (words, whether it praises) of every clause about a noun."""
    return [(("the", noun, "was", *negation, *intensifier, adjective), (adjective in _GOOD) != bool(negation))
            for negation, intensifier, adjective in product(((), ("not",)), ((), ("very",)), _GOOD + _BAD)]


def _sentences(joint):
    """Yield (words, label) of every sentence with a joint."""
    for first, second in permutations(_NOUNS, 2):
        for (start, start_praises), (end, end_praises) in product(_clauses(first), _clauses(second)):
            if (start_praises == end_praises) == (joint == "and"):
                praises = start_praises if joint == "although" else end_praises
                for tail in _TAILS:
                    yield (*start, joint, *end, *tail), int(praises)


@cache
def _grammar():
    """Return (words, label, joint) of every sentence, sorted."""
    return sorted((*pair, joint) for joint in _JOINTS for pair in _sentences(joint))


@cache
def _of_part(part):
    """Return the sentences of a part; sentences of one bag are all in the same part."""
    if part == "all":
        return _grammar()
    bags = sorted({bag(words) for words, _, _ in _grammar()})
    order = np.random.default_rng(0).permutation(len(bags))
    split = len(bags) * 4 // 5
    chosen = {bags[place] for place in (order[:split] if part == "train" else order[split:])}
    return [sentence for sentence in _grammar() if bag(sentence[0]) in chosen]


@dataclass(frozen=True)
class SentimentSentences:
    """Make opinions such as "the film was not good but the music was great" and whether they praise, 1, or not, 0.

    Grammar: CLAUSE JOINT CLAUSE TAIL, where CLAUSE is "the NOUN was [not] [very] ADJECTIVE" about two nouns out of three,
    ADJECTIVE is good, great, lovely or bad, dull, poor, and TAIL is nothing, "in the end" or "as far as i can see".
    "not" turns a clause's meaning round. The joint says which clause decides:

    - "and": both clauses mean the same
    - "but": they mean opposite things, and the second decides
    - "although": they mean opposite things, and the first decides

    9 to 19 words a sentence, one word a step, given as a row with a single 1; shorter sentences are filled up and
    masked. 23 words, 15552 sentences, a third with each joint, half of each praise. All are equally likely; in a part, all
    of one joint and label are, so that the shares stay the same. A reader of the whole sentence makes no mistake.

    Parameters
    ----------
    part : "all", or "train" (four fifths of all bags of words) or "held_out" (the others): they share no sentence, and
        not even a bag of words
    dtype : of the sequences

    Chance is 1/2. A bag of words reaches 7/12 = 0.583 at most (`order_blind_ceiling`, by enumeration): with "and" and no
    "not", or two, it knows the answer; in every other bag there is as much praise as blame. What a window on the last words
    reaches says `window_ceiling`.

    Introduced in 01_order_matters.
    """

    part: str = "all"
    dtype: type = np.float64

    chance = 1 / 2
    output_size = 2

    def __post_init__(self):
        require_part(self, ("all", "train", "held_out"))

    @cached_property
    def sentences(self):
        """Every sentence of the part: a list of tuples of words."""
        return [words for words, _, _ in _of_part(self.part)]

    @property
    def texts(self):
        """Every sentence of the part, as text."""
        return [" ".join(words) for words in self.sentences]

    @cached_property
    def labels(self):
        """Whether each praises, 1, or not, 0."""
        return np.array([label for _, label, _ in _of_part(self.part)])

    @cached_property
    def weights(self):
        """Probability of each sentence; they sum to 1."""
        kinds = [(label, joint) for _, label, joint in _of_part(self.part)]
        count = {kind: kinds.count(kind) for kind in set(kinds)}
        return np.array([1 / (2 * len(_JOINTS) * count[kind]) for kind in kinds])

    @cached_property
    def words(self):
        """Every word that can occur, sorted."""
        return tuple(sorted({word for words, _, _ in _grammar() for word in words}))

    @property
    def input_size(self):
        return len(self.words)

    def ceiling(self, view):
        """Return the accuracy that no model passes which sees `view(words)` of a sentence and nothing else."""
        return best_accuracy(map(view, self.sentences), self.labels, self.weights)

    @cached_property
    def order_blind_ceiling(self):
        """Accuracy that no bag of words passes."""
        return self.ceiling(bag)

    def window_ceiling(self, width):
        """Return the accuracy that no model passes which sees the last `width` words, in their order."""
        if width < 1:
            raise ValueError(f"width is {width}; window_ceiling needs at least 1 word")
        return self.ceiling(lambda words: words[-width:])

    def accuracy(self, predicted):
        """Return how often labels predicted for `texts` are right, each sentence weighted by its probability."""
        return fsum(self.weights[np.asarray(predicted) == self.labels])

    def twins(self):
        """Return a pair of texts (praise, blame) for each bag of words that holds both."""
        found = {}
        for words, label in zip(self.sentences, self.labels, strict=True):
            found.setdefault(bag(words), {}).setdefault(int(label), " ".join(words))
        return [(pair[1], pair[0]) for pair in found.values() if len(pair) == 2]

    def write(self, batch, rng):
        """Draw sentences: a list of texts and the labels (B,)."""
        chosen = np.random.default_rng(rng).choice(len(self.labels), batch, p=self.weights)
        return [" ".join(self.sentences[place]) for place in chosen], self.labels[chosen]

    def encode(self, texts):
        """Turn texts into x (T, B, words) and mask (T, B), filled up to the longest text."""
        return encode([text.split() for text in texts], self.words, self.dtype)

    def sample(self, batch, rng):
        """Draw sentences: x (T, B, words), labels (B,) and mask (T, B)."""
        texts, labels = self.write(batch, rng)
        x, mask = self.encode(texts)
        return x, labels, mask
