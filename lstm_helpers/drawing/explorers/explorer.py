"""What every explorer is: sliders (made in `sliders`), a picture drawn anew at each change, a reset button, errors shown."""

import html

import ipywidgets as widgets

from lstm_helpers.drawing.explorers import layers
from lstm_helpers.drawing.explorers.sliders import in_a_column

_ERROR = ('<div role="alert" style="border: 2px solid #C00000; padding: 0.4em; margin: 0.4em 0; line-height: 1.4; '
          'white-space: normal"><b>{kind}</b>: {words}<br>The picture still shows the last settings that worked.</div>')
_WRAP = {"flex_flow": "row wrap"}


class Explorer(widgets.VBox):
    """Wire controls to a figure.

    Whatever moves is drawn again at each change, and sent as a small SVG that lies on the rest, which is sent once. An
    error of `update` is shown below the controls, and goes away with the next setting that works.

    Parameters
    ----------
    name : what is explored, in one or two words
    controls : {name: widget}; each widget has a `value` and a description
    figure : a matplotlib Figure; not one of pyplot's, which would be shown a second time
    moving : the artists that `update` changes; all others stay as they are
    update : is given the controls' values in their order, changes the artists, and returns a sentence on what is to be seen
    extra, buttons : more widgets, shown between controls and picture, and beside the reset button
    arrange : is given the controls, and returns the widgets that hold them; without it they stand one below the other
    before_reset : called when Reset is pressed, before the controls go back

    Introduced in 02_vanilla_rnn.
    """

    def __init__(self, name, controls, figure, moving, update, *, extra=(), buttons=(), arrange=None,
                 before_reset=None):
        self.controls, self.figure = controls, figure
        self._name, self._update, self._before_reset = name, update, before_reset
        self._start = [control.value for control in controls.values()]
        self._waiting = False
        self.error = widgets.HTML()
        self.sentence = self._call_update()                             # an error here is the cell's own: let it out
        self.background, self.picture = (
            widgets.HTML(value, layout={"grid_area": "1 / 1", "margin": "0"})
            for value in (layers.split(figure, moving), layers.picture(figure, self.sentence)))
        reset = widgets.Button(description="Reset", tooltip="Back to the first settings")
        reset.on_click(lambda _: self.reset())
        for control in controls.values():
            control.observe(self._changed, names="value")
        rows = (arrange or in_a_column)(list(controls.values()))
        width = f"{round(96 * figure.get_figwidth())}px"
        self.error.layout.max_width = width
        both = widgets.GridBox([self.background, self.picture], layout={"width": "100%", "max_width": width})
        super().__init__([*rows, widgets.HBox([reset, *buttons], layout=_WRAP), *extra, self.error, both])
        self.add_class("lstm-explorer")                                 # for the browser test

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

    def _changed(self, _=None):
        if self._waiting:
            return
        try:
            self._redraw()
        except Exception as error:                                      # in a callback nobody else would show it
            self.error.value = _ERROR.format(kind=type(error).__name__, words=html.escape(str(error)))
        else:
            self.error.value = ""

    def _redraw(self):
        self.sentence = self._call_update()
        self.picture.value = layers.picture(self.figure, self.sentence)

    def _call_update(self):
        return self._update(*(control.value for control in self.controls.values()))

    def _names(self):
        names = [control.description for control in self.controls.values()]
        return ", ".join(names) if len(names) <= 6 else f"{names[0]} … {names[-1]}"

    def __repr__(self):
        return f"Explorer: {self._name} ({self._names()})"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        words = f"Run this cell in JupyterLab: here you get a picture that you can change ({html.escape(self._names())})."
        return bundle | {"text/plain": repr(self), "text/html": f"<p><em>{words}</em></p>"}
