"""Time the scan against the plainest loop, MinLSTM against LSTM, and attention against PyTorch's, one thread, in turns.

python3 run.py bench            about a quarter of a minute
python3 run.py bench --quick    half of that, with wider ranges

A ratio is one time divided by another of the same round.
"""

import argparse
import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))
from bench_lstm import in_turns, spread, torch, verdict  # first: it sets one thread before NumPy is imported

# isort: split
import numpy as np

from lstm_helpers.cells import LSTM, MinLSTM, attend, attend_backward, scan

SCANS = {(1_024, 1, 16): 10, (16_384, 1, 16): 10, (4_096, 4, 32): 4, (1_024, 32, 64): 0.95}     # (T, B, H): at least so many
LAYERS, LAYERS_GOAL = (4_096, 4, 16, 32), 5                                                      # T, B, D, H
ATTENTION, ATTENTION_GOAL = (256, 16, 64), 1.5                                                   # T, B, d


def scan_passes(shape, dtype=np.float32):
    """Return functions that run the plainest loop and the scan."""
    rng = np.random.default_rng(0)
    a, b = rng.random(shape, dtype), rng.standard_normal(shape, dtype)

    def loop():
        h, states = np.zeros_like(b[0]), np.empty_like(b)
        for t in range(len(b)):
            h = a[t] * h + b[t]
            states[t] = h
        return states

    return loop, lambda: scan(a, b)


def layer_passes(shape, dtype=np.float32):
    """Return functions that take an LSTM and a MinLSTM forward and back."""
    steps, batch, inputs, hidden = shape
    rng = np.random.default_rng(0)
    x, dh = (rng.standard_normal((steps, batch, size), dtype) for size in (inputs, hidden))

    def there_and_back(layer):
        return lambda: layer.backward(layer.forward(x), dh)

    return [there_and_back(kind(inputs, hidden, dtype=dtype)) for kind in (LSTM, MinLSTM)]


def attention_passes(shape, dtype=np.float32):
    """Return functions that take our attention and PyTorch's forward and back."""
    steps, batch, size = shape
    arrays = np.random.default_rng(0).standard_normal((4, steps, batch, size), dtype)
    tensors = [torch.tensor(array.transpose(1, 0, 2)[:, None].copy()) for array in arrays]         # (B, 1, T, d)
    for tensor in tensors[:3]:
        tensor.requires_grad_()

    def ours():
        query, keys, values, d_context = arrays
        return attend_backward(query, keys, values, attend(query, keys, values)[1], d_context)

    def theirs():
        for tensor in tensors[:3]:
            tensor.grad = None
        torch.nn.functional.scaled_dot_product_attention(*tensors[:3]).backward(tensors[3])

    return ours, theirs


def at_least(ratios, goal):
    """Return a spread of ratios, and whether their median reaches what is asked for from below."""
    middle = statistics.median(ratios)
    return f"{spread(ratios)}, goal at least {goal} {'reached' if middle >= goal else 'MISSED'}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Time scan, MinLSTM and attention.")
    parser.add_argument("--quick", action="store_true")
    rounds = 5 if parser.parse_args(arguments).quick else 15
    for shape, goal in SCANS.items():
        ratios = [loop / ours for loop, ours in in_turns(scan_passes(shape), rounds)]
        print(f"plainest loop / scan, (T, B, H) = {shape}, float32: {at_least(ratios, goal)}", flush=True)
    ratios = [lstm / mini for lstm, mini in in_turns(layer_passes(LAYERS), max(3, rounds // 3))]
    print(f"LSTM / MinLSTM there and back, (T, B, D, H) = {LAYERS}, float32: {at_least(ratios, LAYERS_GOAL)}", flush=True)
    if torch is not None:
        torch.set_num_threads(1)
        ratios = [ours / theirs for ours, theirs in in_turns(attention_passes(ATTENTION), rounds)]
        print(f"attention there and back, ours / PyTorch's, (T, B, d) = {ATTENTION}, float32: {spread(ratios)},",
              f"goal {verdict(statistics.median(ratios), ATTENTION_GOAL)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
