"""Strict nbval with our sanitize.cfg compares what a picture says and not its bytes, and forgives a package that is optional."""
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
    write(path, source, new_output("display_data", shown))


def store_text(path, runs, stored):
    """Write a notebook that prints one text and had stored another when it was last executed."""
    write(path, f"print({runs!r})", new_output("stream", name="stdout", text=f"{stored}\n"))


def write(path, source, output):
    nbformat.write(new_notebook(cells=[new_code_cell(source, execution_count=1, outputs=[output])]), path)


def outcomes(folder):
    (folder / "pytest.ini").write_text("[pytest]\n")   # none of this project's own options
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={SANITIZE}", "-rA"]
    command = [sys.executable, "-m", "pytest", *options]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return {name: outcome for outcome, name in re.findall(r"^(PASSED|FAILED) (\w+)\.ipynb", run.stdout, re.MULTILINE)}


def test_strict_comparison_of_pictures(tmp_path):
    store(tmp_path / "other_bytes.ipynb", "loss falls", "one run", "iVBORw0KGgoAAAA")
    store(tmp_path / "other_alt.ipynb", "loss rises", "one run", "iVBORw0K+/A=")
    store(tmp_path / "other_caption.ipynb", "loss falls", "two runs", "iVBORw0K+/A=")
    assert outcomes(tmp_path) == {"other_bytes": "PASSED", "other_alt": "FAILED", "other_caption": "FAILED"}


def test_strict_comparison_of_what_an_optional_package_lets_run(tmp_path):
    stored = "ONNX: not run, because the package onnx is not installed"
    for name, runs in (("runs", "ONNX: run and checked"), ("does_not", stored), ("fails", "ONNX: run and wrong"),
                       ("other", "PyTorch: run and checked"), ("silent", "ONNX: ")):
        store_text(tmp_path / f"{name}.ipynb", runs, stored)
    expected = {"runs": "PASSED", "does_not": "PASSED", "fails": "FAILED", "other": "FAILED", "silent": "FAILED"}
    assert outcomes(tmp_path) == expected
