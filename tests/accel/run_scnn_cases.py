# SPDX-License-Identifier: BSD-3-Clause
"""Small random layers on random SCNNs, each compared with plain numpy; random_cases.py says how to run them."""
import os
import sys

import numpy as np

import sim
from sim import scnn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from random_cases import run_cases


def convolved(weights, activations, o):
    """By definition, nothing shared with the machine: product by product, in Python integers of 64 bits."""
    filters, channels, rows, columns = weights.shape
    stride, pad, left, groups = o["stride"], o["pad"], o["pad_left"], o["groups"]
    height, width = o["output_height"], o["output_width"]
    padded = np.zeros((activations.shape[0], (height - 1) * stride + rows + activations.shape[1] + pad,
                       (width - 1) * stride + columns + activations.shape[2] + left), np.int64)
    padded[:, pad:pad + activations.shape[1], left:left + activations.shape[2]] = activations
    sums = np.zeros((filters, height, width), np.int64)
    for k in range(filters):
        for c in range(channels):
            plane = padded[k // (filters // groups) * channels + c]
            for r in range(rows):
                for s in range(columns):
                    window = plane[r:r + height * stride:stride, s:s + width * stride:stride][:height, :width]
                    sums[k] += np.floor_divide(window * int(weights[k, c, r, s]) + (1 << o["product_shift"]) // 2,
                                               1 << o["product_shift"])
    return sums


def finished(sums, o):
    """What the post-processing unit makes of exact sums, and how many of them wrap."""
    kept = (sums + 2**23) % 2**24 - 2**23
    values = kept + o["bias"][:, None, None]
    values = np.floor_divide(values + (1 << o["output_shift"]) // 2, 1 << o["output_shift"])
    values = np.clip(np.maximum(values, 0) if o["relu"] else values, -32768, 32767)
    size, step = o["pool_size"], o["pool_stride"]
    windows = np.lib.stride_tricks.sliding_window_view(values, (size, size), axis=(1, 2))[:, ::step, ::step]
    if o["average_pool"]:
        made = np.floor(windows.sum(axis=(3, 4)) / size**2 + 0.5).astype(np.int64)
    else:
        made = windows.max(axis=(3, 4))
    return made, int((kept != sums).sum())


def operand(rng, shape, density, most):
    return (rng.integers(-most, most + 1, shape) * (rng.random(shape) < density)).astype(np.int16)


def density(rng):
    return float(rng.choice([0, 1, rng.random(), rng.random() / 8]))


def machine(rng):
    pick = lambda *values: int(rng.choice(values))   # noqa: E731
    return {"pe_rows": pick(1, 2, 3, 8), "pe_columns": pick(1, 2, 4, 8), "weights_wide": pick(1, 2, 4, 5),
            "activations_wide": pick(1, 3, 4), "banks": pick(1, 5, 32), "bank_entries": pick(64, 100),
            "bank_queue_entries": pick(1, 2, 8), "bank_hash": str(rng.choice(["linear", "xor", "prime"])),
            "activation_ram_entries": pick(64, 200, 4096), "weight_fifo_vectors": pick(1, 3, 50),
            "group_filters_cap": pick(1, 3, 8, 64), "merge_entries": pick(0, 0, 4, 16),
            "dram_bytes_per_cycle": pick(0, 1, 50), "broadcast_vectors": pick(1, 5),
            "placeholders_take_slots": bool(rng.integers(2))}


def case(rng):
    groups = int(rng.choice([1, 1, 1, 2, 3]))
    channels, filters = int(rng.integers(1, 5)), groups * int(rng.integers(1, 7))
    rows, columns = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    height, width = int(rng.integers(1, 18)), int(rng.integers(1, 18))
    if rng.random() < 0.15:
        rows = columns = height = width = 1
        channels = int(rng.integers(1, 90))
    if rng.random() < 0.1:   # runs of more than 15 zeros
        rows, columns, height, width = 5, 5, 17, 17
    o = {"stride": int(rng.integers(1, 4)), "pad": int(rng.integers(0, 4)), "pad_left": int(rng.integers(0, 4)),
         "groups": groups, "product_shift": int(rng.integers(0, 12)), "output_shift": int(rng.integers(0, 10)),
         "relu": bool(rng.integers(2)), "average_pool": bool(rng.integers(2)), "output_density": rng.random()}
    o["output_height"] = max(1, (height + 2 * o["pad"] - rows) // o["stride"] + 1)
    o["output_width"] = max(1, (width + 2 * o["pad_left"] - columns) // o["stride"] + 1)
    o["pool_size"] = int(rng.integers(1, 1 + min(3, o["output_height"], o["output_width"])))
    o["pool_stride"] = int(rng.integers(1, 4))
    most = int(rng.choice([3, 100, 32767]))
    o["bias"] = rng.integers(-2**20, 2**20, filters).astype(np.int32) * int(rng.integers(2))
    return operand(rng, (filters, channels, rows, columns), density(rng), most), \
        operand(rng, (groups * channels, height, width), density(rng), most), o


PE_CYCLES = ("pair_cycles", "bank_stall_cycles", "fifo_wait_cycles", "weight_wait_cycles", "barrier_cycles",
             "drain_stall_cycles", "dram_stall_cycles", "unused_pe_cycles")


def check(weights, activations, o, settings):
    engine = sim.Scnn(**settings)
    got = scnn.run_layer(engine, weights, activations, **o)
    expected, wraps = finished(convolved(weights, activations, o), o)
    assert got["output"].shape == expected.shape and (got["output"] == expected).all(), "output"
    assert got["accumulator_wraps"] == wraps, "wraps"
    pes = engine.pe_rows * engine.pe_columns
    width = engine.weights_wide * engine.activations_wide
    assert sum(got[name] for name in PE_CYCLES) == got["compute_cycles"] * pes, "PE-cycles"
    products = scnn.count_products(weights, activations, **{k: v for k, v in o.items() if k != "bias"})
    assert got["products"] == products["nonzero"] == got["useful_products"] + got["out_of_plane_products"], "products"
    assert got["useful_products"] == products["nonzero_in_plane"] and got["zero_products"] == 0, "useful products"
    assert got["compute_cycles"] * pes * width == got["multiplier_slots"], "slots"
    assert got["multiplier_slots"] >= got["pair_cycles"] * width >= got["products"] + got["placeholder_slots"], "idle"
    assert got["compute_cycles"] * pes * width >= got["products"], "theoretical"
    assert got["crossbar_transfers"] + got["merged_products"] == got["useful_products"], "merged"
    timed = scnn.run_layer(engine, weights, activations, values=False, **o)
    assert timed["compute_cycles"] == got["compute_cycles"] and timed["output"] is None, "times only"
    dense = scnn.run_dense(sim.Dcnn(pe_rows=engine.pe_rows, pe_columns=engine.pe_columns), weights, activations, **o)
    assert (dense["output"] == expected).all() and dense["accumulator_wraps"] == wraps, "DCNN's output"
    assert dense["multiplications"] - dense["gated_multiplications"] == products["nonzero_in_plane"], "gated"
    return got


def layers(seed):
    """A layer, on the first of some machines that it fits."""
    rng = np.random.default_rng(seed)
    weights, activations, o = case(rng)
    for _ in range(100):
        settings = machine(rng)
        try:
            return check(weights, activations, o, settings)
        except sim.ConfigError as error:
            if "no tiling" not in str(error) and "fully connected" not in str(error):
                raise
        except AssertionError as error:
            sys.exit(f"seed {seed}: {error}: {weights.shape} {activations.shape} {o} {settings}")
    sys.exit(f"seed {seed}: {weights.shape} {activations.shape} {o} fit none of 100 machines")


run_cases({"layers": layers})
