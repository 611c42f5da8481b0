"""Every figure draws what it was given, takes no seed, and stays inside its frame."""

import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt

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
    "accuracies": lambda: figures.accuracies({"bag": 0.5, "RNN, 16 units": 0.9}, chance=0.125, ceiling=0.97),
    "reading": lambda: figures.reading(np.eye(8), "1 mai 19", ("en", "fr", "de", "es", "it", "nl", "pt", "pl")),
    "learning_curves": lambda: figures.learning_curves({"loss": [1, 0.1, 0.01]}, baseline=0.5, goal=0.02),
    "adding_example": lambda: figures.adding_example(np.array([[0.5, 1], [0.2, 0], [0.99, 1]]), 1.49),
    "predicted_against_true": lambda: figures.predicted_against_true(np.array([0.0, 1]), np.array([0.1, 0.9])),
    "errors_against_step_size": lambda: figures.errors_against_step_size([1e-9, 1e-5, 1e-1], {"both": [1e-7, 1e-10, 1e-2]}),
    "wall": lambda: figures.wall(np.array([3.0, 4, 5]), np.array([-2.0, -1]), np.array([[1.0, 2, 3], [100, 1, 0]]),
                                 {"plain": np.array([[3.0, -2], [5, -1]]), "clipped": np.array([[3.0, -2], [4, -2]])}),
    "accuracy_against_gap": lambda: figures.accuracy_against_gap(
        (0, 5, 80), {"RNN": [[1, 0.9, 0.1], [1, 1, 0.3]], "LSTM, chrono": [[1, 1, 1], [1, 1, 0.9]]}, chance=0.125),
    "twin_sentences": lambda: figures.twin_sentences(("it was good not bad", "it was bad not good"), ("praise", "blame")),
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


def test_lines_carry_the_values():
    lines = drawn_lines(figures.lines_over_time({"a": [1, 2, 3]}, "height"))
    assert lines["a"].tolist() == [1, 2, 3]


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
