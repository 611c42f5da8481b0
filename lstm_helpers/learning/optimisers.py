"""The optimisers: from gradients to a step of the parameters."""

import math

import numpy as np

from lstm_helpers.cells.checks import require_dict, require_finite, require_number


class Optimiser:
    """What the optimisers share: named settings, and arrays remembered per parameter.

    A subclass names its `settings` (numbers) and its `slots` (dicts of arrays, by parameter name).
    """

    settings = ()
    slots = ()

    def __init__(self, **settings):
        for name, value in settings.items():
            setattr(self, name, value)
        self.steps = 0
        for slot in self.slots:
            setattr(self, slot, {})

    def step(self, params, grads):
        """Move every parameter one step against its gradient, in place.

        Parameters
        ----------
        params, grads : dicts of arrays, of the same names and shapes
        """
        _require_positive("learning_rate", self.learning_rate)          # it may be set between the steps
        require_dict("grads", grads, "step")
        for name, param in require_dict("params", params, "step").items():
            self._require_fit(name, param, grads)
        self.steps += 1
        for name, param in params.items():
            self._move(name, param, grads[name])

    def state(self):
        """Return everything that the next step depends on, for a checkpoint.

        Returns
        -------
        dict, the settings, ``"steps"``, and for each slot a dict of arrays by parameter name; no copies
        """
        return {name: getattr(self, name) for name in (*self.settings, "steps", *self.slots)}

    def load_state(self, state):
        """Replace settings and memory by those that `state` returned.

        Raises
        ------
        ValueError
            If the state is that of an optimiser of another kind, or holds what no optimiser can have; nothing is
            changed then.
        """
        if state.keys() != self.state().keys():
            needed = ", ".join(self.state())
            raise ValueError(f"state holds {', '.join(state)}; {type(self).__name__}.load_state needs {needed}")
        type(self)(**{name: state[name] for name in self.settings})     # refuses a setting out of its range
        _require_count("steps", state["steps"])
        self._require_memory(state)
        for name in (*self.settings, "steps"):
            setattr(self, name, state[name])
        for slot in self.slots:
            setattr(self, slot, {name: array.copy() for name, array in state[slot].items()})

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)}' for name in self.settings)})"

    def _require_fit(self, name, param, grads):
        if name not in grads:
            raise ValueError(f"grads has no {name!r}; step needs a gradient for every parameter")
        for label, array in ((name, param), (f"grads[{name!r}]", grads[name])):
            if not isinstance(array, np.ndarray | np.generic):
                raise ValueError(f"{label} is a {type(array).__name__}; step needs an array of floats")
        if param.dtype.kind != "f":
            raise ValueError(f"{name} has dtype {param.dtype}; step needs floats, such as {name}.astype(np.float64)")
        if grads[name].shape != param.shape:
            raise ValueError(f"grads[{name!r}] has shape {grads[name].shape}; step needs {param.shape}")
        for slot in self.slots:
            memory = getattr(self, slot).get(name, param)
            if memory.shape != param.shape:
                raise ValueError(f"{name} has shape {param.shape}; this {type(self).__name__} needs {memory.shape}, as "
                                 "it was used with before: make a new one for each network")

    def _require_memory(self, state):
        for slot in self.slots:
            for name, array in state[slot].items():
                require_finite(f"{slot}[{name!r}]", array, type(self).__name__)

    def _slot(self, slot, name, param):
        memory = getattr(self, slot)
        if name not in memory:
            memory[name] = np.zeros_like(param)
        return memory[name]


class SGD(Optimiser):
    """Go down the gradient, with momentum if asked.

    ``velocity = momentum * velocity + grad``; ``param -= learning_rate * velocity``

    Parameters
    ----------
    learning_rate : float, above 0
    momentum : float, from 0 (none) to below 1

    Introduced in 13_training.
    """

    settings = ("learning_rate", "momentum")
    slots = ("velocity",)

    def __init__(self, learning_rate, momentum=0.0):
        _require_positive("learning_rate", learning_rate)
        _require_fraction("momentum", momentum)
        super().__init__(learning_rate=learning_rate, momentum=momentum)

    def _move(self, name, param, grad):
        if self.momentum == 0:
            param -= self.learning_rate * grad
            return
        velocity = self._slot("velocity", name, param)
        velocity *= self.momentum
        velocity += grad
        param -= self.learning_rate * velocity


class Adam(Optimiser):
    """Scale each entry's step by its own recent gradients.

    ``mean = beta1 * mean + (1 - beta1) * grad``; ``square = beta2 * square + (1 - beta2) * grad**2``;
    ``param -= learning_rate * mean_ / (sqrt(square_) + epsilon)``, where ``mean_ = mean / (1 - beta1**steps)`` and
    ``square_ = square / (1 - beta2**steps)`` undo the start at zero.

    Parameters
    ----------
    learning_rate : float, above 0; about the size of the first steps of every entry
    beta1, beta2 : float, from 0 to below 1: how slowly the two means forget
    epsilon : float, above 0: keeps entries without gradient from a division by zero

    Introduced in 13_training. Source: Kingma & Ba (2015), "Adam: a method for stochastic optimization".
    """

    settings = ("learning_rate", "beta1", "beta2", "epsilon")
    slots = ("mean", "square")

    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
        _require_positive("learning_rate", learning_rate)
        _require_fraction("beta1", beta1)
        _require_fraction("beta2", beta2)
        _require_positive("epsilon", epsilon)
        super().__init__(learning_rate=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon)

    def _require_memory(self, state):
        super()._require_memory(state)
        for name, array in state["square"].items():
            if array.min() < 0:
                raise ValueError(f"square[{name!r}] holds {array.min()}; Adam needs squares, which are 0 or more")

    def _move(self, name, param, grad):
        mean, square = self._slot("mean", name, param), self._slot("square", name, param)
        mean *= self.beta1
        mean += (1 - self.beta1) * grad
        square *= self.beta2
        square += (1 - self.beta2) * np.square(grad)
        scale = np.sqrt(square)
        scale /= math.sqrt(1 - self.beta2**self.steps)
        scale += self.epsilon
        np.divide(mean, scale, out=scale)
        scale *= self.learning_rate / (1 - self.beta1**self.steps)
        param -= scale


def _require_positive(name, value):
    require_number(name, value, "an optimiser", above=0, needed="a finite number above 0")


def _require_fraction(name, value):
    if value != 0 or isinstance(value, bool):
        require_number(name, value, "an optimiser", above=0, below=1, needed="a number from 0 to below 1")


def _require_count(name, value):
    if isinstance(value, bool) or not (isinstance(value, int) and value >= 0):
        raise ValueError(f"{name} is {value!r}; an optimiser needs a whole number from 0 on")
