"""The second key figure: equal budgets, a score that is 0 for who knows nothing and 1 for who knows all, and what each costs."""

import numpy as np
import pytest

from lstm_helpers.experiments import seven
from lstm_helpers.sequences import Parity

each = pytest.mark.parametrize("model", seven.MODELS)


class Says:
    """Stand in for a network that says the same of everything, or knows the answers."""

    def __init__(self, answers):
        self.answers = answers

    def predict(self, x):
        return self.answers(x)


def answers_of(name, x):
    """Return logits, or numbers, that are all right: drawn again as `score` draws them."""
    task = Parity(seven.FAR, np.float32) if name == "parity" else seven.TASKS[name]
    y = task.sample(seven.TESTED, 99)[1]
    return y if name in ("nearest", "adding") else np.eye(task.output_size)[y]


@each
@pytest.mark.parametrize("task", seven.TASKS)
def test_budgets_are_kept_and_used(model, task):
    units = seven.units_within(model, task)
    size, more = (seven.size(seven.network(model, task, 0, count)) for count in (units, units + 1))
    assert 0.9 * seven.BUDGET < size <= seven.BUDGET < more


@pytest.mark.parametrize("task", seven.TASKS)
def test_a_score_goes_from_nothing_to_all(task):
    assert seven.score(Says(lambda x: answers_of(task, x)), task) == pytest.approx(1, abs=1e-6)
    best_guess = {"nearest": 0.5, "adding": 1.0}                       # the sum of two numbers from U(0, 1)
    blind = Says(lambda x: np.full_like(answers_of(task, x), best_guess.get(task, 0.0)))
    assert seven.score(blind, task) == pytest.approx(0, abs=0.12)


@each
def test_what_is_kept_and_multiplied_is_that_of_the_layer(model):
    units, inputs = seven.units_within(model, "adding"), 2
    products = {name: array.size for name, array in seven.layer(model, seven.TASKS["adding"], units, 0).params.items()
                if name.rpartition(".")[2][0] in "Ww"}
    extra = {"attention": 2 * 10 * units, "mLSTM": 6 * units**2}.get(model, 0)
    assert seven.multiplications(model, inputs, units, 10) == sum(products.values()) + extra
    grows = seven.kept(model, units, 20) - seven.kept(model, units, 10)
    assert grows == (20 * units if model == "attention" else 0)


def test_a_trial_is_the_same_twice():
    one, other = (seven.score(seven.run("LSTM", "adding", 0.01, 3, steps=8), "adding") for _ in range(2))
    assert one == other
