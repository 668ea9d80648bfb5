# SPDX-License-Identifier: BSD-3-Clause
"""Energy and area of ESE: what a job counted times the analytic prices of the circuits, as if it were a chip at 22 nm.

The published machine is an FPGA (XCKU060, 20 nm), whose whole card draws 41 W; that is stated beside, never mixed in.
Left out: clock tree, control, and the host.
"""
import sim

NODE = 22
DRAM_PJ_PER_BIT = 20   # EIE, table I: 640 pJ for 32 bits
FPGA_WATTS = 41        # ESE, abstract


def price(kind, **geometry):
    return sim.energy_price(kind, node=NODE, **geometry)


def circuits(engine, rows, vectors):
    """{part: (price, copies)}; `rows` of a matrix in a PE, `vectors` elements that a channel keeps."""
    pes, channels = engine.pes, engine.channels
    memory = {"bits": 16}
    return {
        "weights": (price("scratchpad", bytes=2 * engine.weight_entries, **memory), 2 * pes),
        "pointers": (price("scratchpad", bytes=2 * (engine.pointer_columns + 1), **memory), 2 * pes),
        "queues": (price("ram", words=engine.queue_depth, bits=16, read_ports=1, write_ports=1), pes * channels),
        "multiply": (price("arithmetic", operation="multiply", bits=16), pes * channels),
        "add": (price("arithmetic", operation="add", bits=32), pes * channels),
        "accumulators": (price("ram", words=2 * rows, bits=32, read_ports=1, write_ports=1), pes * channels),
        "vectors": (price("scratchpad", bytes=2 * vectors, **memory), channels),
        "tables": (price("scratchpad", bytes=4 * sim.ese.TABLE, **memory), channels),
    }


def energy(engine, parts, matrix, channels, microseconds):
    """{part: pJ} of one matrix's record, see ese_runs; element-wise work belongs to the gate's last matrix."""
    entries, products = matrix["entries"], matrix["weights"] * channels
    columns = matrix["broadcasts"]

    def one(name, what):
        return parts[name][0][what]
    return {
        "multiply and add": products * (one("multiply", "use_pj") + one("add", "use_pj")),
        "weights and pointers": entries * one("weights", "read_pj") + 2 * columns * engine.pes * one("pointers", "read_pj") +
                                matrix["loaded_words"] * engine.pes * one("weights", "write_pj"),
        "queues": columns * engine.pes * channels * one("queues", "write_pj") + entries * channels * one("queues", "read_pj"),
        "accumulators": products * (one("accumulators", "read_pj") + one("accumulators", "write_pj")),
        "vectors": columns * channels * one("vectors", "read_pj"),
        "element-wise": channels * (matrix["element_products"] * one("multiply", "use_pj") +
                                    matrix["lookups"] * one("tables", "read_pj") +
                                    matrix["results"] * one("vectors", "write_pj")),
        "DRAM": 8 * matrix["dram_bytes"] * DRAM_PJ_PER_BIT,
        "leakage": sum(p["leakage_mw"] * copies for p, copies in parts.values()) * microseconds * 1e3,
    }


def area(parts):
    return sum(p["area_mm2"] * copies for p, copies in parts.values())
