"""Who translates French dates? RNN and LSTM at three learning rates; dates read forwards, and backwards as Sutskever (2014) did.

The LSTM has 64 units and 800 steps, the RNN 128 units and 1152 steps: about as many weights and about as many seconds. Batches of
64, Adam, clipping at norm 1, float32; W_h orthogonal, the LSTM's b_f = 1; the last quarter of the steps at a quarter of the
rate. Read backwards, the day, first in the text, is what was read last; there are three seeds there, five forwards.
All rates and seeds are reported, so none is chosen. Rows of 100 steps are there for a second look: a test runs them again.

The LSTM of seed 0, forwards, at 0.01, is shipped: `python -m lstm_helpers.experiments.dates` trains it and writes its weights;
16_translation must then be executed again.
"""

from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.experiments.recording import Experiment, select
from lstm_helpers.files import write_whole
from lstm_helpers.learning import Adam, EncoderDecoder, Linear, cross_entropy, train
from lstm_helpers.sequences import FrenchDates

MODELS, READ, RATES = ("LSTM", "RNN"), {"forwards": range(5), "backwards": range(3)}, (0.01, 0.003, 0.001)
UNITS, STEPS, LOOK_EVERY = {"LSTM": 64, "RNN": 128}, {"LSTM": 800, "RNN": 1152}, 50
PARTS = {"whole": slice(None), "year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10)}
LEARNED, GLANCE, WEIGHTS = 0.9, 100, Path(__file__).with_name("dates_network.npz")


def network(model, seed):
    """Return an untrained network by its name."""
    task, units, settings = FrenchDates(), UNITS[model], {"dtype": np.float32}
    layer = {"LSTM": LSTM, "RNN": RNN}[model]
    return EncoderDecoder(layer(task.input_size, units, rng=seed, **settings),
                          layer(task.output_size, units, rng=seed + 100, **settings),
                          Linear(units, task.output_size, rng=seed + 200, **settings), length=task.answer_length)


def backwards(texts, read="backwards"):
    """Return texts with their last letter first, or as they are."""
    return [text[::-1] for text in texts] if read == "backwards" else list(texts)


@cache
def held_out(read="forwards", every=1):
    """Return all held-out days in both forms: x, mask and labels (10, 4000); or each so-manieth of them."""
    task = FrenchDates("held_out")
    texts, answers = (long + full for long, full in zip(task.everything("long"), task.everything("full"), strict=True))
    return *task.encode(backwards(texts[::every], read)), task.encode_answers(answers[::every])


def right_by_part(written, labels):
    """Return {part: share of the dates in which it is right} of labels (10, B)."""
    return {part: float(np.mean(np.all(written[place] == labels[place], axis=0))) for part, place in PARTS.items()}


def trained(model, read, rate, seed, *, steps=None, progress=False):
    """Train one network; return it, and what it got right of 200 held-out dates at every look."""
    task, net, seen, steps = FrenchDates(), network(model, seed), [], steps or STEPS[model]
    x, mask, labels = held_out(read, 20)

    def draw(batch, rng):
        texts, answers = task.write(batch, rng)
        x, mask = task.encode(backwards(texts, read))
        return x, task.encode_answers(answers), mask

    def look(net):
        seen.append(right_by_part(net.translate(x, mask), labels))
        return seen[-1]["whole"]
    options = {"batch_size": 64, "loss": cross_entropy, "progress": progress, "evaluate_every": LOOK_EVERY, "evaluate": look}
    history = train(net, draw, steps=steps * 3 // 4, optimiser=Adam(rate), rng=seed, **options)
    history.optimiser.learning_rate = rate / 4
    train(net, draw, steps=steps - len(history), history=history, **options)                # goes on, with Adam's memory
    return net, seen


def learned_after(seen, part, steps):
    """Return after which share of the steps a part was first seen right in 90 % of the dates; 2 if it never was."""
    return next((n * LOOK_EVERY / steps for n, look in enumerate(seen, 1) if look[part] > LEARNED), 2.0)


def trial(model, read, rate, steps, seed):
    """Train one network; return what it gets right of 4,000 held-out dates, and when each part was learned."""
    net, seen = trained(model, read, rate, seed, steps=steps)
    x, mask, labels = held_out(read)
    shares = right_by_part(net.translate(x, mask), labels)
    return shares | {f"{part} after": learned_after(seen, part, steps) for part in ("year", "month", "day")}


EXPERIMENT = Experiment(
    name="dates",
    about="French dates to ISO, read forwards or backwards; lstm_helpers/experiments/dates.py",
    trial=trial,
    grid=[{"model": model, "read": read, "rate": rate, "steps": STEPS[model], "seed": seed}
          for read, model, rate in product(READ, MODELS, RATES) for seed in READ[read]]
         + [{"model": model, "read": read, "rate": 0.003, "steps": GLANCE, "seed": seed}
            for read, model, seed in product(READ, MODELS, range(3))],
    slack={part: 0.05 for part in PARTS} | {f"{part} after": 0.2 for part in ("year", "month", "day")},
)


def table(measure="whole", read="forwards"):
    """Return {model: (rates, seeds)}."""
    rows = EXPERIMENT.rows()
    found = {model: select(rows, model=model, read=read, steps=STEPS[model]) for model in MODELS}
    return {model: np.reshape([row[measure] for row in runs], (len(RATES), -1)) for model, runs in found.items()}


def dates_network():
    """Return the LSTM that is shipped: `net.translate(x, mask)` writes the ISO dates of what `FrenchDates().encode` returns.

    Introduced in 16_translation.
    """
    net = network("LSTM", 0)
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        for name, array in net.params.items():
            array[:] = weights[name]
    return net


if __name__ == "__main__":
    shipped, _ = trained("LSTM", "forwards", 0.01, 0)
    write_whole(WEIGHTS, lambda file: np.savez_compressed(file, **shipped.params))
