"""Each rule, tried on a good notebook that is broken in one place."""
import copy
import json
import types

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from . import loans, rules
from .links import broken_links, documents, registry_addresses
from .loans import names_on_loan
from .notebook import Notebook
from .rules import RULES

# nbformat warns of what it meets in the notebooks that we break.
pytestmark = pytest.mark.filterwarnings("ignore:Non-unique cell id", "ignore:Cell is missing an id")

ALT = "The cell state over forty steps: a step up at step 5, level after it"
DATA = "data:image/png;base64,iVBORw0KGgo=/tmp/AAAA"
PICTURE = f'<figure><img alt="{ALT}" src="{DATA}"><figcaption>One run.</figcaption></figure>'
TEXT = """# What does the cell keep?
## Your `turn`
See [the start](00_start_here.ipynb#The-map), [above](#Your-turn), [again](#heading=Your-turn), [it](#cell-id=picture),
[a paper](https://example.org/home/site-packages/paper_(1).pdf), $f[t](x)$ and `[no](link)`.
<a id="claim-3"></a>[Claim 3](02_good.ipynb#claim-3).

```
# No heading
[no](link) and <img>
```
On loan from 07: `LSTM`, `GATES`.
"""
INTRODUCED = {"rnn_step": 2, "sigmoid": 1, "LSTM": 7, "GATES": 7, "train": 13}
FILLER = [new_markdown_cell("Words and more words.", id=f"words-{number}") for number in range(32)]


def code(number, source, *outputs):
    return new_code_cell(source, id=f"code-{number}", execution_count=number, outputs=list(outputs))


def shown(**data):
    return new_output("display_data", {mime.replace("_", "/"): content for mime, content in data.items()})


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def good_content():
    picture = code(3, "show(fig, alt);  # quiet\nlast = 'a;'", shown(text_html=PICTURE, text_plain="<HTML object>"))
    picture.id = "picture"
    cells = [new_markdown_cell(TEXT, id="title"),
             code(1, "from lstm_helpers.cells import GATES, rnn_step\nfrom lstm_helpers import cells, learning"),
             code(2, "layer = cells.LSTM(2, 3)\nprint(layer)", stream("at a rate of 1/2, 3/home/4\n")),
             picture, *copy.deepcopy(FILLER)]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"},
                                               "language_info": {"name": "python"}})


def written(content, folder, name="02_good.ipynb"):
    """Write as it stands, however broken, beside a start page to link to, and read it as the rules do."""
    start = new_notebook(cells=[new_markdown_cell("## The map")])
    (folder / "00_start_here.ipynb").write_text(json.dumps(start), encoding="utf-8")
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return Notebook.read(folder / name)


def complaints(notebook):
    """Return {rule: problems} for all rules that complain."""
    found = {rule.__name__: rule(notebook) for rule in RULES}
    found["names_on_loan"] = names_on_loan(notebook, INTRODUCED)
    return {name: problems for name, problems in found.items() if problems}


def test_the_good_notebook_is_good(tmp_path):
    assert complaints(written(good_content(), tmp_path)) == {}


def at(*path, value):
    """A breakage: set content[path[0]][path[1]]… to value."""
    def breakage(content):
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value
    return breakage


def says(markdown):
    return at("cells", 10, "source", value=markdown)


def runs(source):
    return at("cells", 2, "source", value="cells.LSTM\n" + source)


def puts_out(*outputs):
    return at("cells", 2, "outputs", value=list(outputs))


def twice_too_long(content):
    for cell in content.cells[1:4]:
        cell.source += "\nx = 1" * 9


def wordy(content):
    content.cells[10].source = "word " * 2500


def twice_the_cells(content):
    content.cells += [new_markdown_cell("More.", id=f"more-{number}") for number in range(32)]


def without_id(content):
    del content.cells[10]["id"]


HERE, THERE = "cell 3 (code-2): ", "cell 11 (words-6): "   # where `runs` and `puts_out` break, and where `says` does

