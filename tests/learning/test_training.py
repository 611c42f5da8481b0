import inspect
import pickle
import signal
import threading

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.learning import (
    SGD,
    Adam,
    History,
    Linear,
    TrainingDiverged,
    check_gradients,
    cross_entropy,
    load_checkpoint,
    mean_squared_error,
    save_checkpoint,
    train,
)
from lstm_helpers.learning.interrupts import InterruptAfterStep


class Interrupted:
    """Sends itself the interrupt signal while a certain step draws its batch."""

    def __init__(self, task, at, times=1):
        self.task, self.at, self.times, self.drawn = task, at, times, 0

    def sample(self, batch, rng):
        self.drawn += 1
        if self.drawn == self.at:
            for _ in range(self.times):
                signal.raise_signal(signal.SIGINT)
        return self.task.sample(batch, rng)


def curves(history):
    return history.loss, history.gradient_norm, history.evaluated_at, history.evaluation


def test_training_learns(make_network, layer, task):
    net = make_network(layer, hidden=16)
    history = train(net, task, steps=400, evaluate_every=400, progress=False)
    assert len(history) == len(history.gradient_norm) == 400
    assert history.evaluation[0] < 0.05 * 5                  # the variance of a sum of five is 5
    assert repr(history) == "History: 400 steps, finished"


def test_four_sequences_are_learned_by_heart(make_network, layer):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 4, 2)), rng.normal(size=(4, 1))
    history = train(make_network(layer, hidden=16), lambda batch, rng: (x, y), steps=500, progress=False)
    assert history.loss[-1] < 1e-3 * history.loss[0]


def test_labels_and_masks_reach_the_loss(make_network, layer):
    def sample(batch, rng):
        x = rng.normal(size=(6, batch, 2))
        mask = (np.arange(6)[:, np.newaxis] < rng.integers(1, 7, batch)).astype(float)
        return x, (x[:, :, 0] > 0).astype(int), mask

    net = make_network(layer, "every", outputs=2)
    history = train(net, sample, steps=150, loss=cross_entropy, evaluate_every=150, progress=False)
    assert history.evaluation[0] < 0.3


def test_the_mask_of_a_batch_is_used(make_network, task):
    x, _ = task.sample(4, np.random.default_rng(0))
    mask = (np.arange(5)[:, np.newaxis] < [5, 3, 1, 4]).astype(float)
    y = x[:, :, :1]
    expected = make_network(read="every").evaluate(x, y, mask=mask)
    net = make_network(read="every")
    history = train(net, lambda batch, rng: (x, y, mask), steps=1, evaluate_every=1, progress=False)
    assert history.loss == [expected]
    assert history.evaluation == [net.evaluate(x, y, mask=mask)]


def test_a_step_is_the_one_written_by_hand(make_network, same_params, task):
    trained, by_hand = make_network(), make_network()
    train(trained, task, steps=1, batch_size=8, optimiser=SGD(0.1), clip=0.5, rng=3, progress=False)
    x, y = task.sample(8, np.random.default_rng(3))
    _, grads = by_hand.loss_and_gradients(x, y)
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads.values()))
    assert norm > 0.5
    for name, param in by_hand.params.items():
        np.testing.assert_allclose(trained.params[name], param - 0.1 * grads[name] * 0.5 / norm, rtol=1e-12, atol=1e-15)


def test_gradient_norm_is_that_before_clipping(make_network, task):
    clipped, free = (train(make_network(), task, steps=1, clip=clip, progress=False) for clip in (0.01, None))
    assert clipped.gradient_norm == free.gradient_norm and free.gradient_norm[0] > 0.01


def test_runs_are_repeatable_and_seeds_differ(make_network, task):
    first, again, other = (train(make_network(), task, steps=5, rng=rng, progress=False).loss
                           for rng in (1, np.random.default_rng(1), 2))
    assert first == again != other


def test_a_step_is_of_32_sequences_and_clipped_at_1_if_nothing_is_said():
    options = inspect.signature(train).parameters
    assert (options["batch_size"].default, options["clip"].default) == (32, 1.0)


