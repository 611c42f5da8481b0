"""Set up the course and run it: `python3 run.py help` lists the commands.

Needs nothing but Python, and even Python 3.6 can read it: an old Python gets a sentence, not a SyntaxError.
"""
import os
import subprocess
import sys

if __name__ == "__main__":   # the course's tools, not its folder: a learner's random.py there is not the library's
    sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools")

import update
from installation import PYTHON, ROOT, add_group, advice_on, environment, set_up

HELP = """\
python3 run.py                    open the course in JupyterLab (the first start installs it into .venv)
python3 run.py lab --no-browser   the same; whatever follows goes to JupyterLab
python3 run.py setup              install only
python3 run.py test               ruff, the tests, and every notebook run and compared with its stored outputs
python3 run.py test --all         also what is slow: tests that start servers, graders, sites, browsers or environments
python3 run.py test --lax         a notebook only has to run without an error
python3 run.py execute 04 05      run notebooks again and store their outputs (no number: all of them)
python3 run.py experiments gap    record an experiment anew (--check: run a few of its trials again and compare; --help says more)
python3 run.py figures            draw the pictures in figures/ again
python3 run.py site               make the course readable without running it: site/_build/html/index.html
python3 run.py site --epub        the same as a book, in site/_build/epub
python3 run.py classroom          make assignments for nbgrader from the exercises, for teachers
python3 run.py classroom --mistakes 01   count what a graded class got wrong
python3 run.py update             bring a newer course; notebooks that you changed stay beside the new ones, as NAME.mine.ipynb
python3 run.py update PATH        the same for a course that was a ZIP: PATH is the newer one, as a ZIP or unpacked
python3 run.py bench              time the layers
python3 run.py help               this list"""

OLDEST, NEWEST = (3, 11), (3, 15)   # what the course is tested with


def check_python(version):
    """Stop with a sentence where this Python is too old; one that is newer than those tested gets a sentence and goes on."""
    name = "Python {}.{}".format(*version[:2])
    if version[:2] < OLDEST:
        sys.exit(f"This is {name}; the course needs Python 3.11 or newer.\n"
                 "Start run.py with one, for example: python3.14 run.py (on Windows: py -3.14 run.py)")
    if version[:2] > NEWEST:
        print(f"This is {name}; the course was tested with Python 3.11 to 3.15. If something fails, try one of those.")


def run(*arguments):
    """Run .venv's Python in the course's folder and return its exit code."""
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=str(ROOT), env=environment())
    interrupted = False
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:   # the program heard it too: it may ask, and needs time to tidy up
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return process.returncode


def lab(arguments):
    """Open JupyterLab on the first notebook; it listens on this machine alone, which is its own default."""
    options = ["--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in arguments:
        print("You are root, as in many containers: JupyterLab gets --allow-root.", flush=True)
        options.append("--allow-root")
    command = ["-P", "-m", "jupyterlab", *options, *arguments]   # -P: the course's folder holds no libraries
    if os.name == "nt":
        return run(*command)
    os.chdir(str(ROOT))   # elsewhere this process becomes JupyterLab, so that every signal reaches it
    return os.execve(str(PYTHON), [str(PYTHON), *command], environment())


def test(arguments):
    """Run every check, also after one has failed, and say at the end how each went."""
    if not set(arguments) <= {"--all", "--lax"}:
        sys.exit("test takes --all, --lax or nothing, but was given: " + " ".join(arguments))
    workers = str(min(max(2, os.cpu_count() or 2), 8))   # more would only wait for the longest notebook
    pytest = ["-m", "pytest", "-q", "-p", "tests.pace", "-o", "console_output_style=classic", "--durations=10",
              "--durations-min=1", "-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]   # a file stays with one worker
    chosen = ["--nbval-lax" if "--lax" in arguments else "--nbval"] + ([] if "--all" in arguments else ["-m", "not slow"])
    checks = {"ruff": ["-m", "ruff", "check", "."], "tests": [*pytest, *chosen, "tests", "notebooks"]}
    codes = {}
    for name, command in checks.items():
        print(f"\n== {name}", flush=True)
        codes[name] = run(*command)
    print("", *[f"{name:<6} {'FAILED' if code else 'passed'}" for name, code in codes.items()], sep="\n")
    return int(any(codes.values()))


def bench(arguments):
    """Run every script in benchmarks/; arguments go to each."""
    return max([run(str(script), *arguments) for script in sorted((ROOT / "benchmarks").glob("bench_*.py"))], default=0)


def setup(arguments):
    """Say what comes next; `main` has seen to the installation."""
    print("The course is installed. Open it with: python3 run.py")
    return 0


def classroom(arguments):
    """Install nbgrader and the teachers' own package, and hand over to it."""
    add_group("class", "classroom --help", "-e", "classroom")
    return run("tools/make_classroom.py", *arguments)


COMMANDS = {"lab": lab, "setup": setup, "test": test, "bench": bench,
            "execute": lambda arguments: run("tools/execute_notebooks.py", *arguments),
            "experiments": lambda arguments: run("tools/record_experiments.py", *arguments),
            "figures": lambda arguments: run("tools/make_figures.py", *arguments),
            "site": lambda arguments: add_group("site", "site") or run("site/build.py", *arguments),
            "update": lambda arguments: update.main(ROOT, arguments),
            "classroom": classroom}


def main(arguments):
    check_python(sys.version_info)
    if arguments and arguments[0] in ("help", "-h", "--help"):
        print(HELP)
        return 0
    if not arguments or arguments[0].startswith("-"):
        arguments = ["lab", *arguments]
    if arguments[0] not in COMMANDS:
        sys.exit(f"There is no command {arguments[0]!r}. The commands are:\n{HELP}")
    try:
        if arguments[0] != "update":   # it comes first: what is to be installed may change
            set_up(again=arguments[0] == "setup" and os.access(str(ROOT), os.W_OK))
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        command = "update" if arguments[0] == "update" else "setup"
        sys.exit(advice_on(str(error), f"The system refused: {error}", command))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
