"""An LSTM that explodes while it learns, with and without clipping: three learning rates, two limits, ten seeds.

Temporal order over 50 steps, 16 units, forget bias 1, W_h orthogonal for each gate, Adam, batches of 32: 600 of them, or until
the mean loss of the last 50 is below 0.05. "steps": how many that took, 600 if it never came; "end": that mean at the end, where
a blind guess costs log 4 = 1.39; "largest": the largest norm of the gradient before clipping.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import Adam, Linear, Network, TrainingDiverged, cross_entropy, train
from lstm_helpers.sequences import TemporalOrder

TASK, LIMITS, RATES, SEEDS = TemporalOrder(50), (None, 1.0), (0.003, 0.01, 0.03), range(10)
LONGEST, SOLVED = 600, 0.05


def network(seed):
    """Return an LSTM of 16 units with a readout, as the course starts it."""
    return Network(LSTM(TASK.input_size, 16, rng=seed), Linear(16, TASK.output_size, rng=seed + 50))


def loss_of_late(history):
    """Return the mean loss of the last 50 batches."""
    return float(np.mean(history.loss[-50:]))


def solved(history):
    """Tell whether fifty batches in a row have cost next to nothing."""
    return len(history) >= 50 and loss_of_late(history) < SOLVED


def run(limit, rate, seed, *, steps=LONGEST, stop_when=solved):
    """Train one network; return its History, also if it diverged."""
    try:
        return train(network(seed), TASK, steps=steps, loss=cross_entropy, optimiser=Adam(rate), clip=limit, rng=seed,
                     stop_when=stop_when, progress=False)
    except TrainingDiverged as error:
        return error.history


def trial(limit, rate, seed):
    """Train one network; return after how many steps it had solved the task, its late loss and its largest gradient norm."""
    history = run(limit, rate, seed)
    return {"steps": len(history) if solved(history) else LONGEST, "end": loss_of_late(history),
            "largest": float(np.max(history.gradient_norm))}


EXPERIMENT = Experiment(
    name="exploding",
    about="an LSTM on temporal order over 50 steps, with and without clipping; lstm_helpers/experiments/exploding.py",
    trial=trial,
    grid=[{"limit": limit, "rate": rate, "seed": seed} for limit, rate, seed in product(LIMITS, RATES, SEEDS)],
    slack={"steps": 50, "end": 0.3, "largest": 50.0},
)
