"""Sampling: letting a network write, by feeding it what it said."""

import numpy as np

from lstm_helpers.cells.checks import as_array, require_count, require_finite, require_float, require_number, require_rng
from lstm_helpers.cells.layer import RecurrentLayer
from lstm_helpers.one_hot import one_hot


def with_temperature(logits, temperature=1.0):
    """Turn logits into probabilities, sharpened or flattened by a temperature.

    ``p = softmax(logits / temperature)``: 1 leaves the softmax as it is, towards 0 all goes to the largest logit, and
    at high temperatures everything becomes equally likely. Computed without overflow.

    Parameters
    ----------
    logits : (..., K) array
    temperature : float, above 0

    Returns
    -------
    p : (..., K) float64 array, sums to 1 over the last axis

    Introduced in 18_reading_text.
    """
    require_number("temperature", temperature, "with_temperature", above=0, needed="a finite number above 0")
    logits = require_finite("logits", require_float("logits", logits, "with_temperature"), "with_temperature").astype(np.float64)
    if logits.ndim == 0 or not logits.size:
        raise ValueError(f"logits has shape {logits.shape}; with_temperature needs (..., K), at least one score")
    powers = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def generate(net, start, steps, *, temperature=1.0, rng=0):
    """Read the beginning of sequences of symbols, then go on writing: each symbol drawn is the next one read.

    ``symbol[t + 1]`` is drawn from ``with_temperature(logits[t], temperature)``; the states are carried along.

    Parameters
    ----------
    net : Network, of read="every", from K one-hot inputs to K logits
    start : (P, B) integer array, the symbols to read first, at least one a sequence
    steps : int, how many to write
    temperature : float, above 0
    rng : seed or numpy.random.Generator; draws one number from U(0, 1) for each sequence and step

    Returns
    -------
    written : (steps, B) integer array, without `start`

    Introduced in 18_reading_text.
    """
    steps, rng = require_count("steps", steps, "generate"), require_rng(rng, "generate")
    require_number("temperature", temperature, "generate", above=0, needed="a finite number above 0")
    start = _require_start(start, net)
    symbols, carried, written = start, {}, []
    for _ in range(steps):
        trace = net.layer.forward(one_hot(symbols, net.layer.input_size, net.layer.dtype), **carried)
        carried = {f"{name}0": getattr(trace, name)[-1] for name in ("h", "c") if hasattr(trace, name)}
        p = with_temperature(net.head.forward(trace.h[-1]), temperature)                # (B, K)
        symbols = (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1)[None]        # (1, B)
        written.append(np.minimum(symbols[0], p.shape[1] - 1))                          # a sum of p just below 1
    return np.array(written, int).reshape(-1, start.shape[1])


def _require_start(start, net):
    """Return `start` as an array, if a network that writes as many symbols as it reads can begin with it."""
    if not all(hasattr(net, part) for part in ("layer", "head", "read")):
        raise ValueError(f'net is {net!r:.60}; generate needs a Network of read="every"')
    if not isinstance(net.layer, RecurrentLayer):
        raise ValueError(f"net reads with {net.layer!r:.60}; generate needs a single layer, such as LSTM(D, H), whose state it "
                         "carries along")
    start, symbols = as_array("start", start, "generate"), net.layer.input_size
    if net.read != "every" or net.head.output_size != symbols:
        raise ValueError(f'net reads {symbols} symbols, has {net.head.output_size} outputs and read="{net.read}"; generate needs '
                         'as many outputs as symbols, and read="every"')
    if start.ndim != 2 or not start.size:
        raise ValueError(f"start has shape {start.shape}; generate needs (P, B), at least one symbol a sequence")
    if start.dtype.kind not in "biuf":
        raise ValueError(f"start has dtype {start.dtype}; generate needs whole numbers from 0 to {symbols - 1}")
    if start.dtype.kind not in "iu" or start.min() < 0 or start.max() >= symbols:
        raise ValueError(f"start has dtype {start.dtype} and holds {start.min()} to {start.max()}; generate needs whole numbers "
                         f"from 0 to {symbols - 1}")
    return start
