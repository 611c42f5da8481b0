"""Every figure draws what it was given, takes no seed, and stays inside its frame."""

import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from lstm_helpers.drawing import COLOURS, figures, use_course_style


@pytest.fixture(autouse=True)
def _style():
    use_course_style()
    yield
    plt.close("all")


def drawn_lines(fig):
    return {line.get_label(): np.asarray(line.get_ydata()) for line in fig.axes[0].lines}


def pixels(fig):
    fig.canvas.draw()
    return np.asarray(fig.canvas.buffer_rgba())[:, :, :3]                   # (height, width, RGB)


def touches_the_edge(fig):
    """Tell whether anything is drawn on the outermost pixels: then something is cut off, most often a text."""
    picture = pixels(fig)
    edge = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return not all((side == 255).all() for side in edge)


EXAMPLES = {
    "unrolled_rnn": lambda: figures.unrolled_rnn(4),
    "lines_over_time": lambda: figures.lines_over_time({"a": [1, 2, 3], "b": [3, 2, 1]}, "height"),
    "six_signals": lambda: figures.six_signals({name: np.linspace(0, 0.9, 5) for name in "ifgoch"} | {"c": [0.0, 20, 300]}),
    "errors_against_horizon": lambda: figures.errors_against_horizon(
        (1, 20), {"AR": [0.01, 2], "LSTM": [[0.1, 0.2], [0.02, 0.3]]}),
    "accuracies": lambda: figures.accuracies({"bag": 0.5, "RNN, 16 units": 0.9}, chance=0.125, ceiling=0.97),
    "reading": lambda: figures.reading(np.eye(8), "1 mai 19", ("en", "fr", "de", "es", "it", "nl", "pt", "pl")),
    "encoder_decoder": lambda: figures.encoder_decoder("1 mai", "1990-"),
    "gates_per_letter": lambda: figures.gates_per_letter({gate: np.full((9, 4), 0.5) for gate in "ifgo"}, "1 mai", "1990"),
    "readable_parts": lambda: figures.readable_parts({"c": {"day": [1, 0], "year": [0, 1]}, "h": {"day": [1, 0], "year": [0, 1]}},
                                                     ("day", "year")),
    "learning_curves": lambda: figures.learning_curves({"loss": [1, 0.1, 0.01]}, baseline=0.5, goal=0.02),
    "adding_example": lambda: figures.adding_example(np.array([[0.5, 1], [0.2, 0], [0.99, 1]]), 1.49),
    "predicted_against_true": lambda: figures.predicted_against_true(np.array([0.0, 1]), np.array([0.1, 0.9])),
    "errors_against_step_size": lambda: figures.errors_against_step_size([1e-9, 1e-5, 1e-1], {"both": [1e-7, 1e-10, 1e-2]}),
    "wall": lambda: figures.wall(np.array([3.0, 4, 5]), np.array([-2.0, -1]), np.array([[1.0, 2, 3], [100, 1, 0]]),
                                 {"plain": np.array([[3.0, -2], [5, -1]]), "clipped": np.array([[3.0, -2], [4, -2]])}),
    "accuracy_against_gap": lambda: figures.accuracy_against_gap(
        (0, 5, 80), {"RNN": [[1, 0.9, 0.1], [1, 1, 0.3]], "LSTM, chrono": [[1, 1, 1], [1, 1, 0.9]]}, chance=0.125),
    "twin_sentences": lambda: figures.twin_sentences(("it was good not bad", "it was bad not good"), ("praise", "blame")),
    "one_product": lambda: figures.one_product(3, 4),
    "gate_orders": lambda: figures.gate_orders({"PyTorch, this course": "ifgo", "ONNX": "iofg"}),
    "weight_layouts": lambda: figures.weight_layouts(3, 2),
    "relative_times": lambda: figures.relative_times({"10 units": {"gate by gate": 8, "one product": 2, "LSTM.forward": 1},
                                                      "64 units": {"gate by gate": 5, "one product": 4, "LSTM.forward": 4}}),
    "success_by_start": lambda: figures.success_by_start(
        {"uniform W_h": {"RNN": [None, None], "LSTM, chrono": [30, None]},
         "orthogonal W_h": {"RNN": [60, 5], "LSTM, chrono": [5, 5]}}, limit=60),
    "sequences_to_success": lambda: figures.sequences_to_success(
        {"adding": 74_000}, {"adding": {"LSTM": [20_000, 30_000], "RNN": [None, None]},
                             "counting": {"LSTM": [6_000], "RNN": [9_000]}}),
    "spread_over_seeds": lambda: figures.spread_over_seeds(
        {"one task": {"plain": [0.01, 0.04], "no output activation": [0.1, 0.1]},
         "another": {"plain": [0.02, 0.02], "no output activation": [0.5, 0.9]}}, "error"),
    "bits_per_character": lambda: figures.bits_per_character({"nothing known": 6.57, "RNN": [2.6, 2.7], "LSTM": [2.4, 2.3]}),
    "written_text": lambda: figures.written_text({"temperature 1": "def a():\n    return $x$ " + 70 * "W", "2": "b"}, width=80),
    "coloured_text": lambda: figures.coloured_text("a (b)\n$c$", {"f": np.linspace(0, 1, 9), "depth": np.arange(9)}, width=5),
    "mask_and_lengths": lambda: figures.mask_and_lengths(np.array([[1, 1], [1, 0]])),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_cut_off(name):
    assert not touches_the_edge(EXAMPLES[name]())


def test_a_text_that_is_cut_off_is_found():
    fig = plt.figure(figsize=(1, 1))
    fig.text(0.5, 0.5, "—" * 20)
    assert touches_the_edge(fig)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_picture_every_time(name):
    assert np.array_equal(pixels(EXAMPLES[name]()), pixels(EXAMPLES[name]()))


def test_every_figure_has_an_example():
    public = {name for name, value in vars(figures).items() if getattr(value, "__module__", "") == figures.__name__}
    assert {name for name in public if not name.startswith("_")} == set(EXAMPLES)


def test_unrolled_rnn_names_every_input_and_state():
    words = [text.get_text() for text in figures.unrolled_rnn(3).axes[0].texts]
    assert {"$x_1$", "$x_2$", "$x_3$", "$h_0$", "$h_1$", "$h_2$", "$h_3$"} <= set(words)


def test_a_signal_of_the_cell_has_its_own_colour_and_line():
    lines = figures.lines_over_time({"other": [1, 2], "f": [1, 2], "c": [2, 1]}, "value").axes[0].lines
    assert [line.get_color() for line in lines[1:]] == [COLOURS["f"], COLOURS["c"]]
    assert lines[0].get_color() != COLOURS["f"]


def test_six_signals_each_in_the_panel_of_its_name():
    fig = figures.six_signals({name: [k / 10, 0.5] for k, name in enumerate("ifgoch")})
    starts = {ax.get_title("left")[-1]: ax.lines[0].get_ydata()[0] for ax in fig.axes}
    assert starts == {name: k / 10 for k, name in enumerate("ifgoch")}


def test_six_signals_have_their_colours_and_stay_within_their_panels():
    signals = {name: [0.0, 1] for name in "ifo"} | {name: [-1.0, 1] for name in "gh"} | {"c": [-30.0, 400]}
    for ax in figures.six_signals(signals, first=5).axes:
        (signal, zero), name = ax.lines, ax.get_title("left")[-1]
        assert signal.get_color() == COLOURS[name] and signal.get_xdata().tolist() == [5, 6]
        low, high = ax.get_ylim()
        assert low < min(signals[name]) and max(signals[name]) < high, name
        assert set(zero.get_ydata()) == {0}


def test_errors_against_horizon_are_means_with_the_spread_over_seeds():
    fig = figures.errors_against_horizon((1, 20), {"AR": [0.01, 2], "LSTM": [[0.1, 0.2, 0.6], [0.02, 0.04, 0.3]]})
    lines, ax = drawn_lines(fig), fig.axes[0]
    assert lines["AR"].tolist() == [0.01, 2] and lines["LSTM"].tolist() == pytest.approx([0.3, 0.12])
    spans = [[sorted(span[:, 1]) for span in bars.get_segments()] for bars in ax.collections]
    assert spans == [[[0.01, 0.01], [2, 2]], [[0.1, 0.6], [0.02, 0.3]]]
    assert ax.get_yscale() == "log" and set(ax.lines[-1].get_ydata()) == {1}            # as wrong as always saying the mean
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "20"]


