"""One LSTM of 256 units that has read this course, letter by letter: its weights, and what it wrote at four stages.

It learned from notebooks 00 to 17; its settings and its seed were chosen by its bits on 18; 19 and 20 judge it, in
18_reading_text. `python -m lstm_helpers.experiments.course_reader --rate 0.032 --seed 2` trains one for two minutes and adds a
row to the table beside it. Its weights are kept if no row has fewer bits on 18; 18 must then be executed again.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.files import write_whole
from lstm_helpers.learning import Adam, Linear, Network, clip_by_global_norm, cross_entropy, generate
from lstm_helpers.sequences import TextWindows, course_text

WEIGHTS, TABLE = (Path(__file__).with_name(f"course_reader.{ending}") for ending in ("npz", "csv"))
UNITS, STREAMS, LENGTH, EPOCHS, RATE, DROPPED = 256, 32, 72, 16, 0.032, 0.5
STAGES = (1, 2, 4, 16)                                           # epochs after which it writes a sample
HEADING, NO_PROSE = {"#": "\n"}, {"$": "$", "`": "`"}             # what opens and what closes it
COLUMNS = ("epochs", "rate", "seed", "bits_18", "bits_19_20", "heading", "no_prose")


def parts():
    """Return the text in three parts: notebooks 00 to 17 to learn from, 18 to choose by, 19 and 20 to be judged by."""
    course = course_text()
    return ["".join(course[name] for name in course if first <= name < last) for first, last in
            (("00", "18"), ("18", "19"), ("19", "21"))]


def windows(length=LENGTH):
    """Return the windows of the part to learn from, with its alphabet."""
    learned = parts()[0]
    return TextWindows(learned, "".join(sorted(set(learned))), length=length, dtype=np.float32)


def untrained(units=UNITS, seed=0):
    """Return the network before training: orthogonal W_h, forget bias 1, float32."""
    size = windows().input_size
    layer, head = LSTM(size, units, rng=2 * seed, dtype=np.float32), Linear(units, size, rng=2 * seed + 1, dtype=np.float32)
    return Network(layer, head, read="every")


def course_reader():
    """Return the trained network, float32, its weights kept in float16; and what was recorded on the way.

    Returns
    -------
    net : Network, of `windows().input_size` letters
    curve : (epochs, 2), bits per letter: in training, half of the units dropped, and on notebook 18
    samples : {epochs trained: what it wrote then}

    See Also
    --------
    runs : all trainings that it was chosen from

    Introduced in 18_reading_text.
    """
    net = untrained()
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        for name, array in net.params.items():
            array[:] = kept[name]
        return net, kept["curve"], dict(zip(STAGES, kept["samples"].tolist(), strict=True))


def train_on(net, codes, *, epochs=EPOCHS, rate=RATE, dropped=DROPPED, rng=0, after_epoch=lambda epoch, loss: None):
    """Train by truncated BPTT: 32 streams side by side, the state carried on from window to window, the rate falling to 0.

    At each step a share `dropped` of the hidden units is hidden from the head (dropout), never from the next step.
    """
    rng, optimiser = np.random.default_rng(rng), Adam(rate)
    for epoch in range(epochs):
        stream = np.roll(codes, -rng.integers(len(codes)))                     # begins elsewhere each time
        stream = stream[:len(stream) // STREAMS * STREAMS].reshape(STREAMS, -1).T
        losses, carried = [], {}
        starts = range(0, len(stream) - LENGTH, LENGTH)
        for n, start in enumerate(starts):
            optimiser.learning_rate = rate * (1 - (epoch + n / len(starts)) / epochs) + 1e-6
            loss, grads, carried = gradients(net, stream[start:start + LENGTH + 1], carried, dropped, rng)
            optimiser.step(net.params, clip_by_global_norm(grads, 1.0)[0])
            losses.append(loss)
        after_epoch(epoch + 1, np.mean(losses))


def gradients(net, codes, carried, dropped, rng):
    """Return the loss of a window (T + 1, B), the gradients of all weights, and the states to carry on."""
    trace = net.layer.forward(np.eye(net.layer.input_size, dtype=np.float32)[codes[:-1]], **carried)
    shown = (rng.random(trace.h.shape, np.float32) >= dropped) / np.float32(1 - dropped)
    loss, d_logits = cross_entropy(net.head.forward(trace.h * shown), codes[1:])
    head = net.head.backward(trace.h * shown, d_logits)
    layer = net.layer.backward(trace, head.h * shown)
    grads = {f"recurrent.{name}": array for name, array in layer.params.items()}
    grads |= {f"output.{name}": array for name, array in head.params.items()}
    return loss, grads, {"h0": trace.h[-1], "c0": trace.c[-1]}


def pieces(text, task, length=500):
    """Cut a text into pieces of `length` letters, read side by side: x (length, B, K) and the letters that follow (length, B)."""
    count = (len(text) - 1) // length
    codes = task.encode(text[:count * length + 1])
    x, y = (part.reshape(count, length).T for part in (codes[:-1], codes[1:]))
    return np.eye(task.input_size, dtype=np.float32)[x], y


def bits(net, text, task):
    """Return the bits per letter of a network on a text, every piece read with states of zero."""
    return net.evaluate(*pieces(text, task), cross_entropy) / np.log(2)


def runs():
    """Return the recorded table, a dict a training: its epochs, rate and seed, its bits per letter, its best units' scores.

    "heading" and "no_prose" say how well the unit that agrees best on 18 agrees on 19 and 20.
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def inside(text, signs):
    """Return 1 for each letter from an opening sign up to the one before its closing sign, or before a blank line.

    signs : {opening: closing}, each a single letter; the first to open counts until it closes
    """
    found, closing = [], None
    for last, letter in zip(" " + text, text, strict=False):
        if closing is None:
            closing = signs.get(letter)
        elif letter == closing or last + letter == "\n\n":
            closing = None
        found.append(int(closing is not None))
    return np.array(found)


