"""Many independent trials, here or on other processes and machines."""

import itertools
from collections.abc import Iterable
from concurrent.futures import wait

from tqdm.auto import tqdm

from lstm_helpers.cells.checks import require_function
from lstm_helpers.learning.interrupts import InterruptAfterStep

INTERRUPTED = "interrupted"
SECONDS_BETWEEN_LOOKS = 0.2         # at the rows that others have done, and whether an interrupt was asked for


def sweep(trial, grid, executor=None, *, progress=True, on_row=None):
    """Run a trial for every setting of a grid and return one row each, in the order of the grid.

    A trial that raises becomes a row with its error, and stops nothing. An interrupt (■ or Ctrl-C) keeps the rows so far;
    those that are not done say so.

    Parameters
    ----------
    trial : function
        Called with one setting, ``trial(**setting)``. Returns a dict of what was measured, or one value. With processes or a
        cluster it must be importable there: a function of a module, not of a notebook's cell (Dask takes both).
    grid : {name: values} or list of dicts
        All combinations of the values, the last name changing fastest; or the settings one by one.
    executor : concurrent.futures.Executor, optional
        Who runs the trials. None: this process. `ProcessPoolExecutor()`: the cores of this machine. Dask's
        `Client.get_executor()`: a cluster.
    progress : bool, whether to show a bar
    on_row : function, optional
        ``on_row(row)`` is called in this process as soon as a trial is done: to keep what is there, should the sweep be killed.

    Returns
    -------
    list of dicts
        The setting, what the trial returned (one value under "result"), and "error": None, or what went wrong in words.

    Introduced in 14_initialisation.
    """
    _require_runners(trial, executor, on_row)
    settings = _settings(grid)
    with InterruptAfterStep() as interrupt, tqdm(total=len(settings), disable=not progress) as bar:
        run = _run_here if executor is None else _run_elsewhere
        rows = run(trial, settings, executor, interrupt, _noting(bar, on_row))
    return [rows.get(n, {**setting, "error": INTERRUPTED}) for n, setting in enumerate(settings)]


def _settings(grid):
    """Return the list of settings, each a dict."""
    _require_values(grid)
    if isinstance(grid, dict):
        settings = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    else:
        settings = list(grid)
    strange = [setting for setting in settings if not isinstance(setting, dict)]
    if strange:
        raise ValueError(f"grid holds {strange[0]!r:.60}; sweep needs {{name: values}}, or a list of settings {{name: value}}")
    if not settings or settings == [{}]:
        raise ValueError(f"grid is {grid!r:.60}; sweep needs at least one setting")
    if any("error" in setting for setting in settings):
        raise ValueError('a setting is named "error"; sweep needs another name, since that column says what went wrong')
    return settings


def _require_values(grid):
    """Refuse a grid that is no collection, and one value, or one word, where a list of values belongs."""
    if isinstance(grid, str) or not isinstance(grid, Iterable):
        raise ValueError(f"grid is {grid!r:.60}; sweep needs {{name: values}}, or a list of settings {{name: value}}")
    for name, values in grid.items() if isinstance(grid, dict) else ():
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise ValueError(f"grid has {values!r:.60} for {name!r}; sweep needs a list of values")


def _require_runners(trial, executor, on_row):
    require_function("trial", trial, "sweep")
    if on_row is not None:
        require_function("on_row", on_row, "sweep")
    if executor is not None and (isinstance(executor, type) or not hasattr(executor, "submit")):
        raise ValueError(f"executor is {executor!r:.60}; sweep needs an executor, such as ProcessPoolExecutor()")


def _noting(bar, on_row):
    """Return a function that counts a finished row, and hands it on."""
    def note(row):
        bar.update()
        if on_row is not None:
            on_row(row)
    return note


def _run_here(trial, settings, _, interrupt, note):
    rows = {}
    for n, setting in enumerate(settings):
        rows[n] = _row(setting, lambda setting=setting: trial(**setting))
        if interrupt.requested:                                 # the trial in hand may have been cut short too
            rows[n]["error"] = rows[n]["error"] or INTERRUPTED
        note(rows[n])
        if interrupt.requested:
            break
    return rows


def _run_elsewhere(trial, settings, executor, interrupt, note):
    rows, places = {}, {}
    for n, setting in enumerate(settings):
        try:
            places[executor.submit(trial, **setting)] = n
        except Exception as error:                              # a pool that broke takes no more trials
            rows[n] = {**setting, "error": _words(error)}
    waiting = set(places)
    try:
        while waiting and not interrupt.requested:
            done, waiting = wait(waiting, timeout=SECONDS_BETWEEN_LOOKS)
            for future in done:
                rows[places[future]] = _row(settings[places[future]], future.result)
                note(rows[places[future]])
    finally:                                                    # also when on_row refused a row
        for future in waiting:
            future.cancel()
    return rows


def _row(setting, outcome):
    """Return the row of a trial whose outcome a function returns or raises."""
    try:
        measured = outcome()
    except Exception as error:
        return {**setting, "error": _words(error)}
    measured = measured if isinstance(measured, dict) else {"result": measured}
    twice = [name for name in measured if name in setting or name == "error"]
    if twice:
        return {**setting, "error": f"the trial returned {', '.join(map(repr, twice))}; sweep needs other names"}
    return {**setting, **measured, "error": None}


def _words(error):
    return f"{type(error).__name__}: {error}".removesuffix(": ")
