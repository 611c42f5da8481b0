"""Mark each cell as slide, sub-slide, fragment or skipped, so that `jupyter nbconvert --to slides` gives a talk.

`python3 run.py execute` does this to the notebooks that it runs; `.venv/bin/python tools/mark_slides.py 04 05` does it
without running them. Who knows better writes `"slideshow": {"slide_type": "skip", "by_hand": true}` into a cell's metadata.
"""
import re
import sys

from nbformat import NotebookNode

from notebooks import find_notebooks, read, write

ROOM = 620             # pixels that a slide of 960 × 700 has for its cells, in the style of classroom/slides
LETTERS = 80           # in a line of text
HEADING, LINE, CODE_LINE, EQUATION, ROW, PICTURE, GAP = 70, 31, 22, 70, 38, 460, 16


def main(names):
    for path in find_notebooks(names):
        notebook = read(path)
        mark(notebook.cells)
        write(notebook, path)
    return 0


def mark(cells):
    """Write the type of each cell into its metadata, unless that was done by hand."""
    for cell, slide_type in zip(cells, slide_types(cells), strict=True):
        if not by_hand(cell):
            cell.metadata["slideshow"] = {"slide_type": slide_type}


def by_hand(cell):
    return cell.metadata.get("slideshow", {}).get("by_hand", False)


def slide_types(cells):
    """Return the type of each cell: a `##` begins a slide; what does not fit below goes on a sub-slide.

    A cell with headings within counts as several, as classroom/slides shows it.
    """
    types, filled, section, before = [], 0, None, None
    for place, cell in enumerate(cells):
        first, *further = pieces(cell)
        slide_type = type_by_rule(cell, place, section, before)
        if by_hand(cell):
            slide_type = cell.metadata["slideshow"]["slide_type"]
        elif slide_type == "subslide" and filled <= HEADING:
            slide_type = "-"              # no slide holds a heading alone
        elif slide_type == "-" and filled + height(first) > ROOM:
            slide_type = "subslide"
        elif slide_type == "-" and measures(cell):
            slide_type = "fragment"       # first the words and a guess, then the numbers
        if slide_type != "skip":
            filled = height(further[-1] if further else first) + (0 if further or slide_type.endswith("slide") else filled)
        section = ([section] + [heading(piece, 2) for piece in (first, *further) if heading(piece, 2)])[-1]
        types.append(slide_type)
        before = cell
    return types


def pieces(cell):
    """Divide a markdown cell before each heading within it, and where it is more than fits: between paragraphs, a table by rows.

    What is on loan from later notebooks is for readers, not for an audience.
    """
    if cell.cell_type == "code":
        return [cell]
    texts = [""]
    paragraphs = [paragraph for paragraph in re.split(r"\n\s*\n", cell.source) if not paragraph.startswith("On loan")]
    for block in [part for paragraph in paragraphs for part in table_parts(paragraph)]:
        unfinished = re.fullmatch(r"(#.*)?", texts[-1]) or texts[-1].count("<details>") > texts[-1].count("</details>")
        if not unfinished and (block.startswith("##") or text_height(f"{texts[-1]}\n\n{block}") > ROOM):
            texts.append(block)
        else:
            texts[-1] = f"{texts[-1]}\n\n{block}".strip()
    return [NotebookNode(cell, source=text) for text in texts]


def type_by_rule(cell, place, section, before):
    if place == 0 or heading(cell, 2):
        return "slide"
    if cell.cell_type == "markdown":
        return "subslide" if heading(cell, 3) or "<details>" in cell.source else "-"
    if explores(cell):
        return "subslide"
    return "skip" if section in (None, "Your turn") or only_prepares(cell, before) else "-"


def heading(cell, level):
    """Return the text of the heading of this level with which a cell begins, or None."""
    found = re.match("#" * level + " (.+)", cell.source) if cell.cell_type == "markdown" else None
    return found and found[1]


def explores(cell):
    return re.search(r"^explorers\.", cell.source, re.MULTILINE)


def only_prepares(cell, before):
    """Tell whether a code cell shows nothing, defines nothing and is neither announced nor an equation written as code."""
    announced = "$$" in before.source or before.source.rstrip().endswith(":")
    return not (cell.outputs or announced or re.search(r"^def ", cell.source, re.MULTILINE))


def measures(cell):
    return cell.cell_type == "code" and cell.outputs


def table_parts(block):
    """Divide a table that is too tall, the header over each part; return any other block alone."""
    header, rows = block.splitlines()[:2], block.splitlines()[2:]
    size = (ROOM - HEADING) // ROW - 1
    if not block.startswith("|") or len(rows) <= size:
        return [block]
    return ["\n".join(header + rows[start:start + size]) for start in range(0, len(rows), size)]


def height(cell):
    """Return about how many pixels of a slide a cell takes."""
    if cell.cell_type == "code":
        shown = [output.get("data", {}) for output in cell.outputs]
        printed = "".join(output.get("text", "") for output in cell.outputs)
        printed += "".join(data.get("text/plain", "") for data in shown if "text/html" not in data)
        pictures = sum("<img" in data.get("text/html", "") for data in shown)
        source = 0 if pictures else len(cell.source.splitlines()) * CODE_LINE + GAP
        return source + len(printed.splitlines()) * CODE_LINE + GAP + pictures * PICTURE
    return text_height(cell.source)


def text_height(markdown):
    return sum(map(block_height, re.split(r"\n\s*\n", markdown)))


def block_height(block):
    lines = block.splitlines()
    if block.startswith("#"):
        return HEADING + (block_height("\n".join(lines[1:])) if len(lines) > 1 else 0)
    if block.startswith("$$"):
        return EQUATION
    if block.startswith("|"):
        return ROW * (len(lines) - 1) + GAP
    if re.match(r"[-*>]|\d\.", block):
        return sum(LINE * -(-len(line) // LETTERS) for line in re.split(r"\n(?=[-*]|\d\.)", block)) + GAP
    return LINE * -(-len(block) // LETTERS) + GAP


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
