"""Which value stood beside this key? An LSTM and causal self-attention against the number of pairs, each at three learning rates.

`AssociativeRecall` with 16 keys, batches of 32, Adam, clipping at norm 1, float32; the last quarter of the steps at a quarter of
the rate. The LSTM: 64 units, b_f = 1, 2,000 batches; attention: width 32, positions, MLP, 500 batches. "accuracy" is on 1,000 new
lists, "early" after a third of the steps: what a pilot in a hurry would have seen. The rule: as in `copying`.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, SelfAttention
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import AssociativeRecall

PAIRS, KEYS, SEEDS = (2, 4, 8, 16), 16, range(5)
RATES = {"LSTM": (0.015, 0.03, 0.06), "attention": (0.003, 0.01, 0.03)}
UNITS, STEPS = {"LSTM": 64, "attention": 32}, {"LSTM": 2000, "attention": 500}


def network(model, seed):
    """Return an untrained network by its name."""
    layer = {"LSTM": LSTM, "attention": SelfAttention}[model]
    return Network(layer(2 * KEYS, UNITS[model], rng=seed, dtype=np.float32),
                   Linear(UNITS[model], KEYS, rng=seed + 100, dtype=np.float32))


def accuracy(net, task):
    """Return the share of 1,000 new lists that are answered right."""
    x, labels = task.sample(1000, 99)
    return float(np.mean(net.predict(x).argmax(axis=1) == labels))


def trial(model, pairs, rate, seed):
    """Train one network; return its accuracy, after a third of the steps and at the end."""
    net, task, steps = network(model, seed), AssociativeRecall(pairs, KEYS), STEPS[model]
    options = {"loss": cross_entropy, "progress": False}
    history = train(net, task, steps=steps // 3, optimiser=Adam(rate), rng=seed, **options)
    early = accuracy(net, task)
    train(net, task, steps=steps * 3 // 4 - steps // 3, history=history, **options)
    history.optimiser.learning_rate = rate / 4
    train(net, task, steps=steps - steps * 3 // 4, history=history, **options)
    return {"accuracy": accuracy(net, task), "early": early}


EXPERIMENT = Experiment(
    name="recall",
    about="associative recall by an LSTM and by self-attention; lstm_helpers/experiments/recall.py",
    trial=trial,
    grid=[{"model": model, "pairs": pairs, "rate": rate, "seed": seed}
          for model in RATES for pairs, rate, seed in product(PAIRS, RATES[model], SEEDS)],
    slack={"accuracy": 0.15, "early": 0.3},
)


def table(model, measure="accuracy"):
    """Return {pairs: (rates, seeds)}."""
    rows = EXPERIMENT.rows()
    return {pairs: np.array([values(rows, measure, model=model, pairs=pairs, rate=rate) for rate in RATES[model]])
            for pairs in PAIRS}
