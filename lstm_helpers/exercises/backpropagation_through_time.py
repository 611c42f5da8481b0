"""Exercises of 03_backpropagation_through_time: one step back, all steps back, how far back."""

import numpy as np

from lstm_helpers.checking import Question

# q1: one step back


def rnn_backward_step(dh, x, h_prev, h, W_x, W_h):
    dz = dh * (1 - h**2)                            # (B, H), through the tanh
    return {"dx": dz @ W_x.T, "dh_prev": dz @ W_h.T,
            "dW_x": x.T @ dz, "dW_h": h_prev.T @ dz, "db": dz.sum(axis=0)}


def steps(rng):
    yield "one unit", tuple(np.array([[value]]) for value in (1.0, 0.5, 0.2, 0.6, 0.3, 0.8))
    for label, B, D, H in (("two sequences", 2, 3, 4), ("as many inputs as units", 3, 2, 2)):
        x, h_prev, W_x, W_h, dh = (rng.standard_normal(shape) for shape in ((B, D), (B, H), (D, H), (H, H), (B, H)))
        h_prev = np.tanh(h_prev)
        yield label, (dh, x, h_prev, np.tanh(x @ W_x + h_prev @ W_h), W_x, W_h)


def gradients(dz, x, h_prev, W_x, W_h):
    """Return what follows from dz, right or wrong."""
    return {"dx": dz @ W_x.T, "dh_prev": dz @ W_h.T, "dW_x": x.T @ dz, "dW_h": h_prev.T @ dz, "db": dz.sum(axis=0)}


def W_h_not_transposed(dh, x, h_prev, h, W_x, W_h):
    right = rnn_backward_step(dh, x, h_prev, h, W_x, W_h)
    return right | {"dh_prev": dh * (1 - h**2) @ W_h}


def dW_h_transposed(dh, x, h_prev, h, W_x, W_h):
    right = rnn_backward_step(dh, x, h_prev, h, W_x, W_h)
    return right | {"dW_h": right["dW_h"].T}


q1 = Question(
    ask="Write `rnn_backward_step(dh, x, h_prev, h, W_x, W_h)` for the step h = tanh(x W_x + h_prev W_h + b). It gets dh (B, H), "
        'the gradient of the loss by h, and returns a dict with "dx", "dh_prev", "dW_x", "dW_h" and "db".',
    reference=rnn_backward_step,
    cases=steps,
    points=5,
    mistakes={
        lambda dh, x, h_prev, h, W_x, W_h: gradients(dh, x, h_prev, W_x, W_h):
            "The tanh is skipped: dh has to be multiplied by its slope, 1 - h**2, before anything else.",
        lambda dh, x, h_prev, h, W_x, W_h: gradients(dh * (1 - h_prev**2), x, h_prev, W_x, W_h):
            "The slope of the tanh is taken at h_prev. It belongs to this step's tanh, whose result is h.",
        lambda dh, x, h_prev, h, W_x, W_h: gradients(dh * (1 - np.tanh(h)**2), x, h_prev, W_x, W_h):
            "1 - np.tanh(h)**2 applies the tanh twice: h is its result already, so the slope is 1 - h**2.",
        lambda dh, x, h_prev, h, W_x, W_h: gradients(dh * h * (1 - h), x, h_prev, W_x, W_h):
            "h * (1 - h) is the slope of the sigmoid. That of the tanh is 1 - h**2.",
        lambda dh, x, h_prev, h, W_x, W_h: gradients(dh * (1 - h), x, h_prev, W_x, W_h):
            "The slope of the tanh is 1 - h**2: the square is missing.",
        W_h_not_transposed: "dh_prev is multiplied by W_h as in the forward step. Back through h_prev @ W_h goes dz @ W_h.T; W_h "
                            "is square, so no shape gives this away.",
        lambda dh, x, h_prev, h, W_x, W_h: rnn_backward_step(dh, x, h_prev, h, W_x, W_h) | {"dh_prev": dh @ W_h.T}:
            "dh_prev comes from dh. It has to pass the tanh first, like all the others: use dz = dh * (1 - h**2).",
        lambda dh, x, h_prev, h, W_x, W_h: rnn_backward_step(dh, x, h, h, W_x, W_h):
            "dW_h is built with h. In the forward step W_h met h_prev, so its gradient is h_prev.T @ dz.",
        dW_h_transposed: "dW_h is transposed: entry (j, k) belongs to the weight from unit j to unit k, h_prev.T @ dz.",
        lambda dh, x, h_prev, h, W_x, W_h: rnn_backward_step(dh, x, h_prev, h, W_x, W_h) | {"db": dh * (1 - h**2)}:
            "db has a row for each sequence. The same b is added to all of them, so its gradients add up: sum over the batch to "
            "get (H,).",
        lambda dh, x, h_prev, h, W_x, W_h: rnn_backward_step(dh, x, h_prev, h, W_x, W_h) | {"db": (dh * (1 - h**2)).mean(axis=0)}:
            "db is averaged over the batch. Gradients of what is shared add up: use the sum. (If the loss is a mean, dh is "
            "divided by B already.)",
    },
    hints=("Let z be the sum inside the tanh. First find dz, the gradient by z; the five results all follow from it.",
           "dz = dh * (1 - h**2). A gradient has the shape of its array; which products of dz give (B, D), (B, H), (D, H), "
           "(H, H)?",
           "dx = dz @ W_x.T and dW_x = x.T @ dz. The same pattern holds for h_prev and W_h; db is dz summed over the batch."),
)


