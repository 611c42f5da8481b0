"""Record experiments that take longer than a learner waits: `python3 run.py experiments gap --processes 2`.

Each row is kept as soon as it is there: stop the recording when you like (Ctrl-C), the same command goes on where it was.
`--check` records nothing: it runs a few trials of each table again, and says which fall outside of what its seeds span.
"""
import argparse
import contextlib
import importlib
import os
import pkgutil
import sys
from concurrent.futures import ProcessPoolExecutor

from lstm_helpers import experiments
from lstm_helpers.experiments.recording import Experiment, check, record


def main(arguments):
    parser = argparse.ArgumentParser(prog="run.py experiments", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; none means all")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at once (default: %(default)s)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, which then runs the trials")
    parser.add_argument("--check", action="store_true", help="run a few trials again and compare, instead of recording")
    options = parser.parse_args(arguments)
    there, chosen = recorded(), options.names or list(recorded())
    if unknown := [name for name in chosen if name not in there]:
        sys.exit(f"There is no experiment {unknown[0]!r}. There are: {', '.join(there)}")
    if options.check:
        return max([check_and_report(there[name]) for name in chosen])
    with executor(options) as pool:
        return max([record_and_report(there[name], pool) for name in chosen])


def recorded():
    """Return {name: Experiment} of all modules that declare one."""
    names = [found.name for found in pkgutil.iter_modules(experiments.__path__)]
    modules = [importlib.import_module(f"{experiments.__name__}.{name}") for name in names]
    found = [module.EXPERIMENT for module in modules if isinstance(getattr(module, "EXPERIMENT", None), Experiment)]
    return {experiment.name: experiment for experiment in found}


@contextlib.contextmanager
def executor(options):
    """Yield who runs the trials: a Dask cluster, or so many processes of this machine."""
    if options.scheduler:
        from distributed import Client  # optional: pip install -e .[cluster]
        with Client(options.scheduler) as client:
            yield client.get_executor()
    else:
        with ProcessPoolExecutor(options.processes) as pool:
            yield pool


def record_and_report(experiment, pool):
    print(f"{experiment.name}: {len(experiment.grid)} trials", flush=True)
    missing = record(experiment, pool)
    if missing:
        print(f"{missing} trials are missing; the same command goes on with them.")
    else:
        failed = sum(bool(row["error"]) for row in experiment.rows())
        print(f"{experiment.path.name} is written; {failed} trials failed, and are in it with their errors.")
    return int(missing > 0)


def check_and_report(experiment):
    trials, complaints = check(experiment)
    print(f"{experiment.name}: {trials} trials run again, {len(complaints)} out of range", *complaints, sep="\n  ")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
