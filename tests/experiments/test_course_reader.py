"""The network of 256 units that has read the course: its file, its parts of the text, and a step of its training."""

import numpy as np
import pytest

from lstm_helpers.experiments import course_reader
from lstm_helpers.experiments.course_reader import (
    HEADING,
    NO_PROSE,
    WEIGHTS,
    best_unit,
    bits,
    gradients,
    inside,
    parts,
    pieces,
    runs,
    untrained,
    windows,
)


def test_its_weights_are_small_and_plain():
    assert WEIGHTS.stat().st_size < 1_000_000
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        shapes = {name: array.shape for name, array in kept.items() if array.dtype == np.float16}
        assert shapes == {name: array.shape for name, array in untrained().params.items()}


def test_it_reads_what_it_never_saw_as_well_as_was_recorded():
    net, curve, samples = course_reader.course_reader()
    assert list(samples) == list(course_reader.STAGES) and len(curve) == course_reader.EPOCHS
    assert bits(net, parts()[1], windows()) == pytest.approx(curve[-1, 1], abs=0.002)      # float16 costs nothing


def test_the_weights_are_of_the_training_with_the_fewest_bits_on_18_and_give_what_its_row_says():
    net, (_, choosing, judged) = course_reader.course_reader()[0], parts()
    kept = min(runs(), key=lambda run: run["bits_18"])
    assert (kept["epochs"], kept["rate"]) == (course_reader.EPOCHS, course_reader.RATE)
    found = [bits(net, text, windows()) for text in (choosing, judged)]
    assert found == pytest.approx([kept["bits_18"], kept["bits_19_20"]], abs=0.002)
    assert best_unit(net, HEADING, choosing, judged)[1] == pytest.approx(kept["heading"], abs=0.01)


def test_a_better_training_replaces_the_weights_and_a_worse_one_does_not(tmp_path, monkeypatch):
    monkeypatch.setattr(course_reader, "TABLE", tmp_path / "table.csv")
    monkeypatch.setattr(course_reader, "WEIGHTS", tmp_path / "weights.npz")
    for seed, found in ((1, 2.5), (0, 2.25), (2, 3.0)):
        row = dict.fromkeys(course_reader.COLUMNS, 0.5) | {"seed": seed, "bits_18": found}
        course_reader.keep(row, untrained(4), np.full((1, 2), found), np.array(["a"]))
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as kept:
        assert kept["curve"][0, 0] == 2.25
    assert [(run["seed"], run["bits_18"]) for run in runs()] == [(0, 2.25), (1, 2.5), (2, 3.0)]


@pytest.mark.parametrize(("text", "signs", "expected"), [
    ("so $a + b$ is (x)", {"$": "$"}, "00011111100000000"), ("# ab\ncd", HEADING, "1111000"), ("`$` $a$", NO_PROSE, "1100110"),
    ("(a\n\nb)", {"(": ")"}, "111000")])
def test_inside_lasts_from_the_opening_sign_to_before_the_closing_one_or_a_blank_line(text, signs, expected):
    assert "".join(map(str, inside(text, signs))) == expected


def test_a_table_of_the_last_letters_says_the_mean_that_it_saw_and_asks_for_fewer_where_they_are_new():
    text, signal = "xab yab xac ", np.array([0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 7, 0])
    said = course_reader.from_the_last(3, text, signal, "..xab..cab..yac")
    assert said[[4, 9, 14]] == pytest.approx([1, 3, 7])         # xab: once; ab: twice; ac: once


def test_the_parts_are_whole_notebooks_and_share_an_alphabet():
    learned, choosing, judged = parts()
    assert learned.startswith("# ") and choosing.startswith("# ") and judged.startswith("# ")
    assert sum(map(len, parts())) == 205_182 and set(choosing + judged) <= set(learned)


def test_pieces_lie_side_by_side():
    task = windows()
    x, y = pieces("abcdefghij", task, length=4)
    assert [task.decode(column) for column in x.argmax(axis=2).T] == ["abcd", "efgh"]
    assert [task.decode(column) for column in y.T] == ["bcde", "fghi"]


def test_its_gradients_are_those_of_the_network_where_nothing_is_dropped():
    net, task = untrained(8), windows()
    codes = task.encode("to be or not")[:, None]
    loss, grads, carried = gradients(net, codes, {}, 0.0, np.random.default_rng(0))
    expected = net.loss_and_gradients(*task.as_stream("to be or not"), course_reader.cross_entropy)
    assert loss == pytest.approx(expected[0], rel=1e-5) and set(carried) == {"h0", "c0"}
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, expected[1][name], atol=1e-6)
