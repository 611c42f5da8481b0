"""Exercises of 17_time_series: a seasonal rival, windows that share nothing with the test, a scale that moves along."""

import numpy as np

from lstm_helpers.checking import Question

# q1: the seasonal rival


def seasonal_error(series, horizon, period):
    back = period * -(-horizon // period)               # whole periods, at least the horizon: that number is known now
    return np.mean((series[back:] - series[:-back]) ** 2)


def stretches(rng):
    yield "four numbers, horizon 1, period 2", (np.array([1.0, 5.0, 2.0, 4.0]), 1, 2)
    for n, horizon, period in ((12, 3, 3), (17, 5, 2), (20, 4, 7)):
        yield f"{n} numbers, horizon {horizon}, period {period}", (rng.standard_normal(n).cumsum() + 2, horizon, period)


def errors_from(back, judge=lambda errors: np.mean(errors ** 2)):
    """Return the seasonal_error of someone who goes another number of steps back, or judges otherwise."""
    def answer(series, horizon, period):
        steps = back(horizon, period)
        return judge(series[steps:] - series[:-steps])
    return answer


def right_way_back(horizon, period):
    return period * -(-horizon // period)


q1 = Question(
    ask="Write `seasonal_error(series, horizon, period)`: a rival for a series with a season. For the step `horizon` steps "
        "ahead it says the number that stood a whole number of periods before that step: the latest such number that is "
        "known now. Return the mean squared error over all steps for which there is one. series is (n,).",
    reference=seasonal_error,
    cases=stretches,
    mistakes={
        errors_from(lambda k, p: p): "One period before the step asked for may not be known yet: with a horizon longer than a "
                                     "period, go further back.",
        errors_from(lambda k, p: k): "That is persistence: it never looks at the period.",
        errors_from(lambda k, p: k + p): "You went a period back from now. Go back from the step that is asked for.",
        errors_from(lambda k, p: p * max(1, k // p)):
            "This rounds the number of periods down, to a number that is not known yet. Round it up.",
        errors_from(lambda k, p: p * (k // p + 1)):
            "A period too far where the horizon is a whole number of periods: now itself is known.",
        errors_from(right_way_back, lambda errors: np.sqrt(np.mean(errors ** 2))):
            "Leave the root out: the mean of the squares is asked for.",
        errors_from(right_way_back, lambda errors: np.mean(np.abs(errors))): "These are absolute errors. Square them.",
        errors_from(right_way_back, lambda errors: np.mean(errors) ** 2):
            "This squares the mean, in which errors of different signs have cancelled. Square each error, then take the mean.",
        errors_from(right_way_back, np.var):
            "np.var takes the mean of the errors away before it squares them: a steady error would count for nothing.",
        errors_from(right_way_back, lambda errors: np.sum(errors ** 2)): "That is the sum. Take the mean.",
        errors_from(right_way_back, lambda errors: np.mean(errors[1:] ** 2)):
            "The first pair is missing: the rival can speak as soon as one whole number of periods has passed.",
        lambda s, k, p: np.sum((s[right_way_back(k, p):] - s[:-right_way_back(k, p)]) ** 2) / len(s):
            "The first numbers have nothing to be compared with: divide by the number of pairs.",
        lambda s, k, p: np.mean((s - np.roll(s, right_way_back(k, p))) ** 2):
            "np.roll takes the last numbers for those before the beginning. Leave them out.",
    },
    hints=("Horizon 5, period 2: which of 2, 4, 6, 8 steps before the step asked for lie at or before now?",
           "Round horizon / period up, and multiply by the period.", "Then compare series[back:] with series[:-back]."),
)


# q2: training windows that share nothing with the test

def without_overlap(starts, asked, span):
    apart = np.abs(starts[:, None] - asked) >= span                     # (starts, asked)
    return starts[apart.all(axis=1)]


def windows(rng):
    yield "windows of 2, one asked", (np.array([3, 5, 6, 8]), np.array([5]), 2)
    yield "windows of 4, two asked", (np.arange(20), np.array([3, 12]), 4)
    for n, span, asked in ((30, 5, 2), (40, 4, 3)):
        order = rng.permutation(n)
        yield f"{n - asked} windows of {span} in no order, {asked} asked", (order[asked:], order[:asked], span)


def kept_if(rule, join=np.all):
    """Return the without_overlap of someone with another rule for the distance of a window from an asked one."""
    return lambda starts, asked, span: starts[join(rule(starts[:, None] - asked, span), axis=1)]


q2 = Question(
    ask="Write `without_overlap(starts, asked, span)`: a window that begins at s holds the `span` numbers s, s + 1, … "
        "(what is read and the target). The windows that begin at `asked` (m,) are the test. Of the windows that begin at "
        "`starts` (n,), return those that share no number with any of them, in the order in which they stand.",
    reference=without_overlap,
    cases=windows,
    points=2,
    mistakes={
        kept_if(lambda d, span: d != 0):
            "Only the asked windows themselves are gone. Their neighbours hold most of the same numbers.",
        kept_if(lambda d, span: np.abs(d) > span):
            "Too strict: windows that begin exactly `span` apart stand side by side and share nothing.",
        kept_if(lambda d, span: np.abs(d) >= span - 1): "Windows that begin span - 1 apart still share one number.",
        kept_if(lambda d, span: d <= -span):
            "These are the windows before all that is asked. Those behind it may share nothing, too.",
        kept_if(lambda d, span: d >= span):
            "These are the windows behind all that is asked. Those before it may share nothing, too.",
        kept_if(lambda d, span: (d >= 0) | (d <= -span)):
            "You looked only at windows that begin before an asked one. One that begins behind it can share numbers as well.",
        kept_if(lambda d, span: (d <= 0) | (d >= span)):
            "You looked only at windows that begin behind an asked one. One that begins before it can share numbers as well.",
        kept_if(lambda d, span: np.abs(d) >= span, np.any):
            "This keeps a window that is apart from one of the asked. It must be apart from every one.",
        kept_if(lambda d, span: np.abs(d) < span, np.any): "These are the windows that do share a number: you want the others.",
        lambda starts, asked, span: np.sort(without_overlap(starts, asked, span)):
            "The right ones, sorted. Leave them in the order in which they stand.",
        lambda starts, asked, span: (np.abs(starts[:, None] - asked) >= span).all(axis=1):
            "This tells which to keep. Return their beginnings.",
        lambda starts, asked, span: np.flatnonzero((np.abs(starts[:, None] - asked) >= span).all(axis=1)):
            "These are places in `starts`. Return the beginnings that stand there.",
    },
    hints=("When do two windows of 3 numbers that begin at 5 and at s share a number? Try s = 2, 3, 7, 8.",
           "They share none if they begin at least `span` apart, whichever is first.",
           "np.abs(starts[:, None] - asked) holds all distances (n, m)."),
)


# q3: a scale that moves along

def scaled_by_the_past(series, first):
    past = [series[:t] for t in range(first, len(series))]
    return np.array([(x - before.mean()) / before.std() for x, before in zip(series[first:], past, strict=True)])


def beginnings(rng):
    yield "four numbers, the first two known", (np.array([1.0, 5.0, 8.0, 6.0]), 2)
    for n, first in ((12, 4), (20, 9)):
        yield f"{n} numbers, the first {first} known", (rng.standard_normal(n).cumsum() + 5, first)


def scaled_with(mean_of, std_of=None, std=np.std):
    """Return the scaled_by_the_past of someone who takes mean and standard deviation of other stretches."""
    std_of = std_of or mean_of

    def answer(series, first):
        return np.array([(series[t] - series[mean_of(t, first)].mean()) / std(series[std_of(t, first)])
                         for t in range(first, len(series))])
    return answer


def before_now(t, first):
    return slice(t)


def beginning(t, first):
    return slice(first)


def everything(t, first):
    return slice(None)


q3 = Question(
    ask="Write `scaled_by_the_past(series, first)`: a scale that moves along. Each number from `series[first]` on is "
        "scaled by mean and standard deviation of all numbers *before* it. series is (n,); return the n - first scaled "
        "numbers.",
    reference=scaled_by_the_past,
    cases=beginnings,
    points=2,
    mistakes={
        scaled_with(everything): "Mean and standard deviation of the whole series: the scale has seen the future.",
        scaled_with(lambda t, first: slice(t + 1)):
            "Each number is in its own scale: that much of the answer is known beforehand. Stop one earlier.",
        scaled_with(beginning):
            "This scale stands still: it is that of the first numbers. Let it take in each number that has passed.",
        scaled_with(before_now, beginning):
            "The mean moves along, the standard deviation stands still. Take both of all that is past.",
        scaled_with(beginning, before_now):
            "The standard deviation moves along, the mean stands still. Take both of all that is past.",
        scaled_with(lambda t, first: slice(t - first, t)):
            "This window slides: it drops its oldest number at each step. All numbers before are asked for.",
        scaled_with(before_now, everything): "The standard deviation is that of the whole series: it has seen the future.",
        scaled_with(everything, before_now): "The mean is that of the whole series: it has seen the future.",
        scaled_with(before_now, std=lambda part: np.std(part, ddof=1)):
            "This standard deviation divides by one less than there are numbers (ddof=1, as pandas does). Take the plain "
            "one of np.std.",
        scaled_with(before_now, std=lambda part: 1): "Divide by the standard deviation too.",
        scaled_with(before_now, std=np.var): "This divides by the variance. Divide by the standard deviation, its root.",
        lambda series, first: np.array([series[t] / series[:t].std() for t in range(first, len(series))]):
            "Take the mean away first.",
        lambda series, first: np.array([(series[t] - series[:t - 1].mean()) / (series[:t - 1].std() or 1)
                                        for t in range(first, len(series))]):
            "The number right before is missing from the scale: series[:t] holds all that lie before series[t].",
    },
    hints=("What do you know when series[t] is about to come?", "All of series[:t].",
           "A loop over t from first to the end, with mean and std of series[:t] in each turn."),
)
