"""Pictures of what the cells and the training computed. Nothing here trains or draws random numbers."""

from lstm_helpers.drawing import figures
from lstm_helpers.drawing.show import show
from lstm_helpers.drawing.style import COLOURS, LINES, use_course_style

__all__ = ["COLOURS", "LINES", "figures", "show", "use_course_style"]
