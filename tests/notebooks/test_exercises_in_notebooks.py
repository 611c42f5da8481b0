"""The exercises in the notebooks: every question is asked as declared, and its solution, put into the cell, is right."""

import ast
import importlib
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.exercises.declared import modules, questions_of

from .notebook import Notebook
from .test_notebooks import NOTEBOOKS
from .test_rules import written

HEADING = "## Your turn"
MODULES = modules()
read = Notebook.read


def title_of(notebook):
    return notebook.path.stem[3:]


def declared(notebook):
    """Return {name: question} of the notebook's module; empty if there is none."""
    return questions_of(MODULES[title_of(notebook)]) if title_of(notebook) in MODULES else {}


def has_heading(notebook):
    return any(line.strip() == HEADING for cell in notebook.markdown for line in cell.source.splitlines())


def exercise_cells(notebook, name):
    """Return the code cells that check the question."""
    return [cell for cell in notebook.code if re.search(rf"^\s*{name}\.check\(", cell.source, re.MULTILINE)]


def exercises_are_there(notebook):
    """Rule: a notebook with "## Your turn" has a module of questions, and one with a module has the heading."""
    problems = []
    if has_heading(notebook) and not declared(notebook):
        problems.append(f"it says {HEADING!r}, but lstm_helpers/exercises/{title_of(notebook)}.py declares no question")
    if declared(notebook) and not has_heading(notebook):
        problems.append(f"exercises are declared for it: add a markdown cell {HEADING!r} and ask them")
    return problems


def questions_are_imported(notebook):
    """Rule: one line imports all questions from the notebook's own module."""
    wanted, found = set(declared(notebook)), set()
    module = f"lstm_helpers.exercises.{title_of(notebook)}"
    for _, tree in notebook.trees:
        found |= {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == module
                  for alias in node.names}
    missing = ", ".join(sorted(wanted - found))
    return [f"it does not import {missing}: from {module} import {', '.join(sorted(wanted))}"] if missing else []


def each_question_has_its_cell(notebook):
    """Rule: one cell for each question, as `stub` gives it: untouched, hint and solution commented out."""
    problems = []
    for name, question in declared(notebook).items():
        cells = exercise_cells(notebook, name)
        if len(cells) != 1:
            problems.append(f"{len(cells)} cells check {name}; one is needed:\n{question.stub()}")
        elif cells[0].source.strip() != question.stub():
            problems.append(cells[0].problem(f"it differs from the stub of {name}, which is:\n{question.stub()}"))
    return problems


def each_statement_stands_before_its_cell(notebook):
    """Rule: the markdown cell before an exercise holds the declared statement, word for word."""
    problems = []
    for name, question in declared(notebook).items():
        for cell in exercise_cells(notebook, name):
            before = notebook.cells[cell.number - 2]
            if before.node.cell_type != "markdown" or one_line(question.ask) not in one_line(before.source):
                words = f"the markdown cell before it does not hold the statement of {name}: {question.ask}"
                problems.append(cell.problem(words))
    return problems


def names_of_answers_are_free(notebook):
    """Rule: no earlier cell binds the name of an answer: the untouched stub would break what still uses it, such as a slider."""
    problems = []
    for name, question in declared(notebook).items():
        answer, exercise = question.reference.__name__, min((cell.number for cell in exercise_cells(notebook, name)), default=0)
        problems += [cell.problem(f"it binds {answer}, which is the answer to {name} too: take another name")
                     for cell, tree in notebook.trees if cell.number < exercise and answer in names_bound(tree)]
    return problems


def names_bound(tree):
    """Return the names that a cell's own level binds."""
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    lines = [line for line in tree.body if isinstance(line, ast.Assign | ast.AugAssign | ast.For)]
    return defined | {node.id for line in lines for node in ast.walk(line)
                      if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def hints_are_not_given_away(notebook):
    """Rule: no cell calls hint or solution; the learner takes away the # to do so."""
    return [cell.problem(f"it calls {node.func.attr}(): comment it out") for cell, tree in notebook.trees
            for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("hint", "solution") and isinstance(node.func.value, ast.Name)
            and re.fullmatch(r"q\d+", node.func.value.id)]


def one_line(text):
    return " ".join(text.split())


RULES = (exercises_are_there, questions_are_imported, each_question_has_its_cell, each_statement_stands_before_its_cell,
         names_of_answers_are_free, hints_are_not_given_away)


def imports(notebook):
    """Return what the import statements of a notebook bind: all that an exercise may take for granted."""
    namespace = {}
    for _, tree in notebook.trees:
        lines = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(lines, []), notebook.path.name, "exec"), namespace)
    return namespace


def solved(source, question):
    """Return a cell's source with the solution in place of its stub."""
    name = question.reference.__name__
    stubs = [node for node in ast.parse(source).body
             if getattr(node, "name", None) == name or
             (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name)]
    assert len(stubs) == 1, f"the cell of {question.name} has {len(stubs)} stubs for {name}"
    lines = source.splitlines()
    return "\n".join([*lines[:stubs[0].lineno - 1], question.source(), *lines[stubs[0].end_lineno:]])


