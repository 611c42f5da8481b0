import json
import os
import pathlib
import pickle
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lstm_helpers.cells import LSTM, RNN
from lstm_helpers.learning import SGD, Adam, History, Linear, Network, load_checkpoint, save_checkpoint, train
from lstm_helpers.learning.checkpoints import FORMAT

ROOT = pathlib.Path(__file__).resolve().parents[2]

OPTIMISERS = [lambda: SGD(0.05), lambda: SGD(0.05, momentum=0.9), lambda: Adam(0.02)]


@pytest.fixture
def saved(make_network, task, tmp_path):
    """A checkpoint of eight steps of an RNN with Adam, and the network."""
    net, path = make_network(), tmp_path / "run.npz"
    train(net, task, steps=8, evaluate_every=3, checkpoint=path, progress=False)
    return path, net


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_resumed_is_never_stopped(make_network, same_params, task, layer, optimiser, kind, tmp_path):
    def generator():
        return np.random.Generator(getattr(np.random, kind)(5))

    whole, first, second, path = make_network(layer), make_network(layer), make_network(layer, seed=1), tmp_path / "run"
    options = {"evaluate_every": 4, "progress": False}
    expected = train(whole, task, steps=20, optimiser=optimiser(), rng=generator(), **options)
    train(first, task, steps=9, optimiser=optimiser(), rng=generator(), checkpoint=path, **options)
    history = load_checkpoint(path, second, type(optimiser())(9.0))
    assert same_params(first, second) and len(history) == 9
    train(second, task, steps=11, history=history, **options)
    assert same_params(whole, second)
    for name in ("loss", "gradient_norm", "evaluated_at", "evaluation", "stopped", "evaluation_seed"):
        assert getattr(history, name) == getattr(expected, name), name
    assert history.rng.spawn(1)[0].random() == expected.rng.spawn(1)[0].random()


def test_float32_and_other_reads(make_network, same_params, task, layer, tmp_path):
    first, second = (make_network(layer, "every", dtype=np.float32, seed=seed) for seed in (0, 1))
    save_checkpoint(tmp_path / "run.npz", first, SGD(0.1), History())
    history = load_checkpoint(tmp_path / "run.npz", second, SGD(0.1))
    assert same_params(first, second) and len(history) == 0 and history.rng is None


def test_the_network_keeps_its_own_arrays(make_network, saved):
    path, net = saved
    arrays = net.params
    load_checkpoint(path, net, Adam(0.01))
    assert all(net.params[name] is array for name, array in arrays.items())


def test_the_file_holds_no_pickle(saved):
    path, _ = saved
    with np.load(path, allow_pickle=False) as archive:
        assert all(archive[name].dtype.kind in "fiU" for name in archive.files)


def test_a_failure_while_saving_leaves_the_old_file_whole(saved, make_network, same_params, monkeypatch):
    path, net = saved
    twin, other = make_network(seed=2), make_network(seed=3)
    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", lambda file, **arrays: file.write(b"PK") / 0)
        with pytest.raises(ZeroDivisionError):
            save_checkpoint(path, other, Adam(0.1), History())
    assert os.listdir(path.parent) == [path.name]
    assert len(load_checkpoint(path, twin, Adam(0.01))) == 8
    assert same_params(net, twin)


def refused(path, net, optimiser, message):
    """Assert that loading is refused and changes neither network nor optimiser."""
    params = {name: param.copy() for name, param in net.params.items()}
    state = repr(optimiser.state())
    with pytest.raises(ValueError, match=message) as told:
        load_checkpoint(path, net, optimiser)
    assert str(path) in str(told.value)
    assert all(np.array_equal(net.params[name], param) for name, param in params.items())
    assert repr(optimiser.state()) == state


def test_files_cut_short_are_refused_at_every_length(saved, make_network, tmp_path):
    path, _ = saved
    content, cut, net = path.read_bytes(), tmp_path / "cut.npz", make_network(seed=1)
    for length in [*range(0, len(content), 97), *range(8), *range(len(content) - 30, len(content))]:
        cut.write_bytes(content[:length])
        refused(cut, net, Adam(0.01), "is cut short")


