"""Make the static site of the course: `python3 run.py site` writes it to site/_build/html, `site --epub` a book to _build/epub.

Notebooks and documents are collected from where they are into site/_build/source, with two changes: links are written as
the site reads them, and progress bars, which are stored at 0 %, are left out. Notebooks with explorers are run, to record
what those show (explorers.py); their stored outputs stay as they are.
"""
import re
import shutil
import sys
from pathlib import Path

import book
import explorers
import home
import nbformat
from course_map import ROOT, TITLES, notebooks, parts, slug
from sphinx.cmd.build import build_main

SITE = ROOT / "site"
README = ROOT / "README.md"
LINK = re.compile(r"(?P<before>\]\()(?P<file>[^()\s#]*)(?:#(?P<heading>[^()\s]*))?\)")
PROJECT = [README, ROOT / "CONTRIBUTING.md", ROOT / "tests/mutants.md", ROOT / "CHANGELOG.md"]
RAW = "\n\n``````{{raw}} html\n{}\n``````\n"        # as it is: Markdown would end a script at a blank line
TOCTREE = "\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```\n"


def main(*arguments):
    """Build into a folder's html, or as a book into its epub, and return 0, or 1 after any warning."""
    names = [argument for argument in arguments if argument != "--epub"]
    return build(Path(names[0] if names else SITE / "_build"), "epub" if "--epub" in arguments else "html")


def build(folder, edition):
    source, extra, kept, made = (folder / part for part in ("source", "extra", "doctrees", edition))
    for part in (source, extra, kept, made):
        shutil.rmtree(part, ignore_errors=True)
    collect_documents(source)
    first_page = home.page(extra) + RAW.format(explorers.script()) if edition == "html" else book.first_page(extra)
    write(source / "index.md", first_page + contents())
    if edition == "html":
        explorers.record_all(notebooks())
    for path in notebooks():
        notebook = notebook_for_the_site(path)
        if edition == "html":
            explorers.put_on_page(notebook, path)
            explorers.write_frames(path, made / page(path).parent / "frames")
        else:
            book.put_pictures_in_files(notebook, path, extra)
        write(source / page(path), nbformat.writes(notebook))
    copy_figures(extra)
    options = ["-W", "--keep-going", "-n", "-q", "-b", edition, "-c", str(SITE), "-d", str(kept),
               "-D", f"html_extra_path={extra}"]
    code = build_main([*options, str(source), str(made)])
    first = next(iter([*made.glob("index.html"), *made.glob("*.epub")]), made)
    print("The site was not built without a warning: see above." if code else f"Open {first}")
    return code


def collect_documents(source):
    for path in documents():
        text = path.read_text(encoding="utf-8")
        copy_linked_files(text, path, source)
        write(source / page(path), links_for_the_site(text, path))


def copy_figures(folder):
    """Put the figures of the home page where its HTML finds them: Sphinx looks for pictures in Markdown alone."""
    (folder / "figures").mkdir()
    for name in re.findall(r'src="figures/([^"]+)"', (SITE / "home.txt").read_text(encoding="utf-8")):
        shutil.copy(ROOT / "figures" / name, folder / "figures" / name)


def documents():
    return [*PROJECT, *teachers_documents()]


def teachers_documents():
    found = [path for path in (ROOT / "classroom").rglob("*.md") if "_build" not in path.parts]
    return sorted(found, key=lambda path: (path.name != "README.md", path))


def page(path):
    """Return where in the site a file of the course goes; the home page has the place of the README."""
    return Path("about.md") if path == README else path.relative_to(ROOT)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def links_for_the_site(markdown, path):
    """Write #A-heading, as JupyterLab reads it, as #a-heading, and the README as the page that it becomes."""
    def rewrite(link):
        file, heading = link["file"], link["heading"]
        if file and (path.parent / file).resolve() == README:
            file = file.removesuffix("README.md") + "about.md"
        return f"{link['before']}{file}{'#' + slug(heading) if heading else ''})"
    return LINK.sub(rewrite, markdown)


def copy_linked_files(markdown, path, source):
    """Copy pictures, the licence and other files that a document links to and that are no pages."""
    for link in LINK.finditer(markdown):
        target = (path.parent / link["file"]).resolve()
        if target.is_file() and target not in [*documents(), *notebooks()]:
            copy = source / page(target)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(target, copy)


def notebook_for_the_site(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = links_for_the_site(cell.source, path)
        else:
            cell.outputs = [output for output in cell.outputs if not is_progress_bar(output)]
    return notebook


def is_progress_bar(output):
    return output.get("data", {}).get("text/plain", "").lstrip().startswith("0%|")


def contents():
    """Return the tables of contents: the parts as the README's map has them, what is for teachers, and the project."""
    listed = {part: [notebook.path for notebook in found] for part, found in parts().items()}
    listed |= {"For teachers": teachers_documents(), "The project": PROJECT}
    return "".join(TOCTREE.format(caption=part, entries="\n".join(map(entry, paths))) for part, paths in listed.items())


def entry(path):
    name = page(path).with_suffix("").as_posix()
    return f"{TITLES[name]} <{name}>" if name in TITLES else name


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
