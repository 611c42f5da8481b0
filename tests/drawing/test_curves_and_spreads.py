"""Curves run where they should, dots are counted, and one step backwards names every gradient."""

import numpy as np

from lstm_helpers.drawing.curves import squashing
from lstm_helpers.drawing.spreads import dots_by_setting
from tests.drawing.pictures import drawn, words


def test_a_squashing_function_with_its_bounds_and_dots():
    z = np.linspace(-9, 9, 19)
    alone, = squashing(z, np.tanh(z), dots=[(0.5, 0.462)]).axes
    assert alone.lines[-1].get_xdata() == [0.5] and "(0.5, 0.462)" in words(alone.figure)
    assert [line.get_ydata()[0] for line in alone.lines[:2]] == [-1, 1]


def test_the_slope_stands_beside_it():
    curve, slope = drawn("squashing").axes
    assert curve.get_ylabel() == "tanh(z)" and slope.get_ylabel() == "slope of tanh"
    assert slope.lines[-1].get_ydata().tolist() == [0.01, 1, 0.01]


def test_dots_above_the_line_are_counted_for_each_label():
    panels = {"one": {"few": {"a": [0.5, 0.96], "b": [0.95, 0.2]}}, "two": {"few": {"a": [1, 1], "b": [1, 0]}}}
    fig = dots_by_setting(panels, "right")
    assert [ax.texts[0].get_text() for ax in fig.axes] == [" 1  0", " 2  1"]
    dots = [line for line in fig.axes[0].lines if line.get_linestyle() == "None"]
    assert [line.get_xdata().tolist() for line in dots] == [[0.5, 0.96], [0.95, 0.2]]


def test_a_factor_is_pale_where_its_interval_holds_one():
    axes = drawn("factors").axes
    bars = [line for ax in axes for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"]
    assert [tuple(bar.get_xdata()) for bar in bars] == [(0.8, 1.5), (2, 9), (0.3, 0.8), (1, 3)]
    assert [bar.get_color() == "#999999" for bar in bars] == [True, False, False, True]
    assert [text.get_text() for text in axes[0].get_yticklabels()] == ["coupled", "no gate"]


def test_one_step_backwards_names_every_gradient():
    there = "\n".join(words(drawn("rnn_step_backward")))
    assert all(name in there for name in ("dh_{next}", "$dh_t$", "$dz_t$", "$dW_h$", "$dW_x$", "$db$", "dx_t", "1-h_t^2"))
    assert "$dh_0$" in words(drawn("unrolled_rnn, backward"))
