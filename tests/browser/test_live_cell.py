"""The live cell in Chromium, from a file, without Python or a server: it plays, obeys mouse and keys, and says what it does.

Needs Playwright and an installed Chromium; skipped where one is missing.
"""
import html
import json
import re
import shutil

import numpy as np
import pytest

from lstm_helpers.cells import LSTM
from lstm_helpers.drawing import explorers, use_course_style
from lstm_helpers.drawing.explorers.live_cell import SCRIPT

sync_api = pytest.importorskip("playwright.sync_api",
                               reason="no browser test: Playwright is not installed (pip install playwright)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    CHROMIUM is None, reason="no browser test: no Chromium is installed (Debian: apt install chromium)")]
WORDS = "i live in France so i speak".split()
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>live cell</title>
<body style="{ink}"><div id="one"></div><div id="two"></div><script type="module">{script}
const spec = {spec};
window.cells = ["one", "two"].map(name => liveCell(document.getElementById(name), spec));</script>"""
LIGHT, DARK = "background: #fff; color: #111", "background: #131416; color: #ddd"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def specs():
    use_course_style()
    layer = LSTM(3, 4, rng=1)
    trace = layer.forward(np.random.default_rng(2).standard_normal((7, 1, 3)))
    made = {"trace": explorers.live_cell(trace, WORDS), "unit": explorers.live_unit(start="latch"),
            "backward": explorers.live_cell_backward(layer, trace, words=WORDS, dh_last=np.ones((1, 4)))}
    return {name: cell.spec for name, cell in made.items()}


@pytest.fixture
def shown(browser, specs, tmp_path):
    """Return a function that opens a page with two cells, of which the second one must stay as it is; no page may complain."""
    pages, complaints = [], []

    def show(name, ink=LIGHT, width=1280, **options):
        file = tmp_path / f"{name}.html"
        file.write_text(PAGE.format(ink=ink, script=SCRIPT, spec=json.dumps(specs[name])), encoding="utf-8")
        page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        pages.append((page, page.locator("#two .words").inner_text()))
        return page, page.locator("#one")
    yield show
    for page, second in pages:
        assert page.locator("#two .words").inner_text() == second
        page.context.close()
    assert complaints == []


def place(cell):
    return cell.get_by_label("step", exact=True).get_attribute("aria-valuetext")


def number(cell, key):
    return cell.locator(f"[id$='-number-{key}']").text_content()


def test_play_moves_numbers_and_words_and_ends_at_the_last_step(shown):
    page, cell = shown("trace")
    cell.get_by_label("speed").select_option("4")
    assert place(cell) == "step 1 of 7, word 'i'" and cell.locator(".now").inner_text() == "i"
    cell.get_by_role("button", name="Play").click()
    places = set()
    while "Pause" in cell.locator("button").first.inner_text():
        places.update(cell.evaluate("cell => [...cell.querySelectorAll('.ride:not([visibility=hidden])')].map(ride => "
                                    "ride.getAttribute('class') + ride.getAttribute('transform'))"))
        page.wait_for_timeout(20)
    assert len(places) > 20                                                 # they travelled, and did not jump
    assert place(cell) == "step 7 of 7, word 'speak'" and cell.locator(".now").inner_text() == "speak"
    assert cell.locator(".ride:not([visibility=hidden])").count() == 0
    page.wait_for_timeout(1100)
    assert cell.locator("[aria-live=polite]").inner_text() == cell.locator(".words").inner_text() != ""


def test_the_numbers_on_the_wires_are_those_of_the_trace(shown, specs):
    page, cell = shown("trace")
    for t in (0, 4, 6):
        page.evaluate("t => cells[0].go(t)", t)
        for key in "ifgoch":
            assert number(cell, key).replace("−", "-") == f"{specs['trace']['signals'][0][key][t] + 0.0:.2f}"


def test_keys_move_the_cursor_and_another_unit_can_be_chosen(shown):
    page, cell = shown("trace")
    cell.get_by_label("step", exact=True).focus()
    for key, expected in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 7), ("Home", 1)):
        page.keyboard.press(key)
        assert place(cell).startswith(f"step {expected} of 7")
    before = number(cell, "f")
    cell.get_by_label("unit").select_option("2")
    assert number(cell, "f") != before


def test_the_mouse_drags_the_cursor(shown):
    page, cell = shown("trace")
    box = cell.locator(".track").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 5, middle)
    page.mouse.down()
    for share, expected in ((0.5, 4), (0.99, 7), (0.2, 2)):
        page.mouse.move(box["x"] + share * box["width"], middle)
        assert place(cell).startswith(f"step {expected} of 7")
    page.mouse.up()
    page.mouse.move(box["x"] + 0.9 * box["width"], middle)
    assert place(cell).startswith("step 2 of 7")


def test_a_finger_moves_the_cursor_on_a_telephone_and_nothing_is_wider_than_the_page(shown):
    page, cell = shown("trace", ink=DARK, width=390, has_touch=True)
    box = cell.locator(".track").bounding_box()
    page.touchscreen.tap(box["x"] + 0.64 * box["width"], box["y"] + 20)
    assert place(cell).startswith("step 5 of 7")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = cell.locator("button, input, select").evaluate_all(
        "found => found.map(e => e.getBoundingClientRect()).filter(box => box.width < 24 || box.height < 24).length")
    assert small == 0


def test_where_no_motion_is_wanted_nothing_travels(shown):
    page, cell = shown("trace", reduced_motion="reduce")
    cell.get_by_role("button", name="Step").click()
    assert place(cell).startswith("step 2 of 7") and number(cell, "h") != ""
    cell.get_by_role("button", name="Play").click()
    for _ in range(60):
        assert cell.locator(".ride:not([visibility=hidden])").count() == 0
        page.wait_for_timeout(20)
    assert not place(cell).startswith("step 2 of 7")


def test_a_unit_follows_its_sliders_its_presets_and_its_inputs(shown):
    page, cell = shown("unit")
    cell.get_by_label("step", exact=True).fill("4")
    assert number(cell, "i") == "1.00" and number(cell, "f") == "0.02"
    slider = cell.get_by_label("W_x of the input gate")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "−12.0" and number(cell, "i") == "0.00"
    cell.get_by_role("button", name="counter").click()
    assert number(cell, "i") == "1.00" and number(cell, "f") == "1.00"
    cell.get_by_role("button", name="x at step 5 is 1").click()
    assert number(cell, "g") == "0.00" and place(cell) == "step 5 of 24, x = 0"


def test_backward_runs_from_the_end_and_a_path_switched_off_goes_pale(shown):
    page, cell = shown("backward")
    assert place(cell).startswith("step 7 of 7")
    cell.get_by_role("button", name="Step").click()
    assert place(cell).startswith("step 6 of 7")
    page.wait_for_timeout(2600)
    before = [number(cell, key) for key in ("dh", "dc", "dc_next")]
    cell.get_by_label("direct path").uncheck()
    assert number(cell, "dc_next") == number(cell, "dc_prev") == "off" and number(cell, "dc") != before[1]
    assert cell.locator("[id$='-wire-read-c'].off").count() == 1 and cell.locator("[id$='-wire-kept-sum'].off").count() == 0
    cell.get_by_label("direct path").check()
    assert [number(cell, key) for key in ("dh", "dc", "dc_next")] == before


def test_two_cells_on_a_page_share_no_id_and_every_control_has_a_name(shown, specs):
    for name in specs:
        page, cell = shown(name)
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
        assert len(ids) == len(set(ids))
        assert cell.locator("input:not([data-lm-suppress-shortcuts]), select:not([data-lm-suppress-shortcuts])").count() == 0
        for line in re.findall(r"- (?:slider|checkbox|combobox|button)(.*)", html.unescape(cell.aria_snapshot())):
            assert line.strip().startswith('"'), line
