# SPDX-License-Identifier: BSD-3-Clause
"""SCNN's layers: the published shapes and densities, operands made for them, tensors from .npz, and a reference."""
import csv
import dataclasses
import os
import statistics

import numpy as np

import sim
import tensors
from overrides import near

TABLE = os.path.join(sim.root, "traces", "accel", "scnn_layers.csv")
NETWORKS = ("alexnet", "googlenet", "vgg16")
MASKS = ("random", "clustered")
GRAINS = ("fine", "vector", "kernel", "filter")   # what pruning takes at once (Mao et al., 2017): a weight, a kernel's row, ...


@dataclasses.dataclass(frozen=True)
class Layer:
    """A row of the table. Planes are as large before as after: the padding of `same` convolutions."""
    network: str
    layer: str
    channels: int
    filters: int
    kernel_height: int
    kernel_width: int
    output_height: int
    output_width: int
    weight_density: float
    input_density: float
    output_density: float
    dense_multiplies: int
    nonzero_products: int

    def at_density(self, density):
        return dataclasses.replace(self, weight_density=density, input_density=density, output_density=density)


@dataclasses.dataclass
class Operands:
    """What a layer is run with; `options` are keywords of sim.scnn.run_layer."""
    name: str
    weights: np.ndarray
    activations: np.ndarray
    options: dict
    published: Layer = None


