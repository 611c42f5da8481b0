"""The sliders of an explorer, and how they stand in a column. What happens when one moves is in `explorer`."""

import ipywidgets as widgets


def slider(description, value, low, high, step=None):
    """Return a slider for whole numbers if `value` is one, else for decimals.

    Introduced in 02_vanilla_rnn.
    """
    kind = widgets.IntSlider if isinstance(value, int) else widgets.FloatSlider
    step = step or (1 if isinstance(value, int) else 0.1)
    return kind(value, min=low, max=high, step=step, description=description, style={"description_width": "initial"})


def log_slider(description, value, low, high, step=0.1):
    """Return a slider whose `step` is in powers of ten: from 10**low to 10**high.

    Introduced in 05_exploding_gradients.
    """
    return widgets.FloatLogSlider(value, min=low, max=high, step=step, description=description, readout_format=".2r",
                                  style={"description_width": "initial"})


def in_a_column(controls):
    """Give all labels the width of the longest, and all sliders the same length; return them."""
    label = 1 + 0.6 * max(len(control.description) for control in controls)
    for control in controls:
        control.style.description_width = f"{label}em"
        control.layout.width = f"min(100%, {label + 24}em)"
    return controls
