"""Solutions that have a twin in the package compute the same: a wrong one would call right answers wrong."""

import numpy as np
import pytest

from lstm_helpers.cells import GRU, LSTM, RNN, forget_gate, lstm_step, update_cell
from lstm_helpers.exercises import classic_experiments, frameworks, initialisation, reading_text, time_series
from lstm_helpers.frameworks import to_torch
from lstm_helpers.learning import clip_by_global_norm, cross_entropy, mean_squared_error, spectral_radius, with_temperature

from .declared import questions


def with_params(layer, **params):
    for name, value in params.items():
        layer.params[name][...] = value
    return layer


def rnn_states(x, h0, W_x, W_h, b):
    return with_params(RNN(x.shape[-1], len(b)), W_x=W_x, W_h=W_h, b=b).forward(x, h0=h0).h


def gru_step(x, h_prev, W_x, W_h, b, b_h):
    layer = with_params(GRU(x.shape[1], len(b_h)), W_x=W_x, W_h=W_h, b=b, b_h=b_h)
    return layer.forward(x[None], h0=h_prev).h[0]


def size(layer):
    return sum(param.size for param in layer.params.values())


TWINS = {
    "cell_state.q1": lambda D, H: size(LSTM(D, H)),
    "exploding_gradients.q1": lambda grads, max_norm: clip_by_global_norm(grads, max_norm)[0],
    "forget_gate.q2": lambda x, h_prev, c_prev, W_x, W_h, b: forget_gate(x, h_prev, W_x, W_h, b) * c_prev,
    "frameworks.q1": lambda W: to_torch({"W_x": W, "W_h": np.zeros((4, W.shape[2], W.shape[2])),
                                         "b": np.zeros((4, W.shape[2]))})["weight_ih_l0"],
    "input_gate.q1": update_cell,
    "lstm_forward.q1": lstm_step,
    "reading_text.q1": lambda logits, labels: cross_entropy(logits, labels)[0] / np.log(2),
    "reading_text.q2": with_temperature,
    "training.q1": lambda prediction, target, mask: mean_squared_error(prediction, target, mask)[0],
    "vanilla_rnn.q1": rnn_states,
    "variants.q1": gru_step,
    "variants.q2": lambda f, c_prev, g: update_cell(f, c_prev, 1 - f, g),
    "variants.q3": lambda D, H: size(GRU(D, H)),
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
        assert all(np.allclose(a, b, rtol=1e-10, atol=1e-12) for a, b in zip(ours, theirs, strict=True))


def test_a_scaled_matrix_has_the_radius_asked_for():
    question = questions()["vanishing_gradients.q3"]
    for W, radius in cases(question):
        assert np.isclose(spectral_radius(question.reference(W, radius)), radius)


def test_biases_and_counts_of_other_frameworks():
    params = LSTM(3, 5, init="uniform").params
    i, f, g, o = params["b"]
    assert frameworks.onnx_bias(params["b"]).tolist() == [[*i, *o, *f, *g, *np.zeros(20)]]
    assert frameworks.numbers_in_torch() == size(LSTM(3, 5)) + params["b"].size


def test_chrono_from_is_the_inverse_of_the_characteristic_time():
    forget, write = initialisation.chrono_from(np.array([0.0, 0.5, 1.0]), 40)
    np.testing.assert_allclose(np.exp(forget), [1, 20, 39], rtol=1e-12)
    np.testing.assert_array_equal(write, -forget)


def test_solutions_that_are_known_in_closed_form():
    line = 0.5 * np.arange(9.0)
    assert time_series.persistence_error(line, 3) == pytest.approx(1.5**2)
    seen, later = time_series.scaled(line, 6)
    assert seen.mean() == pytest.approx(0) and seen.std() == pytest.approx(1)
    np.testing.assert_allclose(np.diff([*seen, *later]), seen[1] - seen[0], rtol=1e-12)
    assert classic_experiments.copy_baseline(100, 10, 8) == pytest.approx(10 * np.log(8) / 120)
    assert reading_text.packed_bytes() == 2750
