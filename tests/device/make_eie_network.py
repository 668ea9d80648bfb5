# SPDX-License-Identifier: BSD-3-Clause
"""Writes model.bin and inputs.bin of a random two-layer network for EIE into a folder, as build/sim's script, and prints the
compute cycles of each input on an EIE by itself."""
import os
import sys

import numpy as np
import sim

folder, pes = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(7)


def layer(outputs, inputs, relu):
    codes = random.integers(1, 16, (outputs, inputs), np.uint8) * (random.random((outputs, inputs)) < 0.15)
    return {"codes": codes.astype(np.uint8), "bias_codes": random.integers(0, 16, outputs, np.uint8), "relu": relu,
            "codebook": [0, *(int(w) for w in random.integers(-900, 900, 15))], "shift": 8, "one": 256}


model = sim.eie.encode([layer(150, 200, True), layer(40, 150, False)], pes=pes)
inputs = (random.integers(-2000, 2000, (3, 200)) * (random.random((3, 200)) < 0.4)).astype(np.int16)
for name, data in (("model.bin", model), ("inputs.bin", inputs.tobytes())):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
engine = sim.Eie(pes=pes)
assert sim.run_engine(engine, sim.eie.LOAD, model=model)["status"] == "ok"
for row in inputs:
    done = sim.run_engine(engine, sim.eie.RUN_RESIDENT, model=model, input=row.tobytes(), output_bytes=80)
    assert done["status"] == "ok", sim.eie.fault(engine)
    print(done["compute_cycles"])
