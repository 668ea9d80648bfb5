# SPDX-License-Identifier: BSD-3-Clause
"""LSTMs for ESE: the paper's shapes with synthetic weights, pruned with or without regard to the balance of PEs."""
from dataclasses import dataclass

import numpy as np
import sim
import accelerators
import tensors

# Fraction bits: x has 12, weights and peepholes 11, y and the tables 15, c 11, accumulators 20.
X_BITS, WEIGHT_BITS, Y_BITS, STATE_BITS, SUM_BITS = 12, 11, 15, 11, 20
SIGMOID_REACH, TANH_REACH = 64, 128   # the tables' ranges, from minus to plus
GATES = "ifco"
MATRICES = tuple(gate + source for gate in GATES for source in "xr") + ("ym",)


def published():
    """{matrix: row of the paper's table}, "total" among them; None where the paper has no number."""
    rows = accelerators.read_table("ese_matrices")
    return {row["matrix"]: {k: float(v) if v else None for k, v in row.items() if k != "matrix"} for row in rows}


def keep_largest(weights, count):
    """Whether each is among so many of largest magnitude."""
    kept = np.zeros(weights.size, bool)
    kept[np.argsort(-np.abs(weights), axis=None, kind="stable")[:count]] = True
    return kept.reshape(weights.shape)


def pruned(weights, density, pes, is_balanced):
    """The mask of weights that stay: of all rows alike, or as many in every PE's rows (load-balance-aware pruning)."""
    if not is_balanced:
        return keep_largest(weights, round(density * weights.size))
    mask = np.zeros(weights.shape, bool)
    total, done = round(density * weights.size), 0
    for pe in range(pes):
        count = total * (pe + 1) // pes - done   # equal but for the remainder
        mask[pe::pes] = keep_largest(weights[pe::pes], count)
        done += count
    return mask


def imbalance(matrix, pes):
    """Most kept weights of a PE over their mean."""
    counts = np.array([np.count_nonzero(matrix[pe::pes]) for pe in range(pes)])
    return counts.max() / counts.mean() if counts.any() else 1.0


@dataclass
class Lstm:
    model: dict         # what sim.ese.encode takes
    x: np.ndarray       # steps x channels x inputs
    source: str
    imbalance: dict     # by matrix


def tables():
    places = np.arange(sim.ese.TABLE) - sim.ese.TABLE // 2
    sigmoid = 1 / (1 + np.exp(-places * (2 * SIGMOID_REACH / sim.ese.TABLE)))
    tanh = np.tanh(places * (2 * TANH_REACH / sim.ese.TABLE))
    return [np.clip(np.rint(of * 2.0**15), -32768, 32767).astype(np.int16) for of in (sigmoid, tanh)]


def fixed(values, bits, width):
    reach = 1 << (width - 1)
    return np.clip(np.rint(values * 2.0**bits), -reach, reach - 1).astype(np.int32 if width == 32 else np.int16)


