"""An alignment keeps each weight in its place; shares stand over the size they belong to."""

import numpy as np

from tests.drawing.pictures import drawn


def test_an_alignment_is_a_row_a_letter_written_and_a_column_a_letter_read():
    ax = drawn("alignment").axes[0]
    assert ax.images[0].get_array().tolist() == [[0.1, 0.9, 0], [0.5, 0.25, 0.25]] and ax.images[0].get_clim() == (0, 1)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5", "␣", "m"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "5"]
    assert sum(ax.images[0].cmap(1.0)[:3]) < sum(ax.images[0].cmap(0.0)[:3])


def test_a_line_is_the_mean_and_every_seed_a_dot():
    ax = drawn("shares_by_size").axes[0]
    vector, first, second, attention, *_, rival = ax.lines
    assert vector.get_xydata().tolist() == [[0, 0.95], [1, np.mean([0.2, 0.4])]]
    assert first.get_ydata().tolist() == [1, 0.9] and second.get_ydata().tolist() == [0.2, 0.4]
    assert attention.get_xdata().tolist() == [0, 2] and rival.get_xydata().tolist() == [[0, 0.1], [2, 0.05]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5", "10", "20"]
