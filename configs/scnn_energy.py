# SPDX-License-Identifier: BSD-3-Clause
"""Energy and area of SCNN, DCNN and DCNN-opt: what a layer counted times the analytic prices of the circuits, at 16 nm.

Left out in all machines alike: clock tree, control, and the multipliers' pipeline registers. Prices of memories and DRAM
are uncertain; RANGE spans what can be defended: compiled memories cost 1 to 2.5 times what the circuit model says, DRAM 4
(LPDDR4) to 20 pJ/bit (EIE, table I), and weights come from DRAM for every image or once for many.
"""
from dataclasses import dataclass

import sim

NODE = 16
SUM_BITS, VALUE_BITS, ENTRY_BITS = 24, 16, 20
QUEUE_BITS = SUM_BITS + 5             # a product in a bank's queue, with its place in the bank
SCNN_PE_MM, DCNN_PE_MM = 0.123**0.5, (5.9 / 64)**0.5   # sides of PEs, from the published areas
SCATTER_MM = 0.026**0.5               # side of the scatter network


@dataclass(frozen=True)
class Assumption:
    name: str
    memory_factor: float              # on energies of memories
    dram_pj_per_bit: float
    has_weights_on_chip: bool = False # no energy for weights from DRAM, as if they had been brought for many images


RANGE = (Assumption("memories x1, DRAM 4 pJ/bit", 1.0, 4.0), Assumption("memories x1, DRAM 20 pJ/bit", 1.0, 20.0),
         Assumption("memories x2.5, DRAM 4 pJ/bit", 2.5, 4.0), Assumption("memories x2.5, DRAM 20 pJ/bit", 2.5, 20.0),
         Assumption("memories x1, weights on chip", 1.0, 20.0, True),
         Assumption("memories x2.5, weights on chip", 2.5, 20.0, True))
USUAL = RANGE[1]

_known = {}


def price(kind, **geometry):
    key = (kind, tuple(sorted(geometry.items())))
    if key not in _known:
        _known[key] = sim.energy_price(kind, node=NODE, **geometry)
    return _known[key]


