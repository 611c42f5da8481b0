"""Exercises of 05_exploding_gradients: a batch in parts, clipped; entries and radius; how soon a gradient is too long."""

import numpy as np

from lstm_helpers.checking import Question

# q1: a batch that came in parts


def clip_mean(parts, max_norm):
    mean = {name: sum(part[name] for part in parts) / len(parts) for name in parts[0]}
    norm = np.sqrt(sum(np.sum(g**2) for g in mean.values()))
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: g * factor for name, g in mean.items()}


def batches(rng):
    yield "two parts", ([{"W": np.array([[4.0]]), "b": np.array([-6.0])}, {"W": np.array([[2.0]]), "b": np.array([-2.0])}], 1.0)
    shapes = (("W_x", (2, 3)), ("W_h", (3, 3)), ("b", (3,)))
    drawn = [{name: rng.standard_normal(shape) for name, shape in shapes} for _ in range(3)]
    yield "longer than the limit", (drawn, 0.5)
    yield "a little longer", (scaled_to(drawn, 2.2), 2.0)
    yield "a little shorter than the limit", (scaled_to(drawn, 1.8), 2.0)
    yield "much shorter", (scaled_to(drawn, 0.2), 2.0)
    yield "zeros", (scaled_to(drawn, 0.0), 1.0)


def global_norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))


def mean_of(parts):
    return {name: np.mean([part[name] for part in parts], axis=0) for name in parts[0]}


def times(grads, factor):
    return {name: g * factor for name, g in grads.items()}


def scaled_to(parts, norm):
    return [times(part, norm / global_norm(mean_of(parts))) for part in parts]


def clip(grads, max_norm, length=global_norm):
    return times(grads, min(1, max_norm / max(length(grads), 1e-30)))


def of_mean(answer):
    """Return the clip_mean of someone who clips the mean by `answer(grads, max_norm)`."""
    return lambda parts, max_norm: answer(mean_of(parts), max_norm)


def with_length(length):
    return of_mean(lambda grads, max_norm: clip(grads, max_norm, length))


def always(grads, max_norm):
    with np.errstate(invalid="ignore"):
        return {name: g * max_norm / global_norm(grads) for name, g in grads.items()}


q1 = Question(
    ask="A batch did not fit into the memory, so its gradient comes in parts of equal size: `parts` is a list of dicts of "
        "arrays, all with the same names. Write `clip_mean(parts, max_norm)`: return the gradient of the whole batch, the mean "
        "of the parts, clipped at max_norm by its global norm, as a new dict.",
    reference=clip_mean,
    cases=batches,
    points=3,
    mistakes={
        lambda parts, max_norm: mean_of([clip(part, max_norm) for part in parts]):
            "Each part is clipped, then the mean is taken: long parts lose their say. First the mean, then one limit.",
        lambda parts, max_norm: clip(times(mean_of(parts), len(parts)), max_norm):
            "The parts are added up. The loss is a mean over the batch, so its gradient is the mean of the parts.",
        lambda parts, max_norm: times(clip(times(mean_of(parts), len(parts)), max_norm), 1 / len(parts)):
            "The sum is clipped, and then divided: what is too long ends shorter than max_norm. First the mean, then the limit.",
        lambda parts, max_norm: clip(parts[-1], max_norm): "Only the last part is used: take the mean of all.",
        lambda parts, max_norm: clip(parts[0], max_norm): "Only the first part is used: take the mean of all.",
        of_mean(lambda grads, max_norm: {name: clip({name: g}, max_norm)[name] for name, g in grads.items()}):
            "Each array is clipped by its own norm, so the direction changes. Take one norm of all together, and one factor.",
        of_mean(lambda grads, max_norm: {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}):
            "Each number is cut for itself, so the direction changes. Shorten all by the same factor.",
        of_mean(always): "Every gradient is brought to max_norm. One that is shorter has to stay as it is (and one of zeros "
                         "becomes NaN).",
        of_mean(lambda grads, max_norm: grads): "This is the mean. If its norm is above max_norm, multiply every array by "
                                                "max_norm / norm.",
        of_mean(lambda grads, max_norm: clip(grads, 1.0) if global_norm(grads) > max_norm else grads):
            "Too long a gradient gets the length 1, not max_norm. The factor is max_norm / norm.",
        with_length(lambda grads: global_norm(grads) ** 2): "The square root is missing: this compares the sum of squares with "
                                                            "max_norm.",
        with_length(lambda grads: sum(map(np.linalg.norm, grads.values()))):
            "The norms of the arrays are added. Lengths add up as squares do: add all squares, then take one root.",
        with_length(lambda grads: max(map(np.linalg.norm, grads.values()))):
            "The norm is that of the longest array. All of them together are longer: add all squares, then take one root.",
        with_length(lambda grads: max(np.abs(g).max() for g in grads.values())):
            "This takes the largest entry for the norm. Add the squares of all entries, then take the root.",
    },
    hints=("First the gradient of the whole batch: for each name, the mean of that array over the parts.",
           "Then think of all arrays as one long vector: its norm is the root of the sum of all squares. Multiply by "
           "max_norm / norm, but only if the norm is above max_norm.",
           "mean = {name: sum(part[name] for part in parts) / len(parts) for name in parts[0]}; the norm is "
           "np.sqrt(sum(np.sum(g**2) for g in mean.values()))."),
)


