"""What layers made of layers have in common: the parameters of their parts, by name, and who of them draws at random."""

from lstm_helpers.cells.checks import require_finite, require_float, require_mask, require_shape


class Container:
    """A layer that is made of layers: `parts`, a dict of them, whose parameters go by "part.W_x", …

    Attributes
    ----------
    parts : {name: layer}
    params : the parts' own arrays, by "name.W_x", …
    draws : whether `forward` takes `training` and draws masks at random then
    """

    rng = None

    def __init__(self, parts, needed_by):
        called = {f"layer {name}" if name.isdigit() else name: part for name, part in parts.items()}
        for name, part in called.items():
            if isinstance(part, type) or not all(hasattr(part, has) for has in ("forward", "backward", "params", "hidden_size")):
                raise ValueError(f"{name} is {part!r:.60}; {needed_by} needs a layer, such as LSTM(D, H)")
        if len({id(part) for part in parts.values()}) < len(parts):
            raise ValueError(f"{needed_by} got one layer twice; it needs two layers, with weights of their own")
        if len({part.dtype for part in parts.values()}) > 1:
            found = ", ".join(f"{name} has dtype {part.dtype}" for name, part in called.items())
            raise ValueError(f"{found}; {needed_by} needs one dtype")
        self.parts = parts
        self.dtype = next(iter(parts.values())).dtype

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(repr, self.parts.values()))})"

    @property
    def params(self):
        return named(**{name: part.params for name, part in self.parts.items()})

    @property
    def draws(self):
        return self.rng is not None or any(draws(part) for part in self.parts.values())

    def generators(self):
        """Return the generators that masks are drawn with, {"rng": …, "0.rng": …}: a run that goes on needs their states."""
        own = {} if self.rng is None else {"rng": self.rng}
        return own | named(**{name: part.generators() for name, part in self.parts.items() if draws(part)})

    def _upstream(self, trace, dh, dh_last):
        """Return dh and dh_last, each as it is or None, or refuse them by name."""
        shapes = {"dh": trace.h.shape, "dh_last": trace.h.shape[1:]}
        return tuple(None if d is None else require_finite(name, require_shape(name, require_float(name, d, "backward"),
                                                                               shapes[name], "backward"), "backward")
                     for name, d in (("dh", dh), ("dh_last", dh_last)))


def named(**parts):
    """Return the entries of all parts in one dict, named "part.name"."""
    return {f"{part}.{name}": entry for part, entries in parts.items() for name, entry in entries.items()}


def draws(layer):
    """Return whether a layer draws masks at random while it is trained."""
    return getattr(layer, "draws", False)


def run(layer, x, mask, training, again=None):
    """Run a layer; one that draws is told whether it is trained, or whose masks to use again."""
    return layer.forward(x, mask=mask, **({"training": training, "again": again} if draws(layer) else {}))


def last_state(trace):
    """Return the state that a trace ends in (B, H): of two directions each has its own last one."""
    return trace.last if hasattr(trace, "last") else trace.h[-1]


def booleans(mask, x):
    """Return the mask of sequences x (T, B, D) as booleans (T, B), or None."""
    return None if mask is None else require_mask(mask, *x.shape[:2], "forward")
