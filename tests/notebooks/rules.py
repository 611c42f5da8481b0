"""The rules for notebooks: each takes a notebook and returns its problems, one sentence each.

A problem names the cell by number (all cells count, from 1) and id, says what was found and how to mend it. The rule on
names used too early needs to know which notebook introduces which name: `loans.names_on_loan`.
"""
import ast
import copy
import io
import re
import statistics
import tokenize

import nbformat

from .links import broken_links, registry_addresses
from .notebook import dotted_name, html_tags, prose
from .yes_or_no import MENDED, YES_OR_NO

LEAST_ALT, FEWEST_CELLS, MOST_CELLS, MOST_WORDS, MOST_LINES, MEDIAN_LINES = 30, 35, 60, 2500, 25, 8
IMAGE_IN_MARKDOWN = re.compile(r"!\[([^\]]*)\](?:\(|\[)")
FILE_NAME = re.compile(r"\S+\.\w{2,4}")
WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")
MACHINE_PATH = re.compile(
    r"file://[^\s\"'<>)]*"
    r"|(?<![\w.~/\\)\]}])/(?:home|Users|root|tmp|work|private|mnt)/[^\s\"'<>)]*"   # not the end of a URL or a fraction
    r"|\b[A-Za-z]:[\\/]+(?:Users|Windows|Program Files)\b[^\s\"'<>)]*"
    r"|[^\s\"'<>]*\b(?:site|dist)-packages\b[^\s\"'<>)]*")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
TIMING = ("execution", "ExecuteTime")
SILENT_TOKENS = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
VERDICT, MOST_COLUMNS = re.compile(r"\b(True|False|passed)\b"), 88
TAMPERING = {"os.environ", "os.putenv", "os.chdir", "sys.path"}


def named_by_number(notebook):
    if re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", notebook.path.name):
        return []
    return [f"the file is called {notebook.path.name}: call it NN_name.ipynb, in small letters"]


def is_valid(notebook):
    try:
        nbformat.validate(copy.deepcopy(notebook.content))
    except nbformat.ValidationError as error:
        return [f"the file is no valid notebook: {str(error).splitlines()[0]}"]
    return []


def every_cell_has_an_id(notebook):
    ids = [cell.node.get("id") for cell in notebook.cells]
    return [cell.problem("its id is missing or an earlier cell's: links and diffs need one id per cell")
            for place, cell in enumerate(notebook.cells) if not ids[place] or ids[place] in ids[:place]]


def executed_in_order(notebook):
    cells = [cell for cell in notebook.code if cell.source.strip()]
    for expected, cell in enumerate(cells, start=1):
        count = cell.node.get("execution_count")
        if count != expected:   # the first tells all: those after it may be out of step for its sake
            fault = f"has execution count {count}, in order it would be {expected}" if count else "was never executed"
            return [cell.problem(f"it {fault}: {notebook.execute_again}")]
    return []


def no_errors(notebook):
    return [cell.problem(f"it ends in {output.ename}: {output.evalue}; mend it, or catch and print the error")
            for cell in notebook.code for output in cell.outputs if output.output_type == "error"]


def nothing_on_stderr(notebook):
    return [cell.problem(f"it writes to stderr ({output.text.strip().splitlines()[0]!r}): mend what it warns of")
            for cell in notebook.code for output in cell.outputs
            if output.output_type == "stream" and output.name == "stderr" and output.text.strip()]


def pictures_have_alt_text(notebook):
    problems = []
    for cell in notebook.code:
        for mime, content in cell.output_data():
            if mime.startswith("image/"):
                problems.append(cell.problem(f"it shows a bare {mime}, which has no alt text: use show(fig, alt)"))
            if mime in ("text/html", "text/markdown"):
                problems += [cell.problem(fault) for fault in alt_faults(content)]
    for cell in notebook.markdown:
        text = prose(cell.source)
        problems += [cell.problem(fault) for fault in alt_faults(text)]
    return problems


def alt_faults(text):
    """Return what is wrong with the alternatives of all pictures in markdown or HTML."""
    alternatives = [("alt text", alt) for alt in IMAGE_IN_MARKDOWN.findall(text)]
    faults = []
    for tag, attributes in html_tags(text):
        if tag == "img":
            alternatives.append(("alt text", attributes.get("alt") or ""))
        if tag == "svg":
            alternatives.append(("aria-label", attributes.get("aria-label") or ""))
            faults += [] if attributes.get("role") == "img" else ['an svg is shown without role="img": add it']
    return faults + [f"a picture has the {kind} {words!r}: say in more than {LEAST_ALT} characters what is to be seen"
                     for kind, words in alternatives if len(words) <= LEAST_ALT or FILE_NAME.fullmatch(words.strip())]


def pictures_go_through_show(notebook):
    problems = [cell.problem("it sets up matplotlib by %matplotlib: leave it out and use show(fig, alt)")
                for cell in notebook.code if re.search(r"^\s*%+\s*matplotlib\b", cell.source, re.MULTILINE)]
    for cell, tree in notebook.trees:
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and not node.args]
        problems += [cell.problem(f"it calls {dotted_name(call) or '….show'}(): use show(fig, alt)")
                     for call in calls if isinstance(call, ast.Attribute) and call.attr == "show"]
    return problems + [cell.problem(f"it shows {content.strip()} bare: use show(fig, alt)") for cell in notebook.code
                       for mime, content in cell.output_data()
                       if mime == "text/plain" and content.startswith("<Figure size")]


def no_path_of_a_machine(notebook):
    return [cell.problem(f"its {place} names {path}, which is of one machine: leave it out or make it relative")
            for cell in notebook.cells for place, text in cell.texts()
            for path in MACHINE_PATH.findall(WEB_ADDRESS.sub("", text))]