BREAKAGES = {
    "numbers_with_a_sign_are_measured": [(puts_out(stream("RNN ≈0.36\n")), f"{HERE}it shows ≈ but calls no measured(…)")],
    "numbers_instead_of_verdicts": [
        (puts_out(stream("above 0.9: True\n")), f"{HERE}it answers True, False or passed"),
        (puts_out(shown(text_plain="False")), f"{HERE}it answers True, False or passed")],
    "code_fits_a_page": [(runs("x = " + "1 + " * 25 + "1"), f"{HERE}line 2 has 105 columns: at most 88")],
    "picture_cells_are_folded": [
        (at("cells", 3, "source", value="show(fig, alt)"), "cell 4 (picture): it only shows a picture and is not folded")],
    "is_valid": [(at("cells", 10, "surplus", value=1), "the file is no valid notebook: Additional properties")],
    "every_cell_has_an_id": [
        (at("cells", 10, "id", value="words-3"), "cell 11 (words-3): its id is missing or an earlier cell's")],
    "executed_in_order": [
        (at("cells", 2, "execution_count", value=None), f"{HERE}it was never executed: run `python3"),
        (at("cells", 2, "execution_count", value=7), f"{HERE}it has execution count 7, in order it would be 2"),
        (at("cells", 3, "execution_count", value=2), "cell 4 (picture): it has execution count 2")],
    "no_errors": [
        (puts_out(new_output("error", ename="NameError", evalue="no x", traceback=[])), f"{HERE}it ends in NameError")],
    "nothing_on_stderr": [
        (puts_out(stream("Warning: old\n  more\n", "stderr")), f"{HERE}it writes to stderr ('Warning: old')")],
    "pictures_have_alt_text": [
        (puts_out(shown(text_html='<img src="a.png">')), f"{HERE}a picture has the alt text ''"),
        (puts_out(shown(text_html="<img alt='a_file_with_a_very_long_name_indeed.png'>")), "the alt text 'a_file_with"),
        (puts_out(shown(text_html="<img alt='Loss falls'>")), "say in more than 30 characters what is to be seen"),
        (puts_out(shown(text_markdown="![Loss](https://a.org/a.png)")), f"{HERE}a picture has the alt text"),
        (puts_out(shown(image_png="iVBO")), "a bare image/png, which has no alt text: use show(fig, alt)"),
        (puts_out(shown(image_jpeg="iVBO")), "a bare image/jpeg"),
        (puts_out(new_output("display_data", {"image/svg+xml": "<svg/>"})), "a bare image/svg+xml"),
        (puts_out(shown(text_html=f"<svg aria-label='{ALT}'></svg>")), 'without role="img"'),
        (puts_out(shown(text_html="<svg role='img'></svg>")), "the aria-label ''"),
        (says("![](00_start_here.ipynb)"), f"{THERE}a picture has the alt text ''"),
        (says("<img src='00_start_here.ipynb'>"), f"{THERE}a picture has the alt text ''")],
    "pictures_go_through_show": [
        (runs("plt.show()"), f"{HERE}it calls plt.show(): use show(fig, alt)"),
        (runs("plt.figure().show()"), "it calls ….show(): use show(fig, alt)"),
        (puts_out(shown(text_plain="<Figure size 640x480 with 1 Axes>")), "it shows <Figure size 640x480 with")],
    "no_path_of_a_machine": [
        (puts_out(stream("saved in /home/ada/run.npz\n")), f"{HERE}its output names /home/ada/run.npz"),
        (says("In /root/x"), f"{THERE}its source names /root/x,"),
        (runs("a = '/Users/ada'"), "names /Users/ada,"),
        (runs("a = '/tmp/run'"), "names /tmp/run,"),
        (runs("a = '/work/main'"), "names /work/main,"),
        (runs(r"a = 'C:\\Users\\ada'"), r"names C:\\Users\\ada,"),
        (says("`lib/python3.11/site-packages/numpy`"), "names `lib/python3.11/site-packages/numpy"),
        (says("At `file:///srv/x`."), "names file:///srv/x")],
    "no_registry_address": [
        (says("From https://pypi.org/simple."), f"{THERE}its source names pypi.org: name the package"),
        (puts_out(stream("conda.anaconda.org")), f"{HERE}its output names conda.anaconda.org")],
    "links_lead_somewhere": [
        (says("[next](03_bptt.ipynb)"), f"{THERE}the link to 03_bptt.ipynb leads nowhere: there is no such file"),
        (says("[x](00_start_here.ipynb#No-map)"), "leads nowhere: 00_start_here.ipynb has no such heading"),
        (says("[x](#No-heading)"), "the link to #No-heading leads nowhere"),
        (says("[x](#claim-4)"), "the link to #claim-4 leads nowhere: 02_good.ipynb has no such"),
        (says("[x](#cell-id=code-9)"), "the link to #cell-id=code-9 leads nowhere"),
        (says("<a href='gone.md'>x</a>"), "the link to gone.md leads nowhere"),
        (says(f"![{ALT}](gone.svg)"), "the link to gone.svg leads nowhere"),
        (says("See [x][1].\n\n[1]: gone.md"), "the link to gone.md leads nowhere"),
        (says("[x](/lab/tree)"), "the link to /lab/tree begins with a slash"),
        (says("[x](ftp://a.org/x)"), "is neither a web address nor a relative path")],
    "no_widget_state": [
        (at("metadata", "widgets", value={}), "the notebook stores the state of its widgets"),
        (puts_out(new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}})),
         f"{HERE}it stores a view of a widget")],
    "no_times_in_metadata": [
        (at("cells", 2, "metadata", "execution", value={}), f"{HERE}its metadata hold times (execution)")],
    "kernel_is_every_python3": [
        (at("metadata", "kernelspec", "name", value="venv"), "the kernel is 'venv'"),
        (at("metadata", "language_info", "version", value="3.11.7"), "the version 3.11.7")],
    "is_plain_python": [
        (at("cells", 3, "source", value="x = 1\n%timeit x"), "cell 4 (picture): line 2 is not plain Python")],
    "no_idle_semicolon": [(runs("ax.plot(x);  # quiet"), f"{HERE}it ends in ';', which silences nothing")],
    "environment_is_left_alone": [
        (runs("os.environ['A'] = '1'"), f"{HERE}it uses os.environ"),
        (runs("sys.path.insert(0, '..')"), "it uses sys.path"),
        (runs("from os import environ"), "it uses os.environ")],
    "code_cells_are_short": [(runs("x = 1\n" * 25), f"{HERE}it has 26 lines: at most 25")],
    "most_code_cells_are_very_short": [(twice_too_long, "the median code cell has 11 lines: at most 8")],
    "has_its_share_of_cells": [
        (at("cells", slice(30, None), value=[]), "the notebook has 30 cells: between 35 and 60"),
        (twice_the_cells, "the notebook has 68 cells: between 35 and 60")],
    "is_short_enough_to_read": [(wordy, "words: at most 2,500 are read")],
    "names_on_loan": [
        (runs("learning.train"), f"{HERE}`train` is introduced only in notebook 13: add a line \"On loan"),
        (runs("from lstm_helpers.learning import train"), f"{HERE}`train` is introduced only in"),
        (runs("import lstm_helpers.learning as le\nle.train"), f"{HERE}`train` is introduced only in"),
        (runs("import lstm_helpers\nlstm_helpers.learning.train()"), f"{HERE}`train` is introduced only in"),
        (runs("from lstm_helpers.cells.lstm import secret"), f"{HERE}`secret` is no public name"),
        (says("On loan from 13: `train`."), f"{THERE}`train` is on loan but never used"),
        (says("- **On loan from 13:** `train`"), f"{THERE}`train` is on loan but never used"),
        (says("> On loan from [02](00_start_here.ipynb): `rnn_step`"), f"{THERE}`rnn_step` needs no loan"),
        (says("On loan from 11: `LSTM`."), f"{THERE}`LSTM` is on loan from 07, not from 11"),
        (says("On loan from 13: `grad`."), f"{THERE}`grad` is on loan, but the package has no such public name"),
        (says("On loan: the LSTM."), f"{THERE}'On loan: the LSTM.' names no loan: write \"On loan from NN")],
}
CASES = [(rule, *case) for rule, cases in BREAKAGES.items() for case in cases]


