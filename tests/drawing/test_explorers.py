"""Every explorer over the extremes of its sliders and over random settings: a new picture, a new sentence, never an error."""

import html
import itertools
import re

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, sigmoid
from lstm_helpers.drawing import explorers, step_values, use_course_style
from lstm_helpers.drawing.explorers.joining_tree import lines_below

LANGUAGES = ["French", "German", "Dutch"]


def softmax(scores):
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum()


def one_unit():
    def respond(W_x, W_h, b):
        return np.tanh(W_x * np.clip(W_h, -1.2, 1.2) ** np.arange(30) + b)

    return explorers.one_unit(respond, np.eye(30)[0])


def gradient_slider():
    lags = np.arange(40.0)
    return explorers.gradient_slider(lambda radius: {"linear": radius**lags, "tanh": (0.9 * radius) ** lags})


def wall():
    x, y = np.linspace(3, 7, 9), np.linspace(-4, -1, 7)
    surface = (x[None, :] - 5) ** 2 + (y[:, None] + 2) ** 2
    return explorers.wall(lambda clip: np.array([[6.0, -3.0], [6.0 - min(clip, 9), -2.0]]), surface, x, y)


def gap():
    def probabilities(k):
        return {"RNN": softmax([3 - 0.1 * k, 1, 1]), "LSTM": softmax([3, 1, 1 - 0.01 * k])}

    return explorers.gap(probabilities, LANGUAGES, "French")


def backward_paths():
    lags = np.arange(40.0)

    def flow(direct, *through):
        factor = 0.5 * direct + 0.1 * np.dot(through, (1, 1.1, 1.2, 1.3))
        return {"paths on": factor**lags, "all paths": 0.96**lags}

    return explorers.backward_paths(flow)


def conveyor_belt():
    def belt(f, i, g):
        return {"c": i * g * np.cumsum(f ** np.arange(30.0)), "RNN": np.tanh(f * np.ones(30))}

    return explorers.conveyor_belt(belt)


def forget_bias():
    return explorers.forget_bias(lambda bias: sigmoid(bias) ** np.arange(41))


def half_lives():
    return explorers.half_lives(lambda T: {"chrono": np.linspace(1, 0.69 * T, 8), "bias 1": np.full(8, 2.2)})


def latch():
    write = np.isin(np.arange(30), (3, 12))
    signal = np.sin(np.arange(30.0))

    def respond(w_i, b_i, b_f):
        c = [0.0]
        for x, flag in zip(signal, write, strict=True):
            c.append(sigmoid(b_f) * c[-1] + sigmoid(w_i * flag + b_i) * x)
        return {"c": c[1:], "target": np.repeat([0, signal[3], signal[12]], [3, 9, 18])}

    return explorers.latch(respond, signal, write)


def lstm_unit(written=(2,)):
    x = np.zeros((20, 1, 1))
    x[list(written)], x[9] = 1, -1

    def respond(*weights):
        layer = LSTM(1, 1)
        slabs = np.reshape(weights, (4, 3))
        for n, name in enumerate(("W_x", "W_h", "b")):
            layer.params[name].flat[:] = slabs[:, n]
        trace = layer.forward(x)
        return {name: getattr(trace, name).ravel() for name in "ifgoch"}

    return explorers.lstm_unit(respond, x.ravel())


def step_through(D=1):
    trace = LSTM(D, 3, rng=0).forward(np.random.default_rng(0).standard_normal((9, 1, D)))
    return explorers.step_through(lambda t, unit: step_values(trace, t - 1, unit - 1), steps=9, units=3)


def reorder_words():
    def scores(words):
        return {"bag": 0.4, "recurrent": 1 / (1 + words.index("good"))}

    return explorers.reorder_words(scores, "the film was good but long")


def learning_rate():
    steps = np.arange(1, 30)
    return explorers.learning_rate(lambda rate: {"SGD": np.exp(-0.1 * rate * steps), "Adam": np.exp(-rate * steps)})


