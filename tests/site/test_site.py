"""The static site: built without a warning, every link and picture in it, and looked at in a browser at two widths.

Skipped where Sphinx and its company are missing (`python3 run.py site` installs them), the last part where a browser is.
"""
import re
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from tests.notebooks.notebook import INLINE_CODE, without_fences
from tests.site.conftest import MISSING, NO_BROWSER, NOTEBOOKS, ROOT, parsed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    bool(MISSING), reason=f"no site: {', '.join(MISSING)} not installed (python3 run.py site)")]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
in_a_browser = pytest.mark.skipif(bool(NO_BROWSER), reason=f"the site is not looked at in a browser: {NO_BROWSER}")


def page_of(pages, notebook):
    (found,) = (soup for path, soup in pages.items() if path.stem == notebook.stem)
    return found


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def shown(path, mime):
    """What the outputs stored in a notebook hold of a mime type."""
    return [output.data[mime] for cell in cells(path, "code") for output in cell.outputs if mime in output.get("data", {})]


# --- what was built ---

def test_every_notebook_and_document_is_a_page_in_the_contents(site, pages):
    teachers = [path for path in (ROOT / "classroom").rglob("*.md") if "_build" not in path.parts]
    documents = [path for path in [*ROOT.glob("*.md"), *teachers] if path != ROOT / "README.md"]
    expected = {"about.html"} | {path.relative_to(ROOT).with_suffix(".html").as_posix() for path in [*NOTEBOOKS, *documents]}
    linked = {link["href"] for link in pages[site / "index.html"].select(".sidebar-tree a.internal")}
    assert NOTEBOOKS and expected <= linked
    assert not [name for name in expected if not (site / name).is_file()]


def test_every_page_has_a_language_a_title_of_its_own_and_fits_a_telephone(pages):
    for path, soup in pages.items():
        assert soup.html["lang"] == "en", path
        assert "width=device-width" in soup.find("meta", attrs={"name": "viewport"})["content"], path
    titles = [soup.title.get_text() for soup in pages.values()]
    assert all(titles) and len(set(titles)) == len(titles)


def test_headings_descend_one_level_at_a_time(pages):
    for path, soup in pages.items():
        if path.name == "search.html":   # its heading is written by a script
            continue
        levels = "".join(heading.name[1] for heading in soup.article.find_all(re.compile("^h[1-6]$")))
        assert levels.startswith("1") and levels.count("1") == 1, path
        assert not re.search("1[3-6]|2[4-6]|3[56]|46", levels), (path, levels)


# --- links ---

def addresses(soup):
    return [tag[name] for tag in soup.find_all(True) for name in ("href", "src") if tag.get(name)]