@pytest.mark.parametrize("rule, breakage, words", CASES, ids=[f"{rule}: {words}" for rule, _, words in CASES])
def test_a_broken_notebook_breaks_one_rule(rule, breakage, words, tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "MENDED", {2})
    content = good_content()
    breakage(content)
    found = complaints(written(content, tmp_path))
    assert list(found) == [rule]
    assert len(found[rule]) == 1
    assert words in found[rule][0]


@pytest.mark.parametrize("breakage", [puts_out(stream("RNN ≈0.36\n")), runs("x = f'{measured(0.36, below=1)}'")])
def test_a_number_that_is_measured_in_its_cell_may_be_shown(breakage, tmp_path):
    content = good_content()
    breakage(content)
    content.cells[2].source += "\nmeasured(0.36, below=1)"
    assert not complaints(written(content, tmp_path))


def test_where_yes_or_no_is_what_was_asked_it_may_be_answered(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "MENDED", {2})
    monkeypatch.setattr(rules, "YES_OR_NO", {2: {"code-2": "does f change when c_prev does?"}})
    content = good_content()
    puts_out(stream("True\n"))(content)
    assert not complaints(written(content, tmp_path))


def test_every_rule_is_tried():
    assert {rule.__name__ for rule in RULES} - set(BREAKAGES) == {"named_by_number"}


