"""The drawing of the cell, moving: forward with the numbers of a trace, as one unit with sliders, backward with gradients.

All of it runs in the page: the script is given every number beforehand and asks Python for nothing. So it moves on the site, too.
"""

import io
from itertools import product
from pathlib import Path

import anywidget
import numpy as np
from matplotlib import pyplot as plt
from traitlets import Dict

from lstm_helpers.cells import LSTM
from lstm_helpers.drawing.cell_diagram import lstm_cell, step_values
from lstm_helpers.drawing.cell_svg import cell_svg
from lstm_helpers.drawing.explorers.lstm_unit import PRESETS
from lstm_helpers.drawing.show import as_html

_PARTS = ("live_cell_numbers.js", "live_cell_parts.js", "live_cell.js")      # one script: from file:// a browser loads no second
SCRIPT = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _PARTS)
_RENDER = """
export default { render: ({ model, el }) => liveCell(el, model.get("spec")).stop };
"""
_SIGNALS, _MOST_UNITS = ("i", "f", "g", "o", "c", "h"), 8
_PULSES = (0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)


class LiveCell(anywidget.AnyWidget):
    """Hold what the script plays, and a still picture of it for pages without scripts.

    Parameters
    ----------
    spec : all that `liveCell` of live_cell.js is given: what each entry means stands at the top of that file
    figure : the still picture, which is closed
    alt : what is to be seen on it

    Introduced in 07_cell_state.
    """

    _esm = SCRIPT + _RENDER
    spec = Dict().tag(sync=True)

    def __init__(self, spec, figure, alt):
        super().__init__(spec=spec)
        self.alt, self._width, picture = alt, round(96 * figure.get_figwidth()), io.BytesIO()
        figure.savefig(picture, format="png")
        plt.close(figure)
        self._png = picture.getvalue()

    def frames(self):
        """Return what a page needs to move this cell without Python: all of it."""
        return {"liveCell": self.spec}

    def __repr__(self):
        return self.spec["name"]

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        still = as_html(self._png, self.alt, self._width, "Run this cell in JupyterLab, and the picture moves.")
        return data | {"text/plain": repr(self), "text/html": still}, metadata


def live_cell(trace, words=None, *, units=None, row=0, unit=None, step=1, play=False):
    """Play what one unit of an LSTM did while it read a sequence, on the drawing of the cell.

    Parameters
    ----------
    trace : LSTMTrace, (T, B, H)
    words : (T,) texts, what was read at each step; shown above the cell
    units : the units that can be chosen, counted from 1; without it, all
    row : which sequence of the batch, counted from 0
    unit, step : where it starts, counted from 1; without `unit`, the first of `units`
    play : whether it starts to play by itself

    Introduced in 07_cell_state.
    """
    units = checked(trace, words, units)
    shown = units.index(unit) if unit else 0
    spec = {"kind": "trace", "name": f"Live cell: {len(trace.h)} steps, {counted(units)}", "svg": cell_svg(), "start": step - 1,
            "words": None if words is None else list(words), "play": play, "units": [str(unit) for unit in units],
            "unit": shown, "signals": [signals(trace, unit - 1, row) for unit in units]}
    return LiveCell(spec, *still_of(trace, step, units[shown], row, words))


def live_unit(x=_PULSES, *, start="leaky", step=1, play=False):
    """Play an LSTM of one unit whose twelve weights are sliders; the page computes it, and no Python is needed.

    Parameters
    ----------
    x : (T,) inputs; each can be switched between its number and 0
    start : the name of a preset, or twelve numbers: W_x, W_h and b of i, of f, of g and of o
    step, play : as for `live_cell`

    Introduced in 07_cell_state.
    """
    weights = PRESETS[start] if isinstance(start, str) else start
    x = [float(number) for number in x]
    spec = {"kind": "unit", "name": f"Live cell: one unit, {len(x)} steps", "svg": cell_svg(), "start": step - 1, "play": play,
            "x": x, "weights": [float(weight) for weight in weights],
            "presets": {name: list(held) for name, held in PRESETS.items()}}
    layer = LSTM(1, 1)
    for weight, numbers in zip(layer.params.values(), np.reshape(weights, (4, 3)).T, strict=True):
        weight[:] = numbers.reshape(weight.shape)
    return LiveCell(spec, *still_of(layer.forward(np.reshape(x, (-1, 1, 1))), step, 1, 0, None))


