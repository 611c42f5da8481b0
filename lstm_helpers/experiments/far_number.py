"""Is a number learned that lies 38 steps back, when nothing else is asked? Four starts of an RNN at four learning rates.

The task of 04_vanishing_gradients: forty random numbers, and the second of them as the only target; answering 0 costs 1.
Adam, 800 batches of 32, and `train`'s own limit of 1 on the gradient's norm. "loss": on 2000 fresh sequences. "arriving":
the part of the gradient at the last state that reaches the state of the far step, before training.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import RNN
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import Adam, Linear, Network, TrainingDiverged, gradient_flow, train

STARTS = ("uniform", "orthogonal", "orthogonal, no tanh", "identity, ReLU")
RATES, SEEDS, STEPS, FAR, UNITS = (0.03, 0.01, 0.003, 0.001), range(5), 40, 1, 16


def far_number(batch, rng):
    """Draw forty numbers for each sequence, x (40, B, 1), and the second of them, (B, 1)."""
    x = rng.standard_normal((STEPS, batch, 1))
    return x, x[FAR]


def network(start, seed):
    """Return an untrained RNN with a readout: W_h uniform in ±1/√16, orthogonal (with tanh or without), or identity with ReLU."""
    layer = RNN(1, UNITS, init="uniform" if start == "uniform" else "orthogonal", rng=seed,
                activation={"orthogonal, no tanh": "linear", "identity, ReLU": "relu"}.get(start, "tanh"))
    if start == "identity, ReLU":
        layer.params["W_h"][:] = np.eye(UNITS)
    return Network(layer, Linear(UNITS, 1, rng=seed + 5))


def run(start, rate, seed, *, steps=800, clip=1.0):
    """Train one network; return it and its History, also if it diverged."""
    net = network(start, seed)
    try:
        return net, train(net, far_number, steps=steps, optimiser=Adam(rate), clip=clip, rng=seed, progress=False)
    except TrainingDiverged as error:
        return net, error.history


def loss_of(net):
    """Return the mean squared error on 2000 fresh sequences; answering 0 costs 1."""
    x, y = far_number(2000, np.random.default_rng(99))
    return float(np.mean((net.predict(x) - y) ** 2))


def trial(start, rate, seed):
    """Train one network; return its loss on fresh sequences, and the part of the gradient that arrived before training."""
    x, _ = far_number(256, np.random.default_rng(seed))
    arriving = gradient_flow(network(start, seed).layer, x)
    return {"loss": loss_of(run(start, rate, seed)[0]), "arriving": float(arriving[FAR] / arriving[-1])}


EXPERIMENT = Experiment(
    name="far_number",
    about="a number 38 steps back as the only target; lstm_helpers/experiments/far_number.py",
    trial=trial,
    grid=[{"start": start, "rate": rate, "seed": seed} for start, rate, seed in product(STARTS, RATES, SEEDS)],
    slack={"loss": 0.15, "arriving": 0.001},
)
