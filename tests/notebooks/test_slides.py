"""Slides: each cell is marked as the rules say, and the talk of each notebook fits its slides, looked at in a browser.

The browser part is skipped where reveal.js (`python3 run.py site` installs it), Playwright or Chromium is missing.
"""
import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")) if "." not in path.stem]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
MISSING = [name for name in ("sphinx_revealjs", "latex2mathml", "playwright") if not find_spec(name)]
MISSING += [] if CHROMIUM else ["Chromium"]

sys.path.append(str(ROOT / "tools"))    # where mark_slides finds its neighbours
spec = importlib.util.spec_from_file_location("mark_slides", ROOT / "tools" / "mark_slides.py")
mark_slides = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mark_slides)


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def stored_types(cells):
    return [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]


# --- the rules ---

def text(source, **metadata):
    return new_markdown_cell(source, metadata=metadata)


def code(source, printed="", html=""):
    outputs = [new_output("stream", text=printed)] if printed else []
    outputs += [new_output("display_data", {"text/html": html})] if html else []
    return new_code_cell(source, outputs=outputs)


def types(*cells):
    return mark_slides.slide_types([text("# What?"), code("import numpy as np"), text("## One idea\n\nWords."), *cells])[3:]


def test_a_talk_begins_with_its_title_and_leaves_the_set_up_out():
    cells = [text("# What?"), code("import numpy as np"), code("print(np.pi)", "3.14"), text("## One idea")]
    assert mark_slides.slide_types(cells) == ["slide", "skip", "skip", "slide"]


def test_words_stay_and_what_is_measured_comes_after_them():
    assert types(text("Is it so?"), code("print(1)", "1"), text("It is.")) == ["-", "fragment", "-"]


@pytest.mark.parametrize("cell, expected", [
    (text("### Claim 3\n\nSaid."), "subslide"), (text("<details><summary>Why?</summary>\n\nSo.\n</details>"), "subslide"),
    (text("## Next"), "slide"), (text("word " * 800), "subslide"), (code("show(fig)", "1\n" * 9, "<img alt='a'>"), "subslide"),
    (code("explorers.belt(f)", html="<img alt='a'>"), "subslide"),
    (code("x = 1"), "skip"), (code("def f():\n    return 1"), "-")])
def test_each_kind_of_cell_has_its_type(cell, expected):
    assert types(cell) == [expected]


@pytest.mark.parametrize("words", ["$$y = x$$", "So it is in code:"])
def test_code_without_output_stays_where_it_says_what_the_text_says(words):
    assert types(text(words), code("y = x")) == ["-", "-"]


def test_no_slide_holds_a_heading_alone():
    title = [text("# What?"), text("## First"), text("### Claim 1\n\nSaid."), text("### Claim 2\n\nSaid.")]
    assert mark_slides.slide_types(title) == ["slide", "slide", "-", "subslide"]


@pytest.mark.parametrize("before", ["## Your turn", "So it goes.\n\n## Your turn",
                                    "<details><summary>Why?</summary>\n\nSo.\n</details>\n\n## Your turn"])
def test_stubs_of_exercises_are_left_out_and_their_questions_shown(before):
    stub = code("def f():\n    ...\n\nq1.check(f)", "Not attempted yet.")
    found = types(text(before), text("### Exercise 1\n\nWrite `f`."), stub, text("## What you can do now"))
    assert found[-2:] == ["skip", "slide"]


def test_what_is_marked_by_hand_stays_and_counts():
    kept = {"slide_type": "subslide", "by_hand": True}
    cells = [text("# What?"), text("Words.", slideshow=kept), text("Old.", slideshow={"slide_type": "notes"})]
    mark_slides.mark(cells)
    assert [cell.metadata["slideshow"] for cell in cells[1:]] == [kept, {"slide_type": "-"}]
    assert mark_slides.slide_types(cells)[1] == "subslide"


def test_long_text_is_divided_at_headings_and_paragraphs_and_tables_by_rows():
    rows = "".join(f"\n| {n} | row |" for n in range(20))
    long = "# What?\n\n" + "word " * 500 + "\n\n" + "more " * 500 + "\n\nOn loan from 13: `train`.\n\n"
    cell = text(long + "## Next\n\n| a | b |\n|---|---|" + rows)
    sources = [piece.source for piece in mark_slides.pieces(cell)]
    assert [source.split()[0] for source in sources] == ["#", "more", "##", "|"]
    assert sources[3].startswith("| a | b |\n|---|---|\n| ") and "On loan" not in "".join(sources)
    assert re.findall(r"\| (\d+) \|", "".join(sources)) == [str(n) for n in range(20)]


