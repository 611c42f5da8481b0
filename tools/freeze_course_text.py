"""Freeze the words of all notebooks for 18_reading_text: `python tools/freeze_course_text.py` writes course_text.json.gz anew.

Do not run it after every change: the network of 18 learned the text as it stood, and its weights fit no other. After a run,
`python -m lstm_helpers.experiments.course_reader` trains anew, and 18 must be executed and read again.
"""
import gzip
import html
import json
import re
import textwrap
import unicodedata
from importlib.resources import files

import notebooks
from lstm_helpers.files import write_whole

TEXT = files("lstm_helpers.sequences").joinpath("course_text.json.gz")
WIDTH = 72
PLAIN = {"−": "-", "–": "-", "·": "*", "⊙": "*", "×": "x", "→": "->", "…": "...", "≈": "about ", "≤": "<=", "ⁿ": "^n",
         "ρ": "rho", "σ": "sigma", "λ": "lambda", "ε": "eps", "±": "+-", "√": "sqrt ", "‖": "|", "½": "1/2", "⅓": "1/3"}
NO_PROSE = (r"```.*?```", r"\$\$.*?\$\$", r"<[^>]+>", r"^\|.*$", r"^About .* minutes .*$", r"\*\*",
            r"^> ?", r"^Symbols used here\s*$", r"^Start\s*$")


def main():
    course = {path.stem: prose(notebooks.read(path)) for path in notebooks.of_the_course()}
    packed = gzip.compress(json.dumps(course, indent=0).encode(), mtime=0)
    write_whole(TEXT, lambda file: file.write(packed))
    print(f"{sum(map(len, course.values())):,} letters, {len(packed):,} bytes packed")


def prose(notebook):
    """Return the words of a notebook: no table, no formula on a line of its own, links without their targets, in ASCII."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for pattern in NO_PROSE:
        text = re.sub(pattern, "", text, flags=re.M | re.S if pattern[0] in "`\\" else re.M)
    text = re.sub(r"\[([^][]*)\]\([^)]*\)", r"\1", html.unescape(text))
    text = "".join(PLAIN.get(letter, letter) for letter in text)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "\n\n".join(filter(None, map(wrapped, re.split(r"\n\s*\n", text)))) + "\n"


def wrapped(paragraph):
    """Return a paragraph in lines of at most 72 letters; a point of a list begins a line."""
    points = re.split(r"\n(?=- |\d+\. )", paragraph.strip())
    return "\n".join(textwrap.fill(" ".join(point.split()), WIDTH, break_on_hyphens=False, break_long_words=False)
                     for point in points)


if __name__ == "__main__":
    main()
