# SPDX-License-Identifier: BSD-3-Clause
"""The trained networks of traces/models as SCNN runs them: 16-bit fixed point, fully connected layers as convolutions."""
import numpy as np

import sim
from sim import scnn

WEIGHT_BITS = 12   # fraction bits of weights, which are below 8
IMAGE_BITS = 8     # of images: bytes / 256
HEADROOM = 4       # between the largest activation of the images that the formats are chosen with, and 16 bits


def kernels(layer, shape):
    """A layer's weights as [filters][channels][rows][columns] on an input of that shape."""
    if layer.codes.ndim == 4:
        return layer.weights
    rows, columns = shape[1:] if layer.codes.shape[1] == np.prod(shape) else (1, 1)
    return layer.weights.reshape(layer.codes.shape[0], -1, rows, columns)


def fixed_layers(trained, images):
    """Layers as sim.scnn.encode_model takes them. Product shifts are safe for any activations; output formats are chosen
    with these images."""
    layers, data, bits = [], [image_in_fixed_point(image) for image in images], IMAGE_BITS
    engine = sim.Scnn()
    for index, one in enumerate(trained):
        weights = np.floor(kernels(one, data[0].shape) * 2.0**WEIGHT_BITS + 0.5).astype(np.int16)
        shift = scnn.safe_product_shift(weights, np.full(data[0].shape, 32767, np.int16))
        sum_bits = bits + WEIGHT_BITS - shift
        bias = np.floor(one.codebook[one.bias_codes] * 2.0**sum_bits + 0.5).astype(np.int32)
        layer = {"weights": weights, "bias": bias, "product_shift": shift, "relu": index + 1 < len(trained)}
        if one.codes.ndim == 4:
            layer["pool_size"] = 2
        # Sums of 24 bits do not fit outputs of 16; with the largest shift they do.
        options = {name: value for name, value in layer.items() if name != "weights"}
        found = max(int(np.abs(scnn.run_layer(engine, weights, d, output_shift=8, **options)["output"].astype(int)).max())
                    for d in data)
        most = max(1, found) * 2**8 * HEADROOM
        layer["output_shift"] = max(0, most.bit_length() - 15)
        data = [scnn.run_layer(engine, weights, d, output_shift=layer["output_shift"], **options)["output"] for d in data]
        bits = sum_bits - layer["output_shift"]
        layers.append(layer)
    return layers


def image_in_fixed_point(image):
    return np.ascontiguousarray(image[None], np.int16)
