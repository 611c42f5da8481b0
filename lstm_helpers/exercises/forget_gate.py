"""Exercises of 08_forget_gate: a bias against what the input adds, how long units hold on, a nudge that comes back through h."""

import numpy as np

from lstm_helpers.cells import sigmoid
from lstm_helpers.checking import Question

# q1: a bias against what the input adds


def bias_that_keeps(part, steps, pull):
    f = part ** (1 / steps)                         # f**steps == part
    return np.log(f / (1 - f)) - pull               # sigmoid(bias + pull) == f


MEMORIES = [(f"part = {part}, steps = {steps}, pull = {pull}", (part, steps, pull))
            for part, steps, pull in ((0.5, 100, 0.0), (0.9, 40, -3.0), (0.2, 7, 1.5), (0.5, 300, 2.0))]


def biased(change):
    """Return the bias_that_keeps of someone who makes `change(f, pull)` of the right gate."""
    return lambda part, steps, pull: change(part ** (1 / steps), pull)


def logit(f):
    return np.log(f / (1 - f))


q1 = Question(
    ask="Write `bias_that_keeps(part, steps, pull)`: what x and h_prev add to z_f is the same number `pull` at every step. "
        "Return the bias b_f with which, after `steps` steps, the part `part` of a memory is left.",
    reference=bias_that_keeps,
    cases=MEMORIES,
    points=2,
    mistakes={
        biased(lambda f, pull: logit(f)):
            "`pull` is missing: f = σ(b_f + pull), so the bias is what is left of z_f once pull is taken away.",
        biased(lambda f, pull: logit(f) + pull): "The sign of `pull`: f = σ(b_f + pull). Where x adds much, less bias is needed.",
        biased(lambda f, pull: f - pull): "f is a gate, not what is inside σ. Which z has σ(z) = f?",
        biased(lambda f, pull: f): "That is f. Which bias gives this f? Solve σ(b_f + pull) = f for b_f.",
        biased(lambda f, pull: -logit(f) - pull): "The sign: a gate that keeps nearly all has a z_f above 0.",
        biased(lambda f, pull: np.log(f) - pull): "That is ln f. The way back from f to its z is ln(f / (1 - f)).",
        biased(lambda f, pull: np.log2(f / (1 - f)) - pull):
            "This is the logarithm to base 2. It is right for a half-life, where the base cancels out; but σ has e in it: "
            "take the natural one, np.log.",
        biased(lambda f, pull: np.log10(f / (1 - f)) - pull):
            "This is the logarithm to base 10. σ has e in it: take the natural one, np.log.",
        biased(lambda f, pull: f / (1 - f) - pull): "f / (1 - f) is e to the power of z_f. Take its logarithm.",
        biased(lambda f, pull: sigmoid(f) - pull): "This is σ(f). You need the way back: the z with σ(z) = f.",
        lambda part, steps, pull: logit(0.5 ** (1 / steps)) - pull: "This keeps a half, whatever `part` is.",
        lambda part, steps, pull: logit(part) - pull: "This keeps `part` at *each* step. After all steps, f ** steps is left.",
        lambda part, steps, pull: logit(1 - (1 - part) / steps) - pull:
            "This takes the same amount at each step. The gate takes a part of what is *left*: f ** steps == part.",
    },
    hints=("Begin with f: the number of which the power `steps` is `part`.",
           "f = part ** (1 / steps). Inside σ stands z_f = b_f + pull. Which z has σ(z) = f?",
           "z = np.log(f / (1 - f)), and b_f = z - pull."),
)


# q2: how long units hold on

def steps_held(f):
    return np.sum(np.cumprod(f, axis=0) >= 0.5, axis=0)        # (H,): what is left never grows


def runs(rng):
    yield "one unit, four steps", (np.array([[0.9], [0.8], [0.6], [0.9]]),)
    yield "gone at once, held to the end, just a half", (np.array([[0.4, 0.9, 0.5], [0.9, 0.95, 0.9], [0.95, 0.9, 0.9]]),)
    for label, shape in (("five units, nine steps", (9, 5)), ("six units, six steps", (6, 6))):
        yield label, (rng.uniform(0.7, 0.99, shape) ** np.linspace(0.3, 2, shape[1]),)


def first_below(left):
    """Return for each unit the place of the first value below a half, 0 where there is none: (H,)."""
    return np.argmax(left < 0.5, axis=0)


