# SPDX-License-Identifier: BSD-3-Clause
"""ESE by itself: the paper's LSTM (153 inputs, 1,024 cells, 512 outputs) with synthetic weights, or --npz=FILE.

A row a matrix of one time step, with what its time consists of: `load` and `element wise` are what the next product
waits for, as ese_runs.Run says. --study=balance compares masks with and without regard to the balance of PEs; memory,
queue, columns and pointers vary one thing.
"""
import sim
import accelerators
import command_line
import ese_energy
import ese_lstm
import ese_report
import ese_runs
import report

SPREADS = (0, 0.1, 0.2, 0.3)


def options():
    p = accelerators.parser("ese.py", __doc__.split("\n")[0])
    p.add_argument("--npz", metavar="FILE", help="an LSTM of your own: the arrays of sim.ese.encode, and x")
    p.add_argument("--pes", type=accelerators.number(1), default=32, metavar="N", help="of a channel; default: 32")
    p.add_argument("--fifo", type=accelerators.number(1), default=8, metavar="N", help="depth of the queues; default: 8")
    p.add_argument("--channels", type=accelerators.number(1), default=32, metavar="N", help="default: 32")
    p.add_argument("--steps", type=accelerators.number(1), default=3, metavar="N", help="time steps; default: 3")
    p.add_argument("--unbalanced", action="store_true", help="prune without regard to the balance of PEs")
    p.add_argument("--row-spread", type=accelerators.real(0, "a number from 0 up, such as 0.2", True), default=0.0, metavar="S",
                   help="rows' weights differ by this standard deviation of their logarithm; default: 0")
    p.add_argument("--study", choices=list(STUDIES), help="vary one thing")
    return p.parse_args()


def engine(given, **changes):
    made = sim.Ese(**({"pes": given.pes, "queue_depth": given.fifo, "channels": given.channels} | changes))
    return accelerators.with_settings(made, given.set)


def lstm(given, seed=1):
    if given.npz:
        return ese_lstm.from_npz(given.npz, given.channels, given.steps, seed)
    return ese_lstm.synthetic(seed, given.channels, given.steps, given.pes, is_balanced=not given.unbalanced,
                              row_spread=given.row_spread)


def total(records):
    """The step as one record, whose numbers are sums; "total" in the paper's table."""
    paper = ese_lstm.published()["total"] if records[0]["imbalance"] else {}
    summed = ("cycles", "theoretical_cycles", "time_us", "theoretical_us", "weights", "entries", "dram_bytes", "energy_pj",
              "fpga_energy_pj")
    made = records[0] | {name: sum(r[name] for r in records) for name in summed}
    for name in ("parts_us", "energy_by_part_pj"):
        made[name] = {part: sum(r[name][part] for r in records) for part in records[0][name]}
    made["gops"] = sum(r["gops"] * r["time_us"] for r in records) / made["time_us"]
    made["utilisation"] = sum(r["utilisation"] * r["cycles"] for r in records) / made["cycles"]
    return made | {"layer": "LSTM", "published_us": paper.get("real_us"), "published_gops": paper.get("gops"),
                   "published_theoretical_us": paper.get("theoretical_us"),
                   "imbalance": max((r["imbalance"] or 1 for r in records))}


def time_table(records):
    rows = []
    for r in records:
        off = accelerators.percent(accelerators.deviation(r["time_us"], r["published_us"]))
        rows.append([r["layer"], r["theoretical_us"], r["published_theoretical_us"],
                     *(r["parts_us"][name] for name in ese_runs.PARTS[1:]), r["time_us"], r["published_us"], off,
                     f"{r['gops']:.1f}", r["published_gops"], f"{100 * r['utilisation']:.1f} %", f"{r['imbalance'] or 1:.3f}"])
    heads = ["matrix", "theory us", "paper", *(name.replace("_", " ") for name in ese_runs.PARTS[1:]), "us", "paper", "off",
             "GOP/s", "paper", "busy", "max/mean"]
    return report.table(heads, rows)


def energy_table(records):
    names = list(records[0]["energy_by_part_pj"])
    rows = [[r["layer"]] + [f"{100 * r['energy_by_part_pj'][n] / r['energy_pj']:.1f} %" for n in names] +
            [r["energy_pj"] * 1e-6, f"{r['energy_pj'] / r['time_us'] * 1e-6:.2f}", r["fpga_energy_pj"] * 1e-6] for r in records]
    return report.table(["energy", *names, "uJ", "W", "card at 41 W, uJ"], rows)


def notes(records, run):
    step = records[-1]
    print(f"all operations of {run.channels} channels; a chip's circuits at {ese_energy.NODE} nm would take "
          f"{step['area_mm2']:.1f} mm2; the FPGA card draws {ese_energy.FPGA_WATTS} W")
    print(f"host: {run.host_seconds:.2f} s for {run.lstm.x.shape[0]} steps; outputs "
          f"{'as the reference has them' if step['output_ok'] else 'WRONG'}")
    if run.lstm.imbalance:
        exact = ese_lstm.floating(run.lstm)
        print(f"worst error against floating point {abs(exact - run.outputs / 2.0**ese_lstm.Y_BITS).max():.3f}, "
              f"of outputs up to {abs(exact).max():.2f}")


