import signal

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.learning import Linear, Network


class FirstColumnSum:
    """Sequences of random pairs; the target is the sum of the first of each pair."""

    def sample(self, batch, rng):
        x = rng.normal(size=(5, batch, 2))
        return x, x[:, :, :1].sum(axis=0)


@pytest.fixture(autouse=True)
def interrupts_are_heard():
    """Python's own handler, also where the run ignores interrupts, as after `nohup … &`."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def task():
    return FirstColumnSum()


@pytest.fixture
def make_network():
    def make(layer=RNN, read="last", hidden=6, outputs=1, seed=0, dtype=np.float64):
        recurrent = layer(2, hidden, rng=seed, dtype=dtype)
        return Network(recurrent, Linear(hidden, outputs, rng=seed, dtype=dtype), read=read)

    return make


@pytest.fixture(params=[RNN, LSTM])
def layer(request):
    return request.param


@pytest.fixture
def same_params():
    def compare(first, second):
        return all(np.array_equal(first.params[name], second.params[name]) for name in first.params)

    return compare
