import numpy as np
import pytest

from lstm_helpers.learning import check_gradients


@pytest.fixture
def params():
    rng = np.random.default_rng(0)
    return {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}


def loss_of(params):
    return lambda: float(np.sum(params["W"] ** 3) + np.sum(np.sin(params["b"])))


def gradients_of(params):
    return {"W": 3 * params["W"] ** 2, "b": np.cos(params["b"])}


def test_right_gradients_pass(params):
    report = check_gradients(loss_of(params), params, gradients_of(params))
    assert report.ok and report.failures == [] and 0 < report.worst < 1e-6
    assert str(report).splitlines() == [
        "parameter  shape   checked  relative error",
        "W          (3, 4)  12       < 1e-06         ok",
        "b          (4,)    4        < 1e-06         ok",
    ]


def test_one_wrong_entry_is_found_and_named(params):
    grads = gradients_of(params)
    grads["W"][1, 2] = -grads["W"][1, 2]
    report = check_gradients(loss_of(params), params, grads)
    assert not report.ok and report.failures == ["W"] and report.worst == pytest.approx(1)
    assert "WRONG  W[1, 2]: gradient -" in str(report)
    assert str(report) == repr(report)


@pytest.mark.parametrize("factor", [1.001, 0.5, -1, 0])
def test_a_factor_is_found(params, factor):
    grads = gradients_of(params)
    grads["b"] *= factor
    assert check_gradients(loss_of(params), params, grads).failures == ["b"]


def test_of_equal_errors_the_first_is_shown(params):
    grads = {name: 0.5 * grad for name, grad in gradients_of(params).items()}
    assert [row.index for row in check_gradients(loss_of(params), params, grads).rows] == [(0, 0), (0,)]


def test_a_gradient_that_vanishes_is_checked_on_its_own_scale():
    params = {"w": np.array([1.0, 2.0])}
    grads = {"w": np.array([2e-8, 4e-8])}
    assert check_gradients(lambda: 1e-8 * np.sum(params["w"] ** 2), params, grads).ok
    grads["w"][1] = 5e-8
    assert check_gradients(lambda: 1e-8 * np.sum(params["w"] ** 2), params, grads).failures == ["w"]


def test_rounding_of_a_large_loss_is_no_error():
    params = {"w": np.linspace(0.1, 1, 50)}
    assert check_gradients(lambda: 1e6 + np.sum(params["w"] ** 2), params, {"w": 2 * params["w"]}).ok


def test_zero_gradients_are_right_where_nothing_depends():
    assert check_gradients(lambda: 1.0, {"w": np.ones(3)}, {"w": np.zeros(3)}).ok
    assert not check_gradients(lambda: 1.0, {"w": np.ones(3)}, {"w": np.ones(3)}).ok


def test_parameters_are_restored_also_after_an_exception(params):
    copies = {name: param.copy() for name, param in params.items()}
    check_gradients(loss_of(params), params, gradients_of(params))
    assert all(np.array_equal(params[name], copies[name]) for name in params)
    calls = iter(range(10))

    def breaks():
        if next(calls) == 4:
            raise RuntimeError("broken")
        return 1.0

    with pytest.raises(RuntimeError, match="broken"):
        check_gradients(breaks, params, gradients_of(params))
    assert all(np.array_equal(params[name], copies[name]) for name in params)


def test_large_arrays_are_sampled_repeatably():
    params = {"w": np.ones(1000)}
    grads = {"w": np.where(np.arange(1000) % 2, 2.0, 1.0)}

    def loss():
        return float(np.sum(params["w"] ** 2))

    report = check_gradients(loss, params, grads)
    assert report.rows[0].checked == 200 and not report.ok
    assert report.rows[0].index == check_gradients(loss, params, grads).rows[0].index
    assert check_gradients(loss, params, grads, samples=3).rows[0].checked == 3
    assert check_gradients(loss, params, grads, samples=5000).rows[0].checked == 1000


@pytest.mark.parametrize(("changed", "grads", "message"), [
    ({"b": np.ones(4, np.float32)}, {}, "b is float32; .*float64"),
    ({"b": [1.0]}, {}, "b is list"),
    ({}, {"b": None}, r"grads\['b'\] has shape \(\); check_gradients needs \(4,\)"),
    ({}, {"b": np.ones(3)}, r"grads\['b'\] has shape \(3,\); check_gradients needs \(4,\)"),
    ({}, {"b": np.full(4, np.nan)}, r"grads\['b'\] holds NaN or infinity; check_gradients needs finite"),
    ({"c": np.ones(2)}, {}, "grads holds W, b and no 'c'; check_gradients needs one for every parameter"),
])
def test_what_does_not_fit_is_refused_by_name(params, changed, grads, message):
    with pytest.raises(ValueError, match=message):
        check_gradients(loss_of(params), params | changed, gradients_of(params) | grads)


@pytest.mark.parametrize("value", [(1.0, {}), None, np.nan, np.inf, np.ones(2), "1"])
def test_a_loss_that_is_no_finite_number_is_refused(params, value):
    with pytest.raises(ValueError, match="loss_function returned"):
        check_gradients(lambda: value, params, gradients_of(params))


def test_a_loss_that_draws_at_random_is_refused(params):
    with pytest.raises(ValueError, match="draws nothing at random"):
        check_gradients(iter(np.arange(9.0)).__next__, params, gradients_of(params))


@pytest.mark.parametrize(("options", "message"), [
    ({"samples": 0}, "samples is 0"), ({"eps": 0}, "eps is 0"), ({"eps": np.inf}, "eps is inf")])
def test_options_out_of_range_are_refused(params, options, message):
    with pytest.raises(ValueError, match=message):
        check_gradients(loss_of(params), params, gradients_of(params), **options)


def test_no_parameters_are_refused():
    with pytest.raises(ValueError, match=r"^params is empty; check_gradients needs at least one array to move$"):
        check_gradients(lambda: 1.0, {}, {})


def test_a_seed_fixes_which_entries_are_checked():
    params, grads = {"w": np.ones(1000)}, {"w": 1 + np.arange(1.0, 1001)}          # the later, the more wrong

    def worst(seed):
        return check_gradients(lambda: params["w"].sum(), params, grads, samples=5, rng=seed).rows[0].index

    assert [worst(seed) for seed in range(5)] == [worst(seed) for seed in range(5)]
    assert len({worst(seed) for seed in range(5)}) > 1


@pytest.mark.parametrize("samples", [1, 99])
def test_no_entry_is_checked_twice(samples):
    w, moved = np.ones(100), set()

    def loss():
        moved.update(np.flatnonzero(w != 1))
        return w.sum()

    assert check_gradients(loss, {"w": w}, {"w": np.ones(100)}, samples=samples).ok
    assert len(moved) == samples


def test_what_is_far_below_the_largest_gradient_is_no_error():
    w = np.zeros(2)
    assert check_gradients(lambda: w[0], {"w": w}, {"w": np.array([1.0, 9e-10])}).ok
    assert not check_gradients(lambda: w[0], {"w": w}, {"w": np.array([1.0, 2e-9])}).ok


def test_what_is_nearly_zero_is_shown_as_zero():
    w = np.zeros(2)
    report = check_gradients(lambda: w[0] + 1e-12 * w[1], {"w": w}, {"w": np.array([1.0, 0.5])})
    assert str(report).endswith("WRONG  w[1]: gradient 0.5, finite difference 0")


def test_a_single_number_has_no_index():
    w = np.array(3.0)
    report = check_gradients(lambda: 2 * w, {"w": w}, {"w": np.array(5.0)})
    assert str(report).endswith("WRONG  w: gradient 5, finite difference 2")
