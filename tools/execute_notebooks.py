"""Run notebooks again in place, so that a diff shows only what changed: `python3 run.py execute 04 05`.

Each notebook runs from a fresh kernel. Times, widget state and other things that differ from run to run are not stored.
Cells are marked as slides (mark_slides.py).
A notebook that fails is left as it was.
"""
import ast
import sys
import time

from mark_slides import mark
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from notebooks import find_notebooks, read, write

QUIET = ["--IPKernelApp.log_level=ERROR"]   # else a warning, that users of the same machine could overhear a public notebook
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"   # names a model by a random number, and no model is stored


def main(names):
    paths = find_notebooks(names)
    failed = [path.stem for path in paths if not execute_and_report(path)]
    if failed:
        print(f"Failed, and left as they were: {', '.join(failed)}")
    return int(bool(failed))


def execute_and_report(path):
    """Execute one notebook in place; return whether it ran to its end."""
    print(f"{path.stem} ...", end=" ", flush=True)
    start = time.perf_counter()
    try:
        execute(path)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"FAILED\n{error}", flush=True)
        return False
    except KeyboardInterrupt:
        print("stopped, and left as it was")
        sys.exit(130)
    print(f"{time.perf_counter() - start:.1f} s", flush=True)
    return True


def execute(path):
    """Execute the notebook at path from a fresh kernel and write it back, whole or not at all."""
    notebook = read(path)
    tidy(notebook)   # before the run too: whatever is left afterwards was made by this run
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}, timeout=600,
                   record_timing=False, store_widget_state=False, coalesce_streams=True, extra_arguments=QUIET).execute()
    tidy(notebook)
    mark(notebook.cells)
    fold(notebook.cells)
    write(notebook, path)


def tidy(notebook):
    """Take out what differs from run to run or from machine to machine."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for key in ("execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def fold(cells):
    """Fold the source of each cell that does nothing but show a picture: its alt text would fill the page before the picture.

    A click unfolds it. This is the one way in which the words of pictures are kept.
    """
    for cell in cells:
        if cell.cell_type == "code" and only_shows(cell.source):
            cell.metadata["jupyter"] = {"source_hidden": True}


def only_shows(source):
    """Tell whether a cell is one call of `show` and nothing else."""
    try:
        body = ast.parse(source).body
    except SyntaxError:     # a magic
        return False
    return len(body) == 1 and isinstance(body[0], ast.Expr) and ast.unparse(body[0]).startswith("show(")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
