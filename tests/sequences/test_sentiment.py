"""Opinions decided by word order: every label derived anew, and no model can pass the ceilings."""

import re
from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
import pytest

from lstm_helpers.sequences import SentimentSentences
from lstm_helpers.sequences.words import bag, best_accuracy, encode

PARTS = ("all", "train", "held_out")
CLAUSE = r"the (film|music|story) was( not)?(?: very)? (good|great|lovely|bad|dull|poor)"
SENTENCE = re.compile(rf"{CLAUSE} (and|but|although) {CLAUSE}( in the end| as far as i can see)?")


@pytest.fixture(scope="module", params=PARTS)
def task(request):
    return SentimentSentences(request.param)


@pytest.fixture(scope="module")
def every():
    return SentimentSentences()


def read(text):
    """Return (praises, joint) of a sentence, or refuse one that is none."""
    noun, negation, adjective, joint, other_noun, other_negation, other_adjective, _ = SENTENCE.fullmatch(text).groups()
    first = (adjective in ("good", "great", "lovely")) == (negation is None)
    second = (other_adjective in ("good", "great", "lovely")) == (other_negation is None)
    assert noun != other_noun
    assert (first == second) == (joint == "and")
    return (first if joint == "although" else second), joint


def test_every_sentence_is_of_the_grammar_and_its_label_is_its_meaning(task):
    assert [read(text)[0] for text in task.texts] == list(task.labels.astype(bool))


def test_the_grammar_is_complete(every):
    # noun pairs × tails × intensifiers × adjectives; a clause: 6 adjectives × 2 for not, half of the pairs agree
    assert Counter(read(text)[1] for text in every.texts) == {
        "and": 6 * 3 * 4 * 72, "but": 6 * 3 * 4 * 72, "although": 6 * 3 * 4 * 72}
    assert len(set(every.texts)) == len(every.texts) == 15552


def test_the_documented_sizes_are_the_real_ones(every):
    assert every.input_size == len(every.words) == 23
    assert {len(words) for words in every.sentences} == set(range(9, 20))
    assert all(str(number) in SentimentSentences.__doc__ for number in (15552, 23, "7/12 = 0.583"))


def test_all_words_are_sorted_and_each_occurs(every):
    assert list(every.words) == sorted({word for text in every.texts for word in text.split()})


def test_the_parts_share_no_bag_of_words_and_make_up_the_whole(every):
    train, held_out = SentimentSentences("train"), SentimentSentences("held_out")
    assert sorted(train.texts + held_out.texts) == sorted(every.texts)
    assert not {bag(words) for words in train.sentences} & {bag(words) for words in held_out.sentences}
    assert len(train.texts) > 12000
    assert len(held_out.texts) > 3000


def test_labels_are_balanced_with_each_joint_and_joints_have_their_share(task):
    shares = defaultdict(float)
    for text, weight in zip(task.texts, task.weights, strict=True):
        shares[read(text)] += weight
    assert shares == pytest.approx({(label, joint): 1 / 6 for joint in ("and", "but", "although") for label in (False, True)})


def test_all_sentences_of_the_whole_are_equally_likely(every):
    assert every.weights == pytest.approx(np.full(len(every.texts), 1 / len(every.texts)))


def test_sentences_of_one_joint_and_label_are_equally_likely(task):
    weights = defaultdict(set)
    for text, weight in zip(task.texts, task.weights, strict=True):
        weights[read(text)].add(weight)
    assert all(len(found) == 1 for found in weights.values())


def test_the_order_blind_ceiling_by_exact_counting(task):
    kinds = Counter(read(text) for text in task.texts)
    mass = defaultdict(Counter)
    for text in task.texts:
        praises, joint = read(text)
        mass[tuple(sorted(Counter(text.split()).items()))][praises] += Fraction(1, 6) / kinds[praises, joint]
    exact = sum(max(by_label.values()) for by_label in mass.values())
    assert exact == Fraction(7, 12) if task.part == "all" else abs(exact - Fraction(7, 12)) < Fraction(1, 100)
    assert task.order_blind_ceiling == pytest.approx(float(exact), abs=1e-12)


def test_a_reader_of_and_without_order_reaches_the_order_blind_ceiling(task):
    """With "and" and no "not", or two, it counts; elsewhere it says blame."""
    def praises(text):
        words = text.split()
        good = any(word in ("good", "great", "lovely") for word in words)
        return "and" in words and (good, words.count("not")) in ((True, 0), (False, 2))
    reached = task.accuracy([praises(text) for text in task.texts])
    assert reached == pytest.approx(task.order_blind_ceiling, abs=1e-12 if task.part == "all" else 0.01)


@pytest.mark.parametrize(("joint", "negations", "best"), [
    ("and", 0, 1), ("and", 1, 0.5), ("and", 2, 1), ("but", 0, 0.5), ("but", 1, 0.5), ("although", 2, 0.5)])
def test_where_a_bag_can_know_the_answer(every, joint, negations, best):
    inside = [(bag(words), label) for words, label in zip(every.sentences, every.labels, strict=True)
              if joint in words and words.count("not") == negations]
    bags, labels = zip(*inside, strict=True)
    assert best_accuracy(bags, labels, [1 / len(bags)] * len(bags)) == pytest.approx(best)


