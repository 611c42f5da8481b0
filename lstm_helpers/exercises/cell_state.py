"""Exercises of 07_cell_state: units within a budget, what of each addition is still there, counting on the belt."""

import numpy as np

from lstm_helpers.checking import Question

# q1: units within a budget


def most_units(D, budget):
    H = 0
    while 4 * (H + 1) * (D + H + 1 + 1) <= budget:      # would one unit more still fit?
        H += 1
    return H


BUDGETS = [(f"D = {D}, budget = {budget}", (D, budget)) for D, budget in ((3, 180), (10, 514), (200, 18_259), (64, 98_815))]


def within(count, fits=lambda number, budget: number <= budget):
    """Return the most_units of someone who counts `count(D, H)` parameters."""
    return lambda D, budget: next(H for H in range(budget) if not fits(count(D, H + 1), budget))


def lstm(D, H):
    return 4 * (D * H + H * H + H)


q1 = Question(
    ask="Write `most_units(D, budget)`: an LSTM layer reads D numbers a step and may have at most `budget` parameters, one "
        "bias for each gate and one for the candidate. How many units can it have at most?",
    reference=most_units,
    cases=BUDGETS,
    mistakes={
        within(lambda D, H: D * H + H * H + H):
            "This counts a vanilla RNN. An LSTM has such a set of weights for each gate, and one more.",
        within(lambda D, H: 3 * (D * H + H * H + H)): "Three gates are counted. The candidate has weights of its own, too.",
        within(lambda D, H: 5 * (D * H + H * H + H)):
            "Five sets are counted. The cell state has no weights of its own: it is carried, multiplied and added to.",
        within(lambda D, H: 4 * (D * H + H * H + 2 * H)):
            "This counts two biases, as frameworks do. Only their sum has an effect; here there is one.",
        within(lambda D, H: 4 * (D * H + H * H)): "The biases are missing: H numbers for each gate and for the candidate.",
        within(lambda D, H: 4 * (H * H + H)): "W_x is missing: it leads from D inputs to H units.",
        within(lambda D, H: 4 * D * H + H * H + 4 * H):
            "W_h is counted once. Each gate reads h_prev with a W_h of its own, and so does the candidate.",
        lambda D, budget: budget // (4 * (D + 1)):
            "W_h is missing: it leads from H units to H units, so the count grows with H · H.",
        within(lstm, lambda number, budget: number < budget):
            "A layer with exactly `budget` parameters is allowed: at most, not fewer than.",
        lambda D, budget: most_units(D, budget) + 1: "One too many: this is the first H that does not fit.",
        lambda D, budget: lstm(D, most_units(D, budget)): "This is the number of parameters. How many units is asked.",
        lambda D, budget: (np.sqrt((D + 1) ** 2 + budget) - (D + 1)) / 2:
            "The equation is solved rightly, but there are no parts of units: round down.",
        lambda D, budget: np.ceil((np.sqrt((D + 1) ** 2 + budget) - (D + 1)) / 2):
            "Rounded up, the layer exceeds the budget: round down.",
        lambda D, budget: np.round((np.sqrt((D + 1) ** 2 + budget) - (D + 1)) / 2):
            "Rounded to the nearest, the layer may exceed the budget: round down.",
    },
    hints=("How many parameters has a layer of H units? And one of H + 1?",
           "4 · (D·H + H·H + H) must not exceed the budget. Try H = 1, 2, 3, … in a loop, or solve for H and round down.",
           "H = 0, then while 4 * (H + 1) * (D + H + 2) <= budget: H += 1."),
)


# q2: what of each addition is still there

def still_there(f, added):
    kept, left = np.ones_like(added[0]), np.empty_like(added)
    for t in reversed(range(len(added))):               # the last one has met no later gate
        left[t] = kept * added[t]
        kept = kept * f[t]
    return left                                         # (T, H)


def belts(rng):
    yield "one unit, three steps", (np.array([[0.9], [0.5], [0.8]]), np.array([[1.0], [2.0], [-3.0]]))
    for label, T, H in (("three units, five steps", 5, 3), ("three units, three steps", 3, 3)):
        yield label, (rng.uniform(0.3, 0.95, (T, H)), rng.uniform(0.5, 2, (T, H)))


def after_start(f):
    """Return the product of all gates up to each step."""
    return np.cumprod(f, axis=0)


def from_end(f):
    """Return the product of all gates from each step on, its own among them."""
    return np.cumprod(f[::-1], axis=0)[::-1]


def later(f):
    """Return the product of all gates after each step."""
    return np.concatenate([from_end(f)[1:], np.ones_like(f[:1])])


def states(f, added):
    """Return the cell state after every step, (T, H)."""
    return np.array([np.sum(added[:t] * later(f[:t]), axis=0) for t in range(1, len(f) + 1)])


