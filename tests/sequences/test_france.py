"""Sentences with a country early and its language late: parsed word by word and looked up in CLDR anew."""

import re
from collections import Counter

import babel
import numpy as np
import pytest
from babel import Locale
from babel.core import get_global

from lstm_helpers.sequences import FranceSentences, countries_by_language

GAPS = (0, 1, 5, 40)
SENTENCE = re.compile(r"(now|today|still|usually|again) i (live|work|stay|study|teach) in (\S+)((?: [a-z]+)*) "
                      r"(so|thus|therefore|clearly|naturally) i (speak|write|read|understand) (fluently|well|daily)")
VERSION = tuple(int(number) for number in babel.__version__.split(".")[:2])


@pytest.fixture(scope="module", params=[(gap, part) for gap in GAPS for part in ("train", "held_out")], ids=str)
def task(request):
    return FranceSentences(*request.param)


def read(text):
    """Return (frame, country, fillers) of a sentence."""
    when, verb, country, fillers, link, speak, how = SENTENCE.fullmatch(text).groups()
    return (when, verb, link, speak, how), country, fillers.split()


def main_language(country):
    """Look up the official language that most people of a country speak, from Babel's raw table."""
    names = {name.replace(" ", "_"): code for code, name in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", code)}
    official = {code: facts["population_percent"] for code, facts in get_global("territory_languages")[names[country]].items()
                if facts.get("official_status") in ("official", "de_facto_official")}
    return max(official, key=lambda code: (official[code], code))


def test_every_sentence_is_of_the_grammar(task):
    for text in task.texts:
        assert len(text.split()) == task.length == task.gap + 9
        assert len(read(text)[2]) == task.gap


def test_every_label_is_the_official_language_of_the_country():
    for language, countries in countries_by_language().items():
        assert all(main_language(country) == language for country in countries)
    task = FranceSentences(2)
    for text, label in zip(task.texts, task.labels, strict=True):
        assert read(text)[1] in countries_by_language()[task.languages[label]]


def test_the_languages_are_those_with_most_countries():
    counts = Counter()
    for code in Locale("en").territories:
        languages = get_global("territory_languages").get(code, {}) if re.fullmatch("[A-Z]{2}", code) else {}
        official = [(facts["population_percent"], language) for language, facts in languages.items()
                    if facts.get("official_status") in ("official", "de_facto_official")]
        counts.update([max(official)[1]] if official else [])
    ours = {language: len(countries) for language, countries in countries_by_language().items()}
    assert all(counts[language] == count for language, count in ours.items())
    others = {language: count for language, count in counts.items() if language not in ours}
    assert max(others.values()) <= min(ours.values())
    assert min((-counts[language], language) for language in others) > max((-count, language) for language, count in ours.items())


def test_no_country_has_two_languages():
    countries = [country for names in countries_by_language().values() for country in names]
    assert len(set(countries)) == len(countries)


def test_known_countries():
    table = countries_by_language()
    for language, country in [("fr", "France"), ("de", "Austria"), ("pt", "Brazil"), ("es", "Peru"), ("ar", "Saudi_Arabia"),
                              ("en", "New_Zealand"), ("nl", "Suriname"), ("it", "San_Marino")]:
        assert country in table[language]


@pytest.mark.skipif(VERSION != (2, 18), reason=f"the documented counts are those of Babel 2.18; this is {babel.__version__}")
def test_the_documented_sizes_are_the_real_ones():
    table, task = countries_by_language(), FranceSentences()
    assert {language: len(names) for language, names in table.items()} == {
        "ar": 21, "de": 4, "en": 64, "es": 22, "fr": 28, "it": 3, "nl": 5, "pt": 7}
    assert sum(map(len, table.values())) == 154
    assert task.input_size == len(task.words) == 202
    assert "154 countries" in FranceSentences.__doc__ and "202 words in all" in FranceSentences.__doc__


def test_the_words_of_frames_fillers_and_countries_are_different_ones():
    frames, fillers, countries = _words_by_role(FranceSentences(40))
    assert (len(frames), len(fillers)) == (24, 24)
    assert not frames & fillers | frames & countries | fillers & countries
    assert sorted(frames | fillers | countries) == list(FranceSentences().words)


def _words_by_role(task):
    fillers = {filler for text in task.texts for filler in read(text)[2]}
    countries = {read(text)[1] for text in task.texts}
    return {word for text in task.texts for word in text.split()} - fillers - countries, fillers, countries


@pytest.mark.parametrize("gap", GAPS)
def test_training_and_held_out_sentences_share_no_sentence(gap):
    train, held_out = (FranceSentences(gap, part).write(20_000, seed)[0] for part, seed in (("train", 0), ("held_out", 1)))
    assert not set(train) & set(held_out)
    assert not set(FranceSentences(gap).texts) & set(FranceSentences(gap, "held_out").texts)


def test_training_and_held_out_sentences_share_no_frame_but_every_word():
    parts = [FranceSentences(0, part).write(20_000, 0)[0] for part in ("train", "held_out")]
    frames = [{read(text)[0] for text in texts} for texts in parts]
    assert list(map(len, frames)) == [1200, 300]
    assert not frames[0] & frames[1]
    words = [{word for text in texts for word in text.split()} for texts in parts]
    assert words[0] == words[1]


def test_every_country_is_in_training_and_languages_are_balanced(task):
    countries = Counter(read(text)[1] for text in task.texts)
    labels = np.bincount(task.labels)
    assert labels.max() - labels.min() <= 1
    assert len(task.texts) == (2000 if task.part == "train" else 500)
    for names in countries_by_language().values():
        counts = [countries[name] for name in names]
        assert max(counts) - min(counts) <= 1
        assert min(counts) >= 1 or task.part == "held_out"


def test_chance_and_the_order_blind_ceiling(task):
    assert task.chance == 1 / 8
    assert task.order_blind_ceiling == pytest.approx(1)
    assert np.bincount(task.labels).max() / len(task.labels) == pytest.approx(task.chance, abs=0.002)


def test_samples_are_the_sentences_drawn(task):
    x, labels = task.sample(30, 4)
    assert x.shape == (task.length, 30, task.input_size)
    known = dict(zip(task.texts, task.labels, strict=True))
    for column, label in enumerate(labels):
        text = " ".join(task.words[place] for place in x[:, column].argmax(1))
        assert known[text] == label
    assert set(np.unique(x)) == {0, 1}
    assert (x.sum(2) == 1).all()


def test_everything_is_what_encode_says_of_the_texts():
    task = FranceSentences(3, size=50)
    x, labels = task.everything()
    again, mask = task.encode(task.texts)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(labels, task.labels)
    assert mask.shape == (12, 50) and (mask == 1).all()


def test_encode_fills_up_and_masks():
    task = FranceSentences()
    x, mask = task.encode(["i live in Saudi_Arabia", "so i"])
    assert x.shape == (4, 2, task.input_size)
    assert x[3, 0, task.words.index("Saudi_Arabia")] == 1
    np.testing.assert_array_equal(mask[:, 1], [1, 1, 0, 0])
    np.testing.assert_array_equal(x[:, 1].sum(1), mask[:, 1])


def test_the_missing_words():
    task = FranceSentences()
    names = dict(zip(task.languages, task.language_names, strict=True))
    assert names["fr"] == "French" and names["en"] == "English"
    assert task.output_size == len(names) == 8


def test_a_seed_decides():
    assert FranceSentences(2).texts == FranceSentences(2).texts != FranceSentences(2, seed=1).texts
    first, second, other = (FranceSentences(2).sample(9, seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)
    assert FranceSentences(2).write(5, 1)[0] == FranceSentences(2).write(5, np.random.default_rng(1))[0]


def test_fillers_are_drawn_anew_for_each_sentence():
    texts = FranceSentences(5).texts
    assert len({tuple(read(text)[2]) for text in texts}) > 0.99 * len(texts)


def test_dtype_on_request():
    assert FranceSentences(size=2).sample(2, 0)[0].dtype == np.float32
    assert FranceSentences(size=2, dtype=np.float64).everything()[0].dtype == np.float64


@pytest.mark.parametrize(("mistake", "message"), [
    (lambda: FranceSentences(-1), "gap is -1; FranceSentences needs at least 0"),
    (lambda: FranceSentences(part="all"), "part is 'all'; FranceSentences needs one of 'train', 'held_out'"),
    (lambda: FranceSentences(size=0), "size is 0; FranceSentences needs at least 1"),
    (lambda: FranceSentences().encode(["i live in Atlantis"]), "text holds 'Atlantis'; encode needs symbols out of "),
])
def test_mistakes_are_named(mistake, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        mistake()


# --- two countries ---

TWO = re.compile(r"(?:i (?:live|work|stay|study|teach) in (\S+) and my \w+ \w+ in (\S+)"
                 r"|my \w+ \w+ in (\S+) and i \w+ in (\S+))"
                 r"((?: [a-z]+)*) (?:so|thus|therefore|clearly|naturally) i \w+ (?:fluently|well|daily)")


@pytest.fixture(scope="module")
def two():
    return FranceSentences(3, size=4000, countries=2)


def my_country_and_the_other(text):
    mine, other, other_first, mine_second, _ = TWO.fullmatch(text).groups()
    return mine or mine_second, other or other_first


def test_my_country_decides_and_the_other_has_another_language(two):
    for text, label in zip(two.texts, two.labels, strict=True):
        mine, other = my_country_and_the_other(text)
        assert main_language(mine) == two.languages[label] != main_language(other)
        assert len(text.split()) == two.length == 17


def test_both_orders_and_all_other_languages_come_about_equally_often(two):
    assert sum(text.startswith("i ") for text in two.texts) == len(two.texts) // 2
    others = [main_language(my_country_and_the_other(text)[1]) for text in two.texts]
    pairs = Counter(zip(two.labels.tolist(), others, strict=True))
    assert len(pairs) == 8 * 7 and max(pairs.values()) < 2 * min(pairs.values())


def test_a_bag_knows_both_languages_and_not_which_is_mine(two):
    assert two.order_blind_ceiling == pytest.approx(1 / 2)
    assert "its ceiling is 1/2" in FranceSentences.__doc__


def test_two_countries_have_frames_of_their_own():
    parts = [set(FranceSentences(0, part, size=9000, countries=2).texts) for part in ("train", "held_out")]
    frames = [{re.sub(r" in \S+", " in …", text) for text in texts} for texts in parts]
    assert not frames[0] & frames[1]


def test_no_sentence_has_three_countries():
    with pytest.raises(ValueError, match="countries is 3; needs 1 or 2"):
        FranceSentences(countries=3)