def shifts(x_bits=X_BITS):
    """What the formats above make of the model's shifts."""
    places_per_unit = {"sigmoid": sim.ese.TABLE // (2 * SIGMOID_REACH), "tanh": sim.ese.TABLE // (2 * TANH_REACH)}
    bits = {name: SUM_BITS - places.bit_length() + 1 for name, places in places_per_unit.items()}
    from_x, from_y = x_bits + WEIGHT_BITS - SUM_BITS, Y_BITS + WEIGHT_BITS - SUM_BITS
    return {"shifts": [from_x, from_y] * 4 + [from_y], "peephole_shift": STATE_BITS + WEIGHT_BITS - SUM_BITS,
            "sigmoid_shift": bits["sigmoid"], "tanh_shift": bits["tanh"],
            "cell_tanh_shift": STATE_BITS - SUM_BITS + bits["tanh"], "state_fraction": STATE_BITS,
            "y_shift": SUM_BITS - Y_BITS}


def synthetic(seed, channels=32, steps=3, pes=32, density=None, is_balanced=True, row_spread=0.0):
    """The paper's LSTM. Weights are normal; each row's are `row_spread` (standard deviation of a logarithm) larger or
    smaller, as trained rows differ. `density` replaces the paper's, matrix by matrix; 1 is dense."""
    random = np.random.default_rng(seed)
    rows = {name: row for name, row in published().items() if name != "total"}
    model = dict(shifts())
    unbalance = {}
    for name, row in rows.items():
        shape = int(row["rows"]), int(row["columns"])
        weights = random.normal(0, 1, shape) * np.exp(random.normal(0, 1, (shape[0], 1)) * row_spread)
        share = density or row["density_percent"] / 100
        mask = pruned(weights, share, pes, is_balanced)
        scale = 0.7 / np.sqrt(share * shape[1] * np.square(weights[mask]).mean())
        values = fixed(weights * scale, WEIGHT_BITS, 12)
        values[values == 0] = 1   # what is kept is not 0
        model[name] = np.ascontiguousarray(np.where(mask, values, 0).astype(np.int16))
        unbalance[name] = imbalance(model[name], pes)
    cells = int(rows["ix"]["rows"])
    model["bias"] = [fixed(random.normal(0, 0.5, cells), SUM_BITS, 32) for _ in GATES]
    model["peepholes"] = [fixed(random.normal(0, 0.3, cells), WEIGHT_BITS, 16) for _ in range(3)]
    model["sigmoid"], model["tanh"] = tables()
    x = fixed(random.normal(0, 1, (steps, channels, int(rows["ix"]["columns"]))), X_BITS, 16)
    kind = "dense" if density == 1 else "balanced" if is_balanced else "unbalanced"
    return Lstm(model, x, f"synthetic, seed {seed}, {kind}", unbalance)


def from_npz(path, channels, steps, seed):
    """An LSTM of arrays in a file: those that sim.ese.encode takes, bias as 4 x cells, peepholes as 3 x cells; x or
    random inputs."""
    model = tensors.load(path)
    missing = [name for name in MATRICES if name not in model]
    if missing:
        raise sim.ConfigError(f"{path}: holds {', '.join(model) or 'nothing'}; an LSTM needs {' and '.join(missing)}, too")
    for name in model:
        tensors.numbers(path, model, name, dimensions=2 if name in MATRICES else 3 if name == "x" else None)
    x = model.pop("x", None)
    for name in ("bias", "peepholes"):
        model[name] = list(model.get(name, []))
    for name, value in shifts().items():
        model[name] = np.asarray(model.get(name, value)).tolist()
    for name, table in zip(("sigmoid", "tanh"), tables()):
        model.setdefault(name, table)
    if x is None:
        x = fixed(np.random.default_rng(seed).normal(0, 1, (steps, channels, model["ix"].shape[1])), X_BITS, 16)
    return Lstm(model, np.ascontiguousarray(x), path, {})


def floating(lstm):
    """y of every step, in floating point, with true sigmoid and tanh."""
    m = lstm.model
    weights = {name: m[name] / 2.0**WEIGHT_BITS for name in (g + k for g in GATES for k in "xr")}
    weights["ym"] = m["ym"] / 2.0**WEIGHT_BITS
    bias = [b / 2.0**SUM_BITS for b in m["bias"]]
    peephole = dict(zip("ifo", (p / 2.0**WEIGHT_BITS for p in m["peepholes"])))
    def sigmoid(v):
        return 1 / (1 + np.exp(-v))
    channels = lstm.x.shape[1]
    y, c, made = np.zeros((channels, m["ym"].shape[0])), np.zeros((channels, m["ym"].shape[1])), []
    for x in lstm.x / 2.0**X_BITS:
        def gate(name, state, x=x):
            sums = x @ weights[name + "x"].T + y @ weights[name + "r"].T + bias[GATES.index(name)]
            return sums + (peephole[name] * state if name in peephole else 0)
        c = sigmoid(gate("f", c)) * c + sigmoid(gate("i", c)) * np.tanh(gate("c", c))
        y_next = (sigmoid(gate("o", c)) * np.tanh(c)) @ weights["ym"].T
        y = y_next
        made.append(y)
    return np.array(made)
