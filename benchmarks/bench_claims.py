"""Hold the times that notebooks draw, or speak of, against their text: 11_lstm_forward and 16_translation.

python3 run.py bench            with the trainings of 16, cut short: about half a minute
python3 run.py bench --quick    11 alone

11's own cells are run. They assert no times themselves: others may use the machine, and tests run side by side.
"""

import argparse
import math
import os
import sys
from pathlib import Path
from time import process_time

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")                   # as run.py does

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
from make_figures import variables_of  # noqa: E402

from lstm_helpers.experiments import dates  # noqa: E402

SHORTER = 8                                             # the part of 16's steps that is run


def claims_of_11():
    """Yield (what is compared, the ratio, its bounds)."""
    times, costs = variables_of("11_lstm_forward.ipynb", "times", "costs")
    tiny, large = times.values()
    yield "10 units: without checks / one product", tiny["without checks"] / tiny["one product"], (1.5, math.inf)
    yield "10 units: gate by gate / LSTM.forward", tiny["gate by gate"] / tiny["LSTM.forward"], (3, math.inf)
    yield "64 units: without checks / one product", large["without checks"] / large["one product"], (0, 2)
    tiny, large = costs.values()
    yield "10 units, there and back: LSTM / RNN", tiny["LSTM"] / tiny["RNN"], (1.3, math.inf)
    yield "64 units, there and back: LSTM / RNN", large["LSTM"] / large["RNN"], (2, 8)
    yield "64 units: LSTM / RNN with as many weights", large["LSTM"] / large["RNN, as many weights"], (0, 2)


def claims_of_16():
    """Yield the same: a training of each kind takes about the same seconds, and less than a minute."""
    seconds = {}
    for kind, rate in (("LSTM", 0.01), ("RNN", 0.001)):
        start = process_time()
        dates.trained(kind, "forwards", rate, 0, steps=dates.STEPS[kind] // SHORTER)
        seconds[kind] = SHORTER * (process_time() - start)
    yield "16, a training: seconds of RNN / LSTM", seconds["RNN"] / seconds["LSTM"], (1 / 1.5, 1.5)
    yield "16, the longer training: seconds of CPU", max(seconds.values()), (0, 60)


def line(what, found, bounds):
    low, high = bounds
    return f"{what:<45} {found:6.2f}   {low:.2f} to {high:.2f} {'reached' if low < found < high else 'MISSED'}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Time what notebooks say of times.")
    parser.add_argument("--quick", action="store_true", help="notebook 11 alone")
    quick = parser.parse_args(arguments).quick
    for claims in [claims_of_11] if quick else [claims_of_11, claims_of_16]:
        for claim in claims():
            print(line(*claim), flush=True)


if __name__ == "__main__":
    main()