def test_a_folded_answer_stays_whole_however_long():
    answer = "<details><summary>Why?</summary>\n\n" + ("word " * 900).strip() + "\n\nSo.\n</details>"
    assert [piece.source for piece in mark_slides.pieces(text(answer + "\n\n## Next"))] == [answer, "## Next"]


# --- the notebooks ---

@every_notebook
def test_every_cell_is_marked_as_the_rules_say(path):
    cells = cells_of(path)
    assert stored_types(cells) == mark_slides.slide_types(cells), f"run: .venv/bin/python tools/mark_slides.py {path.stem[:2]}"


@every_notebook
def test_a_talk_has_a_length_and_shows_every_picture(path):
    marked = [(cell, kind) for cell, kind in zip(cells_of(path), stored_types(cells_of(path)), strict=True)]
    assert sum(kind in ("slide", "subslide") for _, kind in marked) <= 46          # explorers have slides of their own
    pictures = [kind for cell, kind in marked if cell.cell_type == "code" and "<img" in str(cell.outputs)]
    assert pictures and "skip" not in pictures
    assert {kind for cell, kind in marked if re.search(r"^q\d\.check", cell.source, re.MULTILINE)} <= {"skip"}


# --- the talks, in a browser ---

SMALLEST = 16          # pixels of 700: code; all else is larger
LETTERS = "part => parseFloat(getComputedStyle(part).fontSize)"
SIZES = """() => [...document.querySelectorAll('.slides > section > section')].map(slide => {
  const {h, v} = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const wide = [...slide.querySelectorAll('*')].some(part => part.scrollWidth > 961);
  return {place: `${h}.${v}`, height: slide.scrollHeight, wide: wide || slide.scrollWidth > 960,
          scrolls: getComputedStyle(slide).overflowY == 'auto', title: slide.innerText.slice(0, 40),
          letters: Math.min(99, ...[...slide.querySelectorAll('p, li, td, th, pre')].map(LETTERS)),
          pictures: [...slide.querySelectorAll('figure img')].map(shown => Math.max(shown.width / 960, shown.height / 700)),
          left: slide.innerText.match(/0%\\|.*|\\\\(odot|frac|mathrm|tanh|partial).*/)?.[0],
          empty: !slide.innerText.trim() && !slide.querySelector('img')}; })"""


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    """{name: what is to be known of each of its slides}, of all notebooks, made by nbconvert with our settings."""
    from playwright.sync_api import sync_playwright
    folder = tmp_path_factory.mktemp("talks")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "slides", "--config", "classroom/slides/config.py"]
    done = subprocess.run([*command, "--output-dir", str(folder), *map(str, NOTEBOOKS)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr[-2000:]
    found, faults = {}, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in sorted(folder.glob("*.slides.html")):
            tab = browser.new_page(viewport={"width": 960, "height": 700})
            tab.on("pageerror", lambda error: faults.append(str(error)))
            tab.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else faults.append(request.url))
            tab.goto(path.as_uri())
            tab.wait_for_function("() => window.Reveal && Reveal.isReady()")
            tab.evaluate("Reveal.configure({fragments: false, margin: 0})")
            found[path.name[:2]] = tab.evaluate(SIZES.replace("LETTERS", LETTERS))
            tab.close()
        browser.close()
    assert not faults
    return found


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"no talk in a browser: {', '.join(MISSING)} not installed")
def test_slides_fit_and_none_is_empty(talks, capsys):
    slides = [slide for talk in talks.values() for slide in talk]
    tall = [(name, slide) for name, talk in talks.items() for slide in talk if slide["height"] > 700]
    with capsys.disabled():
        print(f"\n{len(slides)} slides, too tall:", *[f"{name} {slide['place']} ({slide['height']} px)" for name, slide in tall])
    assert len(talks) == len(NOTEBOOKS) and min(map(len, talks.values())) > 10
    assert not [slide for slide in slides if slide["wide"] or slide["empty"]]
    small = [(slide["title"], slide["pictures"]) for slide in slides if min(slide["pictures"], default=1) < 0.79]
    assert not small, "a picture fills four fifths of its slide"
    assert not [(slide["title"], slide["left"]) for slide in slides if slide["left"]], "a progress bar or TeX"
    assert not [(slide["title"], slide["letters"]) for slide in slides if slide["letters"] < SMALLEST]
    assert len(tall) <= 0.01 * len(slides) and all(slide["scrolls"] for _, slide in tall)