# q2: entries and radius

def entry():
    return 1 / 50                                   # each of 50 equal entries of a row has its part of the 1


q2 = Question(
    ask="All entries of a 50 × 50 matrix are equal. How large is each of them if the spectral radius is exactly 1?",
    reference=entry,
    tolerance=0.0002,
    mistakes={
        1: "With entries of 1 the radius is 50: each new number is the sum of 50 old ones.",
        1 / np.sqrt(50): "1/√50 is right for entries drawn at random around 0, where most of the sum cancels. Equal entries "
                         "don't cancel: here it gives a radius of 7.07.",
        1 / 50**2: "With 1/2500 *all* entries add up to 1. What counts is the sum of one row.",
        0.05: "That would be right for a matrix of 20 × 20. Here 50 numbers are added up.",
        0.2: "The radius would be 50 · 0.2 = 10. In the notebook it was 20 · 0.2 = 4.",
        0.01: "The radius would be 50 · 0.01 = 0.5.",
        50: "With entries of 50 the radius is 50 · 50 = 2500.",
    },
    hints=("Multiply a vector of 50 ones by such a matrix. What is each number of the result?",
           "Each is the sum of 50 equal entries. For a radius of 1 it has to be 1 again."),
)


# q3: how soon is it too long?

def steps_until(factor, limit):
    length, steps = 1.0, 0
    while length <= limit:
        length, steps = length * factor, steps + 1
    return steps


GROWING = [(f"times {factor}, limit {limit:g}", (factor, limit))
           for factor, limit in ((2.0, 8.0), (1.1, 1000.0), (4.0, 1e15), (1.5, 3.4e38))]

q3 = Question(
    ask="Write `steps_until(factor, limit)`. A gradient of length 1 is multiplied by a factor above 1 at each step. After how "
        "many steps is it, for the first time, *longer* than the limit, a number above 1?",
    reference=steps_until,
    cases=GROWING,
    points=2,
    mistakes={
        lambda factor, limit: steps_until(factor, limit) - 1: "One step too few: after these steps it is still within the limit.",
        lambda factor, limit: steps_until(factor, limit) + 1: "One too many: the length 1 at the start comes before any step.",
        lambda factor, limit: np.ceil(np.log(limit) / np.log(factor)): "Almost: with factor 2 and limit 8 it is exactly 8 after "
                                                                       "three steps. That is not longer yet.",
        lambda factor, limit: np.log(limit) / np.log(factor): "Steps are whole: with factor 1.1 and limit 1000 it is at the "
                                                              "limit after 72.5 steps. After which one is it beyond?",
        lambda factor, limit: np.log(limit): "The factor is left out. log(limit) counts factors of e = 2.718.",
        lambda factor, limit: np.log10(limit): "The factor is left out. log10(limit) counts factors of 10.",
        lambda factor, limit: np.log(factor) / np.log(limit): "The fraction is upside down: how often does log(factor) fit into "
                                                              "log(limit)?",
        lambda factor, limit: limit / factor: "This divides once. How often can you multiply 1 by the factor before it is longer "
                                              "than the limit?",
        lambda factor, limit: np.floor((limit - 1) / (factor - 1)) + 1: "This adds factor - 1 at each step. The length is "
                                                                        "multiplied: 1, factor, factor**2, …",
    },
    hints=("Do it by hand: factor 2, limit 8. The lengths are 1, 2, 4, 8, 16. How many steps lead to the first above 8?",
           "A loop will do: as long as the length is not above the limit, multiply it and count one step.",
           "while length <= limit: …, starting from a length of 1 and no steps."),
)
