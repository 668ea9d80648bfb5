# SPDX-License-Identifier: BSD-3-Clause
"""ESE's results folder: time of each matrix by what it consists of, and energy by part."""
import sim
import ese_runs
import report
from results import Column, Results


def write_results(folder, records):
    results = Results("ESE", "One time step of an LSTM on ESE's channels, matrix by matrix.", folder)
    parts = list(ese_runs.PARTS[1:])
    columns = [Column("matrix"), Column("cycles", "cycles"), Column("theory", "us"), Column("theory_paper", "us"),
               *(Column(part, "us") for part in parts), Column("time", "us"), Column("time_paper", "us"),
               Column("throughput", "GOP/s"), Column("throughput_paper", "GOP/s"), Column("utilisation", "share"),
               Column("imbalance", "max/mean"), Column("output_ok")]
    rows = [[r["layer"], r["cycles"], r["theoretical_us"], r["published_theoretical_us"],
             *(r["parts_us"][part] for part in parts), r["time_us"], r["published_us"], r["gops"], r["published_gops"],
             r["utilisation"], r["imbalance"], r["output_ok"]] for r in records]
    results.add_table("matrices", "Matrices", columns, rows)
    results.add_plot("bars", "matrices", "matrix", ["time", "time_paper"], "Time of a matrix")
    results.add_plot("stacked", "matrices", "matrix", ["theory", *parts], "What the time consists of", "parts")
    circuits = list(records[0]["energy_by_part_pj"])
    results.add_table("energy", "Energy by part", [Column("matrix")] + [Column(c, "uJ") for c in circuits],
                      [[r["layer"]] + [r["energy_by_part_pj"][c] * 1e-6 for c in circuits] for r in records])
    results.add_plot("stacked", "energy", "matrix", circuits, "Energy by part")
    results.write(report.revision(sim.root))
