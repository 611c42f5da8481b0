"""Exercises of 10_output_gate: between which two a memory lies, units that nobody sees, an output gate from what it shows."""

import numpy as np

from lstm_helpers.checking import Question

# q1: between which two

def memory_between(o, h, off):
    with np.errstate(divide="ignore"):              # arctanh(1) is infinite, as it should be
        low, high = (np.arctanh(np.clip((h + way) / o, -1, 1)) for way in (-off, off))
    return low, high


def seen_roughly(rng):
    yield "one unit", (np.array([[0.5]]), np.array([[0.4]]), 0.05)
    yield "nearly all is shown", (np.array([[0.9, 0.9]]), np.array([[0.88, -0.88]]), 0.05)
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        o, c = rng.uniform(0.4, 0.9, shape), rng.uniform(0.3, 1, shape) * rng.choice([-1, 1], shape)
        c[0, :2] = -4, 4
        yield label, (o, o * np.tanh(c), 0.02)


def undone(shown):
    with np.errstate(all="ignore"):
        return np.arctanh(shown)


def ends(back):
    """Return the memory_between of someone who sends both ends of h back by back(h, o)."""
    return lambda o, h, off: (back(h - off, o), back(h + off, o))


def around(width):
    """Return the memory_between of someone who goes as far as width(o, off) from the c of the h in the middle."""
    return lambda o, h, off: (undone(h / o) - width(o, off), undone(h / o) + width(o, off))


q1 = Question(
    ask="Write `memory_between(o, h, off)`. You know the output gate o of a step exactly, and the hidden state h only roughly: "
        "each number is wrong by at most `off`. Return the lowest and the highest cell state that fit, (B, H) each; where there "
        "is no lowest or no highest one, -np.inf or np.inf. No gate is 0.",
    reference=memory_between,
    cases=seen_roughly,
    names=("low", "high"),
    points=3,
    mistakes={
        around(lambda o, off: off): "The error is one of h, not of c. Take both ends of h, and ask which c each belongs to.",
        around(lambda o, off: off / o): "You have undone the gate for the error, not the tanh. Take both ends of h, and ask "
                                        "which c each belongs to.",
        ends(lambda h, o: np.clip(h / o, -1, 1)): "That is tanh(c), from lowest to highest. Undo the tanh, too.",
        ends(lambda h, o: h / o): "That is tanh(c), from lowest to highest, and some of it beyond 1. Undo the tanh, too.",
        ends(lambda h, o: undone(h)): "The gate has let through a part of tanh(c) only. Undo that first.",
        ends(lambda h, o: undone(h) / o): "The tanh is around c alone, the gate came after it: undo the gate first.",
        lambda *given: memory_between(*given)[::-1]: "The right numbers the wrong way round: first the lowest, then the highest.",
        lambda o, h, off: (undone(h / o),) * 2: "This takes h as exact. It may be off either way.",
        lambda o, h, off: tuple(np.nan_to_num(undone((h + way) / o), nan=np.inf) for way in (-off, off)):
            "Infinite, yes; but a lowest one that is missing is -np.inf.",
        lambda o, h, off: tuple(np.nan_to_num(undone((h + way) / o)) for way in (-off, off)):
            "NaN has become 0. What should stand there is how far c could go: there is no bound.",
    },
    hints=("The larger h, the larger c. So the lowest c belongs to the lowest h that there may be.",
           "That is h - off. Undo the gate, then the tanh: np.arctanh((h - off) / o). What if that number is below -1?",
           "np.clip(…, -1, 1) brings it back; np.arctanh(1) is infinite, and c may be as large as it likes."),
)


# q2: take out what is never shown

def without_shut(W_x, W_h, b, shut):
    on = ~np.array(shut)                            # (H,)
    return W_x[:, :, on], W_h[:, on][:, :, on], b[:, on]