def test_damaged_files_are_refused_or_whole(saved, make_network, same_params, tmp_path):
    path, net = saved
    content, damaged, rng = path.read_bytes(), tmp_path / "damaged.npz", np.random.default_rng(0)
    for place in rng.integers(4, len(content), 300):
        copy, twin = bytearray(content), make_network(seed=1)
        copy[place] ^= 1 << int(rng.integers(8))
        damaged.write_bytes(copy)
        try:
            load_checkpoint(damaged, twin, Adam(0.01))
        except ValueError as told:
            assert "damaged" in str(told) or "not a checkpoint" in str(told)
            assert same_params(twin, make_network(seed=1))
        else:
            assert same_params(twin, net)           # a bit that means nothing, such as a date


class SideEffect:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return pathlib.Path.touch, (self.path,)


def test_pickles_are_never_loaded(make_network, saved, tmp_path):
    path, _ = saved
    trace = tmp_path / "ran"
    plain, inside = tmp_path / "plain.npz", tmp_path / "inside.npz"
    plain.write_bytes(pickle.dumps(SideEffect(trace)))
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    np.savez(inside, **arrays | {"params/output.b": np.array([SideEffect(trace)], object)})
    refused(plain, make_network(), Adam(0.01), "is not a checkpoint")
    refused(inside, make_network(), Adam(0.01), "is not a checkpoint: .*allow_pickle")
    assert not trace.exists()
    pickle.loads(plain.read_bytes())
    assert trace.exists()


def test_foreign_files_are_refused(make_network, tmp_path):
    text, array, foreign, archive = (tmp_path / name for name in ("a.txt", "b.npy", "c.npz", "d.zip"))
    text.write_text("W_x = 1")
    np.save(array, np.ones(3))
    np.savez(foreign, W_x=np.ones((2, 6)))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("letter.txt", "hello")
    for path in (text, array, foreign, archive):
        refused(path, make_network(), Adam(0.01), "is not a checkpoint")


def test_a_missing_file_is_a_missing_file(make_network, tmp_path):
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "none.npz", make_network(), Adam(0.01))


@pytest.mark.parametrize(("options", "message"), [
    ({"hidden": 7}, r"recurrent.W_x has shape \(2, 6\) in .*; the network needs \(2, 7\)"),
    ({"outputs": 2}, r"output.W has shape \(6, 1\) in .*; the network needs \(6, 2\)"),
    ({"dtype": np.float32}, "recurrent.W_x has dtype float64 in .*; the network needs float32"),
    ({"layer": LSTM}, "has the layer 'RNN'; load_checkpoint needs 'LSTM', as given"),
    ({"read": "every"}, "has the read 'last'; load_checkpoint needs 'every', as given"),
    ({"layer": lambda *sizes, **options: RNN(*sizes, activation="relu", **options)},
     "has the activation 'tanh'; load_checkpoint needs 'relu', as given"),
])
def test_networks_that_do_not_fit_are_refused(saved, make_network, options, message):
    refused(saved[0], make_network(**{"seed": 1} | options), Adam(0.01), message)


def test_another_kind_of_optimiser_is_refused(saved, make_network):
    refused(saved[0], make_network(seed=1), SGD(0.1), "has the optimiser 'Adam'; load_checkpoint needs 'SGD', as given")


def test_other_parameters_are_named(saved, make_network):
    path, _ = saved
    with np.load(path) as archive:
        np.savez(path, **{name: archive[name] for name in archive.files if name != "params/output.b"})
    refused(path, make_network(seed=1), Adam(0.01),
            r"has the parameters recurrent\.W_x, recurrent\.W_h, recurrent\.b, output\.W; "
            r"the network needs recurrent\.W_x, recurrent\.W_h, recurrent\.b, output\.W, output\.b$")


@pytest.mark.parametrize(("change", "message"), [
    ({"version": 2}, "has version 2; load_checkpoint needs version 1$"),
    ({"version": 1}, "is not a checkpoint: it has no network, optimiser, generator, history$"),
])
def test_records_of_another_version_or_incomplete_are_refused(saved, make_network, change, message):
    path, _ = saved
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    np.savez(path, **arrays | {"lstm_helpers checkpoint": np.array(json.dumps(change))})
    refused(path, make_network(), Adam(0.01), message)


def test_a_generator_that_cannot_be_saved_is_refused(make_network, tmp_path):
    class Mine(np.random.PCG64):
        pass

    with pytest.raises(ValueError, match=r"^history\.rng is a Mine; save_checkpoint needs one of PCG64, PCG64DXSM, MT19937, "
                                         r"Philox, SFC64, made from a seed$"):
        save_checkpoint(tmp_path / "run.npz", make_network(), SGD(0.1), History(rng=np.random.Generator(Mine(0))))
    assert not os.listdir(tmp_path)


