"""How much of the journey back is needed: a tanh RNN whose gradient is cut to the last steps, two starts, four learning rates.

The task of 03_backpropagation_through_time: the sign of the first of 15 or 30 numbers; all others are noise. 500 batches of 32.
The gradient goes back through the last `kept` steps; 0: the recurrent weights stay as drawn, and only the output is trained.
"right": the part of 1,000 fresh sequences answered right after the last batch. "learned": after how many batches the last ten
together were more than 95 % right for the first time (0: never).
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import RNN
from lstm_helpers.experiments.recording import Experiment
from lstm_helpers.learning import Adam, Linear, clip_by_global_norm, mean_squared_error

STARTS, LENGTHS, KEPT, RATES, SEEDS = ("uniform", "orthogonal"), (15, 30), (0, 1, 5, 30), (0.003, 0.01, 0.03, 0.1), range(10)
UNITS, BATCHES, BATCH, RIGHT, TOGETHER = 8, 500, 32, 0.95, 10


def first_sign(batch, rng, length=15):
    """Draw the first number, 1 or -1, and noise after it: x (length, B, 1) and the sign (B, 1)."""
    rng = np.random.default_rng(rng)
    x = 0.3 * rng.standard_normal((length, batch, 1))
    x[0] = rng.choice([-1.0, 1.0], (batch, 1))
    return x, x[0].copy()


def gradients_of_the_last(layer, head, x, y, kept):
    """Carry the state forward through all steps, the gradient back through the last `kept`; return the gradients, the answer."""
    x_cut = x[-max(kept, 1):]
    before = layer.forward(x[:-len(x_cut)]).h[-1] if len(x_cut) < len(x) else None
    trace = layer.forward(x_cut, before)
    answer = head.forward(trace.h[-1])
    output = head.backward(trace.h[-1], mean_squared_error(answer, y)[1])
    recurrent = layer.backward(trace, None, dh_last=output.h).params if kept else {}
    return {**recurrent, **output.params}, answer


def gradients_with_strangers(layer, head, x, y, strangers):
    """Return the gradients of the last step alone, but W_h's with the states before it of *other* sequences, and the answer."""
    trace = layer.forward(x)
    answer = head.forward(trace.h[-1])
    output = head.backward(trace.h[-1], mean_squared_error(answer, y)[1])
    dz = output.h * (1 - trace.h[-1] ** 2)                                  # (B, H)
    before = layer.forward(strangers[:-1]).h[-1]                            # (B, H), and knows nothing of y
    return {"W_x": x[-1].T @ dz, "W_h": before.T @ dz, "b": dz.sum(axis=0), **output.params}, answer


def trial(start, length, kept, rate, seed, optimiser=Adam, gain=1.0):
    """Train one network; return the part that it answers right, and after how many batches it had learned (0: never).

    Also "stretch", which is in no table: by how much W_h can lengthen a vector at the end.
    `kept` : for how many steps the gradient goes back, or "strangers", the control of the notebook, which is in no table
    `gain` : what W_h is multiplied by at the start
    """
    layer, head = RNN(1, UNITS, init=start, rng=seed), Linear(UNITS, 1, rng=seed + 9)
    rng, others, rule = np.random.default_rng(seed), np.random.default_rng(seed + 77), optimiser(rate)
    layer.params["W_h"] *= gain
    params, right = {**layer.params, **head.params}, []
    for _ in range(BATCHES):
        x, y = first_sign(BATCH, rng, length)
        if kept == "strangers":
            grads, answer = gradients_with_strangers(layer, head, x, y, first_sign(BATCH, others, length)[0])
        else:
            grads, answer = gradients_of_the_last(layer, head, x, y, kept)
        right.append(np.mean(np.sign(answer) == y))
        rule.step({name: params[name] for name in grads}, clip_by_global_norm(grads, 1.0)[0])
    x, y = first_sign(1000, np.random.default_rng(99), length)
    answers = head.forward(layer.forward(x).h[-1])
    return {"right": float(np.mean(np.sign(answers) == y)), "learned": when_learned(right),
            "stretch": float(np.linalg.norm(layer.params["W_h"], 2))}


def when_learned(right):
    """Return after how many batches the last ten were right often enough for the first time; 0: never."""
    means = np.convolve(right, np.ones(TOGETHER) / TOGETHER, mode="valid")
    return int(np.argmax(means > RIGHT)) + TOGETHER if np.any(means > RIGHT) else 0


EXPERIMENT = Experiment(
    name="truncation",
    about="a gradient cut to the last steps; lstm_helpers/experiments/truncation.py",
    trial=trial,
    grid=[{"start": start, "length": length, "kept": kept, "rate": rate, "seed": seed}
          for start, length, kept, rate, seed in product(STARTS, LENGTHS, KEPT, RATES, SEEDS)],
    slack={"right": 0.05, "learned": 100},
)
