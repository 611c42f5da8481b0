"""Say in words whether this machine can run the course, and if not, how to mend it."""

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement

OLDEST = (3, 11)
MEND = "stop JupyterLab, run: python3 run.py setup, and start it again"


def check_environment():
    """Print one line for Python and one for each package: fine, or what is wrong and how to mend it.

    Prints no versions, so that the output is the same on every machine on which all is well.

    Introduced in 00_start_here.
    """
    found = {"Python": python_problem(sys.version_info)} | {r.name: package_problem(r) for r in needed_packages()}
    for name, problem in found.items():
        print(f"{name:<11} {problem or 'fine'}")
    print("\nEverything is in place." if not any(found.values()) else f"\nTo mend it, {MEND}")


def python_problem(version):
    """Return what is wrong with a Python version, or None."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return f"this is Python {version[0]}.{version[1]}; the course needs 3.11 or newer"


def package_problem(requirement):
    """Return what is wrong with an installed package, or None."""
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return f"is not installed; the course needs {requirement.name} {requirement.specifier}"
    if requirement.specifier.contains(version, prereleases=True):
        return None
    return f"is version {version}; the course needs {requirement.specifier}"


def needed_packages():
    """Return what the installed course says it needs, without its optional groups."""
    lines = metadata.requires("lstm-helpers") or []
    return [Requirement(line) for line in lines if not re.search(r"extra\s*==", line)]
