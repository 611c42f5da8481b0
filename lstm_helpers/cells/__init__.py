"""The maths of recurrent layers, in NumPy alone."""

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.gates import (
    GATES,
    F,
    G,
    I,
    O,
    candidate,
    forget_gate,
    hidden_state,
    input_gate,
    lstm_step,
    output_gate,
    update_cell,
)
from lstm_helpers.cells.layer import Gradients
from lstm_helpers.cells.lstm import LSTM, LSTMTrace
from lstm_helpers.cells.rnn import RNN, RNNTrace, rnn_step

__all__ = [
    "GATES",
    "LSTM",
    "RNN",
    "F",
    "G",
    "Gradients",
    "I",
    "LSTMTrace",
    "O",
    "RNNTrace",
    "candidate",
    "forget_gate",
    "hidden_state",
    "input_gate",
    "lstm_step",
    "output_gate",
    "rnn_step",
    "sigmoid",
    "update_cell",
]
