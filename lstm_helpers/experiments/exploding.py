"""An LSTM that explodes while it learns, with and without clipping: three learning rates, two limits, ten seeds.

Temporal order over 50 steps, 16 units, forget bias 1, W_h orthogonal for each gate, Adam, batches of 32: 600 of them, or until
the mean loss of the last 50 is below 0.05. "steps": how many that took, 600 if it never came; "end": that mean at the end, where
a blind guess costs log 4 = 1.39; "largest" and "typical": the largest norm of the gradient before clipping, and the median;
"growth": in the worst batch, the one with the largest norm, the most that the gradient at h grows on its way back through a
sequence; "before", "whole" and "shortened": the loss on that batch before, and after one plain step of rate 0.03 down its
gradient as it is, and shortened to norm 1.
"""

import math
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import SGD, Adam, Linear, Network, TrainingDiverged, clip_by_global_norm, cross_entropy, train
from lstm_helpers.sequences import TemporalOrder

TASK, LIMITS, RATES, SEEDS = TemporalOrder(50), (None, 1.0), (0.003, 0.01, 0.03), range(10)
LONGEST, SOLVED, ONE_STEP = 600, 0.05, 0.03


def network(seed):
    """Return an LSTM of 16 units with a readout, as the course starts it."""
    return Network(LSTM(TASK.input_size, 16, rng=seed), Linear(16, TASK.output_size, rng=seed + 50))


def loss_of_late(history):
    """Return the mean loss of the last 50 batches."""
    return float(np.mean(history.loss[-50:]))


def solved(history):
    """Tell whether fifty batches in a row have cost next to nothing."""
    return len(history) >= 50 and loss_of_late(history) < SOLVED


class Worst:
    """Keep the batch at which a network's gradient was longest so far, and the parameters that it had then."""

    def __init__(self, net):
        self.net, self.norm, self.now, self.then = net, 0.0, None, None

    def sample(self, batch, rng):
        drawn = TASK.sample(batch, rng)
        self.now = {name: array.copy() for name, array in self.net.params.items()}, drawn
        return drawn

    def look(self, history):
        """Keep the step just taken if none had a longer gradient; tell whether the task is solved."""
        if history.gradient_norm[-1] > self.norm:
            self.norm, self.then = history.gradient_norm[-1], self.now
        return solved(history)

    def network(self):
        """Return the network as it was before that step, and the batch (x, labels, mask)."""
        params, drawn = self.then
        net = network(0)
        for name, array in net.params.items():
            array[:] = params[name]
        return net, drawn


def run_and_watch(limit, rate, seed, *, steps=LONGEST):
    """Train one network; return its History and its Worst."""
    net = network(seed)
    worst = Worst(net)
    try:
        history = train(net, worst, steps=steps, loss=cross_entropy, optimiser=Adam(rate), clip=limit, rng=seed,
                        stop_when=worst.look, progress=False)
    except TrainingDiverged as error:
        history = error.history
    return history, worst


def before(worst):
    """Return the loss on the worst batch as it was."""
    net, (x, labels, mask) = worst.network()
    return float(cross_entropy(net.predict(x, mask), labels)[0])


def after_one_plain_step(worst, limit, rate=ONE_STEP):
    """Return the loss on the worst batch after one step down its gradient, shortened to `limit` or not."""
    net, (x, labels, mask) = worst.network()
    _, grads = net.loss_and_gradients(x, labels, loss=cross_entropy, mask=mask)
    SGD(rate).step(net.params, clip_by_global_norm(grads, math.inf if limit is None else limit)[0])
    return float(cross_entropy(net.predict(x, mask), labels)[0])


def growth(worst):
    """Return, for each sequence of the worst batch, the longest gradient at any h over that at the last one."""
    net, (x, labels, mask) = worst.network()
    lengths = np.linalg.norm(net.layer_gradients(x, labels, cross_entropy, mask).h, axis=2)       # (T, B)
    return lengths.max(axis=0) / lengths[-1]


def trial(limit, rate, seed):
    """Train one network; return how it ended, and what one plain step makes of its worst batch, whole and shortened."""
    history, worst = run_and_watch(limit, rate, seed)
    return {"steps": len(history) if solved(history) else LONGEST, "end": loss_of_late(history),
            "largest": worst.norm, "typical": float(np.median(history.gradient_norm)), "growth": float(growth(worst).max()),
            "before": before(worst), "whole": after_one_plain_step(worst, None),
            "shortened": after_one_plain_step(worst, 1.0)}


EXPERIMENT = Experiment(
    name="exploding",
    about="an LSTM on temporal order over 50 steps, with and without clipping; lstm_helpers/experiments/exploding.py",
    trial=trial,
    grid=[{"limit": limit, "rate": rate, "seed": seed} for limit, rate, seed in product(LIMITS, RATES, SEEDS)],
    slack={"steps": 50, "end": 0.3, "largest": 50.0, "typical": 1.0, "growth": 50.0,
           "before": 0.5, "whole": 1.0, "shortened": 0.5},
)