def counting():
    def states(n):
        return 1 - 0.1 * np.concatenate([np.arange(n + 1), np.arange(n - 1, -1, -1)])

    return explorers.counting(states, lambda n: n <= 30)


def gate_order():
    def respond(order):
        shift = np.dot(["ifgo".index(part) for part in order], (0.1, 0.02, 0.004, 0)) - 0.028
        return {"as written": np.sin(np.arange(20.0)), "as read": np.sin(np.arange(20.0) + shift)}

    return explorers.gate_order(respond)


def two_memories():
    def decay(*biases):
        return {name: sigmoid(bias) ** np.arange(41) for name, bias in zip(("GRU", "LSTM"), biases, strict=True)}

    return explorers.two_memories(decay, lambda b_z, b_f: {"GRU": 1 - sigmoid(b_z), "LSTM": 1.0})


def translation():
    def respond(text):
        if "?" in text:
            return {"said": f"Not read: {text}"}
        steps = np.arange(len(text) + 4)[:, None] / 40 + np.arange(3) / 9
        return {"read": text, "written": "1990", "gates": dict.fromkeys("ifgo", steps + len(text) / 100), "said": f"Read: {text}"}

    return explorers.translation(respond, "1 mai 1990", room=12, length=4)


def reading_text():
    def look(t, unit):
        p = softmax(np.sin(np.arange(8.0) * t))
        return {"next": dict(zip("abc($)\n ", p, strict=True)), "c": np.cos(np.arange(60) / unit), "i": 0.1, "f": 0.2 + t / 100,
                "g": -0.3, "o": 1 / unit, "h": -0.05}

    return explorers.reading_text(look, 'f("a $b$")\n' * 5 + "12345", units=4)


def looking():
    def respond(text):
        weights = np.array([softmax(np.cos(np.arange(len(text)) + k * len(text))) for k in range(4)])
        return "1990", weights

    return explorers.looking(respond, ("1 mai 1990", "2 juin 90"), k=2, length=4)


def matrix_memory():
    vectors = np.random.default_rng(0).standard_normal((3, 16, 8)) / np.sqrt(8)

    def respond(pairs, kind, f):
        keys, values = vectors[1 if kind == "random" else 2, :pairs], vectors[0, :pairs]
        C = (values.T * f ** np.arange(pairs)[::-1]) @ keys
        return C, values @ C @ keys.T

    return explorers.matrix_memory(respond, pairs=8)


def joining_tree():
    return explorers.joining_tree(lambda passes: (0.9 ** np.minimum(2**passes, np.arange(1.0, 17)), np.arange(16.0) - passes), 16)


MAKERS = {maker.__name__: maker for maker in (
    one_unit, learning_rate, gradient_slider, wall, gap, conveyor_belt, forget_bias, half_lives, latch, lstm_unit, backward_paths,
    step_through, reorder_words, counting, gate_order, two_memories, translation, reading_text, looking, matrix_memory,
    joining_tree)}


@pytest.fixture(scope="module", params=MAKERS)
def made(request):
    """Return an explorer and (its first picture, its first sentence): made once for all tests that move it."""
    use_course_style()
    explorer = MAKERS[request.param]()
    return explorer, (explorer.picture, explorer.sentence)


@pytest.fixture
def explorer(made):
    explorer, _ = made
    explorer.reset()
    return explorer


def test_every_explorer_of_the_package_is_tried():
    general = {"Explorer", "bars", "lines", "log_slider", "slider"}
    elsewhere = {"live_cell", "live_cell_backward", "live_unit"}                # test_live_cell.py
    assert set(explorers.__all__) - general - elsewhere == set(MAKERS)


def ends(control):
    return ("? <b>", "31 mai & 1") if control.kind == "text" else (control.settings[0], control.settings[-1])


def somewhere(control, rng):
    if control.kind == "text":
        return "1 février <&?"[:rng.integers(14)]
    return control.settings[rng.integers(len(control.settings))]


