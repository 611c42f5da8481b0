"""Time the LSTM layer, forward + backward (dx and all weight gradients), one thread, in turns with PyTorch's nn.LSTM.

python3 run.py bench            about two minutes
python3 run.py bench --quick    about half a minute, with wider ranges

A ratio is our time divided by PyTorch's in the same round: below 1 we are faster. "GEMM alone" is what the matrix
products by themselves take, in NumPy, as a ratio of the same kind: what is above it is gates, checks and Python.
"""

import argparse
import ctypes
import os
import statistics
import sys
import tracemalloc
from pathlib import Path
from time import perf_counter

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"                             # read once, when NumPy and PyTorch are first imported

import numpy as np  # noqa: E402

from lstm_helpers.cells import LSTM, Bidirectional, Stacked  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

SHAPES = ((20, 1, 10, 10), (50, 32, 32, 64), (100, 32, 64, 128), (100, 64, 128, 256))      # T, B, D, H
# Our time / PyTorch's, both without page faults: importing the course asks the C library to keep freed memory (MALLOC_… in the
# environment would leave it as it is).
GOALS = {"float32": (0.9, 1.1, 1.1, 1.05), "float64": (0.2, 0.35, 0.4, 0.5)}
MEMORY_SHAPES = ((100, 32, 64, 128), (100, 64, 128, 256), (1600, 32, 64, 64))
MEMORY_GOAL, STEP_GOAL, LAYERS_GOAL = 12, 1.15, 1.05
SAMPLE = 0.01                                           # seconds: a sample repeats a call until it is about this long


def our_pass(shape, dtype):
    """Return a function that takes our layer forward and back once."""
    steps, batch, inputs, hidden = shape
    rng = np.random.default_rng(0)
    x, dh = (rng.standard_normal((steps, batch, size)).astype(dtype) for size in (inputs, hidden))
    layer = LSTM(inputs, hidden, dtype=dtype)
    return lambda: layer.backward(layer.forward(x), dh)


def torch_pass(shape, dtype):
    """Return a function that does the same with PyTorch, gradients made anew as ours are."""
    steps, batch, inputs, hidden = shape
    torch.set_num_threads(1)
    layer = torch.nn.LSTM(inputs, hidden, dtype=getattr(torch, dtype))
    x, dh = (torch.randn(steps, batch, size, dtype=getattr(torch, dtype)) for size in (inputs, hidden))
    x.requires_grad_()

    def run():
        layer.zero_grad(set_to_none=True)
        x.grad = None
        layer(x)[0].backward(dh)

    return run


