"""An example of every picture, drawn once for all tests that only look at it."""

from functools import cache, partial

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lstm_helpers.drawing import bars, charts, diagrams, heat_maps, learning_rates, lstm_cell, use_course_style
from lstm_helpers.drawing.alignments import alignment, shares_by_size
from lstm_helpers.drawing.cell_diagram import HIGHLIGHTS
from lstm_helpers.drawing.curves import squashing
from lstm_helpers.drawing.rnn_step import rnn_step_backward
from lstm_helpers.drawing.spreads import dots_by_setting, factors

NUMBERS = {"i": 0.312, "f": 0.876, "g": -0.666, "o": 0.549, "c_prev": -0.784, "h_prev": -0.204, "x": -0.999}
NUMBERS["c"] = NUMBERS["f"] * NUMBERS["c_prev"] + NUMBERS["i"] * NUMBERS["g"]
NUMBERS["h"] = NUMBERS["o"] * np.tanh(NUMBERS["c"])
CELLS = {f"lstm_cell, {highlight}, {way}": partial(lstm_cell, highlight, **options) for highlight in HIGHLIGHTS
         for way, options in (("forward", {}), ("backward", {"direction": "backward"}), ("numbers", {"values": NUMBERS}))}
EXAMPLES = {
    "unrolled_rnn": lambda: diagrams.unrolled_rnn(4),
    "unrolled_rnn, backward": lambda: diagrams.unrolled_rnn(4, "backward"),
    "rnn_step_backward": rnn_step_backward,
    "dots_by_setting": lambda: dots_by_setting(
        {panel: {row: {"rate 0.1": [0.5, 1.0], "rate 0.01": [0.97, 0.96]} for row in ("none", "all")}
         for panel in ("one start", "another")}, "right", ylabel="steps"),
    "factors": lambda: factors({"one task": {"coupled": (0.8, 1.1, 1.5), "no gate": (2, 4, 9)},
                                "another": {"coupled": (0.3, 0.5, 0.8), "no gate": (1, 2, 3)}}, "times the error"),
    "alignment": lambda: alignment(np.array([[0.1, 0.9, 0], [0.5, 0.25, 0.25]]), "5 m", "05"),
    "shares_by_size": lambda: shares_by_size(
        {"one vector": {5: [1, 0.9], 10: [0.2, 0.4]}, "attention": {5: [1, 1], 20: [0.9, 1]}}, (5, 10, 20), "length",
        rivals={"a guess": {5: 0.1, 20: 0.05}}),
    "squashing": lambda: squashing(np.array([-3.0, 0, 3]), np.array([-0.995, 0, 0.995]), np.array([0.01, 1, 0.01]),
                                   dots=[(0, 0)]),
    "lines_over_time": lambda: charts.lines_over_time({"a": [1, 2, 3], "b": [3, 2, 1]}, "height"),
    "six_signals": lambda: charts.six_signals({name: np.linspace(0, 0.9, 5) for name in "ifgoch"} | {"c": [0.0, 20, 300]}),
    "errors_against_horizon": lambda: charts.errors_against_horizon(
        (1, 20), {"AR": [0.01, 2], "LSTM": [[0.1, 0.2], [0.02, 0.3]]}),
    "accuracies": lambda: charts.accuracies({"bag": 0.5, "RNN, 16 units": 0.9}, chance=0.125, ceiling=0.97),
    "reading": lambda: heat_maps.reading(np.eye(8), "1 mai 19", ("en", "fr", "de", "es", "it", "nl", "pt", "pl")),
    "encoder_decoder": lambda: diagrams.encoder_decoder("1 mai", "1990-"),
    "gates_per_letter": lambda: heat_maps.gates_per_letter({gate: np.full((9, 4), 0.5) for gate in "ifgo"}, "1 mai", "1990"),
    "signals_over_words": lambda: heat_maps.signals_over_words(
        {"i": np.eye(4), "g": np.eye(4) - 0.5, "c": np.eye(4) - 2.5}, ("i", "live", "in", "Peru"), units=(3, 8, 9, 30)),
    "readable_parts": lambda: charts.readable_parts({"c": {"day": [1, 0], "year": [0, 1]}, "h": {"day": [1, 0], "year": [0, 1]}},
                                                     ("day", "year")),
    "learning_curves": lambda: charts.learning_curves({"loss": [1, 0.1, 0.01]}, baseline=0.5, goal=0.02),
    "adding_example": lambda: charts.adding_example(np.array([[0.5, 1], [0.2, 0], [0.99, 1]]), 1.49),
    "predicted_against_true": lambda: charts.predicted_against_true(np.array([0.0, 1]), np.array([0.1, 0.9])),
    "errors_against_step_size": lambda: charts.errors_against_step_size([1e-9, 1e-5, 1e-1], {"both": [1e-7, 1e-10, 1e-2]}),
    "wall": lambda: heat_maps.wall(np.array([3.0, 4, 5]), np.array([-2.0, -1]), np.array([[1.0, 2, 3], [100, 1, 0]]),
                                 {"plain": np.array([[3.0, -2], [5, -1]]), "clipped": np.array([[3.0, -2], [4, -2]])}),
    "solved_runs": lambda: heat_maps.solved_runs(
        {"ρ = 0.9": [[0, 1, 0.4], [1, 1, 0.05]], "ρ = 1": [[0, 0, 0], [1, 1, 1]]},
        {"ρ = 0.9": [["100 %", "2 %", ""], ["", "", "0.1 %"]], "ρ = 1": [3 * [""], 3 * ["60 %"]]},
        ("none", 0.1), (0.15, 0.05, 0.015), xlabel="learning rate", ylabel="limit"),
    "accuracy_against_gap": lambda: charts.accuracy_against_gap(
        (0, 5, 80), {"RNN": [[1, 0.9, 0.1], [1, 1, 0.3]], "LSTM, chrono": [[1, 1, 1], [1, 1, 0.9]]}, chance=0.125,
        ceiling=0.5),
    "twin_sentences": lambda: diagrams.twin_sentences(("it was good not bad", "it was bad not good"), ("praise", "blame")),
    "one_product": lambda: diagrams.one_product(3, 4),
    "gate_orders": lambda: diagrams.gate_orders({"PyTorch, this course": "ifgo", "ONNX": "iofg"}),
    "weight_layouts": lambda: diagrams.weight_layouts(3, 2),
    "relative_times": lambda: charts.relative_times({"10 units": {"gate by gate": 8, "one product": 2, "LSTM.forward": 1},
                                                      "64 units": {"gate by gate": 5, "one product": 4, "LSTM.forward": 4}}),
    "success_by_initialisation": lambda: charts.success_by_initialisation(
        {"uniform W_h": {"RNN": [None, None], "LSTM, chrono": [30, None]},
         "orthogonal W_h": {"RNN": [60, 5], "LSTM, chrono": [5, 5]}}, limit=60),
    "sequences_to_success": lambda: charts.sequences_to_success(
        {"adding": 74_000}, {"adding": {"RNN": [np.inf, np.inf], "LSTM": [20_000, 30_000]},
                             "counting": {"RNN": [9_000], "LSTM": [6_000]}}),
    "shares_of_a_whole": lambda: bars.shares_of_a_whole({"one network": {"of c": 0.8, "of h": 0.02, "neither": 0.18}}),
    "every_unit": lambda: bars.every_unit({"one": {"day": [0.2, 1], "year": [1, 0.9]}, "two": {"day": [1, 1], "year": [1, 1]}},
                                          "cell wiped out", "right"),
    "spread_over_seeds": lambda: charts.spread_over_seeds(
        {"one task": {"plain": [0.01, 0.04], "no output activation": [0.1, 0.1]},
         "another": {"plain": [0.02, 0.02], "no output activation": [0.5, 0.9]}}, "error"),
    "bits_per_character": lambda: charts.bits_per_character(
        {"nothing known": 6.57, "RNN, 64 units": [2.6, 2.7], "LSTM": [2.4, 2.3]}),
    "written_text": lambda: diagrams.written_text({"temperature 1": "def a():\n    return $x$ " + 70 * "W", "2": "b"}, width=80),
    "coloured_text": lambda: heat_maps.coloured_text("a (b)\n$c$", {"f": np.linspace(0, 1, 9), "depth": np.arange(9)}, width=5),
    "accuracy_by_rate": lambda: learning_rates.accuracy_by_rate(
        {"bag of words": [[0.5, 0.6], [0.55, 0.6]], "window of 13": [[1, 1], [0.7, 0.9]]}, (0.03, 0.003), chance=0.5,
        ceilings={"bag of words": 0.6}),
    "accuracy_by_rate_and_gap": lambda: learning_rates.accuracy_by_rate_and_gap(
        {"gap 20": {"RNN": [[0.5, 0.6], [0.1, 0.2]], "LSTM": [[1, 1], [0.7, 0.9]]},
         "gap 80": {"RNN": [[0.3, 0.2], [0.1, 0.1]], "LSTM": [[1, 0.2], [0.6, 0.5]]}}, (0.01, 0.001), chance=0.125),
    "mask_and_lengths": lambda: heat_maps.mask_and_lengths(np.array([[1, 1], [1, 0]])),
    "unrolled_lstm": diagrams.unrolled_lstm,
    "unrolled_lstm, backward": lambda: diagrams.unrolled_lstm(4, "backward"),
    **CELLS,
}
WITH_WIRES = [*CELLS, "unrolled_rnn", "unrolled_rnn, backward", "rnn_step_backward",
              "unrolled_lstm", "unrolled_lstm, backward", "encoder_decoder"]


@cache
def drawn(name):
    """Return the figure of an example, drawn once: look at it, but leave it as it is."""
    use_course_style()
    return EXAMPLES[name]()


@cache
def pixels_of(name):
    return pixels(drawn(name))


def cell(highlight=None, way="forward"):
    return drawn(f"lstm_cell, {highlight}, {way}")


def pixels(fig):
    canvas = FigureCanvasAgg(fig)                                           # pyplot takes its own away from a closed figure
    canvas.draw()
    return np.array(canvas.buffer_rgba())[:, :, :3]                         # (height, width, RGB)


def words(fig):
    return [text.get_text() for text in fig.axes[0].texts]
