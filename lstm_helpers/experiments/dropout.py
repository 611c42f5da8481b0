"""What does each kind of dropout do for a network that has too little to learn from?

A hundred written dates in eight languages (02's task) for two LSTM layers of 24 units, 11,432 parameters; 400 batches of 32,
Adam, looked at every 20. One thing is changed at a time: numbers dropped "on the way up" (between the layers), on the way to
the next step with "one mask" for all steps or a new one at "each step", or left as they were ("zoneout"); at three rates of
dropping and three learning rates. "training", "end": loss in nats on the hundred dates and on 1,000 others after the last
batch. "validation": the least on 500 further ones; "stopped", "accuracy": of the 1,000, where validation was least (early
stopping). The rule: each kind gets the setting whose mean of "validation" over the seeds is least.
"""

from functools import cache
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, RecurrentDropout, Stacked, Zoneout
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import DateLanguages

KINDS, DROPPED = ("none", "on the way up", "one mask", "each step", "zoneout"), (0.2, 0.5)
RATES, SEEDS, STEPS, EVERY, DATES, UNITS = (0.001, 0.003, 0.01), range(5), 400, 20, 100, 24
MEASURES = ("training", "end", "validation", "stopped", "accuracy")


@cache
def material():
    """Return x, labels and mask of the hundred dates, of those that tell when to stop, and of those that judge."""
    return [DateLanguages(dtype=np.float32).sample(size, seed) for size, seed in ((DATES, 1), (500, 2), (1000, 3))]


def few(batch, rng):
    """Draw a batch out of the hundred dates."""
    x, labels, mask = material()[0]
    chosen = rng.integers(0, DATES, batch)
    return x[:, chosen], labels[chosen], mask[:, chosen]


def disturbed(layer, kind, dropped, rng):
    """Return a layer whose way to the next step is disturbed in training, or as it is."""
    if kind == "zoneout":
        return Zoneout(layer, dropped, rng=rng)
    return RecurrentDropout(layer, dropped, one_mask=kind == "one mask", rng=rng) if kind in ("one mask", "each step") else layer


def network(kind, dropped, seed, units=UNITS):
    """Return an untrained network of two layers."""
    inputs, rng = material()[0][0].shape[2], np.random.default_rng([seed, 1])
    layers = [LSTM(size, units, rng=np.random.default_rng([seed, n]), dtype=np.float32) for n, size in enumerate((inputs, units))]
    stack = Stacked([disturbed(layer, kind, dropped, rng) for layer in layers],
                    dropout=dropped if kind == "on the way up" else 0.0, rng=rng)
    return Network(stack, Linear(units, 8, rng=seed + 5, dtype=np.float32))


def run(kind, dropped, rate, seed, steps=STEPS):
    """Train one network; return it, and its curves {part: losses at every look}, with its accuracies."""
    net = network(kind, dropped, seed)
    curves = {"training": [], "validation": [], "held out": [], "accuracy": []}

    def look(net):
        for name, (x, labels, mask) in zip(curves, material(), strict=False):
            logits = net.predict(x, mask=mask)
            curves[name].append(cross_entropy(logits, labels)[0])
        curves["accuracy"].append(float(np.mean(logits.argmax(axis=1) == labels)))
        return curves["validation"][-1]

    train(net, few, steps=steps, loss=cross_entropy, optimiser=Adam(rate), rng=seed, progress=False,
          evaluate_every=EVERY, evaluate=look)
    return net, {name: np.array(curve) for name, curve in curves.items()}


def trial(kind, dropped, rate, seed):
    """Train one network; return its losses and its accuracy."""
    curves = run(kind, dropped, rate, seed)[1]
    stop = int(curves["validation"].argmin())
    return {"training": curves["training"][-1], "end": curves["held out"][-1], "validation": curves["validation"][stop],
            "stopped": curves["held out"][stop], "accuracy": curves["accuracy"][stop]}


EXPERIMENT = Experiment(
    name="dropout",
    about="kinds of dropout on a hundred dates; lstm_helpers/experiments/dropout.py",
    trial=trial,
    grid=[{"kind": kind, "dropped": dropped, "rate": rate, "seed": seed} for kind, dropped, rate, seed in
          product(KINDS, (0.0, *DROPPED), RATES, SEEDS) if (kind == "none") == (dropped == 0)],
    slack={"training": 0.3, "end": 0.6, "validation": 0.2, "stopped": 0.2, "accuracy": 0.08},
)


def at_best_setting():
    """Return {kind: (its rate of dropping, its learning rate, {measure: (seeds,)})}, chosen by "validation"."""
    rows, found = EXPERIMENT.rows(), {}
    for kind in KINDS:
        settings = [{"kind": kind, "dropped": dropped, "rate": rate} for dropped in ((0.0,) if kind == "none" else DROPPED)
                    for rate in RATES]
        best = min(settings, key=lambda setting: values(rows, "validation", **setting).mean())
        found[kind] = best["dropped"], best["rate"], {name: values(rows, name, **best) for name in MEASURES}
    return found
