"""The process in which a student's code runs: it gets cells and arguments on stdin and writes what came of each.

It knows no right answer and decides nothing; see `sandbox`.
"""

import linecache
import os
import sys
import types

from lstm_classroom.system_calls import forbid
from lstm_classroom.wire import CELL_FAILED, dumps, loads, record_of
from lstm_helpers.checking.answers import Form
from lstm_helpers.checking.judging import outcomes
from lstm_helpers.checking.running import Outcome, run
from lstm_helpers.checking.verdict import ERROR, NOT_ATTEMPTED, Fault

MOST_MEMORY = 2 * 2**30         # bytes; Python and NumPy reserve less than half of one of these two
MOST_SECONDS = 120              # of processor time, should the process outlive its grader
MOST_WRITTEN = 64 * 2**20       # bytes in any one file
MOST_FILES = 100                # open at a time
MOST_THREADS = 64               # there are no other processes, see `system_calls`; root's threads are limited by their memory


class Unchecked:
    """Stand in for a question of the notebook: its check, hint and solution do nothing here."""

    def check(self, *args, **kwargs):
        """Do nothing."""

    hint = solution = grade = check


def main():
    (job,), report = loads(sys.stdin.buffer.read()), own_channel()
    limit_resources()
    forbid()
    sys.modules[job["module"]] = without_checks(job["module"])
    namespace, faults = {"__name__": "__main__", "get_ipython": NoShell}, {}
    for number, source in job["cells"]:
        report({"cell": number})
        faults[number] = run_cell(number, source, namespace, job["seconds"])
        report({"ran": number, "kind": faults[number] and faults[number].kind})
    report({"called": True})
    for outcome, changed in outcomes_of(job, namespace, faults.get(job["own"])):
        report(record_of(outcome, changed))
    report({"end": True})


def outcomes_of(job, namespace, fault):
    """Yield (Outcome, changed) for each case; a single one if there is no answer, since its cell failed or lacks it."""
    if job["answer"] not in namespace:
        fault = fault or Fault(NOT_ATTEMPTED, f"Your notebook has nothing called `{job['answer']}`.")
        return [(Outcome(None, fault, ""), None)]
    question = types.SimpleNamespace(**job["question"], reference=types.SimpleNamespace(__name__=job["answer"]))
    return outcomes(namespace[job["answer"]], question, [(args, Form(*form)) for args, *form in job["jobs"]])


def own_channel():
    """Return a function that writes a record to where stdout led; stdout, stderr and stdin lead nowhere from now on."""
    channel = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)

    def report(record):
        channel.write(dumps(record))
        channel.flush()
    return report


def limit_resources():
    """Limit memory, processor time, files and threads, where the system can."""
    try:
        import resource
    except ImportError:         # Windows
        return
    for name, most in (("AS", MOST_MEMORY), ("CPU", MOST_SECONDS), ("FSIZE", MOST_WRITTEN), ("CORE", 0),
                       ("NOFILE", MOST_FILES), ("NPROC", MOST_THREADS)):
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(number, (most, most))


def without_checks(name):
    """Return a module in place of that of the questions, which holds their solutions."""
    module = types.ModuleType(name)
    module.__getattr__ = lambda _: Unchecked()
    return module


class NoShell:
    """Stand in for IPython's shell: `%magic` and `!command` do nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def run_cell(number, source, namespace, seconds):
    """Run a cell of the notebook; return its Fault or None."""
    name = f"<cell {number}>"
    source = as_python(source, seconds)
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    try:
        code = compile(source, name, "exec")
    except Exception as error:          # SyntaxError for the most part
        where = f" in line {error.lineno}: `{(error.text or '').strip()[:100]}`" if isinstance(error, SyntaxError) else ""
        return Fault(ERROR, f"Its cell is not Python{where}\n  {type(error).__name__}: {getattr(error, 'msg', error)}")
    fault = run(lambda: exec(code, namespace), (), seconds).fault
    return fault and Fault(fault.kind, CELL_FAILED + fault.message)


def as_python(source, seconds):
    """Return a cell as Python: `%magic` and `!command` become calls. A cell for which that takes too long stays as it is."""
    if not set(source) & set("%!?"):
        return source
    from IPython.core.inputtransformer2 import TransformerManager  # half a second, which most cells need not wait
    return run(lambda: TransformerManager().transform_cell(source), (), seconds).value or source


if __name__ == "__main__":
    main()
