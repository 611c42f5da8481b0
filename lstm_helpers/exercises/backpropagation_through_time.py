"""Exercises of 03_backpropagation_through_time: a step back through another cell, each step's share, many losses cut short."""

import numpy as np

from lstm_helpers.checking import Question

# q1: one step back through a leaky cell


def leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a):
    dz = a * dh * (1 - s**2)                        # (B, H), through the tanh
    return {"dh_prev": (1 - a) * dh + dz @ W_h.T,   # two ways lead back: past the tanh, and through it
            "dW_x": x.T @ dz, "dW_h": h_prev.T @ dz, "db": dz.sum(axis=0)}


def steps(rng):
    yield "one unit", (*(np.array([[value]]) for value in (1.0, 0.5, 0.2, 0.6, 0.3, 0.8)), 0.25)
    for label, B, D, H, a in (("two sequences", 2, 3, 4, 0.1), ("as many inputs as units", 3, 2, 2, 0.6)):
        x, h_prev, W_x, W_h, dh = (rng.standard_normal(shape) for shape in ((B, D), (B, H), (D, H), (H, H), (B, H)))
        yield label, (dh, x, h_prev, np.tanh(x @ W_x + h_prev @ W_h), W_x, W_h, a)


def gradients(dz, direct, x, h_prev, W_h):
    """Return what follows from dz and from the direct way, right or wrong."""
    return {"dh_prev": direct + dz @ W_h.T, "dW_x": x.T @ dz, "dW_h": h_prev.T @ dz, "db": dz.sum(axis=0)}


def slope_at_h(dh, x, h_prev, s, W_x, W_h, a):
    h = (1 - a) * h_prev + a * s
    return gradients(a * dh * (1 - h**2), (1 - a) * dh, x, h_prev, W_h)


def dW_h_transposed(dh, x, h_prev, s, W_x, W_h, a):
    right = leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a)
    return right | {"dW_h": right["dW_h"].T}


def bias_of_every_sequence(dh, x, h_prev, s, W_x, W_h, a):
    return leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a) | {"db": a * dh * (1 - s**2)}


def mean_of_the_batch(dh, x, h_prev, s, W_x, W_h, a):
    return leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a) | {"db": (a * dh * (1 - s**2)).mean(axis=0)}


q1 = Question(
    ask="A leaky RNN keeps a part of its state as it is: s = tanh(x W_x + h_prev W_h + b), h = (1 - a) h_prev + a s, with a "
        "number a between 0 and 1. Write `leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a)`: from dh (B, H), the gradient of "
        'the loss by h, compute a dict with "dh_prev", "dW_x", "dW_h" and "db".',
    reference=leaky_backward_step,
    cases=steps,
    points=5,
    mistakes={
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(a * dh * (1 - s**2), 0, x, h_prev, W_h):
            "dh_prev misses a way: h_prev is also in h directly, times 1 - a.",
        lambda dh, x, h_prev, s, W_x, W_h, a: leaky_backward_step(dh, x, h_prev, s, W_x, W_h, a) | {"dh_prev": (1 - a) * dh}:
            "dh_prev misses a way: h_prev is also inside the tanh.",
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(a * dh * (1 - s**2), dh, x, h_prev, W_h):
            "On the direct way h_prev is multiplied by 1 - a, so its gradient is, too.",
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(dh * (1 - s**2), (1 - a) * dh, x, h_prev, W_h):
            "The tanh gives only the part a of h: on that way dh is multiplied by a.",
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(dh * (1 - s**2), 0, x, h_prev, W_h):
            "This is the plain RNN. Here h has two parts, (1 - a) h_prev and a s: dh goes to both.",
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(a * dh, (1 - a) * dh, x, h_prev, W_h):
            "The tanh is skipped: on that way dh has to be multiplied by its slope, 1 - s**2.",
        slope_at_h: "The slope is taken at h. The result of the tanh is s here, so the slope is 1 - s**2.",
        lambda dh, x, h_prev, s, W_x, W_h, a: gradients(a * dh * (1 - np.tanh(s)**2), (1 - a) * dh, x, h_prev, W_h):
            "1 - np.tanh(s)**2 applies the tanh twice: s is its result already, so the slope is 1 - s**2.",
        lambda dh, x, h_prev, s, W_x, W_h, a: leaky_backward_step(dh, x, h_prev, s, W_x, W_h.T, a):
            "dh_prev is multiplied by W_h as in the forward step. Back through h_prev @ W_h goes dz @ W_h.T; W_h is square, so "
            "no shape gives this away.",
        dW_h_transposed: "dW_h is transposed: entry (j, k) belongs to the weight from unit j to unit k, h_prev.T @ dz.",
        bias_of_every_sequence: "db has a row for each sequence. The same b is added to all of them, so its gradients add up: "
                                "sum over the batch to get (H,).",
        mean_of_the_batch: "db is averaged over the batch. Gradients of what is shared add up: use the sum. (If the loss is a "
                           "mean, dh is divided by B already.)",
    },
    hints=("Let z be the sum inside the tanh. By how many ways does dh reach h_prev?",
           "Through the tanh: dz = a * dh * (1 - s**2), and from there as in the plain RNN. Past it: (1 - a) * dh.",
           "dh_prev = (1 - a) * dh + dz @ W_h.T; dW_h = h_prev.T @ dz; dW_x and db follow from dz, too."),
)


# q2: the share of every step

def shares(dh_last, h0, h, W_h):
    found, dh = np.zeros((len(h), *W_h.shape)), dh_last
    for t in reversed(range(len(h))):
        dz = dh * (1 - h[t]**2)                     # (B, H)
        found[t] = (h[t - 1] if t > 0 else h0).T @ dz
        dh = dz @ W_h.T
    return found                                    # (T, H, H)


