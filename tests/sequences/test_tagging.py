"""Words tagged by a letter that is still to come."""

import numpy as np
import pytest

from lstm_helpers.sequences import Umlaut, vowel_accuracy
from lstm_helpers.sequences.tagging import TAGS


def test_a_vowel_is_fronted_where_the_word_ends_in_i():
    task = Umlaut(3)
    x, mask = task.encode(["musi", "bolabo"])
    assert x.shape == (6, 2, 13) and mask.T.tolist() == [[1, 1, 1, 1, 0, 0], [1] * 6]
    assert [TAGS[tag] for tag in task.tag(["musi", "bolabo"])[:4, 0]] == ["other", "fronted", "other", "other"]
    assert task.tag(["musi", "bolabo"])[:, 1].tolist() == [0, 1, 0, 1, 0, 1]


def test_words_are_drawn_as_described():
    words = Umlaut(4).write(4000, 0)
    lengths = np.array([len(word) // 2 for word in words])
    assert set(lengths) == {1, 2, 3, 4} and np.abs(np.bincount(lengths)[1:] / 4000 - 0.25).max() < 0.03
    assert abs(np.mean([word.endswith("i") for word in words]) - 0.5) < 0.03
    assert not any("i" in word[:-1] for word in words) and Umlaut(4).write(3, 1) == Umlaut(4).write(3, 1)


def test_the_ceiling_is_the_best_that_a_table_of_views_can_do():
    """Words with all their letters, drawn by the thousand, and a table of what each view was mostly followed by."""
    task = Umlaut(4)
    texts = ["".join(letter if letter in "aoui" else "b" for letter in text).replace("o", "a").replace("u", "a")
             for text in task.write(40_000, 0)]
    for ahead in (0, 1, 2, 7):
        table = {}
        for text in texts:
            for t in [t for t, letter in enumerate(text) if letter == "a"]:
                view = table.setdefault(text[:t + 1 + ahead] + "." * (t + ahead >= len(text)), [0, 0])
                view[text.endswith("i")] += 1
        counts = np.array(list(table.values()))
        assert abs(counts.max(axis=1).sum() / counts.sum() - task.ceiling(ahead)) < 0.01, ahead
    assert task.ceiling(7) == 1 and task.ceiling(0) < task.ceiling(2) < 1


def test_a_balanced_draw_holds_every_length_and_ending_alike():
    x, tags, mask = Umlaut(3).balanced(5, 0)
    assert x.shape == (6, 30, 13) and sorted(set(mask.sum(axis=0))) == [2, 4, 6]
    always_plain = vowel_accuracy(np.where(tags > 0, 1, 0), tags)
    assert always_plain == pytest.approx(2 / 3)           # 6 of 9 vowels: of 1 + 2 + 3 with an a at the end, and of 0 + 1 + 2


def test_other_words_are_refused():
    with pytest.raises(ValueError, match="syllables is 0; Umlaut needs at least 1"):
        Umlaut(0)
    with pytest.raises(ValueError, match="text holds 'x'"):
        Umlaut().encode(["box"])