q2 = Question(
    ask="Write `still_there(f, added)`: the belt of H units starts at 0; f (T, H) says what is kept at each step, added (T, "
        "H) what is put on. Return (T, H): how much of what was added at each step is still on the belt after the last one.",
    reference=still_there,
    cases=belts,
    points=2,
    mistakes={
        lambda f, added: added * from_end(f):
            "What is added at step t meets the gates of the *later* steps only: its own f_t cuts down what was there "
            "before.",
        lambda f, added: added * after_start(f):
            "These are the gates up to each step. What is added meets those that come after it.",
        lambda f, added: added * f: "Each addition meets one gate here, its own. It meets the gates of all later steps.",
        lambda f, added: added * np.prod(f, axis=0): "Every addition meets all gates here. It meets only those after it.",
        lambda f, added: added * np.concatenate([f[1:], np.ones_like(f[:1])]):
            "Only the next gate is counted. All later ones cut down what is left.",
        lambda f, added: later(f): "This is which *part* is left. How much is it of what was added?",
        lambda f, added: np.cumsum(added * later(f), axis=0): "These are sums. Keep what is left of each addition by itself.",
        lambda f, added: (added * later(f)).sum(axis=0):
            "This is the cell state at the end. It is asked how much each step has in it.",
        states:
            "This is the cell state after every step. Which part of the *last* one comes from each step?",
        lambda f, added: added * f ** np.arange(len(f) - 1, -1, -1)[:, None]:
            "This takes a step's own gate again and again. Each later step has its own.",
        lambda f, added: added: "These are the additions as they came. What do the later gates leave of them?",
        lambda f, added: (added * later(f))[::-1]: "The rows stand backwards: the first row belongs to the first step.",
    },
    hints=("Which gates does the last addition meet? And the one before it?",
           "Go through the steps from the last to the first, and keep the product of the gates that you have passed.",
           "At step t: left[t] = kept * added[t], and only then kept = kept * f[t]."),
)


# q3: counting on the belt

def count_since_reset(events, resets):
    c, counts = 0, []
    for event, reset in zip(events, resets, strict=True):
        c = (1 - reset) * c + event                     # f = 1 - reset, i = event, g = 1
        counts.append(c)
    return np.array(counts)                             # (T,)


def flags(rng):
    yield "one reset", (np.array([1, 1, 1, 0]), np.array([0, 0, 1, 0]))
    for label, T in (("nine steps", 9), ("forty steps", 40)):
        events, resets = (rng.random(T) < 0.7).astype(int), (rng.random(T) < 0.2).astype(int)
        events[[0, 1, 3, -2]], resets[[0, 1, 2, 3, -2, -1]] = 1, (0, 0, 0, 1, 0, 0)
        yield label, (events, resets)


def counting(step):
    """Return the count_since_reset of someone whose step is `step(c, event, reset)`."""
    def count_since_reset(events, resets):
        c, counts = 0, []
        for event, reset in zip(events, resets, strict=True):
            c = step(c, event, reset)
            counts.append(c)
        return np.array(counts)
    return count_since_reset


q3 = Question(
    ask="Write `count_since_reset(events, resets)`: both are (T,), 1 where something happens, else 0. Return (T,): after "
        "each step, how many events there were since the last reset. A reset wipes out what was before it; an event in the "
        "same step counts. Which f, i and g make the belt do that?",
    reference=count_since_reset,
    cases=flags,
    mistakes={
        lambda events, resets: np.cumsum(events): "Nothing is ever forgotten. At a reset, f has to be 0.",
        counting(lambda c, event, reset: (1 - reset) * (c + event)):
            "The reset wipes out the event of its own step, too. f multiplies the old state only.",
        counting(lambda c, event, reset: reset * c + event):
            "f is upside down: it is what is *kept*. At a reset it has to be 0, else 1.",
        counting(lambda c, event, reset: (1 - reset) * c + 1): "This counts steps. Add 1 only where there is an event.",
        counting(lambda c, event, reset: (1 - reset) * c): "Nothing is added.",
        counting(lambda c, event, reset: c + event - reset): "A reset takes one off. It has to take everything that was there.",
        counting(lambda c, event, reset: np.tanh((1 - reset) * c + event)):
            "There is a tanh at each step: it can't count beyond 1.",
        lambda events, resets: count_since_reset(events, resets)[-1]: "This is the last count alone. Keep that of every step.",
        lambda events, resets: np.concatenate([[0], count_since_reset(events, resets)[:-1]]):
            "Each count is noted before its step is taken.",
        lambda events, resets: np.concatenate([[0], count_since_reset(events, resets)]):
            "There is one count too many: the first is the start.",
    },
    hints=("What has to become of the old count at a reset, and what at every other step?",
           "f is 0 at a reset and else 1: f = 1 - reset. What is added is i·g: 1 at an event, else 0.",
           "c = (1 - reset) * c + event, at each step; append c to a list."),
)