def sequences(rng):
    yield "one unit, two steps", (np.array([[1.0]]), np.array([[0.4]]), np.array([[[0.3]], [[0.6]]]), np.array([[0.8]]))
    for label, T, B, H in (("four steps", 4, 2, 3), ("six steps of one sequence", 6, 1, 2)):
        dh, h0, h, W_h = (rng.standard_normal(shape) for shape in ((B, H), (B, H), (T, B, H), (H, H)))
        yield label, (dh, np.tanh(h0), np.tanh(h), W_h)


def last_gradient_at_every_step(dh_last, h0, h, W_h):
    before = np.concatenate([h0[None], h[:-1]])
    return before.swapaxes(1, 2) @ (dh_last * (1 - h**2))


def slope_after_the_weights(dh_last, h0, h, W_h):
    found, dh = np.zeros((len(h), *W_h.shape)), dh_last
    for t in reversed(range(len(h))):
        found[t] = (h[t - 1] if t > 0 else h0).T @ dh
        dh = (dh @ W_h.T) * (1 - h[t]**2)
    return found


q2 = Question(
    ask="The loss reads only the last state of a tanh RNN, and sends dh_last (B, H) to it. Write `shares(dh_last, h0, h, W_h)` "
        "with h0 (B, H) and the states h (T, B, H): what does the use of W_h at each step add to dW_h? Return (T, H, H); the sum "
        "over T is dW_h.",
    reference=shares,
    cases=sequences,
    points=4,
    mistakes={
        lambda dh_last, h0, h, W_h: shares(dh_last, h0, h, W_h).sum(axis=0):
            "This is the sum, dW_h itself, (H, H). Keep the share of every step instead of adding it up.",
        lambda dh_last, h0, h, W_h: np.cumsum(shares(dh_last, h0, h, W_h)[::-1], axis=0)[::-1]:
            "These are running sums. Entry t is what step t adds, and nothing else.",
        last_gradient_at_every_step: "Every step gets the gradient of the last one. On its way back it changes: "
                                     "dh = dz @ W_h.T at each step.",
        lambda dh_last, h0, h, W_h: np.concatenate([0 * shares(dh_last, h0, h, W_h)[:-1], shares(dh_last, h0, h, W_h)[-1:]]):
            "Only the last step has a share here. The gradient goes on to the steps before.",
        lambda dh_last, h0, h, W_h: shares(dh_last, np.zeros_like(h0), h, W_h):
            "The first step starts from h0, so its share is h0.T @ dz: it is not zero here.",
        lambda dh_last, h0, h, W_h: shares(dh_last, h[-1], h, W_h):
            "At t = 0, h[t - 1] is h[-1], the last state. Before the first step stands h0.",
        lambda dh_last, h0, h, W_h: shares(dh_last, h0, h, W_h).swapaxes(1, 2):
            "Each share is transposed: entry (j, k) belongs to the weight from unit j to unit k, h_prev.T @ dz.",
        lambda dh_last, h0, h, W_h: shares(dh_last, h0, h, W_h.T):
            "W_h is not transposed on the way back. Forward it is h @ W_h, so backward it is dz @ W_h.T.",
        slope_after_the_weights: "The slope comes too late: backward, a gradient passes the tanh of step t first, then W_h.",
        lambda dh_last, h0, h, W_h: shares(dh_last, h0, h, W_h)[::-1]:
            "The numbers are right, but in the order in which they were found. Entry t belongs to step t: turn them round.",
        lambda dh_last, h0, h, W_h: shares(dh_last, h0, h, W_h) / len(dh_last):
            "The shares are divided by B. Gradients of what is shared add up over the batch.",
    },
    hints=("Go back from the last step. At each step you know dh; which three lines of the backward pass do you need?",
           "dz = dh * (1 - h[t]**2), the share is h_prev.T @ dz, and the step before gets dh = dz @ W_h.T. What is h_prev at "
           "t = 0?",
           "found = np.zeros((len(h), *W_h.shape)); then for t in reversed(range(len(h))): fill found[t] with h_prev.T @ dz."),
)


# q3: many losses, each cut short

def added():
    return sum(min(t, 5) for t in range(1, 21))     # the loss on h_t reaches the uses of W_h at t, t - 1, …: five at most


q3 = Question(
    ask="Now each of the states h_1 to h_20 has a loss of its own, and L is their sum. Each loss sends its gradient back through "
        "5 steps at most, the first of them the step that made its state. dW_h is a sum of shares: for each loss one from each "
        "use of W_h that it reaches. How many shares are added?",
    reference=added,
    mistakes={
        20: "20 uses, yes, but most are reached by several losses: each of these adds a share.",
        5: "5 is what one loss reaches. There are 20 losses.",
        25: "Each loss goes back by itself: count for each, then add up.",
        100: "Not all losses have 5 steps behind them: how many has the one on h_1?",
        210: "This is the whole journey of every loss. Each is cut after 5 steps.",
        80: "The losses on h_1 to h_4 reach fewer than 5 uses, but some.",
        75: "The loss on h_5 has its 5 steps, and those on h_1 to h_4 reach some, too.",
        70: "The step that made a state uses W_h, too: the loss on h_1 has one share, that of step 1 (h_0 comes in there).",
        105: "This goes back through 6 steps. The step that made the state is the first of the 5.",
        400: "A loss reaches only steps that come before its state, and 5 of them at most.",
    },
    hints=("Which uses does the loss on h_20 reach? And the loss on h_3?",
           "The loss on h_t reaches t uses as long as t is below 5, and 5 from then on.",
           "1 + 2 + 3 + 4, and 16 times 5."),
)