def test_lines_carry_the_values():
    lines = drawn_lines(figures.lines_over_time({"a": [1, 2, 3]}, "height"))
    assert lines["a"].tolist() == [1, 2, 3]


def test_dots_stand_where_asked_with_a_line_or_alone():
    one, other = figures.lines_over_time({"a": [1, 2, 3], "b": [3, 2, 1]}, "height", dots=[0]).axes[0].lines
    assert one.get_markevery() == other.get_markevery() == [0] and one.get_marker() != other.get_marker()
    alone = figures.lines_over_time({"f": [1, 2, 3]}, "height", dots=range(3), joined=False).axes[0].lines[0]
    assert one.get_linestyle() != "None" and alone.get_linestyle() == "None"
    assert alone.get_markevery() == [0, 1, 2]


def test_four_forecasters_are_all_drawn_at_their_horizons():
    fig = figures.errors_against_horizon((1, 6, 50), {name: [0.1, 0.2, 0.3] for name in "abcd"})
    lines = [line for line in fig.axes[0].lines if line.get_label() in "abcd"]
    assert len({(line.get_marker(), line.get_linestyle()) for line in lines}) == 4
    assert all(line.get_xdata().tolist() == [1, 6, 50] for line in lines)


def test_learning_curves_are_means_of_so_many_steps():
    lines = drawn_lines(figures.learning_curves({"loss": [1, 3, 5, 7, 100]}, smooth=2, baseline=4))
    assert lines["loss"].tolist() == [2, 6]
    assert set(lines["blind guess"]) == {4}


