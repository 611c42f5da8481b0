"""Who learns to track a state? Parity, and permutations of three, trained at up to 20 steps, judged at 20, 100 and 1,000.

32 units (in each layer, where there are two), a linear readout of every step, 1,000 batches of 64 sequences of 20 steps, which
hold a label at each step and so all shorter lengths, Adam, no early stop, float32. Judged on 256 fresh sequences: the part of
the labels of the last 20 steps that is right. The rule: for each seed, each model gets the rate whose accuracies, added up over
the three lengths, are highest over the other four seeds. Starts: W_h orthogonal, forget bias 1.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, RNN, MinLSTM, Stacked
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import Parity, Permutations

UNITS, STEPS, TRAINED, LENGTHS, JUDGED = 32, 1000, 20, (20, 100, 1000), 20
TASKS = {"parity": Parity, "permutations": Permutations}
MODELS = ("RNN", "LSTM", "minLSTM", "minLSTM, 2 layers", "minLSTM, low −1", "minLSTM, low −1, 2 layers")
RATES, SEEDS = (0.003, 0.01, 0.03, 0.1), range(5)


def layer(model, inputs, seed, dtype=np.float32):
    """Return an untrained layer by the name of its model."""
    if model in ("RNN", "LSTM"):
        return {"RNN": RNN, "LSTM": LSTM}[model](inputs, UNITS, rng=seed, dtype=dtype)
    low, layers = (-1.0 if "low −1" in model else 0.0), (2 if "2 layers" in model else 1)
    made = [MinLSTM(size, UNITS, low=low, rng=seed + 100 * n, dtype=dtype) for n, size in enumerate((inputs, UNITS)[:layers])]
    return made[0] if layers == 1 else Stacked(made)


def run(task, model, rate, seed, *, steps=STEPS):
    """Train one network; return it and its history."""
    maker = TASKS[task](TRAINED, np.float32)
    head = Linear(UNITS, maker.output_size, rng=seed + 5, dtype=np.float32)
    net = Network(layer(model, maker.input_size, seed), head, read="every")
    return net, train(net, maker, steps=steps, batch_size=64, loss=cross_entropy, optimiser=Adam(rate), rng=seed, progress=False)


def accuracy(net, task, length, *, batch=256, rng=99):
    """Return the part of the labels of the last 20 steps that a network gets right in fresh sequences of this length."""
    x, labels = TASKS[task](length, np.float32).sample(batch, rng)
    return float(np.mean(net.predict(x)[-JUDGED:].argmax(axis=-1) == labels[-JUDGED:]))


def trial(model, task, rate, seed):
    """Train one network; return its accuracy at each length, and its loss over the last 50 batches."""
    net, history = run(task, model, rate, seed)
    return {f"at {length}": accuracy(net, task, length) for length in LENGTHS} | {"loss": float(np.mean(history.loss[-50:]))}


EXPERIMENT = Experiment(
    name="parity",
    about="parity and permutations of three, trained at length 20, judged at 20, 100, 1,000; lstm_helpers/experiments/parity.py",
    trial=trial,
    grid=[{"model": model, "task": task, "rate": rate, "seed": seed}
          for model, task, rate, seed in product(MODELS, TASKS, RATES, SEEDS)],
    slack={"at 20": 0.1, "at 100": 0.2, "at 1000": 0.2, "loss": 0.3},
)


def table(task):
    """Return {model: (rates, seeds, lengths)} of accuracies."""
    rows = EXPERIMENT.rows()
    return {model: np.array([np.transpose([values(rows, f"at {length}", model=model, task=task, rate=rate) for length in LENGTHS])
                             for rate in RATES]) for model in MODELS}


def at_best_rate(accuracies):
    """Return (seeds, lengths) out of (rates, seeds, lengths): each seed at the rate that is best over the other seeds."""
    score = np.nan_to_num(accuracies).sum(axis=2)                                                   # (rates, seeds)
    best = (score.sum(axis=1, keepdims=True) - score).argmax(axis=0)                                # (seeds,)
    return accuracies[best, np.arange(len(best))]
