"""The training loop."""

import contextlib
import copy
import math

import numpy as np

from lstm_helpers.cells.checks import require_answer, require_count, require_function, require_number, require_rng
from lstm_helpers.learning.checkpoints import generators_of, require_place, save_checkpoint
from lstm_helpers.learning.clipping import clip_by_global_norm
from lstm_helpers.learning.history import History, TrainingDiverged
from lstm_helpers.learning.interrupts import InterruptAfterStep
from lstm_helpers.learning.losses import mean_squared_error
from lstm_helpers.learning.optimisers import Adam
from lstm_helpers.learning.progress import ProgressBar

EVALUATED_SEQUENCES = 256


def train(net, task, *, steps, batch_size=32, loss=mean_squared_error, optimiser=None, clip=1.0, rng=0, progress=True,
          evaluate_every=0, stop_when=None, checkpoint=None, checkpoint_every=0, evaluate=None, history=None):
    """Train a network on batches of a task.

    Each step: draw a batch, compute loss and gradients, clip, let the optimiser move the parameters. An interrupt
    (■ or Ctrl-C) stops after the step in hand and returns the history so far; a second one raises
    KeyboardInterrupt at once, but never while the parameters move. To go on, pass the history again:
    ``train(net, task, steps=200, history=history)`` is bit for bit the run that was never stopped.

    Parameters
    ----------
    net : Network
        Trained in place. Anything with `params` and `loss_and_gradients` will do (and with `evaluate` for the
        default evaluation, `description` for checkpoints).
    task : object with ``sample(batch, rng)``, or such a function
        Returns (x, y) or (x, y, mask), drawn with `rng` and nothing else.
    steps : int, how many (more) steps to take
    batch_size : int, sequences per step
    loss : function, ``loss(prediction, target, weight) -> loss, d_prediction``
    optimiser : SGD, Adam, …; None: that of `history`, or else a new ``Adam(0.01)``
    clip : float or None, the largest global norm of the gradient; None leaves it as it is
    rng : seed or numpy.random.Generator; draws the batches; with `history`, its generator does
    progress : bool, whether to show a bar with loss, gradient norm and time left
    evaluate_every : int, after how many steps `evaluate` is called, each time; 0 is never
    stop_when : function, optional
        ``stop_when(history) -> bool``, called after each step: look at ``history.evaluation``, or at a mean of the
        last entries of ``history.loss``, which belong to single batches.
    checkpoint : path, optional
        Where `save_checkpoint` writes at the end, however it comes about: also after an error or a second interrupt. Only
        parameters that are no longer finite are not written: then what was there stays.
    checkpoint_every : int, after how many steps it also writes on the way; 0 is never
    evaluate : function, optional
        ``evaluate(net) -> float``. None: the loss on 256 sequences drawn once, by a generator of their own.
    history : History, optional, of the run to go on with, from `train` or `load_checkpoint`; extended in place

    Returns
    -------
    History

    Raises
    ------
    TrainingDiverged
        If the loss or the gradient norm is no finite number; the parameters are those before that step.
    ValueError
        If an argument is out of its range, the task returns something else, or an optimiser or `rng` is given
        beside a history that holds its own.

    Introduced in 13_training.
    """
    _require_parts(net, loss, optimiser, history)
    _require_counts(steps=steps, evaluate_every=evaluate_every, checkpoint_every=checkpoint_every)
    _require_settings(batch_size, clip, checkpoint, checkpoint_every)
    _require_looks(evaluate, evaluate_every, stop_when)
    draw = _sampler(task)
    history = _begin(optimiser, rng) if history is None else _go_on(history, optimiser, rng)
    if evaluate_every and evaluate is None:
        evaluate = _loss_on_fixed_batch(draw, loss, history.evaluation_seed)
    history.stopped = "running"
    with (ProgressBar(history, steps, progress) as bar, InterruptAfterStep() as interrupt,
          _kept(checkpoint, net, history, interrupt)):
        for _ in range(steps):
            _step(net, draw, batch_size, loss, clip, history, interrupt)
            if evaluate_every and len(history) % evaluate_every == 0:
                _note_evaluation(history, require_answer("evaluate", evaluate(net), "train"), interrupt)
            bar.update()
            if _stops(history, stop_when, interrupt):
                break
            if checkpoint_every and len(history) % checkpoint_every == 0:
                save_checkpoint(checkpoint, net, history.optimiser, history)
        else:
            history.stopped = "finished"
    return history


@contextlib.contextmanager
def _kept(checkpoint, net, history, interrupt):
    """Write a checkpoint at the end, however it comes about; an error goes on its way then."""
    try:
        yield
    except BaseException as error:
        if history.stopped == "running":
            history.stopped = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        raise
    finally:
        if checkpoint is not None and all(np.isfinite(param).all() for param in net.params.values()):
            with interrupt.held():
                save_checkpoint(checkpoint, net, history.optimiser, history)


def _note_evaluation(history, value, interrupt):
    with interrupt.held():
        history.evaluation.append(value)
        history.evaluated_at.append(len(history))


