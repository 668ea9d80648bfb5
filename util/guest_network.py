# SPDX-License-Identifier: BSD-3-Clause
"""Writes a trained network and images in the forms that tests/guest/accel/lenet.c reads.

usage: build/sim util/guest_network.py --out=DIR [--net=lenet_300_100] [--images=8] [--pes=64] [--data=DIR]

DIR/model is what EIE loads (ext/accel/eie_format.h), DIR/dense the same layers as plain matrices, DIR/images 16-bit
numbers, DIR/labels bytes: MNIST's test set from --data, or made-up strokes with the labels that the network itself gives.
"""
import os
import struct

import numpy as np
import sim
import accelerators
import command_line
import eie_layers
import trained


def dense(network):
    """Number of layers; each one's inputs, outputs, shift, ReLU, bias activation, codebook, codes, bias codes."""
    parts = [struct.pack("<I", len(network))]
    for layer in network:
        outputs, inputs = layer["codes"].shape
        parts.append(struct.pack("<IIIIi16i", inputs, outputs, layer["shift"], layer["relu"], layer["one"], *layer["codebook"]))
        parts += [layer["codes"].tobytes(), layer["bias_codes"].tobytes()]
    return b"".join(parts)


def outputs_of(network, values):
    for layer in network:
        values = sim.eie.reference(layer, values)
    return values


def write():
    p = command_line.Parser(prog="guest_network.py", description=__doc__.split("\n")[0])
    p.add_argument("--out", required=True, metavar="DIR")
    p.add_argument("--net", default="lenet_300_100", metavar="NAME", help="of traces/models; default: lenet_300_100")
    p.add_argument("--images", type=accelerators.number(1), default=8, metavar="N", help="default: 8")
    p.add_argument("--pes", type=accelerators.number(1), default=64, metavar="N", help="default: 64")
    p.add_argument("--data", metavar="DIR", help="folder of MNIST's files")
    given = p.parse_args()
    layers = trained.load(trained.path_of(given.net))
    if any(layer.codes.ndim != 2 for layer in layers):
        raise sim.ConfigError(f"--net={given.net}: has convolutions; EIE runs networks of fully connected layers")
    network = eie_layers.network(layers)
    found = trained.digits(given.data)
    images = eie_layers.images_in_fixed_point((found[0] if found else trained.strokes(given.images))[:given.images])
    labels = found[1][:given.images] if found else np.array([outputs_of(network, i).argmax() for i in images], np.uint8)
    os.makedirs(given.out, exist_ok=True)
    for name, data in (("model", sim.eie.encode(network, pes=given.pes)), ("dense", dense(network)),
                       ("images", images.astype("<i2").tobytes()), ("labels", labels.astype(np.uint8).tobytes())):
        with open(os.path.join(given.out, name), "wb") as file:
            file.write(data)
    print(f"{given.net}: {len(images)} {'digits' if found else 'made-up images'} in {given.out}")
    return 0


command_line.guarded(write)
