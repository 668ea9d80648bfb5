# SPDX-License-Identifier: BSD-3-Clause
"""Runs of EIE by itself: one layer on one array, what it took, and what that cost at the paper's prices."""
import time

import numpy as np
import sim
import accelerators
import eie_layers

CLOCK_MHZ = 800          # EIE, section VI
NODE = 45                # nm
ARRAY_MM2 = 40.8         # 64 PEs (EIE, table V)
ARRAY_MW = 586.5         # 64 PEs and 21 nodes of the tree (EIE, table II)
CALIBRATION = ("alex-7", 1)   # the layer, synthetic, and its seed, whose power is the paper's Table II by definition

# Table II's modules and what a price is paid for; "clock" is paid every cycle, in use or not.
ACTIONS = ("activation_queue", "pointer_read", "spmat_read", "arithmetic", "activation_registers", "clock", "tree_node")


def actions(stats, pes):
    """{module: uses} of all PEs, as the statistics count them."""
    nodes = 0
    level = pes
    while level > 1:
        level = -(-level // 4)
        nodes += level
    return {"activation_queue": stats.broadcasts * pes,
            "pointer_read": stats.column_visits,
            "spmat_read": stats.spmat_reads,
            "arithmetic": stats.weights,
            "activation_registers": 2 * stats.weights + stats.row_scans * pes + stats.register_writes,
            "clock": stats.computing_cycles * pes,
            "tree_node": stats.computing_cycles * nodes}


def calibrated_prices(stats, pes):
    """pJ per use such that this run has Table II's power: the clock network's share is paid by the cycle, and each
    module's power without its part of that by the use."""
    power = {row["item"]: float(row["power_mw"]) for row in accelerators.read_table("eie_power")}
    modules = ACTIONS[:5]
    seconds = stats.computing_cycles / (CLOCK_MHZ * 1e6)
    share = 1 - power["clock"] / power["total"]
    uses = actions(stats, pes)
    prices = {name: power[name] * share * pes * 1e-3 * seconds / uses[name] * 1e12 for name in modules}
    prices["clock"] = power["clock"] * 1e-3 / (CLOCK_MHZ * 1e6) * 1e12
    prices["tree_node"] = power["tree_node"] * 1e-3 / (CLOCK_MHZ * 1e6) * 1e12
    return prices


def paper_prices():
    """pJ per use, from traces/accel/eie_prices.csv, which `configs/eie.py --calibrate` writes."""
    return {row["module"]: float(row["pj"]) for row in accelerators.read_table("eie_prices")}


def calibrate():
    name, seed = CALIBRATION
    run = Run(sim.Eie(), eie_layers.synthetic(eie_layers.published()[name], seed), prices=None)
    prices = calibrated_prices(run.stats, 64)
    about = ["pJ per use of EIE's modules (45 nm, 800 MHz): table II's power, split by the uses on one layer,",
             f"{name} with synthetic weights of seed {seed} on 64 PEs; `build/sim configs/eie.py --calibrate` writes this"]
    accelerators.write_table("eie_prices", about, ["module", "pj"], [(name, f"{prices[name]:.6g}") for name in ACTIONS])
    return prices


class Run:
    """One layer (or network) on one engine."""

    def __init__(self, engine, layer, prices, profile=None, model=None):
        self.engine, self.layer = engine, layer
        self.pes = engine.pes
        if model is None:
            model = sim.eie.encode(layer.network, pes=self.pes, registers=engine.registers)
        self.model = sim.eie.describe(model)
        if profile:
            sim.eie.observe(engine, profile)
        before = sim.statistics_of(engine)
        self.done = sim.run_engine(engine, sim.eie.LOAD, model=model)
        start = time.process_time()
        if self.done["status"] == "ok":
            self.done = sim.run_engine(engine, sim.eie.RUN_RESIDENT, model=model, input=layer.inputs.tobytes(),
                                       output_bytes=layer.output_bytes)
        self.host_seconds = time.process_time() - start
        self.stats = sim.statistics_of(engine) - before
        if self.done["status"] != "ok":
            raise sim.ConfigError(f"{layer.name}: {self.done['status']}, {sim.eie.fault(engine)}; "
                                  "--set unlimited=true computes as if it fitted")
        is_float = layer.network[-1]["arithmetic"] == "float32"
        self.outputs = np.frombuffer(self.done["output"], np.float32 if is_float else np.int16)
        self.prices = prices
        self.profile = profile

    @property
    def cycles(self):
        return self.done["compute_cycles"]

    @property
    def time_us(self):
        return self.cycles / CLOCK_MHZ

    @property
    def theoretical_cycles(self):
        return self.stats.entries / self.pes

    def output_ok(self):
        values = self.layer.inputs
        for layer in self.layer.network:
            values = sim.eie.reference(layer, values)
        return bool(np.array_equal(values, self.outputs))

    def energy(self):
        """{module: pJ}, in the order of Table II."""
        return {name: uses * self.prices[name] for name, uses in actions(self.stats, self.pes).items()}

    def analytic(self):
        """{structure: pJ and "leakage": pJ} and mm2 of all, by the analytic prices of circuits at EIE's node. Their
        transistors are fast and leaky ones; EIE's power with its library's is lower."""
        rows = sim.energy_of(self.engine, self.stats, nanoseconds=self.time_us * 1000, cycles=self.cycles, node=NODE)
        energy = {row["structure"]: row["dynamic_pj"] for row in rows} | {"leakage": sum(r["leakage_pj"] for r in rows)}
        return energy, sum(r["area_mm2"] for r in rows)

    def power_mw(self):
        return sum(self.energy().values()) / self.time_us * 1e-3

    def record(self):
        layer = self.layer
        energy = self.energy()
        analytic, area = self.analytic()
        found = {"layer": layer.name, "source": layer.source, "pes": self.pes, "queue_depth": self.engine.queue_depth,
                 "cycles": self.cycles, "theoretical_cycles": self.theoretical_cycles, "time_us": self.time_us,
                 "theoretical_us": self.theoretical_cycles / CLOCK_MHZ, "register_cycles": self.stats.register_cycles,
                 "entries": self.stats.entries, "fillers": self.stats.fillers, "utilisation": self.stats.utilisation,
                 "energy_pj": sum(energy.values()), "power_mw": self.power_mw(),
                 "energy_by_module_pj": energy, "output_ok": self.output_ok(),
                 "analytic_pj": analytic,
                 "analytic_area_mm2": area,
                 "spmat_bytes": self.model["spmat_bytes"], "pointer_bytes": self.model["pointer_bytes"],
                 "host_seconds": self.host_seconds}
        if layer.published:
            found["published_us"] = layer.published["actual_us"]
            found["published_theoretical_us"] = layer.published["theoretical_us"]
        if layer.floats is not None:
            scale = 1 << layer.fraction_bits if self.outputs.dtype == np.int16 else 1
            found["worst_error"] = float(np.abs(self.outputs / scale - layer.floats).max())
        return found
