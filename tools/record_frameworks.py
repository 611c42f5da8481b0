"""Record what 20_frameworks measures with PyTorch, Keras and ONNX: a Python that has all three runs the notebook's own cells.

`python tools/record_frameworks.py` writes lstm_helpers/frameworks.json: {what: [number, version of the package]}.
"""
import contextlib
import io
import json
import sys
from pathlib import Path

import matplotlib
import nbformat

from lstm_helpers.files import write_whole
from lstm_helpers.frameworks import RECORDED

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "20_frameworks.ipynb"


def measure():
    """Run the notebook's code; return what was measured live, {what: (number, version)}."""
    matplotlib.use("Agg")
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, cell.id, "exec"), names)
    return names["live"]


def main():
    if not RECORDED.exists():
        write_whole(RECORDED, lambda file: file.write(b"{}\n"))
    live = measure()
    lines = ",\n".join(f" {json.dumps(what)}: {json.dumps(found)}" for what, found in live.items())
    write_whole(RECORDED, lambda file: file.write(f"{{\n{lines}\n}}\n".encode()))
    print(f"{RECORDED.name}: {len(live)} numbers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
