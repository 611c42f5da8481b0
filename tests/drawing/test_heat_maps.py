"""Every heat map is darker where the number is larger, and keeps what it was given in its place."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lstm_helpers.drawing import COLOURS, heat_maps
from tests.drawing.pictures import drawn


def test_the_wall_draws_both_paths():
    plain, clipped = drawn("wall").axes[0].lines
    assert plain.get_ydata().tolist() == [-2, -1] and clipped.get_ydata().tolist() == [-2, -2]


def test_solved_runs_are_darker_the_more_there_are_and_carry_their_notes():
    first, second = drawn("solved_runs").axes
    assert first.images[0].get_array().tolist() == [[0, 1, 0.4], [1, 1, 0.05]] and first.images[0].cmap(1.0)[0] < 0.1
    assert [text.get_text() for text in first.texts][:6] == ["0", "100 %", "1", "2 %", "0.4", ""]
    assert [text.get_text() for text in second.texts][-2:] == ["1", "60 %"] and second.get_title("left") == "ρ = 1"
    assert [label.get_text() for label in first.get_yticklabels()] == ["none", "0.1"]
    assert [text.get_color() for text in first.texts][:4] == ["black", "black", "white", "white"]


def test_what_was_not_tried_is_hatched_and_panels_may_stand_in_two_rows():
    shares = {"RNN": [[0, 1], [1, np.nan]], "IRNN": [[0, 0], [1, 1]], "LSTM": [[1, 1], [1, 1]]}
    figure = heat_maps.solved_runs(shares, {name: 2 * [2 * [""]] for name in shares}, "ab",
                                   {name: (0.1, 0.01) for name in shares}, xlabel="learning rate", ylabel="task", across=2)
    first, *_, last = [ax for ax in figure.axes if ax.images]
    assert [patch.get_xy() for patch in first.patches] == [(0.5, 0.5)] and first.patches[0].get_hatch() and not last.patches
    assert [text.get_text() for text in first.texts][::2] == ["0", "1", "1"]
    assert last.get_title("left") == "LSTM" and last.get_position().y0 < first.get_position().y0
    assert len([ax for ax in figure.axes if ax.axison]) == 3


def test_the_axis_of_a_reading_says_what_was_asked():
    assert heat_maps.reading(np.eye(2), "19", ("1", "9"), xlabel="letters written").axes[0].get_xlabel() == "letters written"


def test_gates_stand_below_their_letters_and_right_of_the_room():
    values = np.arange(9 * 4).reshape(9, 4) / 36
    gates = {gate: values * scale for gate, scale in zip("ifgo", (1, 0.5, -1, 0.25), strict=True)}
    axes = heat_maps.gates_per_letter(gates, "1 mai", "1990", room=7).axes
    for ax, gate in zip(axes, "ifgo", strict=True):
        shown = ax.images[0].get_array().filled(np.nan)
        assert np.isnan(shown[:, :2]).all() and np.array_equal(shown[:, 2:], gates[gate].T)
        assert ax.images[0].get_clim() == ((-1, 1) if gate == "g" else (0, 1))
        assert np.allclose(to_rgb(ax.images[0].cmap(1.0)[:3]), to_rgb(COLOURS[gate])) and ax.lines[0].get_xdata()[0] == 6.5
    assert "".join(text.get_text() for text in axes[0].texts) == "1␣mai1990" and len(axes[0].texts) == 11


def test_signals_over_words_are_a_row_a_unit():
    signals = {"i": np.linspace(0, 1, 6).reshape(3, 2), "c": np.linspace(-4, 2, 6).reshape(3, 2)}
    axes = heat_maps.signals_over_words(signals, ("i", "in", "Peru"), units=(5, 31)).axes
    for ax, values, limits in zip(axes, signals.values(), ((0, 1), (-4, 4)), strict=False):
        assert np.array_equal(ax.images[0].get_array(), values.T) and ax.images[0].get_clim() == limits
        assert [label.get_text() for label in ax.get_yticklabels()] == ["5", "31"]
    assert [label.get_text() for label in axes[1].get_xticklabels()] == ["i", "in", "Peru"]


def test_coloured_text_is_darker_where_the_number_is_larger():
    ax = heat_maps.coloured_text("ab\n c", {"depth": [0, 1, 2, 3, 4]}, width=3).axes[0]
    assert [text.get_text() for text in ax.texts] == ["a", "b", "↵", "·", "c"]
    assert [box.get_xy() for box in ax.patches] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
    greys = [np.dot(to_rgb(box.get_facecolor()), (0.299, 0.587, 0.114)) for box in ax.patches]
    assert np.all(np.diff(greys) < 0) and greys[0] == pytest.approx(1)
    contrast = [abs(np.dot(to_rgb(text.get_color()), (0.299, 0.587, 0.114)) - grey)
                for text, grey in zip(ax.texts, greys, strict=True)]
    assert min(contrast) >= 0.45


def test_a_gate_is_coloured_on_a_scale_from_zero_to_one():
    ax, other = heat_maps.coloured_text("ab", {"f": [0.0, 0.5], "c": [-3.0, 5.0]}).axes
    assert ax.get_title("left") == "f: white is 0.0, full colour 1.0"
    assert to_rgb(ax.patches[1].get_facecolor()) == pytest.approx((np.array(to_rgb(COLOURS["f"])) + 1) / 2, abs=0.01)
    assert other.get_title("left") == "c: white is -3.0, full colour 5.0"
