"""Every chart draws the numbers that it was given."""

import numpy as np
import pytest

from lstm_helpers.drawing import COLOURS, charts
from tests.drawing.pictures import drawn


def drawn_lines(fig):
    return {line.get_label(): np.asarray(line.get_ydata()) for line in fig.axes[0].lines}


def places(fig, label):
    return np.vstack([dots.get_offsets() for dots in fig.axes[0].collections if dots.get_label() == label])


def test_a_signal_of_the_cell_has_its_own_colour_and_line():
    lines = charts.lines_over_time({"other": [1, 2], "f": [1, 2], "c": [2, 1]}, "value").axes[0].lines
    assert [line.get_color() for line in lines[1:]] == [COLOURS["f"], COLOURS["c"]]
    assert lines[0].get_color() != COLOURS["f"]


def test_six_signals_each_in_the_panel_of_its_name():
    fig = charts.six_signals({name: [k / 10, 0.5] for k, name in enumerate("ifgoch")})
    starts = {ax.get_title("left")[-1]: ax.lines[0].get_ydata()[0] for ax in fig.axes}
    assert starts == {name: k / 10 for k, name in enumerate("ifgoch")}


def test_signals_of_the_cell_go_in_steps_and_other_lines_do_not():
    style = {line.get_label(): line.get_drawstyle() for line in charts.lines_over_time(
        {"c": [0, 1], "o": [0, 1], "truth": [0, 1], "loss": [0, 1]}, "y").axes[0].lines}
    assert style == {"c": "steps-mid", "o": "steps-mid", "truth": "default", "loss": "default"}
    six = charts.six_signals({name: [0.1, 0.5] for name in "ifgoch"})
    assert {ax.lines[0].get_drawstyle() for ax in six.axes} == {"steps-mid"}


def test_six_signals_have_their_colours_and_stay_within_their_panels():
    signals = {name: [0.0, 1] for name in "ifo"} | {name: [-1.0, 1] for name in "gh"} | {"c": [-30.0, 400]}
    for ax in charts.six_signals(signals, first=5).axes:
        (signal, zero), name = ax.lines, ax.get_title("left")[-1]
        assert signal.get_color() == COLOURS[name] and signal.get_xdata().tolist() == [5, 6]
        low, high = ax.get_ylim()
        assert low < min(signals[name]) and max(signals[name]) < high, name
        assert set(zero.get_ydata()) == {0}


def test_errors_against_horizon_are_means_with_the_spread_over_seeds():
    fig = charts.errors_against_horizon((1, 20), {"AR": [0.01, 2], "LSTM": [[0.1, 0.2, 0.6], [0.02, 0.04, 0.3]]})
    lines, ax = drawn_lines(fig), fig.axes[0]
    assert lines["AR"].tolist() == [0.01, 2] and lines["LSTM"].tolist() == pytest.approx([0.3, 0.12])
    spans = [[sorted(span[:, 1]) for span in bars.get_segments()] for bars in ax.collections]
    assert spans == [[[0.01, 0.01], [2, 2]], [[0.1, 0.6], [0.02, 0.3]]]
    assert ax.get_yscale() == "log" and set(ax.lines[-1].get_ydata()) == {1}            # as wrong as always saying the mean
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "20"]


def test_lines_carry_the_values():
    lines = drawn_lines(charts.lines_over_time({"a": [1, 2, 3]}, "height"))
    assert lines["a"].tolist() == [1, 2, 3]


def test_the_truth_is_broad_and_grey_beside_what_is_black():
    truth, guess = charts.lines_over_time({"truth": [1, 2], "LSTM": [1, 3]}, "x").axes[0].lines
    assert truth.get_color() == COLOURS["truth"] != guess.get_color() and truth.get_linewidth() > 2 * guess.get_linewidth()


def test_dots_stand_where_asked_with_a_line_or_alone():
    one, other = charts.lines_over_time({"a": [1, 2, 3], "b": [3, 2, 1]}, "height", dots=[0]).axes[0].lines
    assert one.get_markevery() == other.get_markevery() == [0] and one.get_marker() != other.get_marker()
    alone = charts.lines_over_time({"f": [1, 2, 3]}, "height", dots=range(3), joined=False).axes[0].lines[0]
    assert one.get_linestyle() != "None" and alone.get_linestyle() == "None"
    assert alone.get_markevery() == [0, 1, 2]


def test_four_forecasters_are_all_drawn_at_their_horizons():
    fig = charts.errors_against_horizon((1, 6, 50), {name: [0.1, 0.2, 0.3] for name in "abcd"})
    lines = [line for line in fig.axes[0].lines if line.get_label() in "abcd"]
    assert len({(line.get_marker(), line.get_linestyle()) for line in lines}) == 4
    assert all(line.get_xdata().tolist() == [1, 6, 50] for line in lines)


def test_learning_curves_are_means_of_so_many_steps():
    lines = drawn_lines(charts.learning_curves({"loss": [1, 3, 5, 7, 100]}, smooth=2, baseline=4))
    assert lines["loss"].tolist() == [2, 6]
    assert set(lines["blind guess"]) == {4}


def test_accuracies_are_bars_in_order_with_both_lines():
    fig = charts.accuracies({"bag": 0.5, "RNN": 0.9}, chance=0.125, ceiling=0.97)
    assert [bar.get_width() for bar in fig.axes[0].patches] == [0.5, 0.9]
    assert [line.get_xdata()[0] for line in fig.axes[0].lines] == [0.125, 0.97]


def test_adding_example_writes_the_two_numbers():
    ax = charts.adding_example(np.array([[0.5, 1], [0.2, 0], [0.99, 1]]), 1.49).axes[0]
    assert [text.get_text() for text in ax.texts] == ["0.50", "0.99"]
    assert "1.49" in ax.get_title("left")


