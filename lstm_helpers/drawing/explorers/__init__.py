"""Pictures with sliders. An explorer computes nothing: it is handed a function, calls it with the values of its sliders in
their order, and draws what comes back."""

from lstm_helpers.drawing.explorers.bars import bars
from lstm_helpers.drawing.explorers.base import Explorer, log_slider, slider
from lstm_helpers.drawing.explorers.gap import gap
from lstm_helpers.drawing.explorers.gradient_slider import gradient_slider
from lstm_helpers.drawing.explorers.lines import lines
from lstm_helpers.drawing.explorers.one_unit import one_unit
from lstm_helpers.drawing.explorers.reorder_words import reorder_words
from lstm_helpers.drawing.explorers.wall import wall

__all__ = ["Explorer", "bars", "gap", "gradient_slider", "lines", "log_slider", "one_unit", "reorder_words", "slider", "wall"]
