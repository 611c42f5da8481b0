"""The live cell: its script computes what Python does, its spec holds the trace, its drawing has what the script moves."""

import json
import re
import shutil
import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lstm_helpers.cells import GATES, LSTM, lstm_step, sigmoid
from lstm_helpers.drawing import COLOURS, explorers
from lstm_helpers.drawing.cell_svg import cell_svg
from lstm_helpers.drawing.explorers.live_cell import SCRIPT

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="the script is not run: Node is not installed")
FOLDER = Path(explorers.__file__).parent
HANDLE = f"import * as cell from {json.dumps((FOLDER / 'live_cell_numbers.js').as_uri())};\n"


def run_script(code, given):
    """Run a few lines with the numbers of the script as `cell` and `given`; return what they `answer`."""
    source = HANDLE + "import fs from 'node:fs'; const given = JSON.parse(fs.readFileSync(0)); const answer = " + code
    found = subprocess.run([NODE, "--input-type=module", "-e", source + "; console.log(JSON.stringify(answer));"],
                           input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60)
    return json.loads(found.stdout)


@cache
def example(steps=7, units=5):
    layer = LSTM(3, units, rng=1)
    return layer, layer.forward(np.random.default_rng(2).standard_normal((steps, 2, 3)))


@cache
def drawing(direction):
    return cell_svg(direction)


# --- the script against Python

@needs_node
def test_a_step_of_the_script_is_lstm_step_on_a_thousand_settings():
    rng = np.random.default_rng(0)
    x, h, c = rng.normal(0, 3, (3, 1000))
    W = rng.normal(0, 5, (1000, 4, 3))
    W[::50] *= 100                                                          # far ones, where exp overflows
    found = run_script("given.map(([x, h, c, W]) => { const s = cell.lstmStep(x, h, c, W); return [s.h, s.c]; })",
                       [[x[n], h[n], c[n], W[n].tolist()] for n in range(1000)])
    for n, (h_found, c_found) in enumerate(found):
        slabs = (W[n, :, k].reshape(shape) for k, shape in enumerate([(4, 1, 1), (4, 1, 1), (4, 1)]))
        expected = [float(state[0, 0]) for state in lstm_step(*np.reshape([x[n], h[n], c[n]], (3, 1, 1)), *slabs)]
        assert np.allclose([h_found, c_found], expected, rtol=0, atol=1e-12), n


@needs_node
def test_a_step_back_of_the_script_is_backward_on_a_thousand_settings():
    rng, given, expected = np.random.default_rng(1), [], []
    for _ in range(1000):
        layer = LSTM(1, 1)
        for array in layer.params.values():
            array[:] = rng.normal(0, 2, array.shape)
        c0, dh, dc = rng.normal(0, 2, 3)
        trace = layer.forward(rng.normal(0, 1, (1, 1, 1)), c0=np.full((1, 1), c0))
        grads = layer.backward(trace, None, dh_last=np.full((1, 1), dh), dc_last=np.full((1, 1), dc))
        given.append([{name: float(getattr(trace, name)[0, 0, 0]) for name in "ifgoch"} | {"c_prev": c0}, dh, dc])
        expected.append([grads.c.item(), grads.c0.item(), *grads.params["b"][:, 0]])
    found = run_script("given.map(g => cell.lstmBack(...g)).map(d => [d.dc, d.dc_prev, d.dz_i, d.dz_f, d.dz_g, d.dz_o])", given)
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-12)


def gradients_with_paths_off(layer, trace, dh, row, direct, through):
    """Return dh and dc (T, H) by the chain rule, as 12_lstm_backward writes it out."""
    found, dh_next, dc_next = [], 0, 0
    for t in reversed(range(len(dh))):
        i, f, g, o, c = (getattr(trace, name)[t, row] for name in "ifgoc")
        c_prev = (trace.c[t - 1] if t else trace.c0)[row]
        total = dh[t, row] + dh_next
        dc = total * o * (1 - np.tanh(c)**2) + dc_next
        found.append((total, dc))
        dz = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), total * np.tanh(c) * o * (1 - o)
        dh_next = sum(on * layer.params["W_h"][k] @ dz[k] for k, on in enumerate(through))
        dc_next = direct * dc * f
    return np.array(found[::-1]).transpose(1, 0, 2)


