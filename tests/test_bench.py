"""The benchmarks run; what they measure is looked at by hand."""

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
TINY = (3, 2, 2, 4)


def load(name):
    before = dict(os.environ)
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.environ.clear()   # the thread counts that the script sets are not for other tests
    os.environ.update(before)
    return module


@pytest.fixture(scope="module")
def bench():
    module = load("bench_lstm")
    module.SAMPLE = 0.001
    return module


@pytest.fixture(scope="module")
def claims():
    return load("bench_claims")


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
    bench.print_layers(2, TINY)
    bench.print_memory()
    printed = capsys.readouterr().out
    assert printed.count("of two / its layers one by one, (3, 2, 2, 4)") == 4
    assert "OpenBLAS kernel" in printed and "at T = 4" in printed and "Peak memory, (3, 2, 2, 4)" in printed


def test_goals_are_said_to_be_missed(bench):
    assert "MISSED" in bench.verdict(1.01, 1.0) and "reached" in bench.verdict(1.0, 1.0)


def test_scan_and_attention_are_held_against_goals(monkeypatch, capsys):
    monkeypatch.setattr("sys.path", [*sys.path])
    module = load("bench_scan_and_attention")
    monkeypatch.setattr(module, "SCANS", {(8, 1, 2): 0.001, (9, 1, 2): 1e9})
    monkeypatch.setattr(module, "LAYERS", (9, 1, 2, 3))
    monkeypatch.setattr(module, "ATTENTION", (4, 2, 3))
    assert module.main(["--quick"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" ")[2] for line in lines[:2]] == ["reached", "MISSED"]
    assert "LSTM / MinLSTM there and back" in lines[2] and len(lines) == (3 if module.torch is None else 4)


def test_what_11_draws_is_held_against_bounds(claims, capsys):
    claims.main(["--quick"])
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 6 and all(re.fullmatch(r".+/.+ \d+\.\d\d   \S+ to \S+ (reached|MISSED)", line) for line in printed)


def test_what_16_says_of_its_trainings_is_held_against_bounds(claims, monkeypatch):
    trained = []
    monkeypatch.setattr(claims.dates, "trained", lambda *training, steps: trained.append((*training, steps)))
    monkeypatch.setattr(claims, "process_time", iter([0, 2.5, 10, 11]).__next__)
    (_, ratio, bounds), (_, longest, most) = claims.claims_of_16()
    assert trained == [("LSTM", "forwards", 0.01, 0, 100), ("RNN", "forwards", 0.001, 0, 144)]
    assert (ratio, longest) == (0.4, 20.0) and not bounds[0] < ratio and longest < most[1]


@pytest.mark.parametrize("found, verdict", [(1.4, "MISSED"), (1.6, "reached"), (2.1, "MISSED")])
def test_a_ratio_out_of_its_bounds_is_said_to_be_missed(claims, found, verdict):
    assert claims.line("a / b", found, (1.5, 2)).endswith(f"1.50 to 2.00 {verdict}")
