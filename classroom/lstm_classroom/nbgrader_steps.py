"""Steps of nbgrader that we add: stubs in the release, mended submissions, and grades given outside of the student's kernel."""

import re
import textwrap

from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, Execute, GetGrades, NbGraderPreprocessor
from traitlets.config import Config

from lstm_classroom.assignments import questions_of
from lstm_classroom.autograde import AutogradeEach
from lstm_classroom.exchange import CollectFromOwners, ReleaseIntoWhatExists
from lstm_classroom.grading import grade, grade_id, is_test

MARK = re.compile(r"(BEGIN|END) (HIDDEN TESTS|SOLUTION|MARK SCHEME)", re.IGNORECASE)


class PutStubs(NbGraderPreprocessor):
    """Give a release the very stubs of the course's notebooks; comes after ClearSolutions."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Return the cell, with the stub if it is the answer to one of our questions."""
        question = questions_of(resources["nbgrader"]["notebook"]).get(grade_id(cell))
        if question is not None:
            cell.source = question.stub()
        return cell, resources


class MendSubmission(NbGraderPreprocessor):
    """Give a submission back what nbgrader needs: cells that were deleted, labels that were changed; comes first of all."""

    def preprocess(self, notebook, resources):
        """Return the notebook with all cells of the release in it, each with the labels that it was released with.

        A read-only cell gets its text back too, a test cell its hidden part.
        """
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            released = released_cells(gradebook.find_notebook(place["notebook"], place["assignment"]))
        copies = copies_in(notebook.cells, released)
        for number, cell in enumerate(notebook.cells):
            name = name_of(cell)
            cell.metadata = type(cell.metadata)()              # whatever else there was is the student's
            cell.source = harmless(cell.source)
            if name in released and number not in copies:
                cell.metadata["nbgrader"] = dict(released[name].metadata["nbgrader"])
            if cell.metadata.get("nbgrader", {}).get("locked"):
                cell.source = released[name].source
            elif cell.cell_type != "code":      # shown as typed: no student's script must run in a teacher's browser
                cell.cell_type, cell.source = "markdown", textwrap.indent(cell.source, "    ", lambda line: True)
        found = {name_of(cell) for cell in notebook.cells}
        lost = [cell for name, cell in released.items() if name not in found and not cell.metadata["nbgrader"]["solution"]]
        first = [cell for cell in lost if not cell.metadata["nbgrader"]["grade"]]       # the set-up comes before all answers,
        notebook.cells = [*first, *notebook.cells, *(cell for cell in lost if cell not in first)]        # tests after them
        notebook.cells = in_order(notebook.cells, list(released))
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook.metadata = type(notebook.metadata)(kernelspec=kernel)
        return notebook, resources


def harmless(source):
    """Return a cell's text without half characters, which no file can hold, and without nbgrader's own marks."""
    source = source.encode("utf-8", "replace").decode()
    return MARK.sub(lambda mark: mark.group().replace(" ", "_"), source)


def in_order(cells, released):
    """Return the cells so that the set-up stands before the first answer, and each test below what it tests.

    Everything else stays where the student has put it.
    """
    names = [name_of(cell) for cell in cells]
    answers = [place for place, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("solution")]
    late = [cell for place, cell in enumerate(cells) if answers and place > answers[0] and is_set_up(cell)]
    early = {id(cell): names.index(tested) for place, cell in enumerate(cells)
             if is_test(cell) and (tested := names[place].removesuffix("-test")) in names and names.index(tested) > place}
    kept = []
    for place, cell in enumerate(cells):
        if place == (answers[0] if answers else -1):
            kept += sorted(late, key=lambda cell: released.index(name_of(cell)))
        if not any(cell is moved for moved in late) and id(cell) not in early:
            kept.append(cell)
        kept += [moved for moved in cells if early.get(id(moved)) == place]
    return kept


def is_set_up(cell):
    """Return whether a cell is locked and no test: what the teacher wrote before or between the answers."""
    labels = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and labels.get("locked", False) and not labels.get("grade", False)


def copies_in(cells, released):
    """Return the numbers of cells that are copies of another, with its name: JupyterLab's split and paste make such.

    A copy becomes a cell of the student's own. Of a test the last one stays, below whatever it tests; of other cells the first.
    """
    places = {}
    for number, cell in enumerate(cells):
        places.setdefault(name_of(cell), []).append(number)
    return {number for name, numbers in places.items() if name in released
            for number in (numbers[:-1] if released[name].metadata["nbgrader"]["grade"] else numbers[1:])}


def name_of(cell):
    """Return the id of a cell that may have been tampered with."""
    labels = cell.metadata.get("nbgrader")
    name = labels.get("grade_id") if isinstance(labels, dict) else None
    return name if isinstance(name, str) else None


def released_cells(notebook):
    """Return {id: cell} of a notebook in the gradebook, in its order."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions, tasks = ({cell.name for cell in cells} for cells in (notebook.solution_cells, notebook.task_cells))
    cells = {}
    for cell in notebook.source_cells:
        made = (new_code_cell if cell.cell_type == "code" else new_markdown_cell)(cell.source)
        made.metadata["nbgrader"] = {
            "grade": cell.name in points, "solution": cell.name in solutions, "task": cell.name in tasks, "locked": cell.locked,
            "schema_version": 3, "grade_id": cell.name, "cell_type": cell.cell_type, "checksum": cell.checksum}
        if cell.name in points:
            made.metadata["nbgrader"]["points"] = points[cell.name]
        cells[cell.name] = made
    return cells


class GradeApart(NbGraderPreprocessor):
    """Run the tests in this process and the student's code in others; comes in place of nbgrader's Execute."""

    def preprocess(self, notebook, resources):
        """Return the notebook with the results in the outputs of its test cells."""
        grade(notebook)
        return notebook, resources


def configure(c: Config) -> None:
    """Put our steps among those of nbgrader; a course's nbgrader_config.py calls it."""
    release, grading = GenerateAssignment().preprocessors, Autograde()
    c.GenerateAssignment.preprocessors = [later for step in release for later in ([step, PutStubs] if step is ClearSolutions
                                                                                 else [step])]
    c.Autograde.sanitize_preprocessors = [ClearOutput, MendSubmission, *grading.sanitize_preprocessors[1:]]
    c.Autograde.autograde_preprocessors = [GradeApart if step is Execute else step for step in grading.autograde_preprocessors]
    c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, *GenerateFeedback().preprocessors[1:]]
    api.Autograde = autogradeapp.Autograde = AutogradeEach          # nbgrader has no setting for it
    c.ExchangeFactory.release_assignment = ReleaseIntoWhatExists
    c.ExchangeFactory.collect = CollectFromOwners
