"""The files in figures/ are what `run.py figures` draws, byte for byte, and can be read without seeing them."""

import importlib.util
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lstm_helpers.drawing.svg import rounded

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def make_figures():
    spec = importlib.util.spec_from_file_location("make_figures", ROOT / "tools" / "make_figures.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools")                               # where it finds moving_cell
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fresh(make_figures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    make_figures.make(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stored():
    return {path.name: path.read_bytes() for path in (ROOT / "figures").glob("*.svg")}


def test_the_stored_figures_are_those_drawn_afresh(fresh):
    assert sorted(stored()) == sorted(fresh)
    assert [name for name, drawing in stored().items() if drawing != fresh[name]] == []


def test_what_was_set_before_does_not_change_a_figure(make_figures, fresh, tmp_path):
    with make_figures.mpl.rc_context({"font.size": 20, "font.family": "serif", "svg.fonttype": "none"}):
        make_figures.make(tmp_path, ["lstm_cell_forward", "accuracy_against_gap"])
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(drawn) == 2 and drawn.items() <= fresh.items()


@pytest.mark.parametrize("name", stored())
def test_a_figure_says_what_is_to_be_seen(name):
    svg = ElementTree.fromstring(stored()[name])
    assert svg.get("role") == "img" and len(svg.get("aria-label")) > 30
    assert svg.find(f"{SVG}title").text and svg.find(f"{SVG}desc").text == svg.get("aria-label")


@pytest.mark.parametrize("name", stored())
def test_a_figure_is_white_behind_and_holds_no_date_no_version_and_no_path(name):
    text = stored()[name].decode()
    first = re.search(r'<g id="patch_1">.*?style="([^"]*)"', text, re.DOTALL).group(1)
    assert "fill: #ffffff" in first
    assert not re.search(r"\d{4}-\d\d-\d\d|[Mm]atplotlib v|<metadata|/home/|/work/|/tmp/|<text", text)


@pytest.mark.parametrize("name", stored())
def test_no_place_has_more_than_two_decimals(name):
    places = re.findall(rb' (?:d|x|y|width|height)="[^"]*"|translate\([^)]*\)', stored()[name])
    assert places and not [place for place in places if re.search(rb"\.\d{3}", place)]


@pytest.mark.parametrize("name", stored())
def test_no_name_is_made_from_the_digits_of_a_place_and_every_name_leads_somewhere(name):
    text = stored()[name].decode()
    ids = re.findall(r'id="([^"]*)"', text)
    assert not [name for name in ids if re.fullmatch(r"[mp][0-9a-f]{10}", name)]
    assert set(re.findall(r'(?:url\(|href=")#([^)"]*)', text)) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("number", "written"), [("0.4999999", "0.50"), ("-12.340001", "-12.34"), ("-0.000001", "0.00")])
def test_a_last_digit_that_hangs_on_the_processor_is_rounded_away(number, written):
    assert rounded(f'd="M {number} 7"', decimals=2) == f'd="M {written} 7"'


def test_the_moving_cell_is_small_needs_no_script_and_stands_still_where_no_motion_is_wanted():
    drawing = stored()["live_cell.svg"].decode()
    assert len(drawing) < 150_000 and "<script" not in drawing and "<animate" not in drawing
    still = re.search(r"@media \(prefers-reduced-motion: reduce\) \{(.*)\}\n", drawing).group(1)
    assert "* { animation: none !important }" in still and "visibility: visible" in still
    named = set(re.findall(r"@keyframes ([\w-]+)", drawing)) - {"shown"}
    assert named <= set(re.findall(r'id="([^"]*)"', drawing)) and {"fill-f", "belt-sum-read", "ride-h"} <= named


def test_variables_of_runs_no_further_than_needed_and_shows_nothing(make_figures, capsys):
    radii, = make_figures.variables_of("04_vanishing_gradients.ipynb", "RADII")
    assert radii == (0.5, 0.9, 1.0, 1.1, 1.5)
    assert capsys.readouterr() == ("", "")


def test_the_tool_knows_no_option(make_figures):
    with pytest.raises(SystemExit, match="--measure"):
        make_figures.main(["--measure"])


def test_the_readme_shows_three_of_them_with_words_for_those_who_cannot_see_them():
    shown = re.findall(r"!\[([^\]]*)\]\(figures/(\w+\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(shown) == 3 and {name for _, name in shown} <= set(stored())
    assert all(len(words) > 30 for words, _ in shown)