def table():
    with open(TABLE, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kinds = {field.name: field.type for field in dataclasses.fields(Layer)}
    return [Layer(**{key: kinds[key](value) for key, value in row.items()}) for row in rows]


def chosen(network=None, names=None):
    """Layers of the table, in its order; `names` are whole names or ends of them, such as conv3 or 4a-1x1."""
    rows = [row for row in table() if network in (None, row.network)]
    if not names:
        return rows
    found = [row for row in rows if any(row.layer.lower().endswith(name.lower()) for name in names)]
    for name in names:
        if not any(row.layer.lower().endswith(name.lower()) for row in rows) or not name:
            hint = near(name, [row.layer for row in rows])
            raise sim.ConfigError(f"--layer={name}: no such layer" + (hint if "did you mean" in hint else
                                  "; names or ends of names of the table are taken, such as conv3 or 4a-1x1"))
    return found


# ---- operands
# ------------------------------------------------------------------------------------------------------

def random_mask(rng, shape, density):
    return rng.random(shape) < density


def box_blur(field, radius):
    """Means over windows along the last two axes, edges repeated."""
    for axis in (-2, -1):
        size = 2 * radius + 1
        pad = [(0, 0)] * field.ndim
        pad[axis] = (radius + 1, radius)
        sums = np.cumsum(np.pad(field, pad, mode="edge"), axis=axis)
        upper = np.take(sums, range(size, sums.shape[axis]), axis=axis)
        lower = np.take(sums, range(0, sums.shape[axis] - size), axis=axis)
        field = (upper - lower) / size
    return field


def clustered_mask(rng, shape, density, radius=2):
    """Non-zeros in blobs, and more of them in some channels: smooth noise with a channel's own offset, cut at a quantile."""
    noise = box_blur(rng.standard_normal(shape), min(radius, (min(shape[-2:]) - 1) // 2))
    noise = noise / (noise.std() or 1) + rng.standard_normal(shape[:-2] + (1, 1)) / 2
    if density >= 1:
        return np.ones(shape, bool)
    return noise < np.quantile(noise, density)


def grain_mask(rng, shape, density, grain):
    """A weight mask in which whole rows, kernels or filters are left or gone."""
    kept = shape[:len(shape) - GRAINS.index(grain)]
    return np.broadcast_to(random_mask(rng, kept, density).reshape(kept + (1,) * (len(shape) - len(kept))), shape)


def made_up(layer, seed=1, masks="random", grain="fine"):
    """Operands of a layer of the table. Weights have either sign and activations none; the bias is such that about
    output_density of the outputs are left after rectification."""
    rng = np.random.default_rng([seed, layer.channels, layer.filters, layer.output_height, layer.kernel_height,
                                 sum(layer.layer.encode())])
    mask = random_mask if masks == "random" else clustered_mask
    shape = (layer.filters, layer.channels, layer.kernel_height, layer.kernel_width)
    magnitudes = rng.integers(1, 2048, shape, dtype=np.int16)
    weights = np.where(rng.random(shape) < 0.5, -magnitudes, magnitudes)
    weights = weights * grain_mask(rng, shape, layer.weight_density, grain)
    weights = weights.astype(np.int16)
    plane = (layer.channels, layer.output_height, layer.output_width)
    activations = rng.integers(1, 4096, plane, dtype=np.int16) * mask(rng, plane, layer.input_density)
    activations = activations.astype(np.int16)
    shift = sim.scnn.safe_product_shift(weights, activations)
    taps = layer.channels * layer.kernel_height * layer.kernel_width
    deviation = (taps * layer.weight_density * layer.input_density * 2048**2 / 3 * 4096**2 / 3) ** 0.5 / 2**shift
    spread = statistics.NormalDist().inv_cdf(min(max(layer.output_density, 0.001), 0.999))
    options = {"pad": (layer.kernel_height - 1) // 2, "pad_left": (layer.kernel_width - 1) // 2, "product_shift": shift,
               "output_shift": max(0, int(6 * deviation).bit_length() - 15), "relu": True,
               "output_density": layer.output_density,
               "bias": np.full(layer.filters, round(spread * deviation), np.int32)}
    return Operands(layer.layer, weights, activations, options, layer)


def fixed_point(values, name):
    """Real numbers as 16-bit fixed point with as many fraction bits as fit; the array and the fraction bits."""
    if values.dtype.kind in "iu":
        if values.size and (values.min() < -32768 or values.max() > 32767):
            raise sim.ConfigError(f"{name}: {values.dtype} values beyond 16 bits")
        return np.ascontiguousarray(values, np.int16), 0
    most = float(np.abs(values).max()) if values.size else 0.0
    if not np.isfinite(most):
        raise sim.ConfigError(f"{name}: a value is not finite")
    fraction = 15 - int(np.ceil(np.log2(most))) if most else 0
    scaled = np.floor(values.astype(np.float64) * 2.0**fraction + 0.5)
    return np.ascontiguousarray(np.clip(scaled, -32768, 32767), np.int16), fraction


def from_file(path):
    """A layer from .npz: weights [filters][channels / groups][rows][columns] and activations [channels][rows][columns],
    of integers or real numbers; bias, and stride, pad, pad_left, groups, relu, pool_size, pool_stride as whole numbers."""
    given = tensors.load(path)
    for needed in ("weights", "activations"):
        if needed not in given:
            raise sim.ConfigError(f"{path}: no array '{needed}'; it has {', '.join(given) or 'none'}")
    for name in given:
        tensors.numbers(path, given, name, dimensions=None if name in ("weights", "activations") else int(name == "bias"))
    weights, weight_bits = fixed_point(given.pop("weights"), path + ": weights")
    activations, activation_bits = fixed_point(given.pop("activations"), path + ": activations")
    if weights.ndim == 2:
        weights = weights[:, :, None, None]
    if activations.ndim == 1:
        activations = activations[:, None, None]
    bias = given.pop("bias", None)
    options = {name: bool(value) if name in ("relu", "average_pool") else int(value) for name, value in given.items()}
    groups = options.get("groups", 1)
    shift = sim.scnn.safe_product_shift(weights, activations, groups=groups)
    options["product_shift"] = shift
    options["output_shift"] = 8
    if bias is not None:
        scale = 1 if bias.dtype.kind in "iu" else 2.0 ** (weight_bits + activation_bits - shift)
        options["bias"] = np.floor(bias * scale + 0.5).astype(np.int32)
    return Operands(os.path.splitext(os.path.basename(path))[0], weights, activations, options)


# ---- reference
# -----------------------------------------------------------------------------------------------------

def reference(operands, filters):
    """Outputs of some filters before pooling, by definition: products shifted and rounded, summed modulo 2^24, then bias,
    rectification and saturation."""
    options = operands.options
    stride, pad = options.get("stride", 1), options.get("pad", 0)
    pad_left, groups = options.get("pad_left", pad), options.get("groups", 1)
    all_filters, channels, rows, columns = operands.weights.shape
    _, height, width = operands.activations.shape
    out_h = options.get("output_height", (height + 2 * pad - rows) // stride + 1)
    out_w = options.get("output_width", (width + 2 * pad_left - columns) // stride + 1)
    padded = np.zeros((operands.activations.shape[0], max(height + pad, (out_h - 1) * stride + rows),
                       max(width + pad_left, (out_w - 1) * stride + columns)), np.int32)
    padded[:, pad:pad + height, pad_left:pad_left + width] = operands.activations
    shift = options.get("product_shift", 0)
    half = (1 << shift) >> 1
    made = {}
    for k in filters:
        sums = np.zeros((out_h, out_w), np.int32)   # modulo 2^32, of which 2^24 is a divisor
        base = k // (all_filters // groups) * channels
        for c, r, s in zip(*np.nonzero(operands.weights[k])):
            window = padded[base + c, r:r + (out_h - 1) * stride + 1:stride, s:s + (out_w - 1) * stride + 1:stride]
            sums += (window * np.int32(operands.weights[k, c, r, s]) + half) >> shift
        sums = ((sums.astype(np.int64) + (1 << 23)) & 0xFFFFFF) - (1 << 23)
        bias = options.get("bias")
        output_shift = options.get("output_shift", 0)
        values = (sums + (0 if bias is None else int(bias[k])) + ((1 << output_shift) >> 1)) >> output_shift
        made[k] = np.clip(np.maximum(values, 0) if options.get("relu") else values, -32768, 32767)
    return made


def pooled(plane, options):
    """Largest values, or means rounded half up, of windows."""
    size = options.get("pool_size", 1)
    if size == 1 and options.get("pool_stride", 1) == 1:
        return plane
    step = options.get("pool_stride", size)
    windows = np.lib.stride_tricks.sliding_window_view(plane, (size, size))[::step, ::step]
    if options.get("average_pool"):
        return (2 * windows.sum(axis=(2, 3)) + size * size) // (2 * size * size)
    return windows.max(axis=(2, 3))


def output_is_right(operands, output, every=8):
    """Whether every `every`-th filter's outputs are those of the reference."""
    filters = range(0, operands.weights.shape[0], every)
    return all(np.array_equal(pooled(plane, operands.options), output[k])
               for k, plane in reference(operands, filters).items())