def move(explorer, values):
    for control, value in zip(explorer.controls.values(), values, strict=True):
        control.value = value


def assert_well(explorer):
    assert explorer.error == ""
    assert explorer.frame["words"] == explorer.sentence and explorer.frame["picture"] == explorer.picture
    assert not re.search(r"\b(nan|inf)\b", explorer.picture, re.IGNORECASE)


def corners(controls, most=64):
    """Return settings in which every control stands at one of its ends: all of them, or `most` of many, among them the
    two in which all stand at the same end."""
    both = [ends(control) for control in controls]
    if 2 ** len(both) <= most:
        return list(itertools.product(*both))
    rng = np.random.default_rng(0)
    drawn = [[pair[rng.integers(2)] for pair in both] for _ in range(most - 2)]
    return [*zip(*both, strict=True), *drawn]


def test_extremes(explorer):
    for values in corners(explorer.controls.values()):
        explorer.set_controls(values)
        assert_well(explorer)


def test_random_settings(explorer):
    rng = np.random.default_rng(0)
    for _ in range(25):
        explorer.set_controls([somewhere(control, rng) for control in explorer.controls.values()])
        assert_well(explorer)


def test_each_control_changes_drawing_and_sentence(explorer):
    for control in explorer.controls.values():
        explorer.reset()
        before = explorer.picture, explorer.sentence
        control.value = ends(control)[1] if control.value != ends(control)[1] else ends(control)[0]
        if explorer._name == "order of words":              # a word is swapped with another: that takes both sliders
            assert explorer.sentence != before[1] or control.value == 1
        else:
            assert explorer.picture != before[0] and explorer.sentence != before[1]


@pytest.mark.parametrize("end", [0, 1])
def test_the_reset_button_brings_back_the_start(made, end):
    explorer, start = made
    move(explorer, [ends(control)[end] for control in explorer.controls.values()])
    press(explorer, "Reset")
    assert (explorer.picture, explorer.sentence) == start


def test_artists_are_moved_not_made(explorer):
    def artists():
        return [id(artist) for ax in explorer.figure.axes for artist in (*ax.lines, *ax.patches, *ax.collections, *ax.texts)]

    before, background = artists(), explorer.background
    move(explorer, [ends(control)[0] for control in explorer.controls.values()])
    assert artists() == before and explorer.background == background


def test_every_control_has_words_and_a_text_for_each_setting(explorer):
    for control in explorer.controls.values():
        spec = control.spec()
        assert spec["label"].strip() and len(spec["texts"]) == len(control.settings)
        assert len(set(spec["texts"])) == len(spec["texts"])
        assert not [text for text in spec["texts"] if re.search(r"\d{6}|-", text)]             # no 0.30000000000000004


def test_what_a_notebook_stores_is_its_first_picture_with_words(explorer):
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer) and len(repr(explorer)) < 100 and " at 0x" not in repr(explorer)
    alt = html.unescape(re.search(r'<img alt="([^"]*)"', bundle["text/html"])[1])
    assert alt == f"{explorer!r}. {explorer.sentence}"
    assert 'src="data:image/png;base64,iVBOR' in bundle["text/html"]


def test_an_error_is_shown_and_goes_away_again():
    def respond(W_x, W_h, b):
        if b > 1:
            raise OverflowError("b is <too> big")
        return np.full(5, b)

    explorer = explorers.one_unit(respond)
    good = explorer.picture
    explorer.controls["b"].value = 1.5
    assert explorer.error == explorer.frame["error"] == "OverflowError: b is <too> big"
    assert explorer.picture == good
    explorer.controls["b"].value = 0.5
    assert explorer.error == "" and explorer.picture != good


@pytest.mark.parametrize(("answer", "words"), [
    ([0.0, np.nan, 1.0], "h is no longer finite at step 2"),
    (np.zeros((3, 2)), r"h has shape \(3, 2\); lines needs \(T,\)"),
])
def test_lines_refuse_what_is_no_line(answer, words):
    with pytest.raises(ValueError, match=words):
        explorers.one_unit(lambda W_x, W_h, b: answer)


