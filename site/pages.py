"""What Sphinx is told about our pages: titles that say the question, words to search for, run buttons, names for landmarks."""
import re
from functools import cache

import course_map
import running
from course_map import TITLES
from docutils import nodes
from sphinx import addnodes
from sphinx.builders._epub_base import MEDIA_TYPES

NAME = re.compile(r"(?<=>)\d\d_[a-z_]+(?=<)")                               # of a notebook: a narrow table may break it
MENDED = {   # what axe-core finds in the theme's HTML, and in tables whose first corner is empty
    "furo_navigation_tree": ('role="heading"', 'role="heading" aria-level="2"'),
    "body": ('<th class="head"><p></p></th>', '<td></td>'),
}


def name_page(app, doctree):
    """Give a page the title that lists show; its heading stays."""
    name = app.env.current_document.docname
    if name in TITLES:
        app.env.titles[name] = app.env.longtitles[name] = nodes.title("", TITLES[name])


def index_words(app, doctree):
    """Make each word of the glossary lead the search to the section that explains it, and each topic to its notebook."""
    sections = {part.get("slug"): part["ids"][0] for part in doctree.findall(nodes.section)}
    name = app.env.current_document.docname
    words = course_map.words().get(name, []) + [(topic, "") for page, topic in course_map.TOPICS.items() if page == name]
    entries = [("single", word, sections.get(heading, ""), "main", None) for word, heading in words]
    doctree.append(addnodes.index(entries=entries))


def complete(app, name, template, context, doctree):
    """Complete what the template of a page is given."""
    for part, (found, better) in MENDED.items():
        context[part] = (context.get(part) or "").replace(found, better)
    context["body"] = NAME.sub(lambda link: link[0].replace("_", "_<wbr/>"), context["body"])
    if name.startswith("notebooks/") and repository():
        place = (repository(), running.branch(course_map.ROOT))
        context["run"] = {"addresses": running.addresses(*place, f"{name}.ipynb"), "first_cell": running.first_cell(*place)}


@cache
def repository():
    return running.repository(course_map.ROOT)


def setup(app):
    MEDIA_TYPES.update({".woff2": "font/woff2", ".txt": "text/plain"})  # else a book leaves its font and the licence out
    app.connect("doctree-read", name_page, priority=900)                # after Sphinx has taken the heading
    app.connect("doctree-read", index_words)
    app.connect("html-page-context", complete, priority=900)            # after the theme
    return {"parallel_read_safe": True, "parallel_write_safe": True}
