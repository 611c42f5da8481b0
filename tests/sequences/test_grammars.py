"""The classic grammars: against a pattern written from their diagram, and against counts over many strings."""

import re

import numpy as np
import pytest

from lstm_helpers.learning import cross_entropy, mean_squared_error
from lstm_helpers.sequences import CountingLanguage, EmbeddedReber

LOWER = "T*V(?:PXT*V)*(?:V|PS)"                              # the lower half of Reber's diagram, with its way back
REBER = f"B(?:TS*X(?:S|X{LOWER})|P{LOWER})E"
EMBEDDED = f"BT({REBER})TE|BP({REBER})PE"
GRAMMAR = EmbeddedReber()


@pytest.fixture(scope="module")
def texts():
    return GRAMMAR.write(20_000, 0)


# Embedded Reber

def test_every_string_is_of_the_embedded_reber_grammar(texts):
    assert [text for text in texts if not re.fullmatch(EMBEDDED, text)] == []


@pytest.mark.parametrize("wrong", ["BTBTXSEPE", "BTBTXXEPE", "BTBTSSETE", "BTBPVVET"])
def test_the_pattern_knows_a_wrong_string(wrong):
    assert not re.fullmatch(EMBEDDED, wrong)


def test_every_branch_is_taken_half_of_the_time(texts):
    inner = [text[2:-2] for text in texts]
    assert np.mean([text[1] == "T" for text in texts]) == pytest.approx(1 / 2, abs=0.02)
    # B T X S E is decided by three branches, T against P and the others after T and X; likewise B P V V E.
    assert np.mean([text == "BTXSE" for text in inner]) == pytest.approx(1 / 8, abs=0.01)
    assert np.mean([text == "BPVVE" for text in inner]) == pytest.approx(1 / 8, abs=0.01)
    assert np.mean([text == "BTSXXTVPSE" for text in inner]) == pytest.approx(1 / 2**8, abs=0.002)


def test_what_may_follow_is_all_that_ever_follows(texts):
    """Compare with what followed the same beginning in other strings; the second symbol matters at the end alone."""
    followers = {}
    for text in texts:
        for step in range(1, len(text)):
            followers.setdefault(text[:step], set()).add(text[step])
    common = [text for text in texts if len(text) <= 9][:200]          # their beginnings came with every continuation
    allowed = GRAMMAR.allowed(common)
    for column, text in enumerate(common):
        for step in range(1, len(text)):
            found = {GRAMMAR.symbols[place] for place in np.flatnonzero(allowed[step - 1, column])}
            assert found == followers[text[:step]], text[:step]
        assert not allowed[len(text) - 1:, column].any()


@pytest.fixture(scope="module")
def asked(texts):
    """The next symbols, the mask, and the symbols that may come next."""
    _, labels, mask = GRAMMAR.encode(texts)
    return labels, mask, GRAMMAR.allowed(texts)


def test_what_follows_is_always_allowed(asked):
    labels, mask, allowed = asked
    right = np.take_along_axis(allowed, labels[:, :, None], axis=2)[:, :, 0]
    np.testing.assert_array_equal(right[mask == 1], 1)


def test_a_string_is_read_but_for_its_last_symbol_and_predicted_but_for_its_first():
    text = "BPBTXSEPE"
    x, labels, mask = GRAMMAR.encode([text, "BTBTSSSXSETE"])
    assert x.shape == (11, 2, 7) and mask.sum(0).tolist() == [8, 11]
    assert "".join(GRAMMAR.symbols[place] for place in x[:8, 0].argmax(1)) == text[:-1]
    assert "".join(GRAMMAR.symbols[place] for place in labels[:8, 0]) == text[1:]


def test_shares_steps_and_baseline_of_reber_are_those_of_many_strings(asked):
    labels, mask, _ = asked
    shares = np.bincount(labels[mask == 1], minlength=7) / mask.sum()
    assert mask.sum(0).mean() == pytest.approx(GRAMMAR.mean_steps, rel=0.01)
    np.testing.assert_allclose(GRAMMAR.shares, shares, atol=0.003)
    logits = np.broadcast_to(np.log(GRAMMAR.shares), (*labels.shape, 7))
    assert cross_entropy(logits, labels, mask)[0] == pytest.approx(GRAMMAR.baseline_error, abs=0.003)


def test_a_perfect_predictor_of_reber_reaches_the_best_error(asked):
    labels, mask, allowed = asked
    logits = np.where(allowed > 0, 0.0, -1e9)
    assert cross_entropy(logits, labels, mask)[0] == pytest.approx(GRAMMAR.best_error, abs=0.003)


# aⁿbⁿ

def _read(rows, names):
    return ["".join(np.array(names)[row == 1]) for row in rows]


def test_counting_by_its_definition():
    x, y, mask = CountingLanguage().encode([3, 1])
    assert _read(x[:, 0], CountingLanguage.inputs) == ["S", "a", "a", "a", "b", "b", "b"]
    assert _read(y[:, 0], CountingLanguage.outputs) == ["a", "ab", "ab", "ab", "b", "b", "T"]
    assert _read(x[:3, 1], CountingLanguage.inputs) == ["S", "a", "b"]
    assert _read(y[:3, 1], CountingLanguage.outputs) == ["a", "ab", "T"]
    assert mask[:, 1].tolist() == [1, 1, 1, 0, 0, 0, 0] and mask[:, 0].all()


def test_every_n_up_to_the_longest_is_as_likely():
    _, _, mask = CountingLanguage(10).sample(40_000, 1)
    counts = np.bincount((mask.sum(0).astype(int) - 1) // 2) / 40_000
    assert len(counts) == 11 and counts[0] == 0
    np.testing.assert_allclose(counts[1:], 1 / 10, atol=0.006)


@pytest.mark.parametrize("longest", [1, 4, 10])
def test_the_baseline_of_counting_is_the_best_constant(longest):
    task = CountingLanguage(longest)
    _, y, mask = task.sample(50_000, 2)
    best = np.broadcast_to(y[mask == 1].mean(0), y.shape)
    assert mean_squared_error(best, y, mask)[0] == pytest.approx(task.baseline_error, rel=0.01)


def test_a_language_without_strings_is_refused():
    with pytest.raises(ValueError, match=re.escape("longest is 0; CountingLanguage needs at least 1")):
        CountingLanguage(0)