def no_registry_address(notebook):
    return [cell.problem(f"its {place} names {address}: name the package, not where it is fetched from")
            for cell in notebook.cells for place, text in cell.texts() for address in registry_addresses(text)]


def links_lead_somewhere(notebook):
    return [cell.problem(fault) for cell in notebook.markdown for fault in broken_links(cell.source, notebook.path)]


def no_widget_state(notebook):
    stored = ["the notebook stores the state of its widgets (metadata.widgets): " + notebook.execute_again]
    return (stored if "widgets" in notebook.content.metadata else []) + [
        cell.problem(f"it stores a view of a widget, named by a random number: {notebook.execute_again}")
        for cell in notebook.code for mime, _ in cell.output_data() if mime == WIDGET_VIEW]


def no_times_in_metadata(notebook):
    return [cell.problem(f"its metadata hold times ({key}): {notebook.execute_again}")
            for cell in notebook.cells for key in TIMING if key in cell.node.metadata]


def kernel_is_every_python3(notebook):
    metadata = notebook.content.metadata
    kernel, version = metadata.get("kernelspec", {}).get("name"), metadata.get("language_info", {}).get("version")
    problems = [] if kernel == "python3" else [f"the kernel is {kernel!r}: set metadata.kernelspec.name to 'python3'"]
    if version:
        problems.append(f"the version {version} of one machine's Python is stored: {notebook.execute_again}")
    return problems


def is_plain_python(notebook):
    problems = []
    for cell in notebook.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            problems.append(cell.problem(f"line {error.lineno} is not plain Python: write it without magics"))
    return problems


def no_idle_semicolon(notebook):
    return [cell.problem("it ends in ';', which silences nothing under nbval: write `_ = …` or use show(fig, alt)")
            for cell, _ in notebook.trees if last_token(cell.source) == ";"]


def last_token(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return ([""] + [token.string for token in tokens if token.type not in SILENT_TOKENS])[-1]


def environment_is_left_alone(notebook):
    problems = []
    for cell, tree in notebook.trees:
        names = {dotted_name(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                  for alias in node.names}
        problems += [cell.problem(f"it uses {name}: run.py sets up the environment, a notebook only imports")
                     for name in sorted(names & TAMPERING)]
    return problems


def code_cells_are_short(notebook):
    sizes = [(cell, len(cell.source.strip().splitlines())) for cell in notebook.code]
    return [cell.problem(f"it has {size} lines: at most {MOST_LINES}, so divide it") for cell, size in sizes
            if size > MOST_LINES]


def most_code_cells_are_very_short(notebook):
    sizes = [sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in notebook.code]
    if not sizes or statistics.median(sizes) <= MEDIAN_LINES:
        return []
    return [f"the median code cell has {statistics.median(sizes):g} lines: at most {MEDIAN_LINES}, so divide some"]


def has_its_share_of_cells(notebook):
    fewest = 1 if notebook.number == 0 else FEWEST_CELLS   # the start page teaches nothing yet
    if fewest <= len(notebook.cells) <= MOST_CELLS:
        return []
    return [f"the notebook has {len(notebook.cells)} cells: between {fewest} and {MOST_CELLS} can be worked through"]


def is_short_enough_to_read(notebook):
    looked_up = r"^\|.*$" if notebook.number == 0 else "$^"      # the start page's tables, ledger and glossary among them
    count = sum(words(re.sub(looked_up, "", cell.source, flags=re.MULTILINE)) for cell in notebook.markdown)
    return [f"the text has {count} words: at most {MOST_WORDS:,} are read"] if count > MOST_WORDS else []


def words(markdown):
    """Count what is read as words: neither code nor maths, tags nor targets of links."""
    text = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", prose(markdown))
    return sum(any(map(str.isalnum, word)) for word in text.split())


def numbers_with_a_sign_are_measured(notebook):
    return [cell.problem("it shows ≈ but calls no measured(…): a number that differs between machines needs its bound")
            for cell in notebook.code if "≈" in cell.printed and "measured(" not in cell.source]


def numbers_instead_of_verdicts(notebook):
    allowed = YES_OR_NO.get(notebook.number, {})
    return [cell.problem("it answers True, False or passed: show the number, through measured(…) if it was trained; where yes or "
                         "no is what was asked, list it in tests/notebooks/yes_or_no.py")
            for cell in notebook.code if notebook.number in MENDED and cell.node.get("id") not in allowed
            and VERDICT.search(cell.printed)]


def code_fits_a_page(notebook):
    return [cell.problem(f"line {number} has {len(line)} columns: at most {MOST_COLUMNS}, for phones, slides and print")
            for cell in notebook.code if notebook.number in MENDED
            for number, line in enumerate(cell.source.splitlines(), 1) if len(line) > MOST_COLUMNS]


def picture_cells_are_folded(notebook):
    return [cell.problem(f"it only shows a picture and is not folded: {notebook.execute_again}") for cell, tree in notebook.trees
            if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) and ast.unparse(tree).startswith("show(")
            and not cell.node.metadata.get("jupyter", {}).get("source_hidden")]


RULES = (
    numbers_with_a_sign_are_measured, numbers_instead_of_verdicts, code_fits_a_page, picture_cells_are_folded,
    named_by_number, is_valid, every_cell_has_an_id, executed_in_order, no_errors, nothing_on_stderr,
    pictures_have_alt_text, pictures_go_through_show, no_path_of_a_machine, no_registry_address, links_lead_somewhere,
    no_widget_state, no_times_in_metadata, kernel_is_every_python3, is_plain_python, no_idle_semicolon,
    environment_is_left_alone, code_cells_are_short, most_code_cells_are_very_short, has_its_share_of_cells,
    is_short_enough_to_read,
)