def products_alone(shape, dtype, rows=256):
    """Return a function that does the matrix products only: one a step forward, one back, two a block of steps."""
    steps, batch, inputs, hidden = shape
    rng = np.random.default_rng(0)
    operands = rng.standard_normal((steps, batch, inputs + hidden + 1)).astype(dtype)        # rows [x, h, 1]
    dz = rng.standard_normal((steps, batch, 4 * hidden)).astype(dtype)
    weights, W_hT, W_xT = (rng.standard_normal(size).astype(dtype) for size in (
        (inputs + hidden + 1, 4 * hidden), (4 * hidden, hidden), (4 * hidden, inputs)))
    z, dh = np.empty((batch, 4 * hidden), dtype), np.empty((batch, hidden), dtype)
    length = max(1, rows // batch)

    def run():
        for row in operands:
            np.matmul(row, weights, z)
        for row in dz:
            np.matmul(row, W_hT, dh)
        for start in range(0, steps, length):
            block = dz[start:start + length].reshape(-1, 4 * hidden)
            operands[start:start + length].reshape(len(block), -1).T @ block
            block @ W_xT

    return run


def seconds(function, calls):
    start = perf_counter()
    for _ in range(calls):
        function()
    return (perf_counter() - start) / calls


def in_turns(functions, rounds):
    """Time the functions in turns and return seconds, one row a round and one column a function."""
    for function in functions:
        function()                                      # buffers, caches and PyTorch's first call are not what we time
    calls = [max(1, round(SAMPLE / seconds(function, 1))) for function in functions]
    return [[seconds(function, n) for function, n in zip(functions, calls, strict=True)] for _ in range(rounds)]


def spread(ratios):
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def verdict(found, goal):
    return f"{goal:.2f} {'reached' if found <= goal else 'MISSED'}"


def speed_line(shape, dtype, goal, rounds):
    """Time one shape and return its line of the table."""
    passes = [our_pass, products_alone] + ([torch_pass] if torch else [])
    rows = in_turns([make(shape, dtype) for make in passes], rounds)
    ours, products, *theirs = (1000 * statistics.median(column) for column in zip(*rows, strict=True))
    start = f"{dtype}  {shape!s:<20} {ours:8.2f} {products:8.2f}"
    if not theirs:
        return start
    ratios = [row[0] / row[2] for row in rows]
    reached = verdict(statistics.median(ratios), goal)
    products_ratio = statistics.median(row[1] / row[2] for row in rows)
    return f"{start} {theirs[0]:8.2f}   {spread(ratios):<19} {reached:<14} {products_ratio:10.2f}"


def print_speed(rounds):
    print(f"{'':7}  {'(T, B, D, H)':<20} {'ours ms':>8} {'GEMM ms':>8}", end="")
    print(f" {'torch ms':>8}   {'ratio (min–max)':<19} {'goal':<14} GEMM alone" if torch else "")
    for dtype, goals in GOALS.items():
        for shape, goal in zip(SHAPES, goals, strict=True):
            print(speed_line(shape, dtype, goal, rounds), flush=True)


def print_time_per_step(rounds, short=100, long=1600, rest=(32, 64, 128)):
    """Compare the time of a step in a long sequence with that in a short one."""
    rows = in_turns([our_pass((steps, *rest), "float32") for steps in (short, long)], rounds)
    ratios = [of_long / long / (of_short / short) for of_short, of_long in rows]
    of_short, of_long = (1e6 * statistics.median(column) for column in zip(*rows, strict=True))
    print(f"Time per step, (B, D, H) = {rest}, float32: {of_short / short:.0f} µs at T = {short},",
          f"{of_long / long:.0f} µs at T = {long};\nratio {spread(ratios)}, goal {verdict(statistics.median(ratios), STEP_GOAL)}")


def layers_passes(kind, shape, dtype):
    """Return a function that takes two layers forward and back as a `kind` of layer, and one that takes each by itself."""
    steps, batch, inputs, hidden = shape
    rng = np.random.default_rng(0)
    below, above = LSTM(inputs, hidden, dtype=dtype), LSTM(hidden if kind is Stacked else inputs, hidden, rng=1, dtype=dtype)
    whole = Stacked([below, above]) if kind is Stacked else Bidirectional(below, above)
    x, x_above, dh, dh_whole = (rng.standard_normal((steps, batch, size)).astype(dtype) for size in (
        inputs, above.input_size, hidden, whole.hidden_size))

    def apart():
        below.backward(below.forward(x), dh)
        above.backward(above.forward(x_above), dh)

    return lambda: whole.backward(whole.forward(x), dh_whole), apart


def print_layers(rounds, shape=(100, 32, 64, 128)):
    """Compare layers one above the other, and both ways, with the sum of their layers."""
    for kind in (Stacked, Bidirectional):
        for dtype in GOALS:
            ratios = [whole / apart for whole, apart in in_turns(layers_passes(kind, shape, dtype), rounds)]
            print(f"{kind.__name__} of two / its layers one by one, {shape}, {dtype}: {spread(ratios)},",
                  f"goal {verdict(statistics.median(ratios), LAYERS_GOAL)}", flush=True)


def peak_memory(shape):
    """Return the peak of forward + backward in arrays of (T, B, H), what goes in not counted."""
    steps, batch, _, hidden = shape
    run = our_pass(shape, "float32")
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / (steps * batch * hidden * np.dtype(np.float32).itemsize)


def print_memory():
    for shape in MEMORY_SHAPES:
        arrays = peak_memory(shape)
        print(f"Peak memory, {shape}, float32: {arrays:.1f} arrays of (T, B, H), goal {verdict(arrays, MEMORY_GOAL)}")


def blas_kernel():
    """Return the name of the kernel that NumPy's own OpenBLAS picked for this CPU, or None without such a library."""
    home = Path(np.__file__).parent
    for library in [*home.parent.glob("numpy.libs/*openblas*"), *home.glob(".dylibs/*openblas*")]:
        for suffix in ("64_", ""):
            name = getattr(ctypes.CDLL(str(library)), f"scipy_openblas_get_corename{suffix}", None)
            if name is not None:
                name.restype = ctypes.c_char_p
                return name().decode()
    return None


def has_avx512():
    try:
        from numpy._core._multiarray_umath import __cpu_features__
    except ImportError:
        return False
    return bool(__cpu_features__.get("AVX512F"))


def print_surroundings():
    kernel = blas_kernel()
    print(f"One thread; Python {sys.version.split()[0]};",
          f"NumPy {np.__version__}, its OpenBLAS kernel: {kernel or 'unknown'};",
          f"PyTorch {torch.__version__}" if torch else "PyTorch is not installed: our times only")
    if kernel in ("Haswell", "Zen") and has_avx512():
        print(f"This CPU has AVX-512, but NumPy's OpenBLAS picked its AVX2 kernel {kernel}: products run at about\n"
              "half speed. With OPENBLAS_CORETYPE=SkylakeX in the environment it picks its AVX-512 kernel.")
    print()


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Time the LSTM layer beside PyTorch's.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 9 if parser.parse_args(arguments).quick else 41
    print_surroundings()
    print_speed(rounds)
    print()
    print_time_per_step(max(5, rounds // 4))
    print_layers(rounds)
    print_memory()


if __name__ == "__main__":
    main()
