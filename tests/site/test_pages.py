"""What the pages offer beside their text: a home, titles that ask, search, what was read, run buttons, weight, the workflow."""
import re
import subprocess
import sys

import jinja2
import nbformat
import pytest
import yaml

from tests.site.conftest import MISSING, NOTEBOOKS, ROOT
from tests.site.test_site import in_a_browser, pytestmark  # noqa: F401

sys.path.append(str(ROOT / "site"))
if not MISSING:
    import course_map
    import home
    import running

TITLE_OF_08 = "08 · Forget gate: what is kept?"
MOST_BYTES = {"page": 1_500_000, "thumbnail": 15_000, "site": 60_000_000}


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def notebook_page(site, number):
    (found,) = site.glob(f"notebooks/{number}_*.html")
    return found.as_uri()


# --- home, titles, order ---

def test_home_has_a_card_for_each_notebook_with_its_question_and_minutes(site, pages):
    cards = pages[site / "index.html"].select(".cards a.card")
    assert [card["href"] for card in cards] == [f"notebooks/{path.stem}.html" for path in NOTEBOOKS]
    assert [card.select_one(".about").get_text(" ", strip=True) for card in cards[7:9]] == [
        "07 · Cell state What is a memory that is added to? 40 minutes", "08 · Forget gate What is kept? 40 minutes"]


def test_each_card_has_a_small_picture_with_words_that_loads_when_it_is_seen(site, pages):
    pictures = pages[site / "index.html"].select(".cards img")
    assert len(pictures) == len(NOTEBOOKS)
    for picture in pictures:
        assert picture["loading"] == "lazy" and len(picture["alt"]) >= 40
        assert 500 < (site / picture["src"]).stat().st_size <= MOST_BYTES["thumbnail"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_the_picture_that_stands_for_a_notebook_is_in_it(path):
    assert home.telling_picture(path)[0].startswith(home.TELLING[path.name[:2]][:40])


def test_the_start_of_an_alt_text_is_whole_sentences():
    told = "An LSTM cell. Along the top runs a thick belt, black."
    assert home.beginning(f"{told} More.") == told
    assert home.beginning("No end") == "No end"


def test_the_sidebar_asks_and_so_do_tabs_and_the_pages_before_and_after(pages):
    names = [f"{path.stem}.html" for path in NOTEBOOKS]
    for path, soup in pages.items():
        links = {link["href"].split("/")[-1]: link.get_text() for link in soup.select(".sidebar-tree a.reference")}
        assert links["#" if path.stem == "08_forget_gate" else "08_forget_gate.html"] == TITLE_OF_08, path
        if path.name in names:
            place = names.index(path.name)
            assert re.match(r"\d\d · [A-Z].+: [^A-Z].+\? - LSTM, gate by gate$", soup.title.get_text()), path
            assert soup.select_one("a.prev-page")["href"].endswith(names[place - 1] if place else "index.html")
            assert soup.select_one("a.next-page")["href"].endswith([*names, "README.html"][place + 1])


def test_the_map_of_the_readme_and_of_00_agree_on_the_notebooks():
    listed = [notebook for part in course_map.parts().values() for notebook in part]
    assert [notebook.path for notebook in listed] == NOTEBOOKS and all(10 < notebook.minutes < 90 for notebook in listed)
    minutes = {path: re.search(r"About (\d+) minutes", nbformat.read(path, 4).cells[0].source)[1] for path in NOTEBOOKS}
    assert {notebook.path: str(notebook.minutes) for notebook in listed} == minutes


# --- search, and what was read ---

FIRST = {"forget bias": "08", "half-life": "08", "clipping": "05", "GRU": "19", "vanishing gradients": "04", "input gate": "09",
         "exposure bias": "16", "cell state": "07"}


@in_a_browser
@pytest.mark.parametrize("asked", FIRST)
def test_what_is_searched_is_first_where_it_is_explained(site, tab, asked):
    tab.goto((site / "search.html").as_uri() + f"?q={asked.replace(' ', '+')}")
    found = tab.wait_for_selector("#search-results li a").get_attribute("href")
    assert found.startswith(f"notebooks/{FIRST[asked]}_")


READ = "[...document.querySelectorAll('%s')].filter(link => link.querySelector('.read')).map(link => link.innerText.slice(0, 2))"


@in_a_browser
@pytest.mark.parametrize("storage", [True, False])
def test_a_page_counts_as_read_when_its_end_was_seen(site, tab, storage):
    if not storage:
        tab.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('none'); }})")
    tab.goto(notebook_page(site, "08"))
    tab.wait_for_timeout(200)
    assert tab.evaluate(READ % ".sidebar-tree a") == []
    for _ in range(9):                                                      # explorers that come into view make the page longer
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        tab.wait_for_timeout(300)
    assert tab.evaluate(READ % ".sidebar-tree a") == ["08"]
    tab.goto((site / "index.html").as_uri())
    assert tab.evaluate(READ % "a.card") == (["08"] if storage else [])
    assert ", read" in tab.locator("a.card", has_text="Forget gate").inner_text() or not storage