q2 = Question(
    ask="Write `steps_held(f)`: f (T, H) holds the forget gates of T steps. After how many of these steps does each unit still "
        "hold at least half of what it held before the first one? Return H whole numbers, 0 to T.",
    reference=steps_held,
    cases=runs,
    points=2,
    mistakes={
        lambda f: np.sum(f >= 0.5, axis=0): "These are the steps whose gate is at least half open. Over many steps their "
                                            "*product* is left.",
        lambda f: first_below(np.cumprod(f, axis=0)):
            "np.argmax gives 0 where nothing is ever below a half: such a unit holds on for all T steps.",
        lambda f: first_below(np.cumprod(f, axis=0)) + 1:
            "This is the first step after which *less* than half is left, and 1 where there is none.",
        lambda f: np.sum(np.cumprod(f, axis=0) > 0.5, axis=0): "A unit that holds exactly a half counts, too: *at least* half.",
        lambda f: np.minimum(steps_held(f) + 1, len(f)): "One too many where a unit does fall below a half: this counts the "
                                                         "step at which it falls.",
        lambda f: steps_held(f) + 1: "One too many: this is the first step after which less is left.",
        lambda f: np.maximum(steps_held(f) - 1, 0): "One too few: the first gate has acted after the first step.",
        lambda f: np.sum(np.cumprod(f[::-1], axis=0) >= 0.5, axis=0): "This multiplies from the end. The memory meets the first "
                                                                      "gate first.",
        lambda f: np.sum(np.cumprod(f, axis=1) >= 0.5, axis=0): "This multiplies over the units. Time is axis 0.",
        lambda f: np.sum(np.cumprod(f, axis=0) >= 0.5, axis=1): "This counts units for each step. Count the steps of each unit.",
        lambda f: np.sum(np.cumprod(f, axis=0) >= 0.5): "This is the sum over all units. Give a number for each.",
        lambda f: np.sum(np.cumprod(f, axis=0) < 0.5, axis=0): "These are the steps after which *less* than half is left.",
        lambda f: np.sum(1 - np.cumsum(1 - f, axis=0) >= 0.5, axis=0):
            "This takes 1 - f of the *first* memory at each step. It is 1 - f of what is left: gates multiply.",
        lambda f: np.minimum(np.floor(np.log(0.5) / np.log(f.mean(axis=0))), len(f)):
            "The half-life of the mean gate. Gates that differ do not come to what their mean comes to: multiply them.",
        lambda f: np.minimum(np.floor(np.log(0.5) / np.log(f[0])), len(f)):
            "The half-life of the first gate. Each step has its own f.",
        lambda f: np.prod(f, axis=0): "This is what is left at the end. After how many steps is it still a half?",
    },
    hints=("What is left after a step is the product of all gates so far. np.cumprod keeps every product on the way.",
           "What is left never grows. So count, for each unit, the steps after which it is at least 0.5.",
           "np.sum(… >= 0.5, axis=0) counts over time."),
)


# q3: a nudge that comes back through h

def total_slope(c_prev, o_prev, f, w):
    slope_of_h = o_prev * (1 - np.tanh(c_prev) ** 2)           # h_prev = o_prev tanh(c_prev)
    slope_of_f = f * (1 - f) * w * slope_of_h                  # f = σ(… + w h_prev)
    return f + c_prev * slope_of_f                             # c = f c_prev + …


NUDGES = [(f"c_prev = {c}, o_prev = {o}, f = {f}, w = {w}", (c, o, f, w))
          for c, o, f, w in ((1.0, 0.5, 0.5, 2.0), (0.8, 0.9, 0.7, -3.0), (-0.6, 0.4, 0.9, 5.0))]


def sloping(change):
    """Return the total_slope of someone who makes `change(c, o, f, w, d)` of it, d being tanh's slope."""
    return lambda c_prev, o_prev, f, w: change(c_prev, o_prev, f, w, 1 - np.tanh(c_prev) ** 2)


q3 = Question(
    ask="In a cell of one unit the forget gate alone reads h_prev, with the weight w; o_prev is the last output gate. Write "
        "`total_slope(c_prev, o_prev, f, w)`: the *total* derivative of c by c_prev, with o_prev held, where f is what the gate "
        "is now.",
    reference=total_slope,
    cases=NUDGES,
    points=2,
    mistakes={
        sloping(lambda c, o, f, w, d: f): "This is the partial derivative: h_prev is held. It moves with c_prev, and f with it.",
        sloping(lambda c, o, f, w, d: c * f * (1 - f) * w * o * d):
            "This is the way through h alone. The belt's own part is missing.",
        sloping(lambda c, o, f, w, d: f + f * (1 - f) * w * o * d):
            "f moves, and the new c with it: by how much, hangs on what f is multiplied with.",
        sloping(lambda c, o, f, w, d: f + c * w * o * d): "The slope of σ is missing: f moves by f (1 - f) times what z_f moves.",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * w * d): "o_prev is missing: h_prev is o_prev times tanh(c_prev).",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * w * o):
            "The slope of tanh is missing: h_prev is o_prev times tanh(c_prev).",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * o * d): "w is missing: z_f moves by w times what h_prev moves.",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * w * o * np.tanh(c)): "That is tanh, not its slope 1 - tanh².",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * w * o * (1 - c**2)):
            "1 - c_prev² is no slope: that of tanh is 1 - tanh(c_prev)².",
        sloping(lambda c, o, f, w, d: f + c * f * (1 - f) * w * o * (1 - (o * np.tanh(c)) ** 2)):
            "h_prev² is not tanh²: h_prev has o_prev in it.",
        sloping(lambda c, o, f, w, d: f + c * (1 - f**2) * w * o * d):
            "1 - f² is tanh's slope; that of σ is f (1 - f).",
        sloping(lambda c, o, f, w, d: f * c * f * (1 - f) * w * o * d): "The two ways add up; they are not multiplied.",
    },
    hints=("c = f · c_prev + …: nudge c_prev, and both factors of the first product move. (Product rule.)",
           "By how much does h_prev = o_prev · tanh(c_prev) move? z_f moves w times as much, f its slope f (1 - f) times that.",
           "f + c_prev · (slope of σ) · w · (slope of h_prev by c_prev)."),
)
