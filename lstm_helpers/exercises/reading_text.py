"""Exercises of 18_reading_text: bits per character, a temperature, the size of a packed file."""

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


def softmax(logits, axis=1):
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def of_the_right(p, labels):
    """Return the probability of the right letter at each step."""
    return p[np.arange(len(labels)), labels]


q1 = Question(
    ask="Write `bits_per_character(logits, labels)`: how many bits a letter costs on average. logits (n, K) holds a network's "
        "scores, one row a letter; labels (n,) the letters that came, from 0 to K − 1. Use NumPy alone.",
    reference=bits_per_character,
    cases=answers,
    points=2,
    mistakes={
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


# q2: a temperature

def heated(logits, temperature):
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()


def temperatures(rng):
    yield "three letters, temperature 0.5", (np.array([2.0, 1.0, -1.0]), 0.5)
    for K, temperature in ((4, 2.0), (6, 1.5)):
        yield f"{K} letters, temperature {temperature}", (2 * rng.standard_normal(K), temperature)


q2 = Question(
    ask="Write `heated(logits, temperature)`: return the probabilities (K,) of the K letters at this temperature. logits is "
        "(K,). Use NumPy alone.",
    reference=heated,
    cases=temperatures,
    mistakes={
        lambda z, t: softmax(z * t, axis=0): "The logits are multiplied by the temperature. Divide: a high one is to make "
                                             "them alike.",
        lambda z, t: softmax(z, axis=0) / t: "Dividing probabilities gives no probabilities: they no longer sum to 1. Divide the "
                                             "logits, before the softmax.",
        lambda z, t: softmax(softmax(z, axis=0) / t, axis=0): "This takes the softmax twice. Divide the logits, then take it "
                                                               "once.",
        lambda z, t: softmax(z, axis=0) ** (1 / t): "Nearly: the powers are right, but have to be divided by their sum.",
        lambda z, t: softmax(z, axis=0): "The temperature does nothing here. Divide the logits by it before the softmax; what is "
                                         "divided after is lost when you divide by the sum.",
        lambda z, t: np.exp(z / t): "Divide by the sum, so that the probabilities add up to 1.",
        lambda z, t: z / t / np.sum(z / t): "The exponential is missing.",
        lambda z, t: np.full(len(z), 1 / len(z)): "All letters are equally likely here, as at an endless "
                                                                    "temperature.",
        lambda z, t: np.log(heated(z, t)): "These are the logarithms of the probabilities. Take np.exp of them.",
        lambda z, t: z.argmax(): "This is the place of the likeliest letter. Return the probabilities of all K.",
        lambda z, t: np.eye(len(z))[z.argmax()]: "This takes the likeliest letter, which is a temperature of 0.",
    },
    hints=("A temperature of 2 halves all differences between logits.",
           "Divide first, then the softmax.",
           "np.exp(logits / temperature), divided by its sum."),
)


# q3: a packed file

def packed_bytes():
    return 10_000 * 2.2 / 8                         # a byte is eight bits


q3 = Question(
    ask="A good packer (an arithmetic coder) writes each letter with as many bits as the model says it costs. A text has 10,000 "
        "letters, and a model needs 2.2 bits a letter. How many bytes does the packed text have?",
    reference=packed_bytes,
    tolerance=0.002,
    mistakes={
        22_000: "These are bits. A byte has eight of them.",
        10_000: "This is the text as it stands, one byte a letter.",
        10_000 * 2.2 / 8 / np.log(2): "2.2 are bits already: nothing is to be divided by log 2.",
        10_000 * 2.2 / 8 * np.log(2): "2.2 are bits already: nothing is to be multiplied by log 2.",
        10_000 / 2.2: "2.2 bits is what a letter costs, not how often the text shrinks. From 8 bits to 2.2.",
        176_000: "Divide by eight: a byte has eight bits.",
        10_000 * 8 / 2.2: "Upside down: each letter costs 2.2 bits instead of 8.",
        10_000 * 2**2.2 / 8: "2 to the power of 2.2 says among how many equally likely letters you would have to guess. Bits "
                             "simply add up.",
    },
    hints=("How many bits do all letters need together?", "A byte has eight bits."),
)
