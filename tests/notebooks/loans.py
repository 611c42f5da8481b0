"""Loans: no name of `cells` or `learning` is used before the notebook that introduces it, unless a line says so."""
import ast
import importlib
import inspect
import re
import sys
from dataclasses import dataclass

from .notebook import Cell, dotted_name, without_fences

PACKAGES = ("lstm_helpers.cells", "lstm_helpers.learning")
STATEMENT = r"Introduced in (\d\d)_"
LOAN_START = re.compile(r"^[\s>*_-]*On loan\b")
LOAN = re.compile(r"^[\s>*_-]*On loan from (?:\[(\d\d)[^\]]*\]\([^)]*\)|(\d\d))\**:(.*)$")
LOAN_FORM = 'write "On loan from NN: `name`, `name`." on one line'


@dataclass(frozen=True)
class Loan:
    cell: Cell
    lender: int
    name: str


def introductions():
    """Return (introduced, silent): the notebook's number by public name, and the names whose text states none."""
    introduced, silent = {}, []
    for package in PACKAGES:
        for name in importlib.import_module(package).__all__:
            number = introduced_in(name, package)
            if number is None:
                silent.append(f"{package}.{name}")
            else:
                introduced[name] = number
    return introduced, silent


def introduced_in(name, package):
    """Return the number of the notebook that the object's docstring states, or its module's line about the name."""
    thing = getattr(sys.modules[package], name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        found = re.search(STATEMENT, thing.__doc__ or "")
    else:   # a constant has no docstring of its own
        homes = [module.__doc__ or "" for title, module in sys.modules.items()
                 if title.startswith(package) and name in vars(module)]
        found = re.search(rf"\b{name}\b[^\n]*{STATEMENT}", "\n".join(homes))
    return int(found.group(1)) if found else None


def names_on_loan(notebook, introduced):
    """Rule: a name introduced later is announced by a line "On loan from NN: …", and no such line is idle."""
    used, loans, problems = names_used(notebook, introduced), [], []
    for cell in notebook.markdown:
        found, faults = read_loans(cell)
        loans += found
        problems += faults
    lent = {loan.name for loan in loans}
    for name, cell in used.items():
        if name not in introduced:
            problems.append(cell.problem(f"`{name}` is no public name of the package: a notebook uses only those"))
        elif introduced[name] > notebook.number and name not in lent:
            problems.append(cell.problem(f"`{name}` is introduced only in notebook {introduced[name]:02d}: add a line "
                                         f"\"On loan from {introduced[name]:02d}: `{name}`.\" to a markdown cell"))
    return problems + [loan.cell.problem(fault) for loan in loans
                       if (fault := loan_fault(loan, notebook, used, introduced))]


def read_loans(cell):
    """Return the loans that a markdown cell announces, and the problems of the lines that do not announce them well."""
    loans, problems = [], []
    for line in filter(LOAN_START.match, without_fences(cell.source).splitlines()):
        match = LOAN.match(line)
        names = re.findall(r"`(\w+)`", match.group(3)) if match else []
        loans += [Loan(cell, int(match.group(1) or match.group(2)), name) for name in names]
        if not names:
            problems.append(cell.problem(f"{line.strip()!r} names no loan: {LOAN_FORM}"))
    return loans, problems


def loan_fault(loan, notebook, used, introduced):
    """Return what is wrong with a line on loans, or None."""
    if loan.name not in introduced:
        return f"`{loan.name}` is on loan, but the package has no such public name"
    if introduced[loan.name] <= notebook.number:
        return f"`{loan.name}` needs no loan: notebook {introduced[loan.name]:02d} introduces it; take it off the line"
    if introduced[loan.name] != loan.lender:
        return f"`{loan.name}` is on loan from {introduced[loan.name]:02d}, not from {loan.lender:02d}"
    if loan.name not in used:
        return f"`{loan.name}` is on loan but never used: take it off the line"
    return None


def names_used(notebook, introduced):
    """Return, for every name of the packages that the code imports or reads, the first cell that does."""
    modules = {}
    for _, tree in notebook.trees:
        modules |= imported_modules(tree)
    used = {}
    for cell, tree in notebook.trees:
        for path in paths_read(tree, modules):
            name = public_name(path, introduced)
            if name:
                used.setdefault(name, cell)
    return used


def imported_modules(tree):
    """Return the full name of what each name bound by an import stands for, such as {"c": "lstm_helpers.cells"}."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                start = alias.name.split(".")[0]
                modules[alias.asname or start] = alias.name if alias.asname else start
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return modules


def paths_read(tree, modules):
    """Return full names such as "lstm_helpers.cells.LSTM", imported or read as an attribute of an imported module."""
    paths = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            paths += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute) and (name := dotted_name(node)):
            start, _, rest = name.partition(".")
            paths.append(f"{modules.get(start, start)}.{rest}")
    return paths


def public_name(path, introduced):
    """Return the name of the packages that a full name uses: a public one if any is in it, else its last part."""
    inside = [path.removeprefix(f"{package}.").split(".") for package in PACKAGES if path.startswith(f"{package}.")]
    if not inside:
        return None
    return next((part for part in inside[0] if part in introduced), inside[0][-1])
