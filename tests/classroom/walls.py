"""What grades needs walls to grade behind: tests of it are marked, and skip where there are none."""

import pytest

bubblewrap = pytest.importorskip("lstm_classroom.bubblewrap",
                                 reason="homework is not installed: python3 run.py classroom --help does it")
_, WHY_NOT = bubblewrap.find()
needs_bubblewrap = pytest.mark.skipif(WHY_NOT is not None, reason=f"bubblewrap (bwrap) {WHY_NOT}")
