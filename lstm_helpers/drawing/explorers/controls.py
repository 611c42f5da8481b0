"""What a learner sets in an explorer: sliders, switches, choices and a field. How they look and move is in `explorer.js`."""

import numpy as np
from traitlets import Any, HasTraits, validate

from lstm_helpers.drawing.style import COLOURS


class Control(HasTraits):
    """Hold one thing that can be set: its words, all its settings in their order, and the one that is set."""

    value = Any()

    def __init__(self, kind, description, value, settings, texts=None, *, gate=None, play=False):
        """Take the kind, "range", "checkbox", "select" or "text" (any text; the settings are examples), and the settings.

        texts : what is read of each setting, with its unit; gate : whose colour it has; play : whether it runs by itself
        """
        self.kind, self.description, self.settings, self.gate, self.play = kind, description, list(settings), gate, play
        self.texts = [str(setting) for setting in self.settings] if texts is None else list(texts)
        super().__init__(value=value)

    @validate("value")
    def _one_of_the_settings(self, proposal):
        value = proposal["value"]
        return value if self.kind == "text" else self.settings[self.place_of(value)]

    def place_of(self, value):
        """Return where a value stands among the settings, counted from 0."""
        if isinstance(value, str) or isinstance(self.settings[0], str):
            near = [place for place, setting in enumerate(self.settings) if setting == value]
        else:
            near = np.flatnonzero(np.isclose(self.settings, value, rtol=1e-9, atol=1e-9))
        if not len(near):
            known = f"{self.texts[0]}, {self.texts[1]}, … {self.texts[-1]}"
            raise ValueError(f"{self.description} is {value!r}; it needs one of {known}")
        return int(near[0])

    @property
    def place(self):
        """Return where the control stands: a number, or the text of a field."""
        return self.value if self.kind == "text" else self.place_of(self.value)

    @place.setter
    def place(self, place):
        self.value = place if self.kind == "text" else self.settings[place]

    def spec(self):
        """Return what the script needs to draw the control."""
        return {"kind": self.kind, "label": self.description, "texts": self.texts, "start": self.place, "play": self.play,
                "colour": COLOURS[self.gate] if self.gate else None}


def slider(description, value, low, high, step=None, *, unit="", **looks):
    """Return a slider for whole numbers if `value` is one, else for decimals.

    unit : read after the number, such as " steps"; looks : gate, play

    Introduced in 02_vanilla_rnn.
    """
    whole = isinstance(value, int)
    step = step or (1 if whole else 0.1)
    decimals = 0 if whole else max(1, len(f"{step:g}".partition(".")[2]))
    settings = [round(low + n * step, 10) for n in range(round((high - low) / step) + 1)]
    settings = [int(setting) for setting in settings] if whole else [float(setting) + 0.0 for setting in settings]
    return Control("range", description, value, settings, [in_words(setting, decimals) + unit for setting in settings], **looks)


def in_words(number, decimals):
    return f"{number:.{decimals}f}".replace("-", "−")


def log_slider(description, value, low, high, step=0.1, **looks):
    """Return a slider whose `step` is in powers of ten: from 10**low to 10**high.

    Introduced in 05_exploding_gradients.
    """
    settings = [10.0 ** round(low + n * step, 10) for n in range(round((high - low) / step) + 1)]
    return Control("range", description, value, settings, [f"{float(f'{setting:.2g}'):g}" for setting in settings], **looks)


def switch(description, value=True, **looks):
    """Return a box to tick."""
    return Control("checkbox", description, value, [False, True], ["off", "on"], **looks)


def choice(description, value, options):
    """Return a list to choose from."""
    return Control("select", description, value, options)


def field(description, value, examples):
    """Return a field for a text; on the site, where nobody answers, the examples stand in a list."""
    return Control("text", description, value, list(dict.fromkeys([value, *examples])))
