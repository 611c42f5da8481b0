"""What a limit on the gradient's norm saves, and what it costs: a linear RNN at three radii, five limits, four learning rates.

The task of 05_exploding_gradients: thirty random numbers, and the sum of the last and the last but two. Plain gradient
descent, 800 batches of 32. "solved": the mean loss of the last 50 batches is below 0.01. "clipped": the part of the steps
that the limit shortened.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import RNN
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import SGD, Linear, Network, TrainingDiverged, train

LIMITS, RATES, RADII = (None, 100.0, 10.0, 1.0, 0.1), (0.15, 0.05, 0.015, 0.005), (0.9, 1.0, 1.1)
SEEDS, SOLVED = range(5), 0.01


def last_and_last_but_two(batch, rng):
    """Draw thirty numbers for each sequence, x (30, B, 1), and the sum of the last one and the last but two, (B, 1)."""
    x = rng.standard_normal((30, batch, 1))
    return x, x[-1] + x[-3]


def network(radius, seed):
    """Return a linear RNN whose W_h is orthogonal times the radius."""
    net = Network(RNN(1, 16, activation="linear", rng=seed), Linear(16, 1, rng=seed + 3))
    net.layer.params["W_h"] *= radius
    return net


def run(limit, rate, radius, seed, *, steps=800):
    """Train one network; return its History, also if it diverged."""
    try:
        return train(network(radius, seed), last_and_last_but_two, steps=steps, optimiser=SGD(rate), clip=limit, rng=seed,
                     progress=False)
    except TrainingDiverged as error:
        return error.history


def trial(limit, rate, radius, seed):
    """Train one network; return whether it solved the task, at which step it diverged (0: never), the part of steps clipped."""
    history = run(limit, rate, radius, seed)
    diverged = len(history) if history.stopped == "diverged" else 0
    norms = np.array(history.gradient_norm)
    return {"solved": float(not diverged and np.mean(history.loss[-50:]) < SOLVED), "diverged": diverged,
            "clipped": float(np.mean(norms > limit)) if limit and len(norms) else 0.0}


EXPERIMENT = Experiment(
    name="clipping",
    about="a linear RNN with and without clipping; lstm_helpers/experiments/clipping.py",
    trial=trial,
    grid=[{"limit": limit, "rate": rate, "radius": radius, "seed": seed}
          for limit, rate, radius, seed in product(LIMITS, RATES, RADII, SEEDS)],
    slack={"solved": 0.0, "diverged": 3, "clipped": 0.05},
)
