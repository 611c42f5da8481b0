"""Every question of every notebook: its solution passes, and each known mistake is told apart from all others."""

import inspect
import itertools
import re

import numpy as np
import pytest

from lstm_helpers.checking import Question
from lstm_helpers.checking.answers import family, form_of, read
from lstm_helpers.checking.judging import cases_of, outcome_of
from tests.exercises.declared import modules, questions, questions_of, right_answer, wrong_answer
from tests.test_imports import NOTEBOOKS

QUESTIONS = questions()
DRAWN = [title for title, question in QUESTIONS.items() if callable(question.cases)]       # only their cases depend on rng
MISTAKES = [(title, place) for title, question in QUESTIONS.items() for place in range(len(question.mistakes))]
every_question = pytest.mark.parametrize("title", QUESTIONS)


def test_there_are_questions():
    assert {"vanilla_rnn.q1", "backpropagation_through_time.q1"} <= QUESTIONS.keys()


@pytest.mark.parametrize("title", modules())
def test_a_module_is_named_as_its_notebook_and_numbers_its_questions(title):
    assert title in {name[3:] for name in NOTEBOOKS}
    names = list(questions_of(modules()[title]))
    assert names == [f"q{number}" for number in range(1, len(names) + 1)]
    assert [question.name for question in questions_of(modules()[title]).values()] == names


@every_question
def test_the_solution_passes(title):
    question = QUESTIONS[title]
    verdict = question.grade(right_answer(question))
    assert (verdict.kind, verdict.points) == ("correct", question.points), verdict.message


@pytest.mark.parametrize("title", DRAWN)
@pytest.mark.parametrize("rng", [1, 2])
def test_the_solution_passes_on_other_draws(title, rng):
    assert QUESTIONS[title].grade(right_answer(QUESTIONS[title]), rng=rng).correct


@pytest.mark.parametrize(("title", "place", "rng"), [
    (*mistake, rng) for mistake in MISTAKES for rng in ([0, 1] if mistake[0] in DRAWN else [0])])
def test_a_known_mistake_gets_its_own_message(title, place, rng):
    question = QUESTIONS[title]
    mistake, message = list(question.mistakes.items())[place]
    verdict = question.grade(wrong_answer(question, mistake), rng)
    assert verdict.kind == "mistake"
    assert verdict.message.startswith(message), f"{verdict.message} instead of {message}"
    assert (verdict.points, verdict.out_of) == (0, question.points)


def outcomes(question, mistake, rng=0):
    """Return the readings of a mistake, or of the solution (None), in every case."""
    tries = []
    for label, args in cases_of(question, rng):
        value = question.reference(*args)
        one = type("One", (), {"label": label, "args": args})
        tries.append(read(value, form_of(value, question.names)) if mistake is None else outcome_of(mistake, one, question))
    return tries


def distance(one, other):
    """Return how far two readings lie apart, in units of what tolerance allows; infinity for other shapes."""
    if one.parts.keys() != other.parts.keys():
        return np.inf
    return max(distance_of_arrays(array, other.parts[name]) for name, array in one.parts.items())


def distance_of_arrays(one, other):
    if one.shape != other.shape or family(one) != family(other):
        return np.inf
    if family(one) != "f":
        return np.inf if (one != other).any() else 0.0
    one, other = one.astype(float), other.astype(float)
    if (np.isnan(one) != np.isnan(other)).any():
        return np.inf
    return float(np.max(np.abs(one - other) / np.maximum(1, np.maximum(np.abs(one), np.abs(other))), initial=0))


@every_question
def test_no_two_mistakes_are_confused(title):
    """More than two tolerances apart, so that no answer can be both."""
    question = QUESTIONS[title]
    found = {mistake: outcomes(question, mistake) for mistake in [None, *question.mistakes]}
    for one, other in itertools.combinations(found, 2):
        apart = max(itertools.starmap(distance, zip(found[one], found[other], strict=True)))
        assert apart > 2 * question.tolerance, (question.mistakes.get(one, "the solution"), question.mistakes[other])


def test_a_confusion_would_be_seen():
    near = Question(ask="", reference=lambda: 1.0, tolerance=0.1, mistakes={1.15: ""})
    assert 0 < distance(outcomes(near, 1.15)[0], outcomes(near, None)[0]) < 0.2


@every_question
def test_it_says_enough(title):
    question = QUESTIONS[title]
    assert len(question.ask) > 40 and question.points >= 1
    assert len(question.hints) >= 2 and all(len(hint) > 15 for hint in question.hints)
    assert len(question.mistakes) >= 3 and all(len(message) > 15 for message in question.mistakes.values())
    assert len(set(question.mistakes.values())) == len(question.mistakes)
    assert len(set(question.hints)) == len(question.hints)


@every_question
def test_it_names_the_function_to_write(title):
    question = QUESTIONS[title]
    if not question.is_value:
        call = f"`{question.reference.__name__}{inspect.signature(question.reference)}`"
        assert call in question.ask


@every_question
def test_the_printed_solution_runs_alone_and_passes(title, capsys):
    question = QUESTIONS[title]
    question.solution()
    text = capsys.readouterr().out
    namespace = {"np": np}
    exec(text, namespace)
    assert question.grade(namespace[question.reference.__name__]).correct
    assert not re.search(r"^\s*@|^ |\breturn\b.*=\s*\.\.\.", text.splitlines()[0])


@every_question
def test_the_stub_is_not_attempted(title):
    question = QUESTIONS[title]
    printed = []
    namespace = {question.name: question, "print": printed.append}
    exec(question.stub(), namespace)
    verdict = question.grade(namespace[question.reference.__name__])
    assert (verdict.kind, verdict.points) == ("not attempted", 0)
    assert "in place of `...`" in verdict.message


@every_question
def test_every_case_has_a_label_and_the_first_is_small_enough_to_print(title):
    question = QUESTIONS[title]
    if question.is_value:
        return
    labels = [label for label, _ in cases_of(question, 0)]
    assert len(set(labels)) == len(labels) >= 2 and all(labels)
    assert all(np.size(value) <= 4 for value in cases_of(question, 0)[0][1] if isinstance(value, np.ndarray | float | int))