def test_a_path_that_leaves_the_numbers_is_told():
    points = np.array([[5.0, -2.0], [6.0, -2.0], [np.inf, np.nan]])
    explorer = explorers.wall(lambda clip: points, np.ones((2, 2)), np.array([3.0, 7.0]), np.array([-4.0, -1.0]))
    assert "after 1 steps the numbers are no longer finite" in explorer.sentence


def test_keeping_an_order_goes_on_from_it():
    explorer = reorder_words()
    explorer.controls["one"].value, explorer.controls["other"].value = 1, 4
    assert "“good film was the but long”" in explorer.sentence
    press(explorer, "Keep this order")
    assert [control.value for control in explorer.controls.values()] == [1, 1]
    assert "“good film was the but long”" in explorer.sentence
    explorer.controls["one"].value, explorer.controls["other"].value = 2, 3
    assert "“good was film the but long”" in explorer.sentence
    explorer.reset()
    assert "“the film was good but long”" in explorer.sentence


def test_the_belt_that_leaves_the_picture_is_told():
    explorer = explorers.conveyor_belt(lambda f, i, g: i * g * np.arange(1.0, 31), ylim=(-3, 3))
    assert explorer.sentence == ("f = 0.90, i = 0.50, g = 1.0: in 30 steps c goes from 0.50 to 15.00, out of the picture from "
                                 "step 7 on.")


@pytest.mark.parametrize(("bias", "words"), [
    (0, "Half is gone after 1.0 steps."), (1, "Half is gone after 2.2 steps."), (3, "Half is gone after 14.3 steps."),
    (-2, "Half is gone after 0.3 steps."), (5, "Half is gone after more than 40 steps.")])
def test_the_half_life_is_read_off_the_line(bias, words):
    explorer = forget_bias()
    explorer.controls["bias"].value = bias
    assert explorer.sentence.startswith(f"Forget bias {bias:.1f}. {words} After 40 steps ")


def test_a_memory_begins_whole():
    with pytest.raises(ValueError, match=r"begins with \[0\.5\]; forget_bias needs \(T \+ 1,\) that begins with 1"):
        explorers.forget_bias(lambda bias: 0.5 ** np.arange(1, 9))


def test_what_a_latch_took_and_kept_is_told():
    c = np.array([0.1, 0.8, 0.7, 0.5])
    explorer = explorers.latch(lambda *_: {"c": c, "target": np.array([0, 0.8, 0.8, 0.8])}, np.ones(4), [0, 1, 0, 0])
    assert explorer.sentence.endswith("after the last flag (step 2) c is 0.80, after step 4 it is 0.50; it is at most 0.30 from "
                                      "the target.")
    explorer = explorers.latch(lambda *_: c, np.ones(4), np.zeros(4))
    assert explorer.sentence.endswith("forget bias 1.0: after step 4 c is 0.50.")


def test_how_far_a_wrong_order_leads_is_told():
    explorer = explorers.gate_order(lambda order: {"as written": [0.5, 0.5], "as read": [0.5, 0.5 if order == "ifgo" else -0.25]})
    assert explorer.sentence == "Read in the order i, o, f, g: at most 0.75 apart, at step 2."
    explorer.controls["order"].value = "i, f, g, o"
    assert explorer.sentence == "Read in the order i, f, g, o: the two lines are one."


def press(explorer, button):
    """Press a button as the script does: a preset goes to its places, any other is Python's."""
    places = explorer.spec["presets"].get(button)
    explorer._asked(None, {"view": "a", "number": 1, **({"places": places} if places else {"button": button})}, None)
    assert (explorer.frame["view"], explorer.frame["number"]) == ("a", 1)


def ends_of(explorer):
    """Return {signal: its last value} of the unit's panels."""
    return {ax.get_title("left")[0]: ax.lines[0].get_ydata()[-1] for ax in explorer.figure.axes if ax.lines}


