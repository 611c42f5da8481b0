"""Exercises of 04_vanishing_gradients: lengths on the way back, a radius that keeps a tenth, setting the radius."""

import numpy as np

from lstm_helpers.checking import Question

# q1: lengths on the way back


def gradient_lengths(dh_last, W_h, steps):
    dh, lengths = dh_last, [np.linalg.norm(dh_last)]
    for _ in range(steps):
        dh = dh @ W_h.T                             # (1, H)
        lengths.append(np.linalg.norm(dh))
    return np.array(lengths)                        # (steps + 1,)


def linear_networks(rng):
    yield "one unit, three steps", (np.array([[2.0]]), np.array([[-0.5]]), 3)
    yield "two units", (np.array([[1.0, 2.0]]), np.array([[0.5, 1.5], [0.0, -0.8]]), 4)
    yield "four units", (rng.standard_normal((1, 4)), rng.standard_normal((4, 4)) / 2, 6)


def powers(dh_last, W_h, steps):
    """Return dL/dh at every lag, one row each."""
    return np.array([(dh_last @ np.linalg.matrix_power(W_h.T, lag))[0] for lag in range(steps + 1)])


def factors(dh_last, W_h, steps):
    lengths = gradient_lengths(dh_last, W_h, steps)
    return np.concatenate([lengths[:1], lengths[1:] / lengths[:-1]])


q1 = Question(
    ask="Write `gradient_lengths(dh_last, W_h, steps)`. A linear RNN, h_t = x_t W_x + h_{t-1} W_h + b, gets a gradient at its "
        "last state alone: dh_last (1, H). Return the length (norm) of dL/dh at the lags 0, 1, …, steps: an array of steps + 1 "
        "numbers.",
    reference=gradient_lengths,
    cases=linear_networks,
    points=3,
    mistakes={
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h.T, steps):
            "W_h is not transposed. Forward it is h @ W_h, so backward it is dh @ W_h.T; the shapes fit both ways.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps)[1:]:
            "Lag 0 is missing: the first number is the length of dh_last itself.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps + 1)[1:]:
            "Every length is one step late: begin with dh_last itself.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps)[:-1]:
            "The last lag is missing: each length is noted before its step. Note it after, and begin the list with lag 0.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps) ** 2:
            "These are squared lengths: take the square root, or np.linalg.norm.",
        lambda dh_last, W_h, steps: np.linalg.norm(dh_last) * np.abs(np.linalg.eigvals(W_h)).max() ** np.arange(steps + 1):
            "This is what the spectral radius predicts for the long run. On the first steps a matrix can do otherwise: multiply "
            "step by step.",
        lambda dh_last, W_h, steps: np.array([np.linalg.norm(dh_last @ W_h.T**lag) for lag in range(steps + 1)]):
            "W_h.T**lag takes every *entry* to the power. Steps multiply matrices: dh @ W_h.T, again and again.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps)[np.minimum(np.arange(steps + 1), 1)]:
            "Every lag but 0 starts from dh_last and takes one step. Go on from the dh of the lag before.",
        factors: "From lag 1 on this is the factor of each step: dh is scaled to length 1 in between. Let it shrink or grow.",
        lambda dh_last, W_h, steps: np.abs(powers(dh_last, W_h, steps)).max(axis=1):
            "This is the largest entry. The length is the root of the sum of all squares: np.linalg.norm.",
        lambda dh_last, W_h, steps: np.abs(powers(dh_last, W_h, steps)).sum(axis=1):
            "This adds up the sizes of the entries. The length is the root of the sum of their squares.",
        lambda dh_last, W_h, steps: gradient_lengths(dh_last, W_h, steps)[::-1]:
            "The numbers are right, but turned round. By lag: dh_last, the last step, comes first.",
    },
    hints=("A linear network has no tanh. What is left of the factor of one step back?",
           "Start with dh = dh_last and a list that holds its length. In a loop take one step back and append the length.",
           "One step back is dh = dh @ W_h.T; the length is np.linalg.norm(dh)."),
)


# q2: a radius that keeps a tenth

def rho():
    return 0.1 ** (1 / 100)                         # rho**100 == 0.1


q2 = Question(
    ask="In a linear network the gradient's length is multiplied by the spectral radius at every step. Which radius keeps 10 % "
        "of it over 100 steps? Give three digits.",
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
    hints=("After k steps the length is the first length times radius**k.",
           "You need the number whose hundredth power is 0.1.",
           "The hundredth root is a power: 0.1 ** (1 / 100)."),
)


# q3: setting the radius

def set_radius(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


def matrices(rng):
    yield "eigenvalues 0.5 and -1.5", (np.array([[0.5, 3.0], [0.0, -1.5]]), 0.9)
    yield "eigenvalues 1 + 2i and 1 - 2i", (np.array([[1.0, -2.0], [2.0, 1.0]]), 1.1)
    yield "drawn at random", (rng.standard_normal((5, 5)), 0.8)


def divided_by(measure):
    """Return the set_radius of someone who takes `measure(W)` for the radius."""
    return lambda W, radius: W * radius / measure(W)


q3 = Question(
    ask="Write `set_radius(W, radius)`: return the square matrix W (H, H), multiplied by the one number that makes its spectral "
        "radius equal to `radius`. Use NumPy alone.",
    reference=set_radius,
    cases=matrices,
    points=2,
    mistakes={
        lambda W, radius: W * radius: "This multiplies the radius that W has. First divide by it, so that it is 1.",
        lambda W, radius: W / np.abs(np.linalg.eigvals(W)).max(): "Now the radius is 1. One factor more makes it `radius`.",
        lambda W, radius: W * np.abs(np.linalg.eigvals(W)).max() / radius: "The fraction is upside down: multiply by the radius "
                                                                          "that you want, divide by the one W has.",
        divided_by(lambda W: np.linalg.eigvals(W).max()): "The absolute value is missing: an eigenvalue of -1.5 counts 1.5, and "
                                                          "one of 1 + 2i counts √5.",
        divided_by(lambda W: abs(np.linalg.eigvals(W).max())): "Take absolute values first, then the largest.",
        divided_by(lambda W: np.abs(np.linalg.eigvals(W).real).max()): "This looks at real parts only. The absolute value of "
                                                                       "1 + 2i is √5: np.abs of the complex number.",
        divided_by(lambda W: np.abs(np.linalg.eigvalsh(W)).max()): "eigvalsh is for symmetric matrices: it never reads what is "
                                                                   "above the diagonal. Use eigvals.",
        divided_by(lambda W: np.linalg.norm(W, 2)): "This is the largest singular value: how much W can lengthen a vector in "
                                                    "one step. In the long run the eigenvalues count.",
        divided_by(np.linalg.norm): "np.linalg.norm(W) is the length of all entries together. The spectral radius comes from the "
                                    "eigenvalues.",
        divided_by(lambda W: np.abs(W).max()): "This is the largest entry. Entries don't tell: take the eigenvalues.",
    },
    hints=("A matrix that is multiplied by a number has all its eigenvalues multiplied by it. Which number do you need?",
           "The number is the radius that you want, divided by the radius that W has.",
           "The radius that W has: np.abs(np.linalg.eigvals(W)).max()"),
)