def partly_shut(rng):
    for label, D, shut in (("a single unit, open", 1, [False]), ("two of five", 2, [False, True, False, False, True]),
                           ("two of four, two inputs", 2, [True, False, True, False])):
        H = len(shut)
        yield label, (*(rng.standard_normal((4, *shape)).round(2) for shape in ((D, H), (H, H), (H,))), np.array(shut))


def cut_so(W_h_of):
    """Return the without_shut of someone who cuts W_h by W_h_of(W_h, on)."""
    def wrong(W_x, W_h, b, shut):
        on = ~shut
        return W_x[:, :, on], W_h_of(W_h, on), b[:, on]
    return wrong


q2 = Question(
    ask="Write `without_shut(W_x, W_h, b, shut)`. In an LSTM the output gates of some units are stuck at 0: `shut` (H,) is True "
        "for those. Take these units out. Return W_x (4, D, K), W_h (4, K, K) and b (4, K) of the smaller LSTM whose K units "
        "show, from h = 0 and c = 0 on, just what they showed before.",
    reference=without_shut,
    cases=partly_shut,
    names=("W_x", "W_h", "b"),
    points=2,
    mistakes={
        cut_so(lambda W_h, on: W_h[:, :, on]): "W_h has its H rows still. The smaller cell has K hidden states to multiply: what "
                                               "did the other rows ever meet?",
        cut_so(lambda W_h, on: W_h[:, on]): "W_h has its H columns still: those of the shut units compute what nobody needs.",
        cut_so(lambda W_h, on: W_h[:, on, on]): "W_h[:, on, on] takes pairs: the diagonal. Take the rows first, and the columns "
                                                "from what is left.",
        cut_so(lambda W_h, on: W_h): "W_h is whole still. Its rows belong to units, and its columns do, too.",
        lambda W_x, W_h, b, shut: without_shut(W_x, W_h, b, ~shut): "These are the units that are shut. Keep the others.",
        lambda W_x, W_h, b, shut: (W_x * ~shut, W_h * ~shut, b * ~shut): "The units are still there, with zeros for weights. "
                                                                         "Take them out.",
        lambda W_x, W_h, b, shut: (W_x, W_h, b): "Nothing is taken out.",
    },
    hints=("h of a shut unit is 0 at every step. Who can notice that unit?",
           "Units are the last axis of each array. In W_h they are also the axis before it: what each row is multiplied with.",
           "With on = ~shut: W_h[:, on] keeps rows; [:, :, on] of that keeps columns."),
)


# q3: an output gate from what it shows

def gate():
    return 0.4 / np.tanh(0.8)                       # gate * tanh(0.8) == 0.4


q3 = Question(
    ask="A cell holds c = 0.8 and shows h = 0.4. What is its output gate, a number between 0 and 1? Give three digits.",
    reference=gate,
    tolerance=0.001,
    mistakes={
        0.5: "That is 0.4/0.8. But the gate does not act on c itself: it acts on tanh(c).",
        0.4: "That is h. An o of 0.4 would show all of 1.",
        lambda: np.tanh(0.8): "That is tanh(c): what a gate of 1 would show.",
        lambda: 0.4 * np.tanh(0.8): "This multiplies. You have the product, h = o · tanh(c), and look for one factor.",
        lambda: np.tanh(0.8) / 0.4: "This is upside down, and above 1: no gate is.",
        lambda: np.arctanh(0.4) / 0.8: "This solves tanh(o · c) = h. The tanh is around c alone: o · tanh(c) = h.",
        lambda: 0.4 * (1 + np.exp(-0.8)): "This takes a sigmoid of c. It is a tanh.",
        lambda: np.log(gate() / (1 - gate())): "That is the number before the sigmoid. The gate itself is asked for.",
        lambda: 1 - gate(): "That is the part that is hidden.",
        0.6: "Nearly. Give three digits.",
    },
    hints=("h = o · tanh(c). Which of these three do you know?",
           "Divide h by tanh(0.8)."),
)
