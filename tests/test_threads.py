"""Importing the course leaves NumPy's BLAS on one thread and keeps freed memory; whoever has chosen otherwise is left alone."""

import os
import platform
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


FAULTS = """
import resource
import numpy as np
from lstm_helpers.cells import LSTM
layer, x, dh = LSTM(64, 128, dtype=np.float32), *(np.ones((50, 32, size), np.float32) for size in (64, 128))
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    layer.backward(layer.forward(x), dh)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print([faults() for _ in range(5)][-1])
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not GNU's: nothing is asked of it")
def test_freed_memory_is_kept_unless_somebody_chose_otherwise():
    def page_faults(**settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC"))} | settings
        return int(subprocess.run([sys.executable, "-c", FAULTS], env=environment, capture_output=True, text=True,
                                  check=True).stdout)

    assert page_faults() < 50 < 500 < page_faults(MALLOC_TRIM_THRESHOLD_="131072")
