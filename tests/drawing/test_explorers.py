"""Every explorer over the extremes of its sliders and over random settings: a new picture, a new sentence, never an error."""

import html
import itertools
import re

import numpy as np
import pytest

from lstm_helpers.drawing import explorers, use_course_style

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


def reorder_words():
    def scores(words):
        return {"bag": 0.4, "recurrent": 1 / (1 + words.index("good"))}

    return explorers.reorder_words(scores, "the film was good but long")


MAKERS = {maker.__name__: maker for maker in (one_unit, gradient_slider, wall, gap, reorder_words)}


@pytest.fixture(autouse=True)
def _style():
    use_course_style()


@pytest.fixture(params=MAKERS)
def explorer(request):
    return MAKERS[request.param]()


def test_every_explorer_of_the_package_is_tried():
    general = {"Explorer", "bars", "lines", "log_slider", "slider"}
    assert set(explorers.__all__) - general == set(MAKERS)


def ends(control):
    if hasattr(control, "base"):
        return control.base ** control.min, control.base ** control.max
    return control.min, control.max


def somewhere(control, rng):
    low, high = ends(control)
    value = low + (high - low) * rng.random()
    return round(value) if isinstance(control.value, int) else value


def move(explorer, values):
    for control, value in zip(explorer.controls.values(), values, strict=True):
        control.value = value


def label(explorer):
    found = re.search(r'<svg[^>]*\brole="img"[^>]*\baria-label="([^"]*)"', explorer.picture.value)
    return html.unescape(found[1])


def assert_well(explorer):
    assert explorer.error.value == ""
    assert label(explorer) == explorer.sentence
    assert not re.search(r"\b(nan|inf)\b", explorer.picture.value, re.IGNORECASE)


def test_extremes(explorer):
    for values in itertools.product(*map(ends, explorer.controls.values())):
        move(explorer, values)
        assert_well(explorer)


def test_random_settings(explorer):
    rng = np.random.default_rng(0)
    for _ in range(25):
        move(explorer, [somewhere(control, rng) for control in explorer.controls.values()])
        assert_well(explorer)


def test_each_control_changes_picture_and_sentence(explorer):
    for control in explorer.controls.values():
        explorer.reset()
        before = explorer.picture.value, explorer.sentence
        control.value = ends(control)[1] if control.value != ends(control)[1] else ends(control)[0]
        if explorer._name == "order of words":              # a word is swapped with another: that takes both sliders
            assert explorer.sentence != before[1] or control.value == 1
        else:
            assert explorer.picture.value != before[0] and explorer.sentence != before[1]


def test_reset_brings_back_the_start(explorer):
    start = explorer.picture.value, explorer.sentence
    move(explorer, [ends(control)[0] for control in explorer.controls.values()])
    explorer.reset()
    assert (explorer.picture.value, explorer.sentence) == start


def test_the_reset_button_resets(explorer):
    start = explorer.sentence
    buttons = [child for box in explorer.children for child in getattr(box, "children", ()) if hasattr(child, "click")]
    reset = next(button for button in buttons if button.description == "Reset")
    move(explorer, [ends(control)[1] for control in explorer.controls.values()])
    reset.click()
    assert explorer.sentence == start


def test_artists_are_moved_not_made(explorer):
    def artists():
        return [id(artist) for ax in explorer.figure.axes for artist in (*ax.lines, *ax.patches, *ax.collections, *ax.texts)]

    before, background = artists(), explorer.background.value
    move(explorer, [ends(control)[0] for control in explorer.controls.values()])
    assert artists() == before and explorer.background.value == background


def test_every_control_has_a_description_and_is_continuous(explorer):
    for control in explorer.controls.values():
        assert control.description.strip() and control.continuous_update


def test_what_a_notebook_stores_is_short_and_always_the_same(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer) and len(repr(explorer)) < 100
    assert "Run this cell" in bundle["text/html"]
    assert " at 0x" not in repr(explorer)


def test_an_error_is_shown_and_goes_away_again():
    def respond(W_x, W_h, b):
        if b > 1:
            raise OverflowError("b is <too> big")
        return np.full(5, b)

    explorer = explorers.one_unit(respond)
    good = explorer.picture.value
    explorer.controls["b"].value = 1.5
    assert 'role="alert"' in explorer.error.value
    assert "<b>OverflowError</b>: b is &lt;too&gt; big" in explorer.error.value
    assert explorer.picture.value == good
    explorer.controls["b"].value = 0.5
    assert explorer.error.value == "" and explorer.picture.value != good


@pytest.mark.parametrize(("answer", "words"), [
    ([0.0, np.nan, 1.0], "h is no longer finite at step 2"),
    (np.zeros((3, 2)), r"h has shape \(3, 2\); a line needs \(T,\)"),
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
    keep = next(child for box in explorer.children for child in getattr(box, "children", ())
                if getattr(child, "description", "") == "Keep this order")
    keep.click()
    explorer.controls["one"].value, explorer.controls["other"].value = 2, 3
    assert "“good was film the but long”" in explorer.sentence
    explorer.reset()
    assert "“the film was good but long”" in explorer.sentence
