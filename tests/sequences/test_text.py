"""The frozen text, the counts of brackets and quotes, windows of text that stay inside it, and the bracket language."""

import hashlib
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

import lstm_helpers
from lstm_helpers.sequences import BracketLanguage, TextWindows, bracket_depth, course_text

PYPROJECT = Path(lstm_helpers.__file__).parents[1] / "pyproject.toml"


def test_the_text_is_the_same_everywhere():
    text = "".join(course_text().values())
    assert list(course_text())[::20] == ["00_start_here", "20_frameworks"] and len(text) == 205_182
    assert hashlib.sha256(text.encode()).hexdigest() == "c53acb01a675025fe89b3fabe74e6ff881e54dc35e98f8aa70769a39a3778d62"


def test_the_file_is_packed_and_says_neither_when_nor_where():
    packed = (Path(lstm_helpers.__file__).parent / "sequences/course_text.json.gz").read_bytes()
    assert len(packed) < 80_000
    assert packed[:9] == b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02"     # no name, no time, level 9


def test_the_text_is_in_plain_letters_and_short_lines():
    text = "".join(course_text().values())
    assert set(text) <= set(map(chr, range(32, 127))) | {"\n"}
    assert max(map(len, text.split("\n"))) <= 100                    # 72, but for a word that is longer


def test_the_text_is_installed_with_the_package():
    data = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    folder = Path(lstm_helpers.__file__).parent / "sequences"
    there = {path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".py"}
    assert there == set(data["lstm_helpers.sequences"])


@pytest.mark.parametrize(("text", "depth", "quoted"), [
    ("a(b[c]){}", "011221010", "000000000"),
    ('("(")', "11110", "01100"),
    ("'\"('(", "00001", "11100"),                                        # another kind of quote does not end it
    ('"(\n(', "0001", "1100"),                                           # a line ends a string that was left open
    ("))(", "001", "000"),                                               # below nothing there is nothing
    ("", "", ""),
])
def test_brackets_and_quotes_are_counted(text, depth, quoted):
    found = bracket_depth(text)
    assert ["".join(map(str, row)) for row in found] == [depth, quoted]


def test_windows_hold_the_text_and_what_follows():
    task = TextWindows("abcdefghij", "abcdefghij", length=4)
    x, y = task.sample(300, 0)
    assert x.shape == (4, 300, 10) and y.shape == (4, 300) and x.dtype == np.float64
    assert np.array_equal(x.sum(axis=2), np.ones((4, 300)))
    assert np.array_equal(x.argmax(axis=2) + 1, y) and np.array_equal(np.diff(y, axis=0), np.ones((3, 300)))
    assert x[0, :, 0].any() and y.max() == 9 and set(y[0]) == set(range(1, 7))         # every window that fits
    assert TextWindows("abc", "abc", length=1, dtype=np.float32).sample(1, 0)[0].dtype == np.float32


def test_nothing_after_the_cut_is_ever_seen():
    text = "ab" * 50
    whole, changed = text + "ab" * 10, text + "c" * 20
    for one, other in zip(*(TextWindows(t[:100], "abc", length=9).sample(500, 1) for t in (whole, changed)), strict=True):
        assert np.array_equal(one, other)
    assert TextWindows(changed[:100], "abc", length=9).sample(500, 1)[1].max() == 1


def test_a_stream_is_the_text_once():
    task = TextWindows("abcabc", "abc", length=2, dtype=np.float32)
    x, y = task.as_stream("cab")
    assert x.shape == (2, 1, 3) and x.dtype == np.float32
    assert x.argmax(axis=2).ravel().tolist() == [2, 0] and y.ravel().tolist() == [0, 1]
    assert task.decode(task.encode("bca")) == "bca"
    assert task.input_size == task.output_size == 3


def test_a_seed_decides():
    task = TextWindows("to be or not to be, " * 9, "".join(sorted(set("to be or not to be, "))), length=7)
    first, second, other = (task.sample(5, seed)[1] for seed in (0, 0, 1))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: TextWindows("abc", "abc", length=3), "text has 3 letters and length is 3; TextWindows needs"),
    (lambda: TextWindows("abc", "abc", length=0), "length is 0; TextWindows needs a length of 1 or more"),
    (lambda: TextWindows("abcd", "abc", length=1), "text holds 'd'; encode needs symbols out of 'abc'"),
    (lambda: BracketLanguage(deepest=0), "deepest is 0; BracketLanguage needs at least 1"),
])
def test_mistakes_are_named(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_the_language_obeys_its_rules():
    for deepest in (1, 6):
        text = BracketLanguage(deepest).write(30_000, 0)
        depth, quoted = bracket_depth(text)
        assert len(text) == 30_000 and set(text) == set(BracketLanguage.alphabet)
        assert depth.min() == 0 and depth.max() == deepest
        before = [(0, 0), *zip(depth, quoted, strict=True)]
        assert all(before[n] == (0, 0) for n, letter in enumerate(text) if letter == "\n")
        assert not any(before[n][0] == 0 and not before[n][1] for n, letter in enumerate(text) if letter == ")")


def test_the_language_says_how_likely_each_letter_is():
    language = BracketLanguage()
    text = language.write(200_000, 1)
    depth, quoted = (what[:-1] for what in bracket_depth(text))
    p = language.next_probabilities(depth, quoted)
    codes = np.array([language.alphabet.index(letter) for letter in text[1:]])
    assert np.allclose(p.sum(axis=1), 1) and p[np.arange(len(codes)), codes].min() > 0
    for place in ((0, 0), (3, 0), (6, 0), (3, 1)):
        here = (depth == place[0]) & (quoted == place[1])
        found = np.bincount(codes[here], minlength=6) / here.sum()
        assert found == pytest.approx(language.next_probabilities(*place), abs=0.02)


def test_the_same_seed_writes_the_same_text():
    assert BracketLanguage().write(50, 3) == BracketLanguage().write(50, 3) != BracketLanguage().write(50, 4)
