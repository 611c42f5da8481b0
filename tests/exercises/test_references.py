"""Solutions that have a twin in the package compute the same: a wrong one would call right answers wrong."""

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, forget_gate, sigmoid, update_cell
from lstm_helpers.exercises import (
    backpropagation_through_time,
    classic_experiments,
    exploding_gradients,
    frameworks,
    initialisation,
    lstm_backward,
    nine_bugs,
    reading_text,
    time_series,
    training,
    vanishing_gradients,
    variants,
)
from lstm_helpers.frameworks import to_torch
from lstm_helpers.learning import clip_by_global_norm, cross_entropy, gradient_flow, mean_squared_error, with_temperature
from lstm_helpers.sequences import AddingProblem, Copy, CountingLanguage, split_in_time

from .declared import questions


def with_params(layer, **params):
    for name, value in params.items():
        layer.params[name][...] = value
    return layer


def rnn_states(x, mask, h0, W_x, W_h, b):
    return with_params(RNN(x.shape[-1], len(b)), W_x=W_x, W_h=W_h, b=b).forward(x, h0=h0, mask=mask).h


def states_at_the_end(x, lengths, W_x, W_h, b):
    layer = with_params(LSTM(x.shape[-1], b.shape[-1]), W_x=W_x, W_h=W_h, b=b)
    trace = layer.forward(x, mask=np.arange(len(x))[:, None] < lengths)
    return trace.h[-1], trace.c[-1]


def scaled_one_by_one(series, first):
    return np.array([split_in_time(series[:t + 1], t / (t + 1)).test[0] for t in range(first, len(series))])


def size(layer):
    return sum(param.size for param in layer.params.values())


TWINS = {
    "cell_state.q1": lambda D, budget: next(H for H in range(budget) if size(LSTM(D, H + 1)) > budget),
    "classic_experiments.q2": lambda n: tuple(part[:, 0] for part in CountingLanguage().encode([n])[:2]),
    "exploding_gradients.q1": lambda parts, max_norm: clip_by_global_norm(
        {name: np.mean([part[name] for part in parts], axis=0) for name in parts[0]}, max_norm)[0],
    "forget_gate.q2": lambda x, W_x, b, steps: np.sum(
        forget_gate(x[None], np.zeros((1, len(b))), W_x, np.zeros((len(b), len(b))), b) ** steps >= 0.5),
    "frameworks.q1": lambda W: to_torch({"W_x": W, "W_h": np.zeros((4, W.shape[2], W.shape[2])),
                                         "b": np.zeros((4, W.shape[2]))})["weight_ih_l0"],
    "lstm_forward.q1": states_at_the_end,
    "order_matters.q3": lambda x, W: sum(np.correlate(x[:, v], W[:, v], "valid") for v in range(x.shape[1])),
    "reading_text.q1": lambda logits, labels: cross_entropy(logits, labels)[0] / np.log(2),
    "reading_text.q2": with_temperature,
    "time_series.q3": scaled_one_by_one,
    "training.q1": lambda prediction, target, mask: mean_squared_error(prediction, target, mask)[0],
    "vanilla_rnn.q1": rnn_states,
    "variants.q3": lambda D, H: next(units for units in range(4 * H) if size(GRU(D, units + 1)) > size(LSTM(D, H))),
}


def cases(question):
    drawn = question.cases(np.random.default_rng(5)) if callable(question.cases) else question.cases
    return [args for _, args in drawn]


def parts(value):
    return value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]


@pytest.mark.parametrize("name", TWINS)
def test_a_solution_is_what_the_package_computes(name):
    question = questions()[name]
    for args in cases(question):
        ours, theirs = parts(question.reference(*args)), parts(TWINS[name](*args))
        for one, other in zip(ours, theirs, strict=True):
            assert np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-10, atol=1e-12)


def test_the_bound_keeps_what_it_promises():
    question, rng = questions()["vanishing_gradients.q3"], np.random.default_rng(0)
    for W_h, share in cases(question):
        steps = question.reference(W_h, share)
        slopes = rng.uniform(0, 1, (steps, 1, len(W_h)))
        dh = np.eye(len(W_h))
        for slope in slopes:
            dh = (dh * slope) @ W_h.T
        assert np.linalg.norm(W_h, 2) ** steps < share <= np.linalg.norm(W_h, 2) ** (steps - 1)
        assert np.linalg.norm(dh, axis=1).max() < share


def test_lengths_with_relu_are_those_of_the_layer():
    layer, x = RNN(3, 4, activation="relu", rng=1), np.random.default_rng(2).standard_normal((7, 1, 3))
    h, dh_last = layer.forward(x).h, np.ones((1, 4))
    np.testing.assert_allclose(vanishing_gradients.gradient_lengths(dh_last, layer.params["W_h"], h[:, 0]),
                               gradient_flow(layer, x, dh_last=dh_last)[::-1])


def test_biases_and_counts_of_other_frameworks():
    params = LSTM(3, 5, init="uniform").params
    i, f, g, o = params["b"]
    assert frameworks.onnx_bias(params["b"]).tolist() == [[*i, *o, *f, *g, *np.zeros(20)]]
    assert frameworks.numbers_in_torch() == size(LSTM(4, 6)) + 4 * 6


def test_chrono_from_is_the_inverse_of_the_characteristic_time():
    forget, write = initialisation.chrono_from(np.array([0.0, 0.5, 1.0]), 40)
    np.testing.assert_allclose(np.exp(forget), [1, 20, 39], rtol=1e-12)
    np.testing.assert_array_equal(write, -forget)


