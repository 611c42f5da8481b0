"""Where a notebook runs without being installed: addresses that hold for a checkout with a GitHub remote, and no others."""
import re
import subprocess
from urllib.parse import quote

GITHUB = re.compile(r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)github\.com[:/](?P<repository>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def repository(folder):
    """Return owner/name of the GitHub repository that a checkout came from, or None."""
    found = GITHUB.fullmatch(git(folder, "remote", "get-url", "origin"))
    return found["repository"] if found else None


def branch(folder):
    """Return the branch that the repository shows first; main where the checkout does not know."""
    return git(folder, "rev-parse", "--abbrev-ref", "origin/HEAD").removeprefix("origin/") or "main"


def git(folder, *arguments):
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True)
    except FileNotFoundError:                                           # no git: nothing is known of a remote
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def addresses(repository, branch, notebook):
    """Return {name: address} for a notebook, given by its path in the repository."""
    place = quote(notebook)
    return {
        "Binder": f"https://mybinder.org/v2/gh/{repository}/{quote(branch, safe='')}?urlpath=lab/tree/{place}",
        "Codespaces": f"https://codespaces.new/{repository}/tree/{quote(branch)}?quickstart=1",
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/{quote(branch)}/{place}",
    }


def first_cell(repository, branch):
    """Return what a notebook needs to run first in Colab, which brings the notebook alone."""
    return f"%pip install git+https://github.com/{repository}@{branch}"
