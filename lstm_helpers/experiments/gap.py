"""How far apart may the country and the question be? The key figure of 06_long_term_dependencies, for six models at four rates.

In each sentence stand two countries, and order alone tells which one counts. Each model trains on 4000 sentences for 1000
batches of 32, or until it knows them, and is tested on 1000 sentences whose frames were held out. The rule: for each model and
gap, the rate whose mean over the seeds `CHOOSING` is best; what is reported are the seeds `REPORTED`, which had no say.
"""

from functools import cache
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.experiments.feedforward import Feedforward, count_words, side_by_side
from lstm_helpers.experiments.recording import Experiment, select, values
from lstm_helpers.learning import Adam, Linear, Network, TrainingDiverged, cross_entropy, train
from lstm_helpers.sequences import FranceSentences

RECURRENT = ("RNN", "IRNN", "LSTM, b_f = 1", "LSTM, chrono")
MODELS = (*RECURRENT, "bag of words", "whole sentence")
GAPS, RATES = (0, 20, 40, 80), (0.01, 0.003, 0.001, 0.0003)
REPORTED, CHOOSING = range(5), range(100, 103)
UNITS, STEPS = 32, 1000


@cache
def sentences(gap, part="train", seed=0):
    """Return the sentences of one gap in which two countries stand: 4000 to learn from, 1000 held out."""
    return FranceSentences(gap, part, size=4000 if part == "train" else 1000, seed=seed, countries=2)


def network(model, task, seed, units=UNITS):
    """Return an untrained network by its name; the start of each recurrent one is the best that we know for it."""
    settings = {"rng": seed, "dtype": np.float32}
    if model == "bag of words":
        return Feedforward(count_words, task.input_size, units, task.output_size, **settings)
    if model == "whole sentence":
        return Feedforward(side_by_side, task.length * task.input_size, units, task.output_size, **settings)
    return Network(layer(model, task, seed, units), Linear(units, task.output_size, rng=seed + 1000, dtype=np.float32))


def layer(model, task, seed, units=UNITS):
    """Return an untrained recurrent layer: RNN and LSTM with orthogonal W_h, the IRNN as Le, Jaitly & Hinton (2015) start it."""
    sizes, settings = (task.input_size, units), {"rng": seed, "dtype": np.float32}
    if model == "RNN":
        return RNN(*sizes, **settings)
    if model == "IRNN":
        irnn = RNN(*sizes, activation="relu", **settings)
        irnn.params["W_h"][:] = np.eye(units)
        irnn.params["W_x"][:] = 0.001 * np.random.default_rng(seed).standard_normal(sizes)
        return irnn
    start = {"chrono": task.length} if model == "LSTM, chrono" else {"forget_bias": 1.0}
    return LSTM(*sizes, **start, **settings)


def trained(model, rate, gap, seed, *, units=UNITS, steps=STEPS, progress=False):
    """Train one network on its sentences and return it."""
    task = sentences(gap, seed=seed)
    net = network(model, task, seed, units)
    train(net, task, steps=steps, loss=cross_entropy, optimiser=Adam(rate), stop_when=knows_it, rng=seed, progress=progress)
    return net


def knows_it(history):
    return len(history) >= 50 and np.mean(history.loss[-50:]) < 0.005


def accuracy(net, gap, seed, part="held_out"):
    """Return which part of the sentences a network answers rightly."""
    x, labels = sentences(gap, part, seed=seed).everything()
    return float(np.mean(net.predict(x).argmax(axis=1) == labels))


def trial(model, rate, gap, seed):
    """Train one network; return its accuracy on held-out sentences, 1/8 (chance) if its training diverged."""
    try:
        return {"accuracy": accuracy(trained(model, rate, gap, seed), gap, seed)}
    except TrainingDiverged:
        return {"accuracy": 1 / 8}


EXPERIMENT = Experiment(
    name="gap",
    about="held-out accuracy on sentences with two countries against the gap; lstm_helpers/experiments/gap.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "gap": gap, "seed": seed}
          for model, rate, gap, seed in product(MODELS, RATES, GAPS, (*REPORTED, *CHOOSING))],
    slack={"accuracy": 0.15},
)


def best_rates():
    """Return {(model, gap): rate}, chosen on seeds that are not reported."""
    rows = EXPERIMENT.rows()

    def mean(model, gap, rate):
        return np.mean([values(rows, "accuracy", model=model, gap=gap, rate=rate, seed=seed) for seed in CHOOSING])
    return {(model, gap): max(RATES, key=lambda rate: mean(model, gap, rate)) for model, gap in product(MODELS, GAPS)}


def table():
    """Return {model: accuracies (rates, gaps, seeds)} of the reported seeds."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in REPORTED]
    shape = len(RATES), len(GAPS), len(REPORTED)
    return {model: np.reshape([row["accuracy"] for row in select(rows, model=model)], shape) for model in MODELS}


def at_best_rates():
    """Return {model: accuracies (seeds, gaps)}, each model at the rate that was chosen for it at that gap."""
    best, every = best_rates(), table()
    return {model: np.array([every[model][RATES.index(best[model, gap]), place] for place, gap in enumerate(GAPS)]).T
            for model in MODELS}