def test_the_presets_of_the_unit_do_what_they_are_called():
    explorer = lstm_unit()
    press(explorer, "latch")
    assert ends_of(explorer)["c"] > 0.7 and ends_of(explorer)["h"] > 0.5
    press(explorer, "shut output")
    assert ends_of(explorer)["c"] > 0.7 and abs(ends_of(explorer)["h"]) < 0.01
    press(explorer, "counter")
    assert max(explorer.figure.axes[5].lines[0].get_ydata()) > 0.4 and abs(ends_of(explorer)["c"]) < 0.01    # +1, then -1
    press(explorer, "leaky")
    assert abs(ends_of(explorer)["c"]) < 0.1
    assert explorer.sentence == lstm_unit().sentence


def test_the_latch_replaces_what_it_held():
    """Written twice, it holds what was written last, and not the sum."""
    explorer = lstm_unit(written=(2, 12))
    press(explorer, "latch")
    states = explorer.figure.axes[5].lines[0].get_ydata()
    assert states[5] == pytest.approx(np.tanh(1), abs=0.05) and states[-1] == pytest.approx(np.tanh(1), abs=0.05)


def test_a_preset_draws_once_and_each_signal_has_its_panel():
    asked = []

    def respond(*weights):
        asked.append(weights)
        return {name: np.full(5, number / 10) for number, name in enumerate("ifgoch")}

    explorer = explorers.lstm_unit(respond, start=range(12))
    assert list(asked[0]) == list(range(12))
    assert list(explorer.controls)[:4] == ["i W_x", "i W_h", "i b", "f W_x"]
    assert ends_of(explorer) == {name: number / 10 for number, name in enumerate("ifgoch")}
    assert explorer.picture.count("<path") == 6
    asked.clear()
    press(explorer, "latch")
    assert len(asked) == 1


def test_the_unit_asks_for_all_its_signals():
    with pytest.raises(ValueError, match="respond gives no o, h; lstm_unit needs i, f, g, o, c, h"):
        explorers.lstm_unit(lambda *_: dict.fromkeys("ifgc", np.ones(3)))


@pytest.mark.parametrize("D", [1, 2])
def test_the_numbers_of_the_step_stand_on_the_wires(D):
    explorer = step_through(D)
    move(explorer, [4, 2])
    x = np.random.default_rng(0).standard_normal((9, 1, D))
    step = step_values(LSTM(D, 3, rng=0).forward(x), 3, 1)
    words = " ".join(artist.get_text() for artist in explorer.figure.axes[0].texts)
    shown = [float(number.replace("−", "-")) for number in re.findall(r"[−-]?\d+\.\d+", words)]
    products = step["f"] * step["c_prev"], step["i"] * step["g"], np.tanh(step["c"])
    assert sorted(shown) == sorted(round(number, 2) + 0.0 for number in (*step.values(), *products))
    shown = f"h = o · tanh(c) = {step['o']:.2f} · {np.tanh(step['c']):.2f} = {step['h']:.2f}."
    assert explorer.sentence.endswith(shown.replace("-", "−"))


def test_the_spread_of_half_lives_is_told():
    explorer = half_lives()
    assert explorer.sentence == "T = 200. Half-lives in steps … chrono: 1.0 to 138.0, median 69.5; bias 1: all 2.2."
    explorer.controls["longest"].value = 10
    assert "chrono: 1.0 to 6.9, median 3.9;" in explorer.sentence


def test_counting_says_where_the_cell_stands_and_whether_all_answers_are_right():
    explorer = counting()
    assert explorer.sentence == ("n = 10, trained on: c is 1.0 after S, 0.0 after the last a, 1.0 after the last b. "
                                 "Every answer is right.")
    move(explorer, [31])
    assert explorer.sentence == ("n = 31, never seen in training: c is 1.0 after S, -2.1 after the last a, 1.0 after the last b. "
                                 "An answer is wrong.")
    line = explorer.figure.axes[0].lines[-1]
    assert len(line.get_ydata()) == 2 * 31 + 1 and line.get_xdata()[-1] <= explorer.figure.axes[0].get_xlim()[1]


