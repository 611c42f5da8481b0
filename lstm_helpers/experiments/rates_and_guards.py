"""Which learning rate, and what helps against overfitting: the adding problem from fresh batches, and from a fixed noisy set.

"fresh": T = 30, every batch new, 600 steps. All others: T = 10, noise of sd 0.2 in every answer, 200 sequences (or 800), 800
steps. Adam, 32 units (or 8), batches of 32; every 50 steps a look at 300 validation sequences. "Stopped" is the best look.
"""

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, train
from lstm_helpers.sequences import AddingProblem

RATES, SEEDS, NOISE, EVERY = (0.001, 0.003, 0.01, 0.03, 0.1), range(5), 0.2, 50
GUARDS = ("nothing", "weight decay 0.3", "8 units", "800 sequences")


class DecayedAdam(Adam):
    """Adam that shrinks every weight, but no bias, by rate × decay before its step (Loshchilov & Hutter 2019)."""

    decay = 0.0

    def _move(self, name, param, grad):
        if not name.endswith(".b"):
            param *= 1 - self.learning_rate * self.decay
        super()._move(name, param, grad)


def drawn(guard, seed):
    """Return the task, and (x, y) of the training, validation and test set; "fresh" has no training set."""
    task, rng = AddingProblem(30 if guard == "fresh" else 10, np.float32), np.random.default_rng(seed + 1000)
    sets = [task.sample(size, rng) for size in (800 if guard == "800 sequences" else 200, 300, 500)]
    if guard != "fresh":
        sets = [(x, (y + NOISE * rng.standard_normal(y.shape)).astype(np.float32)) for x, y in sets]
    return task, sets


def run(guard, rate, seed, steps=None):
    """Train one network; return {measure: one number a look} and its History."""
    task, sets = drawn(guard, seed)
    x, y = sets[0]
    units, optimiser, looks = 8 if guard == "8 units" else 32, DecayedAdam(rate), {"train": [], "validation": [], "test": []}
    optimiser.decay = float(guard.split()[-1]) if "decay" in guard else 0.0
    net = Network(LSTM(2, units, rng=seed, dtype=np.float32), Linear(units, 1, rng=seed + 100, dtype=np.float32))

    def look(net):
        for name, (some_x, some_y) in zip(looks, sets, strict=True):
            looks[name].append(float(net.evaluate(some_x, some_y)))
        return looks["validation"][-1]

    def batch(size, rng):
        chosen = rng.integers(0, x.shape[1], size)
        return x[:, chosen], y[chosen]
    history = train(net, task if guard == "fresh" else batch, steps=steps or (600 if guard == "fresh" else 800), rng=seed,
                    optimiser=optimiser, evaluate_every=EVERY, evaluate=look, progress=False)
    return {name: np.array(found) for name, found in looks.items()}, history


def trial(guard, rate, seed):
    """Train one network; return its losses at the end and at the best look, and how often clipping at 1 acted."""
    looks, history = run(guard, rate, seed)
    best = int(np.argmin(looks["validation"]))
    clipped = float(np.mean(np.array(history.gradient_norm) > 1))
    return {**{name: found[-1] for name, found in looks.items()}, "stopped": EVERY * (best + 1),
            "test_stopped": looks["test"][best], "clipped": clipped}


EXPERIMENT = Experiment(
    name="rates_and_guards",
    about="learning rates, and guards against overfitting, on the adding problem; lstm_helpers/experiments/rates_and_guards.py",
    trial=trial,
    grid=[{"guard": guard, "rate": rate, "seed": seed} for guard in ("fresh", *GUARDS)
          for rate in (RATES if guard == "fresh" else RATES[1:4]) for seed in SEEDS],
    slack={"train": 0.02, "validation": 0.03, "test": 0.03, "stopped": 400, "test_stopped": 0.03, "clipped": 0.2},
)


def table(measure, guard, rates=RATES[1:4]):
    """Return one measure (rates, seeds) of a guard."""
    return np.array([values(EXPERIMENT.rows(), measure, guard=guard, rate=rate) for rate in rates])
