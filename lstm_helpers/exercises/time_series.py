"""Exercises of 17_time_series: persistence, the rows of an autoregression, a scale that does not leak."""

import numpy as np

from lstm_helpers.checking import Question

# q1: persistence


def persistence_error(series, horizon):
    return np.mean((series[horizon:] - series[:-horizon]) ** 2)


def stretches(rng):
    yield "four numbers, horizon 1", (np.array([1.0, 2.0, 4.0, 3.0]), 1)
    for n, horizon in ((12, 3), (20, 5)):
        yield f"{n} numbers, horizon {horizon}", (rng.standard_normal(n).cumsum() + 2, horizon)


q1 = Question(
    ask="Write `persistence_error(series, horizon)`: the mean squared error of the forecast \"it stays as it is\": the number "
        "`horizon` steps later is said to be the same as now. series is (n,).",
    reference=persistence_error,
    cases=stretches,
    mistakes={
        lambda s, k: np.mean(np.diff(s) ** 2): "This compares neighbours. Compare numbers that lie `horizon` apart.",
        lambda s, k: np.sqrt(persistence_error(s, k)): "Leave the root out: the mean of the squares is asked for.",
        lambda s, k: np.mean(np.abs(s[k:] - s[:-k])): "These are absolute errors. Square them.",
        lambda s, k: np.mean(s[k:] - s[:-k]): "Errors of different signs cancel. Square them first.",
        lambda s, k: np.mean(s[k:] - s[:-k]) ** 2:
            "This squares the mean, in which errors of different signs have cancelled. Square each error, then take the mean.",
        lambda s, k: np.var(s[k:] - s[:-k]):
            "np.var takes the mean of the errors away before it squares them: a steady error would count for nothing.",
        lambda s, k: np.sum((s[k:] - s[:-k]) ** 2): "That is the sum. Take the mean.",
        lambda s, k: np.sum((s[k:] - s[:-k]) ** 2) / len(s):
            "The last `horizon` numbers have nothing to be compared with: divide by the number of pairs, n - horizon.",
        lambda s, k: np.mean((s[k:] - s[:-k])[:-1] ** 2):
            "The last pair is missing: the last number that has one `horizon` later is series[-horizon - 1].",
        lambda s, k: np.mean((s[k:] - s[:-k])[1:] ** 2): "The first pair is missing: it is series[0] and series[horizon].",
        lambda s, k: np.mean((s - s.mean()) ** 2): "That is the error of always saying the mean.",
        lambda s, k: np.mean((np.roll(s, -k) - s) ** 2): "np.roll takes the first numbers for those after the end. Leave them "
                                                            "out.",
        lambda s, k: persistence_error(s, k) / np.var(s): "Do not divide by the variance here.",
    },
    hints=("Which numbers have one that lies `horizon` later?", "All but the last `horizon`: series[:-horizon].",
           "np.mean((series[horizon:] - series[:-horizon]) ** 2)"),
)


# q2: the rows of an autoregression

def lagged(series, order, horizon):
    rows, targets = [], []
    for now in range(order - 1, len(series) - horizon):
        rows.append(series[now - order + 1:now + 1])        # the last `order` numbers, the newest last
        targets.append(series[now + horizon])
    return np.array(rows), np.array(targets)


def orders(rng):
    yield "four numbers, order 2, horizon 1", (np.array([1.0, 2.0, 4.0, 7.0]), 2, 1)
    for n, order, horizon in ((12, 3, 2), (15, 4, 4)):
        yield f"{n} numbers, order {order}, horizon {horizon}", (rng.standard_normal(n), order, horizon)


def shifted(rows_by, targets_by):
    """Return the lagged of someone whose rows or targets stand so many steps off."""
    def answer(series, order, horizon):
        nows = range(order - 1, len(series) - horizon)
        rows = [series[max(now - order + 1 + rows_by, 0):max(now - order + 1 + rows_by, 0) + order] for now in nows]
        return np.array(rows), np.array([series[now + horizon + targets_by] for now in nows])
    return answer


