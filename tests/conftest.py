"""`pytest --hypothesis-profile=long tests/…` tries a hundred times as many examples: by hand, for minutes."""

import faulthandler
import os
import signal

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=10_000, deadline=None)


@pytest.fixture(scope="session", autouse=True)
def interrupts_arrive():
    """Undo `nohup … &` and `trap '' INT`: a shell may have told the run, and so all that it starts, to ignore interrupts."""
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, inherited)


@pytest.fixture
def no_hang(capsys):
    """End the whole run and say where it was if a test still runs after a minute: an endless loop yields to nothing milder."""
    with capsys.disabled():
        terminal = os.dup(2)
    faulthandler.dump_traceback_later(60, exit=True, file=terminal)
    yield
    faulthandler.cancel_dump_traceback_later()
    os.close(terminal)
