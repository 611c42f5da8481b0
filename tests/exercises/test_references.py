"""Solutions that have a twin in the package compute the same: a wrong one would call right answers wrong."""

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, scan, sigmoid, update_cell
from lstm_helpers.cells.initialise import glorot
from lstm_helpers.exercises import (
    backpropagation_through_time,
    classic_experiments,
    exploding_gradients,
    frameworks,
    initialisation,
    linear_recurrences,
    lstm_backward,
    nine_bugs,
    reading_text,
    time_series,
    training,
    vanishing_gradients,
    variants,
)
from lstm_helpers.frameworks import from_onnx
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
    "frameworks.q1": lambda W_b, R_b: from_onnx({"W": np.zeros((1, W_b.size, 3)), "B": np.concatenate([W_b, R_b])[None],
                                                 "R": np.zeros((1, W_b.size, W_b.size // 4))})["b"],
    "lstm_forward.q1": states_at_the_end,
    "order_matters.q3": lambda x, W: sum(np.correlate(x[:, v], W[:, v], "valid") for v in range(x.shape[1])),
    "reading_text.q1": lambda logits, labels: cross_entropy(logits, labels)[0] / np.log(2),
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
    one, two = np.arange(1.0, 9), np.arange(10.0, 90, 10)                          # H = 2: rows 2 and 3 are those of f
    assert frameworks.with_forget_bias(one, two, 7.0).tolist() == [11, 22, 7, 7, 55, 66, 77, 88]
    assert one.tolist() == [*range(1, 9)] and two.tolist() == [*range(10, 90, 10)]
    layers = (LSTM(4, 6), LSTM(12, 6))                                             # and theirs has a second bias each
    assert frameworks.numbers_in_stack() == 2 * sum(size(layer) + 4 * 6 for layer in layers) == 1536


def test_the_spread_of_one_hot_inputs_is_that_of_the_weights_drawn():
    drawn = glorot(40, 60, rng=3)
    assert drawn.std() == pytest.approx(initialisation.one_hot_spread(40, 60), rel=0.02)


def test_a_start_by_half_lives_has_them_and_input_gates_of_one_minus_f():
    forget, write = initialisation.by_half_life(np.array([0.0, 0.5, 1.0]), 2, 40)
    np.testing.assert_allclose(sigmoid(forget) ** [2, 21, 40], 0.5, rtol=1e-12)
    np.testing.assert_allclose(sigmoid(write), 1 - sigmoid(forget), rtol=1e-12)


def test_the_seeds_needed_are_the_fewest_that_solve_the_interval_s_lower_end():
    for rate in (0.3, 0.5, 0.72, 0.9, 0.99):
        assert initialisation.seeds_needed(rate) == np.floor(1.96**2 * rate / (1 - rate)) + 1


def test_huge_logits_give_probabilities():
    huge, labels = np.array([[1000.0, 998, -1000], [-1000, -999, -998]]), np.array([0, 1])
    p = np.sort(with_temperature(huge[0], reading_text.temperature_for(huge[0], 3.0)))
    assert p[-1] / p[-2] == pytest.approx(3)
    assert reading_text.bits_per_character(huge, labels) == pytest.approx(cross_entropy(huge, labels)[0] / np.log(2))


def test_solutions_that_are_known_in_closed_form():
    assert time_series.seasonal_error(0.5 * np.arange(9.0), 3, 2) == pytest.approx(2.0**2)      # four steps back
    assert classic_experiments.symbols_kept(Copy(100).baseline_error, 100, 10, 8) == pytest.approx(0)
    assert classic_experiments.symbols_kept(3 * np.log(9) / 110, 100, 5, 9) == pytest.approx(2)
    norms = np.array([3.0, 1, 5, 2, 4])
    assert [exploding_gradients.limit_for(norms, share) for share in (0, 0.19, 0.2, 0.4, 0.79, 0.8)] == [5, 5, 4, 3, 2, 1]
    n = reading_text.letters_needed()
    assert 8 * n == pytest.approx(2.2 * n + 16 * 380_000)


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


def test_when_early_stopping_stops_by_hand():
    validation = np.array([4.0, 2.0, 3.0, 1.0, 2.0, 2.0, 0.5])
    assert [training.early_stop(validation, patience) for patience in (1, 2, 3, 4)] == [(1, 2), (3, 5), (6, 6), (6, 6)]
    assert training.early_stop(validation[:3], 5) == (1, 2)


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


def test_two_joined_steps_do_what_both_do():
    A1, b1, A2, b2 = cases(questions()["linear_recurrences.q1"])[1]
    A, b = linear_recurrences.join(A1, b1, A2, b2)
    h = np.array([0.5, -2.0, 3.0])
    np.testing.assert_allclose(h @ A + b, (h @ A1 + b1) @ A2 + b2)


def test_a_scan_returns_the_means_so_far():
    x = np.array([2.0, 4.0, 9.0, 1.0])
    np.testing.assert_allclose(scan(*linear_recurrences.mean_so_far(x)), [2, 3, 5, 4])


def test_joins_are_counted_by_joining():
    for steps in (1, 2, 3, 8, 10, 33):
        counted, joined = 0, [{t} for t in range(steps)]
        n = 1
        while n < steps:
            joined = [joined[t] | joined[t - n] if t >= n else joined[t] for t in range(steps)]
            counted, n = counted + steps - n, 2 * n
        assert all(joined[t] == set(range(t + 1)) for t in range(steps))
        assert linear_recurrences.joins(steps) == counted
