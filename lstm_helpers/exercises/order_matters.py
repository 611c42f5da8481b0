"""Exercises of 01_order_matters: counting words, the ceiling of a bag, the last words side by side."""

import numpy as np

from lstm_helpers.checking import Question

# q1: counting words


def bag_of_words(sentences, vocabulary):
    return np.array([[sentence.count(word) for word in vocabulary] for sentence in sentences])     # (B, V)


SENTENCES = [(label, ([text.split() for text in texts], words.split())) for label, texts, words in (
    ("one sentence", ("good not bad not sad",), "not good bad"),
    ("as many sentences as words", ("the film was good", "the music was not the best", "nothing was good"), "was not the"),
    ("more sentences than words", ("bad but good", "good but bad", "sad sad sad", "dull"), "sad bad"),
)]


def all_together(sentences, vocabulary):
    return bag_of_words(sentences, vocabulary).sum(axis=0)


def parts_of_words(sentences, vocabulary):
    return np.array([[" ".join(sentence).count(word) for word in vocabulary] for sentence in sentences])


q1 = Question(
    ask="Write `bag_of_words(sentences, vocabulary)`: sentences is a list of B lists of words, vocabulary a list of V words. "
        "Return an array (B, V): how often each word of the vocabulary, in its order, occurs in each sentence. Other words don't "
        "count.",
    reference=bag_of_words,
    cases=SENTENCES,
    points=2,
    mistakes={
        lambda sentences, vocabulary: np.minimum(bag_of_words(sentences, vocabulary), 1):
            "This says whether a word occurs. Count how often: a word that occurs twice gives 2.",
        lambda sentences, vocabulary: bag_of_words(sentences, vocabulary) / np.array([[len(sentence)] for sentence in sentences]):
            "The counts are divided by the length of the sentence. Here the counts themselves are wanted.",
        lambda sentences, vocabulary: bag_of_words(sentences, sorted(vocabulary)):
            "The columns are in alphabetical order. Keep the order of the vocabulary.",
        lambda sentences, vocabulary: bag_of_words(sentences, vocabulary).T:
            "It is transposed: a row for each sentence, a column for each word.",
        all_together: "All sentences are counted together. Each needs a row of its own.",
        lambda sentences, vocabulary: bag_of_words(sentences, vocabulary).cumsum(axis=0):
            "The counts go on from one sentence to the next. Start each sentence with zeros.",
        lambda sentences, vocabulary: np.array([all_together(sentences, vocabulary)] * len(sentences)):
            "All rows are equal: one list is filled by all sentences, and the result holds it B times. Make a new one for each "
            "sentence.",
        parts_of_words: 'This counts in a text, so it finds the "not" in "nothing". Count in the list of words.',
        lambda sentences, vocabulary: bag_of_words(sentences, vocabulary).sum(axis=1):
            "This is one number a sentence. Don't add up the words: each has its own column.",
    },
    hints=("One row for each sentence, and in it one number for each word of the vocabulary: two loops.",
           "sentence.count(word) says how often a word stands in a list.",
           "A row is [sentence.count(word) for word in vocabulary]; np.array turns a list of rows into an array."),
)


# q2: the ceiling

def best_accuracy(bags, labels, weights):
    boxes = {}                                      # bag -> {label: probability}
    for bag, label, weight in zip(bags, labels, weights, strict=True):
        box = boxes.setdefault(bag, {})
        box[label] = box.get(label, 0) + weight
    return sum(max(box.values()) for box in boxes.values())


def languages(rng):
    yield "two bags", (["bad but good", "bad but good", "and good great", "and good great"], np.array([0, 1, 1, 1]),
                       np.array([0.4, 0.2, 0.1, 0.3]))
    yield "one heavy sentence among light ones", (list("AAABBBCC"), np.array([0, 0, 1, 1, 1, 0, 2, 2]),
                                                  np.array([0.05, 0.05, 0.25, 0.15, 0.2, 0.1, 0.05, 0.15]))
    for label, kinds, count in (("two labels", 2, 20), ("three labels", 3, 30)):
        weights = rng.random(count)
        yield label, ([f"bag {number}" for number in rng.integers(0, 4, count)], rng.integers(0, kinds, count),
                      weights / weights.sum())


def in_boxes(bags, labels, weights):
    """Return for each bag its labels and weights."""
    return [(labels[inside], weights[inside]) for inside in (np.array(bags) == bag for bag in sorted(set(bags)))]


def mean_of_the_boxes(bags, labels, weights):
    return np.mean([best_accuracy([""] * len(one), one, part) / part.sum() for one, part in in_boxes(bags, labels, weights)])


def most_frequent(bags, labels, weights):
    return sum(part[one == np.bincount(one).argmax()].sum() for one, part in in_boxes(bags, labels, weights))


