"""The state of one cell over time: of an RNN's one unit, on the belt, in a latch, in a counter, with its gates exchanged."""

import itertools

import numpy as np

from lstm_helpers.drawing.explorers.controls import choice, in_words, slider
from lstm_helpers.drawing.explorers.lines import leaving, lines, written
from lstm_helpers.drawing.style import COLOURS

WRITTEN, READ = "as written", "as read"
ORDERS = [", ".join(order) for order in itertools.permutations("ifgo")]


def one_unit(respond, x=None, *, W_x=1.0, W_h=0.9, b=0.0):
    """Move the three weights of a one-unit RNN and watch its state over time.

    Parameters
    ----------
    respond : a function of (W_x, W_h, b) that returns the states h, (T,)
    x : the inputs, (T,), drawn behind the state
    W_x, W_h, b : where the sliders start

    Introduced in 02_vanilla_rnn.
    """
    controls = {"W_x": slider("W_x", W_x, -2.0, 2.0), "W_h": slider("W_h", W_h, -2.0, 2.0), "b": slider("b", b, -2.0, 2.0)}
    high = max(1.1, 1.1 * np.abs(x).max()) if x is not None else 1.1

    def draw_inputs(ax):
        ax.bar(np.arange(1, len(x) + 1), x, width=0.35, color=COLOURS["faded"], label="input x")

    def describe(series, W_x, W_h, b):
        return f"W_x = {in_words(W_x, 1)}, W_h = {in_words(W_h, 1)}, b = {in_words(b, 1)}: {last_heard(series['h'])}."

    return lines(respond, controls, describe, name="one unit", ylabel="state h", ylim=(-high, high),
                 draw_behind=draw_inputs if x is not None else None,
                 formula={"name": "rnnUnit", "x": as_list(x)} if x is not None else None)


def last_heard(h):
    loud = np.flatnonzero(np.abs(h) >= 0.01)
    if len(loud) == 0:
        return "the state never reaches 0.01"
    if loud[-1] + 1 < len(h):
        return f"the state stays below 0.01 after step {loud[-1] + 1}"
    return f"after {len(h)} steps the state is {written(h[-1])}"


def conveyor_belt(belt, *, f=0.9, i=0.5, g=1.0, ylim=(-6, 6)):
    """Move both gates and the candidate, the same at every step, and watch the cell state over time.

    Parameters
    ----------
    belt : a function of (f, i, g) that returns the cell states (T,), or {label: (T,)} to compare with others
    f, i, g : where the sliders start
    ylim : (smallest, largest) state drawn

    Introduced in 07_cell_state.
    """
    controls = {"f": slider("keep f", f, 0.0, 1.0, 0.05), "i": slider("let in i", i, 0.0, 1.0, 0.05),
                "g": slider("candidate g", g, -1.0, 1.0)}

    def describe(series, f, i, g):
        said = "; ".join(f"{label} goes from {written(line[0])} to {written(line[-1])}{leaving(line, ylim)}"
                         for label, line in series.items())
        return f"f = {f:.2f}, i = {i:.2f}, g = {in_words(g, 1)}: in {max(map(len, series.values()))} steps {said}."

    start = called_c(belt)(f, i, g)
    return lines(called_c(belt), controls, describe, name="conveyor belt", ylabel="state", ylim=ylim,
                 draw_behind=lambda ax: ax.axhline(0, color="#333333", lw=0.8),
                 formula={"name": "belt", "steps": len(start["c"]), "ylim": list(ylim)} if [*start] == ["c"] else None)


def as_list(numbers):
    return [float(number) for number in np.ravel(numbers)] if numbers is not None else None


def called_c(respond):
    """Return a function that calls what `respond` returns "c", unless it brings labels of its own."""
    def named(*values):
        states = respond(*values)
        return states if isinstance(states, dict) else {"c": states}
    return named


