"""Strict nbval with our sanitize.cfg compares what a picture says and not its bytes, and forgives a package that is optional."""
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

SANITIZE = Path(__file__).with_name("sanitize.cfg")


def page(alt, caption, data):
    return f'<figure><img alt="{alt}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'


def picture(*stored):
    """Return a cell that shows one picture and had stored another when it was last executed."""
    runs = page("loss falls", "one run", "iVBORw0K+/A=")
    source = f"from IPython.display import HTML, display\ndisplay(HTML({runs!r}))"
    shown = {"text/html": page(*stored), "text/plain": "<IPython.core.display.HTML object>"}
    return source, new_output("display_data", shown)


def text(runs, stored):
    """Return a cell that prints one text and had stored another when it was last executed."""
    return f"print({runs!r})", new_output("stream", name="stdout", text=f"{stored}\n")


STORED = "ONNX: 0.33 [recorded with onnx 1.23.2]"
CELLS = {   # what a cell does now, against what is stored: whether strict nbval may let it pass
    "picture of other bytes": (picture("loss falls", "one run", "iVBORw0KGgoAAAA"), "PASSED"),
    "other alt text": (picture("loss rises", "one run", "iVBORw0K+/A="), "FAILED"),
    "other caption": (picture("loss falls", "two runs", "iVBORw0K+/A="), "FAILED"),
    "optional package is there": (text("ONNX: 0.33 [run here with onnx 1.24.0rc1]", STORED), "PASSED"),
    "optional package is not": (text(STORED, STORED), "PASSED"),
    "another number": (text("ONNX: 0.34 [run here with onnx 1.23.2]", STORED), "FAILED"),
    "another package": (text("ONNX: 0.33 [run here with torch 1.23.2]", STORED), "FAILED"),
    "nothing said": (text("ONNX: ", STORED), "FAILED"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Return {what the cell does: outcome} of one notebook with all cells: each kernel takes seconds to start."""
    folder = tmp_path_factory.mktemp("sanitize")
    cells = [new_code_cell(source, execution_count=number, outputs=[output])
             for number, ((source, output), _) in enumerate(CELLS.values(), 1)]
    nbformat.write(new_notebook(cells=cells), folder / "all.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\n")   # none of this project's own options
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={SANITIZE}", "-rA"]
    command = [sys.executable, "-m", "pytest", *options]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120)
    found = re.findall(r"^(PASSED|FAILED) all\.ipynb::Cell (\d+)", run.stdout, re.MULTILINE)
    return {list(CELLS)[int(number)]: outcome for outcome, number in found}


@pytest.mark.parametrize("what", CELLS)
def test_strict_comparison(outcomes, what):
    assert outcomes[what] == CELLS[what][1]
