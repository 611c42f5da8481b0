"""One LSTM of 256 units that has read this course, letter by letter: its weights, and what it wrote at four stages.

It learned from notebooks 00 to 17; its settings were chosen by its bits on 18; 19 and 20 judge it, in 18_reading_text. Its
training, `python -m lstm_helpers.experiments.course_reader`, takes two minutes and writes the weights anew; 18 must then be
executed again.
"""

from pathlib import Path

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.files import write_whole
from lstm_helpers.learning import Adam, Linear, Network, clip_by_global_norm, cross_entropy, generate
from lstm_helpers.sequences import TextWindows, course_text

WEIGHTS = Path(__file__).with_name("course_reader.npz")
UNITS, STREAMS, LENGTH, EPOCHS, RATE, DROPPED = 256, 32, 72, 16, 0.008, 0.5
STAGES = (1, 2, 4, 16)                                           # epochs after which it writes a sample


def parts():
    """Return the text in three parts: notebooks 00 to 17 to learn from, 18 to choose by, 19 and 20 to be judged by."""
    course = course_text()
    return ["".join(course[name] for name in course if first <= name < last) for first, last in
            (("00", "18"), ("18", "19"), ("19", "21"))]


def windows(length=LENGTH):
    """Return the windows of the part to learn from, with its alphabet."""
    learned = parts()[0]
    return TextWindows(learned, "".join(sorted(set(learned))), length=length, dtype=np.float32)


def untrained(units=UNITS):
    """Return the network before training: orthogonal W_h, forget bias 1, float32."""
    size = windows().input_size
    return Network(LSTM(size, units, rng=0, dtype=np.float32), Linear(units, size, rng=1, dtype=np.float32), read="every")


def course_reader():
    """Return the trained network, float32, its weights kept in float16; and what was recorded on the way.

    Returns
    -------
    net : Network, of `windows().input_size` letters
    curve : (epochs, 2), bits per letter: in training, half of the units dropped, and on notebook 18
    samples : {epochs trained: what it wrote then}

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


def main(rate=RATE, dropped=DROPPED, path=WEIGHTS):
    task, (learned, choosing, _) = windows(), parts()
    net, curve, samples = untrained(), [], []

    def record(epoch, loss):
        curve.append((loss / np.log(2), bits(net, choosing, task)))
        print(f"epoch {epoch}: {curve[-1][0]:.3f} bits in training, {curve[-1][1]:.3f} on 18", flush=True)
        if epoch in STAGES:
            samples.append(task.decode(generate(net, task.encode("\n\n")[:, None], 240, temperature=0.7, rng=0)[:, 0]))
        weights = {name: array.astype(np.float16) for name, array in net.params.items()}
        write_whole(path, lambda file: np.savez_compressed(file, curve=np.array(curve), samples=np.array(samples), **weights))

    train_on(net, task.encode(learned), rate=rate, dropped=dropped, after_epoch=record)


if __name__ == "__main__":
    main()
