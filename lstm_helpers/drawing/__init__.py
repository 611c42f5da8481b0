"""Pictures of what the cells and the training computed. Nothing here trains or draws random numbers.

`cell_diagram` is the LSTM cell, `diagrams` are pictures without a scale, `charts`, `heat_maps` and `learning_rates` plot
numbers, and `explorers` are pictures with sliders.
"""

from lstm_helpers.drawing import charts, diagrams, heat_maps, learning_rates
from lstm_helpers.drawing.cell_diagram import lstm_cell, step_values
from lstm_helpers.drawing.show import show
from lstm_helpers.drawing.style import COLOURS, LINES, use_course_style

__all__ = ["COLOURS", "LINES", "charts", "diagrams", "heat_maps", "learning_rates", "lstm_cell", "show", "step_values",
           "use_course_style"]
