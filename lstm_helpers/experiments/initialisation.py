"""Which starts solve two tasks of 14_initialisation: forget biases, chrono, how the rest is drawn, beside an RNN and an IRNN.

Sixteen units, Adam, float32. The latch (T = 200, batches of 8) and temporal order (T = 100, batches of 16). "steps": when 95 % of
64 test sequences were right for the first time, looked at every ten steps; `MOST[task]` + 10 if never, or if the run diverged.
"drawn": "ours" is W_h orthogonal, W_x Glorot, biases 0; "uniform": all these from ±1/√H; "ours but W_h": this one from there.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import GATES, LSTM, RNN, I
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, TrainingDiverged, cross_entropy, train
from lstm_helpers.sequences import Latch, TemporalOrder

TASKS = {"latch": Latch(200, informative=20, dtype=np.float32), "order": TemporalOrder(100, dtype=np.float32)}
BATCH, MOST, UNITS = {"latch": 8, "order": 16}, {"latch": 50, "order": 300}, 16
PARTS = "W_x", "W_h", "b_i", "b_g", "b_o"
TINY = "W_x tiny"                                                      # N(0, 0.001²), as Le, Jaitly & Hinton (2015) draw it


def rates_of(start):
    """Return the three learning rates that are tried; at 0.03 the IRNN fails or diverges."""
    return (0.001, 0.003, 0.01) if start == "IRNN" else (0.003, 0.01, 0.03)


def layer_of(task, start, init, seed):
    """Return a layer begun as `start` says, all the rest drawn "orthogonal" or "uniform"."""
    how = {"init": init, "rng": seed, "dtype": np.float32}
    inputs = task.input_size
    if start in ("RNN", "IRNN"):
        return RNN(inputs, UNITS, activation="relu" if start == "IRNN" else "tanh", **how)
    if start == "chrono":
        return LSTM(inputs, UNITS, chrono=task.length, **how)
    return LSTM(inputs, UNITS, forget_bias=float(start.split(",")[0][6:]), **how)


def network(task, start, drawn, seed):
    """Return an untrained network with a readout."""
    theirs, ours = (layer_of(TASKS[task], start, init, seed) for init in ("uniform", "orthogonal"))
    layer, other = (theirs, ours) if drawn.startswith("uniform") else (ours, theirs)
    if " but " in drawn:
        part = drawn.split()[-1]
        name, place = (part, ...) if part in layer.params else ("b", GATES.index(part[-1]))
        layer.params[name][place] = other.params[name][place]
    if start == "IRNN":
        layer.params["W_h"][:] = np.eye(UNITS)
    if drawn == TINY:
        layer.params["W_x"][:] = np.random.default_rng(seed).normal(0, 0.001, layer.params["W_x"].shape)
    if "b_i" in start:
        layer.params["b"][I] = float(start.split("b_i = ")[1])
    return Network(layer, Linear(UNITS, TASKS[task].output_size, rng=seed + 100, dtype=np.float32))


def run(task, start, drawn, rate, seed, *, most=None):
    """Train one network until it succeeds; return it and its History, also if it diverged."""
    net, (x, labels, mask) = network(task, start, drawn, seed), TASKS[task].sample(64, 999)
    try:
        return net, train(net, TASKS[task], steps=most or MOST[task], batch_size=BATCH[task], loss=cross_entropy,
                          optimiser=Adam(rate), rng=seed + 50, progress=False, evaluate_every=10,
                          evaluate=lambda net: np.mean(net.predict(x, mask).argmax(axis=1) == labels),
                          stop_when=lambda history: bool(history.evaluation) and history.evaluation[-1] >= 0.95)
    except TrainingDiverged as error:
        return net, error.history


def trial(start, task, drawn, rate, seed):
    """Train one network; return at which step it succeeded, and the best share of test sequences that it had right."""
    _, history = run(task, start, drawn, rate, seed)
    return {"steps": len(history) if history.stopped == "stop_when" else MOST[task] + 10,
            "best": float(max(history.evaluation, default=0))}


BOTH, CHANGES = ("ours", "ours but W_h"), ("uniform", *(f"{drawn} but {part}" for drawn in ("uniform", "ours") for part in PARTS))
STARTS = [*product(("latch",), ("b_f = -2", "b_f = 1", "b_f = 3", "b_f = 5", "chrono", "RNN"), BOTH),
          *product(("latch",), ("IRNN",), ("ours", TINY))]
IN_PARTS = [("latch", "b_f = 3", drawn) for drawn in CHANGES if drawn not in BOTH]
ORDER = [*product(("order",), ("chrono", "IRNN", "b_f = 1", "b_f = 5, b_i = -5", "RNN", "b_f = 5"), ("ours",)),
         ("order", "IRNN", TINY), *product(("order",), ("chrono", "b_f = 1", "RNN"), ("ours but W_h",))]

EXPERIMENT = Experiment(
    name="initialisation",
    about="which starts solve the latch and temporal order; lstm_helpers/experiments/initialisation.py",
    trial=trial,
    grid=[{"start": start, "task": task, "drawn": drawn, "rate": rate, "seed": seed}
          for task, start, drawn in [*STARTS, *IN_PARTS, *ORDER] for rate in rates_of(start) for seed in range(10)],
    slack={"steps": 150, "best": 0.3},
)


def found(task, start, drawn="ours"):
    """Return {rate: [the step at which each seed succeeded, or None]}."""
    rows = EXPERIMENT.rows()
    return {rate: [int(steps) if steps <= MOST[task] else None for steps in
                   values(rows, "steps", task=task, start=start, drawn=drawn, rate=rate)] for rate in rates_of(start)}
