"""Strict nbval with our sanitize.cfg compares what a picture says, and not its bytes."""
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

SANITIZE = Path(__file__).with_name("sanitize.cfg")


def page(alt, caption, data):
    return f'<figure><img alt="{alt}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'


def store(path, *stored):
    """Write a notebook that shows one picture and had stored another when it was last executed."""
    runs = page("loss falls", "one run", "iVBORw0K+/A=")
    source = f"from IPython.display import HTML, display\ndisplay(HTML({runs!r}))"
    shown = {"text/html": page(*stored), "text/plain": "<IPython.core.display.HTML object>"}
    cell = new_code_cell(source, execution_count=1, outputs=[new_output("display_data", shown)])
    nbformat.write(new_notebook(cells=[cell]), path)


def test_strict_comparison_of_pictures(tmp_path):
    store(tmp_path / "other_bytes.ipynb", "loss falls", "one run", "iVBORw0KGgoAAAA")
    store(tmp_path / "other_alt.ipynb", "loss rises", "one run", "iVBORw0K+/A=")
    store(tmp_path / "other_caption.ipynb", "loss falls", "two runs", "iVBORw0K+/A=")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")   # none of this project's own options
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={SANITIZE}", "-rA"]
    command = [sys.executable, "-m", "pytest", *options]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120)
    outcomes = re.findall(r"^(PASSED|FAILED) (\w+)\.ipynb", run.stdout, re.MULTILINE)
    expected = {("PASSED", "other_bytes"), ("FAILED", "other_alt"), ("FAILED", "other_caption")}
    assert set(outcomes) == expected, run.stdout
