"""Exercises of 12_lstm_backward: the gradient along the belt, gates that share a sigmoid, nine bugs."""

import numpy as np

from lstm_helpers.checking import Question

# q1: the gradient along the belt


def belt_gradients(dh, f, o, c):
    dc, dc_next = np.zeros_like(c), np.zeros_like(c[0])
    for t in reversed(range(len(c))):
        dc[t] = dc_next + dh[t] * o[t] * (1 - np.tanh(c[t]) ** 2)
        dc_next = dc[t] * f[t]                      # (B, H), for the step before
    return dc                                       # (T, B, H)


def belts(rng):
    pairs = (1.0, 2.0), (0.3, 0.9), (0.5, 0.8), (0.4, 1.2)
    yield "one unit, two steps", tuple(np.reshape(pair, (2, 1, 1)) for pair in pairs)
    for label, shape in (("five steps", (5, 2, 3)), ("as many steps as units", (4, 4, 4))):
        dh, c = rng.standard_normal(shape), 1.5 * rng.standard_normal(shape)
        yield label, (dh, rng.uniform(0.2, 0.9, shape), rng.uniform(0.2, 0.9, shape), c)


def carried_back(into_c, keep):
    """Return dc, given what each step adds (T, B, H) and what the carried gradient is multiplied with on leaving step t."""
    dc = np.array(into_c)
    for t in reversed(range(len(dc) - 1)):
        dc[t] += dc[t + 1] * keep[t + 1]
    return dc


def each_step_alone(dh, f, o, c):
    return dh * o * (1 - np.tanh(c) ** 2)


def only_one_step_back(dh, f, o, c):
    alone = each_step_alone(dh, f, o, c)
    return alone + np.concatenate([alone[1:] * f[1:], np.zeros_like(alone[:1])])


q1 = Question(
    ask="Write `belt_gradients(dh, f, o, c)`; all four are (T, B, H), and dh[t] is what the loss sends to the hidden state of "
        "step t. Return the gradient that reaches each cell state, (T, B, H), if every path through the weights is cut, as "
        "Hochreiter and Schmidhuber did in 1997.",
    reference=belt_gradients,
    cases=belts,
    points=3,
    mistakes={
        lambda dh, f, o, c: carried_back(dh * o * (1 - np.tanh(c) ** 2), np.roll(f, 1, axis=0)):
            "You multiply by the f of the step where the gradient arrives. On its way to c[t + 1], c[t] was multiplied by "
            "f[t + 1].",
        lambda dh, f, o, c: carried_back(dh * o * (1 - np.tanh(c) ** 2), np.ones_like(f)):
            "The carried gradient never meets the forget gate. c[t + 1] = f[t + 1] * c[t] + …: what does that make of it?",
        lambda dh, f, o, c: carried_back(dh * (1 - np.tanh(c) ** 2), f):
            "dh reaches c through h = o * tanh(c): the factor o is missing.",
        lambda dh, f, o, c: carried_back(dh * o, f): "dh reaches c through h = o * tanh(c): the slope of tanh at c is missing.",
        lambda dh, f, o, c: carried_back(dh * o * (1 - c**2), f):
            "1 - c**2 would be right if c were the result of the tanh. It is what goes in: 1 - np.tanh(c)**2.",
        lambda dh, f, o, c: carried_back(dh * o * np.tanh(c), f):
            "tanh(c) itself is the factor for o. On the way to c the factor is tanh's slope, 1 - np.tanh(c)**2.",
        each_step_alone: "This is what each step's own dh sends to c. Add what comes back from the step after.",
        lambda dh, f, o, c: belt_gradients(dh[::-1], f[::-1], o[::-1], c[::-1])[::-1]:
            "This carries gradients from early steps to late ones. Start at the last step and walk back.",
        lambda dh, f, o, c: belt_gradients(dh, f, o, c) * f:
            "Each dc[t] has passed f[t] already: that is what goes out to c[t - 1]. Keep dc[t] as it is before.",
        lambda dh, f, o, c: belt_gradients(dh * (np.arange(len(c)) == len(c) - 1)[:, None, None], f, o, c):
            "Only the last step's dh comes in. The loss may send something to every h: add dh[t]'s share at each step.",
        only_one_step_back: "Only the neighbour's own share arrives. Carry the *total* of step t + 1 back: so it goes on and on.",
    },
    hints=("Two gradients meet at c[t]: one from h[t], one along the belt from c[t + 1].",
           "From h[t]: dh[t] * o[t] * (1 - np.tanh(c[t])**2). From c[t + 1]: its total gradient, times f[t + 1].",
           "Loop over reversed(range(T)) with dc_next = 0 at the start; at the end of each turn dc_next = dc[t] * f[t]."),
)


# q2: gates that share a sigmoid

def coupled_gradients(dc, f, g, c_prev):
    return {"dc_prev": dc * f, "dz_f": dc * (c_prev - g) * f * (1 - f), "dz_g": dc * (1 - f) * (1 - g**2)}


