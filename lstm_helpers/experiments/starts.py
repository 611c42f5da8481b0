"""How many batches an LSTM needs from six starts: with parts copied, units copied, zeros, and the forget bias told apart.

The task of 14: add the two marked ones of thirty numbers (the adding problem), 16 units, Adam, batches of 32. "steps":
the batches until the mean loss of the last 50 is below 0.02; `MOST` if that never came. The blind guess costs 0.17.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, F
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import Adam, Linear, Network, train
from lstm_helpers.sequences import AddingProblem

STARTS = ("drawn, b_f = 1", "equal parts, b_f = 1", "drawn, b_f = 0", "equal parts, b_f = 0", "equal units", "zeros")
RATES, SEEDS, MOST = (0.003, 0.01, 0.03), range(5), 2500
LENGTH, UNITS, LEARNED = 30, 16, 0.02


def network(start, seed):
    """Return an LSTM that reads two numbers a step, begun in one of six ways; "equal units" and "zeros" with b_f = 1."""
    net = Network(LSTM(2, UNITS, rng=seed), Linear(UNITS, 1, rng=seed + 1))
    W_x, W_h, b, W_out = (net.params[name] for name in ("recurrent.W_x", "recurrent.W_h", "recurrent.b", "output.W"))
    if "equal parts" in start:
        W_x[:], W_h[:] = W_x[F], W_h[F]
    if "b_f = 0" in start:
        b[F] = 0
    if start == "equal units":                                          # / 4: sixteen equal terms add up
        W_x[:], W_h[:], W_out[:] = W_x[:, :, :1], W_h[:, :1, :1] / 4, W_out[:1]
    if start == "zeros":
        W_x[:], W_h[:] = 0, 0
    return net


def run(start, rate, seed, *, most=MOST):
    """Train one network until it has learned; return it and its History."""
    net = network(start, seed)
    return net, train(net, AddingProblem(LENGTH), steps=most, optimiser=Adam(rate), rng=seed, progress=False,
                      stop_when=lambda history: len(history) >= 50 and np.mean(history.loss[-50:]) < LEARNED)


def trial(start, rate, seed):
    """Train one network; return after how many batches it had learned, and its mean loss over the last 50."""
    _, history = run(start, rate, seed)
    return {"steps": len(history), "loss": float(np.mean(history.loss[-50:]))}


EXPERIMENT = Experiment(
    name="starts",
    about="six starts of an LSTM on the adding problem; lstm_helpers/experiments/starts.py",
    trial=trial,
    grid=[{"start": start, "rate": rate, "seed": seed} for start, rate, seed in product(STARTS, RATES, SEEDS)],
    slack={"steps": 150, "loss": 0.05},
)
