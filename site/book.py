"""The course as an EPUB: what a book needs that a page does not. Its pages are XHTML, and its pictures are files."""
import base64
import re

FIRST_PAGE = """\
# LSTM, gate by gate

![One step of an LSTM: a thick belt, the cell state, above three gates and the candidate.](figures/lstm_cell.svg)

The course as a book: all notebooks with what they print and draw. What moves on the site shows one picture here.
"""
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
EMPTY = re.compile(r"<(img|br|hr|input|col|wbr)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)\s*/?>")


def first_page(folder):
    """Return the first page, and make the folder for pictures."""
    (folder / "pictures").mkdir(parents=True)
    return FIRST_PAGE


def put_pictures_in_files(notebook, path, folder):
    """Write the pictures of a notebook into a folder, and its HTML so that an XML parser reads it."""
    written = []

    def file_of(picture):
        name = f"{path.name[:2]}-{len(written) + 1}.png"
        (folder / "pictures" / name).write_bytes(base64.b64decode(picture[1]))
        written.append(name)
        return f"../pictures/{name}"

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = as_xhtml(PICTURE.sub(file_of, output["data"]["text/html"]))
        if cell.cell_type == "markdown":
            cell.source = as_xhtml(cell.source).replace("<details>", '<details open="open">')


def as_xhtml(html):
    return EMPTY.sub(r"<\1\2 />", html)
