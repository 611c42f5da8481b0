"""What a learner does to an explorer, in a browser: every control moved by keyboard and mouse, and how long the picture takes."""

import statistics

WARM_UP, PRESSES = 2, 7
CONTROLS = ":is(input, select)"

# Times the way from a key press on a control to the first frame after the picture has changed.
WATCH = """control => {
  const picture = control.closest('.lstm-explorer').querySelector('svg[role=img]'), watch = window.__watch = {key: 0, seen: 0};
  control.addEventListener('keydown', () => { watch.key = performance.now(); watch.seen = 0; }, true);
  let before = picture.outerHTML;
  new MutationObserver(() => {
    if (picture.outerHTML === before) return;
    before = picture.outerHTML;
    requestAnimationFrame(() => { watch.seen = watch.seen || performance.now(); });
  }).observe(picture, {subtree: true, childList: true, attributes: true});
}"""


def picture(explorer):
    return explorer.query_selector("svg[role=img]").evaluate("svg => svg.outerHTML")


def words(explorer):
    return explorer.query_selector(".lx-words").inner_text()


def wait_for_change(page, explorer, before):
    """Wait until the picture is another one, and then until it stands still."""
    changed = False
    for _ in range(100):
        page.wait_for_timeout(60)
        now = picture(explorer)
        if changed and now == before:
            return now
        changed, before = changed or now != before, now
    assert changed, "the picture did not change in six seconds"
    return now


def is_live_cell(place):
    """Tell a live cell, whose own test moves all of it, from the other explorers."""
    return "live-cell" in (place.get_attribute("class") or "")


def step_through(page, cell):
    """Move a live cell by a key, a step and a drag: its picture and its words change each time."""
    step = cell.query_selector(".strip input[type=range]")
    key = "ArrowLeft" if step.input_value() == step.get_attribute("max") else "ArrowRight"
    for move in (lambda: step.press(key), lambda: drag_to(page, step, 0.3), lambda: drag_to(page, step, 0.7)):
        before, said = picture(cell), cell.query_selector(".words").inner_text()
        step.scroll_into_view_if_needed()
        move()
        wait_for_change(page, cell, before)
        assert cell.query_selector(".words").inner_text() != said


def drag_to(page, slider, share):
    box, done = slider.bounding_box(), int(slider.input_value()) / int(slider.get_attribute("max"))
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 10 + (box["width"] - 20) * done, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, y, steps=8)
    page.mouse.up()


def kind(control):
    return control.get_attribute("type") or "select"


def keys_there_and_back(control):
    """Return the two keys that change a control and change it back."""
    if kind(control) == "checkbox":
        return " ", " "
    if kind(control) == "text":                                         # the cursor is at its end
        return "Backspace", control.input_value()[-1]
    if kind(control) == "select":
        at_end = control.evaluate("c => c.selectedIndex === c.options.length - 1")
        return ("ArrowUp", "ArrowDown") if at_end else ("ArrowDown", "ArrowUp")
    at_end = control.input_value() == control.get_attribute("max")
    return ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")


def time_key_presses(page, control):
    """Return the milliseconds from each key press to the changed picture, there and back in turn."""
    control.focus()
    if kind(control) == "text":
        control.press("End")
    control.evaluate(WATCH)
    keys, times = keys_there_and_back(control), []
    for n in range(WARM_UP + PRESSES):
        page.keyboard.press(keys[n % 2])
        page.wait_for_function("() => __watch.seen", timeout=10_000)
        times.append(page.evaluate("__watch.seen - __watch.key"))
        page.wait_for_timeout(80)
    return times[WARM_UP:]


def move_by_mouse(page, control):
    """Pull a slider towards its farther end, as a hand does; click a box; take another choice; shorten a text."""
    if kind(control) == "checkbox":
        control.click()
    elif kind(control) == "text":
        control.press("Backspace")
    elif kind(control) == "select":
        control.select_option(index=0 if control.evaluate("c => c.selectedIndex") else 1)
    else:
        drag_to(page, control, 0.85 if 2 * int(control.input_value()) < int(control.get_attribute("max")) else 0.15)


def move_everything(page, explorer, report, most_milliseconds):
    """Move each control of one explorer by keyboard and by mouse, then reset; return the median of each."""
    medians, start = [], picture(explorer)
    for control in explorer.query_selector_all(CONTROLS):
        control.scroll_into_view_if_needed()
        label = control.evaluate("c => c.labels[0].innerText")
        times = time_key_presses(page, control)
        if statistics.median(times) >= most_milliseconds:               # a busy machine gets a second chance
            times = time_key_presses(page, control)
        medians.append(statistics.median(times))
        report(f"{label}: key press to changed picture, median {medians[-1]:.0f} ms, worst {max(times):.0f} ms")
        before, said = picture(explorer), words(explorer)
        move_by_mouse(page, control)
        wait_for_change(page, explorer, before)
        assert words(explorer) != said, f"{label}: the picture moved, and its words did not"
    assert medians, "the explorer has nothing to move"
    before = picture(explorer)
    explorer.query_selector('button:has-text("Reset")').click()
    if before != start:                                                 # two swapped words may have met: the first picture again
        before = wait_for_change(page, explorer, before)
    assert before == start, "Reset does not lead back to the first picture"
    return medians
