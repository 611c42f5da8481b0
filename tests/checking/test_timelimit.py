"""Endless loops are stopped, whatever they catch, and nothing is left behind."""

import signal
import sys
import threading
import time

import pytest

from lstm_helpers.checking import Question
from lstm_helpers.checking.timelimit import OutOfTime, call, time_limit

pytestmark = pytest.mark.usefixtures("no_hang")

LIMIT = 0.2
question = Question(ask="", reference=lambda x: x, cases=[("one", (1.0,)), ("two", (2.0,))], seconds=LIMIT)


def plain(x):
    while True:
        pass


def swallows_exceptions(x):
    while True:
        try:
            while True:
                x = x + 1
        except Exception:
            pass


def swallows_everything(x):
    while True:
        try:
            while True:
                x = x + 1
        except:  # noqa: E722
            pass


def swallows_and_goes_on(x):
    while True:
        try:
            x = float(x)
        except BaseException:
            continue


def ends_never(x):
    try:
        plain(x)
    finally:
        plain(x)


def swallows_twice_and_goes_on(x):
    try:
        swallows_everything_once(x)
    except BaseException:
        plain(x)


def swallows_everything_once(x):
    try:
        plain(x)
    except BaseException:
        plain(x)


def generates(x):
    def endless():
        while True:
            yield x
    return sum(endless())


def prints(x):
    while True:
        print("Correct.")


def endless_result(x):
    class Endless:
        def __array__(self, *args, **kwargs):
            plain(x)
    return Endless()


LOOPS = [plain, swallows_exceptions, swallows_everything, swallows_and_goes_on, ends_never, swallows_twice_and_goes_on,
         generates, prints, endless_result]


def stopped(answer):
    start = time.monotonic()
    verdict = question.grade(answer)
    assert time.monotonic() - start < 3
    assert (verdict.kind, verdict.points) == ("too slow", 0)
    return verdict.message


@pytest.mark.parametrize("answer", LOOPS)
def test_an_endless_loop_is_stopped(answer):
    message = stopped(answer)
    end = ": it was still running when the time for a check was over. Does every loop come to an end?"
    assert message.endswith(end)
    assert message.startswith("It was stopped in line ") or (message == "It was stopped" + end and answer is endless_result)
    assert question.grade(lambda x: x).correct


@pytest.mark.parametrize("answer", [plain, swallows_exceptions, swallows_everything_once, ends_never, generates, prints])
def test_an_endless_loop_is_stopped_in_another_thread(answer):
    """As on Windows, where there is no alarm."""
    messages = in_a_thread(lambda: stopped(answer))
    assert "It was stopped in line " in messages[0]


def in_a_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()), daemon=True)
    thread.start()
    thread.join(5)
    assert results, "the thread did not come to an end"
    return results


def test_a_sleeper_is_woken():
    assert "time.sleep(10)" in stopped(lambda x: time.sleep(10))


def test_all_cases_share_the_time():
    def slow(x):
        end = time.monotonic() + 0.7 * LIMIT
        while time.monotonic() < end:
            pass
        return x
    assert stopped(slow)
    assert question.grade(lambda x: time.sleep(0.2 * LIMIT) or x).correct


def test_nothing_is_left_behind():
    handler, tracing = signal.SIG_IGN, sys.gettrace()
    signal.signal(signal.SIGALRM, handler)
    for answer in (plain, swallows_everything, lambda x: x, lambda x: 1 / 0):
        question.grade(answer)
        assert signal.getsignal(signal.SIGALRM) is handler
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert sys.gettrace() is tracing
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_a_clock_that_was_running_goes_on():
    handler = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        signal.setitimer(signal.ITIMER_REAL, 100, 7)
        question.grade(lambda x: x)
        left, every = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left <= 100 and every == 7
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def test_watching_threads_end():
    def grade_often():
        before, start = threading.active_count(), time.monotonic()
        for _ in range(20):
            question.grade(lambda x: x)
        assert time.monotonic() - start < 2         # none is waited for until its time is over
        return threading.active_count() - before
    assert in_a_thread(grade_often) == [0]


@pytest.mark.parametrize("where", [lambda function: [function()], in_a_thread])
def test_only_the_call_is_stopped(where):
    """What takes long around the call, here the checker itself, is left alone."""
    def around():
        with time_limit(0.05):
            value = call(lambda: 3, ())
            end = time.monotonic() + 0.2
            while time.monotonic() < end:
                pass
        return value
    assert where(around) == [3]


def test_out_of_time_is_no_exception():
    assert not issubclass(OutOfTime, Exception)