@pytest.mark.parametrize("draws", [train, check_gradients, Linear])
def test_the_seed_is_0_if_none_is_given(draws):
    assert inspect.signature(draws).parameters["rng"].default == 0


def test_each_call_has_an_optimiser_of_its_own(make_network, task):
    first, second = (train(make_network(), task, steps=1, progress=False) for _ in range(2))
    assert isinstance(first.optimiser, Adam) and first.optimiser.learning_rate == 0.01
    assert first.optimiser is not second.optimiser


def test_evaluation_leaves_the_batches_as_they_were(make_network, task):
    plain = train(make_network(), task, steps=10, progress=False)
    evaluated = train(make_network(), task, steps=10, evaluate_every=4, progress=False)
    assert evaluated.loss == plain.loss
    assert evaluated.evaluated_at == [4, 8] and len(evaluated.evaluation) == 2


def test_evaluation_is_on_other_sequences_than_the_batches(make_network, task):
    drawn = []

    def sample(batch, rng):
        drawn.append(task.sample(batch, rng))
        return drawn[-1]

    train(make_network(), sample, steps=2, batch_size=256, evaluate_every=1, progress=False)
    assert [len(y) for _, y in drawn] == [256, 256, 256]
    assert not np.array_equal(drawn[0][0], drawn[1][0])


def test_evaluation_of_ones_own(make_network, task):
    net = make_network()
    history = train(net, task, steps=4, evaluate_every=2, evaluate=[net].index, progress=False)
    assert history.evaluation == [0.0, 0.0]


@pytest.mark.parametrize("optimiser", [lambda: SGD(0.05), lambda: SGD(0.05, momentum=0.9), lambda: Adam(0.02)])
def test_going_on_is_never_having_stopped(make_network, same_params, task, layer, optimiser):
    whole, parts = make_network(layer), make_network(layer)
    expected = train(whole, task, steps=30, optimiser=optimiser(), evaluate_every=7, progress=False)
    history = train(parts, task, steps=11, optimiser=optimiser(), evaluate_every=7, progress=False)
    assert train(parts, task, steps=19, history=history, evaluate_every=7, progress=False) is history
    assert curves(history) == curves(expected)
    assert same_params(whole, parts)


def test_going_on_holds_optimiser_and_generator(make_network, task):
    net = make_network()
    history = train(net, task, steps=1, progress=False)
    with pytest.raises(ValueError, match=r"^optimiser is given beside history; train needs one of the two: leave it out, or set "
                                         r"history\.optimiser \(a new learning rate: history\.optimiser\.learning_rate\)$"):
        train(net, task, steps=1, history=history, optimiser=Adam(0.01), progress=False)
    with pytest.raises(ValueError, match=r"^rng is given beside history; train needs one of the two: leave it out, "
                                         r"or set history\.rng$"):
        train(net, task, steps=1, history=history, rng=5, progress=False)
    for part in (History(), History(rng=np.random.default_rng(0)), History(optimiser=Adam(0.01))):
        with pytest.raises(ValueError, match=r"^history has no generator or optimiser; train needs one from train or "
                                             r"load_checkpoint$"):
            train(net, task, steps=1, history=part, progress=False)
    train(net, task, steps=1, history=history, optimiser=history.optimiser, rng=history.rng, progress=False)
    assert len(history) == 2


def test_stop_when(make_network, task):
    history = train(make_network(), task, steps=50, stop_when=lambda history: len(history) == 3, progress=False)
    assert repr(history) == "History: 3 steps, stop_when"


def test_stop_when_sees_the_evaluation_of_its_step(make_network, task):
    history = train(make_network(), task, steps=50, evaluate_every=5, stop_when=lambda history: history.evaluation,
                    progress=False)
    assert len(history) == 5


def test_no_steps_is_no_error(make_network, task):
    assert repr(train(make_network(), task, steps=0, progress=False)) == "History: 0 steps, finished"


def test_one_step_of_one_sequence(make_network, task):
    assert repr(train(make_network(), task, steps=1, batch_size=1, progress=False)) == "History: 1 step, finished"


