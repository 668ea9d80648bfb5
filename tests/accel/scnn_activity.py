# SPDX-License-Identifier: BSD-3-Clause
"""An Scnn and a Dcnn after layers and jobs in which each of their statistics moves; runs in the simulator."""
import numpy as np

import sim
from sim import scnn


def sparse(seed, shape, density, most=100):
    rng = np.random.default_rng(seed)
    return (rng.integers(1, most, shape) * (rng.random(shape) < density)).astype(np.int16)


def busy_scnn():
    engine = sim.Scnn(pe_rows=4, pe_columns=4, activation_ram_entries=64, bank_queue_entries=1, weight_fifo_vectors=4,
                      merge_entries=2, dram_bytes_per_cycle=4)
    weights, inputs = sparse(1, (20, 8, 5, 5), 0.1), sparse(2, (8, 21, 21), 0.5)
    scnn.run_layer(engine, weights, inputs, pad=2, dense_activations=True)
    scnn.run_layer(engine, sparse(3, (20, 16, 3, 3), 1, 32767), sparse(4, (16, 5, 5), 1, 32767), pad=1)   # wraps, saturates
    scnn.run_layer(engine, sparse(5, (64, 1, 1, 1), 1), sparse(6, (1, 16, 16), 1))   # drains for longer than it computes
    sim.run_engine(engine, scnn.RUN, model=b"")
    return engine


def busy_dcnn():
    engine = sim.Dcnn(activation_bytes=64, dram_bytes_per_cycle=1)
    scnn.run_dense(engine, sparse(1, (4, 4, 3, 3), 0.5), sparse(2, (4, 8, 8), 0.5))
    return engine


def engines():
    return [busy_scnn(), busy_dcnn()]
