"""Make the static site of the course: `python3 run.py site` writes it to site/_build/html.

Notebooks and documents are collected from where they are into site/_build/source, with two changes: links are written as
the site reads them, and progress bars, which are stored at 0 %, are left out. Notebooks with explorers are run, to record
what those show (explorers.py); their stored outputs stay as they are.
"""
import re
import shutil
import sys
from pathlib import Path

import explorers
import nbformat
from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
LINK = re.compile(r"(?P<before>\]\()(?P<file>[^()\s#]*)(?:#(?P<heading>[^()\s]*))?\)")
ROW = re.compile(r"^\| (?P<part>[^|]+) \| (?P<notebooks>[^|]*\b\d\d [^|]+) \|$", re.MULTILINE)   # of the README's map
PROJECT = [ROOT / "CONTRIBUTING.md", ROOT / "tests/mutants.md", ROOT / "CHANGELOG.md"]
TOCTREE = "\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```\n"


def main(folder=SITE / "_build"):
    """Build into folder/html and return 0, or 1 after any warning."""
    source, html, kept = (Path(folder) / part for part in ("source", "html", "doctrees"))
    for part in (source, html, kept):
        shutil.rmtree(part, ignore_errors=True)
    for path in documents():
        text = path.read_text(encoding="utf-8")
        copy_linked_files(text, path, source)
        write(source / page(path), links_for_the_site(text, path) + (contents() if path == ROOT / "README.md" else ""))
    explorers.record_all(notebooks())
    for path in notebooks():
        write(source / page(path), nbformat.writes(notebook_for_the_site(path)))
        explorers.write_frames(path, html / page(path).parent / "frames")
    code = build_main(["-W", "--keep-going", "-n", "-q", "-c", str(SITE), "-d", str(kept), str(source), str(html)])
    print("The site was not built without a warning: see above." if code else f"The first page is {html / 'index.html'}")
    return code


def notebooks():
    return [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")) if "." not in path.stem]


def documents():
    return [ROOT / "README.md", *PROJECT, *teachers_documents()]


def teachers_documents():
    found = [path for path in (ROOT / "classroom").rglob("*.md") if "_build" not in path.parts]
    return sorted(found, key=lambda path: (path.name != "README.md", path))


def page(path):
    """Return where in the site a file of the course goes; the README is the first page."""
    return Path("index.md") if path == ROOT / "README.md" else path.relative_to(ROOT)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def links_for_the_site(markdown, path):
    """Write #A-heading, as JupyterLab reads it, as #a-heading, and the README as the first page."""
    def rewrite(link):
        file, heading = link["file"], link["heading"]
        if file and (path.parent / file).resolve() == ROOT / "README.md":
            file = file.removesuffix("README.md") + "index.md"
        anchor = "#" + re.sub(r"[^\w-]", "", heading.removeprefix("heading=").lower()) if heading else ""
        return f"{link['before']}{file}{anchor})"
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
    explorers.put_on_page(notebook, path)
    return notebook


def is_progress_bar(output):
    return output.get("data", {}).get("text/plain", "").lstrip().startswith("0%|")


def contents():
    """Return the tables of contents: the parts as the README's map has them, what is for teachers, and the project."""
    parts = {row["part"]: [path for path in notebooks() if re.search(rf"\b{path.name[:2]} ", row["notebooks"])]
             for row in ROW.finditer((ROOT / "README.md").read_text(encoding="utf-8"))}
    parts |= {"For teachers": teachers_documents(), "The project": PROJECT}
    return "".join(TOCTREE.format(caption=part, entries="\n".join(map(entry, paths))) for part, paths in parts.items() if paths)


def entry(path):
    name = page(path).with_suffix("").as_posix()
    return f"{path.name[:2]} {title(path)} <{name}>" if path.suffix == ".ipynb" else name


def title(path):
    return nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