def test_accuracies_are_bars_in_order_with_both_lines():
    fig = figures.accuracies({"bag": 0.5, "RNN": 0.9}, chance=0.125, ceiling=0.97)
    assert [bar.get_width() for bar in fig.axes[0].patches] == [0.5, 0.9]
    assert [line.get_xdata()[0] for line in fig.axes[0].lines] == [0.125, 0.97]


def test_adding_example_marks_the_two_numbers():
    ax = figures.adding_example(np.array([[0.5, 1], [0.2, 0], [0.99, 1]]), 1.49).axes[0]
    assert [text.get_text() for text in ax.texts] == ["0.50", "0.99"]
    assert "1.49" in ax.get_title("left")


def test_gate_colours_differ_also_in_grey():
    def grey(colour):
        red, green, blue = (int(colour[k:k + 2], 16) for k in (1, 3, 5))
        return 0.3 * red + 0.59 * green + 0.11 * blue

    greys = sorted(grey(COLOURS[gate]) for gate in "ifgo")
    assert len({COLOURS[name] for name in "ifgochx"}) == 7
    assert min(b - a for a, b in itertools.pairwise(greys)) > 5


def test_a_log_axis_leaves_out_zeros():
    lines = drawn_lines(figures.lines_over_time({"a": [1, 0, 3]}, "length", log=True))
    assert np.isnan(lines["a"][1]) and lines["a"][2] == 3


def test_accuracy_against_gap_is_the_mean_with_the_spread_over_seeds():
    fig = EXAMPLES["accuracy_against_gap"]()
    assert np.allclose(drawn_lines(fig)["RNN"], [1, 0.95, 0.2])
    band = fig.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(0.1) and band.max() == pytest.approx(1)


def test_twin_sentences_join_every_word_to_itself():
    ax = EXAMPLES["twin_sentences"]().axes[0]
    assert [text.get_text() for text in ax.texts].count("good") == 2
    moved = [line for line in ax.lines if line.get_color() == COLOURS["f"]]
    assert len(ax.lines) == 5 and len(moved) == 2


def test_the_wall_draws_both_paths():
    lines = drawn_lines(EXAMPLES["wall"]())
    assert lines["plain"].tolist() == [-2, -1] and lines["clipped"].tolist() == [-2, -2]


def test_one_product_has_a_block_for_every_weight_and_result():
    ax = EXAMPLES["one_product"]().axes[0]
    words = [text.get_text() for text in ax.texts]
    assert {f"${kind}_{{{place}{gate}}}$" for kind, place in (("W", "x"), ("W", "h")) for gate in "ifgo"} <= set(words)
    areas = {word: patch.get_width() * patch.get_height() for word, patch in zip(words, ax.patches, strict=False)}
    assert areas["$W_{hf}$"] == 4 * 4 and areas["$W_{xo}$"] == 3 * 4


