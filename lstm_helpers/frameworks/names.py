"""The params of many layers, taken apart by their names and put together again."""

import re

from lstm_helpers.cells.checks import require_dict
from lstm_helpers.frameworks.layouts import require_layer

NAME = re.compile(r"(?:(\d+)\.)?(?:(forwards|backwards)\.)?(W_x|W_h|b|b_h)")
ONE_WAY, BOTH_WAYS = (None,), ("forwards", "backwards")


def by_layer(params, needed_by):
    """Return {layer: {direction: params}}: layer 0, 1, … of a `Stacked`, else None; each way of a `Bidirectional`, else None."""
    layers = {}
    for name, array in require_dict("params", params, needed_by).items():
        found = NAME.fullmatch(name)
        if not found:
            raise ValueError(f"params holds {name!r}; {needed_by} needs those of an LSTM, GRU or RNN, of a Bidirectional, "
                             "or of a Stacked of these")
        layer, direction, own = found.groups()
        layers.setdefault(layer and int(layer), {}).setdefault(direction, {})[own] = array
    return _whole(layers or {None: {None: {}}}, needed_by)


def _whole(layers, needed_by):
    """Return the layers, the lowest first and forwards first, if no layer and no direction is missing."""
    if set(layers) not in ({None}, set(range(len(layers)))):
        raise ValueError(f"params is of layers {', '.join(map(str, layers))}; {needed_by} needs 0, 1, … without a gap")
    for ways in layers.values():
        if set(ways) not in (set(ONE_WAY), set(BOTH_WAYS)):
            raise ValueError(f"params is of {', '.join(map(str, ways))}; {needed_by} needs forwards and backwards, or neither")
    numbers = [None] if None in layers else range(len(layers))
    return {n: {way: layers[n][way] for way in (ONE_WAY if None in layers[n] else BOTH_WAYS)} for n in numbers}


def by_name(layers):
    """Return params by their names of {layer: {direction: params}}."""
    return {"".join(f"{part}." for part in (layer, direction) if part is not None) + name: array
            for layer, directions in layers.items() for direction, params in directions.items() for name, array in params.items()}


def require_alike(groups, what, needed_by):
    """Refuse params of layers that differ in kind, in hidden size or in the number of directions."""
    found = []
    for directions in groups:
        for params in directions.values():
            found.append(f"{require_layer(params)[1]} of H={params['W_h'].shape[-1]}" + " both ways" * (len(directions) > 1))
    if len(set(found)) > 1:
        raise ValueError(f"params is of {', '.join(found)}; {needed_by} needs {what} of one kind and size")
