"""Every diagram names what it shows, each thing in its place and its colour."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.patches import Circle, Polygon

from lstm_helpers.drawing import COLOURS, diagrams
from tests.drawing.pictures import drawn, words


def test_unrolled_rnn_names_every_input_and_state():
    there = words(diagrams.unrolled_rnn(3))
    assert {"$x_1$", "$x_2$", "$x_3$", "$h_0$", "$h_1$", "$h_2$", "$h_3$"} <= set(there)
    assert there.count("tanh") == 3 and "$h_4$" not in there


def test_unrolled_lstm_names_every_state_and_input_once_a_wire():
    there = words(drawn("unrolled_lstm"))
    assert {f"${name}$" for name in ("c_0", "c_1", "c_2", "c_3", "h_0", "h_1", "h_2", "h_3", "x_1", "x_2", "x_3")} <= set(there)
    assert there.count("$f$") == 3 and "$x_4$" not in there
    assert {"$dc_0$", "$dh_0$", "$dx_4$", "$dc_\\mathrm{last}$"} <= set(words(drawn("unrolled_lstm, backward")))


def wires(fig):
    """Return [(colour, dashes, width, where it begins, where its head ends)] of every wire."""
    patches = fig.axes[0].patches
    return [(line.get_edgecolor(), line.get_linestyle(), line.get_linewidth(), line.get_path().vertices[0], head.get_xy()[0])
            for head, line in itertools.pairwise(patches) if isinstance(head, Polygon)]


def test_rnn_and_lstm_are_unrolled_in_one_style():
    looks = [{wire[:3] for wire in wires(drawn(name))} for name in ("unrolled_rnn", "unrolled_lstm")]
    assert len(looks[0]) == 2 and looks[1] - looks[0] == {(to_rgba(COLOURS["c"]), "-", 6)}


def test_unrolled_backward_every_wire_is_turned_and_only_the_direct_path_solid():
    forward, backward = wires(diagrams.unrolled_lstm(2)), wires(diagrams.unrolled_lstm(2, "backward"))
    assert len(forward) == len(backward) == 10
    for (colour, _, _, start, end), (same, dashes, _, turned, tip) in zip(forward, backward, strict=True):
        assert same == colour and np.allclose(turned, end) and np.allclose(tip, start)
        assert (dashes == "-") == (colour == to_rgba(COLOURS["c"]))


def test_an_unrolled_lstm_is_one_belt_with_a_product_and_a_sum_in_each_copy():
    patches = diagrams.unrolled_lstm(2).axes[0].patches
    belt = [patch.get_path().vertices[[0, -1]] for patch in patches if not patch.get_fill() and patch.get_linewidth() == 6]
    spans = sorted((min(ends[:, 0]), max(ends[:, 0])) for ends in belt)
    assert len(spans) == 5 and all(after[0] - before[1] < 0.4 for before, after in itertools.pairwise(spans))   # room for a head
    rings = [to_rgb(patch.get_edgecolor()) for patch in patches if isinstance(patch, Circle) and patch.radius > 0.1]
    assert rings == [to_rgb(COLOURS["f"]), to_rgb(COLOURS["c"])] * 2


def test_an_unrolled_cell_has_two_directions():
    with pytest.raises(ValueError, match="direction is 'left'; it must be one of 'forward', 'backward'"):
        diagrams.unrolled_lstm(2, "left")


def test_twin_sentences_join_every_word_to_itself():
    ax = drawn("twin_sentences").axes[0]
    assert [text.get_text() for text in ax.texts].count("good") == 2
    moved = [line for line in ax.lines if line.get_color() == COLOURS["f"]]
    assert len(ax.lines) == 5 and len(moved) == 2


def test_one_product_has_a_block_for_every_weight_and_result():
    ax = drawn("one_product").axes[0]
    there = words(ax.figure)
    assert {f"$W_{{{place}{gate}}}$" for place in "xh" for gate in "ifgo"} <= set(there)
    areas = {word: patch.get_width() * patch.get_height() for word, patch in zip(there, ax.patches, strict=False)}
    assert areas["$W_{hf}$"] == 4 * 4 and areas["$W_{xo}$"] == 3 * 4


def test_gate_orders_stand_in_their_rows_each_in_its_colour():
    ax = drawn("gate_orders").axes[0]
    rows = [text.get_text() for text in ax.texts]
    assert "".join(rows) == "ifgoiofg"
    assert [patch.get_facecolor()[:3] for patch in ax.patches] == [to_rgb(COLOURS[gate]) for gate in rows]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    heights = dict(zip(labels, ax.get_yticks(), strict=True))
    assert heights["PyTorch, this course"] > heights["ONNX"] and ax.texts[0].get_position()[1] > ax.texts[4].get_position()[1]


def test_weight_layouts_keep_order_shape_and_colour():
    ax = drawn("weight_layouts").axes[0]
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


def test_the_decoder_is_fed_what_it_wrote_a_step_before():
    ax = diagrams.encoder_decoder("5 mai", "1990").axes[0]
    rows = {}                                                           # {height: letters from left to right}
    for text in sorted(ax.texts, key=lambda text: text.get_position()):
        rows.setdefault(text.get_position()[1], []).append(text.get_text())
    below, boxes, *_, above = (row for _, row in sorted(rows.items()))
    assert below[:-1] == list("5␣mai∅199") and boxes == list("EEEEEDDDD") and above[:-1] == list("1990")


def test_written_text_keeps_its_lines_and_every_letter():
    texts = diagrams.written_text({"cold": "abcde\n\nf$g$"}, width=3).axes[0].texts
    assert [text.get_text() for text in texts] == ["cold", "abc", "de", "", "f$g", "$"]
    assert not any(text.get_parse_math() for text in texts[1:])             # a $ is a letter like any other
