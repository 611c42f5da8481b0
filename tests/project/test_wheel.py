"""The wheel stands alone: a hub installs it, and the notebooks lie somewhere else."""
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "02_vanilla_rnn"   # a short one, with an exercise
BIN = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: setuptools would find what earlier builds left in the course's own folder."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "lstm_helpers", source / "lstm_helpers", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir",
                    source / "dist", source], check=True)
    (path,) = (source / "dist").iterdir()
    return path


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of an environment that holds the wheel and sees the packages of the lock, but not the course's own folder."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / BIN
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel], check=True)
    packages = Path(says(python, "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "lock.pth").write_text(sysconfig.get_path("purelib"))   # looked into, but not its own .pth files
    return python


def says(python, code, folder=None):
    return subprocess.run([python, "-I", "-c", code], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lstm_helpers").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}
    assert {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name} == here


def test_the_package_comes_from_the_wheel(python, tmp_path):
    assert python.parents[1] in Path(says(python, "import lstm_helpers; print(lstm_helpers.__file__)", tmp_path)).parents


def test_a_notebook_runs_in_another_folder_and_prints_what_is_stored(python, tmp_path):
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", tmp_path)
    shutil.copy(ROOT / "tests/notebooks/sanitize.cfg", tmp_path)
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=600", "--nbval-sanitize-with=sanitize.cfg"]
    result = subprocess.run([python, "-I", "-m", "pytest", "--quiet", *options, f"{NOTEBOOK}.ipynb"], cwd=tmp_path,
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-3000:]
