"""Links: each leads somewhere. For notebooks and for the documents beside them."""
import html
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .notebook import Notebook, html_tags, prose, without_fences

LINK = re.compile(r"\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*)>?")          # [text](target) and ![alt](target)
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)          # [name]: target
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|`+|\*+")                     # a rendered heading is without it
REGISTRIES = re.compile(r"\b(?:pypi\.org|pypi\.python\.org|files\.pythonhosted\.org|(?:conda\.)?anaconda\.org"
                        r"|(?:www\.|registry\.)?npmjs\.(?:com|org))\b", re.IGNORECASE)


def link_targets(markdown):
    """Return the targets of all links and pictures of a markdown text."""
    text = prose(markdown)
    tags = [tag.get("href") or tag.get("src") for name, tag in html_tags(text) if name in ("a", "img")]
    return LINK.findall(text) + REFERENCE.findall(text) + [target for target in tags if target]


def broken_links(markdown, path):
    """Return what is wrong with the links of a text that stands in the file at path."""
    return [f"the link to {target} {fault}" for target in link_targets(markdown) if (fault := link_fault(target, path))]


def link_fault(target, path):
    """Return what is wrong with a link in the file at path, or None."""
    parts = urlsplit(html.unescape(target))
    if parts.scheme or parts.netloc:
        known = parts.scheme in ("https", "http", "mailto", "data", "attachment")
        return None if known else "is neither a web address nor a relative path"
    if parts.path.startswith("/"):
        return "begins with a slash: write it relative to this file"
    file = path.parent / unquote(parts.path) if parts.path else path
    if not file.exists():
        return "leads nowhere: there is no such file (name a notebook that is not written yet without a link)"
    if parts.fragment and unquote(parts.fragment) not in anchors(file):
        return f"leads nowhere: {file.name} has no such heading, <a id=\"…\"></a> or cell id"
    return None


def anchors(file):
    """Return what a link into the file may name after the #."""
    if file.suffix == ".ipynb":
        return notebook_anchors(Notebook.read(file))
    text = file.read_text(encoding="utf-8")
    return {github_anchor(heading) for heading in headings(text)} | explicit_ids(text)


def notebook_anchors(notebook):
    """JupyterLab's anchors: #A-heading or #heading=A-heading, #id of a tag in markdown, #cell-id=… for any cell."""
    text = "\n\n".join(cell.source for cell in notebook.markdown)
    by_heading = {heading.replace(" ", "-") for heading in headings(text)}
    by_cell = {f"cell-id={cell.node.id}" for cell in notebook.cells if "id" in cell.node}
    return by_heading | {f"heading={anchor}" for anchor in by_heading} | by_cell | explicit_ids(text)


def headings(markdown):
    """Return the headings as they are read, without markup."""
    return [html.unescape(MARKUP.sub(r"\1", heading)) for heading in HEADING.findall(without_fences(markdown))]


def github_anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def explicit_ids(markdown):
    return {attributes["id"] for _, attributes in html_tags(prose(markdown)) if attributes.get("id")}


def registry_addresses(text):
    """Return the addresses of package registries that a text names: they differ from network to network."""
    return sorted(set(REGISTRIES.findall(text)))


def documents(root):
    """Return all markdown files of the project, and none of an environment within it or of what is built from them."""
    folders = [folder for folder in root.iterdir() if folder.is_dir() and not is_environment(folder)]
    found = [path for folder in folders for path in folder.rglob("*.md") if "_build" not in path.relative_to(root).parts]
    return sorted([*root.glob("*.md"), *found])


def is_environment(folder: Path):
    hidden = folder.name.startswith(".") and folder.name != ".github"
    return hidden or folder.name == "node_modules" or (folder / "pyvenv.cfg").exists()
