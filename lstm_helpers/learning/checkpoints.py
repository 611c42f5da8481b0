"""Checkpoints: a training run in one file, to be gone on with as if it had never stopped."""

import contextlib
import json
import os
import stat
import zipfile

import numpy as np

from lstm_helpers.cells.checks import require_finite
from lstm_helpers.files import write_whole
from lstm_helpers.learning.history import History

FORMAT = "lstm_helpers checkpoint"      # the entry that tells our files from others, and holds all but the arrays
VERSION = 1
RECORD = ("network", "optimiser", "generator", "history")
DICTS = ("network", "optimiser", "history")
ZIP_START = b"PK\x03\x04"
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
STOPPED = ("running", "finished", "interrupted", "stop_when", "diverged", "failed")
LARGEST_POOL = 64                       # of a seed: NumPy makes 4; its time grows with the square of it
CURVES = {"loss": float, "gradient_norm": float, "evaluated_at": int, "evaluation": float}


def save_checkpoint(path, net, optimiser, history):
    """Write weights, optimiser, generator and history to one file.

    The file is an .npz of plain arrays and one line of JSON; nothing is pickled. It is written under another name
    beside `path` and then renamed, so that a crash leaves either the old file or the new one, never half of one.

    Parameters
    ----------
    path : path, written under exactly this name, over what is there; by custom it ends in .npz
    net : Network
    optimiser : SGD, Adam, …
    history : History

    Raises
    ------
    ValueError
        If the history's generator is not one of NumPy's own, or a parameter is NaN or infinite.

    Introduced in 13_training.
    """
    _require_run(path, net, optimiser, "save_checkpoint")
    if not isinstance(history, History):
        raise ValueError(f"history is {history!r:.60}; save_checkpoint needs a History, from train")
    for name, array in net.params.items():
        require_finite(f"params[{name!r}]", array, "save_checkpoint")
    words, arrays = _split(optimiser.state())
    _require_own_memory(arrays, net)
    record = {
        "version": VERSION,
        "network": net.description(),
        "optimiser": {"kind": type(optimiser).__name__, "state": words},
        "generator": _generator_state(history.rng),
        "generators": {name: _generator_state(rng) for name, rng in generators_of(net).items()},
        "history": {"stopped": history.stopped, "evaluation_seed": history.evaluation_seed},
    }
    arrays = {f"optimiser/{name}": array for name, array in arrays.items()}
    arrays |= {f"params/{name}": array for name, array in net.params.items()}
    arrays |= {_curve(name): np.array(getattr(history, name), kind) for name, kind in CURVES.items()}
    arrays[FORMAT] = np.array(json.dumps(record, default=lambda value: value.tolist()))
    write_whole(path, lambda file: np.savez(file, **arrays))


def load_checkpoint(path, net, optimiser):
    """Read a file of `save_checkpoint` into a network and an optimiser, and return its history.

    ``train(net, task, steps=…, history=load_checkpoint(path, net, optimiser))`` goes on bit for bit as the run
    that was saved. The optimiser takes over the settings of the file too, such as the learning rate; to change one,
    set it afterwards. Nothing is changed unless everything fits.

    Parameters
    ----------
    path : path
    net : Network, of the kind, shapes and dtype that were saved; its parameters are overwritten
    optimiser : SGD, Adam, …, of the kind that was saved; its settings and memory are overwritten

    Returns
    -------
    History, with its generator, and with `optimiser` as its optimiser

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is cut short, damaged or not a checkpoint, or if the network or optimiser is of another kind,
        shape or dtype; the message says which.

    Introduced in 13_training.
    """
    _require_run(path, net, optimiser, "load_checkpoint")
    record, arrays = _read(path)
    _require_same_words(path, record["network"], net.description())
    _require_same_words(path, {"optimiser": record["optimiser"].get("kind")}, {"optimiser": type(optimiser).__name__})
    params, slots = _group(arrays, "params"), _slots(arrays, optimiser)
    _require_same_arrays(path, params, net.params)
    for name, array in params.items():
        require_finite(f"{path}: {name}", array, "load_checkpoint")
    for slot in slots.values():
        _require_same_arrays(path, slot, {name: array for name, array in net.params.items() if name in slot})
    with _refusing(path):
        history = _history(record, arrays, optimiser)
        places = _places(record.get("generators", {}), generators_of(net))
        optimiser.load_state(record["optimiser"]["state"] | slots)
    for name, array in params.items():
        net.params[name][...] = array
    for name, rng in generators_of(net).items():
        rng.bit_generator.state = places[name]
    return history


