"""What do attention weights say? Where French dates look, and what becomes of answers if the weights are exchanged.

"multiplicative" and "additive": French dates to ISO as in 16, by an `AttentiveEncoderDecoder` of 48 units in 300 batches of 32.
"pooled": the language of a date (`DateLanguages`), by an LSTM of 16 units whose states are averaged by attention with one learned
query, 500 batches of 32; "pooled, both ways": by two LSTMs of 8 units, as Jain & Wallace (2019) had it. Adam, clipping at norm 1.

"right": the share of letters, or of languages, that are right (letters with the right ones fed back); "permuted": the same if
each row of weights is shuffled over the letters that were read; "even": if all weights are equal; "largest": the mean of a row's
largest weight; "month", of dates alone: how much of the weight lies on the month's name, or the blank after it, while the month
is written. The rule: as in `copying`.
"""

from itertools import product

import numpy as np

from lstm_helpers.cells import LSTM, Bidirectional, attend, attend_backward
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.experiments.recording import Experiment, values
from lstm_helpers.learning import Adam, AttentiveEncoderDecoder, Linear, cross_entropy, train
from lstm_helpers.sequences import DateLanguages, FrenchDates

SCORES, POOLED, BOTH = ("multiplicative", "additive"), "pooled", "pooled, both ways"
MODELS, RATES, SEEDS, BATCH = (*SCORES, POOLED, BOTH), (0.005, 0.01, 0.02), range(5), 32
UNITS, STEPS = {"dates": 48, "languages": 16}, {"dates": 300, "languages": 500}
MONTH = slice(5, 7)                                     # of an ISO date


class Pooled:
    """Read sequences with a layer, average its states by attention with one learned query, and read the mean with a head.

    w = softmax(q · h_t / √H),  context = Σ_t w_t h_t,  logits = head(context)
    """

    def __init__(self, layer, head, *, rng=0):
        self.layer, self.head = layer, head
        self.query = glorot(layer.hidden_size, 1, rng=rng)[:, 0].astype(layer.dtype)                # (H,)

    @property
    def params(self):
        """The arrays of all parts."""
        return ({f"recurrent.{name}": array for name, array in self.layer.params.items()} | {"query": self.query}
                | {f"output.{name}": array for name, array in self.head.params.items()})

    def look(self, x, mask=None):
        """Return the trace of the layer, the query of each sequence (1, B, H), contexts (1, B, H) and weights (B, 1, T)."""
        trace = self.layer.forward(x, mask=mask)
        query = np.broadcast_to(self.query, (1, x.shape[1], len(self.query)))
        return trace, query, *attend(query, trace.h, trace.h, mask)

    def predict(self, x, mask=None):
        """Return logits (B, K)."""
        return self.head.forward(self.look(x, mask)[2][0])

    def loss_and_gradients(self, x, y, loss=cross_entropy, mask=None):
        """Return the loss on a batch and its gradient by every parameter."""
        trace, query, context, weights = self.look(x, mask)
        value, d_logits = loss(self.head.forward(context[0]), y, None)
        output = self.head.backward(context[0], d_logits)
        d_query, d_keys, d_values = attend_backward(query, trace.h, trace.h, weights, output.h[None])
        recurrent = self.layer.backward(trace, d_keys + d_values, need_x=False)
        grads = {f"recurrent.{name}": array for name, array in recurrent.params.items()} | {"query": d_query.sum(axis=(0, 1))}
        return value, grads | {f"output.{name}": array for name, array in output.params.items()}


def permuted(weights, mask, rng):
    """Return weights (B, n, T), each sequence's shuffled over the steps that were read; these come first in the mask (T, B)."""
    order = np.where(np.transpose(mask) > 0, rng.random(np.shape(mask)[::-1]), 2).argsort(axis=1)   # (B, T)
    return np.take_along_axis(weights, order[:, None, :], axis=2)


def even(weights, mask):
    """Return weights of the same shape that are equal over all steps that were read."""
    return np.broadcast_to((mask / mask.sum(axis=0)).T[:, None, :], weights.shape).astype(weights.dtype)


