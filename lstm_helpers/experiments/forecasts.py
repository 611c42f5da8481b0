"""Short and long training of an LSTM on the Mackey-Glass series, beside a trained window and random features.

The series of 17_time_series, 2,500 numbers: 1,500 to learn from, 500 to choose by ("validation"), 500 to be judged on
("test"), both as NRMSE after 60 numbers of warm-up. "dial" is what is tuned: Adam's learning rate, or the ridge of the random
features. The LSTM trains on batches of 32 windows of 60 steps, of which the last 30 count, clipped at norm 1; "window" is one
layer of 64 tanh units on the last 50 numbers, 640 such windows a batch. Short: 300 batches at one rate. Long: 3,000, a third each
at the rate, a quarter and a sixteenth of it. "free": forecasts fed back in strides of the horizon for a hundred steps, from 16
places, as NRMSE, at most 2.
The rule: for each model and horizon, the dial whose mean validation error over the seeds is least.
"""

from functools import cache
from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.experiments.feedforward import Feedforward
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, mean_squared_error, train
from lstm_helpers.sequences import Forecast, mackey_glass, split_in_time

RATES, RIDGES, HORIZONS, SEEDS = (0.003, 0.01, 0.03, 0.1), (1e-4, 1e-6, 1e-8, 1e-10), (1, 20, 50), range(5)
MODELS = {"LSTM, short": RATES, "random features": RIDGES, "LSTM, long": RATES, "window, long": RATES}
WARM_UP, UNITS, ORDER, WINDOW, FEATURES = 60, 32, 20, 50, 1000
SHORT, LONG = ((300, 1),), ((1000, 1), (1000, 1 / 4), (1000, 1 / 16))       # (batches, part of the rate)


@cache
def parts():
    """Return the numbers to learn from, to choose by and to be judged on, scaled by the first."""
    split = split_in_time(mackey_glass(2500), share=0.6)
    return split.train, split.test[:500], split.test[500:]


def rows_of(series, order):
    """Return the last `order` numbers, newest first, and a one, for each step that has them: (n, B) -> (m, B, order + 1)."""
    rows = np.lib.stride_tricks.sliding_window_view(series, order, axis=0)[..., ::-1]
    return np.concatenate([rows, np.ones((*rows.shape[:-1], 1))], axis=-1)


def nrmse(answers, truth):
    """Return the root of the mean squared error, as a part of the standard deviation."""
    return float(np.sqrt(np.mean((answers - truth) ** 2)) / np.std(truth))


# --- the forecasters: each is a function from numbers (n, B) to forecasts of the last n - 59 steps at least, (…, B)

def random_features(horizon, ridge, seed, order=ORDER, units=FEATURES):
    """Fit one weight for each of many tanh units with random weights; return the forecaster."""
    series = parts()[0]
    rows, targets = rows_of(series[:-horizon], order), series[order - 1 + horizon:]
    mix = np.random.default_rng(seed).standard_normal((order + 1, units)) / np.sqrt(order)
    bent = np.tanh(rows @ mix)                                                              # (n, units)
    weights = np.linalg.solve(bent.T @ bent + ridge * np.eye(units), bent.T @ targets)
    return lambda numbers: np.tanh(rows_of(numbers, order) @ mix) @ weights


def windows(batch, rng, horizon):
    """Draw windows of the last 50 numbers (1, 20 batch, 50), and their targets (20 batch, 1)."""
    series = parts()[0]
    now = rng.integers(WINDOW - 1, len(series) - horizon, batch * 20)
    return series[now - np.arange(WINDOW)[:, None]].T[None].astype(np.float32), series[now + horizon, None].astype(np.float32)


def late(prediction, target, weight=None):
    """Return the mean squared error of the last 30 steps alone."""
    return mean_squared_error(prediction, target, np.repeat([0.0, 1.0], 30)[:, None] * np.ones(prediction.shape[1]))


def falling(net, task, schedule, rate, seed, loss=mean_squared_error):
    """Train a network at a rate that falls by the schedule."""
    history = None
    for batches, share in schedule:
        if history is None:
            history = train(net, task, steps=batches, loss=loss, optimiser=Adam(rate * share), rng=seed, progress=False)
        else:
            history.optimiser.learning_rate = rate * share
            train(net, task, steps=batches, loss=loss, history=history, progress=False)
    return net


