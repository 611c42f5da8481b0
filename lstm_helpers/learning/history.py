"""The history of a training run, and the error that ends one."""

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass(repr=False)
class History:
    """What happened in a training run, and all that going on with it needs beside the network.

    Attributes
    ----------
    loss : list of float, of every step's batch, before the step
    gradient_norm : list of float, of every step, before clipping
    evaluated_at : list of int, the numbers of steps done when the network was evaluated
    evaluation : list of float, what was found then
    stopped : str, "finished", "interrupted", "stop_when", "diverged" or "failed" (an error of a function
        that was handed in); "running" in a checkpoint written on the way
    rng : numpy.random.Generator, at its current state
    optimiser : SGD, Adam, …, at its current state
    evaluation_seed : int, of the sequences that the network is evaluated on by default

    Introduced in 13_training.
    """

    loss: list = field(default_factory=list)
    gradient_norm: list = field(default_factory=list)
    evaluated_at: list = field(default_factory=list)
    evaluation: list = field(default_factory=list)
    stopped: str = "running"
    rng: np.random.Generator | None = None
    optimiser: object = None
    evaluation_seed: int | None = None

    def __len__(self):
        """Return the number of steps done."""
        return len(self.loss)

    def __repr__(self):
        return f"History: {len(self)} step{'' if len(self) == 1 else 's'}, {self.stopped}"


class TrainingDiverged(ArithmeticError):
    """The loss or the gradient is no longer a finite number; the parameters are those before this step.

    Attributes
    ----------
    step : int, the step that was not taken, counted from 1
    gradient_norm : float or None, of the last step taken, before clipping; None if it was the first
    history : History, up to the last step taken

    Introduced in 13_training.
    """

    def __init__(self, history, loss, norm, clip):
        super().__init__(history, loss, norm, clip)       # what another process needs to make it again
        self.step = len(history) + 1
        self.gradient_norm = history.gradient_norm[-1] if len(history) else None
        self.history = history

    def __str__(self):
        _, loss, norm, clip = self.args
        what = f"the gradient norm is {norm}" if math.isfinite(loss) else f"the loss is {loss}"
        before = "no step was taken" if self.step == 1 else f"the last gradient norm was {self.gradient_norm:.3g}"
        advice = "a smaller learning rate" if clip is not None else "clip=1.0, or a smaller learning rate"
        return f"{what} at step {self.step}; {before}. Try {advice}. The parameters are those before this step."
