"""What does dropout on the way from step to step cost where something must be remembered?

The adding problem over 20 steps, an LSTM, an RNN and an IRNN (ReLU, begun with the identity) of 16 units, 500 batches of 32,
Adam: there is no overfitting here, each batch is new. A fifth of the numbers is dropped with "one mask" for all steps or with
a new one at "each step", or stays as it was ("zoneout"). In the LSTM the cell state, which remembers, is left alone but by
zoneout; in the others h itself remembers.
"blind_part": the error on 1,000 sequences, as a part of the blind error. The rule: for each seed, the rate that is best over
the other seeds. Tried, too, and left out: 0.1, worse for each kind in the LSTM.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.experiments.dropout import disturbed
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.experiments.variants import at_best_rate
from lstm_helpers.learning import Adam, Linear, Network, train
from lstm_helpers.sequences import AddingProblem

CELLS, KINDS, RATES, SEEDS = ("LSTM", "RNN", "IRNN"), ("none", "one mask", "each step", "zoneout"), (0.003, 0.01, 0.03), range(5)
TASK, UNITS, STEPS, DROPPED = AddingProblem(20, np.float32), 16, 500, 0.2


def layer(cell, seed):
    """Return an untrained layer by its name."""
    if cell == "LSTM":
        return LSTM(2, UNITS, rng=seed, dtype=np.float32)
    inner = RNN(2, UNITS, rng=seed, dtype=np.float32, activation="relu" if cell == "IRNN" else "tanh")
    if cell == "IRNN":
        inner.params["W_h"][...] = np.eye(UNITS)                # Le and others 2015
    return inner


def run(cell, kind, rate, seed, steps=STEPS):
    """Train one network; return it, and its error as a part of the blind error."""
    net = Network(disturbed(layer(cell, seed), kind, DROPPED, seed + 9), Linear(UNITS, 1, rng=seed + 5, dtype=np.float32))
    train(net, TASK, steps=steps, optimiser=Adam(rate), rng=seed, progress=False)
    return net, net.evaluate(*TASK.sample(1000, 101)) / TASK.baseline_error


def trial(cell, kind, rate, seed):
    """Train one network; return its error."""
    return {"blind_part": float(run(cell, kind, rate, seed)[1])}


EXPERIMENT = Experiment(
    name="dropout_and_memory",
    about="dropout on the way to the next step in the adding problem; lstm_helpers/experiments/dropout_and_memory.py",
    trial=trial,
    grid=[{"cell": cell, "kind": kind, "rate": rate, "seed": seed}
          for cell, kind, rate, seed in product(CELLS, KINDS, RATES, SEEDS)],
    slack={"blind_part": 0.4},
)


def table(cell):
    """Return {kind: (seeds,) of errors at the best rate}."""
    rows = EXPERIMENT.rows()
    return {kind: at_best_rate(np.array([values(rows, "blind_part", cell=cell, kind=kind, rate=rate) for rate in RATES]))
            for kind in KINDS}
