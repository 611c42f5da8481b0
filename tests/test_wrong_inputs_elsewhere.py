"""What is wrong is refused in words, beside cells and learning: the table of test_wrong_inputs.py goes on here."""

import re

import numpy as np
import pytest

from lstm_helpers.cells import LSTM
from lstm_helpers.learning import SGD, Adam, History, Linear, Network, load_checkpoint, save_checkpoint, sweep, train
from lstm_helpers.sequences import Copy, EmbeddedReber, Forecast, TextWindows, split_in_time

NOWHERE = "/no/such/run.npz"


def net(units=4):
    return Network(LSTM(2, units), Linear(units, 1))


def task(batch, rng):
    return rng.normal(size=(5, batch, 2)), np.zeros((batch, 1))


def run(network=None, **options):
    return train(net() if network is None else network, task, **{"steps": 1, "progress": False, **options})


def used():
    return run(net(7), optimiser=Adam(0.01)).optimiser


WRONG = {
    # fifty of a fresh reader
    "a checkpoint nowhere": (lambda: run(checkpoint="/no/such/run.npz"), "checkpoint is '/no/such/run.npz'; train needs a file"),
    "a folder for a checkpoint": (lambda: run(checkpoint="."), "checkpoint is '.'; train needs a file in a folder that exists"),
    "checkpoint True": (lambda: run(checkpoint=True), "checkpoint is True; train needs a file in a folder that exists"),
    "load into a layer": (lambda: load_checkpoint(NOWHERE, LSTM(2, 4), SGD(0.1)), "; load_checkpoint needs a network, such as"),
    "load without an optimiser": (lambda: load_checkpoint(NOWHERE, net(), None), "optimiser is None; load_checkpoint needs an"),
    "load, network first": (lambda: load_checkpoint(net(), NOWHERE, SGD(0.1)), "; load_checkpoint needs the path of a file"),
    "save no history": (lambda: save_checkpoint(NOWHERE, net(), SGD(0.1), [1.0]), "history is [1.0]; save_checkpoint needs a"),
    "save a used optimiser": (lambda: save_checkpoint(NOWHERE, net(), used(), History()), "; save_checkpoint needs (4, 2, 4),"),
    "sweep one number": (lambda: sweep(abs, {"rate": 0.1}), "grid has 0.1 for 'rate'; sweep needs a list of values"),
    "sweep one word": (lambda: sweep(abs, {"kind": "LSTM"}), "grid has 'LSTM' for 'kind'; sweep needs a list of values"),
    "sweep the other way round": (lambda: sweep({"rate": [0.1]}, abs), "trial is {'rate': [0.1]}; sweep needs a function"),
    "sweep no grid": (lambda: sweep(abs, None), "grid is None; sweep needs {name: values}, or a list of settings"),
    "sweep on 4": (lambda: sweep(abs, {"rate": [0.1]}, 4), "executor is 4; sweep needs an executor, such as ProcessPoolExecutor"),
    "sweep into a list": (lambda: sweep(abs, {"rate": [0.1]}, on_row=[]), "on_row is []; sweep needs a function"),
    "a length in words": (lambda: Copy("100"), "delay is '100'; Copy needs at least 1"),
    "half a length": (lambda: Copy(2.5), "delay is 2.5; Copy needs at least 1"),
    "a series of columns": (lambda: Forecast(np.ones((90, 1)), 1), "series has shape (90, 1); Forecast needs floats (n,)"),
    "a hole in a series": (lambda: split_in_time(np.array([1, np.nan, 2])), "series has NaN or infinity; split_in_time needs"),
    "a series that stands still": (lambda: split_in_time(np.ones(9)), "series is 1.0 all through its earlier part; split"),
    "a letter twice": (lambda: TextWindows("ab" * 50, "aab"), "alphabet is 'aab'; TextWindows needs each letter once"),
    "codes below 0": (lambda: TextWindows("ab" * 50, "ab").decode([-1]), "codes holds -1; decode needs places from 0 to 1"),
    "one text for many": (lambda: EmbeddedReber().encode("BTBPVVETE"), "texts is 'BTBPVVETE'; encode needs a list of texts"),
    "no texts": (lambda: EmbeddedReber().encode([]), "texts is []; encode needs a list of texts, at least one"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_in_words(name):
    ask, words = WRONG[name]
    with pytest.raises(ValueError, match=re.escape(words)):
        ask()
