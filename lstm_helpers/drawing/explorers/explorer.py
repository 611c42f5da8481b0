"""What every explorer is: controls, a picture drawn anew at each change, a sentence on it, a reset button, errors shown.

How it looks is in `explorer.js`, one script for JupyterLab, where Python answers, and for the site, where `frames` has recorded
the answers.
"""

from pathlib import Path

import anywidget
from traitlets import Dict

from lstm_helpers.drawing.explorers import layers
from lstm_helpers.drawing.explorers.frames import frames
from lstm_helpers.drawing.show import as_html

SCRIPT = Path(__file__).with_name("explorer.js")


class Explorer(anywidget.AnyWidget):
    """Wire controls to a figure.

    Whatever moves is drawn again at each change, and sent as a small SVG that lies on the rest, which is sent once. An
    error of `update` is shown below the controls, and goes away with the next setting that works.

    Parameters
    ----------
    name : what is explored, in one or two words
    controls : {name: Control}
    figure : a matplotlib Figure; not one of pyplot's, which would be shown a second time
    moving : the artists that `update` changes; all others stay as they are
    update : is given the controls' values in their order, changes the artists, and returns a sentence on what is to be seen
    presets : {what its button says: the values of all controls}
    buttons : {what it says: what is called}; only where Python runs
    groups : {legend: names of controls that stand together}; without it they stand one below the other
    extra : returns HTML that stands between controls and picture, and is drawn anew as well
    before_reset : called when Reset is pressed, before the controls go back
    ghost : whether the picture before the last change stays behind, pale
    formula : what the script needs to compute the picture itself, where there are too many to record: see `frames`

    Introduced in 02_vanilla_rnn.
    """

    _esm = SCRIPT.read_text(encoding="utf-8")
    spec = Dict().tag(sync=True)
    frame = Dict().tag(sync=True)

    def __init__(self, name, controls, figure, moving, update, *, presets=None, buttons=None, groups=None, extra=None,
                 before_reset=None, ghost=False, formula=None):
        self.controls, self.figure, self.presets, self.formula = controls, figure, presets or {}, formula
        self._name, self._update, self._extra = name, update, extra
        self._buttons, self._before_reset = buttons or {}, before_reset
        self._start = self.values()
        self._waiting, self._asked_by, self.error = False, {}, ""
        self.sentence = self._update(*self.values())                    # an error here is the cell's own: let it out
        self.first_picture = layers.as_png(figure)
        self.background = layers.split(figure, moving)
        self.picture = layers.inside(figure)
        for control in controls.values():
            control.observe(self._changed, names="value")
        super().__init__(spec=self._spec(groups, ghost), frame=self._frame())
        self.on_msg(self._asked)

    def values(self):
        """Return the values of all controls in their order."""
        return tuple(control.value for control in self.controls.values())

    def reset(self):
        """Set everything back to where it was, and draw once."""
        if self._before_reset:
            self._before_reset()
        self.set_controls(self._start)

    def set_controls(self, values):
        """Set every control, in their order, and draw once."""
        self._waiting = True
        try:
            for control, value in zip(self.controls.values(), values, strict=True):
                control.value = value
        finally:
            self._waiting = False
        self._changed()

    def frames(self):
        """Return all that a page needs to move this explorer without Python; see `frames.frames`."""
        return frames(self)

    def places(self, values):
        """Return where the controls stand when they have these values."""
        return [value if control.kind == "text" else control.place_of(value)
                for control, value in zip(self.controls.values(), values, strict=True)]

    def _spec(self, groups, ghost):
        names = list(self.controls)
        return {"name": self._name, "width": round(96 * self.figure.get_figwidth()), "background": self.background,
                "viewBox": layers.view_box(self.figure), "controls": [control.spec() for control in self.controls.values()],
                "presets": {words: self.places(values) for words, values in self.presets.items()}, "buttons": list(self._buttons),
                "groups": [[legend, [names.index(name) for name in held]] for legend, held in (groups or {"": names}).items()],
                "ghost": ghost}

    def _frame(self):
        return {"places": self.places(self.values()), "picture": self.picture, "words": self.sentence,
                "extra": self._extra() if self._extra else "", "error": self.error, **self._asked_by}

    def _asked(self, _, message, __):
        """Answer the script: it sends the places of the controls, or which button was pressed."""
        self._asked_by = {"view": message["view"], "number": message["number"]}
        try:
            self._obey(message.get("button"), message.get("places"))
        finally:
            self._asked_by = {}

    def _obey(self, button, places):
        if button == "Reset":
            self.reset()
        elif button:
            self._buttons[button]()
        else:
            self.set_controls([place if control.kind == "text" else control.settings[place]
                               for control, place in zip(self.controls.values(), places, strict=True)])

    def _changed(self, _=None):
        if self._waiting:
            return
        try:
            self.sentence = self._update(*self.values())
            self.picture, self.error = layers.inside(self.figure), ""
        except Exception as error:                                      # in a callback nobody else would show it
            self.error = f"{type(error).__name__}: {error}"
        self.frame = self._frame()

    def _names(self):
        names = [control.description for control in self.controls.values()]
        return ", ".join(names) if len(names) <= 6 else f"{names[0]} … {names[-1]}"

    def __repr__(self):
        return f"Explorer: {self._name} ({self._names()})"

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        alt = f"{self!r}. {self.sentence}"                              # the sanitiser of the tests leaves out the sentence
        still = as_html(self.first_picture, alt, self.spec["width"], "Run this cell in JupyterLab, and the picture moves.")
        return data | {"text/plain": repr(self), "text/html": still}, metadata

