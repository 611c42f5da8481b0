"""Numbers and arrays as a learner reads them."""

import numpy as np
import pytest

from lstm_helpers.checking import words


@pytest.mark.parametrize(("value", "text"), [
    (2 / 3, "0.6667"), (-0.0, "0"), (7, "7"), (80_000, "80000"), (-1234567.8, "-1234568"),
    (9e14, "900000000000000"), (1e15, "1e+15"), (-1e300, "-1e+300"),
    (0.00001234567, "1.235e-05"), (np.inf, "inf"), (1.0, "1"), (np.float32(0.1), "0.1"), (np.nan, "nan"),
    (True, "True"), (np.bool_(False), "False"), ("forget", "'forget'"), (np.str_("i"), "'i'")])
def test_a_number(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(("pair", "texts"), [
    ((1 / 3, 2 / 3), ("0.3333", "0.6667")), ((1 / 3, 1 / 3 + 1e-6), ("0.3333333", "0.3333343")),
    ((1 / 3, 1 / 3 + 1e-9), ("0.333333333333", "0.333333334333")),
    ((0.1, np.nextafter(0.1, 1)), ("0.10000000000000001", "0.10000000000000002")), (("a", "b"), ("'a'", "'b'")),
    ((80_000, 70_000), ("80000", "70000")), ((12345.6, 12345.7), ("12345.6", "12345.7")), ((1e20, 2e20), ("1e+20", "2e+20"))])
def test_two_numbers_are_told_apart_by_as_few_digits_as_it_takes(pair, texts):
    assert words.two_numbers(*pair) == texts


@pytest.mark.parametrize(("value", "text"), [
    (np.arange(4.0).reshape(2, 2), "x = [[0, 1], [2, 3]]"), (np.arange(9.0), "x (9,)"),
    (np.arange(8.0), "x = [0, 1, 2, 3, 4, 5, 6, 7]"), (np.array(2.5), "x = 2.5"), (0.5, "x = 0.5"), (np.int64(3), "x = 3"),
    (True, "x = True"), (None, "x = None"), ("ifgo", "x = 'ifgo'"), ("o" * 50, "x = '" + "o" * 39), ({"W": 1}, "x (dict)"),
    ([1, None, 0.5], "x = [1, None, 0.5]"), ([1] * 8, "x = [1, 1, 1, 1, 1, 1, 1, 1]"), ([1] * 9, "x (list)"),
    ([[1], [2]], "x (list)")])
def test_an_argument(value, text):
    assert words.argument("x", value) == text


def test_a_large_array_is_named_by_its_shape():
    assert words.array(np.arange(4.0)) == "[0, 1, 2, 3]"
    assert words.array(np.zeros((9, 1))) == "array of shape (9, 1)"
