"""Exercises of 24_xlstm: what an sLSTM is a mean of, two stretches of a memory joined, and a value written over."""

import numpy as np

from lstm_helpers.checking import Question

# q1: what an sLSTM is a mean of


def shares(log_i, log_f):
    later = np.append(np.cumsum(log_f[:0:-1])[::-1], 0.0)               # log of what the steps after it keep
    logs = log_i + later
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def gates(rng):
    yield "three steps, f = 1", (np.array([0.0, 1.0, 2.0]), np.zeros(3))
    yield "five steps", (rng.normal(0, 1, 5), -rng.uniform(0.1, 1, 5))
    yield "gates from e^-800 to e^800", (np.array([-800.0, 800.0, 0.0, 799.0]), np.array([-0.5, -0.2, -0.9, -0.4]))
    yield "gates of e^800", (np.array([800.0, 801.0, 799.5, 800.5]), np.array([-0.5, -0.2, -0.9, -0.4]))


def shares_with(kept=lambda log_f: np.append(np.cumsum(log_f[:0:-1])[::-1], 0.0), weigh=lambda logs: np.exp(logs - logs.max()),
                divide=True):
    """Return the shares of someone who counts other forget gates, or takes the exponential otherwise."""
    def answer(log_i, log_f):
        with np.errstate(all="ignore"):
            weights = weigh(log_i + kept(log_f))
            return weights / weights.sum() if divide else weights
    return answer


q1 = Question(
    ask="Write `shares(log_i, log_f)`: an sLSTM unit begins with an empty memory and takes T steps with gates i = e^log_i and "
        "f = e^log_f, both (T,). Its last c / n is a weighted mean of its T candidates. Return the weights (T,); their "
        "sum is one. Gates of e^800 must not overflow.",
    reference=shares,
    cases=gates,
    points=2,
    mistakes={
        shares_with(weigh=np.exp): "Right for small gates. e^800 overflows: take the largest logarithm away first.",
        shares_with(kept=lambda log_f: np.cumsum(log_f[::-1])[::-1]):
            "A step's own f does not act on its candidate: add the log f of later steps alone.",
        shares_with(kept=np.cumsum):
            "You added the log f of the steps *before*, or turned a sign. Those after a step forget it: log f ≤ 0 of each.",
        shares_with(kept=lambda log_f: np.append(0.0, np.cumsum(log_f[:-1]))):
            "Gates before a step cannot forget what it has not yet brought. Add those after it.",
        shares_with(kept=np.zeros_like): "The forget gates are missing: later steps keep only a part of what came before.",
        shares_with(divide=False): "These do not add up to 1: divide by their sum, which is n.",
        shares_with(weigh=lambda logs: logs): "These are shares of the logarithms. Take the exponential before you divide.",
        shares_with(weigh=lambda logs: 1 / (1 + np.exp(-logs))): "There is a sigmoid. The input gate is an exponential here.",
        shares_with(weigh=lambda logs: np.exp(logs - logs.min())):
            "You took the smallest logarithm away. What has to be at most 1 is the largest weight: take the largest away.",
        shares_with(weigh=lambda logs: np.exp(logs / np.abs(logs).max())):
            "You divided the logarithms. That changes the weights; taking the same number away from each does not.",
        shares_with(kept=lambda log_f: np.exp(np.append(np.cumsum(log_f[:0:-1])[::-1], 0.0))):
            "Here logarithms are added to numbers: what later steps keep enters as a logarithm, too.",
        shares_with(kept=lambda log_f: np.append(log_f[1:], 0.0)):
            "Only the next step's gate counts here. All later ones forget a part.",
        lambda log_i, log_f: shares(log_i, log_f)[::-1]:
            "The weights stand in the wrong order: the first belongs to the first step.",
    },
    hints=("Write out c after three steps, with letters. What stands before each candidate? What is n?",
           "The logarithm of a weight is its own log i plus the log f of every later step.",
           "Take the largest of these logarithms away from all, then np.exp, then divide by the sum."),
)


# q2: two stretches joined

