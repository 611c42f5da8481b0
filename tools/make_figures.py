"""Draw the stored pictures again, the same byte for byte: `python3 run.py figures`.

The curves are those of the notebooks: their own cells are run, up to the numbers wanted. What notebook 06 found is drawn from
its recorded table, lstm_helpers/experiments/gap.csv.
"""
import contextlib
import html
import io
import re
import sys
from functools import partial
from pathlib import Path

import matplotlib as mpl
import nbformat
import numpy as np
from matplotlib import pyplot as plt
from moving_cell import moving_cell

from lstm_helpers.cells import LSTM
from lstm_helpers.drawing import charts, diagrams, lstm_cell, step_values, use_course_style
from lstm_helpers.drawing.seven import who_can_do_what
from lstm_helpers.drawing.svg import to_svg
from lstm_helpers.experiments import gap, seven

ROOT = Path(__file__).resolve().parent.parent
FIGURES, NOTEBOOKS = ROOT / "figures", ROOT / "notebooks"


def variables_of(notebook, *names):
    """Run the cells of a notebook, silently, until all of these variables are there, and return them."""
    cells = iter(nbformat.read(NOTEBOOKS / notebook, as_version=4).cells)
    variables = {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        while not variables.keys() >= set(names):
            cell = next(cells)
            if cell.cell_type == "code":
                exec(cell.source, variables)
    return [variables[name] for name in names]


def one_step():
    """Return the numbers of the third step of a cell of one unit."""
    layer = LSTM(1, 1, forget_bias=2.0, init="uniform", rng=4)
    return step_values(layer.forward(np.array([1.0, 0.5, -1.5]).reshape(3, 1, 1)), 2)


def gradient_lengths(activation):
    radii, lengths = variables_of("04_vanishing_gradients.ipynb", "RADII", activation)
    return charts.lines_over_time({f"ρ = {radius}": lengths[radius] for radius in radii}, "length of dL/dh",
                                  xlabel="lag: steps back from the loss", first=0, log=True)


def accuracies():
    best = {model: found for model, found in gap.at_best_rates().items() if model in gap.RECURRENT}
    return charts.accuracy_against_gap(gap.GAPS, best, chance=1 / 8, ceiling=1 / 2)


def seven_models():
    return who_can_do_what(seven.key_table(), seven.costs(1000))


PARTS = {      # the name of the file: which part of the cell is lit in it, and what is to be seen of it
    "cell_state": ("cell", "the thick belt along the top, with its product and its sum."),
    "forget_gate": ("forget", "it reads h at t minus 1 and x at t, and its product acts on c at t minus 1."),
    "input_gate": ("input", "it reads h at t minus 1 and x at t; its product with the candidate goes up to the sum on the belt."),
    "candidate": ("candidate", "a tanh block that reads h at t minus 1 and x at t and leads to the product with the input gate."),
    "output_gate": ("output", "it reads h at t minus 1 and x at t; its product with tanh of c at t is h at t."),
}
PICTURES = {   # the name of the file: how it is drawn, and what is to be seen
    "lstm_cell": (lstm_cell,
        "One step of an LSTM. The cell state runs along the top as a thick belt from c at t minus 1 to c at t, through a "
        "product with the forget gate f and a sum with the product of input gate i and candidate g. Below, four coloured "
        "blocks, forget, input, candidate and output, all read h at t minus 1 and x at t. A branch of the belt goes down "
        "through tanh, meets the output gate o in a product, and leaves as h at t."),
    **{name: (partial(lstm_cell, part), f"The LSTM cell with only the {name.replace('_', ' ')} lit: {words}")
       for name, (part, words) in PARTS.items()},
    "lstm_cell_forward": (lambda: lstm_cell(values=one_step()),
        "The LSTM cell with the numbers of one step on its wires: each gate's value, both products, and the states before "
        "and after."),
    "lstm_cell_backward": (partial(lstm_cell, direction="backward"),
        "The LSTM cell with all arrows turned round. The direct path, dc times f, is the thick belt; the gradients that "
        "pass through a gate or tanh are thin dashed wires, down to dz of each block, and on to dh at the step before and "
        "dx."),
    "live_cell": (moving_cell,
        "The LSTM cell at work over eight steps, again and again. Dots ride on the wires, numbers change, each gate fills as far "
        "as it is open, and the belt along the top is as wide as the cell state: an input of 1 widens it, then it gets narrower "
        "at every step."),
    "unrolled_rnn": (diagrams.unrolled_rnn,
        "One RNN cell drawn four times from left to right, in each frame a tanh block below the same W x, W h, b. Inputs x1 "
        "to x4 come from below; the hidden state h passes to the right, from h0 to h4, and is shown above."),
    "unrolled_lstm": (diagrams.unrolled_lstm,
        "One LSTM cell drawn three times from left to right, joined by two wires: the thick cell state c above, the "
        "hidden state h below. Inputs x1 to x3 come from below, h1 to h3 leave above."),
    "unrolled_lstm_backward": (partial(diagrams.unrolled_lstm, direction="backward"),
        "Three copies of the LSTM cell with all arrows from right to left and down: the direct path along the cell state "
        "solid and thick, every other gradient dashed."),
    "vanishing_gradients_linear": (partial(gradient_lengths, "linear"),
        "Length of the gradient against lag on a log axis, for linear networks of five spectral radii: nearly straight "
        "lines, falling for 0.5 and 0.9, nearly level for 1.0, rising for 1.1 and 1.5."),
    "vanishing_gradients_tanh": (partial(gradient_lengths, "squashed"),
        "The same five networks with tanh: every line lies lower. Those of 0.5, 0.9, 1.0 and 1.1 fall; that of 1.5 rises "
        "a little."),
    "accuracy_against_gap": (accuracies,
        "Accuracy on held-out sentences against 0, 20, 40 and 80 filler words, each network at its own learning rate. The "
        "RNN falls from near 1 at 40 to a quarter at 80; an RNN started at the identity, IRNN, and an LSTM with forget "
        "bias 1 spread widely; the LSTM with chrono start stays at 1. Dashed: the half that a bag of words can reach. "
        "Dotted: chance, an eighth."),
    "seven_models": (seven_models,
        "A table of seven models and five tasks with the mean score of five seeds. Parity, recall, nearest, adding, "
        "copying: RNN 1, 0.18, 0.34, 0.96, 0.99; IRNN 0, 0.20, 0.46, 0.99, 0.31; LSTM 1, 0.31, 0.70, 1, 0.40; minLSTM 0, "
        "0.21, 0.37, 1, 0.83; attention 0, 1, 0.32, 1, 1; sLSTM 1, 0.40, 0.76, 1, 0.65; mLSTM 0, 1, 0.60, 1, 0.66. No row "
        "is best in every column. After 1,000 steps attention keeps 36,000 numbers, the mLSTM 1,302, the others 50 to "
        "100."),
}


def with_words(drawing, title, words):
    """Return an SVG with words for those who cannot see it."""
    title, words = html.escape(title, quote=True), html.escape(words, quote=True)
    return re.sub(r"<svg ([^>]*)>", rf'<svg role="img" aria-label="{words}" \1>\n <title>{title}</title>\n <desc>{words}</desc>',
                  drawing, count=1)


def with_numbered_names(drawing):
    """Number the names of clip paths and markers, which matplotlib makes from all digits of their places."""
    names = dict.fromkeys(re.findall(r'id="([mp][0-9a-f]{10})"', drawing))
    for number, name in enumerate(names, 1):
        drawing = drawing.replace(name, f"{name[0]}{number}")
    return drawing


def make(folder, names=tuple(PICTURES)):
    """Write pictures into a folder."""
    folder.mkdir(exist_ok=True)
    for name in names:
        draw, words = PICTURES[name]
        with mpl.rc_context():
            mpl.rcdefaults()                    # whatever was set before, here or in a matplotlibrc
            use_course_style()
            drawing = draw()                    # a figure, or an SVG that moves
            svg = drawing if isinstance(drawing, str) else to_svg(drawing, fonttype="path", decimals=2)
            svg = with_words(with_numbered_names(svg), name.replace("_", " "), words)
        plt.close("all")
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")


def main(arguments):
    if arguments:
        sys.exit("figures takes nothing, but was given: " + " ".join(arguments))
    make(FIGURES)
    print(f"{len(PICTURES)} pictures drawn in figures/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
