"""Pictures of what the cells and the training computed. Nothing here trains or draws random numbers."""

from lstm_helpers.drawing import figures
from lstm_helpers.drawing.cell_diagram import lstm_cell, step_values, unrolled_lstm
from lstm_helpers.drawing.show import show
from lstm_helpers.drawing.style import COLOURS, LINES, use_course_style

__all__ = ["COLOURS", "LINES", "figures", "lstm_cell", "show", "step_values", "unrolled_lstm", "use_course_style"]
