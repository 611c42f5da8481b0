"""Pictures with sliders. An explorer computes nothing: it is handed a function, calls it with the values of its sliders in
their order, and draws what comes back. `lines` and `bars` are the general ones; most others only hand them words.
"""

from lstm_helpers.drawing.explorers.bars import bars
from lstm_helpers.drawing.explorers.controls import log_slider, slider
from lstm_helpers.drawing.explorers.explorer import Explorer
from lstm_helpers.drawing.explorers.gradients import backward_paths, gradient_slider
from lstm_helpers.drawing.explorers.joining_tree import joining_tree
from lstm_helpers.drawing.explorers.lines import lines
from lstm_helpers.drawing.explorers.live_cell import live_cell, live_cell_backward, live_unit
from lstm_helpers.drawing.explorers.looking import looking
from lstm_helpers.drawing.explorers.lstm_unit import lstm_unit
from lstm_helpers.drawing.explorers.matrix_memory import matrix_memory
from lstm_helpers.drawing.explorers.memories import forget_bias, half_lives, two_memories
from lstm_helpers.drawing.explorers.reading_text import reading_text
from lstm_helpers.drawing.explorers.sentences import gap, reorder_words
from lstm_helpers.drawing.explorers.states import conveyor_belt, counting, gate_order, latch, one_unit
from lstm_helpers.drawing.explorers.step_through import step_through
from lstm_helpers.drawing.explorers.training import learning_rate, wall
from lstm_helpers.drawing.explorers.translation import translation

__all__ = ["Explorer", "backward_paths", "bars", "conveyor_belt", "counting", "forget_bias", "gap", "gate_order",
           "gradient_slider", "half_lives", "joining_tree", "latch", "learning_rate", "lines", "live_cell", "live_cell_backward",
           "live_unit", "log_slider", "looking", "lstm_unit", "matrix_memory", "one_unit", "reading_text", "reorder_words",
           "slider", "step_through", "translation", "two_memories", "wall"]
