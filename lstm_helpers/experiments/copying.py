"""How long a string can be copied? The encoder-decoder of 16 without attention and with it, each at four learning rates.

Strings of 8 symbols, batches of 32, Adam, clipping at norm 1, float32, LSTMs with b_f = 1; the last quarter of the steps at a
quarter of the rate. With attention (multiplicative) 500 batches, without 1,000, whose steps are cheaper: short trainings, cut
down so that all of it takes some twenty minutes. "whole": the share of 500 new strings that are right from the first
symbol to the last; "symbols": the share of their symbols. The rule: for each seed, the rate that is best over the other seeds.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, AttentiveEncoderDecoder, EncoderDecoder, Linear, cross_entropy, train
from lstm_helpers.sequences import CopyString

FIXED, ATTENTION = "one vector", "attention"
LENGTHS = {(FIXED, 64): (5, 10, 20, 40), (ATTENTION, 64): (5, 10, 20, 40), (FIXED, 32): (5, 10), (FIXED, 128): (10,)}
RATES, SEEDS, STEPS, BATCH = (0.007, 0.015, 0.03, 0.06), range(5), {FIXED: 1000, ATTENTION: 500}, 32


def network(model, units, length, seed):
    """Return an untrained network by its name."""
    symbols, settings = CopyString().symbols, {"dtype": np.float32}
    parts = (LSTM(symbols, units, rng=seed, **settings), LSTM(symbols, units, rng=seed + 100, **settings),
             Linear(units, symbols, rng=seed + 200, **settings))
    if model == FIXED:
        return EncoderDecoder(*parts, length=length)
    return AttentiveEncoderDecoder(*parts, length=length, rng=seed + 300)


def run(model, units, length, rate, seed, *, steps=None):
    """Train one network and return it."""
    net, task, steps = network(model, units, length, seed), CopyString(length), steps or STEPS[model]
    options = {"batch_size": BATCH, "loss": cross_entropy, "progress": False}
    history = train(net, task, steps=steps * 3 // 4, optimiser=Adam(rate), rng=seed, **options)
    history.optimiser.learning_rate = rate / 4
    train(net, task, steps=steps - len(history), history=history, **options)
    return net


def trial(model, units, length, rate, seed):
    """Train one network; return what it gets right of 500 new strings."""
    net = run(model, units, length, rate, seed)
    x, labels = CopyString(length).sample(500, 99)
    right = net.translate(x) == labels                                                # (T, 500)
    return {"whole": float(right.all(axis=0).mean()), "symbols": float(right.mean())}


EXPERIMENT = Experiment(
    name="copying",
    about="strings copied by an encoder-decoder without and with attention; lstm_helpers/experiments/copying.py",
    trial=trial,
    grid=[{"model": model, "units": units, "length": length, "rate": rate, "seed": seed}
          for (model, units), lengths in LENGTHS.items() for length, rate, seed in product(lengths, RATES, SEEDS)],
    slack={"whole": 0.2, "symbols": 0.1},
)


def table(model, units, measure="whole"):
    """Return {length: (rates, seeds)}."""
    rows = EXPERIMENT.rows()
    return {length: np.array([values(rows, measure, model=model, units=units, length=length, rate=rate) for rate in RATES])
            for length in LENGTHS[model, units]}


def at_best_rate(shares):
    """Return (seeds,) out of (rates, seeds): each seed's share at the rate whose mean over the other seeds is largest."""
    shares = np.nan_to_num(shares)                                                    # a trial that failed has nothing right
    best = (shares.sum(axis=1, keepdims=True) - shares).argmax(axis=0)                # (seeds,)
    return shares[best, np.arange(shares.shape[1])]
