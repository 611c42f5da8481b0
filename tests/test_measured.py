"""A measured number keeps its bound, or stops the notebook; what it shows begins with ≈, and nbval leaves its digits alone."""

import configparser
import re
from pathlib import Path

import numpy as np
import pytest

from lstm_helpers.measured import measured


@pytest.mark.parametrize(("value", "bound"), [
    (0.36, {"below": 0.8}), (0.98, {"above": 0.9}), (0.5, {"above": 0.4, "below": 0.6}), (1.02, {"near": 1, "within": 0.05}),
    (np.float32(0.25), {"above": 0.2}), (-3, {"below": 0}),
])
def test_a_number_within_its_bound_is_a_float_like_any_other(value, bound):
    number = measured(value, **bound)
    assert isinstance(number, float) and number == float(value) and number + 1 == float(value) + 1


@pytest.mark.parametrize(("value", "bound", "words"), [
    (0.9, {"below": 0.8}, "measured 0.9; the text says: below 0.8"), (0.8, {"below": 0.8}, "below 0.8"),
    (0.8, {"above": 0.9}, "measured 0.8; the text says: above 0.9"), (0.9, {"above": 0.9}, "above 0.9"),
    (0.3, {"above": 0.4, "below": 0.6}, "above 0.4"), (0.7, {"above": 0.4, "below": 0.6}, "below 0.6"),
    (1.1, {"near": 1, "within": 0.05}, "1, give or take 0.05"), (0.875, {"near": 1, "within": 0.125}, "give or take 0.125"),
    (float("nan"), {"above": 0}, "measured nan"), (float("nan"), {"below": 0}, "nan"),
    (float("nan"), {"near": 0, "within": 1}, "nan"),
])
def test_a_number_out_of_its_bound_stops_the_notebook_and_says_what_the_text_says(value, bound, words):
    with pytest.raises(AssertionError, match=re.escape(words)):
        measured(value, **bound)


@pytest.mark.parametrize("bound", [{}, {"near": 1}, {"within": 1}, {"above": 0, "within": 1}])
def test_a_number_without_a_bound_is_refused(bound):
    with pytest.raises(ValueError, match="needs a bound"):
        measured(0.5, **bound)


@pytest.mark.parametrize(("shown", "text"), [
    (f"{measured(0.3578, below=1)}", "≈0.36"), (str(measured(0.3578, below=1)), "≈0.36"), (f"{measured(1.0, above=0)}", "≈1"),
    (f"{measured(1234.5, above=0)}", "≈1200"), (f"{measured(0.98123, above=0):.3f}", "≈0.981"),
    (f"{measured(0.98123, above=0):.1%}", "≈98.1%"), (f"{measured(1.2e-7, above=0)}", "≈1.2e-07"),
    (f"{measured(-0.25, below=0):8.2f}", "  ≈-0.25"), (f"{measured(3.14159, above=0):8.2f}|", "   ≈3.14|"),
    (str([measured(0.5, above=0)]), "[≈0.5]"),
])
def test_it_shows_few_digits_after_the_sign(shown, text):
    assert shown == text


def sanitised(text):
    config = configparser.RawConfigParser()
    config.read(Path(__file__).parent / "notebooks/sanitize.cfg", encoding="utf-8")
    return re.sub(config["measured numbers"]["regex"], config["measured numbers"]["replace"], text)


@pytest.mark.parametrize(("one", "other"), [
    (f"RNN {measured(0.3578, below=1)}   LSTM", f"RNN {measured(0.4123, below=1)}   LSTM"),
    (f"{measured(9.99, above=0):8.2f} s", f"{measured(10.01, above=0):8.2f} s"),
    (f"{measured(1e-7, above=0)},", f"{measured(0.0002, above=0)},"),
    (f"{measured(0.5, above=0):.1%}", f"{measured(1, above=0):.1%}"),
    (f"a{measured(-0.5, below=1)}", f"a{measured(0.5, below=1)}"),
])
def test_nbval_compares_everything_but_the_digits(one, other):
    assert one != other and sanitised(one) == sanitised(other)


@pytest.mark.parametrize(("one", "other"), [
    ("RNN ≈0.36 of 8", "RNN ≈0.36 of 7"), ("≈0.3 of", "≈0.3 in"), ("0.36", "0.37"), ("≈0.5", "0.5")])
def test_nbval_still_sees_what_is_no_measured_number(one, other):
    assert sanitised(one) != sanitised(other)