def test_a_log_axis_leaves_out_zeros():
    lines = drawn_lines(charts.lines_over_time({"a": [1, 0, 3]}, "length", log=True))
    assert np.isnan(lines["a"][1]) and lines["a"][2] == 3


def test_accuracy_against_gap_is_the_mean_with_the_spread_over_seeds():
    fig = drawn("accuracy_against_gap")
    assert np.allclose(drawn_lines(fig)["RNN"], [1, 0.95, 0.2])
    band = fig.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(0.1) and band.max() == pytest.approx(1)
    assert drawn_lines(fig)["most that a bag can reach"][0] == 0.5 and drawn_lines(fig)["chance"][0] == 0.125


def test_relative_times_are_multiples_of_the_first_of_their_group():
    fig = charts.relative_times({"small": {"a": 4.0, "b": 1.0}, "large": {"a": 5.0, "b": 10.0}}, line=4)
    bars = [[bar.get_width() for bar in ax.patches] for ax in fig.axes]
    assert bars == [[1, 0.25], [1, 2]]
    assert all(ax.lines[0].get_xdata()[0] == 4 for ax in fig.axes)


def test_sequences_to_success_stand_where_they_were_counted_and_failures_beyond_all_of_them():
    fig = charts.sequences_to_success({"adding": 74_000}, {"adding": {"RNN": [np.inf, 90_000], "LSTM": [20_000, 30_000]},
                                                            "counting": {"RNN": [np.inf], "LSTM": [6_000]}})
    assert places(fig, "published LSTM").tolist() == [[74_000, 0]]
    assert places(fig, "LSTM")[:, 0].tolist() == [20_000, 30_000, 6_000]
    adding, solved, counting = places(fig, "RNN")[:, 0]
    assert solved == 90_000 and adding == counting > 2 * solved
    assert [tick.get_text() for tick in fig.axes[0].get_yticklabels()] == ["adding", "counting"]
    assert [text.get_text() for text in fig.legends[0].texts] == ["published LSTM", "RNN", "LSTM"]


def test_parts_of_a_whole_stand_side_by_side():
    ax = drawn("shares_of_a_whole").axes[0]
    assert np.allclose([(bar.get_x(), bar.get_width()) for bar in ax.patches], [(0, 0.8), (0.8, 0.02), (0.82, 0.18)])
    assert [text.get_text() for text in ax.texts] == ["0.80", "0.18"]                    # no room for 0.02


def test_every_unit_has_a_bar_and_a_dot():
    axes = drawn("every_unit").axes
    assert [bar.get_height() for bar in axes[0].patches] == [0.2, 1] and axes[0].lines[0].get_ydata().tolist() == [1, 0.9]
    assert [ax.get_title(loc="left") for ax in axes] == ["one", "two"]


def test_each_seed_has_a_dot_at_its_step_or_among_those_that_failed():
    runs = {"a": {"RNN": [20, None, 40], "LSTM": [5, 5, 5]}, "b": {"RNN": [1], "LSTM": [None]}}
    fig = charts.success_by_initialisation(runs, limit=50)
    dots = [(line.get_xdata()[0], line.get_marker()) for line in fig.axes[0].lines]
    assert dots == [(20, "o"), (60, "x"), (40, "o"), (5, "o"), (5, "o"), (5, "o")]
    heights = [line.get_ydata()[0] for line in fig.axes[0].lines]
    assert len(set(heights)) == 6 and [round(height) for height in heights] == [0, 0, 0, 1, 1, 1]
    assert [text.get_text() for text in fig.axes[0].texts if "." in text.get_text()] == ["0.7", "1.0"]
    assert [text.get_text() for text in fig.axes[1].texts if "." in text.get_text()] == ["1.0", "0.0"]


def test_a_spread_shows_every_seed_and_the_geometric_mean():
    ax = drawn("spread_over_seeds").axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["plain", "no output activation"]
    line, means, plain, other = ax.lines
    assert np.allclose(means.get_xdata(), [0.02, 0.1]) and np.allclose(line.get_xdata(), 0.02)
    assert plain.get_xdata().tolist() == [0.01, 0.04] and other.get_xdata().tolist() == [0.1, 0.1]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]                          # the first row is on top


@pytest.mark.parametrize(("errors", "labels"), [([1.1, 1.9], ["1.2", "1.5", "1.8"]), ([0.02, 3], ["$\\mathdefault{10^{-1}}$"])])
def test_a_spread_has_numbers_on_its_axis_however_narrow_it_is(errors, labels):
    ax = charts.spread_over_seeds({"one": {"plain": errors}}, "error").axes[0]
    ax.figure.canvas.draw()
    low, high = ax.get_xlim()
    shown = [tick.get_text() for place, tick in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True) if low <= place <= high]
    assert set(labels) <= set(shown)


def test_accuracies_need_no_lines():
    fig = charts.accuracies({"day": 0.5})
    assert not fig.axes[0].lines and not fig.legends


def test_readable_parts_has_a_line_a_part_in_each_panel():
    axes = drawn("readable_parts").axes
    assert [ax.get_title(loc="left") for ax in axes] == ["c", "h"]
    assert [line.get_ydata().tolist() for line in axes[1].lines] == [[1, 0], [0, 1]]
    assert [tick.get_text() for tick in axes[1].get_xticklabels()] == ["day", "year"]


def test_bits_are_bars_with_a_dot_a_seed():
    ax = charts.bits_per_character({"bigram": 3.74, "LSTM": [2.2, 2.6]}).axes[0]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([3.74, 2.4])
    assert [line.get_xdata().tolist() for line in ax.lines] == [[2.2, 2.6]]
    assert [text.get_text() for text in ax.texts] == ["3.74", "2.40"]
