import math

import numpy as np
import pytest

from lstm_helpers.learning import SGD, Adam

SHAPES = {"W": (3, 4), "b": (4,)}
PAIRS = [
    (lambda: SGD(0.1), lambda torch, params: torch.optim.SGD(params, 0.1)),
    (lambda: SGD(0.1, momentum=0.9), lambda torch, params: torch.optim.SGD(params, 0.1, momentum=0.9)),
    (lambda: Adam(0.01), lambda torch, params: torch.optim.Adam(params, 0.01)),
    (lambda: Adam(0.1, 0.5, 0.9, 1e-3), lambda torch, params: torch.optim.Adam(params, 0.1, (0.5, 0.9), 1e-3)),
]


def draw(rng, dtype=np.float64):
    return {name: rng.normal(size=shape).astype(dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_a_thousand_steps_equal_torch(ours, theirs):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(0)
    params = draw(rng)
    twins = {name: torch.tensor(param.copy(), requires_grad=True) for name, param in params.items()}
    optimiser, twin = ours(), theirs(torch, list(twins.values()))
    for _ in range(1000):
        grads = draw(rng)
        for name, grad in grads.items():
            twins[name].grad = torch.tensor(grad)
        optimiser.step(params, grads)
        twin.step()
    for name, param in params.items():
        np.testing.assert_allclose(param, twins[name].detach().numpy(), rtol=1e-10, atol=1e-12)


def test_sgd_by_hand():
    params = {"b": np.array([1.0])}
    optimiser = SGD(0.5, momentum=0.5)
    for expected in (0.0, -1.5):                      # velocity 2, then 0.5 * 2 + 2 = 3
        optimiser.step(params, {"b": np.array([2.0])})
        assert params["b"].item() == expected


def test_first_step_of_adam_is_the_learning_rate():
    params = {"b": np.array([1.0, 1.0])}
    Adam(0.01).step(params, {"b": np.array([1e-3, -50.0])})
    assert params["b"] == pytest.approx([0.99, 1.01], abs=1e-6)


def test_three_steps_of_adam_by_hand():
    params, optimiser = {"b": np.array([1.0])}, Adam(0.1, beta1=0.5, beta2=0.75, epsilon=0.25)
    b = mean = square = 0.0
    for steps, grad in enumerate((2.0, -1.0, 3.0), start=1):
        optimiser.step(params, {"b": np.array([grad])})
        mean, square = 0.5 * mean + 0.5 * grad, 0.75 * square + 0.25 * grad**2
        b += 0.1 * (mean / (1 - 0.5**steps)) / (math.sqrt(square / (1 - 0.75**steps)) + 0.25)
        assert params["b"].item() == pytest.approx(1 - b, rel=1e-12)
        assert optimiser.state()["steps"] == steps


def test_sgd_without_momentum_remembers_nothing():
    optimiser = SGD(0.5)
    optimiser.step({"b": np.zeros(1)}, {"b": np.ones(1)})
    assert optimiser.state() == {"learning_rate": 0.5, "momentum": 0.0, "steps": 1, "velocity": {}}


@pytest.mark.parametrize("ours", [pair[0] for pair in PAIRS])
def test_steps_are_in_place_keep_float32_and_leave_gradients(ours):
    rng = np.random.default_rng(0)
    params, grads = draw(rng, np.float32), draw(rng, np.float32)
    arrays, copies = dict(params), {name: grad.copy() for name, grad in grads.items()}
    before = params["W"].copy()
    optimiser = ours()
    optimiser.step(params, grads)
    optimiser.step(params, grads)
    for name in SHAPES:
        assert params[name] is arrays[name]
        assert params[name].dtype == np.float32
        assert np.array_equal(grads[name], copies[name])
    assert not np.array_equal(params["W"], before)


@pytest.mark.parametrize("ours", [pair[0] for pair in PAIRS])
def test_state_makes_an_equal_optimiser_of_its_own(ours):
    rng = np.random.default_rng(0)
    params, optimiser = draw(rng), ours()
    optimiser.step(params, draw(rng))
    twin = type(optimiser)(5.0)
    twin.load_state(optimiser.state())
    twin_params = {name: param.copy() for name, param in params.items()}
    for _ in range(3):
        grads = draw(rng)
        optimiser.step(params, grads)
        twin.step(twin_params, grads)
    assert all(np.array_equal(params[name], twin_params[name]) for name in params)


def test_state_of_another_kind_is_refused_and_changes_nothing():
    adam = Adam(0.01)
    with pytest.raises(ValueError, match=r"^state holds learning_rate, momentum, steps, velocity; "
                                         r"Adam\.load_state needs learning_rate, beta1"):
        adam.load_state(SGD(0.5).state())
    assert adam.learning_rate == 0.01


@pytest.mark.parametrize(("grads", "message"), [
    ({"W": np.ones((3, 4))}, "grads has no 'b'"),
    ({"W": np.ones((3, 4)), "b": np.ones((1, 4))}, r"grads\['b'\] has shape \(1, 4\); step needs \(4,\)"),
])
def test_gradients_that_do_not_fit_are_refused_before_anything_moves(grads, message):
    params = {"W": np.zeros((3, 4)), "b": np.zeros(4)}
    with pytest.raises(ValueError, match=message):
        SGD(0.1).step(params, grads)
    assert not params["W"].any()


def test_an_optimiser_of_another_network_is_refused():
    optimiser = Adam(0.1)
    optimiser.step({"b": np.zeros(4)}, {"b": np.ones(4)})
    with pytest.raises(ValueError, match=r"^b has shape \(1,\); this Adam needs \(4,\), as it was used with before: "
                                         r"make a new one for each network$"):
        optimiser.step({"b": np.zeros(1)}, {"b": np.ones(1)})


@pytest.mark.parametrize(("make", "message"), [
    (lambda: SGD(0), "learning_rate is 0"),
    (lambda: SGD(float("nan")), "learning_rate is nan"),
    (lambda: Adam(float("inf")), "learning_rate is inf"),
    (lambda: SGD(0.1, momentum=1.0), "momentum is 1.0"),
    (lambda: SGD(0.1, momentum=-0.1), "momentum is -0.1"),
    (lambda: Adam(0.1, beta1=1), "beta1 is 1"),
    (lambda: Adam(0.1, beta2=-1), "beta2 is -1"),
    (lambda: Adam(0.1, epsilon=0), "epsilon is 0"),
])
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_repr_tells_the_settings():
    assert repr(SGD(0.1)) == "SGD(learning_rate=0.1, momentum=0.0)"
