"""Checkpoints that somebody has tampered with: each is refused with a ValueError, or can be trained on."""

import contextlib
import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from lstm_helpers.learning import Adam, TrainingDiverged, load_checkpoint, train

FORMAT = "lstm_helpers checkpoint"
WORDS = st.sampled_from(["PCG64", "seed", "RandomState", "__class__", "PCG64DXSM", "MT19937", "running", "Adam", "x" * 300])
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8)
JSON = st.recursive(ATOMS, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3)), max_leaves=6)
DTYPES = st.one_of(arrays_of.scalar_dtypes(), arrays_of.array_dtypes(max_size=2), arrays_of.unicode_string_dtypes())
ARRAYS = arrays_of.arrays(DTYPES, arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
MANY_MORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)


@pytest.fixture
def arrays(make_network, task, tmp_path):
    """What a checkpoint of five steps holds, by name."""
    train(make_network(), task, steps=5, evaluate_every=2, checkpoint=tmp_path / "run.npz", progress=False)
    with np.load(tmp_path / "run.npz") as archive:
        return {name: archive[name] for name in archive.files}


@pytest.fixture
def try_to_load(make_network, task, tmp_path):
    path = tmp_path / "tampered.npz"

    def load(write):
        write(path)
        net, optimiser, untouched = make_network(seed=1), Adam(0.01), make_network(seed=1)
        try:
            history = load_checkpoint(path, net, optimiser)
        except ValueError as told:
            assert str(path) in str(told)
            assert all(np.array_equal(net.params[name], array) for name, array in untouched.params.items())
            assert repr(optimiser.state()) == repr(Adam(0.01).state())
            return False
        history.rng = history.rng or np.random.default_rng(0)
        steps = len(history)
        with contextlib.suppress(TrainingDiverged), np.errstate(all="ignore"):     # a learning rate of 1e150 is one too
            assert len(train(net, task, steps=1, evaluate_every=1, history=history, progress=False)) == steps + 1
        return True

    return load


def places(value, way=()):
    """Yield the way to every value within nested dicts and lists."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inner:
        yield from places(entry, (*way, key))


def replaced(value, way, new):
    """Return a copy in which one entry is another; `...` leaves it out."""
    if not way:
        return new
    items = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    items[way[0]] = replaced(items[way[0]], way[1:], new)
    items = {key: entry for key, entry in items.items() if entry is not ...}
    return items if isinstance(value, dict) else list(items.values())


def test_an_untouched_file_is_trained_on(arrays, try_to_load):
    assert try_to_load(lambda path: np.savez(path, **arrays))


@MANY_MORE
@given(st.data())
def test_a_record_with_one_entry_changed(arrays, try_to_load, data):
    record = json.loads(str(arrays[FORMAT]))
    way = data.draw(st.sampled_from(list(places(record))))
    changed = replaced(record, way, data.draw(JSON | st.just(...)))
    words = "" if changed is ... else json.dumps(changed)
    try_to_load(lambda path: np.savez(path, **arrays | {FORMAT: np.array(words)}))


@MANY_MORE
@given(st.data())
def test_an_array_replaced_added_or_missing(arrays, try_to_load, data):
    name = data.draw(st.sampled_from([*arrays, "params/more", "optimiser/mean/more", "history/more", "optimiser/more"]))
    array = data.draw(ARRAYS | st.none())
    others = {other: value for other, value in arrays.items() if other != name}
    try_to_load(lambda path: np.savez(path, **others | ({} if array is None else {name: array})))


@MANY_MORE
@given(st.binary(max_size=200), st.integers(0, 20_000), st.integers(0, 200))
@example(b"PK\x03\x04", 0, 0)
def test_bytes_put_in_place_of_others(arrays, try_to_load, some, start, length):
    def write(path):
        np.savez(path, **arrays)
        content = path.read_bytes()
        start_ = start % len(content)
        path.write_bytes(content[:start_] + some + content[start_ + length:])

    try_to_load(write)


@MANY_MORE
@given(st.binary(max_size=500))
def test_bytes_of_any_kind(try_to_load, content):
    assert not try_to_load(lambda path: path.write_bytes(content))


@pytest.mark.parametrize("header", [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000000,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os').getcwd(), }",
    "(" * 3000])
def test_an_array_with_a_made_up_header(arrays, try_to_load, header):
    def write(path):
        np.savez(path, **arrays)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("params/more.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())

    assert not try_to_load(write)


def test_a_file_that_would_unpack_to_any_size(arrays, try_to_load):
    assert not try_to_load(lambda path: np.savez_compressed(path, **arrays))


def test_a_record_nested_too_deep(arrays, try_to_load):
    assert not try_to_load(lambda path: np.savez(path, **arrays | {FORMAT: np.array("[" * 100_000)}))


@pytest.mark.parametrize(("way", "value", "message"), [
    (("history", "stopped"), "gone", "was stopped by 'gone'"),
    (("history", "evaluation_seed"), -1, "has the evaluation_seed -1"),
    (("history",), [], "it has no history"),
    (("generator", "kind"), "RandomState", "its generator is a RandomState; load_checkpoint needs one of PCG64, "),
    (("generator", "state"), {}, "is not a checkpoint: state must be for a PCG64"),
    (("optimiser", "kind"), ..., "has the optimiser None; load_checkpoint needs 'Adam', as given"),
    (("optimiser", "state", "learning_rate"), "fast", "learning_rate is 'fast'; an optimiser needs a finite number above 0"),
    (("optimiser", "state", "beta1"), None, "beta1 is None; an optimiser needs a number from 0 to below 1"),
    (("optimiser", "state", "steps"), -1, "steps is -1; an optimiser needs a whole number from 0 on"),
])
def test_what_is_said_of_a_record(arrays, tmp_path, make_network, way, value, message):
    record = replaced(json.loads(str(arrays[FORMAT])), way, value)
    np.savez(tmp_path / "run.npz", **arrays | {FORMAT: np.array(json.dumps(record))})
    with pytest.raises(ValueError, match=message):
        load_checkpoint(tmp_path / "run.npz", make_network(), Adam(0.01))


@pytest.mark.parametrize(("name", "array", "message"), [
    ("history/loss", np.ones(4), "loss and gradient_norm are not lists of one length"),
    ("history/evaluated_at", np.ones((2, 1), int), "evaluated_at and evaluation are not lists of one length"),
    ("history/loss", np.array(["a"] * 5), "Cannot cast"),
    ("optimiser/mean/output.W", np.ones((1, 6)), r"output.W has shape \(1, 6\)"),
    ("optimiser/mean/more", np.ones(3), "has the parameters .*more"),
])
def test_what_is_said_of_an_array(arrays, tmp_path, make_network, name, array, message):
    np.savez(tmp_path / "run.npz", **arrays | {name: array})
    with pytest.raises(ValueError, match=message):
        load_checkpoint(tmp_path / "run.npz", make_network(), Adam(0.01))
