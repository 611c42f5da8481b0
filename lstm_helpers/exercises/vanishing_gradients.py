"""Exercises of 04_vanishing_gradients: lengths on the way back with ReLU, a radius that keeps a tenth, what a bound promises."""

import numpy as np

from lstm_helpers.checking import Question

# q1: lengths on the way back, with ReLU


def gradient_lengths(dh_last, W_h, h):
    dh, lengths = dh_last, [np.linalg.norm(dh_last)]
    for state in h[:0:-1]:                          # from the last step to the second: (H,)
        dh = (dh * (state > 0)) @ W_h.T             # (1, H)
        lengths.append(np.linalg.norm(dh))
    return np.array(lengths)                        # (T,)


def relu_networks(rng):
    yield "one unit, four steps", (np.array([[2.0]]), np.array([[-0.5]]), np.array([[0.4], [0.0], [0.3], [2.0]]))
    yield "two units", (np.array([[1.0, 2.0]]), np.array([[0.5, 1.5], [0.3, -0.8]]),
                        np.array([[0.0, 1.0], [0.2, 0.7], [0.0, 0.4], [1.5, 0.6]]))
    dh_last, W_h, h = (rng.standard_normal(shape) for shape in ((1, 4), (4, 4), (6, 4)))
    yield "four units", (dh_last, W_h, np.maximum(0, h + 0.5))


def way_back(dh_last, W_h, h, step=None):
    """Return dL/dh at every lag, one row each, by someone who takes `step(dh, W_h, t, h)` for a step back from t."""
    step = step or (lambda dh, W_h, t, h: (dh * (h[t] > 0)) @ W_h.T)
    rows = [dh_last]
    for t in reversed(range(1, len(h))):
        rows.append(step(rows[-1], W_h, t, h))
    return np.concatenate(rows)


def stepping(step):
    """Return the gradient_lengths of someone who takes `step(dh, W_h, t, h)` for a step back from t."""
    return lambda dh_last, W_h, h: np.linalg.norm(way_back(dh_last, W_h, h, step), axis=1)


q1 = Question(
    ask="An RNN with ReLU, h_t = max(0, x_t W_x + h_{t-1} W_h + b), has the slope 1 where h_t is above 0, and 0 elsewhere. Write "
        "`gradient_lengths(dh_last, W_h, h)`: h (T, H) holds the states of one sequence, dh_last (1, H) the gradient at the last "
        "of them; no other step has a loss. Return the length (norm) of dL/dh by lag, that of dh_last first: T numbers.",
    reference=gradient_lengths,
    cases=relu_networks,
    points=3,
    mistakes={
        stepping(lambda dh, W_h, t, h: (dh * (h[t] > 0)) @ W_h):
            "W_h is not transposed. Forward it is h @ W_h, so backward it is dz @ W_h.T; the shapes fit both ways.",
        stepping(lambda dh, W_h, t, h: dh @ W_h.T):
            "The slope is left out: a unit whose h_t is 0 passes nothing on.",
        stepping(lambda dh, W_h, t, h: (dh * (1 - h[t] ** 2)) @ W_h.T):
            "1 - h² is tanh's slope. That of ReLU is 1 where h_t is above 0, and 0 elsewhere.",
        stepping(lambda dh, W_h, t, h: (dh * h[t]) @ W_h.T):
            "This multiplies by the state. The slope is 1 or 0: whether the state is above 0.",
        stepping(lambda dh, W_h, t, h: (dh * (h[t - 1] > 0)) @ W_h.T):
            "The slope is taken one step too early. The step back from t passes through the ReLU that made h_t.",
        stepping(lambda dh, W_h, t, h: (dh @ W_h.T) * (h[t] > 0)):
            "First the slope, then W_h.T: going back, the ReLU is met before the product.",
        stepping(lambda dh, W_h, t, h: (dh @ W_h.T) * (h[t - 1] > 0)):
            "First the slope, then W_h.T: the slope of h_{t-1} belongs to the next step back.",
        stepping(lambda dh, W_h, t, h: (dh * (h[len(h) - t] > 0)) @ W_h.T):
            "The states are read from the first step on. Going back, the last comes first.",
        lambda dh_last, W_h, h: gradient_lengths(dh_last, W_h, h)[1:]:
            "Lag 0 is missing: the first number is the length of dh_last itself.",
        lambda dh_last, W_h, h: gradient_lengths(dh_last, W_h, h)[:-1]:
            "The last lag is missing: T states have T gradients, and T - 1 steps lie between them.",
        lambda dh_last, W_h, h: gradient_lengths(dh_last, W_h, np.concatenate([h[:1], h])):
            "One number too many: this goes on to h_0, before the first state.",
        lambda dh_last, W_h, h: gradient_lengths(dh_last, W_h, h) ** 2:
            "These are squared lengths: take the square root, or np.linalg.norm.",
        lambda dh_last, W_h, h: np.linalg.norm(dh_last) * np.abs(np.linalg.eigvals(W_h)).max() ** np.arange(len(h)):
            "This is what the spectral radius predicts for the long run of a linear network. On the first steps a matrix can do "
            "otherwise, and here are slopes: go step by step.",
        lambda dh_last, W_h, h: np.abs(way_back(dh_last, W_h, h)).max(axis=1):
            "This is the largest entry. The length is the root of the sum of all squares: np.linalg.norm.",
        lambda dh_last, W_h, h: np.abs(way_back(dh_last, W_h, h)).sum(axis=1):
            "This adds up the sizes of the entries. The length is the root of the sum of their squares.",
        lambda dh_last, W_h, h: gradient_lengths(dh_last, W_h, h)[::-1]:
            "The numbers are right, but turned round. By lag: dh_last, the last step, comes first.",
    },
    hints=("One step back multiplies by the slope of the step, then by W_h.T. Which units have the slope 0?",
           "Start with dh = dh_last and a list that holds its length. Go through the states from the last to the second: take "
           "one step back and append the length.",
           "One step back from the state h[t] is dh = (dh * (h[t] > 0)) @ W_h.T; the length is np.linalg.norm(dh)."),
)