def run_lstm(given):
    of_seeds = [ese_runs.Run(engine(given), lstm(given, seed)) for seed in range(1, (given.seeds or 1) + 1)]
    all_records = [run.records(run.output_ok(4)) for run in of_seeds]
    records = [merged([of[i] for of in all_records]) for i in range(len(all_records[0]))]
    records.append(total(records))
    if given.json:
        report.write_json(given.json, records)
    if given.out:
        ese_report.write_results(given.out, records)
    if given.timeline:
        write_timeline(given.timeline, of_seeds[0])
    print(f"ESE with {given.channels} channels of {given.pes} PEs, queues of {given.fifo}, {records[0]['source']}; one time step")
    print(time_table(records))
    print(energy_table(records))
    notes(records, of_seeds[0])
    return 0 if all(r["output_ok"] for r in records) else 1


def merged(records):
    """Means of several seeds' records."""
    made = dict(records[0])
    for key, value in made.items():
        if isinstance(value, bool):
            made[key] = all(r[key] for r in records)
        elif isinstance(value, (int, float)) and len(records) > 1:
            made[key] = accelerators.mean([r[key] for r in records])
        elif isinstance(value, dict) and len(records) > 1:
            made[key] = {k: accelerators.mean([r[key][k] for r in records]) for k in value}
    return made


def write_timeline(path, run):
    timeline = accelerators.Timeline()
    clock = run.engine.clock
    for t in run.times:
        name = f"W{t['matrix']}, step {t['step']}"
        timeline.slice("ESE", "DRAM", name, t["load_begin"] / clock, t["load_end"] / clock)
        timeline.slice("ESE", "array", name, t["begin"] / clock, t["end"] / clock, entries=t["weights"] + t["fillers"])
    timeline.write(path)


# ---- studies: each returns records, and prints them
# -----------------------------------------------------------------------------------------------------------------

def balance(given):
    """Speed-up over the dense LSTM on the same machine, of masks that differ in balance only."""
    dense = ese_runs.step_us(engine(given, weight_entries=65535),
                             ese_lstm.synthetic(1, given.channels, 3, given.pes, density=1))
    weights = sum(row["rows"] * row["columns"] for name, row in ese_lstm.published().items() if name != "total")
    ideal = weights / given.pes / engine(given).clock
    records = []
    for spread in SPREADS:
        for is_balanced in (True, False):
            made = ese_lstm.synthetic(1, given.channels, 3, given.pes, is_balanced=is_balanced, row_spread=spread)
            us = ese_runs.step_us(engine(given), made)
            records.append({"row_spread": spread, "is_balanced": is_balanced, "imbalance": max(made.imbalance.values()),
                            "time_us": us, "speed_up": dense / us, "speed_up_over_ideal": ideal / us})
    print(f"dense: {dense:.1f} us, or {ideal:.1f} us at a weight a PE and cycle; the paper's masks: 6.2x balanced, 5.5x not")
    print(report.table(["row spread", "masks", "max/mean", "us", "over dense", "over ideal dense"],
                       [[f"{r['row_spread']:.1f}", "balanced" if r["is_balanced"] else "unbalanced", f"{r['imbalance']:.3f}",
                         r["time_us"], f"{r['speed_up']:.2f}x", f"{r['speed_up_over_ideal']:.2f}x"] for r in records]))
    return records


def varied(name, choices):
    def study(given):
        made = ese_lstm.synthetic(1, given.channels, 3, given.pes, is_balanced=not given.unbalanced, row_spread=given.row_spread)
        records = []
        for change in choices:
            run = ese_runs.Run(engine(given, **change), made)
            of = run.matrices()
            records.append(change | {m["matrix"]: m["cycles"] / run.engine.clock for m in of} |
                           {"time_us": sum(m["cycles"] for m in of) / run.engine.clock})
        print(f"{name}: us a matrix and step; the paper's: 5.36, 10.31, ..., 15.66, 82.7 in all")
        print(report.table(list(records[0]), [[r[key] if isinstance(r[key], float) else str(r[key]) for key in r]
                                              for r in records]))
        return records
    return study


STUDIES = {
    "balance": balance,
    "memory": varied("DRAM width and weight buffers", [
        {"dram_bits": bits, "weight_entries": entries, "pointer_columns": min(entries, 2048) - 1}
        for bits in (64, 128) for entries in (256, 512, 1024, 2048, 4096)]),
    "queue": varied("depth of the queues", [{"queue_depth": depth} for depth in (1, 2, 4, 8, 16, 64)]),
    "columns": varied("least cycles of a PE for a column", [{"column_cycles": cycles} for cycles in (1, 2, 3, 4)]),
    "pointers": varied("bits of a pointer in DRAM", [{"pointer_bits": bits} for bits in (4, 8, 12, 16, 32)]),
}


def main():
    given = options()
    if given.study:
        for name in ("out", "timeline", "npz"):
            if getattr(given, name):
                raise sim.ConfigError(f"--{name}: is for a run without --study; --json keeps a study's records")
        records = STUDIES[given.study](given)
        if given.json:
            report.write_json(given.json, records)
        return 0
    return run_lstm(given)


command_line.guarded(main)
