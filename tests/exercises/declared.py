"""All questions of all modules, found without a list that someone would have to keep."""

import importlib
import pkgutil

import lstm_helpers.exercises
from lstm_helpers.checking import Question


def questions_of(module):
    return {name: thing for name, thing in vars(module).items() if isinstance(thing, Question)}


def modules():
    """Return {name: module} of the modules that declare questions, and only those."""
    found = [importlib.import_module(f"lstm_helpers.exercises.{info.name}")
             for info in pkgutil.iter_modules(lstm_helpers.exercises.__path__)]
    return {module.__name__.rpartition(".")[2]: module for module in found if questions_of(module)}


def questions():
    """Return {"vanilla_rnn.q1": question, …}."""
    return {f"{title}.{name}": question for title, module in modules().items()
            for name, question in questions_of(module).items()}


def right_answer(question):
    return question.reference() if question.is_value else question.reference


def wrong_answer(question, mistake):
    """Return what a learner who makes the mistake would hand over."""
    return mistake() if question.is_value and callable(mistake) else mistake
