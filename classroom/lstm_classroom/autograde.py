"""nbgrader's autograde, one submission by itself: whatever is wrong with it, all others are graded, and the end says why."""

import glob
import os
import re
import traceback

from nbformat.reader import NotJSONError
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import remove, rmtree
from traitlets import Bool

from lstm_classroom.bubblewrap import NoWalls, go_without, walled
from lstm_classroom.plain_files import NotPlain, refuse_unless_plain
from lstm_classroom.plain_text import one_line

NOT_GRADED = "Not graded: {student}: {why}"
OTHER_NAME = "there is no {wanted}, but {found}: give it that name"
ALL_IN_ALL = "{} of {} not graded, for the reasons above. With --debug it is said where each stopped."
NO_NOTEBOOK = "it is no notebook: its text is no JSON"
TOO_LARGE = "{name} is larger than {most:.0f} MB; without its outputs it is small"
MOST_WORDS = 300        # characters of an error, which may quote a whole notebook
MOST_BYTES = 20_000_000     # of a notebook


class NotGraded(Exception):
    """A submission cannot be graded; the others can."""


class AutogradeEach(Autograde):
    """Grade what can be graded. nbgrader itself stops at some faults of a single notebook, and says nothing of others."""

    without_sandbox = Bool(False, help="grade where bubblewrap is missing; what a student could do then is said").tag(config=True)

    def start(self) -> None:
        """Refuse to begin where nothing would keep a student's code in."""
        if self.without_sandbox:
            self.log.warning(go_without())
        try:
            walled([])
        except NoWalls as error:
            raise NbGraderException(f"{error} (nbgrader: --AutogradeEach.without_sandbox=True)") from None
        super().start()

    def init_notebooks(self) -> None:
        """Find all submissions, also those without a notebook."""
        places = glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id))
        if not places:
            super().init_notebooks()        # says what is missing
        pattern = f"{self.coursedir.notebook_id}.ipynb"
        self.assignments = {place: sorted(glob.glob(os.path.join(glob.escape(place), pattern))) for place in places}

    def convert_notebooks(self) -> None:
        """Grade every submission. Raise NbGraderException at the end, when all that can be graded is, if some could not be."""
        names, failed = self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True), {}
        for place in sorted(self.assignments):
            found = re.match(names, place)
            try:
                self.grade(place, found["assignment"], found["student"])
            except (Exception, SystemExit) as error:
                self.log.debug(traceback.format_exc())
                failed[found["student"]] = words_of(error)
        for student, why in failed.items():
            self.log.error(NOT_GRADED.format(student=student, why=why))
        if failed:
            self.log.error(ALL_IN_ALL.format(len(failed), len(self.assignments)))
            raise NbGraderException("Some submissions could not be graded.")

    def grade(self, place, assignment, student):
        """Grade one submission, unless it has been; leave nothing half done."""
        self.notebooks = self.assignments[place]
        refuse_unless_plain(place)
        self.refuse_other_names(assignment, place)
        self.refuse_large_ones()
        if not self.init_destination(assignment, student):
            return
        try:
            self.run_pre_convert_hook()
            self.init_assignment(assignment, student)
            for notebook in self.notebooks:
                self.convert_single_notebook(notebook)
            self.set_permissions(assignment, student)
            self.run_post_convert_hook()
        except BaseException:
            self.remove_from(self._format_dest(assignment, student))
            raise

    def remove_from(self, folder):
        """Remove what was graded of the notebooks that were asked for; those are all, unless --notebook says otherwise."""
        if self.coursedir.notebook_id == "*" and os.path.exists(folder):
            rmtree(folder)
        for path in (os.path.join(folder, os.path.basename(notebook)) for notebook in self.notebooks):
            if os.path.exists(path):
                remove(path)

    def refuse_large_ones(self):
        """Raise NotGraded for a notebook that would take all memory to read."""
        for path in self.notebooks:
            if os.path.getsize(path) > MOST_BYTES:
                raise NotGraded(TOO_LARGE.format(name=os.path.basename(path), most=MOST_BYTES / 1e6))

    def refuse_other_names(self, assignment, place):
        """Raise NotGraded unless there is a notebook of the assignment, under its own name."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            wanted = [f"{notebook.name}.ipynb" for notebook in gradebook.find_assignment(assignment).notebooks]
        if not {os.path.basename(path) for path in self.notebooks} & set(wanted):
            found = ", ".join(sorted(os.listdir(place))) or "nothing"
            raise NotGraded(OTHER_NAME.format(wanted=" or ".join(wanted), found=found))


def words_of(error):
    """Return what is said of an error in one line."""
    if isinstance(error, NotJSONError):
        return NO_NOTEBOOK
    name = "" if isinstance(error, NotGraded | NotPlain) else f"{type(error).__name__}: "
    return one_line(name + str(error), MOST_WORDS)
