"""Who can do what? Seven models of 3,000 parameters and five tasks: the second key figure, of 24_xlstm.

RNN, IRNN (ReLU, begun with the identity), LSTM with b_f = 1, minLSTM, attention (positions, residual path, MLP), sLSTM and mLSTM,
each with as many units as 3,000 parameters allow, the linear readout among them. minLSTM and mLSTM have two layers: their gates
read only x, and in a single layer that is the input alone. All have the same 2,000 batches of 64, Adam, gradients clipped at norm
1, the last quarter of the steps at a quarter of the rate, float32, and six rates to choose from. "score": the part of what can
be known, 0 for who knows nothing, 1 for who knows all; on 1,000 new sequences, parity at length 100, trained at 20. The rule: for
each seed, the rate that is best over the other four.
"""

from itertools import count, product

import numpy as np

from lstm_helpers.cells import MLSTM, SLSTM, MinLSTM, SelfAttention, Stacked
from lstm_helpers.experiments import gap, parity
from lstm_helpers.experiments.copying import at_best_rate
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, mean_squared_error, train
from lstm_helpers.sequences import AddingProblem, AssociativeRecall, Copy, NearestNeighbour, Parity

MODELS = ("RNN", "IRNN", "LSTM", "minLSTM", "attention", "sLSTM", "mLSTM")
TASKS = {"parity": Parity(20, np.float32), "recall": AssociativeRecall(8, 16), "nearest": NearestNeighbour(10, np.float32),
         "adding": AddingProblem(30, np.float32), "copying": Copy(5, np.float32, 8)}
READ = {"parity": "every", "recall": "last", "nearest": "every", "adding": "last", "copying": "every"}
BUDGET, SEEDS, STEPS, BATCH, TESTED, FAR = 3000, range(5), 2000, 64, 1000, 100
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def layer(model, task, units, seed):
    """Return an untrained layer, or two, by its name."""
    start = {"rng": np.random.default_rng(seed), "dtype": np.float32}
    if model in ("minLSTM", "mLSTM"):
        cell = {"minLSTM": MinLSTM, "mLSTM": MLSTM}[model]
        return Stacked([cell(task.input_size, units, **start), cell(units, units, **start)])
    if model in ("attention", "sLSTM"):
        return {"attention": SelfAttention, "sLSTM": SLSTM}[model](task.input_size, units, **start)
    return gap.layer("LSTM, b_f = 1" if model == "LSTM" else model, task, seed, units)


def network(model, name, seed, units=None):
    """Return an untrained network for a task."""
    task, units = TASKS[name], units or units_within(model, name)
    outputs = getattr(task, "output_size", 1)
    head = Linear(units, outputs, rng=seed + 1000, dtype=np.float32)
    return Network(layer(model, task, units, seed), head, read=READ[name])


def size(net):
    """Return how many parameters a network has."""
    return sum(array.size for array in net.params.values())


def units_within(model, name, budget=BUDGET):
    """Return how many units a model may have for a task."""
    return next(units for units in count(1) if size(network(model, name, 0, units + 1)) > budget)


def kept(model, units, steps):
    """Return how many numbers a model keeps of so many steps, to go on from there."""
    layers = {"minLSTM": 2 * units, "mLSTM": 2 * (units**2 + units + 1)}                    # two of them
    return {"RNN": units, "IRNN": units, "LSTM": 2 * units, "attention": 2 * steps * units, "sLSTM": 4 * units, **layers}[model]


def multiplications(model, inputs, units, steps):
    """Return how many multiplications a model's products of vectors and matrices take at step number `steps`."""
    both = units * (inputs + units)
    return {"RNN": both, "IRNN": both, "LSTM": 4 * both, "minLSTM": 3 * both, "sLSTM": 4 * both,
            "attention": both + 7 * units**2 + 2 * steps * units, "mLSTM": 4 * both + 2 * (inputs + units) + 6 * units**2}[model]


def costs(steps, name="adding"):
    """Return {column: {model: words}}: what each model keeps after so many steps, and what a step takes then."""
    units, inputs = {model: units_within(model, name) for model in MODELS}, TASKS[name].input_size
    return {"kept": {model: f"{kept(model, units[model], steps):,}" for model in MODELS},
            "work": {model: f"{multiplications(model, inputs, units[model], steps):,}" for model in MODELS}}


def score(net, name):
    """Return how much of what can be known of new sequences a network knows: 0 nothing, 1 all."""
    task = Parity(FAR, np.float32) if name == "parity" else TASKS[name]
    x, y = task.sample(TESTED, 99)
    answers = net.predict(x)
    if name == "nearest":
        return 1 - task.error(answers, y) / task.baseline_error
    if name == "adding":
        return 1 - mean_squared_error(answers, y)[0] / task.baseline_error
    last = {"parity": parity.JUDGED, "copying": TASKS["copying"].items, "recall": None}[name]
    right = np.mean(answers.argmax(axis=-1) == y) if last is None else np.mean(answers[-last:].argmax(axis=-1) == y[-last:])
    return (right - task.chance) / (1 - task.chance)


def run(model, name, rate, seed, *, steps=STEPS, units=None):
    """Train one network and return it."""
    net, task = network(model, name, seed, units), TASKS[name]
    options = {"batch_size": BATCH, "progress": False,
               "loss": mean_squared_error if name in ("nearest", "adding") else cross_entropy}
    history = train(net, task, steps=steps * 3 // 4, optimiser=Adam(rate), rng=seed, **options)
    history.optimiser.learning_rate = rate / 4
    train(net, task, steps=steps - len(history), history=history, **options)
    return net


def trial(model, task, rate, seed):
    """Train one network; return its score."""
    return {"score": float(score(run(model, task, rate, seed), task))}


EXPERIMENT = Experiment(
    name="seven",
    about="seven models of 3,000 parameters and five tasks; lstm_helpers/experiments/seven.py",
    trial=trial,
    grid=[{"model": model, "task": task, "rate": rate, "seed": seed}
          for model, task, rate, seed in product(MODELS, TASKS, RATES, SEEDS)],
    slack={"score": 0.3},
)


def table(task):
    """Return {model: (rates, seeds)} of scores."""
    rows = EXPERIMENT.rows()
    return {model: np.array([values(rows, "score", model=model, task=task, rate=rate) for rate in RATES]) for model in MODELS}


def key_table():
    """Return {task: {model: (seeds,)}}: the scores at the best rate."""
    return {task: {model: at_best_rate(scores) for model, scores in table(task).items()} for task in TASKS}
