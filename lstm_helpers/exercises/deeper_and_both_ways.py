"""Exercises of 21_deeper_and_both_ways: turn sequences round, what waiting can reach, dropout by hand, units for a budget."""

import numpy as np

from lstm_helpers.checking import Question

# q1: turn each sequence round within its own length


def turned(x, lengths):
    out = x.copy()
    for n, length in enumerate(lengths):
        out[:length, n] = x[:length, n][::-1]
    return out


def padded(rng):
    for label, (steps, inputs, lengths) in (("one sequence, no padding", (3, 1, [3])), ("lengths 4 and 2", (4, 2, [4, 2])),
                                            ("lengths 1, 5 and 3", (5, 2, [1, 5, 3]))):
        x = rng.standard_normal((steps, len(lengths), inputs))
        for n, length in enumerate(lengths):
            x[length:, n] = -7
        yield label, (x, np.array(lengths))


def turned_otherwise(change):
    """Return what someone returns who treats each sequence (T, D) of known length by `change`."""
    return lambda x, lengths: np.stack([change(x[:, n], length) for n, length in enumerate(lengths)], axis=1)


q1 = Question(
    ask="Write `turned(x, lengths)`: turn each sequence of a padded batch round *within its own length*, and leave the "
        "padding where it is, at the end. x is (T, B, D), lengths (B,) holds whole numbers. Return an array like x, and "
        "leave x as it was. This is what a library does that has no masks in its second direction.",
    reference=turned,
    cases=padded,
    points=2,
    mistakes={
        lambda x, lengths: x[::-1]:
            "All of x is turned round, and the padding now comes first. Turn each sequence within its length.",
        lambda x, lengths: x.copy(): "Nothing is turned round.",
        lambda x, lengths: x[:, ::-1]: "The sequences have changed places in the batch. Turn round the steps: axis 0.",
        lambda x, lengths: x[:, :, ::-1]: "The entries within each step are turned round. Turn round the steps: axis 0.",
        turned_otherwise(lambda s, n: np.concatenate([s[:n][::-1], np.zeros_like(s[n:])])):
            "The padding has become zeros. Leave it as it is in x.",
        turned_otherwise(lambda s, n: np.concatenate([s[:n - 1][::-1], s[n - 1:]])):
            "The last real step stays where it was: the slice ends one too early. Take x[:length].",
        turned_otherwise(lambda s, n: np.concatenate([s[:n + 1][::-1], s[n + 1:]])):
            "The slice ends one too late: a step of padding is turned, too. Take x[:length].",
        lambda x, lengths: turned(x, [min(lengths)] * len(lengths)):
            "Every sequence is turned as if it were as short as the shortest one.",
        lambda x, lengths: turned(x, lengths).transpose(1, 0, 2): "Steps and sequences have changed places: return (T, B, D).",
    },
    hints=("Take one sequence, x[:, n]. Which slice of it is real?",
           "Its real part is x[:length, n]; turned round, x[:length, n][::-1].",
           "Begin with out = x.copy(), and for each n set out[:length, n] = x[:length, n][::-1]."),
)


# q2: what waiting can reach

def best_by_waiting(longest, wait):
    return (wait + (longest - wait) / 2) / longest if wait < longest else 1.0


def waits(rng):
    for longest, wait in ((4, 0), (4, 1), (4, 4), (7, 3), (5, 9)):
        yield f"at most {longest} ahead, waiting {wait}", (longest, wait)


q2 = Question(
    ask="Write `best_by_waiting(longest, wait)`: a letter's tag, one of two that are equally likely, is told by a sign "
        "that stands d letters ahead; d is drawn evenly from 1 to `longest`, and nothing else gives it away. A reader "
        "from left to right may wait `wait` letters before it answers. Return the best accuracy that it can reach.",
    reference=best_by_waiting,
    cases=waits,
    points=2,
    mistakes={
        lambda longest, wait: min(wait / longest, 1.0):
            "That is the share of signs that it sees. For the others it may guess, and is right "
                                                        "half of the time.",
        lambda longest, wait: (wait - 1 + (longest - wait + 1) / 2) / longest if wait < longest else 1.0:
            "Who waits w letters sees the signs at d = 1 … w, and w is among them.",
        lambda longest, wait: (wait + 1 + (longest - wait - 1) / 2) / longest if wait < longest else 1.0:
            "One too many: without waiting (wait = 0) no sign is seen yet.",
        lambda longest, wait: (wait + (longest - wait) / 2) / longest:
            "Above 1 for a long wait: nobody is right more often than always.",
        lambda longest, wait: 0.5: "That is blind guessing. Who waits sees some of the signs.",
        lambda longest, wait: 0.5 if wait < longest else 1.0:
            "A shorter wait helps, too: some of the signs stand near.",
        lambda longest, wait: 1.0: "Not all signs are seen by then.",
        lambda longest, wait: 0.5 + wait / longest if wait < longest else 1.0:
            "What is seen is counted on top of all guesses. Guess only where no sign was seen.",
        lambda longest, wait: (wait / 2 + longest - wait) / longest if wait < longest else 1.0:
            "Seen and unseen are exchanged: it is right where the sign was seen, and guesses elsewhere.",
    },
    hints=("With which probability has the sign been seen by the time it answers?", "wait / longest, but no more than 1.",
           "Seen: always right. Not seen: right half of the time."),
)