def scnn_memories(engine):
    """{name: (price, copies in the whole array)}"""
    pes = engine.pe_rows * engine.pe_columns
    bits = ENTRY_BITS * engine.activations_wide
    ram = price("scratchpad", bytes=engine.activation_ram_entries * ENTRY_BITS // 8, bits=bits)
    fifo = price("ram", words=engine.weight_fifo_vectors, bits=ENTRY_BITS * engine.weights_wide, read_ports=1, write_ports=1)
    bank = price("ram", words=engine.bank_entries, bits=SUM_BITS, read_ports=1, write_ports=1)
    return {"activations": (ram, 2 * pes), "weight FIFO": (fifo, pes), "accumulators": (bank, 2 * pes * engine.banks)}


def dcnn_memories(engine):
    pes = engine.pe_rows * engine.pe_columns
    bits = VALUE_BITS * engine.dot_width
    ram = price("scratchpad", bytes=engine.activation_bytes // pes // 2, bits=bits)
    buffer = price("ram", words=16, bits=bits, read_ports=1, write_ports=1)   # as many bytes as SCNN's FIFO
    sums = price("scratchpad", bytes=1024 * SUM_BITS // 8, bits=SUM_BITS, has_two_ports=True)   # as many as SCNN's
    return {"activations": (ram, 2 * pes), "weight buffer": (buffer, pes), "accumulators": (sums, 2 * pes)}


def used(kind, **geometry):
    return price(kind, **geometry)["use_pj"]


def dram(read, written, weights, assume):
    return 8 * (read + written - (weights if assume.has_weights_on_chip else 0)) * assume.dram_pj_per_bit


def leakage(memories, nanoseconds):
    return sum(one["leakage_mw"] * copies for one, copies in memories.values()) * nanoseconds


def scnn_energy(r, engine, nanoseconds, assume=USUAL):
    """{part: pJ} of a layer's counts on an Scnn."""
    memories = scnn_memories(engine)
    ram, fifo, bank = (memories[name][0] for name in ("activations", "weight FIFO", "accumulators"))
    switched = r["useful_products"] + r["out_of_plane_products"] + r["zero_products"]
    vector_bits = ENTRY_BITS * engine.weights_wide
    return {
        "multiply": switched * used("arithmetic", operation="multiply", bits=VALUE_BITS),
        "add": r["accumulator_writes"] * used("arithmetic", operation="add", bits=SUM_BITS),
        "coordinates": switched * used("arithmetic", operation="add", bits=VALUE_BITS),
        "activation memories": assume.memory_factor * (r["iaram_reads"] * ram["read_pj"] + r["oaram_writes"] * ram["write_pj"]),
        "weight FIFO": assume.memory_factor * (r["weight_fifo_reads"] * fifo["read_pj"] +
                                               r["weight_fifo_writes"] * fifo["write_pj"]),
        "broadcast": r["weight_fifo_writes"] * used("wire", millimetres=SCNN_PE_MM, bits=vector_bits),
        "crossbar": r["crossbar_transfers"] * (used("wire", millimetres=SCATTER_MM, bits=QUEUE_BITS) +
                                               used("latch", bits=QUEUE_BITS)),
        "accumulators": assume.memory_factor * (r["accumulator_reads"] * bank["read_pj"] +
                                                r["accumulator_writes"] * bank["write_pj"]),
        "halo": r["halo_values"] * (used("wire", millimetres=SCNN_PE_MM, bits=SUM_BITS) +
                                    used("arithmetic", operation="add", bits=SUM_BITS)),
        "post-processing": r["post_processed_outputs"] * used("arithmetic", operation="add", bits=SUM_BITS),
        "DRAM": dram(r["dram_read_bytes"], r["dram_written_bytes"], r["dram_weight_bytes"], assume),
        "leakage": leakage(memories, nanoseconds),
    }


def dcnn_energy(r, engine, nanoseconds, assume=USUAL, optimised=False):
    """{part: pJ} of a layer's counts on a Dcnn; optimised: DCNN-opt."""
    memories = dcnn_memories(engine)
    ram, buffer, sums = (memories[name][0] for name in ("activations", "weight buffer", "accumulators"))
    switched = r["multiplications"] - (r["gated_multiplications"] if optimised else 0)
    prefix = "compressed_dram_" if optimised else "dram_"
    vector_bits = VALUE_BITS * engine.dot_width
    return {
        "multiply": switched * used("arithmetic", operation="multiply", bits=VALUE_BITS),
        "add": switched * used("arithmetic", operation="add", bits=SUM_BITS),
        "activation memories": assume.memory_factor * (r["activation_reads"] * ram["read_pj"] +
                                                       r["activation_writes"] * ram["write_pj"]),
        "weight buffer": assume.memory_factor * (r["weight_reads"] * buffer["read_pj"] +
                                                 r["weight_writes"] * buffer["write_pj"]),
        "broadcast": r["weight_writes"] * used("wire", millimetres=DCNN_PE_MM, bits=vector_bits),
        "accumulators": assume.memory_factor * r["accumulator_updates"] * (sums["read_pj"] + sums["write_pj"]),
        "post-processing": r["post_processed_outputs"] * used("arithmetic", operation="add", bits=SUM_BITS),
        "DRAM": dram(r[prefix + "read_bytes"], r[prefix + "written_bytes"], r["dram_weight_bytes"], assume),
        "leakage": leakage(memories, nanoseconds),
    }


# Published areas of a PE in mm2 (SCNN, table III, from the fact sheet's `scnn_area_table.csv`).
PUBLISHED_AREA = {"activations": 0.031, "weight FIFO": 0.004, "multipliers": 0.008, "accumulators": 0.036}


def scnn_areas(engine):
    """{part: (published mm2, ours)} of one PE's parts that the price list knows."""
    pes = engine.pe_rows * engine.pe_columns
    ours = {name: one["area_mm2"] * copies / pes for name, (one, copies) in scnn_memories(engine).items()}
    multiplier = price("arithmetic", operation="multiply", bits=VALUE_BITS)["area_mm2"]
    ours["multipliers"] = multiplier * engine.weights_wide * engine.activations_wide
    return {name: (PUBLISHED_AREA[name], ours[name]) for name in PUBLISHED_AREA}
