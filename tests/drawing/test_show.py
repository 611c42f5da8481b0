"""`show` puts a picture and its words into the notebook, and closes the figure."""

import base64
import importlib
import io
import re

import pytest
from matplotlib import pyplot as plt

from lstm_helpers.drawing import show as show_figure
from lstm_helpers.drawing import use_course_style


@pytest.fixture
def shown(monkeypatch):
    use_course_style()
    outputs = []
    module = importlib.import_module("lstm_helpers.drawing.show")      # the package's own `show` is the function
    monkeypatch.setattr(module, "display", outputs.append)
    return outputs


def test_picture_alt_and_caption(shown):
    show_figure(plt.figure(figsize=(2, 1)), 'a "line" < one', "below & beyond")
    html = shown[0].data
    assert 'alt="a &quot;line&quot; &lt; one"' in html
    assert "<figcaption>below &amp; beyond</figcaption>" in html
    assert "width: 192px; max-width: 100%; background: white" in html      # what is dark behind it: a dark JupyterLab
    png = re.search(r"data:image/png;base64,([^\"]+)", html)[1]
    assert base64.b64decode(png).startswith(b"\x89PNG")


def test_a_picture_has_no_ground_of_its_own(shown):
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [0, 1])
    show_figure(fig, "a line")
    png = re.search(r"data:image/png;base64,([^\"]+)", shown[0].data)[1]
    alpha = plt.imread(io.BytesIO(base64.b64decode(png)))[..., 3]
    assert alpha[0, 0] == 0 and (alpha == 0).mean() > 0.5 and alpha.max() == 1


def test_no_caption_no_empty_line(shown):
    show_figure(plt.figure(), "a line")
    assert "figcaption" not in shown[0].data


def test_the_figure_is_closed(shown):
    fig = plt.figure()
    show_figure(fig, "a line")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_picture_without_words_is_refused(shown, alt):
    with pytest.raises(ValueError, match="alt is empty; show needs a sentence"):
        show_figure(plt.figure(), alt)
    assert shown == []