def coupled_cells(rng):
    yield "one unit", tuple(np.array([[value]]) for value in (1.0, 0.8, 0.5, 2.0))
    for label, shape in (("two sequences", (2, 3)), ("as many sequences as units", (3, 3))):
        dc, c_prev = rng.standard_normal(shape), rng.standard_normal(shape)
        yield label, (dc, rng.uniform(0.1, 0.9, shape), rng.uniform(-0.9, 0.9, shape), c_prev)


q2 = Question(
    ask="Some cells have no input gate of their own: they write as much as they forget, c = f ⊙ c_prev + (1 - f) ⊙ g. Write "
        '`coupled_gradients(dc, f, g, c_prev)`, all (B, H), where dc is the total gradient at c. Return a dict with "dc_prev", '
        '"dz_f" and "dz_g".',
    reference=coupled_gradients,
    cases=coupled_cells,
    points=3,
    mistakes={
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_f": dc * c_prev * f * (1 - f)}:
            "dz_f lacks a path: f stands in the formula twice, also in (1 - f) ⊙ g.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_f": dc * (c_prev + g) * f * (1 - f)}:
            "The second f stands behind a minus sign. Raising f makes the share of g smaller.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_f": dc * (g - c_prev) * f * (1 - f)}:
            "dz_f has the wrong sign: raising f brings c closer to c_prev, away from g.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_f": dc * (c_prev - g)}:
            "dz_f stops at f. One more link leads through the sigmoid to z_f: its slope.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_g": dc * (1 - f)}:
            "dz_g stops at g. One more link leads through the tanh to z_g: its slope.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_g": dc * (1 - f) * g * (1 - g)}:
            "g comes out of a tanh, so its slope is 1 - g**2.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dz_g": dc * f * (1 - g**2)}:
            "In dz_g the factor beside g is wrong: look at what g is multiplied with.",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dc_prev": dc * (1 - f)}:
            "dc_prev has the factor of g. Which factor stands beside c_prev?",
        lambda dc, f, g, c_prev: coupled_gradients(dc, f, g, c_prev) | {"dc_prev": dc}:
            "dc_prev lacks the factor that c_prev is multiplied with.",
    },
    hints=("Take the derivative of c by c_prev, by f and by g, one at a time, as if the others were fixed.",
           "By f it is c_prev - g. Then multiply each by dc, and go through sigmoid or tanh to z.",
           "The slope of the sigmoid is f * (1 - f), that of tanh 1 - g**2."),
)


# q3: nine bugs

def wrong_lines():
    return {"bug 1": "dz_f", "bug 2": "dh_prev", "bug 3": "dc", "bug 4": "db", "bug 5": "dz",
            "bug 6": "dc_prev", "bug 7": "dz_g", "bug 8": "dc", "bug 9": "dc_prev"}


def but(**changes):
    """Return the answer of someone who has these bugs wrong: bug_5="dz_f"."""
    return lambda: wrong_lines() | {name.replace("_", " "): line for name, line in changes.items()}


q3 = Question(
    ask='In which line is each bug? Answer with a dict from "bug 1" to "bug 9" that gives the name on the left of the wrong '
        'line: {"bug 1": "dx", …}. Write "?" where you don\'t know yet: the check says which are right.',
    reference=wrong_lines,
    points=9,
    mistakes={
        but(bug_9="dc"): "All but bug 9. If dc itself were wrong, c0 would be too. Which line after it could spoil dc?",
        but(bug_9="dz"): "All but bug 9. Gates mixed up in dz would leave this trace too, but no gate got another's numbers. "
                         "What else do i, f and g share, and c0 not?",
        but(bug_3="dc_prev"): "All but bug 3. At T = 1 everything that dc feeds is wrong there: i, f, g and c0. It is dc itself.",
        but(bug_3="dc_prev", bug_9="dc"): "Bugs 3 and 9 are the wrong way round. In one of them c0 is right at T = 1: dc was "
                                          "still right there when it went out.",
        but(bug_5="dz_i"): "All but bug 5. One wrong dz_i would leave the forget gate alone at T = 1. What do i and f share?",
        but(bug_5="dz_f"): "All but bug 5. One wrong dz_f would leave the input gate alone at T = 1. What do i and f share?",
        but(bug_6="dc", bug_8="dc_prev"): "Bugs 6 and 8 are the wrong way round. One of them shows at T = 1, when nothing comes "
                                          "back from a later step.",
        but(bug_8="dc_prev"): "All but bug 8. A wrong dc_prev would reach c0 at T = 1. Which line receives what comes back?",
        but(bug_6="dc"): "All but bug 6. A wrong dc would spoil the gates i, f and g at T = 1.",
        but(bug_2="dz"): "All but bug 2. A wrong dz would spoil weights at T = 1. Only h0 is wrong there.",
        but(bug_4="dz"): "All but bug 4. A wrong dz would spoil more than b.",
    },
    hints=("Read the rows of T = 1 first. What is wrong there is what the wrong line feeds directly.",
           "At T = 1 dh_next and dc_next are zero, = and += are the same, and dh_prev and dc_prev show only in h0 and c0.",
           "Bugs 3 and 9 differ in c0 alone: dc_prev is computed from dc before the gates are.",
           'difference("bug 1") of lstm_helpers.exercises.nine_bugs returns the two lines.'),
)
