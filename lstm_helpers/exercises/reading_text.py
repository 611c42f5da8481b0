"""Exercises of 18_reading_text: bits per character, a temperature for given odds, a model that is sent along."""

import numpy as np

from lstm_helpers.checking import Question

# q1: bits per character


def bits_per_character(logits, labels):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)                  # (n, K)
    return -np.mean(np.log2(p[np.arange(len(labels)), labels]))


def answers(rng):
    yield "two letters of two", (np.log(np.array([[0.5, 0.5], [0.25, 0.75]])), np.array([0, 0]))
    for n, K in ((4, 3), (5, 5)):
        yield f"{n} letters, alphabet of {K}", (2 * rng.standard_normal((n, K)), rng.integers(0, K, n))
    yield "logits around 1000", (np.array([[1000.0, 999, 998], [997, 1000, 1000]]), np.array([1, 0]))


def without_shift(logits, labels):
    with np.errstate(all="ignore"):
        powers = np.exp(logits)
        return -np.mean(np.log2(of_the_right(powers / powers.sum(axis=1, keepdims=True), labels)))


def softmax(logits, axis=1):
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def of_the_right(p, labels):
    """Return the probability of the right letter at each step."""
    return p[np.arange(len(labels)), labels]


q1 = Question(
    ask="Write `bits_per_character(logits, labels)`: how many bits a letter costs on average. logits (n, K) holds a network's "
        "scores, one row a letter, which may lie around 1000; labels (n,) the letters that came, from 0 to K − 1. Use NumPy "
        "alone.",
    reference=bits_per_character,
    cases=answers,
    points=2,
    mistakes={
        without_shift: "exp(1000) is too large for a float, and infinity by infinity is NaN. Subtract each row's largest logit "
                       "first: the softmax stays the same.",
        lambda z, y: -np.mean(np.log(of_the_right(softmax(z), y))): "These are nats. A bit is log 2 of them: take np.log2.",
        lambda z, y: -np.mean(np.log10(of_the_right(softmax(z), y))): "This is the logarithm to base 10. Bits need base 2.",
        lambda z, y: -np.sum(np.log2(of_the_right(softmax(z), y))): "That is the cost of all letters together. Take the mean.",
        lambda z, y: np.mean(np.log2(of_the_right(softmax(z), y))): "The sign is missing: logarithms of probabilities are "
                                                                    "negative, costs are not.",
        lambda z, y: -np.log2(np.mean(of_the_right(softmax(z), y))): "This is the logarithm of the mean probability. Take the "
                                                                     "logarithm of each first, then the mean.",
        lambda z, y: -np.mean(of_the_right(z, y)) / np.log(2): "The logits are no log-probabilities yet: the "
                                                                             "softmax over the K letters is missing.",
        lambda z, y: -np.mean(np.log2(of_the_right(softmax(z, axis=0), y))): "This softmax runs over the n letters of the text. "
                                                                             "It has to run over the K letters of the "
                                                                             "alphabet: axis=1.",
        lambda z, y: -np.mean(np.log2(softmax(z))): "This is the mean over all K letters. Only the one that came counts: "
                                                    "p[np.arange(n), labels].",
        lambda z, y: -np.mean(np.sum(softmax(z) * np.log2(softmax(z)), axis=1)): "This is what the network expects to pay. Take "
                                                                                 "the letters that came: labels.",
        lambda z, y: -np.mean(np.log2(of_the_right(softmax(softmax(z)), y))): "This takes the softmax twice. The logits go in as "
                                                                              "they are, once.",
        lambda z, y: 2 ** bits_per_character(z, y): "This is 2 to the power of the bits, the perplexity: among how many equally "
                                                 "likely letters it is a guess. Leave the power out.",
        lambda z, y: np.mean(z.argmax(axis=1) != y): "This is the share of wrong guesses. Bits ask how probable the right letter "
                                                     "was.",
    },
    hints=("First probabilities: the softmax of each row. Then those of the letters that came.",
           "p[np.arange(len(labels)), labels] picks one probability a row.",
           "Minus the mean of np.log2 of those."),
)


# q2: a temperature for given odds

def temperature_for(logits, odds):
    second, first = np.sort(logits)[-2:]
    return (first - second) / np.log(odds)                          # p1 / p2 = exp((z1 - z2) / τ)


