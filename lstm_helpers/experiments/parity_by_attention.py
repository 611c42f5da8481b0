"""Does attention learn parity? Causal self-attention trained at up to 20 steps, judged at 20, 40 and 100.

Width 32, MLP of 64; with positions, without them, and two layers with positions, each at four learning rates. All else as in
`parity`: 1,000 batches of 64 strings of 20 bits with a label at each step, Adam, float32; the part of the labels of the last
20 steps that is right, in 256 fresh strings. The rule: as in `parity`.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import SelfAttention, Stacked
from lstm_helpers.experiments.parity import TRAINED, accuracy
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import Parity

WIDTH, STEPS, LENGTHS = 32, 1000, (20, 40, 100)
MODELS, RATES, SEEDS = ("attention", "no positions", "2 layers"), (0.001, 0.003, 0.01, 0.03), range(5)


def layer(model, seed):
    """Return an untrained layer by the name of its model."""
    settings = {"positions": model != "no positions", "dtype": np.float32}
    made = [SelfAttention(size, WIDTH, rng=seed + 100 * n, **settings)
            for n, size in enumerate((1, WIDTH)[:2 if model == "2 layers" else 1])]
    return made[0] if len(made) == 1 else Stacked(made)


def run(model, rate, seed, *, steps=STEPS):
    """Train one network and return it."""
    net = Network(layer(model, seed), Linear(WIDTH, 2, rng=seed + 5, dtype=np.float32), read="every")
    train(net, Parity(TRAINED, np.float32), steps=steps, batch_size=64, loss=cross_entropy, optimiser=Adam(rate), rng=seed,
          progress=False)
    return net


def trial(model, rate, seed):
    """Train one network; return its accuracy at each length."""
    net = run(model, rate, seed)
    return {f"at {length}": accuracy(net, "parity", length) for length in LENGTHS}


EXPERIMENT = Experiment(
    name="parity_by_attention",
    about="parity by self-attention, trained at 20 steps, judged at 20, 40, 100; lstm_helpers/experiments/parity_by_attention.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "seed": seed} for model, rate, seed in product(MODELS, RATES, SEEDS)],
    slack={"at 20": 0.15, "at 40": 0.1, "at 100": 0.1},
)


def table():
    """Return {model: (rates, seeds, lengths)} of accuracies."""
    rows = EXPERIMENT.rows()
    return {model: np.array([np.transpose([values(rows, f"at {length}", model=model, rate=rate) for length in LENGTHS])
                             for rate in RATES]) for model in MODELS}
