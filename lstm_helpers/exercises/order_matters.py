"""Exercises of 01_order_matters: how many orders share a bag, what order-blindness costs in stars, a convolution."""

import numpy as np

from lstm_helpers.checking import Question

# q1: how many orders share a bag


def orders(words):
    ways = 1
    for n in range(1, len(words) + 1):              # a word more: n places for it, equal words change places unseen
        ways = ways * n // words[:n].count(words[n - 1])
    return ways


SEQUENCES = [(text, (text.split(),)) for text in (
    "good but bad", "very very good", "not good not bad", "not very very very good good",
    "the film was good but the music was bad",
)]


def factorial(n):
    return np.prod(np.arange(1, n + 1))


def counts(words):
    return np.array([words.count(word) for word in sorted(set(words))])


q1 = Question(
    ask="A bag forgets the order. Write `orders(words)`: words is a list of words, some of them perhaps more than once. How many "
        "different sequences of words have the same bag as this one? It counts itself, and a sequence need not be English.",
    reference=orders,
    cases=SEQUENCES,
    points=2,
    mistakes={
        lambda words: factorial(len(words)):
            'This counts "very very good" twice, once with each "very" in front. Two equal words change places, and nothing '
            'changes.',
        lambda words: factorial(len(set(words))):
            "This orders the different words. Each also stands in the sequence as often as it occurs.",
        lambda words: orders(words) - 1: "One is missing: the sequence itself has this bag, too.",
        lambda words: factorial(len(words)) / counts(words).prod():
            "You divide by how often a word occurs. But three equal words can change places in 3 · 2 · 1 ways, not in 3.",
        lambda words: factorial(len(words)) / factorial(len(words) - len(set(words))):
            "You divide by the orders of the copies too many. Divide, word by word, by the orders of all its copies.",
        lambda words: factorial(len(words)) / factorial(counts(words)[counts(words) > 1].sum()):
            "The words that repeat are taken as if they were all the same word. Each word has its own number of copies.",
        lambda words: factorial(len(words)) / factorial(counts(words).max()):
            "This minds the copies of one word. Other words may repeat, too: divide for each of them.",
        lambda words: factorial(len(words)) / 2 ** (counts(words) > 1).sum():
            "This halves once for each word that repeats. A word that occurs three times has more than two orders of its copies.",
        lambda words: factorial(len(words)) / 2: "Halving is right for one word that occurs twice, and for nothing else.",
        lambda words: len(words) ** len(words):
            "This lets each place hold any of the words, so that a word may come too often. The bag must stay the same.",
        lambda words: 2: "There is at least one twin, but there can be many more: the order is free.",
    },
    hints=("If all n words were different: n places for the first, n - 1 for the next, and so on.",
           'Now two of them are the same "very". Which of these orders look alike?',
           "n! divided by k! for each word that occurs k times."),
)


# q2: the least error

def least_error(bags, stars, weights):
    boxes = {}                                      # bag -> [(stars, probability), ...]
    for bag, star, weight in zip(bags, stars, weights, strict=True):
        boxes.setdefault(bag, []).append((star, weight))
    error = 0
    for box in boxes.values():
        best = sum(weight * star for star, weight in box) / sum(weight for _, weight in box)
        error += sum(weight * (star - best)**2 for star, weight in box)
    return error


def opinions(rng):
    yield "two bags", (["bad but good", "bad but good", "good and great", "good and great"], np.array([2.0, 4.0, 5.0, 5.0]),
                       np.array([0.4, 0.2, 0.1, 0.3]))
    yield "a rare sentence far from the others", (list("AAABBC"), np.array([1.0, 1.5, 5.0, 2.0, 3.0, 4.0]),
                                                  np.array([0.3, 0.25, 0.05, 0.1, 0.2, 0.1]))
    for label, kinds, count in (("twenty sentences", 4, 20), ("thirty sentences", 7, 30)):
        weights = rng.random(count)
        yield label, ([f"bag {number}" for number in rng.integers(0, kinds, count)], rng.uniform(1, 5, count),
                      weights / weights.sum())


def in_boxes(bags, stars, weights):
    """Return for each bag its stars and weights."""
    return [(stars[inside], weights[inside]) for inside in (np.array(bags) == bag for bag in sorted(set(bags)))]


def error_with(answer, power=2):
    """Return the least_error of someone whose model says `answer(stars, weights)` for a bag."""
    def least_error(bags, stars, weights):
        return sum((part * np.abs(one - answer(one, part))**power).sum() for one, part in in_boxes(bags, stars, weights))
    return least_error


def plain_mean_of_the_boxes(bags, stars, weights):
    return np.mean([np.average((one - np.average(one, weights=part))**2, weights=part)
                    for one, part in in_boxes(bags, stars, weights)])


def one_answer(bags, stars, weights):
    return least_error([""] * len(bags), stars, weights)