# q2: a radius that keeps a tenth

def rho():
    return 0.1 ** (1 / 100)                         # rho**100 == 0.1


q2 = Question(
    ask="In a linear network whose W_h is orthogonal times a number ρ, every step back multiplies the gradient's length by "
        "exactly ρ. Which ρ keeps 10 % of it over 100 steps? Give three digits.",
    reference=rho,
    tolerance=0.0005,
    mistakes={
        0.1: "0.1 keeps 10 % over a single step. Over 100 steps it keeps 1e-100.",
        0.001: "0.001 is 0.1/100. But factors multiply, they don't add up: which number gives 0.1 when multiplied 100 times?",
        0.9: "0.9 loses 10 % at every step. After 100 steps it has kept 0.9**100 = 0.00003.",
        0.991: "0.991 would be right if each step took away 0.9 % of the first length. It takes 0.9 % of what is left: "
               "0.991**100 = 0.405.",
        0.999: "0.999**100 = 0.905: that *loses* 10 %. How much has to be kept?",
        0.1 ** (1 / 10): "This keeps 10 % over 10 steps. There are 100.",
        10 ** (1 / 100): "Above 1 a gradient grows: this makes it ten times longer.",
        0.5 ** (1 / 100): "This keeps a half over 100 steps. A tenth is asked for.",
        0.98: "Nearly. 0.98**100 = 0.133: give one digit more.",
    },
    hints=("After k steps the length is the first length times rho**k.",
           "You need the number whose hundredth power is 0.1.",
           "The hundredth root is a power: 0.1 ** (1 / 100)."),
)


# q3: what the bound promises

def promised_after(W_h, share):
    s, left, steps = np.linalg.norm(W_h, 2), 1.0, 0
    while left >= share:
        left, steps = left * s, steps + 1
    return steps


def narrow_matrices(rng):
    yield "singular values 0.5 and 0.25", (np.array([[0.0, 0.5], [-0.25, 0.0]]), 0.25)
    yield "eigenvalues 0.5 and 0.4", (np.array([[0.5, 0.6], [0.0, 0.4]]), 0.1)
    W = rng.standard_normal((4, 4))
    yield "drawn at random", (W * 0.8 / np.linalg.norm(W, 2), 0.01)


def by(measure):
    """Return the promised_after of someone who takes `measure(W_h)` for the largest singular value."""
    def answer(W_h, share):
        s = measure(W_h)
        return np.floor(np.log(share) / np.log(s)) + 1 if 0 < s < 1 else -1.0
    return answer


def largest(W):
    return np.linalg.norm(W, 2)


q3 = Question(
    ask="One step back makes a gradient at most s times as long, with tanh or without: s is the largest singular value of W_h. "
        "Write `promised_after(W_h, share)`: for a matrix with s below 1, after how many steps does this bound, for the first "
        "time, promise *less* than the given share (a number below 1) of the gradient?",
    reference=promised_after,
    cases=narrow_matrices,
    points=2,
    mistakes={
        by(lambda W: np.abs(np.linalg.eigvals(W)).max()):
            "This takes the spectral radius. It tells of the long run of a linear network; with tanh it promises nothing. Take "
            "the largest singular value.",
        by(np.linalg.norm): "np.linalg.norm(W_h) is the length of all entries together. The largest singular value is "
                            "np.linalg.norm(W_h, 2).",
        by(lambda W: np.linalg.svd(W)[1].min()): "This is the smallest singular value: the most that a step can take away.",
        by(lambda W: np.linalg.svd(W)[1].mean()): "This is the mean of the singular values. Some gradient may meet the largest "
                                                  "every time: the bound has to hold for it, too.",
        by(lambda W: largest(W) ** 2): "This takes the square of the largest singular value, an eigenvalue of W_h W_hᵀ. Take the "
                                       "root.",
        by(lambda W: np.abs(W).max()): "This takes the largest entry. A step can lengthen a gradient by more.",
        by(lambda W: np.abs(W).sum(axis=0).max()): "This takes the largest sum of a column. The bound for lengths is the largest "
                                                   "singular value.",
        lambda W_h, share: promised_after(W_h, share) - 1: "One step too few: after these the bound is not yet below the share.",
        lambda W_h, share: promised_after(W_h, share) + 1: "One too many: before any step, the whole gradient is there.",
        lambda W_h, share: np.ceil(np.log(share) / np.log(largest(W_h))): "Almost: 0.5 · 0.5 is exactly 0.25, and "
                                                                          "that is not less yet.",
        lambda W_h, share: np.log(share) / np.log(largest(W_h)): "Steps are whole. After which one is the bound below the share?",
        lambda W_h, share: np.ceil((1 - share) / (1 - largest(W_h))): "This takes away 1 - s of the first length at each step. "
                                                                      "It is 1 - s of what is left: factors multiply.",
        lambda W_h, share: np.log(largest(W_h)) / np.log(share): "The fraction is upside down: how often does ln s fit into "
                                                                 "ln share?",
        lambda W_h, share: largest(W_h): "This is s. After how many factors of s is less than the share left?",
    },
    hints=("The largest singular value is np.linalg.norm(W_h, 2). After k steps at most s**k of the gradient is left.",
           "Begin with 1 and no steps. As long as what is left is not below the share, multiply it by s and count one step.",
           "while left >= share: left, steps = left * s, steps + 1"),
)