def test_gate_orders_stand_in_their_rows_each_in_its_colour():
    ax = EXAMPLES["gate_orders"]().axes[0]
    rows = [text.get_text() for text in ax.texts]
    assert "".join(rows) == "ifgoiofg"
    assert [patch.get_facecolor()[:3] for patch in ax.patches] == [to_rgb(COLOURS[gate]) for gate in rows]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    heights = dict(zip(labels, ax.get_yticks(), strict=True))
    assert heights["PyTorch, this course"] > heights["ONNX"] and ax.texts[0].get_position()[1] > ax.texts[4].get_position()[1]


def test_weight_layouts_keep_order_shape_and_colour():
    ax = EXAMPLES["weight_layouts"]().axes[0]
    blocks = list(zip((text.get_text() for text in ax.texts), ax.patches, strict=False))
    assert len(ax.patches) == 16
    for name, patch in blocks:
        width, height = (3, 2) if name.endswith("ᵀ") else (2, 3)                     # D = 3, H = 2
        assert (patch.get_width(), patch.get_height()) == (width, height)
        assert patch.get_facecolor()[:3] == to_rgb(COLOURS[name[0].replace("c", "g")])
    turned = sorted((patch.get_x(), -patch.get_y(), name[0]) for name, patch in blocks if name.endswith("ᵀ"))
    assert "".join(name for *_, name in turned) == "ifgoiofc"                        # PyTorch, then ONNX, from the top
    straight = sorted((-patch.get_y(), patch.get_x(), name) for name, patch in blocks if len(name) == 1)
    assert "".join(name for *_, name in straight) == "ifgoifco"                      # ours, then Keras


def test_relative_times_are_multiples_of_the_first_of_their_group():
    fig = figures.relative_times({"small": {"a": 4.0, "b": 1.0}, "large": {"a": 5.0, "b": 10.0}}, line=4)
    bars = [[bar.get_width() for bar in ax.patches] for ax in fig.axes]
    assert bars == [[1, 0.25], [1, 2]]
    assert all(ax.lines[0].get_xdata()[0] == 4 for ax in fig.axes)


def places(fig, label):
    return np.vstack([dots.get_offsets() for dots in fig.axes[0].collections if dots.get_label() == label])


def test_sequences_to_success_stand_where_they_were_counted_and_failures_beyond_all_of_them():
    fig = figures.sequences_to_success({"adding": 74_000}, {"adding": {"LSTM": [20_000, 30_000], "RNN": [None, 90_000]},
                                                            "counting": {"LSTM": [6_000], "RNN": [None]}})
    assert places(fig, "published LSTM").tolist() == [[74_000, 0]]
    assert places(fig, "our LSTM")[:, 0].tolist() == [20_000, 30_000, 6_000]
    adding, solved, counting = places(fig, "our RNN")[:, 0]
    assert solved == 90_000 and adding == counting > 2 * solved
    assert [tick.get_text() for tick in fig.axes[0].get_yticklabels()] == ["adding", "counting"]
    assert [text.get_text() for text in fig.legends[0].texts] == ["published LSTM", "our LSTM", "our RNN"]


def test_each_seed_has_a_mark_at_its_step_or_among_those_that_failed():
    fig = figures.success_by_start({"a": {"RNN": [20, None, 40], "LSTM": [5, 5, 5]}, "b": {"RNN": [1], "LSTM": [None]}}, limit=50)
    marks = [(line.get_xdata()[0], line.get_marker()) for line in fig.axes[0].lines]
    assert marks == [(20, "o"), (60, "x"), (40, "o"), (5, "o"), (5, "o"), (5, "o")]
    heights = [line.get_ydata()[0] for line in fig.axes[0].lines]
    assert len(set(heights)) == 6 and [round(height) for height in heights] == [0, 0, 0, 1, 1, 1]
    assert [text.get_text() for text in fig.axes[0].texts if "." in text.get_text()] == ["0.7", "1.0"]
    assert [text.get_text() for text in fig.axes[1].texts if "." in text.get_text()] == ["1.0", "0.0"]


def test_a_spread_shows_every_seed_and_the_geometric_mean():
    ax = EXAMPLES["spread_over_seeds"]().axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["plain", "no output activation"]
    line, means, plain, other = ax.lines
    assert np.allclose(means.get_xdata(), [0.02, 0.1]) and np.allclose(line.get_xdata(), 0.02)
    assert plain.get_xdata().tolist() == [0.01, 0.04] and other.get_xdata().tolist() == [0.1, 0.1]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]                          # the first row is on top


