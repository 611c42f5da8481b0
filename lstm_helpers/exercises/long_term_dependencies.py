"""Exercises of 06_long_term_dependencies: how far a network holds, a fair choice of rates, what an accuracy is made of."""

import numpy as np

from lstm_helpers.checking import Question

# q1: how far it holds


def reach(gaps, accuracies, threshold):
    holds = np.asarray(accuracies) >= threshold
    first = len(gaps) if holds.all() else int(holds.argmin())      # the place of the first gap at which it fails
    return gaps[first - 1]


def lines_of_accuracy(rng):
    yield "it falls once", ([0, 10, 20, 40], [1.0, 0.95, 0.5, 0.25], 0.9)
    yield "it falls and comes back", ([0, 5, 10, 20, 40, 80], [1.0, 0.9, 0.4, 0.95, 0.99, 0.3], 0.8)
    yield "it reaches the threshold exactly", ([0, 20, 40, 60], [1.0, 0.75, 0.75, 0.5], 0.75)
    yield "it never fails", ([0, 30, 60], [0.99, 0.97, 0.98], 0.9)
    accuracies = np.sort(rng.uniform(0.2, 0.9, 6))[::-1]
    yield "eight gaps", ([0, 1, 3, 6, 12, 25, 50, 100], [1.0, *accuracies, 0.97], 0.6)


q1 = Question(
    ask="Write `reach(gaps, accuracies, threshold)`: the gaps are in rising order, and there is one accuracy for each. Return "
        "the largest gap up to which the network holds: its accuracy there, and at every shorter gap, is at least the threshold. "
        "It holds at the first gap in every case.",
    reference=reach,
    cases=lines_of_accuracy,
    points=2,
    mistakes={
        lambda gaps, accuracies, threshold: max(gap for gap, a in zip(gaps, accuracies, strict=True) if a >= threshold):
            "This is the largest gap that it masters at all. It must hold at every shorter one, too: a line that falls and comes "
            "back holds only up to its fall.",
        lambda gaps, accuracies, threshold: reach(gaps, np.nextafter(accuracies, 0), threshold):
            "An accuracy that is just the threshold still holds: >=, not >.",
        lambda gaps, accuracies, threshold: int(np.argmin([*(np.asarray(accuracies) >= threshold), False])) - 1:
            "This is the place of that gap in the list. Which gap stands there?",
        lambda gaps, accuracies, threshold: int(np.sum(np.asarray(accuracies) >= threshold)):
            "This counts the gaps at which it holds. Asked is a gap: so many words.",
        lambda gaps, accuracies, threshold: [*gaps, gaps[-1]][int(np.argmin([*(np.asarray(accuracies) >= threshold), False]))]:
            "This is the first gap at which it fails. The last one before that is asked.",
        lambda gaps, accuracies, threshold: reach(gaps, np.cumsum(accuracies) / np.arange(1, len(gaps) + 1), threshold):
            "This holds the *mean* of the accuracies so far against the threshold. Each of them must reach it.",
    },
    hints=("Go through the gaps from the shortest on, and stop at the first at which it fails.",
           "A loop: keep the last gap that held; `break` when an accuracy is below the threshold. Return what you kept.",
           "for gap, accuracy in zip(gaps, accuracies): below the threshold → break; else last = gap."),
)


# q2: a fair choice of rates

def at_best_rates(choosing, reported):
    best = choosing.mean(axis=1).argmax(axis=0)                    # (rates, seeds, gaps) -> (gaps,)
    return reported[best, :, np.arange(len(best))].T               # (seeds, gaps)


def recordings(rng):
    one, other = np.array([[[1.0], [0.2]], [[0.9], [0.5]]]), np.array([[[0.3], [0.4]], [[0.25], [0.8]]])
    yield "two rates, two seeds, one gap", (one, other)
    for label, rates, seeds, gaps in (("two rates, one gap", 2, 3, 1), ("three rates, four gaps", 3, 3, 4),
                                      ("four rates, five gaps", 4, 3, 5)):
        choosing, reported = (rng.integers(1, 40, (rates, count, gaps)) / 40 for count in (seeds, 5))
        yield label, (choosing, reported)


def with_one_rate(choosing, reported):
    return reported[choosing.mean(axis=(1, 2)).argmax()]