def from_the_last(k, text, signal, elsewhere):
    """Return what a table of the last k letters, made of one text and its signal, says of another text: the mean it saw.

    Where these letters are new, it asks for fewer.
    """
    says, task = np.zeros(len(elsewhere)), windows()
    letters = [task.encode(part).astype(np.int64) for part in (text, elsewhere)]
    ours = asked = 0                                             # the last letters at each place, as one number
    for n in range(k):
        ours, asked = (np.roll(codes, n) * task.input_size**n + shorter
                       for codes, shorter in zip(letters, (ours, asked), strict=True))
        known, at = np.unique(ours, return_inverse=True)
        place = np.searchsorted(known, asked).clip(max=len(known) - 1)
        says = np.where(known[place] == asked, (np.bincount(at, signal) / np.bincount(at))[place], says)
    return says


def best_unit(net, signs, chosen_on, scored_on):
    """Return the unit whose cell state agrees best with `inside` on one text, and the size of its correlation on the other."""
    def agreements(text):
        c = net.layer.forward(pieces(text, windows())[0]).c.transpose(2, 1, 0).reshape(net.layer.hidden_size, -1)
        return np.abs(np.corrcoef(c, inside(text, signs)[:c.shape[1]])[-1, :-1])
    unit = int(agreements(chosen_on).argmax())
    return unit, agreements(scored_on)[unit]


def row_of(net, **setting):
    """Return what the table says of a trained network."""
    task, (_, choosing, judged) = windows(), parts()
    scores = [best_unit(net, signs, choosing, judged)[1] for signs in (HEADING, NO_PROSE)]
    return dict(zip(COLUMNS, (*setting.values(), bits(net, choosing, task), bits(net, judged, task), *scores), strict=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("epochs", EPOCHS), ("rate", RATE), ("seed", 0)):
        parser.add_argument(f"--{name}", type=type(value), default=value)
    setting = vars(parser.parse_args())
    task, (learned, choosing, _) = windows(), parts()
    net, curve, samples = untrained(seed=setting["seed"]), [], []

    def record(epoch, loss):
        curve.append((loss / np.log(2), bits(net, choosing, task)))
        print(f"epoch {epoch}: {curve[-1][0]:.3f} bits in training, {curve[-1][1]:.3f} on 18", flush=True)
        if epoch in (*STAGES[:-1], setting["epochs"]):
            samples.append(task.decode(generate(net, task.encode("\n\n")[:, None], 240, temperature=0.7, rng=0)[:, 0]))

    train_on(net, task.encode(learned), epochs=setting["epochs"], rate=setting["rate"], rng=setting["seed"], after_epoch=record)
    keep(row_of(net, **setting), net, np.array(curve), np.array(samples))


def keep(row, net, curve, samples):
    """Add a row to the table, in the place of an older one of its setting; keep the weights if no row has fewer bits on 18."""
    others = [old for old in runs() if any(old[name] != row[name] for name in COLUMNS[:3])] if TABLE.exists() else []
    table = sorted([*others, row], key=lambda old: [old[name] for name in COLUMNS[:3]])
    lines = [COLUMNS, *([f"{old[name]:.4g}" for name in COLUMNS] for old in table)]
    write_whole(TABLE, lambda file: file.write("".join(",".join(line) + "\n" for line in lines).encode()))
    if row["bits_18"] <= min(old["bits_18"] for old in table):
        weights = {name: array.astype(np.float16) for name, array in net.params.items()}
        write_whole(WEIGHTS, lambda file: np.savez_compressed(file, curve=curve, samples=samples, **weights))


if __name__ == "__main__":
    main()
