"""Exercises of 06_long_term_dependencies: accuracy, success over seeds, memory behind guesses."""

import numpy as np

from lstm_helpers.checking import Question

# q1: accuracy


def accuracy(logits, labels):
    return np.mean(logits.argmax(axis=1) == labels)


def predictions(rng):
    yield "two sentences, two languages", (np.array([[0.2, -1.0], [-0.3, -1.6]]), np.array([0, 0]))
    yield "four sentences, four languages", (np.array([[-0.9, -0.7, -0.1, -0.8], [-0.2, -1.5, -0.6, -0.4], [1.2, 2.0, 1.0, 1.5],
                                                       [0.3, -1.0, -0.2, 2.7]]), np.array([2, 0, 3, 3]))
    for label, size, bonus in (("eight sentences, eight languages", 8, 1), ("forty sentences, forty languages", 40, 3)):
        labels = rng.integers(0, size, size)
        yield label, (rng.standard_normal((size, size)) + bonus * np.eye(size)[labels], labels)


def probabilities(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def of_the_right_one(values, labels):
    return values[np.arange(len(labels)), labels]


q1 = Question(
    ask="Write `accuracy(logits, labels)`: logits (B, K) holds a score for each of K languages, labels (B,) the place of the "
        "right one. The network answers with the language that has the highest score. Which part of the B answers is right?",
    reference=accuracy,
    cases=predictions,
    points=2,
    mistakes={
        lambda logits, labels: np.mean(logits.argmax(axis=0) == labels):
            "argmax goes over axis 0: it finds the best sentence for each language. The best language for each sentence lies "
            "along axis 1.",
        lambda logits, labels: np.mean(logits.argmin(axis=1) == labels):
            "The lowest score is taken for the answer. It is the highest: argmax.",
        lambda logits, labels: np.sum(logits.argmax(axis=1) == labels):
            "This is how many answers are right. Divide by B, or take the mean.",
        lambda logits, labels: 100 * accuracy(logits, labels): "This is in per cent. Accuracy is a part of 1.",
        lambda logits, labels: 1 - accuracy(logits, labels): "This is the part that is wrong. Accuracy counts what is right.",
        lambda logits, labels: logits.argmax(axis=1) == labels:
            "This says for each answer whether it is right. Which part of them is? np.mean counts True as 1.",
        lambda logits, labels: of_the_right_one(probabilities(logits), labels).mean():
            "This is the mean probability of the right language. An answer is right or wrong, however narrowly it has won.",
        lambda logits, labels: of_the_right_one(logits, labels).mean():
            "This averages the scores. Ask first which language has the highest one, then compare with labels.",
        lambda logits, labels: np.mean(of_the_right_one(probabilities(logits), labels) > 0.5):
            "Among many languages, the best can have less than 0.5. Compare each answer, argmax, with its label.",
        lambda logits, labels: np.mean(of_the_right_one(logits, labels) > 0):
            "A score above 0 is not yet an answer: another language may have a higher one. Use argmax.",
    },
    hints=("First find the answer to each sentence: the place of the highest score in its row.",
           "logits.argmax(axis=1) gives the answers (B,). Compare them with the labels.",
           "The comparison gives True and False. The mean of these is the part that is True."),
)


# q2: success over seeds

def success_rate(results, threshold):
    return (results >= threshold).mean(axis=1)      # (models, gaps)


def tables(rng):
    yield "one model, four seeds, one gap", (np.array([[[0.95], [0.9], [0.4], [1.0]]]), 0.9)
    for label, shape in (("two models, five seeds, three gaps", (2, 5, 3)), ("four of each", (4, 4, 4))):
        results = rng.integers(1, 9, shape) / 8
        results[0, 0, :3], results[0, 1:, 0], results[0, 1:, 2] = (0.5, 0.75, 1.0), 1.0, 0.125     # all but one; one alone
        yield label, (results, 0.75)


q2 = Question(
    ask="Write `success_rate(results, threshold)`: results (models, seeds, gaps) holds the accuracy of every run. Return an "
        "array (models, gaps): which part of the seeds has reached at least the threshold.",
    reference=success_rate,
    cases=tables,
    points=2,
    mistakes={
        lambda results, threshold: results.mean(axis=1):
            "This is the mean accuracy. Half of the seeds perfect and half at chance gives the same mean as all in between: "
            "count successes.",
        lambda results, threshold: (results > threshold).mean(axis=1): "A run that reaches the threshold exactly counts too: >=.",
        lambda results, threshold: (results >= threshold).mean(axis=0): "This is the mean over the models. The seeds are axis 1.",
        lambda results, threshold: (results >= threshold).mean(axis=2): "This is the mean over the gaps. The seeds are axis 1.",
        lambda results, threshold: (results >= threshold).sum(axis=1):
            "This is how many seeds succeed. Which part of them is it? mean instead of sum.",
        lambda results, threshold: (results < threshold).mean(axis=1):
            "This is the part of the seeds that failed. A success is results >= threshold.",
        lambda results, threshold: results.mean(axis=1) >= threshold:
            "This asks whether the *mean* reaches the threshold. Ask each run first, then take the mean over seeds.",
        lambda results, threshold: (results >= threshold).all(axis=1):
            "This asks whether every seed succeeds. Which part of them does?",
        lambda results, threshold: (results >= threshold).any(axis=1):
            "This asks whether at least one seed succeeds, and so shows the lucky one. Which part of them does?",
        lambda results, threshold: (results >= threshold).mean():
            "This is one number for all models and gaps. Take the mean over the seeds alone.",
    },
    hints=("First ask of each run by itself whether it has succeeded. Which array of True and False does that give?",
           "results >= threshold has the shape of results. Which axis has to go?",
           "Seeds are axis 1. The mean of True and False along it is the part that is True."),
)


# q3: memory behind guesses

def remembered():
    return (0.65 - 1 / 8) / (1 - 1 / 8)             # accuracy = remembered + (1 - remembered) / 8


q3 = Question(
    ask="154 countries, 8 languages that come equally often. A network reaches an accuracy of 0.65. Suppose that in one part of "
        "the sentences it remembers the country and is right, and in all others it guesses a language blindly. How large is the "
        "part that it remembers?",
    reference=remembered,
    tolerance=0.0005,
    points=2,
    mistakes={
        0.65: "That counts lucky guesses as memory: a blind guess is right in 1 of 8.",
        0.65 - 1 / 8: "Nearly. This takes off 1/8 of all sentences, but there are guesses only in those that it has forgotten.",
        0.65 / (1 - 1 / 8): "A network that remembers nothing has an accuracy of 1/8, not 0. Take that off first.",
        0.65 * (1 - 1 / 8): "This takes an eighth of the right answers away. It is of the *forgotten* sentences that an eighth "
                            "is right.",
        0.4: "That is the part that it has forgotten.",
        0.35: "That is the part of wrong answers. It has forgotten more than that, and guessed some of it right.",
        (0.65 - 1 / 154) / (1 - 1 / 154): "1/154 would be the chance to guess the country. It guesses the language: 1/8.",
        0.3: "That is right if a guess hits in one half. Here it hits in 1 of 8.",
        60: "As a part of 1, please, not in per cent.",
    },
    hints=("Call the part r. In r of the sentences it is right. In how many of the others, 1 - r, is it right by luck?",
           "accuracy = r + (1 - r) / 8. Which r gives 0.65?",
           "Every r adds 7/8 to what mere guessing gets: 0.65 = 1/8 + 7/8 · r."),
)
