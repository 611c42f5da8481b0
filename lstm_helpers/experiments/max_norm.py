"""Six rules that choose a limit for clipping from the gradient norms of a first, short run: at which rates and radii do they do?

The networks, the task and the rates of `clipping`. For each setting a first run with another seed and a low limit gives the
norms; the rule makes a limit of them; a fresh network trains for 800 steps with it. "solved" as in `clipping`.
"""

from itertools import product

import numpy as np

from lstm_helpers.experiments import clipping
from lstm_helpers.experiments.recording import Experiment

RULES = {       # {name: (limit of the first run, its steps, what is taken of its norms)}
    "median": (1.0, 100, np.median),
    "median, first run at 0.1": (0.1, 100, np.median),
    "median, first run at 10": (10.0, 100, np.median),
    "mean": (1.0, 100, np.mean),
    "9 in 10 are below": (1.0, 100, lambda norms: np.quantile(norms, 0.9)),
    "mean of all 800 steps": (1.0, 800, np.mean),
}
SEEDS, ANOTHER = range(5), 100


def norms(limit, rate, radius, seed, *, steps=100):
    """Return the gradient norms of a first run, before clipping: (steps,)."""
    return np.array(clipping.run(limit, rate, radius, seed, steps=steps).gradient_norm)


def trial(rule, rate, radius, seed):
    """Choose a limit and train with it; return the limit, whether the task was solved, and the part of the steps clipped."""
    first_limit, steps, taken = RULES[rule]
    limit = float(taken(norms(first_limit, rate, radius, seed + ANOTHER, steps=steps)))
    result = clipping.trial(limit, rate, radius, seed)
    return {"limit": limit, "solved": result["solved"], "clipped": result["clipped"]}


EXPERIMENT = Experiment(
    name="max_norm",
    about="limits chosen from the norms of a first run; lstm_helpers/experiments/max_norm.py",
    trial=trial,
    grid=[{"rule": rule, "rate": rate, "radius": radius, "seed": seed}
          for rule, rate, radius, seed in product(RULES, clipping.RATES, clipping.RADII, SEEDS)],
    slack={"limit": 1.0, "solved": 0.0, "clipped": 0.05},
)
