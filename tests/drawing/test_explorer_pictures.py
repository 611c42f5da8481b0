"""The two SVGs of an explorer: small, without what would reach the rest of the page, and only the moving one sent again."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from lstm_helpers.drawing import explorers
from lstm_helpers.drawing.explorers import layers
from lstm_helpers.drawing.explorers.lines import thin_out


@pytest.fixture
def explorer():
    return explorers.one_unit(lambda W_x, W_h, b: W_x * 0.5 ** np.arange(5000) + b, np.eye(60)[0])


def test_what_stays_is_not_sent_again(explorer):
    assert "state h" in explorer.background and "input x" in explorer.background
    assert "state h" not in explorer.picture and "input x" not in explorer.picture
    assert explorer.picture.count("<path") == 1
    assert len(explorer.picture) < 6000


def test_what_moves_is_not_drawn_twice(explorer):
    line = re.search(r' d="[^"]*"', explorer.picture).group()
    assert line not in explorer.background


def test_nothing_reaches_the_rest_of_the_page(explorer):
    for drawing in (explorer.background, explorer.picture):
        assert not re.search("<style|<[?]xml|<!DOCTYPE|<svg|</svg>", drawing)


def test_letters_stay_letters_and_numbers_in_them_whole():
    figure = Figure()
    figure.text(0.5, 0.5, "0.12345")
    drawing = layers.inside(figure)
    assert ">0.12345</text>" in drawing
    assert not re.search(r' (?:d|x|y)="[^"]*\.\d\d', drawing)


def test_a_figure_is_the_same_picture_every_time():
    def draw():
        return explorers.one_unit(lambda W_x, W_h, b: np.full(9, b))

    one, other = draw(), draw()
    assert (one.background, one.picture) == (other.background, other.picture)


@pytest.mark.parametrize(("length", "expected"), [(1, 1), (7, 7), (200, 200), (201, 200), (5000, 200)])
def test_thin_out_keeps_both_ends(length, expected):
    values = np.arange(length) * 2
    steps, kept = thin_out(values)
    assert len(steps) == expected and steps[0] == 0 and steps[-1] == length - 1
    assert np.array_equal(kept, values[steps])


def test_reset_draws_once():
    calls = []

    def respond(W_x, W_h, b):
        calls.append((W_x, W_h, b))
        return np.full(9, b)

    explorer = explorers.one_unit(respond)
    for control in explorer.controls.values():
        control.value = 2.0
    calls.clear()
    explorer.reset()
    assert calls == [(1.0, 0.9, 0.0)]


def test_an_error_at_the_start_is_the_cells_own():
    with pytest.raises(ZeroDivisionError):
        explorers.gap(lambda k: 1 / 0, ["French", "Dutch"], "French")


def test_an_error_in_reset_is_shown_too():
    broken = []

    def respond(W_x, W_h, b):
        if broken:
            raise RuntimeError("no more")
        return np.full(9, b)

    explorer = explorers.one_unit(respond)
    broken.append(True)
    explorer.reset()
    assert "no more" in explorer.error


@pytest.mark.parametrize(("row", "words"), [
    ([0.2, 0.3, 0.5], r"RNN has shape \(3,\); bars needs \(2,\)"),
    ([0.5, np.nan], "RNN holds numbers that are no probabilities"),
    ([-0.1, 0.9], "RNN holds numbers that are no probabilities"),
    ([0.1, 1.1], "RNN holds numbers that are no probabilities"),
])
def test_bars_refuse_what_is_no_probability(row, words):
    with pytest.raises(ValueError, match=words):
        explorers.gap(lambda k: {"RNN": row}, ["French", "Dutch"], "French")


def test_the_bars_are_as_long_as_the_probabilities():
    explorer = explorers.gap(lambda k: {"RNN": [k / 80, 1 - k / 80]}, ["French", "Dutch"], "French")
    explorer.controls["k"].value = 20
    assert [bar.get_width() for bar in explorer.figure.axes[0].patches] == [0.25, 0.75]
    assert [text.get_text() for text in explorer.figure.axes[0].texts] == ["0.25", "0.75"]
    assert "RNN: 0.25" in explorer.sentence


def test_labels_that_change_are_refused():
    explorer = explorers.gradient_slider(lambda radius: {"linear" if radius < 1 else "tanh": [1.0, radius]})
    explorer.controls["radius"].value = 1.5
    assert "the lines are called ['tanh']" in explorer.error


def test_on_a_log_axis_what_is_too_small_lies_on_the_edge():
    explorer = explorers.gradient_slider(lambda radius: {"linear": [1.0, 0.0]}, ylim=(1e-3, 1e3))
    assert list(explorer.figure.axes[0].lines[0].get_ydata()) == [1.0, 1e-3]


def test_the_wall_shows_the_path_its_start_and_its_end():
    points = np.array([[5.0, -2.0], [6.0, -2.5], [1e300, -3.0], [np.nan, 0.0]])
    explorer = explorers.wall(lambda clip: points[:2 if clip < 1 else 4], np.ones((2, 2)), np.array([3.0, 7.0]),
                              np.array([-4.0, -1.0]), clip=0.1)
    way, start, end = explorer.figure.axes[0].lines
    assert way.get_xydata().tolist() == points[:2].tolist()
    assert start.get_xydata().tolist() == [[5.0, -2.0]] and end.get_xydata().tolist() == [[6.0, -2.5]]
    assert explorer.sentence == "Clip at 0.1: 1 steps end at (6, -2.5)."
    explorer.controls["clip"].value = 1000.0
    assert explorer.error == "" and "Clip at 1000: " in explorer.sentence
    assert "first leaves the picture at step 2" in explorer.sentence
    assert way.get_xydata().tolist() == [[5.0, -2.0], [6.0, -2.5], [1e6, -3.0]]
    assert "e+" not in explorer.picture and "nan" not in explorer.picture


def test_a_deep_minimum_does_not_hide_the_wall():
    surface = np.array([[1e-9, 1.0], [30.0, 30.0]])
    explorer = explorers.wall(lambda clip: np.array([[5.0, -2.0]]), surface, np.array([3.0, 7.0]), np.array([-4.0, -1.0]))
    drawn = explorer.figure.axes[0].collections[0]
    assert np.sum((drawn.levels > np.log10(1)) & (drawn.levels < np.log10(30))) >= 4        # shades between the two sides
    assert drawn.norm.vmax > drawn.levels[-1]                                               # the darkest of them is not black


def test_the_sentence_names_the_setting():
    explorer = explorers.gradient_slider(lambda radius: {"linear": [1.0, radius]})
    explorer.controls["radius"].value = 1.5
    assert explorer.sentence.startswith("Spectral radius 1.50.") and "linear: 2e+00" in explorer.sentence


def test_switching_paths_off_is_told_in_words():
    def flow(direct, *through):
        return {"paths on": [1.0, 0.5 * direct], "all paths": [1.0, 0.9]}

    explorer = explorers.backward_paths(flow, start=[True] * 5)
    assert "Paths on … direct path, through i, through f, through g, through o." in explorer.sentence
    assert explorer.sentence.endswith("1 steps back … paths on: 5e-01; all paths: 9e-01.")
    for control in explorer.controls.values():
        control.value = False
    assert "Paths on … none." in explorer.sentence and "paths on: nothing" in explorer.sentence
