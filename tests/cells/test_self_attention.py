"""What is special to self-attention; what holds for all layers is in contract.py."""

import numpy as np
import pytest

from lstm_helpers.cells import SelfAttention, attend, sinusoidal_positions
from lstm_helpers.learning import Adam, Linear, Network, load_checkpoint, save_checkpoint, train

from .cases import draw_case

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def test_it_is_attend_between_its_products_with_a_residual_path_and_an_mlp():
    case = draw_case(SelfAttention, 6, hidden=5)
    p, x = case.layer.params, case.inputs["x"]
    e = x @ p["W_x"] + p["b"] + sinusoidal_positions(6, 5)[:, None]
    context, weights = attend(e @ p["W_q"], e @ p["W_k"], e @ p["W_v"], causal=True)
    u = e + context @ p["W_o"]
    h = u + np.maximum(u @ p["W_up"] + p["b_up"], 0) @ p["W_down"] + p["b_down"]
    trace = case.forward()
    np.testing.assert_allclose(trace.h, h, **EXACT)
    np.testing.assert_allclose(trace.weights, weights, **EXACT)


def test_a_step_knows_nothing_of_those_after_it():
    layer, x = SelfAttention(2, 4), np.random.default_rng(0).normal(size=(7, 3, 2))
    before = layer.forward(x).h
    x[4:] += 1
    after = layer.forward(x).h
    np.testing.assert_array_equal(after[:4], before[:4])
    assert np.abs(after[4:] - before[4:]).min() > 1e-6


@pytest.mark.parametrize("positions", [False, True])
def test_without_positions_the_order_of_what_came_before_is_not_seen(positions):
    layer, x = SelfAttention(2, 8, positions=positions), np.random.default_rng(0).normal(size=(7, 3, 2))
    shuffled = np.concatenate([x[[3, 0, 5, 1, 4, 2]], x[6:]])
    moved = np.abs(layer.forward(shuffled).h[-1] - layer.forward(x).h[-1]).max()
    assert (moved > 1e-2) if positions else (moved < 1e-12)


def test_a_step_left_out_is_as_if_it_were_not_there():
    case = draw_case(SelfAttention, 6, batch=1)
    x, kept = case.inputs["x"], np.array([0, 1, 0, 1, 1, 0])
    short, trace = case.layer.forward(x[kept > 0]), case.layer.forward(x, mask=kept[:, None])
    np.testing.assert_allclose(trace.h[kept > 0], short.h, **EXACT)
    np.testing.assert_array_equal(trace.h[0], 0)
    np.testing.assert_array_equal(trace.h[[2, 5]], trace.h[[1, 4]])


@pytest.mark.parametrize("size", [1, 5, 6])
def test_positions_are_the_papers(size):
    codes = sinusoidal_positions(300, size)
    assert codes.shape == (300, size)
    for t in (0, 1, 299):
        for n in range(size):
            angle = t / 10000 ** (2 * (n // 2) / size)
            assert codes[t, n] == pytest.approx(np.cos(angle) if n % 2 else np.sin(angle), abs=1e-12)


def test_longer_sequences_than_ever_before_are_no_trouble():
    assert np.isfinite(SelfAttention(2, 4).forward(np.ones((500, 1, 2))).h).all()


def test_parts_that_are_left_out_have_no_parameters():
    assert set(SelfAttention(2, 4, mlp=0).params) == {"W_x", "b", "W_q", "W_k", "W_v", "W_o"}
    assert SelfAttention(2, 4, mlp=7).params["W_up"].shape == (4, 7) and SelfAttention(2, 4).params["W_down"].shape == (8, 4)


@pytest.mark.parametrize(("setting", "words"), [({"mlp": -1}, "mlp is -1; SelfAttention needs 0 or more, a whole number"),
                                                ({"mlp": 2.0}, "mlp is 2.0; SelfAttention needs"),
                                                ({"positions": 1}, "positions is 1; SelfAttention needs True or False")])
def test_settings_that_make_no_sense_are_refused(setting, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        SelfAttention(2, 4, **setting)


def test_a_checkpoint_without_positions_is_not_read_into_a_layer_with_them(tmp_path):
    net, other = (Network(SelfAttention(2, 4, positions=positions), Linear(4, 1)) for positions in (False, True))
    history = train(net, lambda batch, rng: (np.ones((3, batch, 2)), np.ones((batch, 1))), steps=1, progress=False)
    save_checkpoint(tmp_path / "run", net, history.optimiser, history)
    with pytest.raises(ValueError, match="has the positions False; load_checkpoint needs True, as given"):
        load_checkpoint(tmp_path / "run", other, Adam(0.01))


@pytest.mark.parametrize("steps", [1, 2, 50])
def test_outputs_and_gradients_are_pytorchs(steps):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: parity of self-attention is not tested")
    case = draw_case(SelfAttention, steps, hidden=6)
    p = {name: torch.tensor(array, requires_grad=True) for name, array in case.layer.params.items()}
    x = torch.tensor(case.inputs["x"], requires_grad=True)
    e = x @ p["W_x"] + p["b"] + torch.tensor(sinusoidal_positions(steps, 6))[:, None]
    q, k, v = ((e @ p[name]).transpose(0, 1) for name in ("W_q", "W_k", "W_v"))
    u = e + torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(0, 1) @ p["W_o"]
    h = u + torch.relu(u @ p["W_up"] + p["b_up"]) @ p["W_down"] + p["b_down"]
    ((h * torch.tensor(case.upstream["dh"])).sum() + (h[-1] * torch.tensor(case.upstream["dh_last"])).sum()).backward()
    grads = case.backward()
    np.testing.assert_allclose(case.forward().h, h.detach().numpy(), **EXACT)
    np.testing.assert_allclose(grads.x, x.grad.numpy(), rtol=1e-10, atol=1e-10)
    for name, tensor in p.items():
        np.testing.assert_allclose(grads.params[name], tensor.grad.numpy(), rtol=1e-10, atol=1e-10, err_msg=name)