# q3: dropout by hand

def dropped(h, rate, u):
    return np.where(u < rate, 0, h / (1 - rate))


def states_and_draws(rng):
    for label, (shape, rate) in (("one number in three dropped", ((1, 4), 1 / 3)), ("one in five", ((3, 7), 0.2)),
                                 ("none", ((2, 3), 0.0))):
        yield label, (rng.uniform(0.2, 1, shape) * rng.choice([-1, 1], shape), rate, rng.random(shape))


q3 = Question(
    ask="Write `dropped(h, rate, u)`: dropout in training, with the draws given. A number of h (B, H) is dropped where "
        "its draw u, from U(0, 1), is *below* `rate`. Return what goes on, with the mean over draws kept.",
    reference=dropped,
    cases=states_and_draws,
    points=2,
    mistakes={
        lambda h, rate, u: np.where(u < rate, 0, h):
            "What is kept must grow, or the mean shrinks: out of training nothing is dropped.",
        lambda h, rate, u: np.where(u < rate, 0, h * (1 - rate)):
            "What is kept is made smaller. Divide by 1 - rate, to keep the mean.",
        lambda h, rate, u: np.where(u < rate, h / (1 - rate), 0) if rate else h * 0:
            "Kept and dropped are exchanged: dropped is what has a draw below the rate.",
        lambda h, rate, u: np.where(u < rate, 0, h / rate) if rate else h:
            "Divide by the share that is *kept*, 1 - rate.",
        lambda h, rate, u: h * (1 - rate): "This shrinks all of h, as some do out of training. Drop numbers.",
        lambda h, rate, u: (u >= rate) / (1 - rate): "That is the mask. Multiply h by it.",
        lambda h, rate, u: np.where(np.arange(h.size).reshape(h.shape) < rate * h.size, 0, h / (1 - rate)) if rate else h * 2:
            "The first numbers are dropped. Let the draws decide.",
        lambda h, rate, u: h / (1 - rate) if rate else h * 2: "Nothing is dropped.",
        lambda h, rate, u: h - (u < rate): "One is taken off where a number should become 0.",
        lambda h, rate, u: np.where(u < rate, 0, h * h.size / np.sum(u >= rate)) if rate else h * 2:
            "Divide by 1 - rate, not by the share that this draw happened to keep: only then is the mean over draws h.",
    },
    hints=("Write the mask first: 0 where u < rate, else 1.", "A share of 1 - rate is kept. By what must it be multiplied?",
           "h times the mask, divided by 1 - rate."),
)


# q4: units for a budget

def units_of_each(D, depth, budget):
    units = 0
    while 4 * (D + units + 2) * (units + 1) + (depth - 1) * 4 * (2 * units + 3) * (units + 1) <= budget:
        units += 1
    return units


def budgets(rng):
    for D, depth, budget in ((3, 1, 1000), (3, 2, 1000), (10, 3, 5000), (1, 1, 12), (40, 2, 20_000)):
        yield f"D = {D}, depth {depth}, budget {budget}", (D, depth, budget)


def most(parameters):
    """Return the function of someone who counts the parameters of a stack otherwise."""
    return lambda D, depth, budget: max([0, *(n for n in range(1, 400) if parameters(n, D, depth) <= budget)])


def of_stack(n, D, depth):
    return 4 * n * (D + n + 1) + (depth - 1) * 4 * n * (2 * n + 1)


q4 = Question(
    ask="Write `units_of_each(D, depth, budget)`: a stack of `depth` LSTM layers of equally many units reads D inputs. "
        "How many units may each have at most, if the layers (there is no head) are to hold no more than `budget` "
        "parameters? Return a whole number, 0 if not even one fits.",
    reference=units_of_each,
    cases=budgets,
    points=2,
    mistakes={
        most(lambda n, D, depth: depth * 4 * n * (D + n + 1)):
            "Only the lowest layer reads D inputs. One above reads the units below it.",
        most(lambda n, D, depth: 4 * n * (D + n + 1)): "That is one layer. Count those above it, too.",
        most(lambda n, D, depth: of_stack(n, D, depth) // 4): "An LSTM has four such parts: i, f, g and o.",
        most(lambda n, D, depth: of_stack(n, D, depth) - 4 * n * depth): "The biases are missing.",
        most(lambda n, D, depth: of_stack(n, D, depth) + 4 * n * depth): "Two biases a part are PyTorch's. Ours has one.",
        most(lambda n, D, depth: 4 * n * (D + 1) + (depth - 1) * 4 * n * (n + 1)):
            "$W_h$ is missing: each layer reads its own h, too.",
        lambda D, depth, budget: units_of_each(D, depth, budget) + 1: "One too many: this stack is above the budget.",
        lambda D, depth, budget: max(0, units_of_each(D, depth, budget) - 1): "One more unit still fits.",
        lambda D, depth, budget: units_of_each(D, 1, budget) // depth:
            "Sharing out the units of a single layer is not sharing out its parameters.",
    },
    hints=("How many parameters has an LSTM of n units that reads D numbers? See 07.",
           "4 · n · (D + n + 1). A layer above reads n numbers: 4 · n · (2 n + 1).",
           "Raise n while the sum of all layers stays within the budget."),
)