q2 = Question(
    ask="Opinions come with stars now, any number from 1 to 5, and a model is to guess the number. Write "
        "`least_error(bags, stars, weights)`: for each sentence you get its bag (a text that is the same for the same words), "
        "its stars and its probability; these sum to 1. Return the least mean squared error that a model can reach that sees the "
        "bag alone.",
    reference=least_error,
    cases=opinions,
    points=4,
    mistakes={
        lambda bags, stars, weights: least_error(bags, stars, np.full(len(weights), 1 / len(weights))):
            "Every sentence counts the same here. A probable sentence counts more: in the answer and in the error.",
        one_answer: "This is one answer for all sentences. A model may answer each bag differently.",
        error_with(lambda stars, weights: stars.mean()):
            "The answer for a bag is the plain mean of its stars. A probable sentence pulls the best answer towards it.",
        error_with(lambda stars, weights: stars[weights.argmax()]):
            "The answer for a bag is the stars of its most probable sentence. That is best if only right or wrong counts; a "
            "square punishes being far off.",
        error_with(lambda stars, weights: (stars * weights).sum()):
            "The weights within a bag don't sum to 1: divide by their sum, or the answer is too small.",
        error_with(lambda stars, weights: np.average(stars, weights=weights), power=1):
            "This is the mean of the distances. The *squared* error is asked for.",
        lambda bags, stars, weights: np.sqrt(least_error(bags, stars, weights)):
            "This is the root of the mean squared error. Leave the root out.",
        plain_mean_of_the_boxes: "This is the plain mean over the bags. A bag that comes more often counts more.",
        lambda bags, stars, weights: one_answer(bags, stars, weights) - least_error(bags, stars, weights):
            "This is how much the bags explain, and the rest is asked for: what they leave open.",
        lambda bags, stars, weights: 0.0 * weights.sum():
            "This is 0: as if errors up and down cancelled (square them first), or each sentence had an answer of its own. "
            "Sentences of one bag get the same answer.",
        lambda bags, stars, weights: sum(one.var() * part.sum() for one, part in in_boxes(bags, stars, weights)):
            "Within a bag all sentences count the same here. Weigh them by their probability there, too.",
    },
    hints=("Boxes again: a model gives one number for each bag. Which number makes the squares in a box smallest?",
           "Their mean, weighted by probability: sum(weight * star) / sum(weight) over the sentences of the box.",
           "Add weight * (star - best)**2 over all sentences, with the best answer of the box that each is in."),
)


# q3: a convolution

def convolve(x, W):
    n = len(W)
    return np.array([(x[t:t + n] * W).sum() for t in range(len(x) - n + 1)])        # (T - n + 1,)


def slides(rng):
    yield "two words, a window of one", (np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[3.0, 2.0]]))
    for label, T, V, n in (("six words, a window of three", 6, 4, 3), ("nine words, a window of two", 9, 3, 2),
                           ("as long as the window", 3, 5, 3)):
        yield label, (rng.standard_normal((T, V)), rng.standard_normal((n, V)))


def at_every_place(x, W, before):
    filled = np.zeros((len(x) + len(W) - 1, x.shape[1]))
    filled[before:before + len(x)] = x
    return convolve(filled, W)


q3 = Question(
    ask="A convolution slides one window over a sentence. x (T, V) is a sentence, a row a word; W (n, V) holds the window's "
        "weights, the same at each place, its first row for the earliest of the n words. Write `convolve(x, W)`: at each place "
        "where the window fits, the sum of words times weights. Return these numbers from left to right.",
    reference=convolve,
    cases=slides,
    points=2,
    mistakes={
        lambda x, W: convolve(x, W[::-1]):
            "The window is turned round: its last row meets the earliest word. Networks don't turn it, though mathematics does.",
        lambda x, W: convolve(x, W).max(): "This is the largest of the numbers. Return all of them, one for each place.",
        lambda x, W: convolve(x, W).sum(): "The places are added up, and their order is lost. Return one number for each place.",
        lambda x, W: convolve(x, W)[-1]: "This is the last place alone. The window slides: begin at the first word.",
        lambda x, W: convolve(x, W)[:-1]:
            "The last place is missing: the window still fits when its last row stands on the last word.",
        lambda x, W: convolve(x, W)[::len(W)]:
            "The window jumps by its own width. It slides by one word at a time, so its places overlap.",
        lambda x, W: at_every_place(x, W, len(W) - 1):
            "Zeros are put before the sentence. Begin where the whole window stands on words.",
        lambda x, W: at_every_place(x, W, 0):
            "Zeros are put after the sentence. Stop where the whole window stands on words.",
        lambda x, W: np.array([(x[t:t + len(W)] * W).sum(axis=1) for t in range(len(x) - len(W) + 1)]):
            "Each place holds n numbers, one for each row. Add these up, too.",
        lambda x, W: np.array([(x[t:t + len(W)] * W).sum(axis=0) for t in range(len(x) - len(W) + 1)]):
            "Each place holds V numbers, one for each word of the vocabulary. Add these up, too.",
        lambda x, W: convolve(x, W) / W.size: "This is the mean of the products. Their sum is asked for.",
    },
    hints=("At place t the window stands on x[t:t + n]. What comes out there is one number.",
           "(x[t:t + n] * W).sum() is that number. How many places are there if the last one ends at the last word?",
           "T - n + 1 places: np.array([... for t in range(len(x) - n + 1)]), with n = len(W)."),
)
