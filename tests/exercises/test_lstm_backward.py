"""The nine bugs: the right pass is right, each bug leaves a trace of its own in the check, the answer names its line; and the
other solutions against the package."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from lstm_helpers.cells import GATES, LSTM, sigmoid
from lstm_helpers.exercises import lstm_backward, nine_bugs
from lstm_helpers.learning import check_gradients

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "12_lstm_backward.ipynb"
B, D, H = 2, 2, 3


def run(steps, seed=0):
    rng = np.random.default_rng(seed)
    x, h0, c0, dh = (rng.standard_normal(shape) for shape in ((steps, B, D), (B, H), (B, H), (steps, B, H)))
    return LSTM(D, H, rng=seed), {"x": x, "h0": h0, "c0": c0}, dh


def failures(backward, steps, seed=0):
    """Return the names of the wrong gradients, weights as (name, gate)."""
    layer, inputs, dh = run(steps, seed)

    def by_gate(arrays):
        slabs = {f"{name} {gate}": arrays[name][k] for name in layer.params for k, gate in enumerate(GATES)}
        return slabs | {name: arrays[name] for name in inputs}

    def loss():
        return np.sum(layer.forward(**inputs).h * dh)

    grads = backward(layer.forward(**inputs), dh, layer.params["W_x"], layer.params["W_h"])
    report = check_gradients(loss, by_gate(layer.params | inputs), by_gate(grads))
    assert all(row.error < 1e-7 or row.error > 1e-3 for row in report.rows)             # no verdict hangs on the tolerance
    return frozenset(report.failures)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_the_right_pass_is_that_of_the_layer(steps):
    layer, inputs, dh = run(steps)
    trace = layer.forward(**inputs)
    expected = layer.backward(trace, dh)
    found = nine_bugs.lstm_backward(trace, dh, layer.params["W_x"], layer.params["W_h"])
    for name, array in (expected.params | {"x": expected.x, "h0": expected.h0, "c0": expected.c0}).items():
        assert np.allclose(found[name], array, rtol=0, atol=1e-12), name
    assert not failures(nine_bugs.built(nine_bugs.right_text()), steps)


@pytest.mark.parametrize("seed", [0, 1])
def test_every_bug_has_a_trace_of_its_own(seed):
    found = {name: tuple(failures(backward, steps, seed) for steps in (1, 2)) for name, backward in nine_bugs.bugs.items()}
    assert len(set(found.values())) == len(found) == 9
    assert all(at_two for _, at_two in found.values())
    assert [name for name, (at_one, _) in found.items() if not at_one] == ["bug 4", "bug 8"]


def test_the_answer_names_the_lines_that_were_changed():
    left = [re.match(r"\w+", right).group() for right, _ in nine_bugs.CHANGES]
    assert list(lstm_backward.wrong_lines().values()) == left


def test_two_names_for_a_bug_are_one_too_many():
    found = lstm_backward.q3.grade(lstm_backward.wrong_lines() | {"bug 9": ["dc", "dc_prev"]})
    assert found.message == "bug 9 holds 2 texts; it needs a single one."


@pytest.mark.parametrize("name", nine_bugs.bugs)
def test_a_difference_is_one_line(name):
    taken, put = nine_bugs.difference(name).splitlines()
    assert taken.startswith("-") and put.startswith("+")


def test_an_unknown_bug_is_refused():
    with pytest.raises(ValueError, match="name is 'bug 10'; difference needs one of bug 1, "):
        nine_bugs.difference("bug 10")


def test_the_notebook_writes_out_the_same_lines():
    cells = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]]
    step, loop = nine_bugs.right_text().rstrip().split("\n\n\n")
    for text in (step, loop):
        assert any(cell.rstrip().startswith(text) for cell in cells)


def test_belt_gradients_are_those_of_a_layer_without_recurrent_weights():
    layer, inputs, dh = run(6)
    layer.params["W_h"][:] = 0
    trace = layer.forward(**inputs)
    assert np.allclose(lstm_backward.belt_gradients(dh, trace.f, trace.o, trace.c), layer.backward(trace, dh).c)


def test_coupled_gradients_are_those_of_the_loss():
    rng = np.random.default_rng(1)
    z_f, z_g, c_prev, dc = rng.standard_normal((4, B, H))

    def loss():
        f = sigmoid(z_f)
        return np.sum(dc * (f * c_prev + (1 - f) * np.tanh(z_g)))

    grads = lstm_backward.coupled_gradients(dc, sigmoid(z_f), np.tanh(z_g), c_prev)
    assert check_gradients(loss, {"dc_prev": c_prev, "dz_f": z_f, "dz_g": z_g}, grads).ok
