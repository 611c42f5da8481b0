"""How a notebook becomes a talk without a network: `jupyter nbconvert --to slides --config classroom/slides/config.py …`.

reveal.js comes out of the package sphinx-revealjs of the group `site`, equations become MathML, and the result is one file.
"""
import base64
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
BELOW_A_PICTURE = 160                                                   # letters: there is no room for more
FONT = HERE.parents[1] / "site/fonts/stix-two-math.woff2"
sys.path += [str(HERE.parents[1] / "tools"), str(HERE.parents[1] / "site")]
from explorers import put_on_slides  # noqa: E402
from mark_slides import pieces  # noqa: E402
from mathml import block_html, inline_html  # noqa: E402


def shows_picture(cell):
    return any("<img" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


def one_picture_each(cell):
    """Divide a cell so that each of its pictures has a slide of its own."""
    found = []
    for output in cell.outputs:
        alone = {**cell, "id": f"{cell.id}-{len(found) + 1}", "outputs": [output]}
        if found and not (shows_picture(alone) and shows_picture(found[-1])):
            found[-1].outputs.append(output)
        else:
            found.append(type(cell)(alone, metadata=type(cell)(cell.metadata, transient={"remove_source": True},
                                                               slideshow={"slide_type": "subslide"})))
    return found


def own_slide(cell):
    """Return the slide type of a cell that is not to stand below another; one that is left out stays so."""
    kind = cell.metadata["slideshow"].get("slide_type")
    return {"slide_type": "subslide" if kind in (None, "-", "fragment") else kind}


class ForATalk(Preprocessor):
    """Divide cells at headings, show pictures without the code that draws them, and leave out progress bars.

    A picture fills a slide of its own: what stands beside words is too small for the last row.
    """

    def preprocess(self, nb, resources):
        put_on_slides(nb, NOTEBOOKS / f"{resources['metadata']['name']}.ipynb")
        nb.cells = [piece for cell in nb.cells for piece in self.for_a_talk(cell)]
        for picture, words in pairwise(nb.cells):
            if shows_picture(picture) and words.cell_type == "markdown" and len(words.source) > BELOW_A_PICTURE:
                words.metadata.setdefault("slideshow", {}).update(own_slide(words))
        resources["math_font"] = base64.b64encode(FONT.read_bytes()).decode()
        return nb, resources

    def for_a_talk(self, cell):
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if "0%|" not in output.get("data", {}).get("text/plain", "")]
            return one_picture_each(cell) if shows_picture(cell) else [cell]
        if cell.metadata.get("slideshow", {}).get("slide_type") == "skip":     # a table to look things up in: for readers
            return [cell]
        first, *further = pieces(cell)
        for number, piece in enumerate(further, start=2):
            piece.id = f"{cell.id}-{number}"
            kind = "slide" if piece.source.startswith("## ") else "subslide"
            piece.metadata = type(cell.metadata)(slideshow={"slide_type": kind})
        return [first, *further]


class Renderer(IPythonRenderer):
    """Equations as MathML; of links to other notebooks only the text is left, for a talk is one file."""

    def inline_math(self, body):
        return inline_html(body)

    def block_math(self, body):
        return block_html(body)

    def link(self, text, url, title=None):
        return super().link(text, url, title) if urlsplit(url).scheme else text


def markdown_to_html(source):
    return MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(source)


c = get_config()  # noqa: F821
c.TemplateExporter.extra_template_basedirs = [str(HERE)]
c.TemplateExporter.extra_template_paths = [str(Path(find_spec("sphinx_revealjs").origin).parent / "_static/revealjs/dist")]
c.TemplateExporter.filters = {"markdown2html": markdown_to_html}
c.SlidesExporter.template_name = "talk"
c.SlidesExporter.preprocessors = [ForATalk]
c.FilesWriter.build_directory = str(HERE / "_build")
