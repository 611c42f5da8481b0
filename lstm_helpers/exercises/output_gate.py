"""Exercises of 10_output_gate: what is behind it, what is remembered and hidden, an output gate from what it shows."""

import numpy as np

from lstm_helpers.checking import Question

# q1: what is behind it

def cell_behind(o, h):
    return np.arctanh(h / o)                        # h = o tanh(c), solved for c


def shown(rng):
    yield "one unit", (np.array([[0.5]]), np.array([[0.46]]))
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        o, c = rng.uniform(0.2, 0.9, shape), rng.uniform(0.3, 2, shape) * rng.choice([-1, 1], shape)
        yield label, (o, o * np.tanh(c))


q1 = Question(
    ask="Write `cell_behind(o, h)`: you see the output gate o and the hidden state h of a step, (B, H) each, and not the cell "
        "state. Return the cell state c. No gate is 0.",
    reference=cell_behind,
    cases=shown,
    mistakes={
        lambda o, h: h / o: "That is tanh(c). Which function undoes a tanh?",
        lambda o, h: np.arctanh(h) / o: "The tanh is around c alone, the gate came after it: undo the gate first.",
        lambda o, h: np.arctanh(h): "The gate has let through a part of tanh(c) only. Undo that first.",
        lambda o, h: np.arctanh(o * h): "h went through the gate already: dividing undoes that.",
        lambda o, h: o * np.arctanh(h): "The tanh came first and the gate last. Undo them in the other order, and divide.",
        lambda o, h: np.tanh(h / o): "This squashes once more. Which function undoes a tanh?",
        lambda o, h: 1 / np.tanh(h / o): "One through tanh is no way back. Undoing a tanh is np.arctanh.",
        lambda o, h: o * np.tanh(h): "This is the way from c to h. Go back: from h to c.",
        lambda o, h: np.arctan(h / o): "np.arctan undoes the tangent. The cell has the *hyperbolic* tangent: np.arctanh.",
        lambda o, h: np.abs(np.arctanh(h / o)): "A cell state can be below 0. Keep the sign of h.",
        lambda o, h: h - o: "The gate was not added. It multiplied.",
        lambda o, h: np.log(np.abs(h / o / (1 - h / o))): "That undoes a sigmoid. It is a tanh.",
    },
    hints=("h = o * tanh(c). What was done to c last? Undo that first.",
           "h / o is tanh(c). NumPy has a function that undoes a tanh."),
)


# q2: remembered and hidden

def hidden_memories(c, h):
    return (np.abs(c) > 0.5) & (np.abs(h) < 0.1)    # (T, H)


def histories(rng):
    yield "two steps, two units", (np.array([[0.9, -0.7], [0.2, -2.0]]), np.array([[0.05, -0.02], [0.15, -0.6]]))
    for label, H in (("eight steps, two units", 2), ("four steps, four units", 4)):
        sizes = [(c, h) for c in ((0.55, 1.5), (0.35, 0.45)) for h in ((0.01, 0.09), (0.12, 0.3))]
        pairs = np.array([(one * rng.uniform(*c), other * rng.uniform(*h)) for c, h in sizes for one in (-1, 1)
                          for other in (-1, 1)])                        # (16, 2): each size of c and of h with each sign
        c, h = rng.permutation(pairs).T.reshape(2, -1, H)
        yield label, (c, h)


q2 = Question(
    ask="Write `hidden_memories(c, h)`: c and h (T, H) are the cell states and hidden states of a run. Return True or False for "
        "each, (T, H): True where the cell remembers something, c further than 0.5 from 0, but shows little of it, h less than "
        "0.1 from 0.",
    reference=hidden_memories,
    cases=histories,
    points=2,
    mistakes={
        lambda c, h: (c > 0.5) & (h < 0.1): "A cell can hold -2, and show -0.5. How far is each from 0? np.abs.",
        lambda c, h: (c > 0.5) & (np.abs(h) < 0.1): "A cell that holds -2 remembers, too. Compare np.abs(c).",
        lambda c, h: (np.abs(c) > 0.5) & (h < 0.1): "An h of -0.5 shows a lot. Compare np.abs(h).",
        lambda c, h: (np.abs(c) > 0.5) | (np.abs(h) < 0.1): "This is True where one of the two holds. Both have to: & in place "
                                                            "of |.",
        lambda c, h: (np.abs(c) > 0.5) & (np.abs(h) > 0.1): "This finds memories that are shown. Hidden ones have a small h.",
        lambda c, h: (np.abs(c) < 0.5) & (np.abs(h) < 0.1): "This finds cells that remember little. c has to be *further* than "
                                                            "0.5 from 0.",
        lambda c, h: (np.abs(c) < 0.5) & (np.abs(h) > 0.1): "Both comparisons are the wrong way round.",
        lambda c, h: (np.abs(h) > 0.5) & (np.abs(c) < 0.1): "c and h are exchanged: c is what is remembered, h what is shown.",
        lambda c, h: np.abs(c) > 0.5: "This finds all memories. Which of them are hidden?",
        lambda c, h: np.abs(h) < 0.1: "This finds all that is hidden. Where is there something to hide?",
        lambda c, h: ((np.abs(c) > 0.5) & (np.abs(h) < 0.1)).sum(): "This is how many there are. Return the array of True and "
                                                                    "False.",
    },
    hints=("There are two questions to each number: is |c| above 0.5? Is |h| below 0.1?",
           "np.abs(c) > 0.5 is an array of True and False. What joins two of these so that both have to hold?",
           "For arrays `and` is written &, with each comparison in brackets: (…) & (…)."),
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