def test_accuracies_need_no_lines():
    fig = figures.accuracies({"day": 0.5})
    assert not fig.axes[0].lines and not fig.legends


def test_the_axis_of_a_reading_says_what_was_asked():
    assert figures.reading(np.eye(2), "19", ("1", "9"), xlabel="letters written").axes[0].get_xlabel() == "letters written"


def test_the_decoder_is_fed_what_it_wrote_a_step_before():
    ax = figures.encoder_decoder("5 mai", "1990").axes[0]
    places = {(text.get_position()[1] > 0, round(text.get_position()[0], 1)): text.get_text() for text in ax.texts
              if len(text.get_text()) == 1 and abs(text.get_position()[1] - 0.4) > 0.1}
    assert [letter for (above, _), letter in sorted(places.items()) if above] == list("1990")
    assert [letter for (above, _), letter in sorted(places.items()) if not above] == list("5␣mai∅199")


def test_gates_stand_below_their_letters_and_right_of_the_room():
    values = np.arange(9 * 4).reshape(9, 4) / 36
    gates = {gate: values * scale for gate, scale in zip("ifgo", (1, 0.5, -1, 0.25), strict=True)}
    axes = figures.gates_per_letter(gates, "1 mai", "1990", room=7).axes
    for ax, gate in zip(axes, "ifgo", strict=True):
        shown = ax.images[0].get_array().filled(np.nan)
        assert np.isnan(shown[:, :2]).all() and np.array_equal(shown[:, 2:], gates[gate].T)
        assert ax.images[0].get_clim() == ((-1, 1) if gate == "g" else (0, 1))
        assert np.allclose(to_rgb(ax.images[0].cmap(1.0)[:3]), to_rgb(COLOURS[gate])) and ax.lines[0].get_xdata()[0] == 6.5
    assert "".join(text.get_text() for text in axes[0].texts) == "1␣mai1990" and len(axes[0].texts) == 11


def test_readable_parts_has_a_line_a_part_in_each_panel():
    axes = EXAMPLES["readable_parts"]().axes
    assert [ax.get_title(loc="left") for ax in axes] == ["c", "h"]
    assert [line.get_ydata().tolist() for line in axes[1].lines] == [[1, 0], [0, 1]]
    assert [tick.get_text() for tick in axes[1].get_xticklabels()] == ["day", "year"]


def test_bits_are_bars_with_a_dot_a_seed():
    ax = figures.bits_per_character({"bigram": 3.74, "LSTM": [2.2, 2.6]}).axes[0]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([3.74, 2.4])
    assert [line.get_xdata().tolist() for line in ax.lines] == [[2.2, 2.6]]
    assert [text.get_text() for text in ax.texts] == ["3.7", "2.4"]


def test_written_text_keeps_its_lines_and_every_letter():
    texts = figures.written_text({"cold": "abcde\n\nf$g$"}, width=3).axes[0].texts
    assert [text.get_text() for text in texts] == ["cold", "abc", "de", "", "f$g", "$"]
    assert not any(text.get_parse_math() for text in texts[1:])             # a $ is a letter like any other


def test_coloured_text_is_darker_where_the_number_is_larger():
    ax = figures.coloured_text("ab\n c", {"depth": [0, 1, 2, 3, 4]}, width=3).axes[0]
    assert [text.get_text() for text in ax.texts] == ["a", "b", "↵", "·", "c"]
    assert [box.get_xy() for box in ax.patches] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
    greys = [np.dot(to_rgb(box.get_facecolor()), (0.299, 0.587, 0.114)) for box in ax.patches]
    assert np.all(np.diff(greys) < 0) and greys[0] == pytest.approx(1)
    contrast = [abs(np.dot(to_rgb(text.get_color()), (0.299, 0.587, 0.114)) - grey)
                for text, grey in zip(ax.texts, greys, strict=True)]
    assert min(contrast) >= 0.45


def test_a_gate_is_coloured_on_a_scale_from_zero_to_one():
    ax, other = figures.coloured_text("ab", {"f": [0.0, 0.5], "c": [-3.0, 5.0]}).axes
    assert ax.get_title("left") == "f: white is 0.0, full colour 1.0"
    assert to_rgb(ax.patches[1].get_facecolor()) == pytest.approx((np.array(to_rgb(COLOURS["f"])) + 1) / 2, abs=0.01)
    assert other.get_title("left") == "c: white is -3.0, full colour 5.0"
