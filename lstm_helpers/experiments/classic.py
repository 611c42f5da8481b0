"""Four classic tasks, each learned by an RNN, two IRNNs and an LSTM, each at three to six learning rates.

Batches of 32, Adam, clipping at norm 1, float32. The rule of success is one for all tasks: of 256 strings set aside at least 99 %
are right as a whole (of aⁿbⁿ all ten); looked for every 20 steps, and training stops there. Only aⁿbⁿ goes on to its last step,
to see how far it counts. The LSTM has half the units of the others, and so about as many weights. Of each task there are at most
`most` batches: a run that had not solved it by then might have later.

No start is chosen for a task. W_h is orthogonal, an IRNN's the identity; the LSTM's biases are chrono's for the length of the
task, in counting for 200 steps, ten times the length. W_x is Glorot, but of standard deviation 0.001 for "IRNN", as Le, Jaitly &
Hinton (2015) have it.
The rule for rates: for each task and model, the rate that solves most runs of the seeds `CHOOSING`, and of these the one with the
fewest sequences; where none is solved, the one with most strings right. Reported are the seeds `REPORTED`, which had no say. Each
began with three rates; while the chosen one lay at an end of the list, the next was added. `ENDS` has what came of it.
"""

from collections import namedtuple
from functools import cache
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, TrainingDiverged, cross_entropy, mean_squared_error, train
from lstm_helpers.sequences import AddingProblem, CountingLanguage, EmbeddedReber, TemporalOrder

Task = namedtuple("Task", "maker loss read units most remember")   # units of an LSTM; remember: so many steps, for chrono
TASKS = {
    "embedded Reber": Task(EmbeddedReber(np.float32), cross_entropy, "every", 16, 800, 12),
    "adding": Task(AddingProblem(100, np.float32), mean_squared_error, "last", 16, 3000, 100),
    "temporal order": Task(TemporalOrder(100, np.float32), cross_entropy, "last", 16, 600, 100),
    "counting": Task(CountingLanguage(10, np.float32), mean_squared_error, "every", 4, 1500, 200),
}
ENDS = {                                                            # the largest and the smallest rate tried
    "embedded Reber": {"RNN": (0.1, 0.001), "IRNN": (0.1, 0.001), "IRNN, Glorot": (0.03, 0.001), "LSTM": (0.3, 0.003)},
    "adding": {"RNN": (0.03, 0.001), "IRNN": (0.01, 0.0003), "IRNN, Glorot": (0.01, 0.001), "LSTM": (0.3, 0.003)},
    "temporal order": {"RNN": (0.03, 0.001), "IRNN": (0.01, 0.0001), "IRNN, Glorot": (0.01, 0.001), "LSTM": (0.3, 0.003)},
    "counting": {"RNN": (0.1, 0.001), "IRNN": (0.1, 0.001), "IRNN, Glorot": (0.03, 0.001), "LSTM": (0.3, 0.003)},
}
LADDER = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)
RATES = {task: {model: tuple(rate for rate in LADDER if low <= rate <= high) for model, (high, low) in ends.items()}
         for task, ends in ENDS.items()}
MODELS = tuple(ENDS["adding"])
REPORTED, CHOOSING = range(5), range(100, 102)
BATCH, LOOK_EVERY, ENOUGH, FARTHEST = 32, 20, 0.99, 200


def network(task, model, seed):
    """Return an untrained network by its name: its start is the same for all tasks."""
    made = TASKS[task]
    units, settings = made.units * (1 if model == "LSTM" else 2), {"rng": seed, "dtype": np.float32}
    if model == "LSTM":
        layer = LSTM(made.maker.input_size, units, chrono=made.remember, **settings)
    else:
        layer = RNN(made.maker.input_size, units, activation="tanh" if model == "RNN" else "relu", **settings)
    if "IRNN" in model:
        layer.params["W_h"][:] = np.eye(units)
    if model == "IRNN":
        layer.params["W_x"][:] = 0.001 * np.random.default_rng(seed).standard_normal(layer.params["W_x"].shape)
    return Network(layer, Linear(units, made.maker.output_size, rng=seed + 1000, dtype=np.float32), read=made.read)