def test_an_interrupt_stops_after_the_step_in_hand_and_can_be_gone_on_from(make_network, same_params, task):
    handler = signal.getsignal(signal.SIGINT)
    whole, parts = make_network(LSTM), make_network(LSTM)
    expected = train(whole, task, steps=20, evaluate_every=4, progress=False)
    interrupted = Interrupted(task, at=1 + 8)           # the first draw is the evaluation's
    history = train(parts, interrupted, steps=20, evaluate_every=4, progress=False)
    assert repr(history) == "History: 8 steps, interrupted"
    assert signal.getsignal(signal.SIGINT) is handler
    assert all(np.isfinite(param).all() for param in parts.params.values())
    train(parts, task, steps=12, history=history, evaluate_every=4, progress=False)
    assert curves(history) == curves(expected) and history.stopped == "finished"
    assert same_params(whole, parts)


def test_a_second_interrupt_is_raised_at_once(make_network, task):
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(make_network(), Interrupted(task, at=3, times=2), steps=20, progress=False)
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interrupt_is_passed_on_to_the_loop_around():
    with InterruptAfterStep() as outer, InterruptAfterStep() as inner:
        assert outer.requested is inner.requested is False
        signal.raise_signal(signal.SIGINT)
        assert outer.requested is inner.requested is True


def test_an_interrupt_where_a_plain_function_listened_before():
    handler = signal.signal(signal.SIGINT, lambda signum, frame: None)
    try:
        with InterruptAfterStep() as interrupt:
            signal.raise_signal(signal.SIGINT)
        assert interrupt.requested
    finally:
        signal.signal(signal.SIGINT, handler)


def test_the_handler_is_restored_after_an_error(make_network):
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        train(make_network(), lambda batch, rng: 1 / 0, steps=1, progress=False)
    assert signal.getsignal(signal.SIGINT) is handler


def test_ignored_interrupts_stay_ignored(make_network, task):
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert train(make_network(), Interrupted(task, at=2), steps=4, progress=False).stopped == "finished"
    finally:
        signal.signal(signal.SIGINT, handler)


def test_training_in_another_thread(make_network, task):
    histories = []
    thread = threading.Thread(target=lambda: histories.append(train(make_network(), task, steps=3, progress=False)))
    thread.start()
    thread.join()
    assert histories[0].stopped == "finished"


def test_an_interrupted_run_is_saved(make_network, same_params, task, tmp_path):
    path, net, twin = tmp_path / "run.npz", make_network(), make_network(seed=9)
    train(net, Interrupted(task, at=5), steps=20, checkpoint=path, progress=False)
    assert repr(load_checkpoint(path, twin, Adam(0.01))) == "History: 5 steps, interrupted"
    assert same_params(net, twin)


def test_checkpoints_on_the_way(make_network, task, tmp_path):
    path, seen = tmp_path / "run.npz", []

    def look(history):
        seen.append(len(load_checkpoint(path, make_network(), Adam(0.01))) if path.exists() else None)

    train(make_network(), task, steps=5, checkpoint=path, checkpoint_every=2, stop_when=look, progress=False)
    assert seen == [None, None, 2, 2, 4]
    assert repr(load_checkpoint(path, make_network(), Adam(0.01))) == "History: 5 steps, finished"


class Breaks:
    """A function that raises at its third call."""

    def __init__(self, error):
        self.error, self.calls = error, 0

    def __call__(self, _):
        self.calls += 1
        if self.calls == 3:
            raise self.error
        return False


@pytest.mark.parametrize(("options", "error", "steps", "stopped"), [
    ({"stop_when": Breaks(RuntimeError("mine"))}, RuntimeError, 3, "failed"),
    ({"evaluate": Breaks(RuntimeError("mine")), "evaluate_every": 2}, RuntimeError, 6, "failed"),
    ({"stop_when": Breaks(KeyboardInterrupt())}, KeyboardInterrupt, 3, "interrupted"),
], ids=["stop_when", "evaluate", "interrupt"])
def test_a_run_that_ends_in_an_error_is_kept(make_network, same_params, task, tmp_path, options, error, steps, stopped):
    net, path = make_network(), tmp_path / "run.npz"
    with pytest.raises(error):
        train(net, task, steps=20, checkpoint=path, progress=False, **options)
    other, optimiser = make_network(seed=1), Adam(0.01)
    history = load_checkpoint(path, other, optimiser)
    assert same_params(net, other) and (len(history), history.stopped) == (steps, stopped)
    train(other, task, steps=20 - steps, history=history, progress=False)
    whole = make_network()
    train(whole, task, steps=20, progress=False)
    assert same_params(whole, other)


