# SPDX-License-Identifier: BSD-3-Clause
"""Runs layers on SCNN and its rivals, and makes a record of each: what configs/scnn.py and its check share."""
import time

import sim
import scnn_energy
import scnn_layers
from sim import scnn

MULTIPLIERS = 1024   # of the published array: what the oracle has
# A memory reference is one read or write: of a vector in IARAM, OARAM and weight FIFO, of a sum in an accumulator bank.
REFERENCES = {"activations": ("iaram_reads", "oaram_writes"), "weight FIFO": ("weight_fifo_reads", "weight_fifo_writes"),
              "accumulators": ("accumulator_reads", "accumulator_writes")}
SLOTS = ("useful_products", "zero_products", "out_of_plane_products", "placeholder_slots", "idle_slots")
RIVALS = ("sparse_weights", "sparse_activations")
REASONS = ("bank_stall_cycles", "fifo_wait_cycles", "weight_wait_cycles", "barrier_cycles", "drain_stall_cycles",
           "dram_stall_cycles", "unused_pe_cycles")


def plain(counts):
    """Without arrays, so that it can be written as JSON."""
    return {name: value for name, value in counts.items() if name not in ("output", "busy_cycles", "groups")}


def idle_slots(counts):
    return counts["multiplier_slots"] - sum(counts[name] for name in SLOTS[:-1])


def fragments(counts, engine):
    """Slots of multiplying cycles whose vectors were not full: the part of idle_slots that no cycle reason explains."""
    width = engine.weights_wide * engine.activations_wide
    return counts["pair_cycles"] * width - sum(counts[name] for name in SLOTS[:-1])


def checked(operands, output, every):
    """None where nothing was compared."""
    return scnn_layers.output_is_right(operands, output, every) if every and output is not None else None


def run(operands, settings, dense=None, clock_ghz=1.0, values=True, every=8, rivals=(), assume=scnn_energy.USUAL):
    """One layer's record: SCNN, DCNN and DCNN-opt, and those of `rivals` (sparse_weights, sparse_activations)."""
    engine, other = sim.Scnn(**settings), dense or sim.Dcnn()
    began = time.process_time()
    counts = scnn.run_layer(engine, operands.weights, operands.activations, values=values, **operands.options)
    seconds = time.process_time() - began
    of_dcnn = scnn.run_dense(other, operands.weights, operands.activations, values=False, **operands.options)
    multiplications = scnn.count_products(operands.weights, operands.activations, **without_bias(operands.options))
    cycles = counts["load_cycles"] + counts["compute_cycles"] + counts["store_cycles"]
    record = {"layer": operands.name, "network": operands.published.network if operands.published else "",
              "cycles": cycles, "theoretical_cycles": -(-multiplications["nonzero"] // engine_multipliers(engine)),
              "time_us": cycles / clock_ghz / 1e3, "utilisation": counts["useful_products"] / counts["multiplier_slots"],
              "output_ok": checked(operands, counts["output"], every),
              "dense_multiplies": multiplications["dense"], "nonzero_products": multiplications["nonzero"],
              "dcnn_cycles": of_dcnn["compute_cycles"], "speedup": of_dcnn["compute_cycles"] / cycles,
              "host_seconds": seconds}
    if operands.published:
        record["oracle_cycles"] = -(-operands.published.nonzero_products // MULTIPLIERS)
    record["energy_parts"] = scnn_energy.scnn_energy(counts, engine, cycles / clock_ghz, assume)
    record["energy_pj"] = sum(record["energy_parts"].values())
    record["scnn"] = plain(counts) | {"idle_slots": idle_slots(counts), "fragment_slots": fragments(counts, engine)}
    record["dcnn"] = plain(of_dcnn)
    record["references"] = {memory: sum(counts[name] for name in names) for memory, names in REFERENCES.items()}
    add_energies(record, engine, other, clock_ghz)
    for rival in rivals:
        alone = scnn.run_layer(sim.Scnn(**settings), operands.weights, operands.activations, values=False,
                               dense_activations=rival == "sparse_weights",
                               dense_weights=rival == "sparse_activations", **operands.options)
        record[rival + "_cycles"] = alone["compute_cycles"]
        record[rival + "_energy_pj"] = sum(
            scnn_energy.scnn_energy(alone, engine, alone["compute_cycles"] / clock_ghz, assume).values())
    return record, counts


def add_energies(record, engine, other, clock_ghz):
    """Energies of all three machines under every assumption."""
    record["energies_pj"] = {}
    for assume in scnn_energy.RANGE:
        dense_ns = record["dcnn_cycles"] / clock_ghz
        record["energies_pj"][assume.name] = {
            "scnn": sum(scnn_energy.scnn_energy(record["scnn"], engine, record["cycles"] / clock_ghz, assume).values()),
            "dcnn": sum(scnn_energy.dcnn_energy(record["dcnn"], other, dense_ns, assume).values()),
            "dcnn_opt": sum(scnn_energy.dcnn_energy(record["dcnn"], other, dense_ns, assume, True).values())}


def without_bias(options):
    return {name: value for name, value in options.items() if name != "bias"}


def engine_multipliers(engine):
    return engine.pe_rows * engine.pe_columns * engine.weights_wide * engine.activations_wide


def total(records, name):
    return sum(record[name] for record in records)


def summed(records):
    """A network's figures: sums over its layers, and ratios of sums."""
    cycles = total(records, "cycles")
    made = {"layers": len(records), "cycles": cycles, "dcnn_cycles": total(records, "dcnn_cycles"),
            "theoretical_cycles": total(records, "theoretical_cycles"),
            "dense_multiplies": total(records, "dense_multiplies"),
            "nonzero_products": total(records, "nonzero_products"),
            "executed_products": sum(r["scnn"]["products"] for r in records),
            "tiled_layers": sum(r["scnn"]["tiled_layers"] for r in records),
            "speedup": total(records, "dcnn_cycles") / cycles,
            "utilisation": sum(r["scnn"]["useful_products"] for r in records) /
            sum(r["scnn"]["multiplier_slots"] for r in records)}
    for rival in ("oracle",) + RIVALS:
        if all(rival + "_cycles" in r for r in records):
            made[rival + "_cycles"] = total(records, rival + "_cycles")
    made["energies_pj"] = {
        assume.name: {m: sum(r["energies_pj"][assume.name][m] for r in records) for m in ("scnn", "dcnn", "dcnn_opt")}
        for assume in scnn_energy.RANGE}
    slots = sum(r["scnn"]["multiplier_slots"] for r in records)
    made["slots"] = {name: sum(r["scnn"][name] for r in records) / slots for name in SLOTS + ("fragment_slots",)}
    pe_cycles = sum(r["scnn"]["pair_cycles"] + sum(r["scnn"][name] for name in REASONS) for r in records)
    made["pe_cycles"] = {name: sum(r["scnn"][name] for r in records) / pe_cycles for name in REASONS}
    return made


def at_density(layers, density, settings, seed=1, masks="random"):
    """Summed figures of layers with both operands at one density, times only."""
    records = [run(scnn_layers.made_up(layer.at_density(density), seed, masks), settings, values=False, every=0)[0]
               for layer in layers]
    return summed(records)


def crossing(points, level):
    """Where the line through (x, y) points, in order of x, first crosses `level`; None where it does not."""
    points = sorted(points)
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if (y0 - level) * (y1 - level) <= 0 and y0 != y1:
            return x0 + (level - y0) / (y1 - y0) * (x1 - x0)
    return None
