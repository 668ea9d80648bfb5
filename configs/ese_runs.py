# SPDX-License-Identifier: BSD-3-Clause
"""Runs of ESE by itself: time steps of one LSTM on one card, and what of the time went where."""
import time

import numpy as np
import sim
import ese_energy
import ese_lstm

PARTS = ("theory", "padding", "empty_columns", "imbalance", "fill", "load", "element_wise")
FILL = 5   # cycles of a section from its first broadcast to the first entry, and from the last entry to its write


class Run:
    """An LSTM's steps on an engine; records are of the last step that another one follows, or of the only one.

    A matrix's time is that of its state in the state machine: from the start of its product until the next product can
    start. In it the next matrix is loaded, so what a product waits for its load counts where the load took place.
    """

    def __init__(self, engine, lstm):
        self.engine, self.lstm = engine, lstm
        steps, channels, _ = lstm.x.shape
        outputs = lstm.model["ym"].shape[0]
        model = sim.ese.encode(lstm.model, pes=engine.pes, most_words=engine.weight_entries,
                               most_columns=engine.pointer_columns)
        self.sections = sim.ese.sections(model)
        before = sim.statistics_of(engine)
        done = sim.run_engine(engine, sim.ese.LOAD, model=model)
        start = time.process_time()
        if done["status"] == "ok":
            done = sim.run_engine(engine, sim.ese.RUN, model=model, input=lstm.x.tobytes(),
                                  output_bytes=2 * steps * channels * outputs, arguments=[steps, channels])
        self.host_seconds = time.process_time() - start
        if done["status"] != "ok":
            raise sim.ConfigError(f"{lstm.source}: {done['status']}, {sim.ese.fault(engine)}")
        self.done = done
        self.stats = sim.statistics_of(engine) - before
        self.outputs = np.frombuffer(done["output"], np.int16).reshape(steps, channels, outputs)
        self.times = sim.ese.times(engine)
        self.channels = channels
        self.step = steps - 2 if steps > 2 else steps - 1   # y is 0 in the first

    def output_ok(self, channels=None):
        """Whether the outputs (of the first so many channels) are the reference's to the bit."""
        x = np.ascontiguousarray(self.lstm.x[:, :channels])
        return bool(np.array_equal(sim.ese.reference(self.lstm.model, x), self.outputs[:, :x.shape[1]]))

    def matrices(self):
        """One dictionary a matrix: cycles of the step, by part; the parts add up."""
        found, pes = [], self.engine.pes
        last = {"load_wait": 0, "element_wait": self.done["compute_cycles"] - self.times[-1]["end"]}
        for t, following in zip(self.times, self.times[1:] + [last]):
            if t["step"] != self.step:
                continue
            of = [s for s in self.sections if s["matrix"] == t["matrix"]]
            parts = dict(theory=t["weights"] / pes, padding=t["fillers"] / pes, empty_columns=t["empty_columns"] / pes)
            busy = sum(parts.values())
            parts["fill"] = float(min(FILL * len(of), t["cycles"] - busy))
            parts["imbalance"] = t["cycles"] - busy - parts["fill"]
            parts["load"], parts["element_wise"] = float(following["load_wait"]), float(following["element_wait"])
            words = sum(s["words"] for s in of)
            pointers = sum(-(-(s["columns"] + 1) * pes * self.engine.pointer_bits // 8) for s in of)
            cycles = t["cycles"] + following["load_wait"] + following["element_wait"]
            found.append({"matrix": t["matrix"], "cycles": cycles,
                          "parts": {name: parts[name] for name in PARTS}, "weights": t["weights"],
                          "entries": t["weights"] + t["fillers"], "broadcasts": t["broadcasts"], "loaded_words": words,
                          "dram_bytes": 2 * words * pes + pointers, **self.element_counts(t["matrix"])})
        return found

    def element_counts(self, matrix):
        """Element-wise work of a channel after a matrix: multiplications, look-ups, results."""
        outputs, cells = self.lstm.model["ym"].shape
        counts = {"ir": (1, 1, 1), "fr": (1, 1, 1), "cr": (2, 1, 2), "or": (2, 2, 2)}
        products, lookups, results = counts.get(matrix, (0, 0, 0))
        if matrix == "ym":
            return {"element_products": 0, "lookups": 0, "results": outputs}
        return {"element_products": products * cells, "lookups": lookups * cells, "results": results * cells}

    def records(self, output_ok):
        published = ese_lstm.published()
        clock = self.engine.clock
        outputs, cells = self.lstm.model["ym"].shape
        parts = ese_energy.circuits(self.engine, -(-max(cells, outputs) // self.engine.pes), 4 * cells + outputs)
        made = []
        for m in self.matrices():
            paper = published[m["matrix"]] if self.lstm.imbalance else {}
            us = m["cycles"] / clock
            energy = ese_energy.energy(self.engine, parts, m, self.channels, us)
            made.append({
                "layer": m["matrix"], "source": self.lstm.source, "cycles": m["cycles"],
                "theoretical_cycles": m["parts"]["theory"], "time_us": us, "theoretical_us": m["parts"]["theory"] / clock,
                "published_us": paper.get("real_us"), "published_theoretical_us": paper.get("theoretical_us"),
                "gops": 2e-3 * m["weights"] * self.channels / us, "published_gops": paper.get("gops"),
                "parts_us": {name: value / clock for name, value in m["parts"].items()},
                "weights": m["weights"], "entries": m["entries"], "dram_bytes": m["dram_bytes"],
                "utilisation": m["entries"] / (m["cycles"] * self.engine.pes), "energy_pj": sum(energy.values()),
                "energy_by_part_pj": energy, "fpga_energy_pj": ese_energy.FPGA_WATTS * us * 1e6,
                "imbalance": self.lstm.imbalance.get(m["matrix"]), "area_mm2": ese_energy.area(parts),
                "host_seconds": self.host_seconds, "output_ok": output_ok})
        return made


def step_us(engine, lstm):
    """Time of one time step."""
    run = Run(engine, lstm)
    return sum(m["cycles"] for m in run.matrices()) / engine.clock