def join(first, second, log_f):
    (c_1, n_1, m_1), (c_2, n_2, m_2) = first, second
    m = np.maximum(m_1 + log_f, m_2)
    old, new = np.exp(m_1 + log_f - m), np.exp(m_2 - m)
    return old * c_1 + new * c_2, old * n_1 + new * n_2, m


def stretches(rng):
    yield "one unit, f = 1", ((np.array([0.5]), np.array([1.0]), np.array([0.0])),
                              (np.array([-0.3]), np.array([1.5]), np.array([1.0])), np.zeros(1))
    yield "three units", (*((rng.uniform(-1, 1, 3), rng.uniform(1, 2, 3), m) for m in
                            (np.array([0.3, 2.0, -1.0]), np.array([1.0, 0.5, -0.4]))), -rng.uniform(0.1, 2, 3))
    yield "m of ± 900", (*((rng.uniform(-1, 1, 3), rng.uniform(1, 2, 3), m) for m in
                           (np.array([900.0, -900.0, 900.0]), np.array([899.0, -899.5, 900.5]))), -rng.uniform(0.1, 2, 3))


def join_with(top=np.maximum, decay=lambda log_f: log_f, both=lambda old, new: (old, new), new_decays=False, given=None):
    """Return the join of someone who takes another m, or weighs the two stretches otherwise."""
    def answer(first, second, log_f):
        (c_1, n_1, m_1), (c_2, n_2, m_2) = first, second
        with np.errstate(all="ignore"):
            late = m_2 + (log_f if new_decays else 0)
            m = top(m_1 + decay(log_f), late)
            old, new = both(np.exp(m_1 + decay(log_f) - m), np.exp(late - m))
            return old * c_1 + new * c_2, old * n_1 + new * n_2, m if given is None else given(m_1, m_2)
    return answer


def without_units(first, second, log_f):
    (c_1, n_1, m_1), (c_2, n_2, m_2) = first, second
    return np.exp(log_f) * c_1 + c_2, np.exp(log_f) * n_1 + n_2, np.maximum(m_1, m_2)


def through_plain_numbers(first, second, log_f):
    """Return the join of someone who leaves the units of e^m in between."""
    (c_1, n_1, m_1), (c_2, n_2, m_2) = first, second
    with np.errstate(all="ignore"):
        m = np.maximum(m_1 + log_f, m_2)
        c, n = (np.exp(log_f + m_1) * one + np.exp(m_2) * other for one, other in ((c_1, c_2), (n_1, n_2)))
        return c / np.exp(m), n / np.exp(m), m


q2 = Question(
    ask="A long sequence was cut in two, and two machines read one part each, both from an empty memory. Write `join(first, "
        "second, log_f)`: `first` and `second` are their last memories (c, n, m), each (H,), c and n in units of e^m; log_f (H,) "
        "is the sum of log f over all steps of the *second* part. Return the memory (c, n, m) after the whole sequence, with the "
        "m that the stabiliser would have had, and no overflow.",
    reference=join,
    cases=stretches,
    names=("c", "n", "m"),
    points=2,
    mistakes={
        without_units:
            "c and n of the two parts are in different units, e^m_1 and e^m_2. Bring them to one m before you add.",
        through_plain_numbers: "Right for small m. In between e^m overflows: take the new m away before np.exp.",
        join_with(decay=lambda log_f: 0 * log_f): "The second part forgets some of the first: log_f is missing.",
        join_with(new_decays=True):
            "The second part's own memory has gone through its gates already. log_f acts on the first alone.",
        join_with(decay=lambda log_f: -log_f): "The sign of log_f is turned: to forget makes the first part lighter.",
        join_with(top=lambda a, b: np.minimum(a, b)): "You took the smaller m. With it the other part's factor may overflow.",
        join_with(top=lambda a, b: b):
            "m is always the second part's here. If the first is the heavier one, its factor overflows.",
        join_with(top=lambda a, b: a):
            "m is always the first part's here. If the second is the heavier one, its factor overflows.",
        join_with(top=lambda a, b: a + b): "The two m are added. The stabiliser takes the larger of them.",
        join_with(top=np.logaddexp): "A fine m, too, but not the one of the stabiliser: it takes the larger of two.",
        join_with(both=lambda old, new: (new, old)): "The two factors are exchanged.",
        join_with(given=lambda m_1, m_2: np.maximum(m_1, m_2)):
            "c and n are in units of an m with log_f in it, but m is returned without it.",
        join_with(both=lambda old, new: (old, 1.0)):
            "The second part keeps its own units here. If m is not m_2, its c and n need a factor, too.",
        join_with(both=lambda old, new: (1 / old, 1 / new)):
            "The factors are upside down: from units of e^m_1 to e^m is e^(m_1 − m).",
        lambda first, second, log_f: second:
            "The first part is lost. Something of it is still there.",
    },
    hints=("In plain numbers: c = F c_1 + c_2, with F the product of the second part's f. Now put in the units.",
           "The plain c_1 is c_1 e^m_1. So its weight in the new units is e^(m_1 + log_f − m).",
           "m is the larger one of m_1 + log_f and m_2."),
)