q2 = Question(
    ask="Write `lagged(series, order, horizon)`: return what an autoregression is fitted on. Rows (n, order): the last `order` "
        "numbers up to now, the newest last. Targets (n,): the number `horizon` steps after now. Take every now for which all of "
        "them exist, from the first on.",
    reference=lagged,
    cases=orders,
    names=("rows", "targets"),
    points=2,
    mistakes={
        lambda s, p, k: (lagged(s, p, k)[0][:, ::-1], lagged(s, p, k)[1]): "The newest number is to stand last in each row.",
        shifted(0, -1): "The targets are one step too early: they lie `horizon` after the newest number in the row.",
        lambda s, p, k: tuple(a[:-1] for a in lagged(s, p, k)):
            "The last row is missing: the last now is len(series) - 1 - horizon.",
        lambda s, p, k: tuple(a[1:] for a in lagged(s, p, k)): "The first row is missing: the first now is order - 1.",
        lambda s, p, k: (lagged(s, p, k)[0][1:, ::-1], lagged(s, p, k)[1][1:]):
            "Two things: the first row is missing (the first now is order - 1), and the newest number is to stand last in a row.",
        lambda s, p, k: (lagged(s, p, k)[0][:-1, ::-1], lagged(s, p, k)[1][:-1]):
            "Two things: the last row is missing (the last now is len(series) - 1 - horizon), and the newest number is to stand "
            "last in a row.",
        lambda s, p, k: (lagged(s, p, k)[0][:-1], lagged(s, p, k)[1][1:]):
            "Your rows end one number before now. The last one of a row is series[now] itself, so the first now is order - 1.",
        lambda s, p, k: (lagged(s, p, k)[0][:-1, ::-1], lagged(s, p, k)[1][1:]):
            "Two things: your rows end one number before now (the first now is order - 1), and the newest number is to stand "
            "last in a row.",
        lambda s, p, k: (lagged(s, p, k)[0].T, lagged(s, p, k)[1]): "The rows are columns here: (n, order) is asked for.",
        lambda s, p, k: (lagged(s, p, k)[0], lagged(s, p, k)[0][:, -1]): "These targets are the newest numbers of the rows: the "
                                                                         "answer would stand in the question.",
    },
    hints=("Which is the first now with `order` numbers up to it? Which is the last with one `horizon` later?",
           "now runs from order - 1 to len(series) - horizon - 1.", "A row is series[now - order + 1:now + 1]."),
)


# q3: a scale that does not leak

def scaled(series, cut):
    mean, std = series[:cut].mean(), series[:cut].std()
    return (series[:cut] - mean) / std, (series[cut:] - mean) / std


def cuts(rng):
    yield "four numbers, cut at 2", (np.array([1.0, 5.0, 8.0, 6.0]), 2)
    for n, cut in ((12, 7), (20, 15)):
        yield f"{n} numbers, cut at {cut}", (rng.standard_normal(n).cumsum() + 5, cut)


def scaled_by(scale_first, scale_rest):
    """Return the scaled of someone with these (mean, std) for the parts: functions of first part, rest and whole series."""
    def answer(series, cut):
        parts = series[:cut], series[cut:]
        scales = scale_first(*parts, series), scale_rest(*parts, series)
        return tuple((part - mean) / std for part, (mean, std) in zip(parts, scales, strict=True))
    return answer


def for_both(scale):
    return scaled_by(scale, scale)


def of_first(first, rest, series):
    return first.mean(), first.std()


q3 = Question(
    ask="Write `scaled(series, cut)`: cut the series (n,) into its first `cut` numbers and the rest. Scale both so that the "
        "first part has mean 0 and standard deviation 1, and nothing of the rest is used for it. Return both parts.",
    reference=scaled,
    cases=cuts,
    names=("first part", "rest"),
    points=2,
    mistakes={
        for_both(lambda first, rest, series: (series.mean(), series.std())):
            "Mean and standard deviation of the whole series: the scale has seen the future. Take them of the first part.",
        for_both(lambda first, rest, series: (first.mean(), series.std())):
            "The standard deviation is that of the whole series: it has seen the future. Take it of the first part, as you took "
            "the mean.",
        for_both(lambda first, rest, series: (series.mean(), first.std())):
            "The mean is that of the whole series: it has seen the future. Take it of the first part.",
        scaled_by(of_first, lambda first, rest, series: (rest.mean(), rest.std())):
            "The rest has a scale of its own. When you forecast you don't know it yet: use that of the first part.",
        scaled_by(of_first, lambda first, rest, series: (first.mean(), rest.std())):
            "The rest is divided by its own standard deviation, which you don't know yet: use that of the first part.",
        scaled_by(of_first, lambda first, rest, series: (rest.mean(), first.std())):
            "The rest has its own mean taken away, which you don't know yet: use that of the first part.",
        scaled_by(of_first, lambda first, rest, series: (0, 1)):
            "The rest came out as it went in. Scale it by the mean and standard deviation that the first part had *before* it "
            "was scaled.",
        for_both(lambda first, rest, series: (first.mean(), first.std(ddof=1))):
            "This standard deviation divides by one less than there are numbers (ddof=1, as pandas does). Here it is the plain "
            "one of np.std: the first part comes out with a standard deviation of 1.",
        for_both(lambda first, rest, series: (first.mean(), 1)): "Divide by the standard deviation too.",
        for_both(lambda first, rest, series: (first.mean(), first.var())):
            "This divides by the variance. Divide by the standard deviation, its root.",
        for_both(lambda first, rest, series: (0, first.std())): "Take the mean away first.",
    },
    hints=("Which numbers did you know on the day of the cut?", "Mean and std of series[:cut] alone, for both parts."),
)
