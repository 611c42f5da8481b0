"""Settings that must stand before NumPy is loaded, for tests and for the kernels that nbval starts."""

import os

# At the course's sizes a second thread is no help, and on a busy machine it makes everything several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
