# SPDX-License-Identifier: BSD-3-Clause
"""An EIE whose jobs have moved every one of its statistics, for tests/surface."""
import numpy as np
import sim


def run(engine, codes):
    layer = {"codes": codes, "codebook": list(range(16)), "one": 1}
    model = sim.eie.encode([layer], pes=engine.pes, registers=engine.registers)
    done = sim.run_engine(engine, sim.eie.RUN, model=model, input=np.ones(codes.shape[1], np.int16).tobytes(),
                          output_bytes=2 * len(codes))
    assert done["status"] == "ok", sim.eie.fault(engine)


def engines():
    """Row blocks, batches, fillers, empty columns, full queues, reloads; sums that depend on the one before; a failure."""
    random = np.random.default_rng(1)
    codes = np.where(random.random((300, 90)) < 0.1, random.integers(1, 16, (300, 90)), 0).astype(np.uint8)
    codes[:, :4] = 0
    engine = sim.Eie(pes=2, queue_depth=2, registers=32, spmat_bytes=600)
    run(engine, codes)
    run(engine, np.ones((1, 30), np.uint8))
    sim.run_engine(engine, 77)
    return [engine]
