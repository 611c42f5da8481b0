"""What is wrong is refused in words: the argument, what was found, what is needed. One table, from silly to sly."""

import math
import re

import numpy as np
import pytest

from lstm_helpers.cells import (
    GRU,
    LSTM,
    RNN,
    LSTMVariant,
    chrono_bias,
    forget_gate,
    hidden_state,
    lstm_step,
    rnn_step,
    sigmoid,
    update_cell,
)
from lstm_helpers.learning import (
    SGD,
    Adam,
    EncoderDecoder,
    Linear,
    Network,
    check_gradients,
    clip_by_global_norm,
    cross_entropy,
    generate,
    gradient_flow,
    mean_squared_error,
    spectral_radius,
    sweep,
    train,
    with_temperature,
)
from lstm_helpers.measured import measured
from lstm_helpers.sequences import Copy

x, state, mask = np.ones((5, 3, 2)), np.ones((3, 4)), np.ones((5, 3))
rows, W_x, W_h, b = np.ones((3, 2)), np.ones((2, 4)), np.ones((4, 4)), np.ones(4)
slabs = tuple(np.array([array] * 4) for array in (W_x, W_h, b))
ragged = [[1.0, 2.0], [3.0]]
masked = np.ma.masked_array(np.ones((5, 3, 2)), mask=False)


def layer(**options):
    return LSTM(2, 4, **options)


def net(read="last", outputs=1, inputs=2):
    return Network(LSTM(inputs, 4), Linear(4, outputs), read=read)


def writer():
    return net("every", outputs=2)


def task(batch, rng):
    return rng.normal(size=(5, batch, 2)), np.zeros((batch, 1))


def run(network=None, **options):
    return train(net() if network is None else network, **{"task": task, "steps": 1, "progress": False, **options})


def with_nan(array, value=np.nan):
    array = np.array(array, float)
    array.flat[0] = value
    return array


def pair():
    return EncoderDecoder(LSTM(2, 4), LSTM(3, 4), Linear(4, 3), length=6)


def checked(**options):
    params = {"W": np.ones(3)}
    return check_gradients(lambda: float(np.sum(params["W"] ** 2)), params, {"W": 2 * params["W"]}, **options)


def swapped(name, array, part=None):
    part = layer() if part is None else part
    part.params[name] = array
    return part


def lossy(loss):
    return net().loss_and_gradients(x, np.zeros((3, 1)), loss)


def gradients():
    return layer().backward(layer().forward(x), np.ones((5, 3, 4)))


def reset(optimiser, rate):
    optimiser.learning_rate = rate
    return optimiser