def trained_window(horizon, rate, seed):
    """Train one layer of tanh units on the last 50 numbers; return the forecaster."""
    net = Feedforward(lambda x, mask: x[0], WINDOW, 2 * UNITS, 1, rng=seed, dtype=np.float32)
    falling(net, lambda batch, rng: windows(batch, rng, horizon), LONG, rate, seed)
    return lambda numbers: net.head.forward(np.tanh(net.hidden.forward(
        np.ascontiguousarray(rows_of(numbers, WINDOW)[..., :-1], np.float32))))[..., 0]


def recurrent(model, horizon, rate, seed):
    """Train an LSTM; return the network."""
    net = Network(LSTM(1, UNITS, rng=seed, dtype=np.float32), Linear(UNITS, 1, rng=seed + 1, dtype=np.float32), read="every")
    task = Forecast(parts()[0], horizon, length=WARM_UP, dtype=np.float32)
    return falling(net, task, LONG if "long" in model else SHORT, rate, seed, late)


def forecaster(model, horizon, dial, seed):
    """Return a function from numbers (n, B) to forecasts (m, B): m of at least n - 59, the last ones."""
    if model == "random features":
        return random_features(horizon, dial, seed)
    if model == "window, long":
        return trained_window(horizon, dial, seed)
    net = recurrent(model, horizon, dial, seed)
    return lambda numbers: net.predict(np.asarray(numbers, np.float32)[:, :, None])[:, :, 0]


# --- how they are judged

def error(answers, part, horizon):
    """Return the NRMSE of forecasts of a part from its 61st number on."""
    count = len(part) - WARM_UP - horizon
    said = answers(part[:, None])[-horizon - count:-horizon, 0]
    return nrmse(said, part[WARM_UP + horizon:])


def fed_back(answers, past, horizon, steps=100):
    """Return forecasts (steps, B) after `past` (n, B): the last `horizon` answers are read as if they were true, and so on."""
    numbers = np.asarray(past)
    while len(numbers) < len(past) + steps:
        numbers = np.concatenate([numbers, answers(numbers[-len(past):])[-horizon:]])
    return numbers[len(past):len(past) + steps]


def free(answers, horizon, length=100):
    """Return the error of forecasts fed back for a hundred steps from 16 places of the last part, at most 2."""
    judged = parts()[2]
    pieces = np.stack([judged[start:start + 2 * length] for start in range(0, 301, 20)], axis=1)          # (200, 16)
    with np.errstate(over="ignore", invalid="ignore"):
        said = np.clip(fed_back(answers, pieces[:length], horizon), -10, 10)
        return min(nrmse(said, pieces[length:]), 2.0)


def trial(model, horizon, dial, seed):
    """Fit one forecaster; return its error on the part to choose by and on the last one, and when its forecasts are fed back."""
    answers = forecaster(model, horizon, dial, seed)
    _, choose, judged = parts()
    return {"validation": error(answers, choose, horizon), "test": error(answers, judged, horizon),
            "free": free(answers, horizon)}


EXPERIMENT = Experiment(
    name="forecasts",
    about="forecasts of the Mackey-Glass series after short and long training; lstm_helpers/experiments/forecasts.py",
    trial=trial,
    grid=[{"model": model, "horizon": horizon, "dial": dial, "seed": seed}
          for model, dials in MODELS.items() for horizon, dial, seed in product(HORIZONS, dials, SEEDS)],
    slack={"validation": 0.05, "test": 0.05, "free": 0.5},
)


def table(measure="test"):
    """Return {model: {horizon: (dials, seeds)}}."""
    rows = EXPERIMENT.rows()
    return {model: {horizon: np.array([values(rows, measure, model=model, horizon=horizon, dial=dial) for dial in dials])
                    for horizon in HORIZONS} for model, dials in MODELS.items()}


def at_chosen_dial(measure="test"):
    """Return {model: {horizon: (seeds,)}} at the dial whose mean validation error is least."""
    chosen = table("validation")
    return {model: {horizon: found[chosen[model][horizon].mean(axis=1).argmin()] for horizon, found in horizons.items()}
            for model, horizons in table(measure).items()}