@needs_node
def test_every_setting_of_the_switches_gives_the_gradients_of_the_paths_left_on():
    layer, trace = example()
    dh = np.random.default_rng(3).standard_normal(trace.h.shape)
    spec = explorers.live_cell_backward(layer, trace, dh, row=1, units=[4]).spec
    found = run_script("Object.fromEntries(Object.keys(given.back[0].left).map(on => "
                       "[on, cell.gradientsOf(cell.stepsOf(given.signals[0]), given.back[0], on).map(d => [d.dh, d.dc])]))", spec)
    assert len(found) == 32
    for on in product((1, 0), repeat=5):
        expected = gradients_with_paths_off(layer, trace, dh, 1, on[0], on[1:])[:, :, 3].T
        assert np.allclose(found["".join(map(str, on))], expected, rtol=1e-4, atol=1e-6), on


@needs_node
def test_all_paths_on_are_the_gradients_of_backward_and_what_leaves_is_that_of_h0():
    layer, trace = example()
    last = np.random.default_rng(4).standard_normal((2, 5))
    grads = layer.backward(trace, None, dh_last=last)
    spec = explorers.live_cell_backward(layer, trace, dh_last=last, units=[2]).spec
    found = run_script("cell.gradientsOf(cell.stepsOf(given.signals[0]), given.back[0], '11111')", spec)
    assert np.allclose([step["dc"] for step in found], grads.c[:, 0, 1], rtol=1e-4, atol=1e-6)
    assert np.isclose(found[0]["dh_prev"], grads.h0[0, 1], rtol=1e-4)
    assert np.isclose(found[0]["dc_prev"], grads.c0[0, 1], rtol=1e-4)


@needs_node
def test_a_unit_with_sliders_starts_as_the_cell_of_python():
    spec = explorers.live_unit(start="counter").spec
    layer = LSTM(1, 1)
    for name, weights in zip(("W_x", "W_h", "b"), np.reshape(spec["weights"], (4, 3)).T, strict=True):
        layer.params[name][:] = weights.reshape(layer.params[name].shape)
    trace = layer.forward(np.reshape(spec["x"], (-1, 1, 1)))
    found = run_script("cell.unitSteps(given.x, given.weights)", spec)
    for name in (*GATES, "c", "h"):
        assert np.allclose([step[name] for step in found], getattr(trace, name)[:, 0, 0], rtol=0, atol=1e-12), name


@needs_node
def test_what_a_step_did_is_said_in_words():
    step = {"f": 0.93, "i": 0.04, "c_prev": 1.2, "c": 1.13, "o": 0.5, "h": -0.0001}
    assert run_script("cell.describe(given)", step) == (
        "forget gate 0.93: keeps; input gate 0.04: shuts; c goes from 1.20 to 1.13; output gate 0.50: shows a part; h = 0.00.")
    assert run_script("given.map(cell.short)", [0, 0.0123, -3.14e-6, 250, -99.4]) == ["0", "0.012", "−3e−6", "3e2", "−99"]


def test_the_gates_of_the_example_differ_so_that_none_can_stand_for_another():
    assert len({round(float(sigmoid(weight.sum())), 6) for weight in example()[0].params["W_h"]}) == 4


# --- what the script is given

def test_the_spec_is_the_trace():
    _, trace = example()
    words = ["a", "b", "c", "d", "e", "f", "g"]
    spec = explorers.live_cell(trace, words, units=(5, 2), unit=2, row=1, step=3).spec
    assert (spec["units"], spec["unit"], spec["words"], spec["start"]) == (["5", "2"], 1, words, 2)
    for unit, signals in zip((4, 1), spec["signals"], strict=True):
        for name in "ifgoch":
            assert np.allclose(signals[name], getattr(trace, name)[:, 1, unit], rtol=1e-5)
        assert np.allclose(signals["c_prev"][1:], trace.c[:-1, 1, unit], rtol=1e-5) and signals["c_prev"][0] == trace.c0[1, unit]
    json.dumps(spec)                                                        # plain numbers only


