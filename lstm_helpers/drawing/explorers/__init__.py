"""Pictures with sliders. An explorer computes nothing: it is handed a function, calls it with the values of its sliders in
their order, and draws what comes back."""

from lstm_helpers.drawing.explorers.backward_paths import backward_paths
from lstm_helpers.drawing.explorers.bars import bars
from lstm_helpers.drawing.explorers.base import Explorer, log_slider, slider
from lstm_helpers.drawing.explorers.conveyor_belt import conveyor_belt
from lstm_helpers.drawing.explorers.counting import counting
from lstm_helpers.drawing.explorers.forget_bias import forget_bias
from lstm_helpers.drawing.explorers.gap import gap
from lstm_helpers.drawing.explorers.gate_order import gate_order
from lstm_helpers.drawing.explorers.gradient_slider import gradient_slider
from lstm_helpers.drawing.explorers.half_lives import half_lives
from lstm_helpers.drawing.explorers.latch import latch
from lstm_helpers.drawing.explorers.learning_rate import learning_rate
from lstm_helpers.drawing.explorers.lines import lines
from lstm_helpers.drawing.explorers.lstm_unit import lstm_unit
from lstm_helpers.drawing.explorers.one_unit import one_unit
from lstm_helpers.drawing.explorers.reading_text import reading_text
from lstm_helpers.drawing.explorers.reorder_words import reorder_words
from lstm_helpers.drawing.explorers.step_through import step_through
from lstm_helpers.drawing.explorers.translation import translation
from lstm_helpers.drawing.explorers.two_memories import two_memories
from lstm_helpers.drawing.explorers.wall import wall

__all__ = ["Explorer", "backward_paths", "bars", "conveyor_belt", "counting", "forget_bias", "gap", "gate_order",
           "gradient_slider", "half_lives", "latch", "learning_rate", "lines", "log_slider", "lstm_unit", "one_unit",
           "reading_text", "reorder_words", "slider", "step_through", "translation", "two_memories", "wall"]
