"""A recording keeps every row, goes on where it was stopped, notices a change by hand, and can be checked by a few runs."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_helpers.experiments.recording import Experiment, NotAsRecorded, check, quickest, record, select, values

GRID = [{"model": model, "rate": rate, "seed": seed} for model in ("A, b = 1", "B") for rate in (0.1, None) for seed in (0, 1, 2)]
calls = []


def trial(model, rate, seed):
    calls.append((model, rate, seed))
    if (model, seed) == ("B", 2):
        raise ArithmeticError("lost, with a comma\nand a line")
    return {"accuracy": 0.5 + seed / 10 + (model == "B") / 3, "steps": 7 * seed}


@pytest.fixture
def experiment(tmp_path):
    calls.clear()
    return Experiment(name="toy", about="a toy", trial=trial, grid=GRID, slack={"accuracy": 0.01, "steps": 0}, folder=tmp_path)


@pytest.fixture
def recorded(experiment):
    assert record(experiment, progress=False) == 0
    return experiment


def test_every_trial_is_a_row_also_those_that_failed(recorded):
    rows = recorded.rows()
    assert [{name: row[name] for name in GRID[0]} for row in rows] == GRID
    assert rows[1] == {**GRID[1], "accuracy": 0.6, "steps": 7, "seconds": rows[1]["seconds"], "error": None}
    assert rows[6]["accuracy"] == pytest.approx(0.5 + 1 / 3, rel=1e-4)
    assert rows[-1]["error"].startswith("ArithmeticError: lost, with a comma") and np.isnan(rows[-1]["accuracy"])


def test_rows_are_chosen_by_their_setting(recorded):
    assert len(select(recorded.rows(), model="B", rate=None)) == 3
    np.testing.assert_allclose(values(recorded.rows(), "accuracy", model="A, b = 1", rate=0.1), [0.5, 0.6, 0.7])
    assert np.isnan(values(recorded.rows(), "accuracy", model="B", seed=2)).all()


def test_the_head_says_how_the_table_came_about(recorded):
    head = [line for line in recorded.path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    names = [line.removeprefix("# ").split(":")[0] for line in head]
    assert names == ["checksum", "experiment", "machine", "versions", "date", "trials"]
    assert f"NumPy {np.__version__}" in head[3] and head[-1] == "# trials: 12"


def test_processes_give_the_same_table(recorded):
    with ProcessPoolExecutor(2) as pool:
        assert record(replace(recorded, name="other"), pool, progress=False) == 0
    ours, theirs = ([{**row, "seconds": 0} for row in table.rows() if not row["error"]]
                    for table in (recorded, replace(recorded, name="other")))
    assert len(ours) == 10 and ours == theirs


def test_a_recording_goes_on_where_it_was(experiment):
    done = [{**setting, "accuracy": 0.9, "steps": 1, "seconds": 0.1, "error": None} for setting in GRID[:4]]
    lines = "".join(json.dumps(row) + "\n" for row in done)
    experiment.unfinished.write_text(lines + '{"model": "B", "ra', encoding="utf-8")        # killed while it wrote
    assert record(experiment, progress=False) == 0
    assert calls == [tuple(setting.values()) for setting in GRID[4:]]
    assert not experiment.unfinished.exists() and len(experiment.rows()) == 12


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from dataclasses import replace
from pathlib import Path
from tests.experiments import test_recording as here
from lstm_helpers.experiments.recording import Experiment, record
def trial(model, rate, seed):
    if (model, rate, seed) == ("A, b = 1", None, 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return here.trial(model, rate, seed)
slack = {{"accuracy": 0.01, "steps": 0}}
record(Experiment(name="toy", about="a toy", trial=trial, grid=here.GRID, slack=slack, folder=Path({folder!r})), progress=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_recording_that_is_killed_loses_only_the_trial_in_hand(experiment, tmp_path):
    code = KILLED.format(root=str(Path(__file__).parents[2]), folder=str(tmp_path))
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert len(experiment.unfinished.read_text(encoding="utf-8").splitlines()) == 4 and not experiment.path.exists()
    assert record(experiment, progress=False) == 0
    assert len(calls) == 8


@pytest.mark.parametrize("change", [
    lambda text: text.replace("0.6,7", "0.9,7", 1), lambda text: text.replace("# date: 2", "# date: 1", 1),
    lambda text: text + "B,0.1,3,0.9,1,0.1,\n", lambda text: text.replace("checksum: ", "checksum: 0", 1), lambda text: "",
])
def test_a_row_written_by_hand_is_noticed(recorded, change):
    text = recorded.path.read_text(encoding="utf-8")
    assert change(text) != text
    recorded.path.write_text(change(text), encoding="utf-8")
    with pytest.raises(NotAsRecorded, match=r"record it again: python3 run\.py experiments toy"):
        recorded.rows()


def test_a_table_of_another_grid_is_refused(recorded):
    with pytest.raises(NotAsRecorded, match="holds 12 trials that are not the 11"):
        replace(recorded, grid=GRID[1:]).rows()
    with pytest.raises(NotAsRecorded):
        replace(recorded, grid=[{**setting, "seed": setting["seed"] + 1} for setting in GRID]).rows()


@pytest.mark.parametrize("name", ["seconds", "error", "rate"])
def test_a_measure_named_like_a_column_is_refused(experiment, name):
    with pytest.raises(ValueError, match=f"measure '{name}'.*toy"):
        replace(experiment, slack={**experiment.slack, name: 0})


@pytest.mark.parametrize("name", ["seconds", "error"])
def test_a_setting_named_like_a_column_is_refused(experiment, name):
    with pytest.raises(ValueError, match=f"setting '{name}'.*toy"):
        replace(experiment, grid=[{**setting, name: 1} for setting in GRID])


@pytest.mark.parametrize("name", ["seconds", "error", "rate"])
def test_what_a_trial_returns_under_a_name_of_a_column_is_refused(experiment, name):
    def named(**setting):
        return {**trial(**setting), name: 1.0}
    with pytest.raises(ValueError, match=f"measure '{name}'.*toy"):
        record(replace(experiment, trial=named), progress=False)
    assert not experiment.path.exists() and not experiment.unfinished.exists()


def test_a_check_runs_quick_trials_of_every_model_again(recorded):
    calls.clear()
    trials, complaints = check(recorded, seconds=1000)
    assert (trials, complaints) == (10, []) and len(calls) == 10


@pytest.mark.parametrize(("off", "complaints"), [
    ({"accuracy": 0.005}, 0), ({"accuracy": 0.3}, 10), ({"accuracy": -0.3}, 10), ({"steps": 40}, 10)])
def test_a_check_tells_what_falls_out_of_the_range_of_its_seeds(recorded, off, complaints):
    def changed(**setting):
        measures = trial(**setting)
        return {name: value + off.get(name, 0) for name, value in measures.items()}
    _, found = check(replace(recorded, trial=changed), seconds=1000)
    assert len(found) == complaints
    assert all("the recorded seeds span 0" in complaint for complaint in found)


def test_the_quickest_are_taken_in_turn_from_each_model():
    times = ("A", 3), ("A", 1), ("B", 2), ("B", 9), ("A", 5)
    rows = [{"model": model, "seconds": seconds, "error": None} for model, seconds in times]
    assert [(row["model"], row["seconds"]) for row in quickest(rows, 6)] == [("A", 1), ("B", 2), ("A", 3)]
    assert [row["seconds"] for row in quickest(rows, 0.5)] == [1]
    assert quickest([{**rows[0], "error": "lost"}], 100) == []