def test_without_a_choice_all_units_are_offered_and_backward_eight():
    layer, trace = example(units=12)
    assert len(explorers.live_cell(trace).spec["units"]) == 12
    assert len(explorers.live_cell_backward(layer, trace, dh_last=np.ones((2, 12))).spec["units"]) == 8


@pytest.mark.parametrize(("arguments", "message"), [
    ({"units": (1, 6)}, r"units are \[1, 6\]; the trace has units 1 to 5"),
    ({"words": ["a"]}, "words has 1 entries; the trace has 7"),
    ({"units": ()}, "units are")])
def test_what_cannot_be_shown_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        explorers.live_cell(example()[1], **arguments)


def test_a_mask_is_refused():
    layer, trace = example()
    with pytest.raises(ValueError, match="mask"):
        explorers.live_cell(layer.forward(trace.x, mask=np.ones((7, 2))))


@pytest.mark.parametrize("make", [lambda: explorers.live_cell(example()[1], list("abcdefg"), step=2, unit=3), explorers.live_unit,
                                  lambda: explorers.live_cell_backward(*example(), dh_last=np.ones((2, 5)))])
def test_a_page_without_scripts_gets_a_picture_with_words(make):
    cell = make()
    data, _ = cell._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and data["text/plain"] == cell.spec["name"]
    picture = r'<figure[^>]*><img alt="([^"]*)" style="[^"]*" src="data:image/png;base64,[\w+/=]+">'
    alt = re.search(picture, data["text/html"]).group(1)
    assert alt == cell.alt and len(alt) > 60


def test_the_picture_says_which_step_and_word():
    cell = explorers.live_cell(example()[1], list("abcdefg"), step=2, unit=3)
    assert cell.alt == "The LSTM cell with the numbers of one unit on its wires: unit 3 reads the word b at step 2 of 7."


# --- the drawing and the script

@pytest.mark.parametrize(("direction", "tables"), [("forward", ("FORWARD", "BELTS", "BUS")),
                                                   ("backward", ("BACKWARD", "BELTS_BACK", "PATHS", "BUS_BACK"))])
def test_every_wire_of_the_script_is_in_the_drawing(direction, tables):
    ids = re.findall(r'id="([^"]*)"', drawing(direction))
    assert len(ids) == len(set(ids))
    for table in tables:
        text = re.search(rf"\b{table} = (.*?)[;\n](?=\n|const|//|$)", SCRIPT + "\n", re.DOTALL).group(1)
        wires = [wire for wire in re.findall(r"[\w]+-[\w]+", text)]
        assert wires and {f"wire-{wire}" for wire in wires} <= set(ids), table
    assert {f"node-{gate}" for gate in "ifgo"} <= set(ids)


def test_the_drawing_has_a_place_for_every_number():
    places = {direction: re.findall(r'<text id="number-([^"]*)"[^>]*></text>', drawing(direction)) for direction in
              ("forward", "backward")}
    assert set(places["forward"]) == {"c_prev", "h_prev", "x", "c", "h", "f", "i", "g", "o", "kept", "added", "tanh_c"}
    assert set(places["backward"]) == {"dc_prev", "dh_prev", "dc_next", "dh", "dc", "df", "di", "dg", "do"}


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_drawing_fits_a_page_of_any_colour(direction):
    svg = drawing(direction)
    found = {colour for colour in re.findall(r"#[0-9a-fA-F]{6}\b", svg)}
    assert found <= {colour for code in COLOURS.values() for colour in (code, code.lower())} - {"#000000"}
    assert "currentColor" in svg and "clip-path" not in svg and "<style" not in svg and len(svg) < 45_000


def test_the_script_has_the_colours_of_the_course_and_loads_nothing():
    table = re.search(r"COLOURS = \{(.*?)\}", SCRIPT).group(1)
    expected = {name: COLOURS[name] for name in "ifgohx"} | {"c": "currentColor"}
    assert dict(re.findall(r'(\w): "(#?\w+)"', table)) == expected
    assert not re.search(r"^\s*import |import\(|fetch\(|https?://(?!www\.w3\.org)", SCRIPT, re.MULTILINE)
