"""What a gate or a candidate is worth to a network that is trained: one of them stuck at 1, three starts, three rates.

The task of 09_input_gate and 10_output_gate: the adding problem, thirty steps long. LSTM of 16 units, Adam, batches of 32,
gradients clipped at norm 1, at most 2,000 batches. "steps": after how many batches the mean loss of the last 50 was below 0.02;
2,000 if it never was. "learned": whether it was. Guessing the mean costs 0.167.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, G, I, O
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import Adam, Linear, Network, train
from lstm_helpers.sequences import AddingProblem

PLACES = {"nothing": None, "i": I, "g": G, "o": O}
STARTS = {"b_f = 0": {"forget_bias": 0.0}, "b_f = 1": {"forget_bias": 1.0}, "chrono": {"chrono": 30}}
RATES, SEEDS = (0.01, 0.03, 0.1), range(5)
LENGTH, UNITS, LIMIT, LEARNED, WINDOW = 30, 16, 2000, 0.02, 50
STUCK = 100.0                       # the bias of a gate that stands at 1: its curve is flat there, so training cannot move it


def network(stuck, start, seed):
    """Return an LSTM for the adding problem with one of its parts stuck at 1, or none."""
    layer = LSTM(2, UNITS, rng=seed, **STARTS[start])
    if PLACES[stuck] is not None:
        layer.params["b"][PLACES[stuck]] = STUCK
    return Network(layer, Linear(UNITS, 1, rng=seed + 1))


def has_learned(history):
    """Tell whether the mean loss of the last batches is below what counts as learned."""
    return len(history) >= WINDOW and np.mean(history.loss[-WINDOW:]) < LEARNED


def trial(stuck, start, rate, seed):
    """Train one network; return after how many steps it had learned the task, and whether it had."""
    net = network(stuck, start, seed)
    history = train(net, AddingProblem(LENGTH), steps=LIMIT, optimiser=Adam(rate), rng=seed, progress=False,
                    stop_when=has_learned)
    learned = has_learned(history)
    return {"steps": len(history) if learned else LIMIT, "learned": float(learned)}


def steps_with_input_held(value, start, rate, seed):
    """Return after how many batches a network had learned whose input gate is held at `value`: put back there at each."""
    net, constants = network("nothing", start, seed), {"W_x": 0.0, "W_h": 0.0, "b": np.log(value / (1 - value))}

    def hold(history=()):
        for name, constant in constants.items():
            net.layer.params[name][I] = constant
        return has_learned(history)

    hold()
    return len(train(net, AddingProblem(LENGTH), steps=LIMIT, optimiser=Adam(rate), rng=seed, progress=False, stop_when=hold))


EXPERIMENT = Experiment(
    name="stuck",
    about="an LSTM with one part stuck at 1; lstm_helpers/experiments/stuck.py",
    trial=trial,
    grid=[{"stuck": stuck, "start": start, "rate": rate, "seed": seed}
          for stuck, start, rate, seed in product(PLACES, STARTS, RATES, SEEDS)],
    slack={"steps": 60, "learned": 0.0},
)
