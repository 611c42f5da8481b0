"""A date from the keyboard, what the network makes of it, and its gates letter by letter."""

import numpy as np
from matplotlib import pyplot as plt

from lstm_helpers.cells import GATES
from lstm_helpers.drawing import heat_maps
from lstm_helpers.drawing.explorers.controls import field
from lstm_helpers.drawing.explorers.explorer import Explorer


def translation(respond, text="14 juillet 1989", *, examples=(), room=26, length=10):
    """Type a date, and watch what the network writes and what its gates do at each letter.

    Parameters
    ----------
    respond : a function of the text that returns {"read": the letters read, "written": the letters written, "gates": {"i":
        (T, units), "f": …, "g": …, "o": …}, one row a letter, "said": a sentence}; where the network cannot be asked,
        {"said": why}
    text : what stands in the field at the start; the network can be asked about it
    examples : more dates, to choose from where no one can be asked: on the site
    room : the most letters read
    length : the number of letters written

    Introduced in 16_translation.
    """
    control = field("French date", text, examples)
    units = np.shape(respond(text)["gates"]["i"])[1]
    nothing = {gate: np.full((room + length, units), np.nan) for gate in GATES}
    figure = heat_maps.gates_per_letter(nothing, " " * room, " " * length)
    plt.close(figure)                                       # else it would be shown a second time
    images, letters = [ax.images[0] for ax in figure.axes], figure.axes[0].texts
    borders = [ax.lines[0] for ax in figure.axes]           # drawn anew as well, or the images would hide them

    def update(typed):
        answer = {"read": "", "written": "", "gates": None} | respond(typed)
        shown = answer["read"].rjust(room, "\0") + answer["written"].ljust(length, "\0")
        if len(shown) != room + length:
            raise ValueError(f"respond reads {len(answer['read'])} letters and writes {len(answer['written'])}; there is "
                             f"room for {room} and {length}")
        for place, letter in zip(letters, shown, strict=True):
            place.set_text({" ": "␣", "\0": ""}.get(letter, letter))
        for image, gate in zip(images, GATES, strict=True):
            image.set_data(right_aligned(answer["gates"] and answer["gates"][gate], nothing[gate].T))
        return answer["said"]

    return Explorer("a date from the keyboard", {"text": control}, figure, [*images, *letters, *borders], update)


def right_aligned(values, nothing):
    """Return values (T, units) as an image (units, columns), at the right end of columns that are else empty."""
    image = nothing.copy()
    if values is not None:
        image[:, image.shape[1] - len(values):] = np.transpose(values)
    return image