def test_window_ceilings_rise_from_near_chance_to_one(task):
    ceilings = [task.window_ceiling(width) for width in range(1, 20)]
    assert ceilings == sorted(ceilings)
    assert 0.5 <= ceilings[0] < 0.53
    assert 0.53 < ceilings[3] < 0.6
    assert 0.75 < ceilings[7] < 0.9
    assert ceilings[11] < 0.99 and ceilings[12] == pytest.approx(1)


def test_a_window_of_one_word_by_hand(every):
    """The last word says nothing: before each adjective stands as often a "not" as none, and a tail goes with every sentence."""
    assert every.window_ceiling(1) == pytest.approx(0.5)


def test_a_reader_of_everything_makes_no_mistake(task):
    assert task.ceiling(tuple) == pytest.approx(1)
    assert task.ceiling(len) < 1
    assert task.accuracy(task.labels) == pytest.approx(1)
    assert task.accuracy(1 - task.labels) == 0


def test_chance_is_what_one_answer_for_all_is_worth(task):
    assert task.accuracy(np.ones(len(task.labels))) == pytest.approx(task.chance) == 0.5


def test_twins_are_the_same_words_with_opposite_meaning(task):
    twins = task.twins()
    assert len({bag(praise.split()) for praise, _ in twins}) == len(twins) > 300
    for praise, blame in twins:
        assert (read(praise)[0], read(blame)[0]) == (True, False)
        assert Counter(praise.split()) == Counter(blame.split())


def test_every_bag_but_those_of_and_with_no_or_two_nots_has_twins(every):
    contrasts = {bag(words) for words in every.sentences if "and" not in words or words.count("not") == 1}
    assert {bag(praise.split()) for praise, _ in every.twins()} == contrasts


def test_samples_are_sentences_of_the_part_one_hot_and_masked(task):
    x, labels, mask = task.sample(50, 3)
    texts, same_labels = task.write(50, 3)
    longest = max(len(text.split()) for text in texts)
    assert x.shape == (longest, 50, 23)
    assert mask.shape == (longest, 50)
    assert list(labels) == list(same_labels)
    assert set(texts) <= set(task.texts)
    for column, text in enumerate(texts):
        length = len(text.split())
        assert [task.words[place] for place in x[:length, column].argmax(1)] == text.split()
        assert (x[:, column].sum(1) == mask[:, column]).all()
        assert list(mask[:, column]) == [1] * length + [0] * (longest - length)


def test_samples_come_as_often_as_their_weights_say():
    texts, labels = SentimentSentences("train").write(8000, 0)
    joints = Counter(read(text)[1] for text in texts)
    assert [joints[joint] / 8000 for joint in ("and", "but", "although")] == pytest.approx([1 / 3] * 3, abs=0.03)
    assert labels.mean() == pytest.approx(0.5, abs=0.03)


def test_a_seed_decides_and_a_generator_goes_on():
    task, rng = SentimentSentences("train"), np.random.default_rng(1)
    assert task.write(20, 1)[0] == task.write(20, rng)[0] == SentimentSentences("train").write(20, 1)[0]
    assert task.write(20, 1)[0] != task.write(20, rng)[0]


def test_dtype_on_request():
    assert SentimentSentences().sample(2, 0)[0].dtype == np.float64
    assert SentimentSentences(dtype=np.float32).sample(2, 0)[0].dtype == np.float32


@pytest.mark.parametrize(("mistake", "message"), [
    (lambda: SentimentSentences("test"), "part is 'test'; SentimentSentences needs one of 'all', 'train', 'held_out'"),
    (lambda: SentimentSentences().window_ceiling(0), "width is 0; window_ceiling needs at least 1"),
    (lambda: SentimentSentences().encode(["the film was superb"]), "text holds 'superb'; encode needs symbols out of although,"),
])
def test_mistakes_are_named(mistake, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        mistake()


def test_best_accuracy_on_a_tiny_example():
    views, labels, weights = ["a", "a", "a", "b"], [0, 1, 1, 0], [0.4, 0.15, 0.15, 0.3]
    assert best_accuracy(views, labels, weights) == pytest.approx(0.7)
    assert best_accuracy(range(4), labels, weights) == pytest.approx(1)
    assert best_accuracy("xxxx", labels, weights) == pytest.approx(0.7)


def test_best_accuracy_is_that_of_the_best_of_all_rules():
    rng = np.random.default_rng(0)
    views, labels, weights = rng.integers(0, 3, 20), rng.integers(0, 2, 20), rng.dirichlet(np.ones(20))
    rules = np.stack(np.meshgrid(*[[0, 1]] * 3), -1).reshape(-1, 3)          # every map from 3 views to 2 labels
    assert best_accuracy(views, labels, weights) == pytest.approx(max(weights[rule[views] == labels].sum() for rule in rules))


def test_sentences_of_different_lengths_are_filled_up_and_masked():
    x, mask = encode([["b", "a"], ["a"]], ("a", "b"), np.float32)
    np.testing.assert_array_equal(x[:, 0], [[0, 1], [1, 0]])
    np.testing.assert_array_equal(x[:, 1], [[1, 0], [0, 0]])
    np.testing.assert_array_equal(mask, [[1, 1], [1, 0]])
    assert x.dtype == np.float32
