"""What the notebooks of *LSTM, gate by gate* have already taught, as tested functions.

`cells` holds the maths of one layer, `learning` the losses, optimisers and training, `sequences` the data makers,
`drawing` the figures. Every docstring names the notebook in which the thing is written out for the first time.
`exercises` holds the questions of the notebooks, `checking` how an answer is judged, `frameworks` the way to PyTorch, Keras
and ONNX, `environment` the check of notebook 00. `experiments` holds what takes longer than a learner waits, recorded row by
row, and `measured` a number together with the bound that the text relies on. Two small modules serve the others: `files`
writes a file whole or not at all, `one_hot` turns symbols into rows.

At the course's sizes a second BLAS thread is no help, and on a busy machine it makes training several times slower. So
importing the package sets NumPy's BLAS to one thread, unless one of `THREAD_SETTINGS` stands in the environment.

GNU's C library hands the memory of a freed array back to the system, which fills the next one with zeros, page by page: up to
half of the time of a small layer. So importing the package asks it to keep what is freed, unless `MALLOC_` or `GLIBC_TUNABLES`
stands in the environment. At its peak the memory is the same; between two trainings the process holds on to it.
"""

import ctypes
import os
import platform

from threadpoolctl import threadpool_limits

THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

if not any(name in os.environ for name in THREAD_SETTINGS):
    threadpool_limits(1, user_api="blas")

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3                 # of malloc.h: what is kept, fetched at once, set apart

if platform.libc_ver()[0] == "glibc" and not any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ):
    for _setting, _bytes in ((M_MMAP_THRESHOLD, 2**30), (M_TRIM_THRESHOLD, 2**31 - 1), (M_TOP_PAD, 2**26)):
        ctypes.CDLL(None).mallopt(_setting, _bytes)