def test_what_two_memories_keep_and_can_write_is_told():
    explorer = two_memories()
    explorer.controls["b_z"].value, explorer.controls["b_f"].value = 3.0, 0.0
    assert explorer.sentence == (
        "GRU, bias 3.0: Half is gone after 14.3 steps. A step can write up to 0.047 of a candidate. "
        "LSTM, bias 0.0: Half is gone after 1.0 steps. A step can write up to 1.000 of a candidate.")


def shown_gates(explorer):
    """Return the images of the four panels (4, units, columns), and the letters above them."""
    images = [ax.images[0].get_array() for ax in explorer.figure.axes]
    return np.ma.filled(np.ma.array(images), np.nan), [text.get_text() for text in explorer.figure.axes[0].texts]


def test_a_typed_date_is_shown_with_its_gates():
    explorer = translation()
    explorer.controls["text"].value = "5 mai"
    images, letters = shown_gates(explorer)
    assert letters == [""] * 7 + list("5␣mai1990") and explorer.sentence == "Read: 5 mai"
    expected = (np.arange(9)[:, None] / 40 + np.arange(3) / 9 + 0.05).T
    assert np.isnan(images[:, :, :7]).all() and np.allclose(images[:, :, 7:], expected)


def test_the_border_between_read_and_written_lies_on_the_images():
    explorer = translation()
    drawing = explorer.picture
    assert drawing.count("stroke: #333333") == 4 > 0 == explorer.background.count("stroke: #333333; stroke-width: 1.5")


def test_what_cannot_be_read_leaves_the_panels_empty():
    explorer = translation()
    explorer.controls["text"].value = "what?"
    images, letters = shown_gates(explorer)
    assert np.isnan(images).all() and not any(letters) and explorer.sentence == "Not read: what?"
    assert explorer.error == ""


def test_a_date_too_long_for_the_picture_is_an_error_in_words():
    explorer = translation()
    explorer.controls["text"].value = "1 février 1990"
    assert "respond reads 14 letters and writes 4; there is room for 12 and 4" in explorer.error


def test_reading_shows_the_letter_the_likeliest_next_ones_and_the_signals():
    def look(t, unit):
        return {"next": {"a": 0.1, "\n": 0.6, " ": 0.3}, "c": [t, -unit, 2.0], "i": 0.1, "f": 0.9, "g": -0.4, "o": 0.5, "h": 0.2}

    explorer = explorers.reading_text(look, "x y", units=2)
    assert explorer.sentence == ("Letter 1 is x. Unit 1 holds c = 1.00. Expected next: ↵ with 0.60, · with 0.30, a with 0.10. "
                                 "It is ·.")
    _, likely, signals = explorer.figure.axes
    assert [bar.get_width() for bar in likely.patches] == [0.6, 0.3, 0.1, 0, 0, 0]
    assert [bar.get_width() for bar in signals.patches] == [0.1, 0.9, -0.4, 0.5, 0.2]
    explorer.controls["t"].value, explorer.controls["unit"].value = 3, 2
    assert explorer.sentence.startswith("Letter 3 is y. Unit 2 holds c = 2.00.") and "It is" not in explorer.sentence