def live_cell_backward(layer, trace, dh=None, words=None, *, dh_last=None, units=None, row=0, unit=None, play=False):
    """Play the gradients of one unit, from the last step to the first, with switches for the paths that they may take.

    A path switched off carries nothing from one step to the one before; at the other steps all numbers are those that
    `layer.backward` gives then.

    Parameters
    ----------
    layer, trace : LSTM and what its `forward` returned
    dh, dh_last : (T, B, H) and (B, H), as `layer.backward` takes them
    words, row, unit, play : as for `live_cell`
    units : the units that can be chosen, counted from 1; without it, the first eight

    Introduced in 12_lstm_backward.
    """
    units = checked(trace, words, range(1, min(trace.h.shape[2], _MOST_UNITS) + 1) if units is None else units)
    shown, steps = units.index(unit) if unit else 0, len(trace.h)
    loss = np.zeros_like(trace.h[:, row]) if dh is None else np.array(dh[:, row])                    # (T, H)
    if dh_last is not None:
        loss[-1] += dh_last[row]
    left = {"".join(map(str, on)): leaving(layer, trace, loss, row, *on) for on in product((1, 0), repeat=5)}
    spec = {"kind": "backward", "name": f"Live cell, backward: {steps} steps, {counted(units)}", "svg": cell_svg("backward"),
            "start": steps - 1, "words": None if words is None else list(words), "play": play, "unit": shown,
            "units": [str(unit) for unit in units], "signals": [signals(trace, unit - 1, row) for unit in units],
            "back": [{"loss": numbers(loss[:, unit - 1]), "left": {on: numbers(line[:, unit - 1]) for on, line in left.items()}}
                     for unit in units]}
    return LiveCell(spec, lstm_cell(direction="backward"), "The LSTM cell with all arrows turned round: the gradients flow back, "
                    "the direct path along the belt bold, the paths through a gate or tanh dashed.")


def leaving(layer, trace, loss, row, direct, *through):
    """Return the gradient of h that leaves each step to the left, (T+1, H), with some paths switched off.

    `layer.backward` is asked step by step: what the belt brings can then be dropped, and without its W_h a gate brings nothing.
    """
    passing = LSTM(layer.input_size, layer.hidden_size, dtype=layer.dtype)
    passing.params.update(layer.params, W_h=layer.params["W_h"] * np.reshape(through, (4, 1, 1)).astype(layer.dtype))
    dh, dc = np.zeros_like(loss[:1]), np.zeros_like(loss[:1])
    left = [dh[0]]
    for t in reversed(range(len(loss))):
        h, c = (trace.h[t - 1], trace.c[t - 1]) if t else (trace.h0, trace.c0)
        one = layer.forward(trace.x[t:t + 1, row:row + 1], h0=h[row:row + 1], c0=c[row:row + 1])
        grads = passing.backward(one, loss[t:t + 1, None], dh_last=dh, dc_last=dc)
        dh, dc = grads.h0, direct * grads.c0
        left.append(dh[0])
    return np.array(left[::-1])


def signals(trace, unit, row):
    """Return {name: (T,)} of one unit, as the script reads it."""
    steps = [step_values(trace, t, unit, row) for t in range(len(trace.h))]
    return {name: numbers([step[name] for step in steps]) for name in steps[0]}


def numbers(line):
    """Return plain numbers of six digits: more cannot be seen, and would be sent."""
    return [float(f"{number:.6g}") for number in line]


def checked(trace, words, units):
    """Return the units as a list of whole numbers, all of them there."""
    steps, _, hidden = trace.h.shape
    units = [int(unit) for unit in (range(1, hidden + 1) if units is None else units)]
    if not units or not all(1 <= unit <= hidden for unit in units):
        raise ValueError(f"units are {units}; the trace has units 1 to {hidden}")
    if words is not None and len(words) != steps:
        raise ValueError(f"words has {len(words)} entries; the trace has {steps} steps")
    if trace.mask is not None:
        raise ValueError("trace has a mask; a live cell needs one sequence without padding")
    return units


def counted(units):
    return f"unit {units[0]}" if len(units) == 1 else f"{len(units)} units"


def still_of(trace, step, unit, row, words):
    """Return the figure of one step and its words."""
    values = step_values(trace, step - 1, unit - 1, row)
    read = "" if words is None else f" reads the word {words[step - 1]}"
    return lstm_cell(values=values), (f"The LSTM cell with the numbers of one unit on its wires: unit {unit}{read} at step "
                                      f"{step} of {len(trace.h)}.")
