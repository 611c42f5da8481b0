"""Install the course into .venv, once and whole, and delete nothing that run.py did not make. Standard library only."""
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from update import note_what_was_delivered

ON_WINDOWS = os.name == "nt"
if ON_WINDOWS:
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if ON_WINDOWS else "bin/python")
PACKAGES = VENV / ("Lib/site-packages" if ON_WINDOWS else "lib/python{}.{}/site-packages".format(*sys.version_info))
STAMP = VENV / "installed-by-run.py"   # there from the first moment: a .venv without it is not ours. Its text is written last
LOCK = ROOT / ".venv.lock"
LAB_SETTINGS = VENV / "share/jupyter/lab/settings/overrides.json"   # defaults: a learner can still choose otherwise
NO_POP_UPS = '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}'
GIGABYTES_NEEDED = 1
LONGEST_BELOW_VENV = 172                                            # characters of a path, measured
MOST_CHARACTERS = 259 - len("/.venv/") - LONGEST_BELOW_VENV         # of ROOT: Windows takes paths of 259
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
NOT_YOURS = f"""You may not write to {ROOT}.
Copy this folder to a place of your own and start there. Or ask whoever owns it to run this once:
  python3 run.py {{command}}
Then it works for all."""
IN_USE = """Windows did not let a file be changed. Most often a program is using it:
  stop JupyterLab and every notebook, close other terminals; a virus scanner lets go after a moment;
  then run the same command again."""
NOT_OURS = f"""{VENV} was not made by run.py, so run.py does not touch it.
Give it another name or remove it, then run the same command again."""
TOO_LONG = f"""The path of this folder is too long for Windows: it has {len(str(ROOT))} characters, and the installation needs
one of at most {MOST_CHARACTERS}. Move the course to a shorter one, for example C:\\lstm, then run the same command again."""
HALF_INSTALLED = """A package was only half installed, by an earlier start that was interrupted.
Run the same command again: it begins with an empty .venv."""
NO_RECORD = "no-record-file"   # pip's word for a package of which it does not know the files
WAITING = "Another start is installing the course; this one waits until it is done."
KNOWN = {NO_RECORD: HALF_INSTALLED, "No space left": DISK_FULL, "[WinError 112]": DISK_FULL,
         "[WinError 5]": IN_USE, "[WinError 32]": IN_USE, "Read-only file system": NOT_YOURS,
         "Permission denied": IN_USE if ON_WINDOWS else NOT_YOURS}


def set_up(again=False):
    """Make .venv and install the lock and the package into it, unless that has been done; `again` looks at every package."""
    if not again and is_finished(STAMP) and python_is_ours():
        return
    with one_at_a_time("setup"):
        if not again and is_finished(STAMP) and python_is_ours():   # by the start that we have waited for
            return
        if shutil.disk_usage(str(ROOT)).free < GIGABYTES_NEEDED * 1e9:
            sys.exit(DISK_FULL)
        options = prepare_venv()
        pip("setup", *options, "-r", "requirements.txt")
        pip("setup", "--no-deps", "--no-build-isolation", "-e", ".")
        LAB_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        LAB_SETTINGS.write_text(NO_POP_UPS)
        finish(STAMP)


def add_group(name, command, *more):
    """Install an optional group of pyproject.toml, and more, into .venv, unless that has been done; the lock stays in force."""
    stamp = STAMP.with_name(f"{name}-{STAMP.name}")
    if is_finished(stamp):
        return
    with one_at_a_time(command):
        pip(command, "--constraint", "requirements.txt", "--no-build-isolation", "-e", f".[{name}]", *more)
        finish(stamp)


# --- what is there ---

def finish(stamp):
    """Write what was installed: for which lock, in which folder, and what then lay among the packages."""
    stamp.write_text("\n".join([fingerprint(), str(ROOT), *sorted(packages())]), encoding="utf-8")


def is_finished(stamp):
    """Tell whether all that was once installed is still there, the lock is the same, and the folder was not moved."""
    versions, folder, expected = read(stamp)
    return (versions, folder) == (fingerprint(), str(ROOT)) and expected <= packages()


def read(stamp):
    """Return (fingerprint, folder, packages) of a stamp, empty where it has none."""
    lines = stamp.read_text(encoding="utf-8").split("\n") if stamp.exists() else []
    return ([*lines, "", ""][0], [*lines, "", ""][1], set(lines[2:]))