@pytest.fixture
def checkpoint(saved):
    return saved[0]


def tampered(checkpoint, **arrays):
    with np.load(checkpoint) as archive:
        kept = {name: archive[name] for name in archive.files}
    path = checkpoint.with_name("tampered.npz")
    np.savez(path, **kept | arrays)
    return path


@pytest.mark.parametrize(("name", "index", "value", "message"), [
    ("params/recurrent.W_x", 0, np.nan, r"recurrent\.W_x\[\d.*\] is nan; load_checkpoint needs finite numbers"),
    ("params/output.b", 0, np.inf, r"output\.b\[0\] is inf"),
    ("optimiser/mean/output.b", 0, np.nan, r"mean\['output\.b'\]\[0\] is nan; Adam needs finite numbers"),
    ("optimiser/square/output.b", 0, -1.0, r"square\['output\.b'\] holds -1\.0; Adam needs squares"),
])
def test_numbers_that_no_run_can_have_are_refused(checkpoint, make_network, same_params, name, index, value, message):
    with np.load(checkpoint) as archive:
        array = archive[name]
    array[(index,) * array.ndim] = value
    net, optimiser = make_network(seed=1), Adam(0.01)
    with pytest.raises(ValueError, match=message):
        load_checkpoint(tampered(checkpoint, **{name: array}), net, optimiser)
    assert same_params(net, make_network(seed=1)) and optimiser.steps == 0


@pytest.mark.parametrize("size", [10**6, -1, 3, "4", None])
def test_a_seed_that_would_take_for_ever_is_refused_at_once(checkpoint, make_network, size):
    with np.load(checkpoint) as archive:
        record = json.loads(str(archive[FORMAT]))
    record["generator"]["seed"]["pool_size"] = size
    start = time.perf_counter()
    with pytest.raises(ValueError, match="is not a checkpoint"):
        load_checkpoint(tampered(checkpoint, **{FORMAT: np.array(json.dumps(record))}), make_network(), Adam(0.01))
    assert time.perf_counter() - start < 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_refused_and_not_waited_for(make_network, tmp_path):
    os.mkfifo(tmp_path / "run.npz")
    with pytest.raises(ValueError, match="is no file but a pipe or a device"):
        load_checkpoint(tmp_path / "run.npz", make_network(), Adam(0.01))


def test_parameters_that_are_not_finite_are_not_saved(checkpoint, make_network):
    net, before = make_network(), checkpoint.read_bytes()
    net.params["output.W"][1, 0] = np.nan
    with pytest.raises(ValueError, match=r"params\['output\.W'\]\[1, 0\] is nan; save_checkpoint needs finite numbers"):
        save_checkpoint(checkpoint, net, Adam(0.01), History(rng=np.random.default_rng(0)))
    assert checkpoint.read_bytes() == before


def test_threads_that_save_to_one_path_leave_whole_files(make_network, task, tmp_path):
    path, net = tmp_path / "run.npz", make_network()
    history = train(net, task, steps=2, checkpoint=path, progress=False)

    def save_and_load(_):
        save_checkpoint(path, net, history.optimiser, history)
        return len(load_checkpoint(path, make_network(), Adam(0.01)))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(save_and_load, range(60))) == {2}
    assert os.listdir(tmp_path) == ["run.npz"]


KILLED = """
import sys
import numpy as np
from lstm_helpers.cells import LSTM
from lstm_helpers.learning import Linear, Network, train
net = Network(LSTM(2, 48, rng=0), Linear(48, 1, rng=0))
print("begun", flush=True)
def draw(batch, rng):
    return rng.normal(size=(4, batch, 2)), np.ones((batch, 1))
train(net, draw, steps=10**6, batch_size=1, checkpoint=sys.argv[1], checkpoint_every=1, progress=False)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_run_that_is_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    rng, path = np.random.default_rng(0), tmp_path / "run.npz"
    for _ in range(20):
        run = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert run.stdout.readline() == "begun\n"
        time.sleep(0.05 + 0.3 * rng.random())
        run.kill()
        run.wait()
        if path.exists():
            net = Network(LSTM(2, 48, rng=1), Linear(48, 1, rng=1))
            assert len(load_checkpoint(path, net, Adam(0.01))) >= 1
    assert path.exists()
