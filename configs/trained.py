# SPDX-License-Identifier: BSD-3-Clause
"""The small trained networks of traces/models, as util/train_lenet.py writes them, and the digits to try them with."""
import gzip
import os
from dataclasses import dataclass

import numpy as np
import sim
import tensors

DIGITS = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
# Where MNIST, or Fashion-MNIST, is looked for when no folder is given.
FOLDERS = ("../shared/data/mnist",)


@dataclass
class TrainedLayer:
    name: str                 # "conv1", "fc2"
    codes: np.ndarray         # outputs x inputs, or outputs x channels x 5 x 5; 0 pruned, 1 to 15 into the codebook
    bias_codes: np.ndarray
    codebook: np.ndarray      # 16 numbers, the first 0

    @property
    def weights(self):
        return self.codebook[self.codes]


def path_of(name):
    return os.path.join(sim.root, "traces", "models", name + ".npz")


def is_trained(arrays):
    return any(name.endswith("_gaps") for name in arrays)


def load(path):
    """Its layers, in order."""
    arrays = tensors.load(path)
    return [one_layer(path, arrays, key.removesuffix("_gaps")) for key in arrays if key.endswith("_gaps")]


def one_layer(path, arrays, name):
    missing = [part for part in ("shape", "codes", "bias_codes", "codebook") if f"{name}_{part}" not in arrays]
    if missing:
        raise sim.ConfigError(f"{path}: {name} has no {' and no '.join(missing)}; write it anew with util/train_lenet.py")
    shape = tuple(int(size) for size in tensors.numbers(path, arrays, f"{name}_shape", dimensions=1, below=1 << 24))
    gaps = tensors.numbers(path, arrays, f"{name}_gaps", dimensions=1, below=256)
    places = np.cumsum(gaps.astype(np.int64) + 1) - 1
    codes = np.zeros(int(np.prod(shape)), np.uint8)
    if len(shape) not in (2, 4) or places[-1] >= codes.size:
        raise sim.ConfigError(f"{path}: {name} has weights beyond its shape, {tensors.shape_text(shape)}; write it anew with "
                              "util/train_lenet.py")
    codes[places] = tensors.numbers(path, arrays, f"{name}_codes", shape=gaps.shape, below=16)
    bias_codes = tensors.numbers(path, arrays, f"{name}_bias_codes", shape=shape[:1], below=16)
    return TrainedLayer(name, codes.reshape(shape), bias_codes, tensors.numbers(path, arrays, f"{name}_codebook", shape=(16,)))


def read_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def digits(folder=None):
    """Images as bytes and labels of the test set; none where the files are not there."""
    for place in [folder] if folder else [os.path.join(sim.root, f) for f in FOLDERS]:
        if all(os.path.exists(os.path.join(place, name)) for name in DIGITS):
            return tuple(read_idx(os.path.join(place, name)) for name in DIGITS)
    if folder:
        raise sim.ConfigError(f"--data={folder}: has no {DIGITS[0]}; it is the folder of MNIST's files")
    return None


def strokes(count, seed=1):
    """Images that look a little like digits, for where there are none: thick random lines on black."""
    random = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    y, x = np.mgrid[:28, :28]
    for image in images:
        for _ in range(3):
            (x0, y0), (x1, y1) = random.integers(5, 23, (2, 2))
            length = max(np.hypot(x1 - x0, y1 - y0), 1)
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length ** 2, 0, 1)
            far = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
            np.maximum(image, np.clip(255 * (2 - far), 0, 255).astype(np.uint8), out=image)
    return images