def wanted_odds(rng):
    yield "logits 2 and 1, odds 10", (np.array([2.0, 1.0]), 10.0)
    for K, odds in ((4, 3.0), (6, 20.0)):
        logits = rng.permutation(np.cumsum(rng.uniform(0.5, 2, K)) - 3)
        logits = np.roll(logits, 1 - logits.argmax())               # the likeliest stands neither first nor last
        yield f"{K} letters, odds {odds:g}", (logits, odds)
    yield "logits around 1000", (np.array([0.0, 1000, 998, 996]), 5.0)


q2 = Question(
    ask="Write `temperature_for(logits, odds)`: at which temperature is the likeliest letter exactly `odds` times as probable as "
        "the second likeliest? logits (K,) are in any order, K is 2 or more; odds is above 1. Use NumPy alone.",
    reference=temperature_for,
    cases=wanted_odds,
    mistakes={
        lambda z, r: np.log(r) / np.ptp(np.sort(z)[-2:]): "Upside down: the higher the odds that are asked for, the colder.",
        lambda z, r: np.ptp(np.sort(z)[-2:]) / r: "Logits differ by the *logarithm* of the odds: take np.log.",
        lambda z, r: np.ptp(np.sort(z)[-2:]) / np.log2(r): "This is the logarithm to base 2. The softmax is made of powers of e: "
                                                            "take np.log.",
        lambda z, r: np.ptp(np.sort(z)[-2:]) / np.log10(r): "This is the logarithm to base 10. The softmax is made of powers of "
                                                              "e: take np.log.",
        lambda z, r: np.ptp(np.sort(z)[-2:]) * np.log(r): "A product instead of a quotient: higher odds are colder.",
        lambda z, r: np.ptp(z) / np.log(r): "This is the gap between the largest and the smallest logit. The second largest is "
                                            "asked for.",
        lambda z, r: np.abs(z[0] - z[1]) / np.log(r): "These are the first two logits, not the two largest.",
        lambda z, r: (np.max(z) - np.mean(z)) / np.log(r): "This compares the largest logit with their mean. Compare it with the "
                                                           "second largest.",
        lambda z, r: -np.ptp(np.sort(z)[-2:]) / np.log(r): "A temperature is above 0: take the largest logit minus the second.",
        lambda z, r: np.max(z) / np.log(r): "Adding 5 to all logits changes no probability. Take a difference of two.",
    },
    hints=("By the softmax, what is p1 / p2? The sums cancel.",
           "p1 / p2 = exp((z1 − z2) / τ). Solve for τ.",
           "np.sort(logits)[-2:] holds the two largest."),
)


# q3: a model that is sent along

def letters_needed():
    weights, bits_a_weight, bits_a_letter = 380_000, 16, 2.2
    return weights * bits_a_weight / (8 - bits_a_letter)            # n · 8 = n · 2.2 + weights · 16


q3 = Question(
    ask="A packer (an arithmetic coder) writes each letter with as many bits as the model says it costs: 2.2 on average. "
        "Unpacked, a letter takes one byte. But whoever unpacks needs the model too: 380,000 weights of two bytes each. From how "
        "many letters on is model and packed text together smaller than the plain text?",
    reference=letters_needed,
    tolerance=0.002,
    mistakes={
        380_000 * 2 / (8 - 2.2): "The weights are counted in bytes, the letters in bits. A byte has eight bits.",
        380_000 * 16 / 8: "So many letters take as much room as the model alone. The packed text needs room too.",
        380_000 * 16 / 2.2: "So much packed text is as large as the model. What each letter *saves* must pay for it.",
        380_000 / (8 - 2.2): "This counts one bit for a weight. Each takes two bytes.",
        380_000 * 8 / (8 - 2.2): "This counts one byte for a weight. Each takes two.",
        380_000 * 32 / (8 - 2.2): "This counts four bytes for a weight. Each takes two.",
        380_000 * 16 / (8 + 2.2): "A sum instead of a difference: a letter that costs 2.2 bits instead of 8 saves how many?",
        380_000 * 2 / (1 - 2.2): "2.2 are bits, and 1 is a byte: use one unit for both.",
        0: "The packed text is smaller at once, but the model has to be paid for.",
    },
    hints=("How many bits does each packed letter save?", "How many bits do the weights take?",
           "The savings of n letters must pay for the weights."),
)
