"""The maths of recurrent layers, in NumPy alone."""

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.attention import attend, attend_backward
from lstm_helpers.cells.bidirectional import Bidirectional, BidirectionalTrace
from lstm_helpers.cells.dropout import RecurrentDropout, StepsTrace, Zoneout, dropout_mask
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
from lstm_helpers.cells.gru import GRU, GRUTrace
from lstm_helpers.cells.initialise import chrono_bias
from lstm_helpers.cells.layer import Gradients
from lstm_helpers.cells.linear_recurrence import scan, scan_backward
from lstm_helpers.cells.lstm import LSTM, LSTMTrace
from lstm_helpers.cells.minimal import MinLSTM, MinLSTMTrace
from lstm_helpers.cells.mlstm import MLSTM, MLSTMTrace
from lstm_helpers.cells.rnn import RNN, RNNTrace, rnn_step
from lstm_helpers.cells.self_attention import SelfAttention, SelfAttentionTrace, sinusoidal_positions
from lstm_helpers.cells.slstm import SLSTM, SLSTMTrace
from lstm_helpers.cells.stacked import Stacked, StackedTrace
from lstm_helpers.cells.variants import VARIANTS, LSTMVariant, VariantTrace

__all__ = [
    "GATES",
    "GRU",
    "LSTM",
    "MLSTM",
    "RNN",
    "SLSTM",
    "VARIANTS",
    "Bidirectional",
    "BidirectionalTrace",
    "F",
    "G",
    "GRUTrace",
    "Gradients",
    "I",
    "LSTMTrace",
    "LSTMVariant",
    "MLSTMTrace",
    "MinLSTM",
    "MinLSTMTrace",
    "O",
    "RNNTrace",
    "RecurrentDropout",
    "SLSTMTrace",
    "SelfAttention",
    "SelfAttentionTrace",
    "Stacked",
    "StackedTrace",
    "StepsTrace",
    "VariantTrace",
    "Zoneout",
    "attend",
    "attend_backward",
    "candidate",
    "chrono_bias",
    "dropout_mask",
    "forget_gate",
    "hidden_state",
    "input_gate",
    "lstm_step",
    "output_gate",
    "rnn_step",
    "scan",
    "scan_backward",
    "sigmoid",
    "sinusoidal_positions",
    "update_cell",
]