def fingerprint():
    """Return a hash of everything that decides what .venv must hold."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, str(sys.version_info[:2]).encode()])).hexdigest()


def packages():
    """Return the names of what lies in site-packages, without versions: another one may be the learner's choice."""
    names = os.listdir(str(PACKAGES)) if PACKAGES.is_dir() else []
    return {re.sub(r"-[^-]*(?=\.dist-info$)", "", name) for name in names if not re.match("~|__pycache__$", name)}


def python_is_ours():
    """Tell whether the Python in .venv still starts, has pip, and is of our version; the caller's folder has no say (-I)."""
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-I", "-c", question], env=environment()).returncode == 0


# --- making it ---

def prepare_venv():
    """Leave a .venv into which pip can install; return the options that pip then needs."""
    versions, folder, expected = read(STAMP)
    if not (STAMP.exists() and STAMP.stat().st_size and python_is_ours()):   # pip would take half a package for a whole one
        print("Installing the course into .venv. This happens once and takes a few minutes.", flush=True)
        make_venv()
        return []
    print("Bringing .venv up to date.", flush=True)
    STAMP.write_text("\n".join(["", folder, *expected]), encoding="utf-8")   # an update is under way
    if folder != str(ROOT):               # moved: the programs in .venv/bin still name the old folder
        install([sys.executable, "-P", "-m", "venv", "--without-pip", str(VENV)], NO_VENV)
        install([str(PYTHON), "-I", str(ROOT / "tools/repair_scripts.py"), str(PYTHON.parent)], NO_VENV)
    whole = versions and expected <= packages()
    return [] if whole else ["--force-reinstall", "--no-deps"]   # else pip believes the label of a package that is not there


def make_venv():
    """Make an empty .venv in the place of one that run.py made before; any other is left to its owner."""
    if ON_WINDOWS and len(str(ROOT)) > MOST_CHARACTERS and not long_paths_are_allowed():
        sys.exit(TOO_LONG)
    is_link = os.path.realpath(str(VENV)) != str(VENV)
    if is_link or (VENV.exists() and os.listdir(str(VENV)) and not STAMP.exists()):
        sys.exit(NOT_OURS)
    if not VENV.exists():
        note_what_was_delivered(ROOT)   # never later: by then the learner may have changed it
        VENV.mkdir()
    STAMP.write_text("")
    for path in VENV.iterdir():   # the stamp stays: whoever is interrupted here can go on
        if path != STAMP:
            shutil.rmtree(str(path)) if path.is_dir() and not path.is_symlink() else path.unlink()
    install([sys.executable, "-P", "-m", "venv", str(VENV)], NO_VENV)


def long_paths_are_allowed():
    """Tell whether this Windows was set to take paths of more than 259 characters."""
    import winreg
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
        return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])


def pip(command, *arguments):
    # -P: a learner's json.py in the course's folder is not the library's
    install([str(PYTHON), "-P", "-m", "pip", "--require-virtualenv", "install", "--no-user", *arguments], NO_PACKAGES, command)


def install(step, advice, command="setup"):
    """Run one step of the installation; where it fails, stop and say what to do about it."""
    process = subprocess.Popen(step, cwd=str(ROOT), env=environment(), stderr=subprocess.PIPE)
    complaints = ""
    for line in process.stderr:
        complaints += line.decode(errors="replace")
        sys.stderr.write(line.decode(errors="replace"))
    if process.wait() != 0:
        if NO_RECORD in complaints:
            STAMP.write_text("")
        sys.exit("\n" + advice_on(complaints, advice, command))


def advice_on(complaints, otherwise, command="setup"):
    """Return what to do about a failure, by what the system said."""
    advice = next((said for words, said in KNOWN.items() if words in complaints), otherwise)
    return advice.replace("{command}", command)


def environment():
    """Return the settings for the programs that we start; the caller's own OPENBLAS_* settings stand."""
    settings = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    settings.setdefault("OPENBLAS_NUM_THREADS", "1")   # at the course's sizes a second thread is no help
    settings.setdefault("PYTHONUTF8", "1")             # Windows would read our files in another encoding
    return settings


@contextmanager
def one_at_a_time(command):
    """Hold a lock while .venv is changed: a second start waits. The system itself frees the lock of a process that ends."""
    try:
        file = open(str(LOCK), "a")
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        sys.exit(NOT_YOURS.replace("{command}", command))
    with file:
        if not take(file):
            print(WAITING, flush=True)
            while not take(file):
                time.sleep(0.5)
        yield


def take(file):
    """Try to lock an open file for this process; return whether that went well."""
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (BlockingIOError, PermissionError):   # another has it: the first is Linux's and macOS's word, the second Windows'
        return False
