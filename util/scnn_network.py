# SPDX-License-Identifier: BSD-3-Clause
"""Writes a trained network and images in the forms that tests/guest/accel/scnn_layers.c reads, and runs them.

usage: build/sim util/scnn_network.py --out=DIR [--net=lenet_5] [--images=8] [--data=DIR]

DIR/model is what SCNN loads (ext/accel/scnn_format.h), DIR/images 16-bit numbers: of MNIST's test set from --data, or
made-up strokes. Prints the share of digits that SCNN reads as they are labelled, and the cycles of an image.
"""
import os

import numpy as np
import sim
import accelerators
import command_line
import scnn_trained
import trained
from sim import scnn


def classify(engine, model, images):
    """What the network takes each image for, and the compute cycles of the last one."""
    found, cycles = [], 0
    for image in images:
        done = sim.run_engine(engine, scnn.RUN, model=model, input=image.tobytes(), output_bytes=20)
        if done["status"] != "ok":
            raise sim.ConfigError(f"SCNN refused the model: {scnn.fault(engine)}")
        found.append(int(np.frombuffer(done["output"], np.int16).argmax()))
        cycles = done["compute_cycles"]
    return found, cycles


def write():
    p = command_line.Parser(prog="scnn_network.py", description=__doc__.split("\n")[0])
    p.add_argument("--out", metavar="DIR", help="for the files; default: none are written")
    p.add_argument("--net", default="lenet_5", metavar="NAME", help="of traces/models; default: lenet_5")
    p.add_argument("--images", type=accelerators.number(1), default=8, metavar="N", help="default: 8")
    p.add_argument("--data", metavar="DIR", help="folder of MNIST's files")
    given = p.parse_args()
    found = trained.digits(given.data)
    images = (found[0] if found else trained.strokes(given.images))[:given.images]
    layers = scnn_trained.fixed_layers(trained.load(trained.path_of(given.net)), images[:32])
    data = [scnn_trained.image_in_fixed_point(image) for image in images]
    engine = sim.Scnn()
    model = scnn.encode_model(engine, layers, data[0].shape)
    answers, cycles = classify(engine, model, data)
    if given.out:
        os.makedirs(given.out, exist_ok=True)
        for name, content in (("model", model), ("images", b"".join(one.tobytes() for one in data))):
            with open(os.path.join(given.out, name), "wb") as file:
                file.write(content)
    right = f"{sum(a == b for a, b in zip(answers, found[1]))} of {len(answers)} digits right" if found else "made-up images"
    wraps = sim.statistics_of(engine).accumulator_wraps
    print(f"{given.net}: {right}, {cycles} cycles an image, {wraps} sums wrapped, model of {len(model)} bytes")
    return 0


command_line.guarded(write)
