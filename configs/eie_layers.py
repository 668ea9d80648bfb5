# SPDX-License-Identifier: BSD-3-Clause
"""Layers for EIE: the nine of the paper with synthetic weights, the real Alex-8, and tensors from .npz files."""
import os
from dataclasses import dataclass, field

import numpy as np
import sim
import accelerators
import tensors
import trained

# Fraction bits of synthetic layers: activations within +-16, weights within +-1.
ACTIVATION_BITS = 11
WEIGHT_BITS = 12


@dataclass
class Layer:
    name: str
    source: str               # "synthetic, seed 1", or the file
    network: list             # layers as sim.eie.encode() takes them
    inputs: np.ndarray        # int16, or float32
    published: dict = None    # its row of the paper's tables
    floats: np.ndarray = None # outputs in floating point, where those mean something
    fraction_bits: int = 0    # of the outputs
    about: dict = field(default_factory=dict)

    @property
    def output_bytes(self):
        return len(self.network[-1]["codes"]) * (4 if self.network[-1]["arithmetic"] == "float32" else 2)


def published():
    """{lower-case name: row} of the paper's tables III and IV, numbers as numbers."""
    rows = accelerators.read_table("eie_layers")
    return {row["layer"].lower(): {key: value if key == "layer" else float(value) for key, value in row.items()}
            for row in rows}


def random_codes(random, rows, columns, density):
    """A matrix with independent non-zeros: the gaps between them are geometric."""
    size = rows * columns
    codes = np.zeros(size, np.uint8)
    at = -1
    while at < size:   # in parts: a mean gap times their number
        count = int(min((size - at) * density, 1 << 22)) + 64
        places = at + np.cumsum(random.geometric(density, count))
        inside = places[places < size]
        codes[inside] = random.integers(1, 16, len(inside), dtype=np.uint8)
        at = int(places[-1])
    return codes.reshape(rows, columns)


def uneven_codes(random, rows, columns, density, spread):
    """The same, but rows have densities of their own, log-normal around the mean with this deviation of the logarithm."""
    densities = np.exp(random.normal(0, spread, rows))
    densities = np.clip(densities * density / densities.mean(), 1e-4, 1)
    return np.concatenate([random_codes(random, 1, columns, d) for d in densities])


def synthetic(row, seed, arithmetic="round", spread=0):
    """The paper's layer with random weights and activations at the published densities, and a whole bias."""
    random = np.random.default_rng([seed, int(row["inputs"]), int(row["outputs"])])
    inputs, outputs = int(row["inputs"]), int(row["outputs"])
    density = row["weight_density"] / 100
    codes = uneven_codes(random, outputs, inputs, density, spread) if spread else random_codes(random, outputs, inputs, density)
    active = random.random(inputs) < row["activation_density"] / 100
    values = np.where(active, np.maximum(1, np.abs(random.normal(0, 1, inputs)) * (1 << ACTIVATION_BITS)), 0)
    centroids = [0] + [int(x) for x in np.linspace(-0.06, 0.06, 15) * (1 << WEIGHT_BITS)]
    layer = {"codes": codes, "bias_codes": random.integers(1, 16, outputs, dtype=np.uint8), "codebook": centroids,
             "arithmetic": arithmetic, "shift": WEIGHT_BITS, "one": 1 << ACTIVATION_BITS, "relu": False}
    values = np.minimum(values, 32767).astype(np.int16)
    if arithmetic == "float32":
        layer |= {"codebook": [c / (1 << WEIGHT_BITS) for c in centroids], "one": 1.0, "shift": 0}
        values = (values / np.float32(1 << ACTIVATION_BITS)).astype(np.float32)
    return Layer(row["layer"], f"synthetic, seed {seed}", [layer], values, row, fraction_bits=ACTIVATION_BITS)


def fraction_bits(largest):
    """As many as leave room for a number of this size in 16 bits."""
    bits = 15
    while bits > 0 and largest * (1 << bits) > 32767:
        bits -= 1
    return bits


def fixed(codes, bias_codes, codebook, activations, arithmetic, relu=False):
    """A layer of real numbers as (layer, inputs, outputs in floating point, their fraction bits)."""
    codebook = np.asarray(codebook, np.float32)
    weights = codebook[codes].astype(np.float64)
    exact = weights @ activations.astype(np.float64) + (0 if bias_codes is None else codebook[bias_codes])
    layer = {"codes": codes, "bias_codes": bias_codes, "arithmetic": arithmetic, "relu": relu}
    if arithmetic == "float32":
        layer |= {"codebook": [float(x) for x in codebook], "one": 1.0}
        return layer, activations.astype(np.float32), exact, 0
    in_bits = fraction_bits(np.abs(activations).max(initial=1))
    weight_bits = fraction_bits(np.abs(codebook).max())
    out_bits = fraction_bits(2 * np.abs(exact).max(initial=1))   # sums on the way may be larger than their end
    out_bits = max(min(out_bits, in_bits + weight_bits), in_bits + weight_bits - 31)
    layer |= {"codebook": [int(x) for x in np.round(codebook * (1 << weight_bits))], "one": 1 << in_bits,
              "shift": in_bits + weight_bits - out_bits}
    return layer, np.round(activations * (1 << in_bits)).astype(np.int16), exact, out_bits