def test_a_run_that_diverges_is_kept(make_network, same_params, task, tmp_path):
    net, path = make_network(), tmp_path / "run.npz"
    with pytest.raises(TrainingDiverged) as told:
        train(net, task, steps=100, optimiser=SGD(1e30), clip=None, checkpoint=path, progress=False)
    other, optimiser = make_network(seed=1), SGD(1)
    history = load_checkpoint(path, other, optimiser)
    assert same_params(net, other) and len(history) == told.value.step - 1 and history.stopped == "diverged"


def test_parameters_that_are_not_finite_do_not_replace_a_good_checkpoint(make_network, task, tmp_path):
    net, path = make_network(), tmp_path / "run.npz"
    history = train(net, task, steps=2, checkpoint=path, progress=False)
    before = path.read_bytes()
    net.params["output.W"][0] = np.inf
    with pytest.raises(TrainingDiverged):
        train(net, task, steps=2, checkpoint=path, history=history, progress=False)
    assert path.read_bytes() == before


class InterruptedMoves(Adam):
    """Is interrupted twice between the first parameter and the second, at its third step."""

    def _move(self, name, param, grad):
        super()._move(name, param, grad)
        if self.steps == 3 and name == "recurrent.W_x":
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)


def test_a_second_interrupt_never_leaves_half_moved_parameters(make_network, same_params, task):
    net, whole, optimiser = make_network(), make_network(), InterruptedMoves(0.01)
    with pytest.raises(KeyboardInterrupt):
        train(net, task, steps=20, optimiser=optimiser, progress=False)
    train(whole, task, steps=3, progress=False)
    assert optimiser.steps == 3 and same_params(net, whole)