# --- run buttons and the workflow ---

@pytest.mark.parametrize("remote, expected", [
    ("https://github.com/ada/lstm.git", "ada/lstm"), ("git@github.com:ada/lstm-gates.git", "ada/lstm-gates"),
    ("https://token@github.com/ada/lstm", "ada/lstm"), ("ssh://git@github.com/ada/lstm.git", "ada/lstm"),
    ("https://example.org/ada/lstm.git", None), ("/srv/course", None), ("", None)])
def test_only_a_github_remote_has_a_repository(tmp_path, remote, expected):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    if remote:
        subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    assert running.repository(tmp_path) == expected and running.branch(tmp_path) == "main"


def test_the_addresses_to_run_a_notebook_at():
    assert running.addresses("ada/lstm", "main", "notebooks/08_forget_gate.ipynb") == {
        "Binder": "https://mybinder.org/v2/gh/ada/lstm/main?urlpath=lab/tree/notebooks/08_forget_gate.ipynb",
        "Codespaces": "https://codespaces.new/ada/lstm/tree/main?quickstart=1",
        "Colab": "https://colab.research.google.com/github/ada/lstm/blob/main/notebooks/08_forget_gate.ipynb"}
    assert running.first_cell("ada/lstm", "main") == "%pip install git+https://github.com/ada/lstm@main"


def content(**context):
    """Return what the template makes of a page's text."""
    theme = "{% block body %}{% block content %}TEXT{% endblock %}{% endblock %}"
    ours = (ROOT / "site/templates/page.html").read_text(encoding="utf-8")
    pages = jinja2.Environment(loader=jinja2.DictLoader({"!page.html": theme, "page.html": ours}))
    return pages.get_template("page.html").render(context)


def test_a_page_shows_its_run_buttons_above_its_text_and_without_a_remote_none():
    shown = content(run={"addresses": {"Binder": "https://b", "Colab": "https://c"}, "first_cell": "%pip install x"})
    assert '<a href="https://b">Binder</a> · <a href="https://c">Colab</a>.' in " ".join(shown.split())
    assert shown.index("%pip install x") < shown.index("TEXT") and 'class="run"' not in content()


def test_the_site_has_run_buttons_where_this_checkout_has_a_remote_and_nowhere_else(pages):
    buttons = {path.name for path, soup in pages.items() if soup.select(".run a")}
    assert buttons == ({f"{path.stem}.html" for path in NOTEBOOKS} if running.repository(ROOT) else set())


def test_the_workflow_publishes_what_run_py_site_makes():
    workflow = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["publish"]["steps"]
    assert {"run": "python run.py site"} in steps
    (uploaded,) = [step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/upload-pages-artifact@")]
    assert uploaded == "site/_build/html" and steps[-1]["uses"].startswith("actions/deploy-pages@")
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}


# --- weight and time ---

def test_pages_and_site_are_light(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    pages = {path.name: path.stat().st_size for path in files if path.suffix == ".html"}
    heavy = {name: size for name, size in pages.items() if size > MOST_BYTES["page"]}
    assert not heavy and sum(path.stat().st_size for path in files) <= MOST_BYTES["site"]


@in_a_browser
def test_the_first_picture_of_the_home_page_is_there_within_a_second(site, tab, capsys):
    tab.goto((site / "index.html").as_uri())
    milliseconds = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    with capsys.disabled():
        print(f"\nhome: first paint after {milliseconds:.0f} ms")
    assert tab.evaluate("document.querySelector('.opening :is(img, svg)').getBoundingClientRect().height") > 100
    assert milliseconds < 1000
