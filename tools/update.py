"""Bring a newer course and lose nothing of the learner's: `python3 run.py update`. Standard library only.

In a git checkout the newer course comes from where this one came from; else it lies in a folder or a ZIP, whose path is
given. Every file is judged alone, so nothing is ever merged. One that the learner did not change is replaced. One that they
changed stays where it is if the course did not change it; otherwise theirs is put aside first: a notebook beside the new one
as NAME.mine.ipynb, anything else into the folder mine/. Whoever is interrupted starts the command again.
"""
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

DELIVERED = ".course-as-delivered.json"   # hashes of the files as they came, where git does not know them
NOT_THE_COURSES = {".git", ".venv", ".venv.lock", DELIVERED, "mine", "__pycache__", ".ipynb_checkpoints", ".pytest_cache",
                   ".ruff_cache", ".hypothesis", ".DS_Store", "_build", "build", "dist", "checkpoints", "look", "course"}
HOW = """This folder is no git checkout, so run.py does not know where a newer course is. Download it, and give the path of its
ZIP, or of the folder into which you unpacked it:
  python3 run.py update PATH"""
NO_COURSE = "{} holds no course: run.py and notebooks/00_start_here.ipynb are missing."
NO_UPSTREAM = """Your branch follows no other, so git does not know where a newer course is.
Say it once, for example: git branch --set-upstream-to origin/main"""
UNFINISHED = """A merge is under way in this folder. Finish it (git commit) or give it up (git merge --abort),
then run the same command again."""
NO_GIT = """The program git was not found. Install it; or download the newer course and give its path:
  python3 run.py update PATH"""


def main(root, arguments):
    """Update the course in root; return the exit code."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.exit("update takes nothing or one path, but was given: " + " ".join(arguments))
    if not arguments and not (root / ".git").exists():
        sys.exit(HOW)
    with tempfile.TemporaryDirectory() as scratch:
        if arguments:
            kept = update_from_path(root, Path(arguments[0]).resolve(), Path(scratch))
        else:
            kept = update_by_git(root, Path(scratch))
    print("\n".join(["The course is up to date.", *["Yours was kept: " + name for name in kept]]))
    return 0


# --- a folder or a ZIP ---

def update_from_path(root, path, scratch):
    """Update from an unpacked course or from a ZIP of one; return what was kept."""
    new = find_course(path, scratch / "unpacked")
    if new == root:
        sys.exit(f"{path} is this course itself. Give the path of the newer one.")
    kept = bring(root, new, as_delivered(root, scratch / "old"))
    if not (root / ".git").exists():
        write_whole(root / DELIVERED, json.dumps(hashes(new), indent=0).encode())
    return kept


def find_course(path, unpacked):
    """Return the folder that holds the course: path, or the one folder in it; a ZIP is unpacked first, whole."""
    if path.is_file():
        try:
            with zipfile.ZipFile(str(path)) as archive:
                archive.extractall(str(unpacked))
        except zipfile.BadZipFile as error:
            sys.exit(f"{path} is no whole ZIP file ({error}). Download it again.")
        path = unpacked
    for folder in [path, *(sorted(path.iterdir()) if path.is_dir() else [])]:
        if (folder / "run.py").is_file() and (folder / "notebooks/00_start_here.ipynb").is_file():
            return folder
    return sys.exit(NO_COURSE.format(path))


def as_delivered(root, scratch):
    """Return the hashes of the course's files as they came; empty where nobody knows, and then whatever differs is kept."""
    if (root / ".git").exists():
        Git(root).export("HEAD", scratch)
        return hashes(scratch)
    delivered = root / DELIVERED
    return json.loads(delivered.read_text(encoding="utf-8")) if delivered.exists() else {}


def note_what_was_delivered(root):
    """Write down what the course's files are before the learner changes any; git, where there is one, knows it already."""
    if not (root / ".git").exists() and not (root / DELIVERED).exists():
        write_whole(root / DELIVERED, json.dumps(hashes(root), indent=0).encode())


# --- git ---

