"""What a page needs to move an explorer without Python: the picture and the sentence of every setting, recorded one by one.

Where there are too many settings, and the picture follows from a formula (one unit), the script computes it (`formulas.js`);
where there is none, one control moves at a time and all others go back.
"""

import re
from itertools import product

from lstm_helpers.drawing.explorers import layers

MOST, LEAST_A_SLIDER = 500, 20
ONE_AT_A_TIME = "On this page one control moves at a time; the others go back. In JupyterLab all of them move together."
COARSER = "On this page the controls move in larger steps than in JupyterLab."


def frames(explorer):
    """Return {"spec", "first", "frames": {places: [picture, words, extra]}}, or with "formula" instead of "frames".

    The places are joined by commas: "3,0" is the fourth setting of the first control and the first of the second.
    """
    explorer.reset()
    first = dict(explorer.frame)
    if explorer.formula:
        return {"spec": without_buttons(explorer.spec), "first": first, "formula": as_formula(explorer)}
    spec, settings, note = plan(explorer)
    recorded = {",".join(map(str, places)): record(explorer, values) for places, values in settings}
    explorer.reset()
    return {"spec": spec | {"note": note}, "first": first | {"places": [control["start"] for control in spec["controls"]]},
            "frames": recorded, "oneAtATime": note == ONE_AT_A_TIME}


def without_buttons(spec):
    """Return the spec for a page where nobody answers: buttons that call Python go."""
    return spec | {"buttons": []}


def plan(explorer):
    """Return the spec, the settings to record as (places, values), and a note for the page."""
    controls = list(explorer.controls.values())
    kept, note = thinned(controls)
    spec = without_buttons(explorer.spec)
    spec["controls"] = [as_recorded(control, places) for control, places in zip(controls, kept, strict=True)]
    spec["presets"] = {} if note else spec["presets"]
    starts = [one["start"] for one in spec["controls"]]
    if note == ONE_AT_A_TIME:
        chosen = {(*starts[:n], place, *starts[n + 1:]) for n in range(len(kept)) for place in range(len(kept[n]))}
    else:
        chosen = set(product(*(range(len(places)) for places in kept)))
    values = [[control.settings[n] for n in places] for control, places in zip(controls, kept, strict=True)]
    return spec, [(places, [values[n][place] for n, place in enumerate(places)]) for places in sorted(chosen)], note


def as_recorded(control, places):
    """Return the spec of a control that has only these places; a field becomes a list of its examples."""
    spec = control.spec()
    return spec | {"kind": "select" if control.kind == "text" else control.kind, "start": places.index(start_of(control)),
                   "texts": [spec["texts"][place] for place in places]}


def start_of(control):
    return control.settings.index(control.value) if control.kind == "text" else control.place


def thinned(controls):
    """Return the places of each control that are recorded, at least 20 of a slider, and a note if these are not all."""
    for stride in range(1, 1 + max(len(control.settings) for control in controls)):
        kept = [every(stride, control) for control in controls]
        if all(len(places) >= min(LEAST_A_SLIDER, len(control.settings)) for places, control in zip(kept, controls, strict=True)):
            count = 1
            for places in kept:
                count *= len(places)
            if count <= MOST:
                return kept, COARSER if stride > 1 else ""
    return [every(max(1, len(control.settings) // (2 * LEAST_A_SLIDER)), control) for control in controls], ONE_AT_A_TIME


def every(stride, control):
    """Return every stride-th place of a slider, the one where it stands among them; all places of what is no slider, or plays."""
    stride = stride if control.kind == "range" and not control.play else 1
    return list(range(start_of(control) % stride, len(control.settings), stride))


def record(explorer, values):
    """Return [picture, words] of a setting, and the HTML between controls and picture where there is some."""
    explorer.set_controls(values)
    if explorer.error:
        raise ValueError(f"{explorer!r} can't be recorded at {list(values)}: {explorer.error}")
    frame = explorer.frame
    return [frame["picture"], frame["words"], *([frame["extra"]] if frame["extra"] else [])]


def as_formula(explorer):
    """Return what `formulas.js` needs: the formula's name and data, the settings, the picture with places for the lines' points,
    and how numbers become points of the drawing.
    """
    formula = dict(explorer.formula)
    lines = formula.pop("drawn")
    for name, line in lines.items():
        line.set_gid(f"line {name}")
    template = layers.inside(explorer.figure, keep_names=True)
    for name in lines:
        template, found = re.subn(rf'(<g id="line {re.escape(name)}">\s*<path )d="[^"]*"', rf'\1d="{{{name}}}"', template)
        assert found == 1, f"the drawing of {name} has {found} paths"
    return formula | {"template": re.sub(r'<g id="[^"]*">', "<g>", template),
                      "settings": [control.settings for control in explorer.controls.values()],
                      "lines": {name: scale(line) for name, line in lines.items()}}


def scale(line):
    """Return [a, b, c, d]: a point (x, y) of the data lies at (a + b x, c + d y) of the drawing."""
    figure, places = line.figure, line.axes.transData.transform([(0, 0), (1, 1)]) * 72 / line.figure.dpi
    (left, low), (right, high) = places
    height = 72 * figure.get_figheight()
    return [round(float(number), 4) for number in (left, right - left, height - low, low - high)]
