"""The whole table of an experiment: every seed at every rate, in the panel of its model."""

import numpy as np

from lstm_helpers.drawing import learning_rates

FOUND = {"bag": [[0.5, 0.6, 0.7], [0.4, 0.4, 0.1]], "RNN": [[1, 1, 1], [0.2, 0.3, 0.4]]}


def test_each_seed_is_a_dot_above_its_rate_and_each_mean_a_bar():
    fig = learning_rates.accuracy_by_rate(FOUND, (0.03, 0.001))
    for ax, (model, values) in zip(fig.axes, FOUND.items(), strict=True):
        assert ax.get_title("left") == model
        x, y = ax.lines[0].get_data()
        assert y.tolist() == np.ravel(values).tolist()
        assert np.round(x).tolist() == [0, 0, 0, 1, 1, 1] and len(set(x)) == 6
        assert [line[0, 1] for line in ax.collections[0].get_segments()] == np.mean(values, axis=1).tolist()
    assert [tick.get_text() for tick in fig.axes[0].get_xticklabels()] == [".03", ".001"]
    assert not fig.legends


def test_chance_is_in_all_panels_and_a_ceiling_where_it_is_given():
    fig = learning_rates.accuracy_by_rate(FOUND, (0.03, 0.001), chance=0.5, ceilings={"bag": 0.75})
    lines = [{line.get_label(): line.get_ydata()[0] for line in ax.lines[1:]} for ax in fig.axes]
    assert lines == [{"chance": 0.5, "ceiling": 0.75}, {"chance": 0.5}]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["chance", "ceiling"]


def test_a_row_of_panels_for_each_gap_each_with_the_numbers_of_its_gap_and_model():
    other = {model: 1 - np.array(values) for model, values in FOUND.items()}
    fig = learning_rates.accuracy_by_rate_and_gap({"gap 20": FOUND, "gap 80": other}, (0.03, 0.001), chance=0.125)
    found = [ax.lines[0].get_ydata().tolist() for ax in fig.axes]
    assert found == [np.ravel(values).tolist() for table in (FOUND, other) for values in table.values()]
    assert [ax.get_ylabel() for ax in fig.axes[::len(FOUND)]] == ["gap 20", "gap 80"]
    assert [ax.get_title("left") for ax in fig.axes[:len(FOUND)]] == list(FOUND)
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["chance"]