WRONG = {
    # silently wrong before
    "clip of integers": (lambda: clip_by_global_norm({"W": np.full(9, 30)}, 1.0),
                         "grads['W'] has dtype int64; clip_by_global_norm"),
    "Linear of integers": (lambda: Linear(4, 1, dtype=int), "dtype is <class 'int'>; Linear needs float64 or float32"),
    "Linear of objects": (lambda: Linear(4, 1, dtype=object), "Linear needs float64 or float32"),
    "Linear of complex numbers": (lambda: Linear(4, 1, dtype=complex), "Linear needs float64 or float32"),
    "Linear of half floats": (lambda: Linear(4, 1, dtype=np.float16), "Linear needs float64 or float32"),
    "a masked array": (lambda: layer().forward(masked), "x is a masked array; forward needs a plain one"),
    "a masked mask": (lambda: layer().forward(x, mask=np.ma.masked_array(mask)), "mask is a masked array"),
    "a complex mask": (lambda: layer().forward(x, mask=mask + 0j), "mask has dtype complex128; forward needs 0"),
    "generate from -1": (lambda: generate(writer(), [[-1]], 3), "start has dtype int64 and holds -1 to -1; generate needs whole"),
    "generate -1 steps": (lambda: generate(writer(), [[0]], -1), "steps is -1; generate needs 0 or more"),
    "generate with the last step alone": (lambda: generate(net(outputs=2), [[0]], 2),
                                          'read="last"; generate needs as many outputs'),
    "generate with too few outputs": (lambda: generate(net("every"), [[0]], 2), "net reads 2 symbols, has 1 outputs"),
    "answers of another length": (lambda: pair().loss_and_gradients(x, np.zeros((5, 3), int)),
                                  "y has shape (5, 3); loss_and_gradients, given this x, needs (6, 3)"),
    "Adam(True)": (lambda: Adam(True), "learning_rate is True; an optimiser needs a finite number above 0"),
    "an infinite tolerance": (lambda: checked(tolerance=math.inf),
                              "tolerance is inf; check_gradients needs a number between 0 and 1"),
    "NaN in c_prev": (lambda: lstm_step(rows, state, with_nan(state), *slabs), "c_prev[0, 0] is nan; update_cell needs finite"),
    "NaN in the weights of a step": (lambda: rnn_step(rows, state, with_nan(W_x), W_h, b),
                                     "W_x[0, 0] is nan; a step needs finite"),
    "a setting named error": (lambda: sweep(abs, [{"error": 1}]), 'a setting is named "error"; sweep needs another name'),
    # obscure before
    "rng -1": (lambda: layer(rng=-1), "rng is -1; LSTM needs a seed, a whole number from 0 on"),
    "rng 1.5": (lambda: RNN(2, 4, rng=1.5), "rng is 1.5; RNN needs a seed"),
    "rng a": (lambda: GRU(2, 4, rng="a"), "rng is 'a'; GRU needs a seed"),
    "rng of training": (lambda: run(rng=[1]), "rng is [1]; train needs a seed"),
    "a ragged list": (lambda: layer().forward(ragged),
                      "x is no array (setting an array element with a sequence); forward needs rows"),
    "chrono as a word": (lambda: layer(chrono="100"), "chrono is '100'; LSTM needs at least 3 steps"),
    "clip as a word": (lambda: run(clip="1"), "clip is '1'; train needs a norm above 0, or None"),
    "temperature as a word": (lambda: generate(writer(), [[0]], 1, temperature="hot"),
                              "temperature is 'hot'; generate needs a finite"),
    "two forget biases": (lambda: layer(forget_bias=[1, 2]),
                          "forget_bias is [1, 2]; LSTM needs a number, or one for each of the 4"),
    "the class of an optimiser": (lambda: run(optimiser=Adam),
                                  "optimiser is <class 'lstm_helpers.learning.optimisers.Adam'>; train"),
    "the name of an optimiser": (lambda: run(optimiser="adam"),
                                 "optimiser is 'adam'; train needs an optimiser, such as Adam(0.01)"),
    "a list for a history": (lambda: run(history=[]),
                             "history is []; train needs a History, from train or load_checkpoint, or None"),
    "no network": (lambda: train(None, task, steps=1), "net is None; train needs a network"),
    "no head": (lambda: Network(LSTM(2, 4), None), "head is None; Network needs a head, such as Linear(H, K)"),
    "no loss": (lambda: run(loss=None), "loss is None; train needs a function"),
    "eps 1e-300": (lambda: checked(eps=1e-300), "eps is 1e-300; an entry of 1.0 does not move by so little"),
    "samples 1.5": (lambda: checked(samples=1.5), "samples is 1.5; check_gradients needs 1 or more, a whole number"),
    # fifty more of our own
    "a layer's class": (lambda: Network(LSTM, Linear(4, 1)), "Network needs a layer, such as LSTM(D, H)"),
    "a loss by name": (lambda: run(loss="mse"), "loss is 'mse'; train needs a function"),
    "no loss of a network": (lambda: net().loss_and_gradients(x, np.zeros((3, 1)), loss=None),
                             "loss is None; a network needs a function"),
    "no loss of a pair": (lambda: pair().loss_and_gradients(x, np.zeros((6, 3), int), loss=None),
                          "loss is None; loss_and_gradients"),
    "true steps": (lambda: run(steps=True), "steps is True; train needs 0 or more, a whole number"),
    "half a step": (lambda: run(steps=0.5), "steps is 0.5; train needs 0 or more, a whole number"),
    "steps as a word": (lambda: run(steps="10"), "steps is '10'; train needs 0 or more, a whole number"),
    "no batch": (lambda: run(batch_size=0), "batch_size is 0; train needs 1 or more"),
    "half a batch": (lambda: run(batch_size=2.5), "batch_size is 2.5; train needs 1 or more, a whole number"),
    "evaluate every -1": (lambda: run(evaluate_every=-1), "evaluate_every is -1; train needs 0 or more"),
    "clip 0": (lambda: run(clip=0), "clip is 0; train needs a norm above 0, or None"),
    "clip NaN": (lambda: run(clip=np.nan), "clip is nan; train needs a norm above 0, or None"),
    "clip True": (lambda: run(clip=True), "clip is True; train needs a norm above 0, or None"),
    "an array for a clip": (lambda: run(clip=np.ones(2)), "train needs a norm above 0, or None"),
    "max_norm as a word": (lambda: clip_by_global_norm({"W": W_x}, "1"),
                           "max_norm is '1'; clip_by_global_norm needs a number above 0"),
    "max_norm None": (lambda: clip_by_global_norm({"W": W_x}, None),
                      "max_norm is None; clip_by_global_norm needs a number above 0"),
    "gradients as lists": (lambda: clip_by_global_norm({"W": [1, 2]}, 1.0), "grads['W'] has dtype int64"),
    "masked gradients": (lambda: clip_by_global_norm({"W": np.ma.masked_array([1.0])}, 1.0), "grads['W'] is a masked array"),
    "a dtype by name": (lambda: layer(dtype="double precision"), "dtype is double precision; LSTM needs float64 or float32"),
    "no dtype": (lambda: layer(dtype=None), "dtype is None; LSTM needs float64 or float32"),
    "half a unit": (lambda: LSTM(2, 0.5), "hidden_size is 0.5; LSTM needs a whole number of at least 1"),
    "units True": (lambda: LSTM(2, True), "hidden_size is True; LSTM needs a whole number of at least 1"),
    "units as a word": (lambda: LSTM("2", 4), "input_size is '2'; LSTM needs a whole number"),
    "a ragged state": (lambda: layer().forward(x, h0=ragged), "h0 is no array"),
    "a masked state": (lambda: layer().forward(x, c0=np.ma.masked_array(state)), "c0 is a masked array"),
    "a masked x of a gate": (lambda: forget_gate(np.ma.masked_array(rows), state, W_x, W_h, b),
                             "x is a masked array; a step needs"),
    "infinite weights of a gate": (lambda: forget_gate(rows, state, W_x, with_nan(W_h, np.inf), b),
                                   "W_h[0, 0] is inf; a step needs"),
    "an infinite bias of a gate": (lambda: forget_gate(rows, state, W_x, W_h, with_nan(b, -np.inf)),
                                   "b[0] is -inf; a step needs"),
    "a gate of integers": (lambda: update_cell(np.ones((1, 4), int), *[np.ones((1, 4))] * 3),
                           "f has dtype int64; update_cell needs floats"),
    "NaN in a candidate": (lambda: update_cell(state, state, state, with_nan(state)), "g[0, 0] is nan; update_cell needs finite"),
    "NaN in a cell state": (lambda: hidden_state(state, with_nan(state)), "c[0, 0] is nan; hidden_state needs finite numbers"),
    "an output gate as a word": (lambda: hidden_state("open", state), "o has dtype <U4; hidden_state needs floats"),
    "one number for all weights": (lambda: lstm_step(rows, state, state, 1.0, *slabs[1:]),
                                   "W_x has shape (); lstm_step needs one slab a"),
    "a sigmoid of words": (lambda: sigmoid("0"), "z has dtype <U1; sigmoid needs floats"),
    "a sigmoid of a masked array": (lambda: sigmoid(np.ma.masked_array([1.0])), "z is a masked array; sigmoid needs a plain one"),
    "a forget bias as a word": (lambda: layer(forget_bias="1"), "forget_bias is '1'; LSTM needs a number"),
    "a forget bias NaN": (lambda: layer(forget_bias=np.nan), "forget_bias is nan; LSTM needs finite numbers"),
    "complex forget biases": (lambda: layer(forget_bias=1j), "forget_bias is 1j; LSTM needs a number"),
    "chrono 2": (lambda: layer(chrono=2), "chrono is 2; LSTM needs at least 3 steps"),
    "chrono True": (lambda: layer(chrono=True), "chrono is True; LSTM needs at least 3 steps"),
    "chrono infinite": (lambda: layer(chrono=math.inf), "chrono is inf; LSTM needs at least 3 steps"),
    "a start of floats": (lambda: generate(writer(), [[0.0]], 1),
                          "start has dtype float64 and holds 0.0 to 0.0; generate needs whole"),
    "a start beyond the alphabet": (lambda: generate(writer(), [[2]], 1),
                                    "holds 2 to 2; generate needs whole numbers from 0 to 1"),
    "a ragged start": (lambda: generate(writer(), [[0, 1], [0]], 1), "start is no array"),
    "half a step to write": (lambda: generate(writer(), [[0]], 1.5), "steps is 1.5; generate needs 0 or more, a whole number"),
    "temperature 0": (lambda: with_temperature(np.ones(2), 0),
                      "temperature is 0; with_temperature needs a finite number above 0"),
    "an array of temperatures": (lambda: with_temperature(np.ones(2), np.ones(2)),
                                 "with_temperature needs a finite number above 0"),
    "no logits": (lambda: with_temperature(np.ones(0)), "logits has shape (0,); with_temperature needs (..., K)"),
    "logits as words": (lambda: with_temperature(["a"]), "logits has dtype <U1; with_temperature needs floats"),
    "beta1 True": (lambda: Adam(0.01, beta1=True), "beta1 is True; an optimiser needs a number from 0 to below 1"),
    "beta2 as a word": (lambda: Adam(0.01, beta2="0.9"), "beta2 is '0.9'; an optimiser needs a number from 0 to below 1"),
    "momentum 1": (lambda: SGD(0.1, momentum=1.0), "momentum is 1.0; an optimiser needs a number from 0 to below 1"),
    "momentum False": (lambda: SGD(0.1, momentum=False), "momentum is False; an optimiser needs a number from 0 to below 1"),
    "a rate NaN": (lambda: SGD(np.nan), "learning_rate is nan; an optimiser needs a finite number above 0"),
    "a complex rate": (lambda: SGD(1j), "learning_rate is 1j; an optimiser needs a finite number above 0"),
    "a tolerance of 0": (lambda: checked(tolerance=0), "tolerance is 0; check_gradients needs a number between 0 and 1"),
    "eps as a word": (lambda: checked(eps="1e-5"), "eps is '1e-5'; check_gradients needs a number above 0"),
    "samples True": (lambda: checked(samples=True), "samples is True; check_gradients needs 1 or more"),
    "a loss that is a number": (lambda: check_gradients(1.0, {"W": W_x}, {"W": W_x}),
                                "loss_function is 1.0; check_gradients needs a"),
    "rng of a check": (lambda: checked(rng=-3), "rng is -3; check_gradients needs a seed"),
    "a ragged matrix": (lambda: spectral_radius(ragged), "W is no array"),
    "words for a matrix": (lambda: spectral_radius([["a"]]), "W has dtype <U1; spectral_radius needs"),
    "masked predictions": (lambda: mean_squared_error(np.ma.masked_array([[1.0]]), [[1.0]]), "prediction is a masked array"),
    "masked targets": (lambda: mean_squared_error(np.ones((2, 1)), np.ma.masked_array([[1.0], [2.0]])),
                       "target is a masked array"),
    "masked labels": (lambda: cross_entropy(np.ones((2, 3)), np.ma.masked_array([0, 1])), "labels is a masked array"),
    "true or false for labels": (lambda: cross_entropy(np.ones((2, 3)), [True, False]),
                                 "labels has dtype bool; cross_entropy needs integers"),
    "a flow of nothing": (lambda: gradient_flow(None, x), "net is None; gradient_flow needs a Network or a layer"),
    "a task that is a list": (lambda: run(task=[1]), "task is [1]; train needs an object with sample(batch, rng)"),
    "a bound as a word": (lambda: measured(1.0, above="0"), "above is '0'; measured needs a number"),
    "a number as a word": (lambda: measured("1", above=0), "value is '1'; measured needs a number"),
    # fifty of a fresh reader
    "H+1 biases": (lambda: swapped("b", np.ones((5, 4))).forward(x), "params['b'] has shape (5, 4) and dtype float64; LSTM need"),
    "one W_h for four gates": (lambda: swapped("W_h", W_h).forward(x), "params['W_h'] has shape (4, 4) and dtype float64; LSTM"),
    "half floats in W_x": (lambda: swapped("W_x", np.ones((4, 2, 4), np.float32)).forward(x), "and dtype float32; LSTM needs"),
    "a list for b": (lambda: swapped("b", [0.0]).forward(x), "params['b'] is a list; LSTM needs an array (4, 4) of float64"),
    "no b": (lambda: swapped("b", None).forward(x), "params['b'] is a NoneType; LSTM needs an array (4, 4) of float64"),
    "W the other way round": (lambda: swapped("W", np.ones((1, 4)), Linear(4, 1)).forward(state), "Linear needs (4, 1) and floa"),
    "a b of the batch": (lambda: swapped("b", np.ones((3, 1)), Linear(4, 1)).forward(state), "Linear needs (1,) and float64"),
    "no variant": (lambda: LSTMVariant(2, 4, None), "variant is None; LSTMVariant needs names out of peepholes"),
    "chrono for -1 units": (lambda: chrono_bias(10, -1), "size is -1; chrono_bias needs a whole number of at least 1"),
    "head and layer swapped": (lambda: Network(Linear(4, 1), layer()), "Network needs a layer, such as LSTM(D, H)"),
    "a layer for a head": (lambda: Network(layer(), LSTM(4, 1)), "Network needs a head, such as Linear(H, K)"),
    "a loss without gradient": (lambda: lossy(lambda *_: 0.5), "loss returned 0.5; a network needs (loss, gradient)"),
    "a loss for every entry": (lambda: lossy(lambda p, *_: (p, p)), "a network needs a number"),
    "a loss in words": (lambda: lossy(lambda p, *_: ("0", p)), "loss returned '0'; a network needs a number"),
    "a flat gradient": (lambda: lossy(lambda p, *_: (0.0, p[:, 0])), "the gradient that loss returned has shape (3,); a network"),
    "a coarse gradient": (lambda: lossy(lambda p, *_: (0.0, p.astype("f4"))), "the gradient that loss returned has dtype float3"),
    "None for a gradient": (lambda: lossy(lambda *_: (0.0, None)), "the gradient that loss returned has dtype object"),
    "nothing to read": (lambda: net().predict(x, mask * [0, 1, 1]), "mask is 0 at every step of sequence 0; Network needs a ste"),
    "nothing to translate": (lambda: pair().predict(x, 0 * mask), "mask is 0 at every step of sequence 0; EncoderDecoder needs"),
    "the class of a task": (lambda: run(task=Copy), "task is <class 'lstm_helpers.sequences.tasks.Copy'>; train needs an object"),
    "evaluate a number": (lambda: run(evaluate_every=1, evaluate=0.5), "evaluate is 0.5; train needs a function"),
    "evaluate of nothing": (lambda: run(evaluate_every=1, evaluate=lambda net: None), "evaluate returned None; train needs a nu"),
    "evaluate never": (lambda: run(evaluate=len), "evaluate is given and evaluate_every is 0; train needs how often"),
    "stop at a number": (lambda: run(stop_when=0.1), "stop_when is 0.1; train needs a function"),
    "stop at two": (lambda: run(stop_when=lambda past: np.ones(2) > 0), "stop_when returned array([ True,  True]); train needs"),
    "a rate set to a word": (lambda: run(optimiser=reset(SGD(0.1), "0.1")), "learning_rate is '0.1'; an optimiser needs a finit"),
    "a rate set below 0": (lambda: run(optimiser=reset(Adam(0.1), -0.1)), "learning_rate is -0.1; an optimiser needs a finite"),
    "a step with all Gradients": (lambda: Adam(0.1).step(layer().params, gradients()), "grads is a Gradients; step needs a dict"),
    "a step with lists": (lambda: SGD(0.1).step({"b": b}, {"b": [1.0] * 4}), "grads['b'] is a list; step needs an array of floa"),
    "a step of integers": (lambda: SGD(0.1).step({"b": np.ones(4, int)}, {"b": b}), "b has dtype int64; step needs floats"),
    "clip all Gradients": (lambda: clip_by_global_norm(gradients(), 1.0), "grads is a Gradients; clip_by_global_norm needs a di"),
    "clip a list": (lambda: clip_by_global_norm([b], 1.0), "grads is a list; clip_by_global_norm needs a dict"),
    "check a layer": (lambda: check_gradients(float, layer(), {}), "params is a LSTM; check_gradients needs a dict of arrays"),
    "check all Gradients": (lambda: check_gradients(float, {"b": b}, gradients()), "grads is a Gradients; check_gradients needs"),
    "check without gradients": (lambda: check_gradients(float, {"b": b}, None), "grads is a NoneType; check_gradients needs a d"),
    "check NaN": (lambda: check_gradients(float, {"b": with_nan(b)}, {"b": b}), "params['b'][0] is nan; check_gradients needs f"),
    "check what is locked": (lambda: check_gradients(float, {"b": np.broadcast_to(1.0, 4)}, {"b": b}), "params['b'] is read-onl"),
    "check nothing": (lambda: check_gradients(float, {"b": b[:0]}, {"b": b[:0]}), "params['b'] has shape (0,); check_gradients"),
    "check against words": (lambda: check_gradients(float, {"b": b}, {"b": list("abcd")}), "grads['b'] has dtype <U1; check_gra"),
    "a flow of a head": (lambda: gradient_flow(Linear(2, 1), x), "; gradient_flow needs a Network or a layer"),
    "a flow of a pair": (lambda: gradient_flow(pair(), x, b), "; gradient_flow needs a Network or a layer"),
    "a flow with a loss": (lambda: gradient_flow(layer(), x, loss=cross_entropy), "loss is given; gradient_flow of a layer need"),
    "generate with a pair": (lambda: generate(pair(), [[0]], 1), '; generate needs a Network of read="every"'),
    "a start of letters": (lambda: generate(writer(), [["a"]], 1), "start has dtype <U1; generate needs whole numbers from 0"),
    "no encoder": (lambda: EncoderDecoder(None, None, Linear(4, 3), length=6), "encoder is None; EncoderDecoder needs a layer"),
    "a decoder for a head": (lambda: EncoderDecoder(layer(), LSTM(3, 4), LSTM(4, 3), length=6), "EncoderDecoder needs a head, s"),
    "one layer for both": (lambda: EncoderDecoder(*[LSTM(3, 4)] * 2, Linear(4, 3), length=6), "decoder is the encoder itself"),
    "answers the other way round": (lambda: pair().evaluate(x, np.ones((3, 6), int)), "y has shape (3, 6); evaluate, given this"),
    "longer answers": (lambda: pair().evaluate(x, np.ones((7, 3), int)), "y has shape (7, 3); evaluate, given this x, needs (6,"),
    "a loss by name of a pair": (lambda: pair().evaluate(x, np.ones((6, 3), int), "ce"), "loss is 'ce'; evaluate needs a functi"),
    "answers of another batch": (lambda: pair().traces(x, np.ones((6, 4), int)), "y has shape (6, 4); traces, given this x, nee"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_in_words(name):
    ask, words = WRONG[name]
    with pytest.raises(ValueError, match=re.escape(words)):
        ask()


def test_fifty_at_least_are_our_own():
    assert len(WRONG) >= 35 + 50


def twice(seed):
    return {"seed": seed, "score": 1.0}


def failing(rate):
    return {"error": rate}


@pytest.mark.parametrize(("trial", "grid", "words"), [
    (twice, {"seed": [3]}, "the trial returned 'seed'; sweep needs other names"),
    (failing, {"rate": [0.1]}, "the trial returned 'error'; sweep needs other names"),
    (lambda result: 5.0, {"result": [1]}, "the trial returned 'result'; sweep needs other names"),
])
def test_a_result_named_as_a_column_is_told_in_its_row(trial, grid, words):
    (row,) = sweep(trial, grid, progress=False)
    assert row["error"] == words and {name: row[name] for name in grid} == {name: values[0] for name, values in grid.items()}