# q3: a value written over

def write_over(C, k, v):
    return C + np.outer(v - C @ k, k) / (k @ k)


def pairs(rng):
    yield "an empty memory", (np.zeros((2, 2)), np.array([0.6, 0.8]), np.array([1.0, -2.0]))
    yield "a key of length 2", (rng.standard_normal((2, 3)), np.array([2.0, 0.0, 0.0]), np.array([1.0, 0.5]))
    yield "any memory", (rng.standard_normal((4, 3)), rng.standard_normal(3), rng.standard_normal(4))
    yield "any square memory", (rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3))


q3 = Question(
    ask="The matrix memory *adds*: write a second value under the same key, and reading gives the sum of both. Write "
        "`write_over(C, k, v)`: C is (V, D), k (D,) any key but 0, v (V,). Return the new memory, from which k reads exactly v, "
        "while every key orthogonal to k reads what it did before.",
    reference=write_over,
    cases=pairs,
    points=2,
    mistakes={
        lambda C, k, v: C + np.outer(v, k): "This adds: what stood under k is still there. Take it away first.",
        lambda C, k, v: C + np.outer(v, k) / (k @ k): "The length of k is right, but what stood under k is still there.",
        lambda C, k, v: C + np.outer(v - C @ k, k):
            "Right for keys of length 1. Reading gives k · k times too much: divide by it.",
        lambda C, k, v: C + np.outer(v - C @ k, k) / np.sqrt(k @ k):
            "Divided by the length of k. It enters twice, when writing and when reading: by k · k.",
        lambda C, k, v: C + np.outer(v - C @ k, k) / (k @ k) ** 2: "Divided by k · k once too often.",
        lambda C, k, v: np.outer(v, k) / (k @ k): "k reads v, but all other keys read nothing: the old memory is lost.",
        lambda C, k, v: np.outer(v - C @ k, k) / (k @ k): "That is the change. Add it to C.",
        lambda C, k, v: C - np.outer(C @ k, k) / (k @ k): "What stood under k is gone, but v is not written.",
        lambda C, k, v: C + np.outer(C @ k - v, k) / (k @ k):
            "The sign is turned: the change is what should be read minus what is.",
        lambda C, k, v: (C + np.outer(v - C @ k, k) / (k @ k)).T: "Rows belong to values, columns to keys: (V, D).",
        lambda C, k, v: C + np.outer(v - C @ k, np.ones_like(k)) / k.sum():
            "k reads v, but the change does not lie along k: keys orthogonal to it read something else now.",
        lambda C, k, v: C + 0.5 * np.outer(v - C @ k, k) / (k @ k): "Half way. k is to read exactly v.",
        lambda C, k, v: (C + np.outer(v - C @ k, k) / (k @ k)) @ k: "That is what k reads afterwards. Return the memory.",
    },
    hints=("What does k read now, and what is missing to v?", "Write what is missing under k: np.outer(missing, k).",
           "Reading multiplies by k · k, so divide by it."),
)
