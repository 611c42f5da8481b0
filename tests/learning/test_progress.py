"""The bar of a training run: how often it is drawn, and that its numbers are those of the step beside them."""

import re

import pytest

from lstm_helpers.learning import History
from lstm_helpers.learning.progress import ProgressBar


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on only when told to: clock[0] += seconds."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def take_steps(history, number, bar=None, clock=None, seconds=0.0):
    """Take steps whose loss is 1 + their number / 1000 and whose gradient norm is their number."""
    for _ in range(number):
        step = len(history) + 1
        history.loss.append(1 + step / 1000)
        history.gradient_norm.append(step)
        if bar:
            clock[0] += seconds
            bar.update()


def drawn(capsys):
    """Return [(step, of how many, loss and gradient norm)] of every time the bar was drawn."""
    frames = re.split(r"[\r\n]+", capsys.readouterr().err.strip())
    found = [re.search(r"(\d+)/(\d+) \[.*?(loss [\d.]+, gradient norm [\d.e+]+)?\]$", frame.strip()).groups() for frame in frames]
    return [(int(step), int(total), numbers) for step, total, numbers in found]


def test_it_is_drawn_at_most_ten_times_a_second(capsys, clock):
    history = History()
    with ProgressBar(history, 64, True) as bar:
        take_steps(history, 62, bar, clock, seconds=1 / 64)
    assert [step for step, _, _ in drawn(capsys)] == [0, *range(7, 57, 7), 62, 62]      # 7 steps are 0.11 s; at the end always


def test_a_step_that_takes_a_tenth_of_a_second_is_shown(capsys, clock):
    history = History()
    with ProgressBar(history, 3, True) as bar:
        take_steps(history, 3, bar, clock, seconds=0.1)
    assert sorted({step for step, _, _ in drawn(capsys)}) == [0, 1, 2, 3]


def test_the_numbers_are_those_of_the_step_beside_them(capsys, clock):
    history = History()
    with ProgressBar(history, 20, True) as bar:
        take_steps(history, 20, bar, clock, seconds=0.25)
    frames = drawn(capsys)
    assert frames[0] == (0, 20, None) and {total for _, total, _ in frames} == {20}
    assert all(numbers == f"loss {1 + step / 1000:.3g}, gradient norm {step}" for step, _, numbers in frames[1:])


def test_a_run_that_goes_on_counts_on(capsys, clock):
    history = History()
    take_steps(history, 40)
    with ProgressBar(history, 10, True) as bar:
        take_steps(history, 5, bar, clock, seconds=0.25)
    assert drawn(capsys)[:2] == [(40, 50, None), (41, 50, "loss 1.04, gradient norm 41")]


@pytest.mark.parametrize(("stopped", "total"), [("stop_when", 3), ("interrupted", 9), ("diverged", 9)])
def test_a_goal_reached_early_is_the_end_of_the_bar(capsys, clock, stopped, total):
    history = History()
    with ProgressBar(history, 9, True):
        take_steps(history, 3)
        history.stopped = stopped
    assert drawn(capsys)[-1] == (3, total, "loss 1, gradient norm 3")


def test_before_the_first_step_there_are_no_numbers(capsys, clock):
    with ProgressBar(History(), 9, True):
        pass
    assert set(drawn(capsys)) == {(0, 9, None)}


def test_a_bar_that_is_not_shown_draws_nothing(capsys, clock):
    history = History()
    with ProgressBar(history, 9, False) as bar:
        take_steps(history, 9, bar, clock, seconds=0.25)
    assert capsys.readouterr().err == ""
