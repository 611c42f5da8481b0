"""Every layer keeps to the contract. A new layer is tested by one more line in LAYERS."""

from functools import partial

import pytest

from lstm_helpers.cells import GRU, LSTM, MLSTM, RNN, SLSTM, VARIANTS, LSTMVariant, MinLSTM, SelfAttention

from . import contract

LAYERS = {
    "RNN": RNN,
    "RNN, relu": partial(RNN, activation="relu"),
    "RNN, linear": partial(RNN, activation="linear"),
    "LSTM": LSTM,
    "LSTM, chrono": partial(LSTM, chrono=9),
    "GRU": GRU,
    "minLSTM": MinLSTM,
    "minLSTM, low -1": partial(MinLSTM, low=-1.0),
    "SelfAttention": SelfAttention,
    "SelfAttention, plain": partial(SelfAttention, positions=False, mlp=0),
    "sLSTM": SLSTM,
    "sLSTM, exp": partial(SLSTM, forget="exp"),
    "mLSTM": MLSTM,
    "mLSTM, chunks": partial(MLSTM, chunk=3),
    "plain variant": LSTMVariant,
    **{variant: partial(LSTMVariant, variant=variant) for variant in VARIANTS},
}
PAIRS = [pytest.param(make, check, id=f"{name}-{check.__name__.removeprefix('check_')}")
         for name, make in LAYERS.items() for check in contract.checks(make)]


@pytest.mark.parametrize(("make", "check"), PAIRS)
def test_layer(make, check):
    check(make)