@cache
def set_aside(task):
    """Return the strings that a network is asked about: 256 that it never saw; of aⁿbⁿ, n from 1 to 10."""
    maker = TASKS[task].maker
    if task == "embedded Reber":
        texts = maker.write(256, 999)
        x, _, mask = maker.encode(texts)
        return x, maker.allowed(texts), mask
    x, y, *mask = maker.encode(range(1, 11)) if task == "counting" else maker.sample(256, 999)
    return x, y, mask[0] if mask else None


def right(net, task, asked=None):
    """Return (B,) of booleans: which strings are right as a whole; `asked` = (x, y, mask), or those set aside."""
    x, y, mask = asked or set_aside(task)
    said = net.predict(x, mask=mask)
    if task == "adding":
        return np.abs(said - y)[:, 0] < 0.08
    if task == "temporal order":
        return said.argmax(axis=1) == y
    if task == "counting":
        good = ((said > 0.5) == (y > 0.5)).all(axis=2)
    else:                                                           # whatever may come next has the highest scores
        good = np.where(y > 0, said, np.inf).min(axis=2) > np.where(y > 0, -np.inf, said).max(axis=2)
    return (good | (mask == 0)).all(axis=0)


def reach(net):
    """Return the last n up to which a network is right about every string aⁿbⁿ."""
    good = right(net, "counting", TASKS["counting"].maker.encode(range(1, FARTHEST + 1)))
    return FARTHEST if good.all() else int(np.argmin(good))


def trained(task, model, rate, seed, *, most=None):
    """Train one network until it has solved its task (aⁿbⁿ: to the last step); return it and its History."""
    made, net = TASKS[task], network(task, model, seed)

    def wrong(net):
        return 1 - float(np.mean(right(net, task)))

    def is_solved(history):
        return task != "counting" and bool(history.evaluation) and history.evaluation[-1] <= 1 - ENOUGH
    history = train(net, made.maker, steps=most or made.most, batch_size=BATCH, loss=made.loss, optimiser=Adam(rate), rng=seed,
                    progress=False, evaluate_every=LOOK_EVERY, evaluate=wrong, stop_when=is_solved)
    return net, history


def sequences(history):
    """Return how many sequences had been seen when a run was first seen to have solved its task; infinity if it never had."""
    good = np.flatnonzero(np.array(history.evaluation) <= 1 - ENOUGH)
    return float(BATCH * LOOK_EVERY * (good[0] + 1)) if good.size else float("inf")


def trial(task, model, rate, seed):
    """Train one network; return when it had solved its task, which part was right at the end, and what else it reached.

    "more" is, for counting, the last n up to which all was right; for the others it is "right" again.
    """
    try:
        net, history = trained(task, model, rate, seed)
    except TrainingDiverged:
        return {"sequences": float("inf"), "right": 0.0, "more": 0.0}
    share = float(np.mean(right(net, task)))
    more = reach(net) if task == "counting" else share
    return {"sequences": sequences(history), "right": share, "more": float(more)}


EXPERIMENT = Experiment(
    name="classic",
    about="four classic tasks, four networks, three to six learning rates each; lstm_helpers/experiments/classic.py",
    trial=trial,
    grid=[{"task": task, "model": model, "rate": rate, "seed": seed}
          for task, model in product(TASKS, MODELS) for rate, seed in product(RATES[task][model], (*REPORTED, *CHOOSING))],
    slack={"sequences": 3000.0, "right": 0.1, "more": 30.0},
)


def best_rates():
    """Return {(task, model): rate}, chosen on seeds that are not reported."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in CHOOSING]

    def merit(task, model, rate):
        took, share = (values(rows, measure, task=task, model=model, rate=rate) for measure in ("sequences", "right"))
        done = np.isfinite(took)
        return done.sum(), -took[done].mean() if done.any() else share.mean()
    return {(task, model): max(RATES[task][model], key=lambda rate: merit(task, model, rate))
            for task, model in product(TASKS, MODELS)}


def table(measure="sequences"):
    """Return {task: {model: {rate: (seeds,)}}} of the reported seeds."""
    rows = [row for row in EXPERIMENT.rows() if row["seed"] in REPORTED]
    return {task: {model: {rate: values(rows, measure, task=task, model=model, rate=rate) for rate in rates}
                   for model, rates in models.items()} for task, models in RATES.items()}


def at_best_rates(measure="sequences"):
    """Return {task: {model: (seeds,)}}, each model at the rate that was chosen for it at that task."""
    best, every = best_rates(), table(measure)
    return {task: {model: runs[best[task, model]] for model, runs in models.items()} for task, models in every.items()}