def test_the_strip_shows_the_letters_around_the_one_just_read():
    states = np.arange(60.0)
    explorer = explorers.reading_text(lambda t, unit: {"next": {"a": 1.0}, "c": states, **dict.fromkeys("ifgoh", 0.5)},
                                      "a" * 30 + " " + "b" * 29, units=1, t=2)
    boxes, letters = explorer.figure.axes[0].collections[0], explorer.figure.axes[0].patches[0]
    assert boxes.get_array().ravel()[:12].max() == 0 and boxes.get_array().ravel()[12] == pytest.approx(1 / 59)
    assert {*letters.get_path().vertices[1:, 0] // 1} == {*range(11, 25)}         # none before the text begins
    explorer.controls["t"].value = 20
    assert np.allclose(boxes.get_array().ravel(), np.arange(7, 32) / 59)
    assert {*letters.get_path().vertices[1:, 0] // 1} == {*range(25)}


def test_a_state_for_each_letter_is_needed():
    with pytest.raises(ValueError, match=r"c has shape \(2,\); reading_text needs \(3,\)"):
        explorers.reading_text(lambda t, unit: {"next": {"a": 1.0}, "c": [1, 2], **dict.fromkeys("ifgoh", 0.5)}, "abc", units=1)


def test_looking_shows_the_row_of_the_letter_that_is_written():
    weights = np.zeros((2, 8))
    weights[0, 6:], weights[1, [2, 0]] = (0.75, 0.25), (0.5, 0.3)
    explorer = explorers.looking(lambda text: ("05", weights[:, :len(text)]), ("5 mai 90", "6 mai"), k=2, length=2)
    bars = explorer.figure.axes[0].patches
    assert [bar.get_height() for bar in bars] == [0.3, 0, 0.5, 0, 0, 0, 0, 0]
    assert explorer.sentence == ('Letter 2 of 05, "5": most weight, 0.50, on letter 3 of the text, "m", in or after "mai"; then '
                                 '0.30 on letter 1, "5".')
    explorer.controls["k"].value = 1
    assert [bar.get_height() for bar in bars][6:] == [0.75, 0.25] and 'in or after "90"' in explorer.sentence
    explorer.controls["k"].value, explorer.controls["text"].value = 2, "6 mai"
    assert [text.get_text() for text in explorer.figure.axes[0].texts[:8]] == ["6", "␣", "m", "a", "i", "", "", ""]
    with pytest.raises(ValueError, match=r"weights of shape \(2, 3\); looking needs \(2, 5\)"):
        explorers.looking(lambda text: ("05", weights[:, :3]), ("6 mai",), k=2, length=2)


def test_what_a_matrix_memory_gives_back_is_told_and_drawn():
    explorer = explorers.matrix_memory(lambda pairs, kind, f: (np.eye(4), np.roll(np.eye(pairs), kind == "random", 0)), pairs=3,
                                       most=4)
    assert explorer.sentence.startswith("3 pairs, random keys, f = 1.00: 0 of 3 read back right. A key brings back its own value "
                                        "with 0.00 to 0.00, another's with up to 1.00.")
    move(explorer, (1, "orthogonal", 0.7))
    assert explorer.sentence.startswith("1 pair, orthogonal keys, f = 0.70: 1 of 1 read back right.")


def test_a_row_for_each_pair_is_needed():
    with pytest.raises(ValueError, match=r"what is read back has shape \(4, 4\); matrix_memory needs \(3, 3\)"):
        explorers.matrix_memory(lambda pairs, kind, f: (np.eye(4), np.eye(4)), pairs=3)


@pytest.mark.parametrize(("passes", "t", "words"), [
    (0, 3, "After 0 passes step 3 stands for itself alone: h at 3 = 0.90 · h at 2 + 2.00."),
    (1, 1, "After 1 pass step 1 stands for itself alone: h at 1 = 0.90 · h at 0 − 1.00. It has reached the beginning."),
    (2, 7, "After 2 passes step 7 stands for steps 4 to 7: h at 7 = 0.66 · h at 3 + 4.00."),
    (3, 8, "After 3 passes step 8 stands for steps 1 to 8: h at 8 = 0.43 · h at 0 + 4.00. It has reached the beginning.")])
def test_what_a_joined_step_stands_for_is_told(passes, t, words):
    explorer = joining_tree()
    explorer.set_controls((passes, t))
    assert explorer.sentence == words
    below = {place for line in lines_below(t, passes) for place, row in line if row == 0}
    assert passes == 0 or below == set(range(max(1, t - 2**passes + 1), t + 1))
