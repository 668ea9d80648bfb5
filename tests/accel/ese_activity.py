# SPDX-License-Identifier: BSD-3-Clause
"""An ESE whose jobs have moved every one of its statistics, for tests/surface."""
import numpy as np
import sim
import ese_rig


def engines():
    """Fillers, empty columns, unequal PEs, columns of zeros, narrow memory, slow element-wise units; a failure."""
    random = np.random.default_rng(1)
    lstm, _ = ese_rig.random_lstm(random)
    cells = 80
    for name in ese_rig.MATRICES:
        shape = (4, cells) if name == "ym" else (cells, 6 if name[1] == "x" else 4)
        lstm[name] = np.where(random.random(shape) < 0.05, 9, 0).astype(np.int16)
    lstm["bias"] = [random.integers(-99, 99, cells).astype(np.int32) for _ in range(4)]
    lstm["peepholes"] = [random.integers(-99, 99, cells).astype(np.int16) for _ in range(3)]
    x = random.integers(-99, 99, (3, 2, 6)).astype(np.int16)
    x[:, :, 2] = 0
    engine = sim.Ese(channels=8, pes=2, dram_bits=8, element_multipliers=1)
    ese_rig.run(sim, lstm, x, engine=engine)
    sim.run_engine(engine, 77)
    return [engine]
