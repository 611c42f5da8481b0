"""Who reads the sentences of 01_order_matters? A bag of words, windows of 9 and 13 words, and an RNN, at four learning rates.

The first three are one and the same network of 32 hidden units; only what it sees differs. Each trains for 2000 batches of 32,
and is tested on all held-out sentences: as they are, and "longer", with three words more that change no meaning. The rule: for
each model, the rate whose mean over the seeds `CHOOSING` is best; what is reported are the seeds `REPORTED`, which had no say.
"""

from functools import cache, partial
from itertools import product

import numpy as np

from lstm_helpers.cells import RNN
from lstm_helpers.experiments.feedforward import Feedforward, count_words
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import SentimentSentences

MODELS, RATES = ("bag of words", "window of 9", "window of 13", "RNN"), (0.03, 0.01, 0.003, 0.001)
REPORTED, CHOOSING = range(5), range(100, 103)
UNITS, STEPS = 32, 2000

sentences = cache(SentimentSentences)


def last_words(x, mask, n):
    """Return the last n words of each sentence side by side, zeros before a shorter one: (T, B, D) -> (B, n D)."""
    padded = np.concatenate([np.zeros((n, *x.shape[1:])), x])                       # (n + T, B, D)
    steps = mask.sum(axis=0).astype(int) + np.arange(n)[:, None]                    # (n, B)
    return padded[steps, np.arange(x.shape[1])].transpose(1, 0, 2).reshape(x.shape[1], -1)


def network(model, seed):
    """Return an untrained network by its name."""
    words = sentences("train").input_size
    if model == "RNN":
        return Network(RNN(words, UNITS, rng=seed), Linear(UNITS, 2, rng=seed + 1000))
    n = 1 if model == "bag of words" else int(model.split()[-1])
    return Feedforward(count_words if n == 1 else partial(last_words, n=n), n * words, UNITS, 2, rng=seed)


def trained(model, rate, seed, *, steps=STEPS, progress=False):
    """Train one network and return it."""
    net = network(model, seed)
    train(net, sentences("train"), steps=steps, loss=cross_entropy, optimiser=Adam(rate), rng=seed, progress=progress)
    return net


def accuracy(net, part="held_out", more=""):
    """Return how probably a network reads a sentence of the part rightly, with `more` words after it."""
    task = sentences(part)
    return task.accuracy(net.predict(*task.encode([text + more for text in task.texts])).argmax(axis=1))


def trial(model, rate, seed):
    """Train one network; return its accuracy on held-out sentences, and on longer ones than it has learned from."""
    net = trained(model, rate, seed)
    return {"accuracy": accuracy(net), "longer": accuracy(net, more=" in the end")}


EXPERIMENT = Experiment(
    name="order",
    about="held-out accuracy of order-blind, windowed and recurrent readers; lstm_helpers/experiments/order.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "seed": seed} for model, rate, seed in product(MODELS, RATES, (*REPORTED, *CHOOSING))],
    slack={"accuracy": 0.05, "longer": 0.1},
)


def best_rates():
    """Return {model: rate}, chosen on seeds that are not reported."""
    rows = EXPERIMENT.rows()
    return {model: max(RATES, key=lambda rate, model=model: np.mean(
        [values(rows, "accuracy", model=model, rate=rate, seed=seed) for seed in CHOOSING])) for model in MODELS}


def table(measure="accuracy"):
    """Return {model: (rates, seeds)} of the reported seeds."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in REPORTED]
    return {model: np.array([values(rows, measure, model=model, rate=rate) for rate in RATES]) for model in MODELS}