# q2: all steps back

def total_gradients(dh, h, W_h):
    total, dh_next = np.zeros_like(dh), np.zeros_like(dh[0])
    for t in reversed(range(len(dh))):
        total[t] = dh[t] + dh_next                  # from the loss, and from the step after
        dh_next = (total[t] * (1 - h[t]**2)) @ W_h.T
    return total                                    # (T, B, H)


def sequences(rng):
    yield "one unit, two steps", (np.array([[[0.5]], [[1.0]]]), np.array([[[0.3]], [[0.6]]]), np.array([[0.8]]))
    for label, T, B, H in (("four steps", 4, 2, 3), ("six steps of one sequence", 6, 1, 2)):
        dh, h, W_h = (rng.standard_normal(shape) for shape in ((T, B, H), (T, B, H), (H, H)))
        yield label, (dh, np.tanh(h), W_h)


def one_step_only(dh, h, W_h):
    back = (dh * (1 - h**2)) @ W_h.T
    return dh + np.concatenate([back[1:], np.zeros_like(back[:1])])


def slope_after_the_weights(dh, h, W_h):
    total, dh_next = np.zeros_like(dh), np.zeros_like(dh[0])
    for t in reversed(range(len(dh))):
        total[t] = dh[t] + dh_next
        dh_next = (total[t] @ W_h.T) * (1 - h[t]**2)
    return total


q2 = Question(
    ask="Write `total_gradients(dh, h, W_h)`: dh (T, B, H) is what the loss sends to each state directly, h (T, B, H) holds the "
        "states of a tanh RNN. Return the total gradient that reaches each state, (T, B, H).",
    reference=total_gradients,
    cases=sequences,
    points=4,
    mistakes={
        lambda dh, h, W_h: dh.copy(): "This is dh, as it came in. Each state also gets a gradient through the state after it.",
        lambda dh, h, W_h: total_gradients(np.concatenate([np.zeros_like(dh[:-1]), dh[-1:]]), h, W_h):
            "Only what the loss sends to the last state is carried back. Add dh[t] at every step.",
        lambda dh, h, W_h: total_gradients(dh[::-1], h[::-1], W_h)[::-1]:
            "This carries gradients from the first step to the last. They go the other way: start at the last.",
        one_step_only: "Gradients are carried back one step and no further. Carry on the *total* of the step after, not its "
                       "dh.",
        lambda dh, h, W_h: total_gradients(dh, h, W_h.T):
            "W_h is not transposed. Forward it is h @ W_h, so backward it is … @ W_h.T.",
        lambda dh, h, W_h: total_gradients(dh, np.zeros_like(h), W_h):
            "The tanh is skipped: on its way from h[t] to h[t-1] a gradient is multiplied by 1 - h[t]**2.",
        lambda dh, h, W_h: total_gradients(dh, np.concatenate([h[:1], h[:-1]]), W_h):
            "The slope is taken one step too early. On its way from h[t] to h[t-1] a gradient passes the tanh that made h[t]: "
            "1 - h[t]**2.",
        lambda dh, h, W_h: total_gradients(dh, h, np.eye(len(W_h))):
            "W_h is left out: on its way from h[t] to h[t-1] a gradient is multiplied by W_h.T.",
        lambda dh, h, W_h: total_gradients(dh, h, W_h) * (1 - h**2):
            "This is the gradient by z, after the slope of the tanh. Asked for is the gradient by h, before it.",
        lambda dh, h, W_h: total_gradients(dh, h, W_h) - dh:
            "This is only what comes back from the step after. Add dh[t], what the loss sends to h[t] itself.",
        slope_after_the_weights: "The slope comes too late: backward, a gradient passes the tanh of step t first, then W_h.",
        lambda dh, h, W_h: total_gradients(dh, h, W_h)[::-1]:
            "The numbers are right, but in the order in which they were found. Entry t belongs to step t: turn them round.",
    },
    hints=("What reaches h[t] comes from two sides: from the loss, dh[t], and from h[t+1]. Where must you begin?",
           "Begin at the last step, with dh_next = 0. At each step the total is dh[t] + dh_next; from it follows the dh_next of "
           "the step before.",
           "dh_next = (total[t] * (1 - h[t]**2)) @ W_h.T"),
)


# q3: how far back

def multiplications():
    return 20 - 5                                   # one for each step from h_20 back to h_5


q3 = Question(
    ask="The loss reads only h_20, the state after step 20. On its way from dL/dh_20 to dL/dh_5, how many times is the gradient "
        "multiplied by W_h.T?",
    reference=multiplications,
    mistakes={
        5: "5 is how many steps lie before h_5. The gradient comes from the other side.",
        20: "20 would lead back to h_0. The gradient stops at h_5.",
        16: "16 states are touched, from h_20 to h_5, both counted. Count the arrows between them.",
        14: "14 states lie strictly between h_20 and h_5. Count the arrows: there is one more.",
        1: "One multiplication leads from h_20 to h_19. There are more steps to h_5.",
        0: "W_h is on every arrow from a state to the next: h_t = tanh(x_t W_x + h_{t-1} W_h + b).",
    },
    hints=("How many multiplications lead from dL/dh_20 to dL/dh_19?",
           "One for each arrow. Draw h_5 to h_20 in a row and count the arrows, not the states."),
)
