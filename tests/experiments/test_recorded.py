"""The tables that the notebooks draw: whole, of the grid that their module declares, and what a fresh run gives as well."""

import subprocess
import sys
from pathlib import Path

import pytest

from lstm_helpers.experiments.recording import check

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from record_experiments import main, recorded

EXPERIMENTS = recorded()
every_experiment = pytest.mark.parametrize("name", EXPERIMENTS)


def test_there_are_experiments():
    assert "clipping" in EXPERIMENTS


@every_experiment
def test_the_table_is_as_it_was_recorded(name):
    rows = EXPERIMENTS[name].rows()
    assert len(rows) == len(EXPERIMENTS[name].grid) > 50


@every_experiment
def test_a_few_trials_run_again_fall_where_their_seeds_did(name):
    trials, complaints = check(EXPERIMENTS[name], seconds=5)
    assert trials >= 1 and complaints == []


def test_the_command_names_what_there_is_and_checks():
    with pytest.raises(SystemExit, match=r"no experiment 'gaps'\. There are: .*clipping"):
        main(["gaps"])
    script = Path(sys.modules[main.__module__].__file__)
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True)
    assert all(option in done.stdout for option in ("--processes", "--scheduler", "--check"))
