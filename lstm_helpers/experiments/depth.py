"""Is deeper better? One, two and three LSTM layers of equally many parameters, on two tasks, at four learning rates.

"letters": the next letter of this course's own text (`course_text`), 20,000 parameters, 1,500 batches of 32 windows of 40
letters; "chosen" is the bits per letter on notebook 18, which choose the rate, "judged" those on 19 and 20. "adding": the
adding problem with 50 steps, 3,000 parameters, 800 batches of 32; "chosen" and "judged" are the error on 1,000 sequences
each, as a part of the blind error. Adam, float32, forget bias 1. The rule: the rate whose mean of "chosen" over the seeds is
least.
"""

from functools import cache
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, Stacked
from lstm_helpers.experiments import course_reader
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, mean_squared_error, train
from lstm_helpers.sequences import AddingProblem

DEPTHS, TASKS, RATES, SEEDS = (1, 2, 3), ("letters", "adding"), (0.003, 0.01, 0.03, 0.1), range(5)
BUDGET, STEPS = {"letters": 20_000, "adding": 3_000}, {"letters": 1500, "adding": 800}
ADDING = AddingProblem(50, np.float32)


def parameters(depth, units, inputs, outputs):
    """Return how many parameters a stack of so many layers has, with its head."""
    lowest, above = 4 * units * (inputs + units + 1), 4 * units * (2 * units + 1)
    return lowest + (depth - 1) * above + outputs * (units + 1)


def units(depth, inputs, outputs, budget):
    """Return the most units a layer may have in a stack within a budget of parameters."""
    return max(n for n in range(1, 200) if parameters(depth, n, inputs, outputs) <= budget)


@cache
def material(task):
    """Return a task's maker of batches, its sizes and loss, and two sets (x, y) of sequences: to choose by and to judge by."""
    if task == "adding":
        return ADDING, (2, 1), mean_squared_error, [ADDING.sample(1000, seed) for seed in (101, 102)]
    windows = course_reader.windows(length=40)
    texts = ["".join(letter for letter in part if letter in windows.alphabet) for part in course_reader.parts()[1:]]
    streams = [windows.encode(text[:len(text) // 41 * 41]).reshape(-1, 41).T for text in texts]          # (41, windows)
    sets = [(np.eye(windows.input_size, dtype=np.float32)[codes[:-1]], codes[1:]) for codes in streams]
    return windows, (windows.input_size,) * 2, cross_entropy, sets


def run(depth, task, rate, seed, steps=None):
    """Train one network; return it, and its two measures."""
    maker, (inputs, outputs), loss, sets = material(task)
    size = units(depth, inputs, outputs, BUDGET[task])
    layers = [LSTM(size if n else inputs, size, rng=np.random.default_rng([seed, n]), dtype=np.float32) for n in range(depth)]
    head, read = Linear(size, outputs, rng=seed + 5, dtype=np.float32), "last" if task == "adding" else "every"
    net = Network(Stacked(layers), head, read=read)
    train(net, maker, steps=steps or STEPS[task], loss=loss, optimiser=Adam(rate), rng=seed, progress=False)
    scale = AddingProblem.baseline_error if task == "adding" else np.log(2)
    return net, [net.evaluate(x, y, loss) / scale for x, y in sets]


def trial(depth, task, rate, seed):
    """Train one network; return its error where the rate is chosen, and where it is judged."""
    chosen, judged = run(depth, task, rate, seed)[1]
    return {"chosen": float(chosen), "judged": float(judged)}


EXPERIMENT = Experiment(
    name="depth",
    about="one to three LSTM layers of equally many parameters on two tasks; lstm_helpers/experiments/depth.py",
    trial=trial,
    grid=[{"depth": depth, "task": task, "rate": rate, "seed": seed}
          for depth, task, rate, seed in product(DEPTHS, TASKS, RATES, SEEDS)],
    slack={"chosen": 0.3, "judged": 0.3},
)


def table(task, measure="judged"):
    """Return {depth: (rates, seeds)} of one measure."""
    rows = EXPERIMENT.rows()
    return {depth: np.array([values(rows, measure, depth=depth, task=task, rate=rate) for rate in RATES]) for depth in DEPTHS}


def at_best_rate(task):
    """Return {depth: (its rate, (seeds,) what is judged there)}: the rate is chosen by "chosen"."""
    best = {depth: int(np.argmin(errors.mean(axis=1))) for depth, errors in table(task, "chosen").items()}
    return {depth: (RATES[best[depth]], errors[best[depth]]) for depth, errors in table(task).items()}
