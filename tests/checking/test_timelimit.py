"""Endless loops are stopped, whatever they catch, and nothing is left behind."""

import contextlib
import signal
import threading
import time

import pytest

from lstm_helpers.checking import Question
from lstm_helpers.checking.timelimit import OutOfTime, call, time_limit

pytestmark = pytest.mark.usefixtures("no_hang")

LIMIT = 0.2
needs_alarm = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no alarm: nothing is limited there")
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


@needs_alarm
@pytest.mark.parametrize("answer", LOOPS)
def test_an_endless_loop_is_stopped(answer):
    message = stopped(answer)
    end = ": it was still running when the time for a check was over. Does every loop come to an end?"
    assert message.endswith(end)
    assert message.startswith("It was stopped in line ") or (message == "It was stopped" + end and answer is endless_result)
    assert question.grade(lambda x: x).correct


def test_without_an_alarm_there_is_no_limit(monkeypatch):
    """As on Windows: what takes long is left to end, or to ■."""
    monkeypatch.delattr(signal, "setitimer", raising=False)
    monkeypatch.delattr(signal, "SIGALRM", raising=False)
    assert question.grade(slow).correct


def test_outside_the_main_thread_there_is_no_limit():
    assert in_a_thread(lambda: question.grade(slow).kind) == ["correct"]


def slow(x):
    """Take longer than the limit, then answer."""
    end = time.monotonic() + 1.2 * LIMIT
    while time.monotonic() < end:
        pass
    return x


def in_a_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()), daemon=True)
    thread.start()
    thread.join(5)
    assert results, "the thread did not come to an end"
    return results


@needs_alarm
def test_a_sleeper_is_woken():
    assert "time.sleep(10)" in stopped(lambda x: time.sleep(10))


@needs_alarm
def test_all_cases_share_the_time():
    assert "time.sleep" in stopped(lambda x: time.sleep(0.7 * LIMIT) or x)
    assert question.grade(lambda x: time.sleep(0.2 * LIMIT) or x).correct


def interrupted(x):
    signal.raise_signal(signal.SIGINT)      # what ■ sends
    plain(x)


@needs_alarm
@pytest.mark.parametrize("answer", [plain, swallows_everything, interrupted, lambda x: x, lambda x: 1 / 0])
def test_a_clock_that_was_running_goes_on(answer):
    previous = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        signal.setitimer(signal.ITIMER_REAL, 100, 7)
        with contextlib.suppress(KeyboardInterrupt):
            question.grade(answer)
        left, every = signal.getitimer(signal.ITIMER_REAL)
        assert 90 < left <= 100 and every == 7
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@needs_alarm
def test_no_clock_is_left_running():
    assert question.grade(lambda x: x).correct
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@needs_alarm
def test_only_the_call_is_stopped():
    """What takes long around the call, here the checker itself, is left alone."""
    with time_limit(0.05):
        value = call(lambda: 3, ())
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            pass
    assert value == 3


@needs_alarm
def test_a_limit_that_is_over_before_the_call_begins_still_stops_it():
    start = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(1e-6):
        time.sleep(0.01)
        call(plain, (1.0,))
    assert time.monotonic() - start < 1


def test_out_of_time_is_no_exception():
    assert not issubclass(OutOfTime, Exception)
