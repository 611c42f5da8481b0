"""Set up the course and run it: `python3 run.py help` lists the commands.

Needs nothing but Python, and even Python 3.6 can read it: an old Python gets a sentence, not a SyntaxError.
"""
import errno
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HELP = """\
python3 run.py                    open the course in JupyterLab (the first start installs it into .venv)
python3 run.py lab --no-browser   the same; whatever follows goes to JupyterLab
python3 run.py setup              install only
python3 run.py test               ruff, the unit tests, and every notebook run and compared with its stored outputs
python3 run.py test --lax         the same, but a notebook only has to run without an error
python3 run.py execute 04 05      run notebooks again and store their outputs (no number: all of them)
python3 run.py figures            draw the pictures in figures/ again
python3 run.py site               make the course readable without running it: site/_build/html/index.html
python3 run.py classroom          make assignments for nbgrader from the exercises, for teachers
python3 run.py classroom --mistakes 01   count what a graded class got wrong
python3 run.py bench              time the layers
python3 run.py help               this list"""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed-by-run.py"   # written last: an installation without it was never finished
LAB_SETTINGS = VENV / "share/jupyter/lab/settings/overrides.json"   # defaults: a learner can still choose otherwise
NO_POP_UPS = '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}'
OLDEST, NEWEST = (3, 11), (3, 13)
GIGABYTES_NEEDED = 1
# Settings that would make pip or Python look or write outside .venv.
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")

DISK_FULL = f"""The disk is full: {ROOT} needs {GIGABYTES_NEEDED} GB for the installation.
Free some space, then run the same command again."""
NO_VENV = """Python could not make the folder .venv (its own words are above). What usually helps:
  on Debian and Ubuntu, install the missing part: sudo apt install python3-venv
  if JupyterLab is still running, stop it; then run the same command again."""
NO_PACKAGES = """The packages could not be installed (pip's own words are above). Most often the network is missing:
  check the connection; behind a proxy, set HTTPS_PROXY to its address;
  then run the same command again: what was downloaded is not downloaded twice."""

NOT_YOURS = f"""You may not write to {VENV} (pip's own words are above).
Whoever installed the course there can run `run.py classroom --help` or `run.py site` once; then it works for all."""


def check_python(version):
    """Stop with a sentence where this Python cannot run the course."""
    if not OLDEST <= version[:2] <= NEWEST:
        sys.exit(f"This is Python {version[0]}.{version[1]}; the course needs Python 3.11, 3.12 or 3.13.\n"
                 "Start run.py with one of these, for example: python3.12 run.py (on Windows: py -3.12 run.py)")


def fingerprint():
    """Return a hash of everything that decides what .venv must hold; a moved folder is installed anew."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, f"{ROOT} {sys.version_info[:2]}".encode()])).hexdigest()


def venv_is_whole():
    """Tell whether an installation in .venv was once finished, and its Python still starts and is of our version."""
    if not (STAMP.exists() and PYTHON.exists()):
        return False
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([str(PYTHON), "-c", question], env=environment()).returncode == 0


def set_up():
    """Make .venv and install the lock and the package into it, unless that has been done."""
    whole = venv_is_whole()
    if whole and STAMP.read_text() == fingerprint():
        return
    if shutil.disk_usage(str(ROOT)).free < GIGABYTES_NEEDED * 1e9:
        sys.exit(DISK_FULL)
    print("Installing the course into .venv. This happens once and takes a few minutes.", flush=True)
    if whole:   # only the lock has changed
        STAMP.unlink()
    else:       # begin anew: pip would take half a package for a whole one; its downloads are kept elsewhere
        install([sys.executable, "-m", "venv", "--clear", str(VENV)], NO_VENV)
    pip("-r", "requirements.txt")
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    LAB_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    LAB_SETTINGS.write_text(NO_POP_UPS)
    STAMP.write_text(fingerprint())


def add_group(name, *more):
    """Install an optional group of pyproject.toml, and more, into .venv, unless that has been done; the lock stays in force."""
    stamp = STAMP.with_name(f"{name}-{STAMP.name}")
    if not (stamp.exists() and stamp.read_text() == fingerprint()):
        pip("--constraint", "requirements.txt", "--no-build-isolation", "-e", f".[{name}]", *more)
        stamp.write_text(fingerprint())


def pip(*arguments):
    install([str(PYTHON), "-m", "pip", "--require-virtualenv", "install", "--no-user", *arguments], NO_PACKAGES)


def install(command, advice):
    """Run one step of the installation; where it fails, stop and say what to do about it."""
    process = subprocess.Popen(command, cwd=str(ROOT), env=environment(), stderr=subprocess.PIPE)
    complaints = ""
    for line in process.stderr:
        complaints += line.decode(errors="replace")
        sys.stderr.write(line.decode(errors="replace"))
    if process.wait() != 0:
        known = {"No space left": DISK_FULL, "Permission denied": NOT_YOURS}
        sys.exit("\n" + next((said for words, said in known.items() if words in complaints), advice))


def environment():
    """Return the settings for the programs that we start; the caller's own OPENBLAS_* settings stand."""
    settings = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    settings.setdefault("OPENBLAS_NUM_THREADS", "1")   # at the course's sizes a second thread is no help
    settings.setdefault("PYTHONUTF8", "1")             # Windows would read our files in another encoding
    return settings


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
    command = ["-m", "jupyterlab", *options, *arguments]
    if os.name == "nt":
        return run(*command)
    os.chdir(str(ROOT))   # elsewhere this process becomes JupyterLab, so that every signal reaches it
    return os.execve(str(PYTHON), [str(PYTHON), *command], environment())


def test(arguments):
    """Run every check, also after one has failed, and say at the end how each went."""
    if arguments not in ([], ["--lax"]):
        sys.exit("test takes nothing or --lax, but was given: " + " ".join(arguments))
    pytest = ["-m", "pytest", "--durations=10", "--durations-min=1"]
    checks = {"ruff": ["-m", "ruff", "check", "."], "unit tests": [*pytest, "tests"],
              "notebooks": [*pytest, "--nbval-lax" if arguments else "--nbval", "notebooks"]}
    codes = {}
    for name, command in checks.items():
        print(f"\n== {name}", flush=True)
        codes[name] = run(*command)
    print("", *[f"{name:<11} {'FAILED' if code else 'passed'}" for name, code in codes.items()], sep="\n")
    return int(any(codes.values()))


def bench(arguments):
    """Run every script in benchmarks/; arguments go to each."""
    return max([run(str(script), *arguments) for script in sorted((ROOT / "benchmarks").glob("bench_*.py"))], default=0)


def setup(arguments):
    """Say what comes next; `main` has seen to the installation."""
    print("The course is installed. Open it with: python3 run.py")
    return 0


COMMANDS = {"lab": lab, "setup": setup, "test": test, "bench": bench,
            "execute": lambda arguments: run("tools/execute_notebooks.py", *arguments),
            "figures": lambda arguments: run("tools/make_figures.py", *arguments),
            "site": lambda arguments: add_group("site") or run("site/build.py", *arguments),
            "classroom": lambda arguments: add_group("class", "-e", "classroom") or run("tools/make_classroom.py", *arguments)}


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
        set_up()
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        sys.exit(DISK_FULL if error.errno == errno.ENOSPC else f"The system refused: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
