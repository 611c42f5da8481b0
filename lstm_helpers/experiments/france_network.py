"""One trained LSTM, its weights kept: the network that reads a sentence in 08, 09, 10 and 12, so that trained gates are seen.

It reads sentences in which two countries stand, at gaps from 0 to 30; order alone tells which one counts. Its training,
`python -m lstm_helpers.experiments.france_network`, takes about a minute and writes the weights anew; every notebook that reads
it must then be executed again.
"""

from pathlib import Path

import numpy as np

from lstm_helpers.cells import LSTM
from lstm_helpers.files import write_whole
from lstm_helpers.learning import Adam, Linear, Network, cross_entropy, train
from lstm_helpers.sequences import FranceSentences

WEIGHTS = Path(__file__).with_name("france_network.npz")
UNITS, LONGEST_GAP, STEPS, RATE = 32, 30, 1500, 0.005


def untrained():
    """Return the network before training: orthogonal W_h, forget bias 1, float32."""
    task = FranceSentences(countries=2)
    return Network(LSTM(task.input_size, UNITS, forget_bias=1.0, rng=0, dtype=np.float32),
                   Linear(UNITS, task.output_size, rng=1, dtype=np.float32))


def france_network():
    """Return the trained network: `net.layer` is its LSTM, `net.predict(x)` gives the scores of the eight languages.

    It reads what ``FranceSentences(countries=2).encode(["my friend works in Peru and i live in France …"])`` returns.

    Introduced in 08_forget_gate.
    """
    net = untrained()
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        for name, array in net.params.items():
            array[:] = weights[name]
    return net


def main():
    tasks = [FranceSentences(gap, size=4000, countries=2) for gap in range(LONGEST_GAP + 1)]
    net = untrained()
    train(net, lambda batch, rng: tasks[rng.integers(len(tasks))].sample(batch, rng), steps=STEPS, loss=cross_entropy,
          optimiser=Adam(RATE), rng=0)
    write_whole(WEIGHTS, lambda file: np.savez_compressed(file, **net.params))


if __name__ == "__main__":
    main()
