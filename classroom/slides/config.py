"""How a notebook becomes a talk without a network: `jupyter nbconvert --to slides --config classroom/slides/config.py …`.

reveal.js comes out of the package sphinx-revealjs of the group `site`, equations become MathML, and the result is one file.
"""
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
sys.path += [str(HERE.parents[1] / "tools"), str(HERE.parents[1] / "site")]
from explorers import put_on_slides  # noqa: E402
from mark_slides import pieces  # noqa: E402
from mathml import block_html, inline_html  # noqa: E402


class ForATalk(Preprocessor):
    """Divide cells at headings, show pictures without the code that draws them, and leave out progress bars."""

    def preprocess(self, nb, resources):
        put_on_slides(nb, NOTEBOOKS / f"{resources['metadata']['name']}.ipynb")
        nb.cells = [piece for cell in nb.cells for piece in self.for_a_talk(cell)]
        return nb, resources

    def for_a_talk(self, cell):
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if "0%|" not in output.get("data", {}).get("text/plain", "")]
            if any("<img" in output.get("data", {}).get("text/html", "") for output in cell.outputs):
                cell.metadata["transient"] = {"remove_source": True}
            return [cell]
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
