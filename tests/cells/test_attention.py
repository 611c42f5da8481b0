import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_helpers.cells import attend, attend_backward

from .numerical import assert_gradient

EXACT = {"rtol": 1e-12, "atol": 1e-12}
shapes = st.fixed_dictionaries({"queries": st.integers(1, 9), "steps": st.integers(1, 12), "batch": st.integers(1, 4),
                                "d": st.integers(1, 7), "v": st.integers(1, 5), "seed": st.integers(0, 2**32)})


def draw(queries=3, steps=5, batch=2, d=4, v=3, seed=0, dtype=np.float64):
    """Return query, keys, values and a gradient by the contexts."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in ((queries, batch, d), (steps, batch, d), (steps, batch, v),
                                                                   (queries, batch, v))]


def some_mask(steps, batch, seed=0, first=1):
    """Return a mask (T, B) with a step left for everybody, the first one."""
    mask = (np.random.default_rng(seed).random((steps, batch)) < 0.5).astype(int)
    mask[0] = first
    return mask


def by_loops(query, keys, values, mask, causal):
    """Return contexts and weights of one query, one sequence, one step at a time."""
    context = np.zeros((*query.shape[:2], values.shape[2]))
    weights = np.zeros((query.shape[1], len(query), len(keys)))
    for q, b in np.ndindex(query.shape[:2]):
        steps = [t for t in range(len(keys)) if mask[t, b] and (not causal or t <= q)]
        parts = np.array([np.exp(query[q, b] @ keys[t, b] / np.sqrt(query.shape[2])) for t in steps])
        for t, part in zip(steps, parts / parts.sum(), strict=True):
            weights[b, q, t] = part
            context[q, b] += part * values[t, b]
    return context, weights


@pytest.mark.parametrize("causal", [False, True])
def test_it_is_the_sum_that_the_definition_writes_out(causal):
    query, keys, values, _ = draw(seed=1)
    mask = some_mask(5, 2)
    for ours, loops in zip(attend(query, keys, values, mask, causal), by_loops(query, keys, values, mask, causal), strict=True):
        np.testing.assert_allclose(ours, loops, **EXACT)


def test_by_hand():
    keys, values = np.array([[[1.0]], [[2.0]], [[5.0]]]), np.array([[[10.0, 0.0]], [[20.0, 1.0]], [[99.0, 9.0]]])
    context, weights = attend(np.array([[[np.log(2)]]]), keys, values, mask=[[1], [1], [0]])
    np.testing.assert_allclose(weights[0, 0], [1 / 3, 2 / 3, 0], **EXACT)
    np.testing.assert_allclose(context[0, 0], [50 / 3, 2 / 3], **EXACT)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(sizes=shapes, causal=st.booleans(), masked=st.booleans())
def test_outputs_and_gradients_are_pytorchs(sizes, causal, masked):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity of attend is not tested")
    arrays = draw(**sizes)
    queries, steps, batch = sizes["queries"], sizes["steps"], sizes["batch"]
    mask = some_mask(steps, batch, sizes["seed"]) if masked else np.ones((steps, batch))
    allowed = (mask.T[:, None, :] > 0) & ((np.arange(steps) <= np.arange(queries)[:, None]) | (not causal))
    query, keys, values, d_context = (torch.tensor(array.transpose(1, 0, 2), requires_grad=True) for array in arrays)
    theirs = torch.nn.functional.scaled_dot_product_attention(query, keys, values, attn_mask=torch.tensor(allowed))
    theirs.backward(d_context.detach())
    context, weights = attend(*arrays[:3], mask if masked else None, causal)
    ours = context, *attend_backward(*arrays[:3], weights, arrays[3])
    for found, wanted in zip(ours, (theirs.detach(), query.grad, keys.grad, values.grad), strict=True):
        np.testing.assert_allclose(found, wanted.numpy().transpose(1, 0, 2), **EXACT)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("sizes", [{}, {"queries": 1, "steps": 1, "batch": 1, "d": 1, "v": 1}, {"queries": 6, "steps": 2}])
def test_gradients_by_finite_differences(sizes, masked, causal):
    *arrays, d_context = draw(**sizes)
    mask = some_mask(len(arrays[1]), arrays[1].shape[1]) if masked else None
    _, weights = attend(*arrays, mask, causal)

    def loss():
        return np.sum(d_context * attend(*arrays, mask, causal)[0])

    gradients = attend_backward(*arrays, weights, d_context)
    for name, array, gradient in zip(("query", "keys", "values"), arrays, gradients, strict=True):
        assert_gradient(name, loss, array, gradient)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_ten_thousand_do_not_overflow(dtype):
    query, keys, values = np.full((1, 1, 1), 1e4, dtype), np.array([[[1]], [[-1]], [[1]]], dtype), np.eye(3, dtype=dtype)[:, None]
    with np.errstate(all="raise", under="ignore"):
        context, weights = attend(query, keys, values)
        gradients = attend_backward(query, keys, values, weights, np.ones_like(context))
    np.testing.assert_array_equal(weights[0, 0], [0.5, 0, 0.5])
    np.testing.assert_array_equal(attend(-query, keys, values)[1][0, 0], [0, 1, 0])
    assert all(np.isfinite(gradient).all() and gradient.dtype == dtype for gradient in gradients)


def test_a_masked_step_has_the_weight_zero_and_no_gradient():
    *arrays, d_context = draw()
    mask = some_mask(5, 2)
    _, weights = attend(*arrays, mask)
    assert not weights.transpose(2, 0, 1)[mask == 0].any()
    np.testing.assert_allclose(weights.sum(axis=2), 1, **EXACT)
    _, d_keys, d_values = attend_backward(*arrays, weights, d_context)
    assert not d_keys[mask == 0].any() and not d_values[mask == 0].any()


def test_causal_weights_are_a_triangle_and_the_future_changes_nothing():
    query, keys, values, _ = draw(queries=5)
    context, weights = attend(query, keys, values, causal=True)
    assert not np.triu(weights, 1).any() and (np.tril(weights) > 0).sum() == 2 * 15
    keys[3:], values[3:] = 7, 7
    np.testing.assert_array_equal(attend(query, keys, values, causal=True)[0][:3], context[:3])


def test_nothing_that_goes_in_is_changed():
    *arrays, d_context = draw()
    for array in (*arrays, d_context):
        array.flags.writeable = False
    _, weights = attend(*arrays, some_mask(5, 2), True)
    weights.flags.writeable = False
    attend_backward(*arrays, weights, d_context)


def test_a_query_that_may_look_nowhere_is_refused_by_name():
    query, keys, values, _ = draw()
    mask = np.ones((5, 2))
    mask[:, 1] = 0
    with pytest.raises(ValueError, match=r"^mask is 0 at every step of sequence 1; attend needs a step to read$"):
        attend(query, keys, values, mask)
    mask[2:, 1] = 1
    attend(query, keys, values, mask)
    with pytest.raises(ValueError, match=r"^mask is 0 at every step from 0 to 0 of sequence 1; attend needs .* query 0 may"):
        attend(query, keys, values, mask, causal=True)


@pytest.mark.parametrize(("name", "bad", "words"), [
    ("query", np.ones((3, 2, 4), int), "query has dtype int64; attend needs floats"),
    ("query", np.ones((3, 2)), r"query has shape \(3, 2\); attend needs \(Q, B, d\)"),
    ("keys", np.ones((5, 2, 3)), r"keys has shape \(5, 2, 3\); attend, given this query, needs \(T, 2, 4\)"),
    ("keys", np.ones((5, 2, 4), np.float32), "keys has dtype float32; attend needs float64"),
    ("values", np.ones((4, 2, 3)), r"values has shape \(4, 2, 3\); attend, given these keys, needs \(5, 2, v\)"),
    ("values", np.full((5, 2, 3), np.nan), r"values\[0, 0, 0\] is nan; attend needs finite numbers"),
    ("query", np.ones((0, 2, 4)), r"query has shape \(0, 2, 4\); attend needs at least one of each"),
    ("mask", np.ones((2, 5)), r"mask has shape \(2, 5\); attend needs \(5, 2\)"),
    ("mask", np.full((5, 2), 0.5), "mask holds 0.5; attend needs 0"),
])
def test_bad_arguments_are_refused_by_name(name, bad, words):
    arguments = dict(zip(("query", "keys", "values"), draw()[:3], strict=True)) | {"mask": None}
    with pytest.raises(ValueError, match=f"^{words}"):
        attend(**arguments | {name: bad})


@pytest.mark.parametrize(("name", "shape"), [("weights", (2, 5, 3)), ("d_context", (3, 2, 4))])
def test_bad_gradients_are_refused_by_name(name, shape):
    *arrays, d_context = draw()
    given = {"weights": attend(*arrays)[1], "d_context": d_context} | {name: np.ones(shape)}
    with pytest.raises(ValueError, match=f"^{name} has shape"):
        attend_backward(*arrays, **given)
