"""Exercises of 05_exploding_gradients: a batch in parts, clipped; a ring of weights and its radius; a limit from the norms."""

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


# q2: a ring of weights

def corner():
    return 1 / 3**3                                 # four steps round the ring: 3 * 3 * 3 * corner == 1


q2 = Question(
    ask="A 4 × 4 matrix holds 3 at the three places just above the diagonal, a number e above 0 at the bottom left, and 0 "
        "elsewhere. Its spectral radius is exactly 1. How large is e? Give three digits.",
    reference=corner,
    tolerance=0.0003,
    mistakes={
        1 / 3: "1/3 makes up for a single 3. Follow a number round: how many threes does it meet before it meets e?",
        1 / 9: "1/9 makes up for two threes. Follow a number round: it meets three of them, and then e.",
        1 / 81: "This makes up for four threes. There are three; e is the fourth factor.",
        0: "With e = 0 everything is pushed out to the right, and the radius is 0.",
        1: "With e = 1 four steps multiply by 27, so each in the mean by 27 ** 0.25 = 2.28: that is the radius.",
        3: "With e = 3 every step multiplies some number by 3: the radius is 3.",
        3**-0.75: "27 ** -0.25 is what undoes the mean of *all four* factors at every step. e is met once in four steps.",
    },
    hints=("v @ W moves the first number to the second place, times 3. Where is it after four steps, and times what?",
           "After four steps every number is back in its place, times 3 · 3 · 3 · e. What must that be for a radius of 1?"),
)


# q3: a limit from the norms

def limit_for(norms, share):
    return min(norm for norm in norms if np.mean(norms > norm) <= share)


def first_runs(rng):
    yield "four steps, share 0.25", (np.array([0.5, 9.0, 0.7, 2.0]), 0.25)
    yield "share 0", (np.array([0.5, 9.0, 0.7, 2.0]), 0.0)
    for steps, share in ((9, 0.3), (9, 0.1), (16, 0.25)):
        yield f"{steps} steps, share {share}", (np.exp(rng.uniform(-2, 4, steps)), share)


def ranked(place):
    """Return the limit_for of someone who takes the norm with `place(T, share)` longer ones, as far as there are so many."""
    def answer(norms, share):
        return np.sort(norms)[::-1][int(np.clip(place(len(norms), share + 1e-12), 0, len(norms) - 1))]
    return answer


q3 = Question(
    ask="Write `limit_for(norms, share)`: norms (T,) are the gradient norms of a first run; a limit shortens the steps whose "
        "norm is *above* it. Return the smallest of these norms that, as max_norm, would have shortened at most the given share "
        "(0 or more, below 1) of the steps.",
    reference=limit_for,
    cases=first_runs,
    points=2,
    mistakes={
        lambda norms, share: np.quantile(norms, 1 - share):
            "np.quantile puts a number *between* two norms. Asked for is one of the norms: the smallest that will do.",
        lambda norms, share: np.quantile(norms, share): "This counts from the wrong end: `share` is the part *above* the limit.",
        ranked(lambda T, share: T * share - 1):
            "This norm would do, but a smaller one, too: a step whose norm *equals* the limit is not shortened.",
        ranked(lambda T, share: T * share + 1): "One too small: this shortens a step more than is allowed.",
        ranked(lambda T, share: np.ceil(T * share - 1e-9) if share > 1e-9 else 1):
            "Rounded up: where T times share is no whole number, this shortens a step too many.",
        lambda norms, share: np.sort(norms)[-1]: "The longest norm shortens no step at all. How far down may you go?",
        lambda norms, share: np.sort(norms)[0]: "The smallest norm shortens all other steps. At most the share is allowed.",
        lambda norms, share: norms[len(norms) - 1 - int(len(norms) * share)]: "The norms come in the order of time: sort first.",
        lambda norms, share: np.median(norms): "This is the median, whatever the share is: it shortens half of the steps.",
        lambda norms, share: norms.mean(): "This is the mean, whatever the share is. One long step pulls it up.",
        lambda norms, share: (1 - share) * norms.max(): "This is a part of the longest norm. `share` is a part of the *steps*.",
    },
    hints=("Take one of the norms as a limit. Which part of the steps would it shorten? np.mean(norms > limit).",
           "Try each of the norms as a limit. Keep those that shorten at most the share, and return the smallest.",
           "min(norm for norm in norms if …)"),
)