def answers(notebook, change, capsys):
    """Return {name: what check prints} after each exercise cell has gone through `change`."""
    namespace, said = imports(notebook), {}
    for name, question in declared(notebook).items():
        cell, = exercise_cells(notebook, name)
        capsys.readouterr()
        exec(change(cell.source, question), namespace)
        said[name] = capsys.readouterr().out
    return said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryNotebook:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
    def test_rule(self, path, rule):
        problems = rule(read(path))
        assert not problems, "\n".join([path.name, *problems])

    def test_with_its_solutions_every_check_says_correct(self, path, capsys):
        said = answers(read(path), solved, capsys)
        assert set(said.values()) <= {"Correct.\n"}, said

    def test_as_it_stands_nothing_is_attempted(self, path, capsys):
        said = answers(read(path), lambda source, question: source, capsys)
        assert all(text.startswith("Not attempted yet.") for text in said.values()), said


def good_content():
    module = importlib.import_module("lstm_helpers.exercises.vanilla_rnn")
    cells = [new_code_cell("import numpy as np\n\nfrom lstm_helpers.exercises.vanilla_rnn import "
                           f"{', '.join(questions_of(module))}"), new_markdown_cell(HEADING)]
    for question in questions_of(module).values():
        cells += [new_markdown_cell(f"### One\n{question.ask.replace(' ', chr(10), 3)}"), new_code_cell(question.stub())]
    return new_notebook(cells=cells)


def complaints(content, folder, name="02_vanilla_rnn.ipynb"):
    notebook = written(content, folder, name)
    return {rule.__name__: problems for rule in RULES if (problems := rule(notebook))}


def test_a_good_notebook_is_good(tmp_path, capsys):
    content = good_content()
    assert complaints(content, tmp_path) == {}
    notebook = written(content, tmp_path, "02_vanilla_rnn.ipynb")
    assert set(answers(notebook, solved, capsys).values()) == {"Correct.\n"}
    assert all(text.startswith("Not attempted") for text in answers(notebook, lambda source, _: source, capsys).values())


def set_source(place, change):
    def breakage(content):
        content.cells[place].source = change(content.cells[place].source)
    return breakage


@pytest.mark.parametrize(("breakage", "rule", "words"), [
    (set_source(1, lambda _: "## My turn"), "exercises_are_there", "add a markdown cell '## Your turn'"),
    (set_source(0, lambda source: source.replace("q1, ", "")), "questions_are_imported", "it does not import q1"),
    (set_source(0, lambda source: source.replace("vanilla_rnn", "other")), "questions_are_imported",
     "does not import q1, q2, q3"),
    (set_source(3, lambda _: "1"), "each_question_has_its_cell", "0 cells check q1; one is needed:\ndef rnn_states("),
    (set_source(0, lambda source: source + "\nq1.check(0)"), "each_question_has_its_cell", "2 cells check q1"),
    (set_source(3, lambda source: source.replace("...", "return x")), "each_question_has_its_cell",
     "it differs from the stub of q1"),
    (set_source(3, lambda source: source.replace("# q1.hint()", "q1.hint()")), "hints_are_not_given_away", "it calls hint()"),
    (set_source(3, lambda source: source.replace("# q1.solution()", "q1.solution()")), "hints_are_not_given_away",
     "it calls solution()"),
    (set_source(2, lambda source: source.replace("vanilla", "plain")), "each_statement_stands_before_its_cell",
     "does not hold the statement of q1: Write"),
    (set_source(0, lambda source: source + "\n\ndef rnn_states():\n    pass"), "names_of_answers_are_free",
     "it binds rnn_states, which is the answer to q1 too"),
    (set_source(0, lambda source: source + "\nfor rnn_states in (): pass"), "names_of_answers_are_free", "it binds rnn_states"),
    (lambda content: content.cells.__setitem__(2, new_code_cell(repr(one_line(content.cells[2].source)))),
     "each_statement_stands_before_its_cell", "does not hold the statement of q1"),
    (lambda content: content.cells.pop(2), "each_statement_stands_before_its_cell", "does not hold the statement of q1"),
])
def test_a_broken_notebook_is_found_out(breakage, rule, words, tmp_path):
    content = good_content()
    breakage(content)
    problems = complaints(content, tmp_path)[rule]
    assert len(problems) == 1 and words in problems[0]


def test_a_heading_without_questions_is_found_out(tmp_path):
    content = new_notebook(cells=[new_markdown_cell(f"Text\n\n{HEADING}\n\nMore.")])
    problem, = complaints(content, tmp_path, "00_no_such.ipynb")["exercises_are_there"]
    assert "lstm_helpers/exercises/no_such.py declares no question" in problem


def test_a_notebook_without_exercises_may_be(tmp_path):
    assert complaints(new_notebook(cells=[new_markdown_cell("Text")]), tmp_path, "00_no_such.ipynb") == {}


def test_a_solution_that_needs_a_cell_of_the_notebook_fails(tmp_path, capsys):
    content = good_content()
    content.cells[0].source = content.cells[0].source.replace("import numpy as np", "np = 1")
    with pytest.raises((AssertionError, NameError)):       # a function that is wrong, or a value that is not there
        said = answers(written(content, tmp_path, "02_vanilla_rnn.ipynb"), solved, capsys)
        assert set(said.values()) == {"Correct.\n"}