def test_a_second_interrupt_while_a_batch_is_drawn_leaves_it_to_be_drawn_again(make_network, same_params, task, tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        train(make_network(), DrawsThenInterrupted(task), steps=20, checkpoint=path, progress=False)
    net, whole = make_network(seed=1), make_network()
    train(net, task, steps=17, history=load_checkpoint(path, net, Adam(0.01)), progress=False)
    train(whole, task, steps=20, progress=False)
    assert same_params(net, whole)


class DrawsThenInterrupted:
    """Draws its fourth batch, and is interrupted twice before it hands it over."""

    def __init__(self, task):
        self.task, self.drawn = task, 0

    def sample(self, batch, rng):
        drawn = self.task.sample(batch, rng)
        self.drawn += 1
        if self.drawn == 4:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        return drawn


def test_a_third_interrupt_while_the_checkpoint_is_written_waits(make_network, task, tmp_path, monkeypatch):
    path, written = tmp_path / "run.npz", []

    def slow(*arguments):
        signal.raise_signal(signal.SIGINT)
        save_checkpoint(*arguments)
        written.append(path.stat().st_size)

    monkeypatch.setattr("lstm_helpers.learning.training.save_checkpoint", slow)
    with pytest.raises(KeyboardInterrupt):
        train(make_network(), Interrupted(task, at=3, times=2), steps=20, checkpoint=path, progress=False)
    assert written and len(load_checkpoint(path, make_network(), Adam(0.01))) == 2


def test_divergence_is_told_before_the_parameters_are_spoiled(make_network, task):
    net = make_network(lambda *sizes, **options: RNN(*sizes, activation="linear", **options))
    with pytest.raises(TrainingDiverged, match=r"at step \d+; the last gradient norm was .*clip=1.0") as told:
        train(net, task, steps=500, optimiser=SGD(1e4), clip=None, progress=False)
    error = told.value
    assert isinstance(error, ArithmeticError)
    assert error.step == len(error.history) + 1 > 1
    assert error.gradient_norm == error.history.gradient_norm[-1]
    assert error.history.stopped == "diverged"
    assert all(np.isfinite(param).all() for param in net.params.values())


@pytest.mark.parametrize(("loss", "message"), [
    (lambda prediction, target, weight: (np.nan, prediction), "the loss is nan at step 1; no step was taken"),
    (lambda prediction, target, weight: (1.0, prediction * np.inf), "the gradient norm is (inf|nan) at step 1"),
])
def test_nothing_moves_on_a_step_that_is_not_finite(make_network, same_params, task, loss, message):
    net = make_network()
    with pytest.raises(TrainingDiverged, match=message) as told:
        train(net, task, steps=3, loss=loss, progress=False)
    assert told.value.gradient_norm is None
    assert same_params(net, make_network())


def test_divergence_can_be_gone_on_from(make_network, task):
    net, wrong = make_network(), iter([False, False, True])

    def loss(prediction, target, weight):
        value, d_prediction = mean_squared_error(prediction, target, weight)
        return (np.inf if next(wrong) else value), d_prediction

    with pytest.raises(TrainingDiverged) as told:
        train(net, task, steps=5, loss=loss, progress=False)
    assert repr(train(net, task, steps=5, history=told.value.history, progress=False)) == "History: 7 steps, finished"


@pytest.mark.parametrize(("clip", "advice"), [
    (1.0, "a smaller learning rate"), (None, "clip=1.0, or a smaller learning rate")])
def test_divergence_gives_its_advice_also_in_another_process(clip, advice):
    error = TrainingDiverged(History(loss=[1.0], gradient_norm=[2.0]), np.nan, 3.0, clip)
    copy = pickle.loads(pickle.dumps(error))
    assert copy.step == 2 and copy.gradient_norm == 2.0
    for told in (error, copy):
        assert str(told) == ("the loss is nan at step 2; the last gradient norm was 2. "
                             f"Try {advice}. The parameters are those before this step.")


def test_divergence_under_clipping_does_not_advise_to_clip(make_network, task):
    with pytest.raises(TrainingDiverged, match=r"no step was taken\. Try a smaller learning rate\."):
        train(make_network(), task, steps=1, loss=lambda prediction, *_: (np.nan, prediction), clip=1.0, progress=False)


def test_evaluation_seeds_come_from_a_wide_range(make_network, task):
    assert all(train(make_network(), task, steps=0, rng=rng, progress=False).evaluation_seed > 2**32 for rng in range(4))


def test_the_bar_shows_loss_and_gradient_norm(make_network, task, capsys):
    train(make_network(), task, steps=5)
    shown = capsys.readouterr().err
    assert shown.lstrip("\r").startswith("  0%|          | 0/5 [00:00<?, ?it/s]")
    assert "5/5" in shown and "loss " in shown and "gradient norm " in shown


def test_the_bar_goes_on_where_it_stopped(make_network, task, capsys):
    net = make_network()
    history = train(net, task, steps=5, progress=False)
    assert capsys.readouterr().err == ""
    train(net, task, steps=5, history=history)
    assert " 50%|█████     | 5/10 [00:00<?, ?it/s]" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "message"), [
    ({"steps": -1}, "steps is -1"),
    ({"batch_size": 0}, "batch_size is 0"),
    ({"evaluate_every": -1}, "evaluate_every is -1"),
    ({"clip": 0}, "clip is 0"),
    ({"clip": float("nan")}, "clip is nan"),
    ({"checkpoint_every": 5}, "checkpoint_every is 5; train needs checkpoint"),
    ({"checkpoint_every": -1}, "checkpoint_every is -1; train needs 0 or more"),
])
def test_arguments_out_of_range_are_refused(make_network, task, options, message):
    with pytest.raises(ValueError, match=message):
        train(make_network(), task, **{"steps": 1, "progress": False} | options)


@pytest.mark.parametrize(("task", "message"), [
    (lambda batch, rng: (1, 2, 3, 4), "task returned a tuple of 4; train needs"),
    (lambda batch, rng: np.ones((2, 3)), "task returned a ndarray"),
    ("adding", "task is 'adding'; train needs an object with sample"),
])
def test_tasks_of_another_form_are_refused(make_network, task, message):
    with pytest.raises(ValueError, match=message):
        train(make_network(), task, steps=1, progress=False)
