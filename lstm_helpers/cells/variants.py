"""The LSTM with parts added, changed or taken away, one readable class for all. The fast plain cell is in `lstm.py`.

`VARIANTS` names the changes: Introduced in 19_variants.
"""

from dataclasses import dataclass, fields

import numpy as np

from lstm_helpers.cells.activations import sigmoid
from lstm_helpers.cells.gates import GATES
from lstm_helpers.cells.layer import CellStateLayer, Gradients, slab_gradients, states_before, taken_steps, through_slabs
from lstm_helpers.cells.lstm import LSTM

VARIANTS = ("peepholes", "coupled", "no input gate", "no forget gate", "no output gate", "no input activation",
            "no output activation", "layer norm")
NO_GATE = {"i": "no input gate", "f": "no forget gate", "o": "no output gate"}
EPSILON = 1e-5                                          # keeps a normalised sum finite where all units agree


@dataclass(frozen=True)
class VariantTrace:
    """Hold everything one `LSTMVariant.forward` computed, which is all that `LSTMVariant.backward` needs.

    Attributes
    ----------
    x : (T, B, D)
    h0, c0 : (B, H)
    mask : (T, B) of booleans, or None
    i, f, g, o : (T, B, H); a gate that is not there is 1
    c, h : (T, B, H), the states after each step
    out : (T, B, H), what the output gate multiplies: tanh(c) in the plain cell
    normal, spread : (T, K, B, H) and (T, K, B, 1), the K normalised sums and what they were divided by (layer norm)
    normal_c, spread_c : (T, B, H) and (T, B, 1), the same of the cell state

    Introduced in 19_variants.
    """

    x: np.ndarray
    h0: np.ndarray
    c0: np.ndarray
    mask: np.ndarray | None
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c: np.ndarray
    h: np.ndarray
    out: np.ndarray
    normal: np.ndarray | None = None
    spread: np.ndarray | None = None
    normal_c: np.ndarray | None = None
    spread_c: np.ndarray | None = None

    @property
    def input_size(self):
        return self.x.shape[2]

    def steps(self):
        """Return everything that each step computed, by name: a list of T dicts."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)[4:] if getattr(self, field.name) is not None}
        return [dict(zip(arrays, step, strict=True)) for step in zip(*arrays.values(), strict=True)]


class LSTMVariant(CellStateLayer):
    """Run an LSTM with changed parts over whole sequences, forward and backward.

    c_t = f ⊙ c_{t-1} + i ⊙ g,  h_t = o ⊙ tanh(c_t), and for each name in `variant` one change:

    - "peepholes": z_i and z_f get p ⊙ c_{t-1} added, z_o gets p ⊙ c_t
    - "coupled": i = 1 - f
    - "no input gate", "no forget gate", "no output gate": that gate is 1
    - "no input activation": g = z_g;  "no output activation": h = o ⊙ c
    - "layer norm": z = gain ⊙ normalised(x W_x + h_prev W_h) + b for each gate by itself, over its H units (peepholes
      are added after that), and c is normalised, with a gain and a shift, where the output reads it, not where it is
      kept. Ba et al. normalise x W_x and h_prev W_h separately in their LSTM, and their sum, as here, in their RNN.

    Parameters
    ----------
    input_size, hidden_size : D, H
    variant : a name out of VARIANTS or several of them; () is the plain LSTM
    forget_bias : b_f of every cell at the start; None leaves what `init` draws
    init : "orthogonal" or "uniform", as for `LSTM`; with one seed all variants start from the same weights
    rng : seed or numpy.random.Generator
    dtype : np.float64 (exact) or np.float32 (fast)

    Attributes
    ----------
    gates : the K parts that have weights, in the order of GATES
    params : {"W_x": (K, D, H), "W_h": (K, H, H), "b": (K, H)}; with peepholes "p" (one row for each gate among i, f, o that
        has weights, H), zero at the start; with layer norm "gain" (K, H), "gain_c" and "shift_c" (H,), ones and zeros

    Introduced in 19_variants. Sources: Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2015), "LSTM: a search space
    odyssey"; Gers & Schmidhuber (2000), "Recurrent nets that time and count"; Ba, Kiros & Hinton (2016), "Layer
    normalization".
    """

    trace_type = VariantTrace

    def __init__(self, input_size, hidden_size, variant=(), *, forget_bias=1.0, init="orthogonal", rng=0, dtype=np.float64):
        super().__init__(input_size, hidden_size, dtype)
        self.changes = _changes(variant, self.hidden_size)
        self.gates = tuple(gate for gate in GATES if self._has_weights(gate))
        self.peeping = tuple(gate for gate in self.gates if gate != "g") if "peepholes" in self.changes else ()
        plain = LSTM(input_size, hidden_size, forget_bias=forget_bias, init=init, rng=rng, dtype=dtype)
        places = [GATES.index(gate) for gate in self.gates]
        params = {name: slabs[places] for name, slabs in plain.params.items()}
        if self.peeping:
            params["p"] = np.zeros((len(self.peeping), self.hidden_size), self.dtype)
        if "layer norm" in self.changes:
            params["gain"] = np.ones_like(params["b"])
            params["gain_c"] = np.ones(self.hidden_size, self.dtype)
            params["shift_c"] = np.zeros(self.hidden_size, self.dtype)
        self._own_params(params)

    @property
    def variant(self):
        """The changes in words, "plain" where there is none."""
        return ", ".join(self.changes) or "plain"

    def _take_steps(self, x, mask, h0, c0):
        from_x = x[:, None] @ self.params["W_x"]                                      # (T, K, B, H)
        h_prev, c_prev, steps = h0, c0, []
        for t in range(len(x)):
            step = self._step(from_x[t], h_prev, c_prev)
            if mask is not None:
                taken = mask[t, :, None]                                              # (B, 1)
                step |= {"h": np.where(taken, step["h"], h_prev), "c": np.where(taken, step["c"], c_prev)}
            h_prev, c_prev = step["h"], step["c"]
            steps.append(step)
        return VariantTrace(np.array(x), h0, c0, mask, **{name: np.array([step[name] for step in steps]) for name in steps[0]})

    def _carry_back(self, trace, dh_total, dh_next, dc_next, need_x):
        """As in `LSTM`, but: peepholes send dz ⊙ p to the cell state that they see; in the coupled cell dL/df is
        dc ⊙ (c_{t-1} - g); a gate that is not there passes all of the gradient and gets none.

        Source: Greff et al. (2015), by the chain rule.
        """
        recorded, steps, dc_total = trace.steps(), [], np.empty_like(dh_total)
        c_prev, taken = states_before(trace.c0, trace.c), taken_steps(trace.mask, trace.h)
        for t in reversed(range(len(trace.h))):
            dh_total[t] += dh_next
            back = self._step_back(recorded[t], c_prev[t], dh_total[t] * taken[t], dc_next * taken[t])
            carried_h, carried_c = dh_total[t] * (1 - taken[t]), dc_next * (1 - taken[t])
            dc_total[t] = back["dc"] + carried_c
            dh_next = through_slabs(back["d_sums"], self.params["W_h"]) + carried_h
            dc_next = back["dc_prev"] + carried_c
            steps.append(back)
        stacked = {name: np.array([step[name] for step in reversed(steps)]) for name in steps[0]}
        dx = through_slabs(stacked["d_sums"], self.params["W_x"]) if need_x else None
        return Gradients(self._weight_gradients(trace, stacked), x=dx, h0=dh_next, h=dh_total, c0=dc_next, c=dc_total)

    def _has_weights(self, gate):
        return NO_GATE.get(gate) not in self.changes and not (gate == "i" and "coupled" in self.changes)

    # One step forward, piece by piece.

    def _step(self, from_x, h_prev, c_prev):
        """Return everything of one step by name, from x W_x (K, B, H) and the states (B, H)."""
        z, norms = self._normalised(from_x + h_prev @ self.params["W_h"])
        f = self._gate("f", z, c_prev)
        i = 1 - f if "coupled" in self.changes else self._gate("i", z, c_prev)
        z_g = z[self.gates.index("g")]
        g = z_g if "no input activation" in self.changes else np.tanh(z_g)
        c = f * c_prev + i * g
        o = self._gate("o", z, c)
        out, norms_c = self._read(c)
        return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * out, "out": out} | norms | norms_c

    def _normalised(self, sums):
        """Return z (K, B, H) of every part that has weights, the sums normalised if asked for, and what the norm computed."""
        b = self.params["b"][:, None]                                                 # (K, 1, H)
        if "layer norm" not in self.changes:
            return sums + b, {}
        normal, spread = _normalise(sums)
        return self.params["gain"][:, None] * normal + b, {"normal": normal, "spread": spread}

    def _gate(self, gate, z, c_seen):
        """Return a gate (B, H): ones if it is not there, with a view of the cell state if it has a peephole."""
        if gate not in self.gates:
            return np.ones_like(c_seen)
        return sigmoid(z[self.gates.index(gate)] + self._peephole(gate) * c_seen)

    def _peephole(self, gate):
        """Return the peephole weights (H,) of a gate, 0 if it has none."""
        return self.params["p"][self.peeping.index(gate)] if gate in self.peeping else 0

    def _read(self, c):
        """Return what the output gate multiplies (B, H), and what the norm computed."""
        norms, seen = {}, c
        if "layer norm" in self.changes:
            normal, spread = _normalise(c)
            norms, seen = {"normal_c": normal, "spread_c": spread}, self.params["gain_c"] * normal + self.params["shift_c"]
        return seen if "no output activation" in self.changes else np.tanh(seen), norms

    # The same pieces backward, last one first.

    def _step_back(self, s, c_prev, dh, dc_next):
        """Return the gradients of one step by name, from `s`, everything that the step computed."""
        dz = {"o": dh * s["out"] * _sigmoid_slope(s["o"])}
        d_seen = dh * s["o"] * (1 if "no output activation" in self.changes else 1 - s["out"] ** 2)
        dc = dc_next + self._unread(s, d_seen) + self._peephole("o") * dz["o"]
        df, di = dc * c_prev, dc * s["g"]
        if "coupled" in self.changes:
            df -= di                                                                  # f acts through i = 1 - f, too
        dz |= {"i": di * _sigmoid_slope(s["i"]), "f": df * _sigmoid_slope(s["f"])}
        dz["g"] = dc * s["i"] * (1 if "no input activation" in self.changes else 1 - s["g"] ** 2)
        dc_prev = dc * s["f"] + self._peephole("i") * dz["i"] + self._peephole("f") * dz["f"]
        stacked = np.array([dz[gate] for gate in self.gates])                         # (K, B, H)
        return {"dz": stacked, "d_sums": self._unnormalised(s, stacked), "d_seen": d_seen, "dc": dc, "dc_prev": dc_prev}

    def _unread(self, s, d_seen):
        """Return what `_read` sends back to the cell state."""
        if "layer norm" not in self.changes:
            return d_seen
        return _normalise_back(d_seen * self.params["gain_c"], s["normal_c"], s["spread_c"])

    def _unnormalised(self, s, dz):
        """Return the gradient by the sums x W_x + h_prev W_h, (K, B, H)."""
        if "layer norm" not in self.changes:
            return dz
        return _normalise_back(dz * self.params["gain"][:, None], s["normal"], s["spread"])

    def _weight_gradients(self, trace, back):
        """Return the gradient of every parameter from the gradients of all steps."""
        W_x, _ = slab_gradients(trace.x, back["d_sums"])
        W_h, _ = slab_gradients(states_before(trace.h0, trace.h), back["d_sums"])
        grads = {"W_x": W_x, "W_h": W_h, "b": back["dz"].sum(axis=(0, 2))}
        if self.peeping:
            seen = {"i": states_before(trace.c0, trace.c), "f": states_before(trace.c0, trace.c), "o": trace.c}
            grads["p"] = np.array([(back["dz"][:, self.gates.index(gate)] * seen[gate]).sum(axis=(0, 1))
                                   for gate in self.peeping])
        if "layer norm" in self.changes:
            grads["gain"] = (back["dz"] * trace.normal).sum(axis=(0, 2))
            grads["gain_c"] = (back["d_seen"] * trace.normal_c).sum(axis=(0, 1))
            grads["shift_c"] = back["d_seen"].sum(axis=(0, 1))
        return grads


def _changes(variant, hidden_size):
    """Return the names of a variant in the order of VARIANTS, or refuse what is unknown or contradicts itself."""
    if not isinstance(variant, str | tuple | list | set | frozenset):
        raise ValueError(f"variant is {variant!r:.60}; LSTMVariant needs names out of {', '.join(VARIANTS)}, "
                         "or () for the plain LSTM")
    names = {variant} if isinstance(variant, str) else set(variant)
    if not names <= set(VARIANTS):
        strange = ", ".join(sorted(map(repr, names - set(VARIANTS))))
        raise ValueError(f"variant has {strange}; LSTMVariant needs names out of {', '.join(VARIANTS)}, or () for the plain LSTM")
    if "coupled" in names and names & {"no input gate", "no forget gate"}:
        raise ValueError('variant is "coupled" and takes a gate away; LSTMVariant needs both gates for i = 1 - f')
    if "peepholes" in names and names >= set(NO_GATE.values()):
        raise ValueError('variant has "peepholes" and no gate; LSTMVariant needs a gate that looks through them')
    if "layer norm" in names and hidden_size == 1:
        raise ValueError('hidden_size is 1; LSTMVariant needs at least 2 for "layer norm", as one unit is its own mean')
    return tuple(name for name in VARIANTS if name in names)


def _sigmoid_slope(gate):
    """Return σ'(z) from σ(z). A gate that is fixed at 1 has slope 0."""
    return gate * (1 - gate)


def _normalise(sums):
    """Return sums with mean 0 and variance 1 over the last axis, and the standard deviations they were divided by."""
    centred = sums - sums.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + EPSILON)
    return centred / spread, spread


def _normalise_back(d_normal, normal, spread):
    """Return the gradient by the sums: what shifts all units alike, or scales them alike, changes nothing and is taken out."""
    shared = d_normal.mean(axis=-1, keepdims=True) + normal * (d_normal * normal).mean(axis=-1, keepdims=True)
    return (d_normal - shared) / spread
