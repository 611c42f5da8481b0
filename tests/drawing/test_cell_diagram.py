"""The cell drawing: each highlight lights exactly its parts, and numbers stand on the wires they flow on."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_hex

from lstm_helpers.cells import LSTM
from lstm_helpers.drawing import cell_diagram, lstm_cell, step_values
from lstm_helpers.drawing.cell_diagram import EDGES, HIGHLIGHTS, LABELS, NODES, PALE, PALE_TEXT
from tests.drawing.pictures import NUMBERS, cell, pixels_of, words


def test_letters_are_large_enough_to_be_read_at_400_pixels():
    fig = cell(way="numbers")
    pixels_a_point = 400 / (72 * fig.get_figwidth())
    heights = {text.get_text(): text.get_fontsize() * pixels_a_point for text in fig.axes[0].texts}
    assert min(heights.values()) > 7.5
    assert min(height for text, height in heights.items() if "_t" in text) > 9


# --- the data ---

def test_every_edge_leads_from_a_node_to_a_node_along_the_axes():
    for edge in EDGES:
        points = [NODES[edge.start].place, *edge.corners, NODES[edge.end].place]
        assert all((a == c) != (b == d) for (a, b), (c, d) in itertools.pairwise(points)), edge


def test_the_edges_are_the_equations_of_the_cell():
    inputs = {key: {edge.start for edge in EDGES if edge.end == key} for key in NODES}
    assert inputs["kept"] == {"f", "c_prev"} and inputs["added"] == {"i", "g"} and inputs["sum"] == {"kept", "added"}
    assert inputs["c"] == {"read"} and inputs["read"] == {"sum"} and inputs["tanh"] == {"read"}
    assert inputs["shown"] == {"o", "tanh"} and inputs["h"] == {"shown"}


@pytest.mark.parametrize("gate", "ifgo")
def test_every_gate_reads_the_input_and_the_hidden_state_and_nothing_else(gate):
    def sources(key):
        before = {edge.start for edge in EDGES if edge.end == key}
        return set().union(*map(sources, before)) if before else {key}
    assert sources(gate) == {"h_prev", "x"}


# --- what is lit ---

LIT = {
    "forget": "c_prev>kept kept>sum h_prev>joined x>joined joined>to_f to_f>f f>kept",
    "input": "h_prev>joined x>joined joined>to_f to_f>to_i to_i>i i>added added>sum",
    "candidate": "h_prev>joined x>joined joined>to_f to_f>to_i to_i>to_g to_g>g g>added",
    "output": "h_prev>joined x>joined joined>to_f to_f>to_i to_i>to_g to_g>o o>shown read>tanh tanh>shown shown>h",
    "cell": "c_prev>kept kept>sum sum>read read>c",
    None: " ".join(f"{edge.start}>{edge.end}" for edge in EDGES),
}


def lit_wires(fig):
    """Return the wires of which no piece is pale: neither the line nor the arrow head."""
    wires = [patch for patch in fig.axes[0].patches if len(patch.get_label().split()) == 2]
    pale = {patch.get_label() for patch in wires
            if PALE.lower() == to_hex(patch.get_facecolor() if patch.get_fill() else patch.get_edgecolor())}
    return {">".join(patch.get_label().split()) for patch in wires if patch.get_label() not in pale}


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("highlight", HIGHLIGHTS)
def test_a_highlight_lights_exactly_its_wires(highlight, direction):
    assert lit_wires(cell(highlight, direction)) == set(LIT[highlight].split())


@pytest.mark.parametrize(("highlight", "expected"), [("forget", {"forget"}), ("input", {"input"}), ("candidate", {"candidate"}),
                                                     ("output", {"output"}), ("cell", set()),
                                                     (None, {"forget", "input", "candidate", "output"})])
def test_a_highlight_lights_exactly_its_block(highlight, expected):
    names = {"forget", "input", "candidate", "output"}
    lit = {text.get_text() for text in cell(highlight).axes[0].texts if to_hex(text.get_color()) != PALE_TEXT}
    assert lit & names == expected


@pytest.mark.parametrize(("highlight", "expected"), [
    ("forget", {"c_{t-1}", "h_{t-1}", "x_t", "f_t", "f_t \\odot c_{t-1}"}), ("cell", {"c_{t-1}", "c_t", "f_t \\odot c_{t-1}"}),
    ("input", {"h_{t-1}", "x_t", "i_t", "i_t \\odot g_t"}), ("candidate", {"h_{t-1}", "x_t", "g_t"}),
    ("output", {"h_{t-1}", "x_t", "o_t", "h_t"})])
def test_a_highlight_lights_exactly_its_labels(highlight, expected):
    lit = {text.get_text().strip("$") for text in cell(highlight).axes[0].texts if to_hex(text.get_color()) != PALE_TEXT}
    assert lit & {label.forward for label in LABELS} == expected


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_highlight_differs_from_every_other_also_in_grey(direction):
    grey = {highlight: pixels_of(f"lstm_cell, {highlight}, {direction}") @ (0.299, 0.587, 0.114) for highlight in HIGHLIGHTS}
    for one, other in itertools.combinations(grey, 2):
        assert (np.abs(grey[one] - grey[other]) > 40).sum() > 200, (one, other)


def test_lit_wires_are_also_thicker():
    width = {highlight: next(patch.get_linewidth() for patch in cell(highlight).axes[0].patches
                             if patch.get_label() == "f kept" and not patch.get_fill()) for highlight in ("forget", "output")}
    assert width["forget"] > 1.5 * width["output"]


def test_the_forget_gate_is_said_to_read_h_and_x_and_to_act_on_c():
    assert "the forget gate reads $h_{t-1}$ and $x_t$, and acts on $c_{t-1}$" in words(cell("forget"))


# --- the numbers of a step ---

def test_the_numbers_stand_on_the_wires_rounded():
    there = words(cell(way="numbers"))
    for text in ("$f_t = 0.88$", "$i_t = 0.31$", "$g_t = -0.67$", "$o_t = 0.55$", "$x_t = -1.00$",
                 "$f_t \\odot c_{t-1} = -0.69$", "$i_t \\odot g_t = -0.21$", "$c_{t-1}$\n$-0.78$",
                 "$h_{t-1}$\n$-0.20$", "$c_t$\n$-0.89$", "$-0.71$", "$h_t$\n$-0.39$"):
        assert text in there


def test_no_number_without_values():
    assert not [text for text in words(cell()) if "." in text]


def test_a_tiny_negative_number_is_no_minus_zero():
    assert "$g_t = 0.00$" in words(lstm_cell(values=NUMBERS | {"g": -0.001}))


def test_h_prev_and_x_may_be_missing():
    fewer = {name: number for name, number in NUMBERS.items() if name not in ("h_prev", "x")}
    assert {"$h_{t-1}$", "$x_t$"} <= set(words(lstm_cell(values=fewer)))


@pytest.mark.parametrize("t", [0, 2, -1])
def test_step_values_are_those_of_the_trace(t):
    rng = np.random.default_rng(0)
    x, h0, c0 = (rng.standard_normal(shape) for shape in ((3, 2, 1), (2, 4), (2, 4)))
    trace = LSTM(1, 4, rng=rng).forward(x, h0, c0)
    step = step_values(trace, t, unit=3, row=1)
    assert step["f"] * step["c_prev"] + step["i"] * step["g"] == pytest.approx(step["c"], abs=1e-14)
    assert step["o"] * np.tanh(step["c"]) == pytest.approx(step["h"], abs=1e-14)
    assert step["x"] == trace.x[t, 1, 0] and step["h_prev"] == (trace.h0 if t == 0 else trace.h[t - 1])[1, 3]
    assert all(type(number) is float for number in step.values())


def test_step_values_leave_out_an_input_of_several_numbers_and_refuse_a_step_that_is_not_there():
    trace = LSTM(2, 4).forward(np.zeros((3, 1, 2)))
    assert "x" not in step_values(trace, 1)
    with pytest.raises(IndexError):
        step_values(trace, 3)


# --- backward ---

def wire_heads(fig, label):
    """Return the (tip of the arrow, dashes of the line, width) of a wire."""
    both = [patch for patch in fig.axes[0].patches if patch.get_label() == label]
    line = next(patch for patch in both if not patch.get_fill())
    tips = [tuple(patch.get_xy()[0]) for patch in both if patch.get_fill()]
    return tips, line.get_linestyle(), line.get_linewidth()


def test_backward_every_arrow_points_the_other_way():
    forward, backward = cell(), cell(way="backward")
    for edge in EDGES:
        start, end = (NODES[key].place for key in (edge.start, edge.end))
        for fig, (near, far) in ((forward, (end, start)), (backward, (start, end))):
            for tip in wire_heads(fig, f"{edge.start} {edge.end}")[0]:
                assert np.hypot(*np.subtract(tip, near)) < np.hypot(*np.subtract(tip, far)), edge


def test_backward_an_arrow_leads_from_tanh_into_the_belt():
    (tip,), _, _ = wire_heads(cell(way="backward"), "read tanh")
    assert np.hypot(*np.subtract(tip, NODES["read"].place)) < 0.2
    assert not wire_heads(cell(), "sum read")[0]                                            # forward, the joint has none


def test_backward_every_path_has_a_head_but_the_belt_where_it_runs_on():
    fig = cell(way="backward")
    assert [edge for edge in EDGES if not wire_heads(fig, f"{edge.start} {edge.end}")[0]] == [
        edge for edge in EDGES if (edge.start, edge.end) == ("read", "c")]


def test_backward_the_direct_path_is_solid_and_thick_and_all_others_dashed():
    fig = cell(way="backward")
    direct = {"c_prev kept", "kept sum", "sum read", "read c"}
    for edge in EDGES:
        label = f"{edge.start} {edge.end}"
        _, dashes, width = wire_heads(fig, label)
        assert (dashes in ("-", "solid")) == (label in direct) == (width > 3), edge
    assert {"direct path", "paths through a gate or tanh"} <= set(words(fig))


def test_backward_the_gradients_are_named():
    expected = {"dc_\\mathrm{prev}", "dc_\\mathrm{next}", "dh_\\mathrm{prev}", "dh_t", "dx_t", "dc_t \\odot f_t",
                "dz_i", "dz_f", "dz_g", "dz_o"}
    assert {f"${label}$" for label in expected} <= set(words(cell(way="backward")))


# --- what is refused ---

@pytest.mark.parametrize(("arguments", "message"), [
    ({"highlight": "memory"}, "highlight is 'memory'; it must be one of 'forget', 'input', 'candidate', 'output', 'cell', None"),
    ({"direction": "up"}, "direction is 'up'; it must be one of 'forward', 'backward'"),
    ({"values": {"i": 1, "f": 1, "g": 1, "c": 1, "c_prev": 0}}, "values lack o, h;"),
    ({"values": NUMBERS, "direction": "backward"}, "leave them out with direction='backward'")])
def test_what_cannot_be_drawn_is_named(arguments, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        lstm_cell(**arguments)


def test_every_label_has_a_number_it_can_show():
    drawn = {label.value for label in LABELS} - {""}
    assert drawn == {*NUMBERS, "kept", "added", "tanh_c"} == {*cell_diagram.numbers_on_wires(NUMBERS)}