def generators_of(net):
    """Return the generators that a network drops numbers with in training, by name."""
    return net.generators() if hasattr(net, "generators") else {}


def require_place(name, path, needed_by):
    """Refuse a path that no file can be written to: no path at all, a folder, or a name in a folder that is not there."""
    if not isinstance(path, str | os.PathLike) or os.path.isdir(path) or not os.path.isdir(os.path.dirname(path) or "."):
        raise ValueError(f"{name} is {path!r:.60}; {needed_by} needs a file in a folder that exists")


def _require_run(path, net, optimiser, needed_by):
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"path is {path!r:.60}; {needed_by} needs the path of a file")
    for name, part, has, needed in (("net", net, "description", "a network, such as Network(LSTM(D, H), Linear(H, K))"),
                                    ("optimiser", optimiser, "state", "an optimiser, such as Adam(0.01)")):
        if isinstance(part, type) or not hasattr(part, has):
            raise ValueError(f"{name} is {part!r:.60}; {needed_by} needs {needed}")


def _require_own_memory(arrays, net):
    """Refuse an optimiser that remembers another network: its file could never be loaded."""
    for place, array in arrays.items():
        slot, name = place.split("/", 1)
        if name in net.params and array.shape != net.params[name].shape:
            raise ValueError(f"optimiser has a {slot} of {name} of shape {array.shape}; save_checkpoint needs "
                             f"{net.params[name].shape}, as in net: the optimiser of this network")


def _history(record, arrays, optimiser):
    curves = {name: arrays[_curve(name)].astype(kind, casting="equiv").tolist() for name, kind in CURVES.items()}
    for name, other in (("loss", "gradient_norm"), ("evaluated_at", "evaluation")):
        if arrays[_curve(name)].ndim != 1 or arrays[_curve(name)].shape != arrays[_curve(other)].shape:
            raise ValueError(f"{name} and {other} are not lists of one length")
    seed, stopped = record["history"]["evaluation_seed"], record["history"]["stopped"]
    if not (seed is None or (isinstance(seed, int) and seed >= 0)) or stopped not in STOPPED:
        raise ValueError(f"its history has the evaluation_seed {seed!r} and was stopped by {stopped!r}")
    return History(**curves, stopped=stopped, evaluation_seed=seed, rng=_generator(record["generator"]), optimiser=optimiser)


@contextlib.contextmanager
def _refusing(path, fault="is not a checkpoint"):
    """Turn whatever the readers of a damaged or hostile file raise into one error: they know of no common one."""
    try:
        yield
    except Exception as error:
        what = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        raise ValueError(f"{path} {fault}: {what}") from error


def _curve(name):
    return f"history/{name}"


def _split(state):
    """Return an optimiser's state as two dicts: its numbers, and its arrays by "slot/parameter"."""
    words = {name: value for name, value in state.items() if not isinstance(value, dict)}
    arrays = {f"{slot}/{name}": array for slot, value in state.items() if isinstance(value, dict)
              for name, array in value.items()}
    return words, arrays


def _slots(arrays, optimiser):
    """Return the arrays of each slot of an optimiser's state, by parameter name; the inverse of `_split`."""
    slots = [name for name, value in optimiser.state().items() if isinstance(value, dict)]
    return {slot: _group(arrays, f"optimiser/{slot}") for slot in slots}


def _group(arrays, group):
    return {name.removeprefix(f"{group}/"): array for name, array in arrays.items() if name.startswith(f"{group}/")}