def fault(address, path, places):
    """Return what is wrong with a link or a picture of a page, or None."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https", "mailto", "data"):
        return None if parts.scheme in ("mailto", "data") or re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc) else "no address"
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if parts.scheme or parts.netloc or not target.is_file():
        return "no such file"
    if parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in places[target]:
        return "no such place on the page"
    return None


def test_every_link_leads_somewhere(pages):
    places = {path: {tag["id"] for tag in soup.find_all(id=True)} for path, soup in pages.items()}
    found = [(address, path) for path, soup in pages.items() for address in addresses(soup)]
    faults = [f"{path.name}: {address[:80]}: {why}" for address, path in found if (why := fault(address, path, places))]
    assert len(found) > 1000 and not faults, "\n".join(faults)


def test_each_claim_of_the_ledger_leads_to_its_heading(pages):
    (start,) = (path for path in pages if path.stem == "00_start_here")
    links = [urlsplit(link["href"]) for link in pages[start].select('td a[href*="#claim-"]')]
    assert len({link.fragment for link in links}) == 40
    for link in links:
        section = pages[(start.parent / link.path).resolve()].find(id=link.fragment)
        assert section, f"{link.path} has no place #{link.fragment}"
        assert section.find(re.compile("^h[2-4]$")).get_text().startswith(link.fragment.replace("claim-", "Claim ") + "¶")


FETCHED = r"url\(\s*['\"]?(?:https?:)?//[^)]*|@import[^;]*"


def test_nothing_is_fetched_from_elsewhere(site, pages):
    for path, soup in pages.items():
        loaded = [tag[name] for tag in soup.find_all(True) for name in ("src", "srcset", "poster", "data") if tag.get(name)]
        loaded += [tag["href"] for tag in soup.find_all("link", href=True)]
        assert not [address for address in loaded if urlsplit(address).scheme not in ("", "data") or "//" in address[:2]], path
    styles = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.css")}
    styles |= {path: "\n".join([*map(str, soup("style")), *(tag["style"] for tag in soup.find_all(style=True))])
               for path, soup in pages.items()}
    fetching = {path: found for path, style in styles.items() if (found := re.findall(FETCHED, style))}
    assert not fetching


# --- pictures, equations, sliders, answers ---

@every_notebook
def test_every_picture_has_the_words_that_its_notebook_stores(pages, path):
    stored = [image["alt"] for html in shown(path, "text/html") for image in parsed(html).find_all("img")]
    assert stored and all(stored)
    assert [image.get("alt") for image in page_of(pages, path).article.find_all("img")] == stored


def test_pictures_in_documents_have_words(pages):
    images = [image for soup in pages.values() for image in soup.find_all("img")]
    assert len(images) > len(NOTEBOOKS)
    assert not [(path.name, alt) for path, soup in pages.items() for image in soup.find_all("img")
                if len(alt := image.get("alt", "")) <= 30]


def texts(path):
    """The markdown of a notebook without code and equations of their own."""
    return [re.sub(r"\$\$.+?\$\$", "", INLINE_CODE.sub("\n", without_fences(cell.source)), flags=re.DOTALL)
            for cell in cells(path, "markdown")]


def breaks(formula):
    """How often a line may break within an inline formula: before each equals sign outside of braces."""
    return len(re.findall(" = ", re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "", formula)))


@every_notebook
def test_equations_are_mathml_and_no_tex_is_left(pages, path):
    article = page_of(pages, path).article
    tex = [formula for cell in cells(path, "markdown") for formula in re.findall(r"\$\$.+?\$\$", cell.source, re.DOTALL)]
    assert len(article.select("div.equations")) == len(tex)
    inline = [formula for text in texts(path) for formula in re.findall(r"(?<!\\)\$([^$]+)\$", text)]
    assert len(article.find_all("math", display="inline")) == sum(1 + breaks(formula) for formula in inline)
    assert not [math.get_text() for math in article.find_all("math") if re.search(r"[\\${}&]", math.get_text())]
    prose = [text for tag in article.select("p, li, td, summary") for text in tag.find_all(string=True, recursive=False)]
    assert prose and not [text for text in prose if re.search(r"\$|\\[a-z]", text)]


@every_notebook
def test_nothing_that_only_runs_in_jupyterlab_leaves_a_gap(pages, path):
    article = page_of(pages, path).article
    explores = [cell for cell in cells(path, "code") if re.search(r"^explorers\.", cell.source, re.MULTILINE)]
    places = article.select("[data-explorer]")
    assert len(places) == len(explores) and all(place.find("img") for place in places)      # until the script has come
    assert not re.search(r"0%\||VBox\(|Explorer: ", article.get_text())


def one_line(text):
    return " ".join(text.split())


@every_notebook
def test_all_code_and_all_that_it_prints_is_there_in_order(pages, path):
    article = page_of(pages, path).article
    assert [box.get_text().strip() for box in article.select("div.cell_input")] == \
        [cell.source.strip() for cell in cells(path, "code")]
    outputs = [output for cell in cells(path, "code") for output in cell.outputs if "text/html" not in output.get("data", {})]
    printed = [one_line(output.get("text") or output.data["text/plain"]) for output in outputs]
    boxes = article.select("div.output.stream, div.output.text_plain")
    assert [one_line(box.get_text()) for box in boxes] == [text for text in printed if not text.startswith("0%|")]


@every_notebook
def test_all_words_and_folded_answers_are_there(pages, path):
    article = page_of(pages, path).article
    plain = [re.sub(r"(?<!\\)\$[^$]+\$|<[^>]+>|\]\([^)]*\)", "\n", text) for text in texts(path)]
    runs = [run for text in plain for run in re.findall("[A-Za-z][A-Za-z ,;.]{18,}[A-Za-z]", text)]
    words = one_line(article.get_text())
    assert len(runs) > 50
    assert not [run for run in runs if one_line(run) not in words]
    folded = [fold for cell in cells(path, "markdown") for fold in re.findall("<details>", cell.source)]
    details = article.find_all("details")
    assert len(details) == len(folded) and all(fold.find("summary") and fold.find("p") for fold in details)


# --- in a browser ---

TOO_WIDE = """() => [document.documentElement, document.body, ...document.querySelectorAll('.page, .main, .content')]
  .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => `${part.className} ${part.scrollWidth}`)"""

LETTERS = """() => [['article', 16], ['article :is(p, li, td, th, summary):not([data-explorer] *)', 16],
  ['[data-explorer] p', 13], ['article :is(pre, code)', 13]]
  .map(([what, least]) => [[...document.querySelectorAll(what)].map(part => parseFloat(getComputedStyle(part).fontSize)), least])
  .map(([sizes, least]) => [Math.min(...sizes), least])"""


@in_a_browser
@pytest.mark.parametrize("width, height", [(375, 667), (1280, 900)])
def test_no_page_scrolls_sideways_and_nothing_goes_wrong_or_online(browser, pages, width, height):
    tab = browser.new_page(viewport={"width": width, "height": height})
    requests, complaints, wide = [], [], {}
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for path in pages:
        tab.goto(path.as_uri())
        wide[path.name] = tab.evaluate(TOO_WIDE)
        small = tab.evaluate("[...document.querySelectorAll('article img:not([loading])')]"
                             ".map(image => image.naturalWidth && image.clientWidth)")
        assert all(200 < size <= width for size in small), (path.name, small)
        assert all(letters >= least for letters, least in tab.evaluate(LETTERS)), (path.name, tab.evaluate(LETTERS))
    tab.close()
    assert not {name: parts for name, parts in wide.items() if parts} and not complaints
    assert {urlsplit(url).scheme for url in requests} <= {"file", "data"}


@in_a_browser
def test_an_answer_unfolds_by_the_keyboard_and_equations_have_a_size(browser, pages):
    (path,) = (path for path in pages if path.stem == "04_vanishing_gradients")
    tab = browser.new_page(viewport={"width": 375, "height": 667})
    tab.goto(path.as_uri())
    answer = tab.locator("details p").first
    assert not answer.is_visible()
    tab.locator("summary").first.focus()
    tab.keyboard.press("Enter")
    assert answer.is_visible()
    boxes = [math.bounding_box() for math in tab.locator("div.equations math").all()]
    assert boxes and all(box["width"] > 50 and box["height"] > 15 for box in boxes)
    tab.close()
