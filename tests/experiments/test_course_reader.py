"""The network of 256 units that has read the course: its file, its parts of the text, and a step of its training."""

import numpy as np
import pytest

from lstm_helpers.experiments import course_reader
from lstm_helpers.experiments.course_reader import WEIGHTS, bits, gradients, parts, pieces, untrained, windows


def test_its_weights_are_small_and_plain():
    assert WEIGHTS.stat().st_size < 1_000_000
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        shapes = {name: array.shape for name, array in kept.items() if array.dtype == np.float16}
        assert shapes == {name: array.shape for name, array in untrained().params.items()}


def test_it_reads_what_it_never_saw_as_well_as_was_recorded():
    net, curve, samples = course_reader.course_reader()
    assert list(samples) == list(course_reader.STAGES) and len(curve) == course_reader.EPOCHS
    assert bits(net, parts()[1], windows()) == pytest.approx(curve[-1, 1], abs=0.002)      # float16 costs nothing


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
