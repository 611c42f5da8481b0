"""Exercises of 22_attention: who may be looked at, two heads, beam search, and from which length on attention keeps more."""

from itertools import product

import numpy as np

from lstm_helpers.checking import Question

# q1: weights over the steps that were read


def weights_of(query, keys, length):
    scores = keys[:length] @ query / np.sqrt(len(query))
    powers = np.exp(scores - scores.max())
    return np.concatenate([powers / powers.sum(), np.zeros(len(keys) - length)])


def queries_and_lengths(rng):
    for label, (steps, d, length, scale) in (("two steps, both read", (2, 2, 2, 1)), ("five steps, two read", (5, 3, 2, 1)),
                                             ("large scores", (4, 4, 3, 90)), ("one step read", (3, 5, 1, 1))):
        keys = rng.uniform(0.2, 1, (steps, d)) * rng.choice([-1, 1], (steps, d))
        yield label, (scale * rng.standard_normal(d), scale * keys, length)


def fitted(change, scale=np.sqrt):
    """Return what someone returns who turns scores into weights by `change`, all steps among them."""
    return lambda query, keys, length: change(keys @ query / scale(len(query)), length)


def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def seen(scores, length, hidden=-np.inf):
    return np.where(np.arange(len(scores)) < length, scores, hidden)


def with_overflow(scores, length):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.where(np.arange(len(scores)) < length, np.exp(scores), 0)
        return powers / powers.sum()


q1 = Question(
    ask="Write `weights_of(query, keys, length)`: how much does a query (d,) look at each of the steps with keys (T, d), if "
        "only the first `length` steps were read, and the others are padding? Scores may be as large as 10,000. Return (T,), "
        "with 0 for the padding.",
    reference=weights_of,
    cases=queries_and_lengths,
    points=2,
    mistakes={
        fitted(lambda s, n: softmax(s)): "The padding is looked at, too. Leave those steps out before the softmax.",
        fitted(lambda s, n: seen(softmax(s), n, 0)):
            "The padding is taken away after the softmax, and what is left no longer adds up to 1.",
        fitted(lambda s, n: softmax(seen(s, n, 0))):
            "A score of 0 is not \"don't look\": e^0 is 1. Leave the padding out, or give it −inf.",
        fitted(with_overflow): "e to a large score overflows. Subtract the largest score first: the weights stay the same.",
        fitted(lambda s, n: softmax(seen(s, n)), scale=lambda d: 1): "The scores are not divided by √d.",
        fitted(lambda s, n: softmax(seen(s, n)), scale=lambda d: d): "Divide by √d, not by d.",
        fitted(lambda s, n: seen(s, n, 0)): "These are scores. Weights come out of a softmax.",
        fitted(lambda s, n: seen(np.exp(s - seen(s, n).max()), n, 0)): "They don't add up to 1: divide by their sum.",
        fitted(lambda s, n: softmax(seen(-s, n))): "Upside down: the better a key fits, the larger its weight.",
        lambda query, keys, length: weights_of(query, keys, length)[:length]: "The padding needs its zeros: return (T,).",
    },
    hints=("Scores first: keys @ query, divided by √d.", "Cut off the padding, and take the softmax of what is left.",
           "Subtract the largest score before np.exp, divide by the sum, and put T − length zeros behind."),
)


# q2: two heads

def two_heads(query, keys, values):
    half, read = len(query) // 2, []
    for part in (slice(0, half), slice(half, None)):
        scores = keys[:, part] @ query[part] / np.sqrt(half)                                # (T,)
        powers = np.exp(scores - scores.max())
        read.append(powers / powers.sum() @ values[:, part])
    return np.concatenate(read)


def heads(rng):
    for label, (steps, d) in (("two steps, d = 2", (2, 2)), ("four steps, d = 6", (4, 6)), ("five steps, d = 4", (5, 4))):
        yield label, (2 * rng.standard_normal(d), rng.standard_normal((steps, d)), rng.standard_normal((steps, d)))