def dates_net(score, rate, seed, *, progress=False):
    """Train and return an encoder-decoder with attention for French dates."""
    task, H, settings = FrenchDates(), UNITS["dates"], {"dtype": np.float32}
    net = AttentiveEncoderDecoder(LSTM(task.input_size, H, rng=seed, **settings),
                                  LSTM(task.output_size, H, rng=seed + 100, **settings),
                                  Linear(H, task.output_size, rng=seed + 200, **settings), length=task.answer_length,
                                  score=score, rng=seed + 300)

    def draw(batch, rng):
        texts, answers = task.write(batch, rng)
        x, mask = task.encode(texts)
        return x, task.encode_answers(answers), mask

    train(net, draw, steps=STEPS["dates"], batch_size=BATCH, loss=cross_entropy, optimiser=Adam(rate), rng=seed,
          progress=progress)
    return net


def languages_net(model, rate, seed):
    """Train and return a classifier of languages whose states are averaged by attention."""
    task, H, settings = DateLanguages(dtype=np.float32), UNITS["languages"], {"dtype": np.float32}
    layer = LSTM(task.input_size, H, rng=seed, **settings) if model == POOLED else Bidirectional(
        *(LSTM(task.input_size, H // 2, rng=seed + n, **settings) for n in (0, 50)))
    net = Pooled(layer, Linear(H, len(task.languages), rng=seed + 200, **settings), rng=seed + 300)
    train(net, task, steps=STEPS["languages"], batch_size=BATCH, loss=cross_entropy, optimiser=Adam(rate), rng=seed,
          progress=False)
    return net


def held_out_dates(count=500):
    """Return some held-out days in the full form: texts, x, mask and labels (10, count)."""
    task = FrenchDates("held_out")
    texts, answers = (every[:count] for every in task.everything("full"))
    return texts, *task.encode(texts), task.encode_answers(answers)


def on_the_month(weights, texts):
    """Return how much of the weight lies on the month's name or the blank after it while the month is written."""
    shares = []
    for row, text in zip(weights[:, MONTH], texts, strict=True):
        month = text.split()[-2]
        start = text.index(f" {month} ") + 1
        shares.append(row[:, start:start + len(month) + 1].sum(axis=1).mean())
    return float(np.mean(shares))


def dates_trial(net, rng):
    """Return what is measured of an encoder-decoder."""
    texts, x, mask, labels = held_out_dates()
    read, written = net.traces(x, labels, mask)
    _, weights = net.look(read, written.h)

    def right(weights):
        context = (weights @ read.h.transpose(1, 0, 2)).transpose(1, 0, 2)
        return float(np.mean(net.head.forward(net.combine(written.h, context)).argmax(axis=2) == labels))
    return measures(right, weights, mask, rng) | {"month": on_the_month(weights, texts)}


def languages_trial(net, rng):
    """Return what is measured of a classifier."""
    x, labels, mask = DateLanguages(dtype=np.float32).sample(1000, 99)
    trace, _, _, weights = net.look(x, mask)

    def right(weights):
        context = weights @ trace.h.transpose(1, 0, 2)                                # (B, 1, H)
        return float(np.mean(net.head.forward(context[:, 0]).argmax(axis=1) == labels))
    return measures(right, weights, mask, rng) | {"month": 0.0}


def measures(right, weights, mask, rng):
    """Return what is right with the weights as they are, permuted and even, and how large a row's largest is."""
    return {"right": right(weights), "permuted": right(permuted(weights, mask, rng)), "even": right(even(weights, mask)),
            "largest": float(weights.max(axis=2).mean())}


def trial(model, rate, seed):
    """Train one network, and measure what its weights are worth."""
    rng = np.random.default_rng(seed + 1000)
    if model in SCORES:
        return dates_trial(dates_net(model, rate, seed), rng)
    return languages_trial(languages_net(model, rate, seed), rng)


EXPERIMENT = Experiment(
    name="looking",
    about="attention weights as they are, permuted and even; lstm_helpers/experiments/looking.py",
    trial=trial,
    grid=[{"model": model, "rate": rate, "seed": seed} for model, rate, seed in product(MODELS, RATES, SEEDS)],
    slack={"right": 0.1, "permuted": 0.15, "even": 0.15, "largest": 0.15, "month": 0.15},
)


def table(model, measure="right"):
    """Return (rates, seeds)."""
    rows = EXPERIMENT.rows()
    return np.array([values(rows, measure, model=model, rate=rate) for rate in RATES])