def _stops(history, stop_when, interrupt):
    """Return whether a run stops before its last step, and note why in its history."""
    wanted = False if stop_when is None else stop_when(history)
    if isinstance(wanted, np.ndarray) and wanted.size != 1:
        raise ValueError(f"stop_when returned {wanted!r:.60}; train needs True or False")
    if wanted:
        history.stopped = "stop_when"
    elif interrupt.requested:
        history.stopped = "interrupted"
    return history.stopped != "running"


def _step(net, draw, batch_size, loss, clip, history, interrupt):
    """Take one step, or raise TrainingDiverged with the parameters as they were."""
    drawn_from = [(rng, rng.bit_generator.state) for rng in (history.rng, *generators_of(net).values())]
    try:
        x, y, mask = draw(batch_size, history.rng)
        value, norm, grads = _gradients(net, x, y, mask, loss, clip)
    except KeyboardInterrupt:                                # whoever goes on draws this batch, and what it drops, again
        for rng, place in drawn_from:
            rng.bit_generator.state = place
        raise
    if not (math.isfinite(value) and math.isfinite(norm)):
        history.stopped = "diverged"
        raise TrainingDiverged(history, value, norm, clip)
    with interrupt.held():                                   # all parameters move, or none
        history.optimiser.step(net.params, grads)
        history.loss.append(value)
        history.gradient_norm.append(norm)


def _gradients(net, x, y, mask, loss, clip):
    with np.errstate(over="ignore", invalid="ignore"):       # what comes of it is looked at here
        value, grads = net.loss_and_gradients(x, y, loss=loss, mask=mask)
        grads, norm = clip_by_global_norm(grads, math.inf if clip is None else clip)
    return value, norm, grads


def _begin(optimiser, rng):
    rng = require_rng(rng, "train")
    seed = int(copy.deepcopy(rng).integers(2**63))           # of a copy: the batches stay the same with and without
    return History(rng=rng, optimiser=Adam(0.01) if optimiser is None else optimiser, evaluation_seed=seed)


def _go_on(history, optimiser, rng):
    if history.rng is None or history.optimiser is None:
        raise ValueError("history has no generator or optimiser; train needs one from train or load_checkpoint")
    if optimiser is not None and optimiser is not history.optimiser:
        raise ValueError("optimiser is given beside history; train needs one of the two: leave it out, or set "
                         "history.optimiser (a new learning rate: history.optimiser.learning_rate)")
    if rng is not history.rng and not (isinstance(rng, int) and rng == 0):
        raise ValueError("rng is given beside history; train needs one of the two: leave it out, or set history.rng")
    return history


def _sampler(task):
    """Return a function that draws (x, y, mask) from a task."""
    sample = getattr(task, "sample", task)
    if isinstance(task, type) or not callable(sample):
        raise ValueError(f"task is {task!r:.60}; train needs an object with sample(batch, rng), or such a function")

    def draw(batch_size, rng):
        batch = sample(batch_size, rng)
        if not isinstance(batch, tuple) or len(batch) not in (2, 3):
            found = f"a tuple of {len(batch)}" if isinstance(batch, tuple) else f"a {type(batch).__name__}"
            raise ValueError(f"task returned {found}; train needs (x, y) or (x, y, mask)")
        return batch if len(batch) == 3 else (*batch, None)

    return draw


def _loss_on_fixed_batch(draw, loss, seed):
    x, y, mask = draw(EVALUATED_SEQUENCES, np.random.default_rng(seed))
    return lambda net: net.evaluate(x, y, loss=loss, mask=mask)


def _require_parts(net, loss, optimiser, history):
    require_function("loss", loss, "train")
    for name, part, has, needed in (("net", net, "loss_and_gradients", "a network, such as Network(LSTM(D, H), Linear(H, K))"),
                                    ("optimiser", optimiser, "step", "an optimiser, such as Adam(0.01)")):
        if isinstance(part, type) or not (hasattr(part, has) or (part is None and name == "optimiser")):
            raise ValueError(f"{name} is {part!r:.60}; train needs {needed}")
    if history is not None and not isinstance(history, History):
        raise ValueError(f"history is {history!r:.60}; train needs a History, from train or load_checkpoint, or None")


def _require_counts(**counts):
    for name, count in counts.items():
        require_count(name, count, "train")


def _require_settings(batch_size, clip, checkpoint, checkpoint_every):
    require_count("batch_size", batch_size, "train", least=1)
    if not (clip is None or (isinstance(clip, float) and clip == math.inf)):
        require_number("clip", clip, "train", above=0, needed="a norm above 0, or None")
    if checkpoint_every and checkpoint is None:
        raise ValueError(f"checkpoint_every is {checkpoint_every}; train needs checkpoint for that, the file to write")
    if checkpoint is not None:
        require_place("checkpoint", checkpoint, "train")        # now, not when the last step is done


def _require_looks(evaluate, evaluate_every, stop_when):
    for name, look in (("evaluate", evaluate), ("stop_when", stop_when)):
        if look is not None:
            require_function(name, look, "train")
    if evaluate is not None and not evaluate_every:
        raise ValueError("evaluate is given and evaluate_every is 0; train needs how often, a number of steps")
