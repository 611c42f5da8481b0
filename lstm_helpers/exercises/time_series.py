"""Exercises of 17_time_series: persistence, the rows of an autoregression, a scale that does not leak."""

import numpy as np

from lstm_helpers.exercises.core import Question

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
        lambda s, k: np.sum((s[k:] - s[:-k]) ** 2): "That is the sum. Take the mean.",
        lambda s, k: np.sum((s[k:] - s[:-k]) ** 2) / len(s):
            "The last `horizon` numbers have nothing to be compared with: divide by the number of pairs, n - horizon.",
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
    yield "four numbers, cut at 2", (np.array([1.0, 3.0, 8.0, 6.0]), 2)
    for n, cut in ((12, 7), (20, 15)):
        yield f"{n} numbers, cut at {cut}", (rng.standard_normal(n).cumsum() + 5, cut)


q3 = Question(
    ask="Write `scaled(series, cut)`: cut the series (n,) into its first `cut` numbers and the rest. Scale both so that the "
        "first part has mean 0 and standard deviation 1, and nothing of the rest is used for it. Return both parts.",
    reference=scaled,
    cases=cuts,
    names=("first part", "rest"),
    points=2,
    mistakes={
        lambda s, n: (((s - s.mean()) / s.std())[:n], ((s - s.mean()) / s.std())[n:]):
            "Mean and standard deviation of the whole series: the scale has seen the future. Take them of the first part.",
        lambda s, n: (scaled(s, n)[0], (s[n:] - s[n:].mean()) / s[n:].std()):
            "The rest has a scale of its own. When you forecast you don't know it yet: use that of the first part.",
        lambda s, n: (s[:n] - s[:n].mean(), s[n:] - s[:n].mean()): "Divide by the standard deviation too.",
        lambda s, n: ((s[:n] - s[:n].mean()) / s[:n].var(), (s[n:] - s[:n].mean()) / s[:n].var()):
            "This divides by the variance. Divide by the standard deviation, its root.",
        lambda s, n: (s[:n] / s[:n].std(), s[n:] / s[:n].std()): "Take the mean away first.",
        lambda s, n: (scaled(s, n)[0], s[n:]): "The rest is to be scaled too, by the numbers of the first part.",
    },
    hints=("Which numbers did you know on the day of the cut?", "Mean and std of series[:cut] alone, for both parts."),
)
