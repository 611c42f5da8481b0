"""Exercises of 10_output_gate: what is shown, what is remembered and hidden, an output gate from what it shows."""

import numpy as np

from lstm_helpers.checking import Question

# q1: what is shown


def show_state(x, o, c):
    return o * np.tanh(c)                           # (B, H); x has done its part in o and in c


def cells(rng):
    yield "one unit", (np.array([[0.7]]), np.array([[0.25]]), np.array([[-2.0]]))
    for label, shape in (("two sequences, three units", (2, 3)), ("three of each", (3, 3))):
        yield label, (rng.uniform(-0.9, -0.1, shape), rng.uniform(0.2, 0.9, shape), rng.uniform(0.5, 3, shape))


q1 = Question(
    ask="Write `show_state(x, o, c)`: compute the hidden state h from what you need of these: the input x, the open output gate "
        "o and the new cell state c, (B, H) each. (Here x has as many numbers as there are units.)",
    reference=show_state,
    cases=cells,
    mistakes={
        lambda x, o, c: o * np.tanh(x): "This shows the input. The output gate shows the *cell state*; x has done its part in "
                                        "computing o and c.",
        lambda x, o, c: o * c: "The tanh is missing: the cell state can be large, and h would be, too.",
        lambda x, o, c: o * x: "This shows the input, not what the cell remembers.",
        lambda x, o, c: np.tanh(o * c): "The tanh comes too late: squash the cell state first, then let the gate act on it.",
        lambda x, o, c: np.tanh(o) * c: "The gate is squashed in place of the cell state.",
        lambda x, o, c: o * (1 / (1 + np.exp(-c))): "The cell state goes through a sigmoid. It takes a tanh: h may be below 0.",
        lambda x, o, c: o + np.tanh(c): "The gate is added. It multiplies.",
        lambda x, o, c: np.tanh(c): "The output gate is missing.",
        lambda x, o, c: (1 - o) * np.tanh(c): "This shows what the gate hides. An o of 1 shows all.",
        lambda x, o, c: 1 / (1 + np.exp(-o)) * np.tanh(c): "o is a gate already: here it goes through a second sigmoid.",
        lambda x, o, c: o * np.tanh(c) * x: "x is multiplied in. It has done its part in computing o and c.",
        lambda x, o, c: o * np.tanh(c + x): "x is added to the cell state. What was let in of it is there already.",
        lambda x, o, c: o @ np.tanh(c).T: "This is a matrix product. The gate multiplies element by element: *.",
    },
    hints=("Which of the three does a reader of h want to know about: what came in, or what is remembered?",
           "The cell state is unbounded, h lies between -1 and 1. What brings it there, and what then decides how much is shown?"
           ""),
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