q2 = Question(
    ask="Write `best_accuracy(bags, labels, weights)`. For each sentence it gets its bag (a text that is the same for the same "
        "words), its label (a whole number; there may be more than two) and its probability; these sum to 1. Return the highest "
        "accuracy that a model can reach that sees the bag alone.",
    reference=best_accuracy,
    cases=languages,
    points=4,
    mistakes={
        lambda bags, labels, weights: best_accuracy(bags, labels, np.full(len(weights), 1 / len(weights))):
            "Every sentence counts the same here. Add up probabilities, not sentences.",
        lambda bags, labels, weights: best_accuracy([""] * len(bags), labels, weights):
            "This is one answer for all sentences, the most probable label. A model may answer each bag differently.",
        mean_of_the_boxes: "This is the plain mean over the bags. A bag that comes more often counts more: just add up what is "
                           "right.",
        lambda bags, labels, weights: 1 - best_accuracy(bags, labels, weights):
            "This is how often the best model is *wrong*. Its accuracy is 1 minus that.",
        most_frequent: "In each bag you choose the label with most sentences. Choose the one with most probability.",
        lambda bags, labels, weights: sum(part.max() for _, part in in_boxes(bags, labels, weights)):
            "In each bag only the most probable sentence counts. First add up all sentences of a label, then choose the best "
            "label.",
        lambda bags, labels, weights: sum(part[one == one[-1]].sum() for one, part in in_boxes(bags, labels, weights)):
            "In each bag the last sentence decides. The best answer is the label with most probability.",
        lambda bags, labels, weights: weights.sum():
            "This is 1, as if each sentence could get an answer of its own. Sentences of one bag get the same answer.",
    },
    hints=("Put all sentences of a bag into one box. The model gives one answer for each box. Which is best?",
           "In each box add up the probability of each label. The largest of these sums is what the model gets right there.",
           "Use a dict of dicts, bag -> {label: probability}; then sum(max(box.values()) for box in boxes.values())."),
)


# q3: the last words, side by side

def last_words(x, n):
    padded = np.concatenate([np.zeros((n, x.shape[1])), x])         # (n + T, V)
    return padded[-n:].ravel()                                      # (n * V,)


def one_hots(rng):
    yield "two words, the last one", (np.array([[1.0, 0.0], [0.0, 1.0]]), 1)
    for label, T, V, n in (("six words, the last three", 6, 6, 3), ("shorter than the window", 2, 3, 4),
                           ("as long as the window", 3, 4, 3)):
        yield label, (np.eye(V)[rng.permutation(V)[:T]], n)


q3 = Question(
    ask="Write `last_words(x, n)`: what a window sees. x (T, V) is a sentence, each word a row with a single 1. Return its last "
        "n rows side by side, the earliest first: (n * V,). If the sentence is shorter, zeros come before it.",
    reference=last_words,
    cases=one_hots,
    points=2,
    mistakes={
        lambda x, n: last_words(x[:n], n): "These are the first n words. The window holds the last.",
        lambda x, n: x[:n].ravel(): "These are the first n words, and nothing is filled up. The window holds the last n: x[-n:].",
        lambda x, n: x[-n:].sum(axis=0):
            "The rows are added up, so their order is lost: it is a bag again. Put them side by side.",
        lambda x, n: np.concatenate([x, np.zeros((n, x.shape[1]))])[max(len(x) - n, 0):][:n].ravel():
            "A short sentence is filled up at its end. The zeros come before it: the last word always stands in the last place.",
        lambda x, n: last_words(x, n).reshape(n, -1)[::-1].ravel():
            "The order is turned round: the earliest of the n words comes first.",
        lambda x, n: last_words(x, n).reshape(n, -1):
            "The rows are right, but one below the other. Side by side they make one row: .ravel()",
        lambda x, n: last_words(x, n).reshape(n, -1).T.ravel():
            "The rows are interleaved: all first numbers, then all second ones. Put one whole row after the other.",
        lambda x, n: x[-n:].ravel():
            "A sentence that is shorter than the window gives fewer numbers. Put rows of zeros before it.",
        lambda x, n: last_words(x[:-1], n):
            "The window ends one word too early: the last word is missing. x[-n:] goes to the end.",
        lambda x, n: last_words(x, max(n, len(x))):
            "These are all words. The window holds n of them, however long the sentence is.",
    },
    hints=("x[-n:] holds the last n rows, or all of them if there are fewer. What is still to do?",
           "Put n rows of zeros before x; then there are always enough rows, and you can take the last n.",
           "np.concatenate([np.zeros((n, x.shape[1])), x]) puts them before it; .ravel() lays rows side by side."),
)
