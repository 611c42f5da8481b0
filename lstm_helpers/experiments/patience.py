"""Was it only a matter of time? RNN and IRNN at a gap of 80 words, three times as many batches: 06_long_term_dependencies."""

from itertools import product

import numpy as np

from lstm_helpers.experiments import gap
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import TrainingDiverged

MODELS, RATES, STEPS, GAP = ("RNN", "IRNN"), (0.003, 0.001, 0.0003, 0.0001), 3000, 80


def trial(model, rate, seed):
    """Train one network; return its accuracy on held-out sentences, 1/8 (chance) if its training diverged."""
    try:
        return {"accuracy": gap.accuracy(gap.trained(model, rate, GAP, seed, steps=STEPS), GAP, seed)}
    except TrainingDiverged:
        return {"accuracy": 1 / 8}


EXPERIMENT = Experiment(
    name="patience",
    about="held-out accuracy at a gap of 80 words after 3000 batches; lstm_helpers/experiments/patience.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "seed": seed}
          for model, rate, seed in product(MODELS, RATES, (*gap.REPORTED, *gap.CHOOSING))],
    slack={"accuracy": 0.15},
)


def table():
    """Return {model: accuracies (rates, seeds)} of the reported seeds."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in gap.REPORTED]
    return {model: np.array([values(rows, "accuracy", model=model, rate=rate) for rate in RATES]) for model in MODELS}
