"""The benchmark runs; what it measures is looked at by hand."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "bench_lstm.py"
TINY = (3, 2, 2, 4)


@pytest.fixture(scope="module")
def bench():
    before = dict(os.environ)
    spec = importlib.util.spec_from_file_location("bench_lstm", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.environ.clear()   # the thread counts that the script sets are not for other tests
    os.environ.update(before)
    module.SAMPLE = 0.001
    return module


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("with_torch", [False, True])
def test_a_line_of_the_table(bench, monkeypatch, dtype, with_torch):
    if not with_torch:
        monkeypatch.setattr(bench, "torch", None)
    elif bench.torch is None:
        pytest.skip("PyTorch is not installed")
    line = bench.speed_line(TINY, dtype, 1000.0, 3)
    numbers = re.findall(r"\d+\.\d+", line)
    assert line.startswith(f"{dtype}  (3, 2, 2, 4)")
    assert len(numbers) == (8 if with_torch else 2)
    assert ("reached" in line) == with_torch


def test_the_rest_of_the_report(bench, monkeypatch, capsys):
    monkeypatch.setattr(bench, "MEMORY_SHAPES", [TINY])
    bench.print_surroundings()
    bench.print_time_per_step(2, short=2, long=4, rest=(1, 2, 3))
    bench.print_memory()
    printed = capsys.readouterr().out
    assert "OpenBLAS kernel" in printed and "at T = 4" in printed and "Peak memory, (3, 2, 2, 4)" in printed


def test_goals_are_said_to_be_missed(bench):
    assert "MISSED" in bench.verdict(1.01, 1.0) and "reached" in bench.verdict(1.0, 1.0)
