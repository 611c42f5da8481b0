"""Importing the course leaves NumPy's BLAS on one thread, and leaves alone whoever has chosen otherwise."""

import os
import subprocess
import sys

import pytest

from lstm_helpers import THREAD_SETTINGS

COUNT = """
import numpy, lstm_helpers, threadpoolctl
print([pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"])
"""


def blas_threads(**settings):
    environment = {name: value for name, value in os.environ.items() if name not in THREAD_SETTINGS} | settings
    command = [sys.executable, "-c", COUNT]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_one_thread_by_default():
    assert blas_threads() == "[1]"


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: there is nothing to choose")
def test_a_choice_stands():
    assert blas_threads(OPENBLAS_NUM_THREADS="2") == "[2]"
