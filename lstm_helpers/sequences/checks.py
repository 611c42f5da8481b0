"""Refuse settings of a maker of sequences in words: the setting, what it is, who needs what."""

from numbers import Integral


def require_at_least(maker, name, least, why):
    """Refuse a setting that is no whole number of at least `least`."""
    value = getattr(maker, name)
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} is {value!r}; {type(maker).__name__} needs at least {least}: {why}")


def require_part(maker, parts):
    """Refuse a part that is none of `parts`."""
    if maker.part not in parts:
        raise ValueError(f"part is {maker.part!r}; {type(maker).__name__} needs one of {', '.join(map(repr, parts))}")
