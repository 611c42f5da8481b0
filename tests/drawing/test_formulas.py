"""The pictures that a page computes without Python: the script's numbers, lines and sentences are those of Python."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.drawing import explorers
from lstm_helpers.drawing.explorers.explorer import SCRIPT
from lstm_helpers.drawing.explorers.lines import written

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="the script is not tried: no node is installed")
SETTINGS = 1000
ASK = """
import { FORMULAS, compute, written } from %s;
import { readFileSync } from "node:fs";
const { formula, asked } = JSON.parse(readFileSync(0, "utf8"));
const { name, settings, template, lines, first, ...data } = formula;
console.log(JSON.stringify(asked.map(places => ({ ...FORMULAS[name](places.map((place, n) => settings[n][place]), data),
  picture: compute(formula, places).picture }))));
"""


def in_node(code, data):
    path = json.dumps(SCRIPT.with_name("formulas.js").as_uri())
    done = subprocess.run(["node", "--input-type=module", "-e", code % path], input=json.dumps(data), capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rnn_unit():
    x = np.zeros(60)
    x[0], x[29] = 1, -1

    def respond(W_x, W_h, b):
        unit = RNN(1, 1)
        unit.params["W_x"][:], unit.params["W_h"][:], unit.params["b"][:] = W_x, W_h, b
        return unit.forward(x[:, None, None]).h[:, 0, 0]

    return explorers.one_unit(respond, x), lambda *values: {"h": respond(*values)}


def belt():
    def respond(f, i, g):
        c = [0.0]
        for _ in range(50):
            c.append(f * c[-1] + i * g)
        return {"c": np.array(c[1:])}

    return explorers.conveyor_belt(respond), respond


def latch():
    signal, write = np.sin(np.arange(40.0)), np.isin(np.arange(40), (9, 24)).astype(float)
    cell = LSTM(2, 1)
    for slab in cell.params.values():
        slab[:] = 0
    cell.params["W_x"][2] = [[5], [0]]

    def respond(w_i, b_i, b_f):
        cell.params["W_x"][0, 1], cell.params["b"][0], cell.params["b"][1] = w_i, b_i, b_f
        return {"c": cell.forward(np.stack([signal, write], axis=1)[:, None]).c[:, 0, 0]}

    return explorers.latch(respond, signal, write, offered=np.tanh(5 * signal)), respond


def lstm_unit():
    x, cell = np.zeros(40), LSTM(1, 1)
    x[4::6] = 1

    def respond(*weights):
        for gate, three in enumerate(np.reshape(weights, (4, 3))):
            for name, weight in zip(("W_x", "W_h", "b"), three, strict=True):
                cell.params[name][gate] = weight
        trace = cell.forward(x[:, None, None])
        return {name: getattr(trace, name)[:, 0, 0] for name in "ifgoch"}

    return explorers.lstm_unit(respond, x), respond


@pytest.fixture(scope="module", params=[rnn_unit, belt, latch, lstm_unit], ids=lambda maker: maker.__name__)
def compared(request):
    """Return an explorer, what Python responds, 1,000 random places of its controls, and what the script makes of them."""
    explorer, respond = request.param()
    rng = np.random.default_rng(0)
    asked = [[int(rng.integers(len(control.settings))) for control in explorer.controls.values()] for _ in range(SETTINGS)]
    recorded = explorer.frames()
    return explorer, respond, asked, in_node(ASK, {"formula": recorded["formula"], "asked": asked})


def values_at(explorer, places):
    return [control.settings[place] for control, place in zip(explorer.controls.values(), places, strict=True)]


def test_all_numbers_are_pythons(compared):
    explorer, respond, asked, found = compared
    for places, script in zip(asked, found, strict=True):
        for name, line in respond(*values_at(explorer, places)).items():
            assert np.allclose(script["lines"][name], line, rtol=1e-12, atol=1e-12)


def test_sentences_and_lines_are_pythons(compared):
    explorer, _, asked, found = compared
    for places, script in zip(asked[:100], found, strict=False):
        explorer.set_controls(values_at(explorer, places))
        assert script["words"] == explorer.sentence
        mine, theirs = (re.findall(r' d="([^"]*)"', picture) for picture in (script["picture"], explorer.picture))
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            points, others = (np.array(re.findall(r"[-\d.]+", path), float) for path in (one, other))
            if len(points) == len(others):                              # Python leaves out what lies far outside
                assert np.abs(points - others).max() <= 0.21
    assert sum(script["picture"].count("NaN") for script in found) == 0


def test_numbers_are_rounded_as_python_rounds_them():
    numbers = [*np.arange(-40, 41) / 8, *np.arange(-200, 201) / 200, *np.random.default_rng(0).standard_normal(300), -0.0, -0.001]
    code = """import { written } from %s; import { readFileSync } from "node:fs";
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(number => written(number))));"""
    assert in_node(code, [float(number) for number in numbers]) == [written(number) for number in numbers]


