"""How the pages read: equations in their font, by night, on a telephone, on paper, by ear and by keyboard, and as a book."""
import io
import os
import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import rgb_to_hsv, to_rgb
from matplotlib.pyplot import imread

from lstm_helpers.drawing.style import COLOURS
from tests.site.conftest import NOTEBOOKS, ROOT
from tests.site.test_site import in_a_browser, pytestmark, shown  # noqa: F401

FONT = ROOT / "site/fonts/stix-two-math.woff2"
AXE = os.environ.get("AXE_CORE")       # the path of axe.min.js: npm install axe-core
READ_BY_AXE = ("index.html", *(f"notebooks/{stem}.html" for stem in (
    "00_start_here", "08_forget_gate", "12_lstm_backward", "18_reading_text")))
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def opened(browser, site):
    """A function that opens a page of the site: its name, and what the reader's browser is like."""
    contexts = []

    def open_page(name, width=1280, **how):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **how))
        tab = contexts[-1].new_page()
        tab.goto((site / name).as_uri())
        return tab
    yield open_page
    for context in contexts:
        context.close()


# --- equations ---

def test_the_font_is_small_free_and_made_for_mathematics():
    from fontTools.ttLib import TTFont
    assert FONT.stat().st_size < 300_000
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    pytest.importorskip("brotli", reason="the font is not opened: brotli is not installed")
    assert {"MATH", "GSUB"} <= set(TTFont(FONT).keys())


@in_a_browser
def test_equations_have_their_font_and_a_subscript_stands_low_and_small(opened):
    tab = opened("notebooks/08_forget_gate.html")
    assert tab.evaluate("document.fonts.load('16px \"STIX Two Math\"', 'x').then(found => found.length)") == 1
    assert tab.evaluate("getComputedStyle(document.querySelector('math')).fontFamily").startswith('"STIX Two Math"')
    base, below = tab.locator("article math msub").first.evaluate("""sub => [...sub.children].map(part => {
      const box = part.getBoundingClientRect(); return [box.bottom, parseFloat(getComputedStyle(part).fontSize)]; })""")
    assert below[0] > base[0] + 1 and below[1] < 0.8 * base[1]


@in_a_browser
def test_a_squared_function_keeps_its_exponent(opened):
    squares = opened("notebooks/12_lstm_backward.html").locator("math msup", has_text="tanh").evaluate_all(
        "all => all.map(square => square.children.length)")
    assert squares and set(squares) == {2}


# --- by night ---

@in_a_browser
def test_by_night_a_picture_is_light_on_dark_and_its_hues_stay(opened):
    seen = {}
    for scheme in ("light", "dark"):
        picture = opened("notebooks/08_forget_gate.html", color_scheme=scheme).locator("figure img").first
        seen[scheme] = imread(io.BytesIO(picture.screenshot()))[..., :3]
    corners = [seen[scheme][0, 0].mean() for scheme in ("light", "dark")]
    assert corners[0] > 0.95 and corners[1] < 0.15 and np.median(seen["dark"]) < 0.2
    black, white = (seen["light"].max(axis=2) < 0.1).sum(), (seen["dark"].min(axis=2) > 0.9).sum()       # the belt
    assert black > 1000 and white > 0.8 * black
    vermilion = rgb_to_hsv(to_rgb(COLOURS["f"]))[0]
    for scheme, picture in seen.items():
        hue, saturation, value = np.moveaxis(rgb_to_hsv(picture), 2, 0)
        strong = (saturation > 0.6) & (value > 0.6)
        assert strong.sum() > 300 and abs(np.median(hue[strong]) - vermilion) < 0.02, scheme


# --- on a telephone, on paper ---

@in_a_browser
def test_every_table_of_00_fits_a_telephone(opened):
    wrappers = opened("notebooks/00_start_here.html", width=390).locator(".table-wrapper")
    assert wrappers.count() >= 4
    assert wrappers.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length") == 0


@in_a_browser
def test_on_paper_no_code_is_cut_off_folds_are_open_and_there_is_no_sidebar(opened):
    tab = opened("notebooks/08_forget_gate.html", width=700)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert tab.evaluate("[...document.querySelectorAll('pre')].filter(box => box.scrollWidth > box.clientWidth + 1).length") == 0
    assert all(fold.is_visible() for fold in tab.locator("details p").all())
    around = (".sidebar-drawer", ".toc-drawer", ".skip-to-content", ".mobile-header")
    assert not any(tab.locator(part).is_visible() for part in around)


# --- by ear and by keyboard ---

def test_landmarks_have_names_of_their_own_and_headings_a_level(pages):
    for path, soup in pages.items():
        names = [part.get("aria-label") for part in soup.find_all("aside")]
        assert all(names) and len(set(names)) == len(names), path
        assert all(part.get("aria-level") for part in soup.select("[role=heading]")), path
        assert all(head.get_text(strip=True) for head in soup.find_all("th")), path


@in_a_browser
def test_what_scrolls_can_be_reached_by_the_keyboard_and_has_a_name(opened):
    boxes = opened("notebooks/08_forget_gate.html", width=390).locator("article pre").evaluate_all("""all => all
      .filter(box => box.scrollWidth > box.clientWidth).map(box => [box.tabIndex, box.getAttribute('aria-label')])""")
    assert boxes and all(box == [0, "scrolls sideways"] for box in boxes)


@in_a_browser
@pytest.mark.skipif(not AXE, reason="axe-core is not asked: AXE_CORE does not say where axe.min.js is")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", READ_BY_AXE)
def test_axe_finds_nothing(opened, name, scheme):
    for width in (390, 1280):
        tab = opened(name, width=width, color_scheme=scheme)
        tab.evaluate(Path(AXE).read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run({preload: false})"
                             ".then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
        assert found == [], (width, found)


# --- as a book ---

@pytest.fixture(scope="module")
def chapters(book):
    """{name: bytes} of all that is in the book."""
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_book_has_every_notebook_as_a_chapter_that_an_xml_parser_reads(chapters):
    pages = {name: ElementTree.fromstring(text) for name, text in chapters.items() if name.endswith(".xhtml")}
    assert {f"notebooks/{path.stem}.xhtml" for path in NOTEBOOKS} <= set(pages)
    titles = "".join(pages["nav.xhtml"].itertext())
    assert "08 · Forget gate: what is kept?" in titles and "About the course" in titles
    equations = [math for page in pages.values() for math in page.iter("{http://www.w3.org/1998/Math/MathML}math")]
    assert len(equations) > 500


def test_the_book_holds_the_pictures_of_every_notebook_as_files(chapters):
    for path in NOTEBOOKS:
        name = f"notebooks/{path.stem}.xhtml"
        images = list(ElementTree.fromstring(chapters[name]).iter(f"{XHTML}img"))
        assert len(images) == sum(html.count("<img") for html in shown(path, "text/html"))
        for image in images:
            file = PurePosixPath(os.path.normpath(PurePosixPath(name).parent / image.get("src")))
            assert image.get("alt") and str(file) in chapters
    assert not any(b"data:image" in text for name, text in chapters.items() if name.endswith(".xhtml"))


def test_whatever_is_in_the_book_is_in_its_manifest(chapters):
    listed = set(re.findall(r'href="([^"]+)"', chapters["content.opf"].decode()))
    assert {name for name in chapters if not name.startswith("META-INF")} - listed == {"mimetype", "content.opf"}
