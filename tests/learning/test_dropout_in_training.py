"""Networks whose layer drops numbers: trained with masks, judged without; a run that goes on draws the masks that were next."""

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, Bidirectional, RecurrentDropout, Stacked, Zoneout
from lstm_helpers.learning import Adam, Linear, Network, load_checkpoint, save_checkpoint, train
from lstm_helpers.sequences import AddingProblem

TASK = AddingProblem(6)


def network(seed=0, dropout=0.3, **options):
    bottom = Bidirectional(RecurrentDropout(LSTM(2, 3, rng=1), 0.2, rng=seed), Zoneout(LSTM(2, 3, rng=2), 0.2, rng=seed + 1))
    return Network(Stacked([bottom, LSTM(6, 4, rng=3)], dropout=dropout, rng=seed + 2, **options), Linear(4, 1, rng=4))


def run(net, **options):
    return train(net, TASK, batch_size=8, progress=False, **options)


def test_training_drops_and_predicting_does_not():
    net = network()
    x, y = TASK.sample(8, 0)
    losses = {net.loss_and_gradients(x, y)[0] for _ in range(3)}
    assert len(losses) == 3
    np.testing.assert_array_equal(net.predict(x), net.predict(x))
    assert net.evaluate(x, y) == net.evaluate(x, y)


def test_a_run_that_goes_on_is_the_run_that_was_never_stopped(tmp_path):
    whole, first, again = network(), network(), network(seed=50)
    run(whole, steps=7)
    run(first, steps=4, checkpoint=tmp_path / "run.npz")
    history = load_checkpoint(tmp_path / "run.npz", again, Adam(0.5))
    run(again, steps=3, history=history)
    for name, array in whole.params.items():
        np.testing.assert_array_equal(again.params[name], array, err_msg=name)


def test_an_interrupted_step_draws_its_masks_again():
    whole, stopped = network(), network()
    run(whole, steps=3)
    history = run(stopped, steps=2)
    place = {name: rng.bit_generator.state for name, rng in stopped.generators().items()}

    def loss(prediction, target, weight=None):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stopped, steps=1, history=history, loss=loss)
    assert {name: rng.bit_generator.state for name, rng in stopped.generators().items()} == place
    run(stopped, steps=1, history=history)
    for name, array in whole.params.items():
        np.testing.assert_array_equal(stopped.params[name], array, err_msg=name)


@pytest.mark.parametrize(("other", "words"), [
    (lambda: network(dropout=0.4), "has the dropout 0.3; load_checkpoint needs 0.4"),
    (lambda: network(one_mask=True), "has the one_mask False; load_checkpoint needs True"),
    (lambda: network(dropout=0.0), "dropout 0.3; load_checkpoint needs 0.0"),
    (lambda: Network(Stacked([LSTM(2, 6), LSTM(6, 4)], dropout=0.3), Linear(4, 1)),
     "has the 0.layer 'Bidirectional'; load_checkpoint needs 'LSTM'"),
])
def test_a_checkpoint_of_another_kind_is_refused(tmp_path, other, words):
    run(network(), steps=1, checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="load_checkpoint needs") as error:
        load_checkpoint(tmp_path / "run.npz", other(), Adam(0.1))
    assert words in str(error.value)


def test_generators_of_another_kind_are_refused(tmp_path):
    run(network(), steps=1, checkpoint=tmp_path / "run.npz")
    other = network()
    other.layer.rng = np.random.Generator(np.random.Philox(1))
    with pytest.raises(ValueError, match=r"its generator recurrent\.rng is a PCG64; the network needs a Philox"):
        load_checkpoint(tmp_path / "run.npz", other, Adam(0.1))


def test_without_dropout_a_checkpoint_holds_no_generator_but_the_runs(tmp_path):
    net = Network(LSTM(2, 3), Linear(3, 1))
    save_checkpoint(tmp_path / "run.npz", net, Adam(0.1), run(net, steps=1))
    assert net.generators() == {}
    load_checkpoint(tmp_path / "run.npz", Network(LSTM(2, 3), Linear(3, 1)), Adam(0.1))
