"""Every picture: nothing is cut off, no text lies on a wire or on another text, and it is the same each time."""

import inspect
import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt

from lstm_helpers.drawing import (
    COLOURS,
    alignments,
    bars,
    charts,
    curves,
    diagrams,
    heat_maps,
    learning_rates,
    lstm_cell,
    rnn_step,
    spreads,
)
from tests.drawing.pictures import CELLS, EXAMPLES, WITH_WIRES, drawn, pixels, pixels_of

ONCE = sorted(set(EXAMPLES) - set(CELLS) | {"lstm_cell, None, forward", "lstm_cell, None, backward", "lstm_cell, None, numbers"})


def touches_the_edge(picture):
    """Tell whether anything is drawn on the outermost pixels: then something is cut off, most often a text."""
    edge = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return not all((side == 255).all() for side in edge)


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_cut_off(name):
    assert not touches_the_edge(pixels_of(name))


def test_a_text_that_is_cut_off_is_found():
    fig = plt.figure(figsize=(1, 1))
    fig.text(0.5, 0.5, "—" * 20)
    assert touches_the_edge(pixels(fig))


@pytest.mark.parametrize("name", ONCE)
def test_the_same_picture_every_time(name):
    assert np.array_equal(pixels(EXAMPLES[name]()), pixels_of(name))


def test_every_picture_has_an_example():
    modules = (alignments, bars, charts, curves, diagrams, heat_maps, learning_rates, rnn_step, spreads)
    public = {name for module in modules for name, value in vars(module).items()
              if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")}
    assert public | {lstm_cell.__name__} == {name.partition(",")[0] for name in EXAMPLES}


def test_gate_colours_differ_also_in_grey():
    def grey(colour):
        red, green, blue = (int(colour[k:k + 2], 16) for k in (1, 3, 5))
        return 0.3 * red + 0.59 * green + 0.11 * blue

    greys = sorted(grey(COLOURS[gate]) for gate in "ifgo")
    assert len({COLOURS[name] for name in "ifgochx"}) == 7
    assert min(b - a for a, b in itertools.pairwise(greys)) > 5


# --- texts and wires ---

def boxes(fig):
    """Return {text: its box on the page, in pixels}; the texts must have been drawn."""
    return {text.get_text() + str(text.get_position()): text.get_window_extent() for text in fig.axes[0].texts}


def outlines(fig):
    """Return [(label, points along the outline in pixels, half its line's width)] of everything drawn but texts."""
    found = []
    for artist in [*fig.axes[0].patches, *fig.axes[0].lines]:
        path = artist.get_transform().transform_path(artist.get_path())
        points = np.concatenate([line for line in path.to_polygons(closed_only=False)])
        steps = np.linspace(0, 1, 100)[:, None, None]
        points = (points[:-1] * (1 - steps) + points[1:] * steps).reshape(-1, 2)         # closer than a letter is wide
        found.append((artist.get_label(), points, artist.get_linewidth() * fig.dpi / 144))
    return found


def crossed(fig):
    """Return the pairs (text, outline) of which one lies on the other."""
    pairs, drawn_lines = [], outlines(fig)
    for (text, box), (label, points, reach) in itertools.product(boxes(fig).items(), drawn_lines):
        (left, bottom), (right, top) = box.min - reach, box.max + reach
        inside = (points > (left, bottom)).all(axis=1) & (points < (right, top)).all(axis=1)
        if inside.any():
            pairs.append((text, label))
    return pairs


@pytest.mark.parametrize("name", WITH_WIRES)
def test_no_text_is_crossed_by_a_wire_or_an_outline_or_another_text(name):
    fig = drawn(name)
    assert crossed(fig) == []
    assert [(one, other) for (one, box), (other, further) in itertools.combinations(boxes(fig).items(), 2)
            if box.overlaps(further)] == []


def test_a_crossed_text_is_found():
    fig = lstm_cell()
    fig.axes[0].text(5.1, 3.8, "$i$")
    fig.axes[0].text(4.8, 6.2, "on the belt")
    assert len({text for text, _ in crossed(fig)}) == 2
