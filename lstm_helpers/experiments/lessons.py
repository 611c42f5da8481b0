"""Can an RNN not remember, or not learn to? Taught at gaps of 0 to 10 words, asked at up to 80: 06_long_term_dependencies.

Networks, starts, rates and number of batches are those of `patience`, where the same networks are taught at 80 itself; here the
sentences of all gaps up to 10 come mixed.
"""

from functools import partial
from itertools import product

import numpy as np

from lstm_helpers.experiments.gap import CHOOSING, REPORTED, accuracy, knows_it, network, sentences
from lstm_helpers.experiments.patience import MODELS, RATES, STEPS
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, TrainingDiverged, cross_entropy, train

TAUGHT, ASKED = range(11), (0, 10, 20, 40, 80)
MEASURES = {gap: f"at {gap}" for gap in ASKED}


def mixed(gaps, seed):
    """Return a function that draws a batch from the sentences of one of these gaps."""
    tasks = [sentences(gap, seed=seed) for gap in gaps]
    return lambda batch, rng: tasks[rng.integers(len(tasks))].sample(batch, rng)


def trained(model, rate, seed, *, gaps=TAUGHT, steps=STEPS):
    """Train one network on sentences of these gaps and return it."""
    net = network(model, sentences(max(ASKED)), seed)
    train(net, mixed(gaps, seed), steps=steps, loss=cross_entropy, optimiser=Adam(rate), stop_when=knows_it, rng=seed,
          progress=False)
    return net


def trial(model, rate, seed):
    """Train one network; return its accuracy on held-out sentences of each gap that is asked, 1/8 if its training diverged."""
    try:
        answer = partial(accuracy, trained(model, rate, seed), seed=seed)
    except TrainingDiverged:
        return dict.fromkeys(MEASURES.values(), 1 / 8)
    return {measure: answer(gap) for gap, measure in MEASURES.items()}


EXPERIMENT = Experiment(
    name="lessons",
    about="taught at gaps of 0 to 10 words, asked at up to 80; lstm_helpers/experiments/lessons.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "seed": seed}
          for model, rate, seed in product(MODELS, RATES, (*REPORTED, *CHOOSING))],
    slack=dict.fromkeys(MEASURES.values(), 0.2),
)


def table():
    """Return {model: accuracies (rates, seeds, gaps)} of the reported seeds."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in REPORTED]
    return {model: np.array([[values(rows, measure, model=model, rate=rate) for measure in MEASURES.values()]
                             for rate in RATES]).transpose(0, 2, 1) for model in MODELS}
