"""Every explorer on its page, read from a disk, without Python: by keyboard, mouse and touch, wide and narrow, light and dark.

Skipped where Sphinx and its company, Playwright or Chromium is missing.
"""
import pytest

from tests.browser.moves import CONTROLS, is_live_cell, kind, move_everything, picture, step_through, wait_for_change, words
from tests.site.conftest import NO_BROWSER, NOTEBOOKS
from tests.site.test_site import pytestmark  # noqa: F401

in_a_browser = pytest.mark.skipif(bool(NO_BROWSER), reason=f"no explorer is moved on the site: {NO_BROWSER}")
MOST_MILLISECONDS = 100                                                 # alone 8 to 20; two workers disturb each other
SIZES = [(1280, 900, "light", False), (390, 800, "dark", True)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}-{size[2]}")
def page(request, browser):
    """A tab that fails when anything goes wrong in it, or when it asks for anything but files."""
    width, height, scheme, touch = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=touch,
                                  is_mobile=touch)
    tab, complaints = context.new_page(), []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    tab.touched = touch
    yield tab
    context.close()
    assert not complaints, complaints


def tap_everything(page, explorer):
    """Tap each control with a finger; the picture and the words change."""
    for control in explorer.query_selector_all(CONTROLS):
        control.scroll_into_view_if_needed()
        before, said, box = picture(explorer), words(explorer), control.bounding_box()
        assert box["height"] >= 24, f"a finger needs 24 px, {control.evaluate('c => c.labels[0].innerText')} has {box['height']}"
        if kind(control) == "select":
            control.select_option(index=0 if control.evaluate("c => c.selectedIndex") else 1)
        else:
            done = int(control.input_value() if kind(control) == "range" else 0) / int(control.get_attribute("max") or 1)
            share = 0.5 if kind(control) == "checkbox" else 0.8 if done < 0.5 else 0.2
            page.touchscreen.tap(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        wait_for_change(page, explorer, before)
        assert words(explorer) != said


@in_a_browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_every_explorer_moves(site, page, path, capsys):
    def report(line):
        with capsys.disabled():
            print(f"\n{path.stem[:2]}: {line}", end="", flush=True)

    page.goto((site / "notebooks" / f"{path.stem}.html").as_uri())
    places = page.query_selector_all("[data-explorer]")
    assert bool(places) == ("explorers." in path.read_text(encoding="utf-8"))
    for place in places:
        place.scroll_into_view_if_needed()
        place.wait_for_selector("svg[role=img]", timeout=20_000)
        if is_live_cell(place):
            step_through(page, place)
            continue
        if page.touched:
            tap_everything(page, place)
        else:
            assert max(move_everything(page, place, report, MOST_MILLISECONDS)) < MOST_MILLISECONDS
        assert place.query_selector("[role=alert]").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
