"""Sweeps: rows in the order of the grid whoever runs them, errors as rows, and no row lost."""

import _thread
import os
import random
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from lstm_helpers.learning import sweep

pytestmark = pytest.mark.usefixtures("no_hang")

GRID = {"a": [3, 1, 2], "b": [10, 20]}


def product(a, b):
    time.sleep(random.random() / 50)                                # so that they do not finish in their order
    return {"product": a * b}


def shaky(a, b):
    if a == 1:
        raise ZeroDivisionError("no ones")
    return a * b


def deadly(a, b):
    if (a, b) == (1, 10):
        os._exit(1)                                                 # at once, on every system
    return a * b


def slow(a, b):
    time.sleep(0.3)
    return {"product": a * b, "worker": os.getpid()}


EXPECTED = [{"a": a, "b": b, "product": a * b, "error": None} for a in (3, 1, 2) for b in (10, 20)]


def test_rows_in_the_order_of_the_grid():
    assert sweep(product, GRID, progress=False) == EXPECTED


def test_settings_one_by_one():
    settings = [{"a": 2, "b": 3}, {"a": 0, "b": 9}]
    assert [row["product"] for row in sweep(product, iter(settings), progress=False)] == [6, 0]
    assert settings == [{"a": 2, "b": 3}, {"a": 0, "b": 9}]


def test_an_error_is_a_row_and_stops_nothing():
    rows = sweep(shaky, GRID, progress=False)
    assert [row["error"] for row in rows] == [None, None, "ZeroDivisionError: no ones", "ZeroDivisionError: no ones", None, None]
    assert [row.get("result") for row in rows] == [30, 60, None, None, 20, 40]
    assert all((row["a"], row["b"]) == (a, b) for row, (a, b) in zip(rows, [(3, 10), (3, 20), (1, 10), (1, 20), (2, 10), (2, 20)],
                                                                     strict=True))


def test_an_error_without_a_message_is_named():
    def silent(a, b):
        raise MemoryError

    assert [row["error"] for row in sweep(silent, {"a": [1], "b": [2]}, progress=False)] == ["MemoryError"]


@pytest.mark.parametrize(("grid", "words"), [({}, "at least one setting"), ([], "at least one setting"),
                                             ({"a": []}, "at least one setting"), ([("a", 1)], "grid holds ('a', 1)")])
def test_a_grid_without_settings_is_refused(grid, words):
    with pytest.raises(ValueError) as refusal:
        sweep(product, grid, progress=False)
    assert words in str(refusal.value)


def test_the_bar_counts_the_trials(capsys):
    sweep(product, GRID)
    assert "6/6" in capsys.readouterr().err
    sweep(product, GRID, progress=False)
    assert capsys.readouterr().err == ""


def test_an_interrupt_keeps_the_rows_so_far():
    def interrupted(a, b):
        if (a, b) == (1, 10):
            signal.raise_signal(signal.SIGINT)
        return a * b

    rows = sweep(interrupted, GRID, progress=False)
    assert [row.get("result") for row in rows] == [30, 60, 10, None, None, None]
    assert [row["error"] for row in rows] == [None, None, *["interrupted"] * 4]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_of_a_training_ends_the_sweep_too():
    from lstm_helpers.cells import RNN
    from lstm_helpers.learning import Linear, Network, train
    from lstm_helpers.sequences import AddingProblem

    def trial(seed):
        def stop(history):
            if len(history) == 3:
                signal.raise_signal(signal.SIGINT)

        history = train(Network(RNN(2, 3), Linear(3, 1)), AddingProblem(4), steps=9, stop_when=stop, progress=False)
        return {"steps": len(history)}

    rows = sweep(trial, {"seed": [0, 1]}, progress=False)
    assert rows == [{"seed": 0, "steps": 3, "error": "interrupted"}, {"seed": 1, "error": "interrupted"}]


