"""What is each part of an LSTM worth? The plain cell, eight variants and the GRU on two small tasks, at five learning rates.

The tasks of 19_variants, ten steps long: "adding", and "last marked" (about a third of the numbers are marked; give the last
marked one). 16 units, 200 batches of 64, Adam, W_h orthogonal, forget bias 1 (in `OTHER_START` 0). "loss": the mean loss of the
last 50 batches, as a part of what the best constant answer costs. The rule: for each seed, each cell gets the rate that is best
over the other seeds, so that no number had a say in its own choice; where two rates tie, such a choice is noisy.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import GRU, LSTM, VARIANTS, F, I, LSTMVariant, O
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, train
from lstm_helpers.sequences import AddingProblem

OTHER_START = "no input gate, b_f 0"
CELLS, RATES, SEEDS = ("plain LSTM", *VARIANTS, "GRU", OTHER_START), (0.005, 0.02, 0.05, 0.1, 0.2), range(10)
UNITS, STEPS, LENGTH = 16, 200, 10
STUCK, OPEN = {"no input gate": I, "no forget gate": F, "no output gate": O}, 100      # σ(100) is 1 in float32, its slope 0


def last_marked(batch, rng):
    """Draw numbers (T, B, 2), each with a mark or none, and the last marked one of each sequence (B, 1)."""
    x = rng.random((LENGTH, batch, 2), dtype=np.float32)
    x[:, :, 1] = x[:, :, 1] < 0.3
    x[0, :, 1] = 1                                                              # one is marked in any case
    last = LENGTH - 1 - np.argmax(x[::-1, :, 1], axis=0)                        # (B,)
    return x, x[last, np.arange(batch), :1]


TASKS = {"adding": (AddingProblem(LENGTH, np.float32), 1 / 6), "last marked": (last_marked, 1 / 12)}     # and the blind error


def layer(cell, seed, inputs=2, units=UNITS, dtype=np.float32):
    """Return an untrained layer by the name of its cell; a missing gate is one stuck at 1 in the `LSTM`, which is faster."""
    if cell not in ("plain LSTM", "GRU", OTHER_START, *STUCK):
        return LSTMVariant(inputs, units, cell, rng=seed, dtype=dtype)
    made = (GRU if cell == "GRU" else LSTM)(inputs, units, rng=seed, dtype=dtype)
    if cell == OTHER_START:
        made.params["b"][[I, F]] = [[OPEN], [0]]
    elif cell in STUCK:
        made.params["b"][STUCK[cell]] = OPEN
    return made


def run(cell, task, rate, seed, *, steps=STEPS):
    """Train one network; return it, and its loss at each step as a part of the blind error."""
    draw, blind = TASKS[task]
    net = Network(layer(cell, seed), Linear(UNITS, 1, rng=seed + 5, dtype=np.float32))
    history = train(net, draw, steps=steps, batch_size=64, optimiser=Adam(rate), rng=seed, progress=False)
    return net, np.array(history.loss) / blind


def trial(cell, task, rate, seed):
    """Train one network; return its error over the last 50 batches."""
    _, loss = run(cell, task, rate, seed)
    return {"loss": float(loss[-50:].mean())}


EXPERIMENT = Experiment(
    name="variants",
    about="the LSTM with one part changed, and the GRU, on two tasks; lstm_helpers/experiments/variants.py",
    trial=trial,
    grid=[{"cell": cell, "task": task, "rate": rate, "seed": seed}
          for cell, task, rate, seed in product(CELLS, TASKS, RATES, SEEDS)],
    slack={"loss": 0.2},
)


def table(task):
    """Return {cell: (rates, seeds)} of errors."""
    rows = EXPERIMENT.rows()
    return {cell: np.array([values(rows, "loss", cell=cell, task=task, rate=rate) for rate in RATES]) for cell in CELLS}


def at_best_rate(errors):
    """Return (seeds,) out of (rates, seeds): each seed's error at the rate whose geometric mean over the other seeds is least."""
    logs = np.log(errors)
    best = (logs.sum(axis=1, keepdims=True) - logs).argmin(axis=0)                                  # (seeds,)
    return np.asarray(errors)[best, np.arange(errors.shape[1])]
