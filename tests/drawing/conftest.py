"""Every test of a picture begins in the course's style, and leaves no figure of pyplot's behind."""

import pytest
from matplotlib import pyplot as plt

from lstm_helpers.drawing import use_course_style


@pytest.fixture(autouse=True)
def _style():
    use_course_style()
    yield
    plt.close("all")
