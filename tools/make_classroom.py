"""Make a course for nbgrader from the exercises of the notebooks, and prove it: `python3 run.py classroom`.

`run.py classroom 04 08` takes the notebooks whose names begin so. A second run renews source/ and release/ where something has
changed; it touches neither what was handed in nor the gradebook nor the settings. `run.py classroom --mistakes 04` makes
nothing: it counts what the graded answers got wrong.
"""
import argparse
import sys
import textwrap
from pathlib import Path

from lstm_classroom.assignments import questions_of
from lstm_classroom.bubblewrap import NoWalls, go_without, walled
from lstm_classroom.class_report import count, graded, waiting
from lstm_classroom.course import ReleaseFailed, build, prepare, proof, secret_of

from notebooks import find_notebooks

ROOT = Path(__file__).resolve().parent.parent
NEXT = """
{folder} is for teachers only: it holds solutions, hidden tests and, later, what is handed in.
  source/    the instructor's version of each assignment     release/    what students get
Next, with a shared machine: name your exchange folder at the end of nbgrader_config.py, then, in that folder:
  nbgrader release_assignment {first}
Without one: send your students release/{first}/{first}.ipynb.
All steps are in classroom/README.md, "Assignments, step by step"."""


def main(arguments):
    parser = argparse.ArgumentParser(prog="run.py classroom", description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="how the names of notebooks begin, such as 04; none means all")
    parser.add_argument("--into", type=Path, default=ROOT / "classroom" / "course", help="folder (default: %(default)s)")
    parser.add_argument("--seed", help="decides the hidden tests; without it, drawn once and kept in the folder")
    parser.add_argument("--mistakes", action="store_true", help="count what the graded answers got wrong, and make nothing")
    parser.add_argument("--without-sandbox", action="store_true", help="go without bubblewrap, where it can't be installed")
    options = parser.parse_args(arguments)
    if options.without_sandbox:
        print(go_without())
    paths = find_notebooks(options.notebooks, "notebook with exercises", lambda path: questions_of(path.stem))
    folder = options.into.resolve()
    return tell_mistakes(folder, paths) if options.mistakes else make_all(folder, paths, options.seed)


def make_all(folder, paths, seed):
    """Build and prove every assignment; return the exit code."""
    try:
        walled([])
    except NoWalls as error:
        print(error)
        return 1
    prepare(folder)
    secret = secret_of(folder, seed)
    print(f"{'assignment':<32}{'questions':>10}{'points':>8}   solutions earn, stubs earn")
    results = [make(folder, path, secret) for path in paths]
    print(f"{len(paths)} assignment{'s' if len(paths) > 1 else ''}, {sum(questions for questions, *_ in results)} questions, "
          f"{sum(points for _, points, _ in results)} points")
    print(NEXT.format(folder=folder, first=paths[0].stem))
    return int(not all(good for *_, good in results))


def make(folder, path, secret):
    """Build one assignment, prove it and print a line; return (questions, points, whether all is well)."""
    questions = questions_of(path.stem)
    print(f"{path.stem:<32}{len(questions):>10}", end="", flush=True)
    try:
        solved, untouched, points = proof(build(folder, path, secret), questions)
    except ReleaseFailed as error:
        print(f"\n{error}")
        return len(questions), 0, False
    good = (solved, untouched) == (points, 0)
    print(f"{points:>8}   {solved} and {untouched}{'' if good else '   NOT AS IT SHOULD BE'}", flush=True)
    return len(questions), points, good


def tell_mistakes(folder, paths):
    """Print, for each assignment with graded answers, how many heard what; no names. Return 1 if there are none."""
    found = {path.stem: graded(folder, path.stem) for path in paths}
    for name, notebooks in found.items():
        if notebooks:
            tell(name, notebooks, waiting(folder, name))
    if not any(found.values()):
        print(f"Nothing is graded yet in {folder}: for example, nbgrader autograde {paths[0].stem}")
    return int(not any(found.values()))


def tell(name, notebooks, not_graded):
    """Print what was said to one assignment's answers, the most frequent first."""
    print(f"{name}: {len(notebooks)} graded" + (f", {len(not_graded)} handed in and not graded" if not_graded else ""))
    for question, said in count(notebooks, questions_of(name)).items():
        print(f"  {question}")
        for words, times in said.most_common():
            words = words or "(its test printed nothing)"
            print(textwrap.fill(words, 110, initial_indent=f"{times:>6}  ", subsequent_indent=" " * 8))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