def update_by_git(root, scratch):
    """Update from where the branch comes from; the branch moves there, and commits of the learner get one of their own."""
    git = Git(root)
    if git.asks("rev-parse", "--verify", "MERGE_HEAD"):
        sys.exit(UNFINISHED)
    if not git.asks("rev-parse", "--verify", "@{upstream}"):
        sys.exit(NO_UPSTREAM)
    git("fetch", "--quiet")
    new, head = git("rev-parse", "@{upstream}"), git("rev-parse", "HEAD")
    old = git("merge-base", head, new) if git.asks("merge-base", head, new) else head
    if new == old:
        return []
    git.export(old, scratch / "old")
    git.export(new, scratch / "new")
    known = hashes(scratch / "old")
    kept = bring(root, scratch / "new", known)
    remove_what_is_gone(root, scratch / "new", known)
    if not git.asks("merge-base", "--is-ancestor", head, new):
        kept.append("your commits, in the branch " + git.keep_branch())
    git("reset", "--quiet", new)   # moves the branch and touches no file
    return kept


class Git:
    """Git in one folder: calling it runs a command and returns what it prints."""

    def __init__(self, root):
        self.root = root
        if not shutil.which("git"):
            sys.exit(NO_GIT)

    def __call__(self, *arguments, **settings):
        result = subprocess.run(["git", *arguments], cwd=str(self.root), env=dict(os.environ, **settings), stdout=subprocess.PIPE)
        if result.returncode != 0:
            sys.exit(f"git could not do this (its own words are above): git {' '.join(arguments)}\nNothing of yours was lost.")
        return result.stdout.decode().strip()

    def asks(self, *arguments):
        """Tell whether a command goes well, quietly."""
        return subprocess.run(["git", *arguments], cwd=str(self.root), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def export(self, revision, folder):
        """Write the files of a revision into a folder, as a checkout would."""
        folder.mkdir()
        index = str(folder) + ".index"
        self("read-tree", revision, GIT_INDEX_FILE=index)
        self("checkout-index", "--all", "--prefix", str(folder) + "/", GIT_INDEX_FILE=index)

    def keep_branch(self):
        """Give the current commits a branch of their own and return its name."""
        name = free_name("mine", "", lambda name: self.asks("rev-parse", "--verify", "refs/heads/" + name))
        self("branch", name)
        return name


# --- every file alone ---

def bring(root, new, old):
    """Put the files of the folder `new` into root, by what the learner changed since `old` (hashes); return what was kept."""
    kept = []
    for name, brought in hashes(new).items():
        target = root / name
        mine = hash_of(target) if os.path.lexists(str(target)) else None
        if mine == brought or (mine and brought == old.get(name)):   # there already; or only the learner changed it
            continue
        in_the_way = [folder.as_posix() for folder in Path(name).parents if (root / folder).is_file()]
        kept += [put_aside(root, blocking) for blocking in in_the_way]
        if mine and mine != old.get(name):
            kept.append(put_aside(root, name))
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_whole(new / name, target)
    return kept


def remove_what_is_gone(root, new, old):
    """Remove files that the newer course no longer has, if they are as they came."""
    for name, known in old.items():
        if not (new / name).exists() and (root / name).is_file() and hash_of(root / name) == known:
            (root / name).unlink()


def put_aside(root, name):
    """Move a file of the learner's to a free name, where nothing overwrites it; return that name."""
    path = Path(name)
    stem = path.with_suffix("").as_posix()
    start = stem + ".mine" if path.suffix == ".ipynb" else "mine/" + stem
    free = free_name(start, path.suffix, lambda name: os.path.lexists(str(root / name)))
    (root / free).parent.mkdir(parents=True, exist_ok=True)
    os.rename(str(root / name), str(root / free))
    return free


def free_name(start, end, is_taken):
    """Return start and end with nothing, -2, -3, … between them: the first that is not taken."""
    names = itertools.chain([start + end], (f"{start}-{number}{end}" for number in itertools.count(2)))
    return next(name for name in names if not is_taken(name))


def hashes(folder):
    """Return {name: hash} of the course's files in a folder, in the order of their names."""
    found = {}
    for place, folders, files in os.walk(str(folder)):
        folders[:] = sorted(name for name in folders if is_the_courses(name))
        for name in sorted(filter(is_the_courses, files)):
            path = Path(place) / name
            found[path.relative_to(folder).as_posix()] = hash_of(path)
    return found


def is_the_courses(name):
    return name not in NOT_THE_COURSES and not name.endswith((".pyc", ".egg-info")) and ".mine" not in name


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"


def copy_whole(source, target):
    """Copy a file so that the target is the old one or the new one, never half of it."""
    part = target.with_name(target.name + ".part")
    shutil.copy2(str(source), str(part))
    os.replace(str(part), str(target))


def write_whole(path, data):
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    os.replace(str(part), str(path))