def real_alex8(path, arithmetic="round"):
    data = np.load(path)
    layer, inputs, exact, bits = fixed(data["weight_codes"], data["bias_codes"], data["codebook"], data["activations"],
                                       arithmetic)
    return Layer("Alex-8", "real", [layer], inputs, published()["alex-8"], exact, bits)


def shared_weights(weights):
    """Codes and codebook of pruned weights: k-means with 15 centroids, spread evenly at first (Deep Compression)."""
    values = weights[weights != 0]
    if not len(values):
        return np.zeros(weights.shape, np.uint8), np.zeros(16, np.float32)
    centroids = np.linspace(values.min(), values.max(), 15)
    for _ in range(30):
        near = np.searchsorted((centroids[1:] + centroids[:-1]) / 2, values)
        sums, counts = np.bincount(near, values, 15), np.bincount(near, minlength=15)
        moved = np.sort(np.where(counts > 0, sums / np.maximum(counts, 1), centroids))
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    codes = np.zeros(weights.shape, np.uint8)
    codes[weights != 0] = 1 + np.searchsorted((centroids[1:] + centroids[:-1]) / 2, values)
    return codes, np.concatenate([[0], centroids]).astype(np.float32)


NETWORK_BITS = 10   # fraction bits of all activations in a trained network: up to 32, and a byte's 1/256 is exact


def network(layers):
    """Fully connected layers of a trained network as sim.eie.encode() takes them: 16-bit fixed point, ReLU but at the end."""
    made = []
    for layer in layers:
        bits = fraction_bits(np.abs(layer.codebook).max())
        made.append({"codes": layer.codes, "bias_codes": layer.bias_codes, "arithmetic": "round", "shift": bits,
                     "codebook": [int(x) for x in np.round(layer.codebook * (1 << bits))], "one": 1 << NETWORK_BITS,
                     "relu": layer is not layers[-1]})
    return made


def images_in_fixed_point(images):
    return np.ascontiguousarray(images.reshape(len(images), -1).astype(np.int16) << (NETWORK_BITS - 8))


def from_trained(path, data=None):
    """A network of traces/models on the first digit of the test set; its convolutions are left out, with made-up inputs."""
    layers = trained.load(path)
    connected = [layer for layer in layers if layer.codes.ndim == 2]
    if len(connected) == len(layers):
        found = trained.digits(data)
        inputs = images_in_fixed_point(found[0][:1] if found else trained.strokes(1))[0]
    else:
        random = np.maximum(np.random.default_rng(1).normal(0, 1, connected[0].codes.shape[1]), 0)
        inputs = np.round(random * (1 << NETWORK_BITS)).astype(np.int16)
    return Layer(os.path.splitext(os.path.basename(path))[0], "trained", network(connected), inputs,
                 fraction_bits=NETWORK_BITS)


def from_npz(path, arithmetic="round", data_folder=None, seed=1):
    """A trained network, or one layer: weight_codes, codebook and perhaps bias_codes, or weights and perhaps bias; perhaps activations and relu."""
    data = tensors.load(path)
    if trained.is_trained(data):
        return from_trained(path, data_folder)
    if "weights" in data:
        weights = tensors.numbers(path, data, "weights", dimensions=2)
        bias = tensors.numbers(path, data, "bias", shape=weights.shape[:1]) if "bias" in data else None
        if np.abs(weights).max() > 32767 or bias is not None and np.abs(bias).max() > 32767:
            raise sim.ConfigError(f"{path}: weights and bias must fit 16 bits; they are up to {np.abs(weights).max():g}")
        codes, codebook = shared_weights(weights if bias is None else np.column_stack([weights, bias]))
        bias_codes = None if bias is None else np.ascontiguousarray(codes[:, -1])
        codes = np.ascontiguousarray(codes[:, :weights.shape[1]])
    elif "weight_codes" in data and "codebook" in data:
        codebook = tensors.numbers(path, data, "codebook", shape=(16,))
        codes = tensors.numbers(path, data, "weight_codes", dimensions=2, below=16).astype(np.uint8)
        bias_codes = (tensors.numbers(path, data, "bias_codes", shape=codes.shape[:1], below=16) if "bias_codes" in data
                      else None)
    else:
        raise sim.ConfigError(f"{path}: has {', '.join(data) or 'nothing'}; it needs weights, or weight_codes and "
                              "codebook; bias, bias_codes, activations and relu may stand beside them")
    if "activations" in data:
        activations = tensors.numbers(path, data, "activations", shape=codes.shape[1:])
    else:
        activations = np.maximum(np.random.default_rng(seed).normal(0, 1, codes.shape[1]), 0)
    layer, inputs, exact, bits = fixed(codes, bias_codes, codebook, activations, arithmetic, bool(data.get("relu", False)))
    if layer["relu"]:
        exact = np.maximum(exact, 0)
    return Layer(path, "real", [layer], inputs, None, exact, bits)
