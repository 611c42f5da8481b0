"""A file is written whole or not at all."""

import os
import pathlib
import subprocess
import sys

import pytest

from lstm_helpers.files import write_whole


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "letter.txt"
    write_whole(path, lambda file: file.write(b"old"))
    return path


def test_the_new_stands_in_place_of_the_old_and_nothing_beside_it(old):
    write_whole(old, lambda file: file.write(b"new"))
    assert old.read_bytes() == b"new"
    assert os.listdir(old.parent) == [old.name]


def test_a_bare_name_is_a_file_of_this_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_whole("letter.txt", lambda file: file.write(b"new"))
    assert (tmp_path / "letter.txt").read_bytes() == b"new"


def fail(*arguments):
    raise OSError("disk full")


def half(file):
    file.write(b"ne")
    raise KeyboardInterrupt


def test_an_interrupt_while_writing_leaves_the_old_file_whole(old):
    with pytest.raises(KeyboardInterrupt):
        write_whole(old, half)
    assert old.read_bytes() == b"old"
    assert os.listdir(old.parent) == [old.name]


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_leaves_the_old_file_whole(old, monkeypatch, broken):
    with monkeypatch.context() as patch:
        patch.setattr(broken, fail)
        with pytest.raises(OSError, match="disk full"):
            write_whole(old, lambda file: file.write(b"new"))
    assert old.read_bytes() == b"old"
    assert os.listdir(old.parent) == [old.name]


def test_a_process_that_ends_while_writing_leaves_the_old_file_whole(old):
    program = """
import os, sys
from lstm_helpers.files import write_whole
def half(file):
    file.write(b"ne")
    file.flush()
    os._exit(9)
write_whole(sys.argv[1], half)
"""
    ended = subprocess.run([sys.executable, "-c", program, str(old)], check=False, cwd=pathlib.Path(__file__).parents[1])
    assert ended.returncode == 9
    assert old.read_bytes() == b"old"


def test_a_link_stays_a_link(old, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "link.txt"
    try:
        link.symlink_to(old)
    except OSError:
        pytest.skip("this system makes no links")
    write_whole(link, lambda file: file.write(b"new"))
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_the_new_file_has_the_mode_of_the_old_one(old):
    old.chmod(0o640)
    write_whole(old, lambda file: file.write(b"new"))
    assert old.stat().st_mode & 0o777 == 0o640


def test_parts_of_killed_processes_go_and_young_ones_stay(old):
    forgotten, young, another = (old.with_name(name) for name in (".letter.txt.123.part", ".letter.txt.124.part",
                                                                 ".letter.text.125.part"))
    for part in (forgotten, young, another):
        part.write_bytes(b"ha")
    for part in (forgotten, another):
        os.utime(part, (0, 0))
    write_whole(old, lambda file: file.write(b"new"))
    assert sorted(os.listdir(old.parent)) == sorted([old.name, young.name, another.name])


def test_a_name_with_signs_of_a_pattern_is_a_name(tmp_path):
    path = tmp_path / "run[1]*.npz"
    write_whole(path, lambda file: file.write(b"new"))
    left = tmp_path / ".run[1]*.npz.9.part"
    left.write_bytes(b"ha")
    os.utime(left, (0, 0))
    write_whole(path, lambda file: file.write(b"newer"))
    assert os.listdir(tmp_path) == [path.name] and path.read_bytes() == b"newer"


def test_two_writers_have_a_part_each(old):
    def write(file):
        write_whole(old, lambda inner: inner.write(b"inner"))
        file.write(b"outer")

    write_whole(old, write)
    assert old.read_bytes() == b"outer" and os.listdir(old.parent) == [old.name]
