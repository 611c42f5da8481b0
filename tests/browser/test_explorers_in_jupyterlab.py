"""Every explorer of every notebook, moved by keyboard and mouse in the real JupyterLab, with the time to a changed picture.

Needs Playwright and an installed Chromium; skipped where one is missing. `-s` is not needed to see the times.
"""
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from tests.browser.moves import move_everything, step_through

sync_api = pytest.importorskip("playwright.sync_api",
                               reason="no browser test: Playwright is not installed (pip install playwright)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    CHROMIUM is None, reason="no browser test: no Chromium is installed (Debian: apt install chromium)")]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
ALONE = "PYTEST_XDIST_WORKER" not in os.environ                         # a second worker disturbs all timings
MOST_MILLISECONDS = 100 if ALONE else 1000
SECONDS_TO_RUN_ALL = 240
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
SETTINGS = {"apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
            "notebook-extension/tracker": '{"windowingMode": "none"}'}       # else cells out of sight are not in the page
TOY = """\
from lstm_helpers.drawing import explorers, use_course_style
use_course_style()

def respond(W_x, W_h, b):
    if b > 1.95:
        raise OverflowError("b is too <big>")
    return [W_x * W_h ** t + b for t in range(50)]

explorers.one_unit(respond, W_x=0.5)
"""

ALL_CELLS_RAN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(p => p.innerText);
  return prompts.length > 0 && prompts.every(p => /^\\[\\d+\\]/.test(p)); }"""


def code_of(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


WITH_EXPLORERS = [path for path in sorted(NOTEBOOKS.glob("*.ipynb"))
                  if "." not in path.stem and any("explorers." in code for code in code_of(path))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Copies of the notebooks without their outputs, up to the last explorer (nbval runs all), and one of our own."""
    folder = tmp_path_factory.mktemp("lab")
    for path in WITH_EXPLORERS:
        notebook = nbformat.read(path, as_version=4)
        last = max(n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code" and "explorers." in cell.source)
        notebook.cells = notebook.cells[:last + 1]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, folder / path.name)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    toy = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TOY)], metadata=kernel)
    nbformat.write(toy, folder / "toy.ipynb")
    return folder


@pytest.fixture(scope="module")
def lab(folder, tmp_path_factory):
    """The address of a JupyterLab of this environment; it keeps its settings to itself and listens on this machine alone."""
    settings = tmp_path_factory.mktemp("settings")
    for name, text in SETTINGS.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=test", f"--ServerApp.root_dir={folder}",
               "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    places = {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(settings / "workspaces")}
    with (settings / "log").open("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **places})
        try:
            wait_for_server(process, f"http://127.0.0.1:{port}/api/status?token=test", settings / "log")
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token=test&reset"
        finally:
            process.terminate()
            process.wait(30)


def wait_for_server(process, address, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            assert process.poll() is None, f"JupyterLab ended:\n{log.read_text()[-2000:]}"
            time.sleep(0.25)
    pytest.fail(f"JupyterLab did not come up in a minute:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with sync_api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")), executable_path=CHROMIUM, headless=True, args=FLAGS,
            viewport={"width": 1100, "height": 1300})
        yield context
        context.close()


def opened_and_run(browser, lab, name):
    page = browser.new_page()
    page.goto(lab.format(name))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    page.wait_for_function("() => /\\| Idle/.test(document.body.innerText)", timeout=90_000)
    page.keyboard.press("Control+b")                                    # the file browser makes way
    page.click('.lm-MenuBar-itemLabel:text-is("Run")')
    page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
    page.wait_for_function(ALL_CELLS_RAN, timeout=1000 * SECONDS_TO_RUN_ALL)
    errors = [error.inner_text() for error in page.query_selector_all('[data-mime-type="application/vnd.jupyter.error"]')]
    assert not errors, "\n".join(errors)
    page.wait_for_selector(":is(.lstm-explorer, .live-cell) svg[role=img]", timeout=20_000)
    page.wait_for_timeout(500)
    return page


@pytest.mark.parametrize("name", ["toy.ipynb", *(path.name for path in WITH_EXPLORERS)])
def test_every_slider_moves_the_picture_at_once(browser, lab, name, capsys):
    def report(line):
        with capsys.disabled():
            print(f"\n{name}: {line}", end="", flush=True)

    page = opened_and_run(browser, lab, name)
    explorers, live_cells = page.query_selector_all(".lstm-explorer"), page.query_selector_all(".live-cell")
    assert explorers or live_cells
    for cell in live_cells:
        step_through(page, cell)
    medians = [median for explorer in explorers for median in move_everything(page, explorer, report, MOST_MILLISECONDS)]
    assert not page.query_selector_all(".lstm-explorer [role=alert]:not([hidden])")
    assert max(medians, default=0) < MOST_MILLISECONDS
    page.close()


def test_an_error_is_shown_in_the_explorer_and_reset_takes_it_away(browser, lab):
    page = opened_and_run(browser, lab, "toy.ipynb")
    page.query_selector_all(".lstm-explorer input[type=range]")[2].focus()
    page.keyboard.press("End")
    alert = page.wait_for_selector(".lstm-explorer [role=alert]:not([hidden])", timeout=10_000)
    assert "OverflowError" in alert.inner_text() and "b is too <big>" in alert.inner_text()
    page.click('.lstm-explorer button:has-text("Reset")')
    page.wait_for_selector(".lstm-explorer [role=alert]", state="hidden", timeout=10_000)
    page.close()