def latch(respond, signal, write, *, w_i=4.0, b_i=0.0, b_f=1.0, ylim=(-1.6, 1.6), offered=None):
    """Move what opens the two gates of a latch set by hand, and watch whether it takes the signal, and keeps it.

    Parameters
    ----------
    respond : a function of (w_i, b_i, b_f), the input gate's weight for the flag, its bias and the forget bias, that returns
        the cell states (T,), or {"c": (T,), "target": (T,)} to draw what should be kept as well
    signal : (T,), drawn behind
    write : (T,), the flag: 1 at the steps at which the signal is to be taken, else 0
    w_i, b_i, b_f : where the sliders start
    ylim : (smallest, largest) state drawn
    offered : (T,), the candidate at each step, if nothing else hangs on the state: then the site computes the states itself

    Introduced in 09_input_gate.
    """
    controls = {"w_i": slider("input gate: weight of the flag", w_i, -2.0, 20.0, 0.5),
                "b_i": slider("input gate: bias", b_i, -12.0, 4.0, 0.5), "b_f": slider("forget gate: bias", b_f, -2.0, 12.0, 0.5)}
    moments = np.flatnonzero(write)

    def draw_behind(ax):
        ax.bar(np.arange(1, len(signal) + 1), signal, width=0.5, color=COLOURS["faded"], label="signal")
        for n, moment in enumerate(moments):
            ax.axvline(moment + 1, color=COLOURS["i"], lw=5, alpha=0.4, zorder=0, label="_" * n + "write: flag 1")

    def describe(series, w_i, b_i, b_f):
        seen = kept(series, moments) + leaving(series["c"], ylim)
        return (f"Weight of the flag {in_words(w_i, 1)}, bias of the input gate {in_words(b_i, 1)}, forget bias "
                f"{in_words(b_f, 1)}: {seen}.")

    formula = {"name": "latch", "offered": as_list(offered), "write": as_list(write), "ylim": list(ylim)}
    return lines(called_c(respond), controls, describe, name="latch", ylabel="cell state c", ylim=ylim, draw_behind=draw_behind,
                 formula=formula if offered is not None else None)


def kept(series, moments):
    """Say what the cell holds after the last flag and at the end, and how far it is from the target, if there is one."""
    c = series["c"]
    taken = f"after the last flag (step {moments[-1] + 1}) c is {written(c[moments[-1]])}, " if len(moments) else ""
    seen = f"{taken}after step {len(c)} it is {written(c[-1])}" if taken else f"after step {len(c)} c is {written(c[-1])}"
    if "target" in series:
        seen += f"; it is at most {np.abs(c - series['target']).max():.2f} from the target"
    return seen


def counting(states, is_right, *, n=10, longest=50, trained=10):
    """Move the number n of a string S aⁿ bⁿ, and watch one cell state go up with every a and down with every b.

    Parameters
    ----------
    states : a function of n that returns the cell states c (2n + 1,), one for S, for each a and for each b
    is_right : a function of n that returns whether every answer of the network was right
    n : where the slider starts
    longest : how far it goes
    trained : the largest n of the training strings

    Introduced in 15_classic_experiments.
    """
    every = np.concatenate([states(count) for count in range(1, longest + 1)])
    margin = 0.05 * np.ptp(every)

    def draw_behind(ax):
        ax.set_xlim(0, 2 * longest + 2)
        ax.axvspan(0, 2 * trained + 1, color="#EEEEEE", zorder=0, label="lengths trained on")

    def describe(series, n):
        c = series["c"]
        seen = "trained on" if n <= trained else "never seen in training"
        verdict = "Every answer is right" if is_right(n) else "An answer is wrong"
        return (f"n = {n}, {seen}: c is {c[0]:.1f} after S, {c[n]:.1f} after the last a, {c[-1]:.1f} after the last b. "
                f"{verdict}.")

    return lines(called_c(states), {"n": slider("n, how many a", n, 1, longest)}, describe, name="counting cell",
                 ylabel="cell state c", ylim=(every.min() - margin, every.max() + margin), draw_behind=draw_behind)


def gate_order(respond, *, order="i, o, f, g", ylim=(-1.1, 1.1)):
    """Choose in which order four slabs are read, and watch what becomes of the hidden state.

    Parameters
    ----------
    respond : a function of the order, such as "iofg", that returns {"as written": (T,), "as read": (T,)}
    order : where the slider starts
    ylim : (smallest, largest) state drawn

    Introduced in 20_frameworks.
    """
    def describe(series, order):
        apart = np.abs(series[READ] - series[WRITTEN])
        if not apart.any():
            return f"Read in the order {order}: the two lines are one."
        return f"Read in the order {order}: at most {apart.max():.2f} apart, at step {apart.argmax() + 1}."

    controls = {"order": choice("read in the order", order, ORDERS)}
    return lines(lambda chosen: respond(chosen.replace(", ", "")), controls, describe, name="gate order", ylabel="hidden state h",
                 ylim=ylim)
