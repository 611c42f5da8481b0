"""The explorers on the pages and slides, where no Python runs: their frames are recorded here, by running the notebooks.

What was recorded is kept in site/_build/frames, under a hash of the notebook's code and of the package: only what changed is run
again.
"""
import hashlib
import json
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "site/_build/frames"
PARTS = ROOT / "lstm_helpers/drawing/explorers"
EXPLORES = re.compile(r"^explorers\.\w+\((?!.*\n\S)", re.MULTILINE)
SAVE = "import json as _json; open({path!r}, 'w').write(_json.dumps(Out[max(Out)].frames(), separators=(',', ':')))"


def explorers_of(notebook):
    """Return the code cells that end in an explorer."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and EXPLORES.search(cell.source)]


def record_all(paths, workers=2):
    """Record the explorers of all notebooks that were not recorded since they last changed, two at a time."""
    missing = [path for path in paths if explorers_of(read(path)) and not kept(path).is_dir()]
    with ThreadPoolExecutor(workers) as pool:
        for path in pool.map(record, missing):
            print(f"Recorded: {path.name.rpartition('-')[0]}", flush=True)


def record(path):
    """Run a notebook and record the frames of its explorers, a file each; return their folder."""
    notebook, folder = read(path), kept(path)
    part = folder.with_name(f"{folder.name}.part")
    try:
        part.mkdir(parents=True)
    except FileExistsError:                                             # another process is at it
        return wait_for(folder, part)
    for number, cell in enumerate(explorers_of(notebook), start=1):
        save = new_code_cell(SAVE.format(path=str(part / f"{number}.json")))
        notebook.cells.insert(notebook.cells.index(cell) + 1, save)
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}, timeout=600,
                   extra_arguments=["--IPKernelApp.log_level=ERROR"]).execute()
    part.rename(folder)
    for older in KEPT.glob(f"{path.stem}-*[0-9a-f]"):
        if older != folder:
            shutil.rmtree(older)
    return folder


def wait_for(folder, part):
    """Wait until another process has recorded a notebook, ten minutes at most; what it left half done longer ago goes."""
    for _ in range(600):
        if folder.is_dir():
            return folder
        time.sleep(1)
    shutil.rmtree(part, ignore_errors=True)
    raise TimeoutError(f"{part} is not finished by another process; it was removed: run this again")


def kept(path):
    """Return the folder where the frames of a notebook as it now stands are kept."""
    found = hashlib.sha256("\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code").encode())
    for file in sorted((ROOT / "lstm_helpers").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".js":
            found.update(file.read_bytes())
    return KEPT / f"{path.stem}-{found.hexdigest()[:16]}"


def read(path):
    return nbformat.read(path, as_version=4)


def recordings(path):
    """Return what was recorded of a notebook, {"06-1": JSON}, in the order of its explorers."""
    found = sorted(kept(path).glob("*.json"), key=lambda file: int(file.stem))
    return {f"{path.name[:2]}-{file.stem}": file.read_text(encoding="utf-8") for file in found}


def put_on_page(notebook, path):
    """Give each explorer of a notebook its place on the page, with its still picture until the frames have come."""
    put(notebook, recordings(path), lambda name, _: f' data-frames="frames/{name}.js"', lambda _, __: "")


def put_on_slides(notebook, path):
    """Put each explorer of a notebook into its talk, frames and all: a talk is one file."""
    record_all([path])
    put(notebook, recordings(path), lambda _, __: "", as_script)


def put(notebook, found, attributes, after):
    """Make the stored picture of each explorer its place; the script for all of them stands after the first."""
    code = script()
    for (name, recording), cell in zip(found.items(), explorers_of(notebook), strict=True):
        (output,) = [output for output in cell.outputs if "text/html" in output.get("data", {})]
        still = output["data"]["text/html"]
        place = f'<div data-explorer="{name}"{attributes(name, recording)}>{still}</div>'
        output["data"] = {"text/html": place + code + after(name, recording)}
        code = ""


def as_script(name, recording):
    recording = recording.replace("</", "<\\/")                       # nothing in it may end the script
    return f'<script type="module">lstmExplorer({json.dumps(name)}, {recording});</script>'


def write_frames(path, folder):
    """Write what the pages load when an explorer comes into view: a script each, since no page reads other files from a disk."""
    for name, recording in recordings(path).items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.js").write_text(f"lstmExplorer({json.dumps(name)}, {recording});\n", encoding="utf-8")


def script():
    """Return the scripts for all explorers of a page, inline: a page that is read from a disk loads no module."""
    live_cell = [PARTS / f"live_cell{part}.js" for part in ("_numbers", "_parts", "")]
    explorer = [PARTS / "explorer.js", PARTS / "formulas.js", ROOT / "site/on_the_page.js"]
    return as_module(live_cell, "window.liveCell = liveCell;") + as_module(explorer)


def as_module(paths, last=""):
    return '<script type="module">\n' + "\n".join([*(path.read_text(encoding="utf-8") for path in paths), last]) + "</script>"


if __name__ == "__main__":
    record_all([Path(name) for name in sys.argv[1:]])
