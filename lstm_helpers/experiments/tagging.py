"""Who can tag a vowel by a letter that is still to come? One LSTM, two on top of each other, one that may wait, and both ways.

The words of 21_deeper_and_both_ways (`Umlaut`, up to six syllables), about 2,000 parameters each, 400 batches of 32, Adam.
"waits k": the tags are k letters late, so that k letters more are read. "accuracy": on the vowels a, o, u of 1,200 words, a
hundred of each length and ending, on which the enumerated ceilings hold exactly. All rates are shown, none is chosen.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, Bidirectional, Stacked
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import Umlaut, vowel_accuracy

READERS = ("one way", "one way, two layers", "waits 2", "waits 4", "both ways")
RATES, SEEDS, STEPS = (0.003, 0.01, 0.03), range(5), 400
TASK = Umlaut(dtype=np.float32)


def layer(reader, seed):
    """Return an untrained layer of about 1,900 parameters by the name of its reader."""
    def lstm(inputs, units, part=0):
        return LSTM(inputs, units, rng=np.random.default_rng([seed, part]), dtype=np.float32)
    if reader == "both ways":
        return Bidirectional(lstm(13, 11), lstm(13, 11, 1))
    return Stacked([lstm(13, 11), lstm(11, 11, 1)]) if reader == "one way, two layers" else lstm(13, 16)


def waiting(task, late):
    """Return a function that draws words of a task whose tags come so many letters late."""
    def draw(batch, rng):
        return later(*task.sample(batch, rng), late)
    return draw


def later(x, tags, mask, late):
    """Return the same words with room at the end, and their tags so many steps later."""
    if not late:
        return x, tags, mask
    room = np.zeros((late, x.shape[1]))
    x = np.concatenate([x, np.zeros((late, *x.shape[1:]), x.dtype)])
    return x, np.concatenate([room.astype(int), tags]), np.concatenate([mask[:1].repeat(late, axis=0), mask])


def run(reader, rate, seed, steps=STEPS):
    """Train one network; return it, and its accuracy."""
    late = int(reader.split()[1]) if reader.startswith("waits") else 0
    cells = layer(reader, seed)
    net = Network(cells, Linear(cells.hidden_size, 3, rng=seed + 5, dtype=np.float32), read="every")
    train(net, waiting(TASK, late), steps=steps, loss=cross_entropy, optimiser=Adam(rate), rng=seed, progress=False)
    x, tags, mask = later(*TASK.balanced(100, 7), late)
    return net, vowel_accuracy(net.predict(x, mask=mask).argmax(axis=2), tags)


def trial(reader, rate, seed):
    """Train one network; return its accuracy."""
    return {"accuracy": run(reader, rate, seed)[1]}


EXPERIMENT = Experiment(
    name="tagging",
    about="tags that hang on a letter still to come, one way, waiting and both ways; lstm_helpers/experiments/tagging.py",
    trial=trial,
    grid=[{"reader": reader, "rate": rate, "seed": seed} for reader, rate, seed in product(READERS, RATES, SEEDS)],
    slack={"accuracy": 0.15},
)


def table():
    """Return {reader: (rates, seeds)} of accuracies."""
    rows = EXPERIMENT.rows()
    return {reader: np.array([values(rows, "accuracy", reader=reader, rate=rate) for rate in RATES]) for reader in READERS}