def test_a_half_life_with_help_from_x_and_the_share_of_seeds():
    assert sigmoid(initialisation.b_f() + 1) ** 50 == pytest.approx(0.5)
    assert initialisation.success_rate([10, None, 30, 20, 21], 20) == 2 / 5


def test_huge_logits_give_probabilities():
    huge, labels = np.array([[1000.0, 998, -1000], [-1000, -999, -998]]), np.array([0, 1])
    np.testing.assert_allclose(reading_text.heated(huge[0], 2.0), with_temperature(huge[0], 2.0))
    assert reading_text.bits_per_character(huge, labels) == pytest.approx(cross_entropy(huge, labels)[0] / np.log(2))


def test_solutions_that_are_known_in_closed_form():
    assert time_series.seasonal_error(0.5 * np.arange(9.0), 3, 2) == pytest.approx(2.0**2)      # four steps back
    assert classic_experiments.copy_baseline(100, 10, 8) == pytest.approx(Copy(100).baseline_error)
    assert classic_experiments.copy_baseline(100, 3, 9) == pytest.approx(3 * np.log(9) / 106)
    assert reading_text.packed_bytes() == 2750
    assert [exploding_gradients.steps_until(2.0, limit) for limit in (7.9, 8.0, 8.1)] == [3, 4, 4]


def test_a_single_step_gets_the_gradient_of_the_loss_alone():
    dh, state, W = np.array([[[1.0, 2.0]]]), np.array([[[0.3, -0.6]]]), np.eye(2)
    expected = np.array([[[0.5], [2.0]]]) * dh * (1 - state**2)
    np.testing.assert_allclose(backpropagation_through_time.shares(dh[0], np.array([[0.5, 2.0]]), state, W), expected)
    np.testing.assert_allclose(lstm_backward.belt_gradients(dh, state, 0.5 + 0 * dh, state), dh * 0.5 / np.cosh(state) ** 2)


def test_the_answer_names_the_bugs():
    assert list(lstm_backward.wrong_lines()) == list(nine_bugs.bugs)


@pytest.mark.parametrize(("n", "text", "next_ones"), [(1, "Sab", ["a", "ab", "T"]), (2, "Saabb", ["a", "ab", "ab", "b", "T"]),
                                                      (3, "Saaabbb", ["a", "ab", "ab", "ab", "b", "b", "T"])])
def test_anbn_by_hand(n, text, next_ones):
    read, answers = classic_experiments.anbn(n)
    assert read.shape == answers.shape == (2 * n + 1, 3) and set(read.ravel()) == set(answers.ravel()) == {0.0, 1.0}
    assert ["".join(np.array([*"Sab"])[row == 1]) for row in read] == [*text]
    assert ["".join(np.array([*"abT"])[row == 1]) for row in answers] == next_ones


def test_the_step_at_which_a_run_counts_by_hand():
    errors = np.array([0.1, 0.5, 0.2, 0.2, 0.1, 0.7, 0.1, 0.1])
    found = [classic_experiments.solved_after(errors, 0.5, in_a_row) for in_a_row in (1, 2, 3, 4)]
    assert found == [1, 4, 5, 0]
    losses = np.array([4.0, 2.0, 0.0, 1.0, 1.5, 0.0])              # means of 2: 3, 1, 0.5, 1.25, 0.75
    assert [training.solved_at(losses, goal, 2) for goal in (4, 3, 1, 0.5)] == [2, 3, 4, 0]
    assert [training.solved_at(losses, 1.5, window) for window in (1, 2, 4, 6)] == [3, 3, 5, 6]


def test_windows_that_are_kept_share_nothing_and_the_others_something():
    for starts, asked, span in cases(questions()["time_series.q2"]):
        held = {n for start in asked for n in range(start, start + span)}
        free = [start for start in starts if not held & {*range(start, start + span)}]
        assert time_series.without_overlap(starts, asked, span).tolist() == free


def test_one_gate_is_a_gru_whose_gates_agree():
    x, h, W_x, W_h, b = cases(questions()["variants.q1"])[1]
    still = np.zeros_like(W_h)                                     # no reset to place: h reaches the candidate by no weight
    gru = with_params(GRU(3, 4), W_x=W_x[[0, 0, 1]] * [[[1]], [[-1]], [[1]]], W_h=still[[0, 0, 1]],
                      b=b[[0, 0, 1]] * [[1], [-1], [1]], b_h=np.zeros(4))
    np.testing.assert_allclose(variants.one_gate_step(x, h, W_x, still, b), gru.forward(x[None], h0=h).h[0])
    open_gate = variants.one_gate_step(x, h, W_x, W_h, b + np.array([[100], [0]]))
    np.testing.assert_allclose(open_gate, np.tanh(x @ W_x[1] + h @ W_h[1] + b[1]))


def test_shares_are_what_each_candidate_adds_to_a_coupled_cell():
    (f,) = cases(questions()["variants.q2"])[1]
    for s, g in enumerate(np.eye(len(f))[:, :, None]):             # the candidate is 1 at step s, else 0
        c = np.zeros(2)
        for t in range(len(f)):
            c = update_cell(f[t], c, 1 - f[t], g[t] * np.ones(2))
        np.testing.assert_allclose(variants.shares(f)[s], c)


def test_a_blind_guess_of_a_sum_costs_its_variance():
    numbers = (np.arange(2000) + 0.5) / 1000 - 1                    # evenly from -1 to 1
    assert training.blind() == pytest.approx(np.var(numbers[:, None] + numbers), rel=1e-5)
    assert training.blind() == pytest.approx(4 * AddingProblem().baseline_error)        # whose numbers are from U(0, 1)