def parted(parts, scale=lambda half: np.sqrt(half), of_values=None, together=np.concatenate):
    """Return the function of someone who parts the entries otherwise, or scales or joins them otherwise."""
    def answer(query, keys, values):
        half, places = len(query) // 2, np.arange(len(query))
        read = of_values or parts
        return together([softmax(keys[:, places[at(half)]] @ query[places[at(half)]] / scale(half)) @ values[:, places[to(half)]]
                         for at, to in zip(parts, read, strict=True)])
    return answer


FIRST, SECOND = (lambda half: slice(0, half)), (lambda half: slice(half, None))

q2 = Question(
    ask="Write `two_heads(query, keys, values)`: query (d,), keys and values (T, d), d even. The first half of the entries is "
        "one *head*, which looks and reads by itself; the second half is another. Each is attention as in this notebook, in "
        "d/2 entries. Return what both read, one behind the other, (d,).",
    reference=two_heads,
    cases=heads,
    points=2,
    mistakes={
        lambda q, k, v: softmax(k @ q / np.sqrt(len(q))) @ v: "That is one head. Here each half has weights of its own.",
        parted((FIRST, SECOND), scale=lambda half: np.sqrt(2 * half)): "Each head has d/2 entries: divide by √(d/2).",
        parted((FIRST, SECOND), scale=lambda half: 1): "The scores are not divided by the root of a head's size.",
        parted((FIRST, SECOND), scale=lambda half: half): "Divide by the root of a head's size.",
        parted((SECOND, FIRST)): "The heads stand the wrong way round: the first half comes first.",
        parted((FIRST, SECOND), of_values=(SECOND, FIRST)): "Each head reads the other's values.",
        parted((lambda half: slice(0, None, 2), lambda half: slice(1, None, 2))):
            "A head has neighbouring entries: the first half, and the second; not every other one.",
        parted((FIRST, SECOND), together=lambda read: np.concatenate([sum(read) / 2] * 2)):
            "The heads are mixed into a mean. Put what they read one behind the other.",
        parted((FIRST, FIRST)): "Both are the first head.",
        lambda q, k, v: sum(softmax(k[:, part] @ q[part] / np.sqrt(len(q) // 2)) for part in
                            (slice(0, len(q) // 2), slice(len(q) // 2, None))) @ v / 2:
            "Here the weights of both heads are mixed. Each reads with its own.",
    },
    hints=("Cut query, keys and values at d/2.", "For each half: scores, divided by √(d/2), softmax, times the values.",
           "np.concatenate([first, second])."),
)


# q3: beam search

def beam(log_p, start, width, length):
    found = [([start], 0.0)]
    for _ in range(length):
        longer = [([*path, k], score + log_p[path[-1], k]) for path, score in found for k in range(len(log_p))]
        found = sorted(longer, key=lambda one: -one[1])[:width]
    return np.array(found[0][0][1:])


def chains(rng):
    """Yield a chain that is easy, and two in which greedy search, this beam, a wider one and the best of all paths differ."""
    for label, K, width, length in (("two symbols, width 1", 2, 1, 3), ("four symbols, width 2", 4, 2, 4),
                                    ("four symbols, width 3", 4, 3, 5)):
        while True:
            log_p, start = np.log(rng.dirichlet(np.full(K, 0.7), K)), int(rng.integers(K))
            paths = [beam(log_p, start, n, length) for n in (1, width, width + 1)]
            if width == 1 or len({*map(tuple, paths), best_of_all(log_p, start, width, length)}) == 4:
                break
        yield label, (log_p, start, width, length)


def best_of_all(log_p, start, width, length):
    """Return the likeliest of all paths, as no beam is sure to find it."""
    return max(product(range(len(log_p)), repeat=length),
               key=lambda path: sum(log_p[a, b] for a, b in zip((start, *path), path, strict=False)))


def searched(score=lambda old, step: old + step, keep=lambda longer, width: sorted(longer, key=lambda one: -one[1])[:width],
             answer=lambda found: np.array(found[0][0][1:])):
    """Return the function of someone who scores, keeps or answers otherwise."""
    def search(log_p, start, width, length):
        found = [([start], 0.0)]
        for _ in range(length):
            found = keep([([*path, k], score(old, log_p[path[-1], k])) for path, old in found for k in range(len(log_p))], width)
        return answer(found)
    return search


def best_of_each(longer, width):
    """Keep of each path its best next symbol alone, once the beam is full."""
    best = {}
    for path, score in longer:
        if tuple(path[:-1]) not in best or score > best[tuple(path[:-1])][1]:
            best[tuple(path[:-1])] = path, score
    kept = sorted(longer if len(best) < width else best.values(), key=lambda one: -one[1])
    return kept[:width]


q3 = Question(
    ask="Write `beam(log_p, start, width, length)`: symbol b follows symbol a with probability exp(`log_p[a, b]`), log_p (K, K). "
        "Beginning after the symbol `start`, look for the likeliest `length` symbols by **beam search**: of all paths kept, "
        "each longer by every symbol, keep the `width` likeliest; and so on. Return the likeliest path at the end, an array "
        "of `length` symbols, without `start`.",
    reference=beam,
    cases=chains,
    points=3,
    mistakes={
        lambda log_p, start, width, length: beam(log_p, start, 1, length):
            "That is greedy search: always the likeliest next symbol. Keep `width` paths.",
        lambda *chain: np.array(best_of_all(*chain)):
            "That is the best of all paths. A beam that is too narrow loses it: keep `width` paths, and no more.",
        searched(score=lambda old, step: step): "A path counts by all its symbols: add the new logarithm to what was there.",
        searched(score=lambda old, step: old - step): "Upside down: keep the likeliest, whose logarithms are largest.",
        searched(keep=best_of_each):
            "Each path goes on by its best symbol only. Let all go on by every symbol, and choose among all of them.",
        searched(answer=lambda found: np.array(found[-1][0][1:])): "That is the last one of the beam. Return the likeliest.",
        searched(answer=lambda found: np.array(found[0][0])): "Leave out `start`: it was there before.",
        searched(answer=lambda found: np.array(found[0][0][:-1])): "`start` is still there, and the last symbol is missing.",
        lambda log_p, start, width, length: beam(log_p.T, start, width, length):
            "Rows and columns are exchanged: `log_p[a, b]` is b after a.",
        lambda log_p, start, width, length: beam(log_p, start, width + 1, length): "That beam is one path too wide.",
    },
    hints=("Keep a list of (path, score), at first [([start], 0.0)].",
           "In each round make every path longer by every symbol; its score is the old one plus log_p[path[-1], k].",
           "Sort by score, the largest first, and keep [:width]. After `length` rounds return the first path without start."),
)


# q4: from which length on attention keeps more

def longer_than(H, d):
    return H // d + 1


def sizes(rng):
    for H, d in ((64, 16), (50, 16), (5, 8), (100, 1), (48, 48)):
        yield f"H = {H}, d = {d}", (H, d)


q4 = Question(
    ask="Write `longer_than(H, d)`: to go on writing, attention keeps a key and a value, d numbers each, of every step that was "
        "read. An LSTM of H units keeps its state, h and c. From how many steps on does attention keep *more* numbers than the "
        "LSTM? Return the smallest such T.",
    reference=longer_than,
    cases=sizes,
    points=1,
    mistakes={
        lambda H, d: H // d: "At that length it keeps at most as many. One step more.",
        lambda H, d: -(-H // d): "At that length it may keep just as many. It is to keep more.",
        lambda H, d: 2 * H // d + 1: "Each step leaves a key *and* a value.",
        lambda H, d: H // (2 * d) + 1: "The LSTM keeps h *and* c.",
        lambda H, d: H // d + 2: "One step earlier it keeps more already.",
        lambda H, d: H * d + 1: "More numbers a step: sooner, not later. Divide by d.",
        lambda H, d: 4 * H // d + 1: "Four are the LSTM's gates and its candidate. What it keeps is h and c.",
        lambda H, d: int(np.sqrt(H // d)) + 1: "What is kept grows with T, not with its square: queries are not kept.",
        lambda H, d: H + 1: "How many numbers a step leaves counts, too: d for its key, d for its value.",
    },
    hints=("After T steps attention keeps 2 T d numbers, the LSTM 2 H.", "2 T d > 2 H, so T > H / d.",
           "The smallest whole number above H / d, also where H / d is whole: H // d + 1."),
)