q2 = Question(
    ask="Write `at_best_rates(choosing, reported)`: both hold accuracies (rates, seeds, gaps) of one network, of two different "
        "sets of seeds. For each gap, take the rate whose mean over the seeds of `choosing` is highest, and return what "
        "`reported` has at that rate: an array (seeds, gaps).",
    reference=at_best_rates,
    cases=recordings,
    points=3,
    mistakes={
        lambda choosing, reported: at_best_rates(reported, reported):
            "The rate is chosen on the seeds that are then reported. So luck is reported as skill: choose on `choosing`.",
        lambda choosing, reported: at_best_rates(choosing, choosing):
            "This reports the seeds that have chosen the rate. Report the others, which had no say.",
        lambda choosing, reported: reported.max(axis=0):
            "Here every seed picks the rate that happened to be best for it. Nobody can do that before the run: one rate a gap, "
            "chosen on `choosing`.",
        with_one_rate: "This takes one rate for all gaps. The best one may differ from gap to gap: choose for each.",
        lambda choosing, reported: at_best_rates(choosing.max(axis=1, keepdims=True), reported):
            "This chooses by the *best* seed of each rate, so one lucky seed decides. Take the mean over the seeds.",
        lambda choosing, reported: at_best_rates(-choosing, reported): "This takes the worst rate: argmax, not argmin.",
        lambda choosing, reported: at_best_rates(choosing, reported).T:
            "The axes are swapped: (gaps, seeds). Seeds come first.",
        lambda choosing, reported: at_best_rates(choosing, reported).mean(axis=0):
            "This is the mean over the seeds. Return every seed: their spread is part of the result.",
        lambda choosing, reported: choosing.mean(axis=1).argmax(axis=0):
            "These are the places of the best rates, (gaps,). Which accuracies does `reported` have there?",
        lambda choosing, reported: choosing.mean(axis=1).max(axis=0):
            "These are the means that have decided, (gaps,). What do the seeds of `reported` reach at the same rates?",
    },
    hints=("Two steps: first the place of the best rate for each gap, then look these places up in `reported`.",
           "choosing.mean(axis=1) is (rates, gaps). Its argmax over the rates, axis 0, gives one place a gap.",
           "For one gap k: reported[place[k], :, k] is (seeds,). Put these columns side by side: np.stack(..., axis=1)."),
)


# q3: what an accuracy is made of

def knows_which():
    return (0.7 - 0.2 / 8 - 0.8 / 2) * 2            # 0.7 = 0.2/8 + (0.8 - r)/2 + r


q3 = Question(
    ask="Two countries in each sentence, eight languages that come equally often. A network reaches an accuracy of 0.7. Suppose "
        "that in a fifth of the sentences it has forgotten both countries and guesses among the eight languages; in a second "
        "part it remembers both, but not which of them counts, and guesses between the two; in the rest it is right. How large "
        "is the rest, as a part of all sentences?",
    reference=knows_which,
    tolerance=0.0005,
    points=2,
    mistakes={
        0.7: "That counts lucky guesses as knowledge.",
        0.5: "That takes the fifth off the right answers. Of the forgotten sentences 1/8 is right by luck, and of the second "
             "part one half.",
        0.7 - 0.2 / 8: "The luck among eight is taken off. In the second part one half is right by luck, too.",
        0.6: "Nearly: in the fifth that it has forgotten, one guess in eight is right as well.",
        0.4: "That is right if it never forgets both. In a fifth of the sentences only 1/8 is right.",
        0.275: "Nearly. With r the rest, the second part is 0.8 - r, not 0.8: solve 0.7 = 0.2/8 + (0.8 - r)/2 + r for r.",
        (0.7 - 0.2 / 8 - 0.8 / 8) / (7 / 8): "In the second part it guesses between two languages, not among eight: 1/2.",
        0.25: "That is the second part. The rest is asked: what it knows.",
        0.3: "That is the part of wrong answers. Where does it go wrong, and how often is it lucky there?",
        55: "As a part of 1, please, not in per cent.",
    },
    hints=("Call the rest r. Then the second part is 0.8 - r. In how many of each part is it right?",
           "0.7 = 0.2 · 1/8 + (0.8 - r) · 1/2 + r.",
           "0.7 = 0.025 + 0.4 + r/2."),
)
