"""A notebook as the rules see it: numbered cells, their sources and their outputs."""
import ast
import functools
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat

FENCED_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
MATHS = re.compile(r"\$\$.*?\$\$|(?<!\\)\$[^$\n]+\$", re.DOTALL)
PICTURE_DATA = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*")


@dataclass(frozen=True)
class Cell:
    """One cell; `number` counts all cells from 1, as a reader does."""

    number: int
    node: nbformat.NotebookNode

    @property
    def source(self):
        return self.node.source

    @property
    def outputs(self):
        return self.node.get("outputs", [])

    @property
    def tree(self):
        """The parsed source of a code cell; None for one that is not plain Python, which has a rule of its own."""
        try:
            return ast.parse(self.source)
        except SyntaxError:
            return None

    def problem(self, words):
        return f"cell {self.number} ({self.node.get('id', 'without id')}): {words}"

    def output_data(self):
        """Yield (mime type, content) for everything shown."""
        for output in self.outputs:
            yield from output.get("data", {}).items()

    @property
    def printed(self):
        """All that the cell shows as plain text."""
        return "\n".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in self.outputs)

    def texts(self):
        """Yield (place, text) for all that is written in the cell, without the bytes of pictures."""
        yield "source", self.source
        for output in self.outputs:
            parts = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
            parts += [str(content) for content in output.get("data", {}).values()]
            yield "output", PICTURE_DATA.sub("", "\n".join(parts))


@dataclass(frozen=True)
class Notebook:
    path: Path
    content: nbformat.NotebookNode

    @classmethod
    def read(cls, path):
        """Read without repairing anything: the rules must see the file as it is."""
        return cls(Path(path), nbformat.reader.reads(Path(path).read_text(encoding="utf-8")))

    @property
    def number(self):
        return int(self.path.name[:2])

    @property
    def execute_again(self):
        return f"run `python3 run.py execute {self.path.name[:2]}`"

    @functools.cached_property
    def cells(self):
        return [Cell(number, node) for number, node in enumerate(self.content.cells, start=1)]

    @property
    def code(self):
        return [cell for cell in self.cells if cell.node.cell_type == "code"]

    @property
    def markdown(self):
        return [cell for cell in self.cells if cell.node.cell_type == "markdown"]

    @property
    def trees(self):
        """(cell, parsed source) of every code cell that is plain Python."""
        return [(cell, cell.tree) for cell in self.code if cell.tree is not None]


def without_fences(markdown):
    return FENCED_CODE.sub("", markdown)


def prose(markdown):
    """Return markdown without code and maths: what looks like a link or a tag there is none."""
    return MATHS.sub("", INLINE_CODE.sub("", without_fences(markdown)))


def html_tags(text):
    """Return (tag, attributes) for every opening tag."""
    collector = TagCollector()
    collector.feed(text)
    collector.close()
    return collector.tags


class TagCollector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def dotted_name(node):
    """Return "a.b.c" for the expression a.b.c; None for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted_name(node.value)
        return start and f"{start}.{node.attr}"
    return None
