"""What is recorded of an explorer, so that a page can move it without Python."""

import itertools
import json

import numpy as np
import pytest

from lstm_helpers.drawing import explorers
from lstm_helpers.drawing.explorers.explorer import SCRIPT
from lstm_helpers.drawing.explorers.frames import COARSER, MOST, ONE_AT_A_TIME
from tests.drawing.test_explorers import MAKERS, forget_bias, reading_text, two_memories


@pytest.fixture(scope="module", params=["forget_bias", "backward_paths", "step_through", "translation", "wall", "gate_order"])
def recorded(request):
    explorer = MAKERS[request.param]()
    return explorer, explorer.frames()


def test_every_setting_is_recorded(recorded):
    explorer, found = recorded
    counts = [len(control["texts"]) for control in found["spec"]["controls"]]
    assert counts == [len(control.settings) for control in explorer.controls.values()] and not found["oneAtATime"]
    assert set(found["frames"]) == {",".join(map(str, places)) for places in itertools.product(*map(range, counts))}
    json.dumps(found)


def test_a_frame_is_what_python_draws_there(recorded):
    explorer, found = recorded
    for places in list(found["frames"])[::7]:
        explorer.set_controls([control.settings[int(place)] for control, place in
                               zip(explorer.controls.values(), places.split(","), strict=True)])
        assert found["frames"][places][:2] == [explorer.picture, explorer.sentence]
    explorer.reset()
    start = ",".join(str(control["start"]) for control in found["spec"]["controls"])
    assert found["frames"][start][:2] == [explorer.picture, explorer.sentence]
    assert (found["first"]["picture"], found["first"]["words"]) == (explorer.picture, explorer.sentence)


def test_two_long_sliders_move_in_larger_steps_and_the_page_says_so():
    found = two_memories().frames()
    counts = [len(control["texts"]) for control in found["spec"]["controls"]]
    assert min(counts) >= 20 and np.prod(counts) == len(found["frames"]) <= MOST and found["spec"]["note"] == COARSER
    starts = [control["texts"][control["start"]] for control in found["spec"]["controls"]]
    assert starts == ["2.0", "1.0"]


def test_time_is_never_thinned_and_then_one_control_moves_at_a_time():
    found = reading_text().frames()
    assert len(found["spec"]["controls"][0]["texts"]) == 60
    explorer = explorers.reading_text(lambda t, unit: {"next": {"a": 1.0}, "c": np.arange(60.0), **dict.fromkeys("ifgoh", 0.5)},
                                      "a" * 60, units=20)
    found = explorer.frames()
    assert found["oneAtATime"] and found["spec"]["note"] == ONE_AT_A_TIME and len(found["frames"]) == 60 + 20 - 1


def test_a_field_becomes_a_list_of_its_examples():
    def respond(text):
        return {"said": f"Read: {text}", "gates": {gate: np.zeros((2, 3)) for gate in "ifgo"}, "read": "", "written": "ab"}

    found = explorers.translation(respond, "1 mai", examples=("2 mai", "3 mai"), length=2).frames()
    control = found["spec"]["controls"][0]
    assert (control["kind"], control["texts"], control["start"]) == ("select", ["1 mai", "2 mai", "3 mai"], 0)
    assert found["frames"]["2"][1] == "Read: 3 mai"


def test_an_explorer_is_where_it_was_after_recording():
    explorer = forget_bias()
    explorer.controls["bias"].value = 3.0
    before = explorer.sentence
    explorer.frames()
    assert explorer.values() == (1.0,) and before != explorer.sentence           # Reset, as on the page


def test_what_cannot_be_drawn_is_not_recorded():
    def decay(bias):
        if bias > 5:
            raise OverflowError("too far")
        return 0.5 ** np.arange(4)

    with pytest.raises(ValueError, match=r"can't be recorded at \[5\.1\]: OverflowError: too far"):
        explorers.forget_bias(decay).frames()


def test_the_script_is_short_and_asks_for_nothing():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert not [word for word in ("import ", "fetch(", "XMLHttpRequest", "http:", "https:") if word in text.replace(
        "http://www.w3.org/2000/svg", "")]


def test_buttons_that_call_python_are_not_on_a_page():
    explorer = MAKERS["reorder_words"]()
    assert explorer.spec["buttons"] == ["Keep this order"] and explorer.frames()["spec"]["buttons"] == []

