"""The site and its book, each built once; and what of the world around them is there."""
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")) if "." not in path.stem]
MISSING = [name for name in ("sphinx", "myst_nb", "furo", "latex2mathml") if not find_spec(name)]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
NO_BROWSER = "Playwright is not installed" if not find_spec("playwright") else None if CHROMIUM else "no Chromium is installed"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site as `run.py site` does and return its folder."""
    return built(tmp_path_factory.mktemp("site")) / "html"


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """Build the book as `run.py site --epub` does and return its file."""
    (found,) = (built(tmp_path_factory.mktemp("book"), "--epub") / "epub").glob("*.epub")
    return found


def built(folder, *options):
    command = [sys.executable, str(ROOT / "site" / "build.py"), *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def pages(site):
    """{path: parsed HTML} of all pages."""
    return {path: parsed(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def parsed(html):
    """Parse HTML without the bytes of its pictures, which only take time."""
    from bs4 import BeautifulSoup
    return BeautifulSoup(re.sub(r"(?<=;base64,)[^\"']+", "", html), "html.parser")


@pytest.fixture(scope="module")     # one Playwright at a time: the slides' tests have their own
def browser():
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()