class TestProcesses:
    def test_the_same_rows(self):
        with ProcessPoolExecutor(2) as pool:
            assert sweep(product, GRID, pool, progress=False) == EXPECTED

    def test_errors_are_rows(self):
        with ProcessPoolExecutor(2) as pool:
            assert sweep(shaky, GRID, pool, progress=False) == sweep(shaky, GRID, progress=False)

    def test_a_worker_that_dies_leaves_a_row_for_every_setting(self):
        with ProcessPoolExecutor(1) as pool:
            rows = sweep(deadly, GRID, pool, progress=False)
        assert [(row["a"], row["b"]) for row in rows] == [(row["a"], row["b"]) for row in EXPECTED]
        assert rows[2]["error"].startswith("BrokenProcessPool")
        assert all(("result" in row) == (row["error"] is None) for row in rows)

    def test_a_pool_that_takes_no_trials_leaves_a_row_for_every_setting(self):
        with ProcessPoolExecutor(1) as pool:
            pass
        refused = "RuntimeError: cannot schedule new futures after shutdown"
        rows = sweep(product, GRID, pool, progress=False)
        assert rows == [{"a": row["a"], "b": row["b"], "error": refused} for row in EXPECTED]

    def test_an_interrupt_does_not_wait_for_those_not_begun(self):
        with ProcessPoolExecutor(1) as pool:
            threading.Timer(0.5, _thread.interrupt_main).start()
            start = time.monotonic()
            rows = sweep(slow, {"a": range(10), "b": [1, 2]}, pool, progress=False)
            taken = time.monotonic() - start
        assert len(rows) == 20 and rows[0]["error"] is None and rows[-1]["error"] == "interrupted"
        assert taken < 3                                            # all of them would take six seconds


def test_an_interrupt_does_not_wait_for_the_trial_in_hand():
    begun, go_on = threading.Event(), threading.Event()

    def endless(a):
        begun.set()
        go_on.wait(10)

    def press():
        begun.wait(10)
        time.sleep(0.3)                                             # by now the sweep is waiting
        _thread.interrupt_main()                                    # os.kill would end the process on Windows

    with ThreadPoolExecutor(1) as pool:
        threading.Thread(target=press).start()
        start = time.monotonic()
        rows = sweep(endless, {"a": [1, 2]}, pool, progress=False)
        taken = time.monotonic() - start
        go_on.set()
    assert rows == [{"a": 1, "error": "interrupted"}, {"a": 2, "error": "interrupted"}]
    assert taken < 5


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: sweeps on a cluster are not tested")
    with (distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local,
          distributed.Client(local) as client):
        yield client


class TestDask:
    def test_the_same_rows(self, cluster):
        assert sweep(product, GRID, cluster.get_executor(), progress=False) == EXPECTED

    def test_errors_are_rows(self, cluster):
        assert sweep(shaky, GRID, cluster.get_executor(), progress=False) == sweep(shaky, GRID, progress=False)

    def test_a_worker_killed_on_the_way_loses_no_row(self, cluster):
        workers = cluster.run(os.getpid)
        assert len(workers) == 2
        killed = next(iter(workers.values()))
        kill = getattr(signal, "SIGKILL", signal.SIGTERM)           # Windows has no SIGKILL, and SIGTERM is as hard there
        cluster.loop.call_later(0.8, os.kill, killed, kill)
        rows = sweep(slow, {"a": range(8), "b": [1]}, cluster.get_executor(), progress=False)
        assert [row["product"] for row in rows] == list(range(8)) and all(row["error"] is None for row in rows)
        assert killed not in cluster.run(os.getpid).values()


def test_trials_that_wait_are_cancelled_once_on_row_raises():
    begun = []

    def trial(n):
        begun.append(n)
        time.sleep(0.02)

    def refuse(row):
        raise ValueError("not this row")

    with pytest.raises(ValueError, match="not this row"), ThreadPoolExecutor(1) as pool:
        sweep(trial, {"n": range(100)}, pool, progress=False, on_row=refuse)
    assert len(begun) < 100