def _read(path):
    """Return the record and the arrays of a checkpoint; refuse files that are cut short, damaged or not ours."""
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError(f"{path} is no file but a pipe or a device; load_checkpoint needs a file of save_checkpoint")
        _require_whole(path, file)
        file.seek(0)
        with np.load(file, allow_pickle=False) as archive:
            if FORMAT not in archive.files:
                raise ValueError(f"{path} is not a checkpoint: an archive of something else")
            with _refusing(path):
                arrays = {name: archive[name] for name in archive.files}
                record = json.loads(str(arrays[FORMAT]))
                version = record["version"]
    if version != VERSION:
        raise ValueError(f"{path} has version {version}; load_checkpoint needs version {VERSION}")
    absent = [name for name in RECORD if name not in record] + [name for name in CURVES if _curve(name) not in arrays]
    absent += [name for name in DICTS if name in record and not isinstance(record[name], dict)]
    if absent:
        raise ValueError(f"{path} is not a checkpoint: it has no {', '.join(absent)}")
    return record, arrays


def _without_waiting(path, flags):
    """Open a file; a pipe would wait for someone who writes."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _require_whole(path, file):
    start = file.read(len(ZIP_START))
    if not ZIP_START.startswith(start):
        raise ValueError(f"{path} is not a checkpoint: save_checkpoint writes .npz files")
    with _refusing(path, "is cut short or damaged"), zipfile.ZipFile(file) as archive:
        packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist())
        damaged = None if packed else archive.testzip()
    if packed:                                  # what is packed may unpack to any size
        raise ValueError(f"{path} is not a checkpoint: save_checkpoint packs nothing")
    if damaged is not None:
        raise ValueError(f"{path} is damaged: the checksum of {damaged} does not fit")


def _require_same_words(path, found, needed):
    for word in found | needed:
        if found.get(word) != needed.get(word):
            raise ValueError(f"{path} has the {word} {found.get(word)!r}; load_checkpoint needs {needed.get(word)!r}, as given")


def _require_same_arrays(path, found, needed):
    if found.keys() != needed.keys():
        raise ValueError(f"{path} has the parameters {', '.join(found)}; the network needs {', '.join(needed)}")
    for name, array in needed.items():
        if found[name].shape != array.shape:
            raise ValueError(f"{name} has shape {found[name].shape} in {path}; the network needs {array.shape}")
        if found[name].dtype != array.dtype:
            raise ValueError(f"{name} has dtype {found[name].dtype} in {path}; the network needs {array.dtype}")


def _generator_state(rng):
    """Return a generator as words and numbers: its kind, its place in the stream, and the seed of its children."""
    if rng is None:
        return None
    source = rng.bit_generator
    if type(source).__name__ not in GENERATORS or not isinstance(source.seed_seq, np.random.SeedSequence):
        raise ValueError(f"history.rng is a {type(source).__name__}; save_checkpoint needs one of "
                         f"{', '.join(GENERATORS)}, made from a seed")
    return {"kind": type(source).__name__, "seed": source.seed_seq.state, "state": source.state}


def _places(states, generators):
    """Return the place in its stream of every generator of a network, as saved; refuse other names and other kinds."""
    if states.keys() != generators.keys():
        raise ValueError(f"it has the generators {', '.join(states) or 'none'}; the network needs "
                         f"{', '.join(generators) or 'none'}")
    places = {name: _generator(state).bit_generator.state for name, state in states.items()}
    for name, rng in generators.items():
        if places[name]["bit_generator"] != type(rng.bit_generator).__name__:
            raise ValueError(f"its generator {name} is a {places[name]['bit_generator']}; the network needs a "
                             f"{type(rng.bit_generator).__name__}")
    return places


def _generator(state):
    if state is None:
        return None
    if state["kind"] not in GENERATORS:
        raise ValueError(f"its generator is a {state['kind']}; load_checkpoint needs one of {', '.join(GENERATORS)}")
    if not 4 <= state["seed"]["pool_size"] <= LARGEST_POOL:
        raise ValueError(f"its seed has the pool_size {state['seed']['pool_size']}; load_checkpoint needs 4 to {LARGEST_POOL}")
    source = getattr(np.random, state["kind"])(np.random.SeedSequence(**state["seed"]))
    source.state = state["state"]
    return np.random.Generator(source)
