"""run.py with real environments, on a small course of its own that needs no network: a lock of one package, made here."""
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "course"
version = "1"
"""
BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(folder + "/course-1-py3-none-any.whl", "w") as wheel:
        for name, text in {"METADATA": "Metadata-Version: 2.1\\nName: course\\nVersion: 1\\n", "RECORD": "",
                           "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}.items():
            wheel.writestr("course-1.dist-info/" + name, text)
    return "course-1-py3-none-any.whl"
"""
TOY = {"toy.py": "def main():\n    print('the toy runs')\n", "toy-1.data/scripts/toyfile": "#!python\nprint('the file runs')\n",
       "toy-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: toy\nVersion: 1\n", "toy-1.dist-info/RECORD": "",
       "toy-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
       "toy-1.dist-info/entry_points.txt": "[console_scripts]\ntoy = toy:main\n"}
BIN = "Scripts" if os.name == "nt" else "bin"


def make_course(folder):
    """A course with the real run.py, whose lock is one package in a file beside it."""
    (folder / "tools").mkdir(parents=True)
    for name in ("run.py", "tools/installation.py", "tools/repair_scripts.py", "tools/update.py"):
        shutil.copy(ROOT / name, folder / name)
    with zipfile.ZipFile(folder / "toy-1-py3-none-any.whl", "w") as wheel:
        for name, text in TOY.items():
            wheel.writestr(name, text)
            wheel.getinfo(name).external_attr = 0o100755 << 16   # else pip does not make toyfile a program
    (folder / "requirements.txt").write_text("./toy-1-py3-none-any.whl\n")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "venv.py").write_text("raise SystemExit('a learner\'s own, not the library')")
    return folder


def start(course, cwd=None):
    return subprocess.Popen([sys.executable, str(course / "run.py"), "setup"], cwd=cwd or course.parent, text=True,
                            env=os.environ | {"PIP_NO_INDEX": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def setup(course, cwd=None):
    process = start(course, cwd)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def says(course, program):
    return subprocess.run([course / ".venv" / BIN / program], capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A course that two starts at once have installed; what they said; and how old its Python is."""
    course = make_course(tmp_path_factory.mktemp("home") / "course")
    starts = [start(course), start(course)]
    said = [process.communicate(timeout=300)[0] for process in starts]
    assert [process.returncode for process in starts] == [0, 0], said
    return course, said


@pytest.fixture
def course(first):
    return first[0]


def test_of_two_starts_at_once_one_waits_and_both_end_well(first):
    _, said = first
    assert sorted("Another start is installing" in text for text in said) == [False, True]
    assert sorted("Successfully installed toy" in text for text in said) == [False, True]


def test_the_programs_run(course):
    assert says(course, "toy") == "the toy runs\n" and says(course, "toyfile") == "the file runs\n"


@pytest.mark.parametrize("where", ["caller", "course"])
def test_a_learners_file_with_the_name_of_a_library_breaks_nothing(course, tmp_path, where):
    folder = tmp_path if where == "caller" else course
    names = [folder / f"{name}.py" for name in ("typing", "json", "random", "pip")]
    own = course / ".venv" / "the_learners_own.txt"
    own.touch()
    for path in names:
        path.write_text("raise SystemExit('not the library')")
    said = setup(course, cwd=folder)
    for path in names:
        path.unlink()
    assert "not the library" not in said and own.exists()


def test_a_start_with_nothing_to_do_takes_less_than_half_a_second(course):
    code = "import time, installation; t = time.perf_counter(); installation.set_up(); print(time.perf_counter() - t)"
    seconds = [float(subprocess.run([sys.executable, "-c", code], cwd=course / "tools", capture_output=True, text=True).stdout)
               for _ in range(3)]
    assert min(seconds) < 0.5


def test_a_package_that_has_gone_comes_back(course):
    (path,) = (course / ".venv").rglob("toy.py")
    path.unlink()
    setup(course)
    assert says(course, "toy") == "the toy runs\n"


def test_a_moved_folder_is_mended_once_and_again(course, tmp_path):
    old = course
    for name in ("a folder with spaces", "plain"):
        new = tmp_path / name
        shutil.copytree(old, new, symlinks=True)
        setup(new)
        assert says(new, "toy") == "the toy runs\n" and says(new, "toyfile") == "the file runs\n"
        stale = [path for path in (new / ".venv" / BIN).iterdir() if path.is_file() and str(old).encode() in path.read_bytes()]
        assert stale == []
        old = new


@pytest.mark.skipif(os.name == "nt", reason="on Windows only an administrator makes a link")
def test_a_venv_that_is_a_link_loses_nothing(tmp_path):
    course, elsewhere = make_course(tmp_path / "course"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.txt").write_text("mine")
    (course / ".venv").symlink_to(elsewhere)
    process = start(course)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "so run.py does not touch it" in said
    assert [path.name for path in elsewhere.iterdir()] == ["thesis.txt"]