def test_a_name_without_number(tmp_path):
    notebook = written(good_content(), tmp_path, "02 Good.ipynb")
    [problem] = complaints(notebook)["named_by_number"]
    assert problem == "the file is called 02 Good.ipynb: call it NN_name.ipynb, in small letters"


def test_matplotlib_magic_is_no_python_either(tmp_path):
    content = good_content()
    content.cells[3].source = "%matplotlib inline"
    assert set(complaints(written(content, tmp_path))) == {"pictures_go_through_show", "is_plain_python"}


def test_a_missing_id_makes_the_file_invalid_too(tmp_path):
    content = good_content()
    without_id(content)
    found = complaints(written(content, tmp_path))
    assert found["every_cell_has_an_id"][0].startswith("cell 11 (without id): its id is missing")


def test_the_start_page_may_have_few_cells(tmp_path):
    content = good_content()
    content.cells = content.cells[:1]
    content.cells[0].source = "# Start"
    assert complaints(written(content, tmp_path, "00_start.ipynb")) == {}


def test_the_notebook_that_introduces_a_name_uses_it(tmp_path):
    content = good_content()
    content.cells[0].source = "# What does the cell keep?"
    assert complaints(written(content, tmp_path, "07_cell_state.ipynb")) == {}


def test_the_introducing_notebook_is_read_from_docstrings(monkeypatch):
    def step():
        """Step once.

        Introduced in 02_vanilla_rnn.
        """
    home = types.ModuleType("toy.gates", "GATES: the order of the gates. Introduced in 07_cell_state.\nFLAGS: none.")
    home.GATES = home.FLAGS = ("i", "f")
    package = types.ModuleType("toy")
    package.step, package.GATES, package.FLAGS, package.silent = step, home.GATES, home.FLAGS, lambda: None
    package.__all__ = ["step", "GATES", "FLAGS", "silent"]
    monkeypatch.setitem(loans.sys.modules, "toy", package)
    monkeypatch.setitem(loans.sys.modules, "toy.gates", home)
    monkeypatch.setattr(loans, "PACKAGES", ("toy",))
    assert loans.introductions() == ({"step": 2, "GATES": 7}, ["toy.FLAGS", "toy.silent"])


def test_links_of_documents(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("# Two commands, then\n[a](#two-commands-then) [b](README.md) [c](#gone)\n```\n[d](gone.md)\n```\n")
    assert broken_links(page.read_text(), page) == [
        'the link to #gone leads nowhere: README.md has no such heading, <a id="…"></a> or cell id']


def test_documents_are_found_outside_environments_only(tmp_path):
    for name in ("README.md", "classroom/plans/one.md", ".github/a.md", ".venv/b.md", "env/c.md", "node_modules/d.md",
                 "site/_build/source/e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    found = {path.relative_to(tmp_path).as_posix() for path in documents(tmp_path)}
    assert found == {".github/a.md", "README.md", "classroom/plans/one.md"}


def test_registry_addresses():
    text = "https://files.pythonhosted.org/x https://registry.npmjs.org https://numpy.org"
    assert registry_addresses(text) == ["files.pythonhosted.org", "registry.npmjs.org"]
