"""The pace of a long run: what takes longest comes first, and a line now and then says how much is left.

`run.py test` loads it (`pytest -p tests.pace`). The seconds are one core's, on a quiet machine, of each file that takes more than
a few. They need not be exact: they only decide what begins first, and what is left is measured against what is done.
"""
import time
from collections import Counter

import pytest

BETWEEN = 10           # seconds between two lines: a run of four minutes leaves two dozen in a log
WIDTH = 20
USUAL = 0.5            # seconds of a file that is not named
SECONDS = {
    "tests/browser/test_explorers_in_jupyterlab.py": 300, "tests/site/test_explorers_on_the_site.py": 250,
    "tests/notebooks/test_slides.py": 100, "tests/classroom/test_escapes.py": 100, "tests/site/test_site.py": 80,
    "tests/site/test_pages.py": 60, "tests/site/test_reading.py": 60, "tests/classroom/test_autograde.py": 60,
    "tests/classroom/test_sandbox.py": 60, "tests/drawing/test_frames.py": 30, "tests/browser/test_live_cell.py": 25,
    "tests/drawing/test_explorers.py": 20, "tests/checking/test_check.py": 10, "tests/drawing/test_formulas.py": 10,
    "tests/drawing/test_cell_diagram.py": 8, "tests/drawing/test_stored_figures.py": 6,
    "tests/learning/test_checkpoint_fuzzing.py": 3, "tests/cells/test_variants.py": 3,
    "notebooks/18_reading_text.ipynb": 25, "notebooks/16_translation.ipynb": 18, "notebooks/17_time_series.ipynb": 17,
    "notebooks/13_training.ipynb": 14, "notebooks/14_initialisation.ipynb": 14, "notebooks/01_order_matters.ipynb": 9,
    "notebooks/15_classic_experiments.ipynb": 9, "notebooks/03_backpropagation_through_time.ipynb": 9,
    "notebooks/06_long_term_dependencies.ipynb": 8, "notebooks/04_vanishing_gradients.ipynb": 8,
    "notebooks/10_output_gate.ipynb": 7, "notebooks/05_exploding_gradients.ipynb": 6, "notebooks/19_variants.ipynb": 5,
    "notebooks/02_vanilla_rnn.ipynb": 5, "notebooks/09_input_gate.ipynb": 5, "notebooks/12_lstm_backward.ipynb": 4,
    "notebooks/21_deeper_and_both_ways.ipynb": 11, "notebooks/22_attention.ipynb": 10, "notebooks/23_linear_recurrences.ipynb": 8,
    "notebooks/24_xlstm.ipynb": 7,
}


def file_of(nodeid):
    return nodeid.split("::")[0]


def pytest_collection_modifyitems(items):
    """Put the longest file first: with several workers, one that is begun last keeps all others waiting."""
    items.sort(key=lambda item: -SECONDS.get(file_of(item.nodeid), USUAL))


def pytest_configure(config):
    if not hasattr(config, "workerinput"):      # the workers have no terminal
        config.pluginmanager.register(Pace(config.pluginmanager))


@pytest.hookimpl(wrapper=True)
def pytest_report_teststatus():
    """Print no letter a test; each counts as ever."""
    category, _, word = yield
    return category, "", word


class Pace:
    def __init__(self, plugins, clock=time.monotonic):
        self.plugins, self.clock, self.left, self.started, self.said = plugins, clock, {}, 0.0, 0.0

    def pytest_collection_finish(self, session):
        self.begin([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        self.begin(ids)

    def begin(self, ids):
        """Take down what there is to do, from whichever worker is the first to know."""
        if ids and not self.left:
            files = Counter(map(file_of, ids))
            self.left = {name: SECONDS.get(file_of(name), USUAL) / files[file_of(name)] for name in ids}
            self.number, self.work, self.started = len(ids), sum(self.left.values()), self.clock()
            self.said = self.started

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.say(f"FAILED {report.nodeid}")

    def pytest_runtest_logfinish(self, nodeid):
        self.left.pop(nodeid, None)
        if self.clock() - self.said >= BETWEEN:
            self.said = self.clock()
            self.say(self.line())

    def say(self, line):
        reporter = self.plugins.get_plugin("terminalreporter")
        reporter.write_line(line)
        reporter.flush()

    def line(self):
        """Return a bar, how many tests are done, and how long the rest takes if it goes on like this."""
        left = sum(self.left.values())
        done = 1 - left / self.work
        seconds = round((self.clock() - self.started) * left / (self.work - left)) if done else 0
        bar = "#" * round(WIDTH * done)
        return f"[{bar:.<{WIDTH}}] {self.number - len(self.left):,} of {self.number:,} · {seconds // 60}:{seconds % 60:02} left"
