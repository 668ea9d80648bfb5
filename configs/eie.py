# SPDX-License-Identifier: BSD-3-Clause
"""EIE by itself: fully connected layers on 1 to 256 PEs, with weights resident and no processor.

--layer=alex-8 with real tensors where --data has them, --layer=all for the nine layers of the paper with synthetic ones,
--npz=FILE for your own. --study=queue, pes or width varies one thing.
"""
import sim
import accelerators
import command_line
import eie_layers
import eie_runs
import eie_studies
import overrides
import report

ALEX8 = ("alexnet_fc8_sparse", "alexnet_fc8.npz")


def options():
    p = accelerators.parser("eie.py", __doc__.split("\n")[0])
    p.add_argument("--layer", metavar="NAME,...", help="of the paper's nine, or all; default: alex-8")
    p.add_argument("--npz", metavar="FILE", help="weights or weight_codes and codebook; bias, activations, relu as well")
    p.add_argument("--pes", type=accelerators.number(1), default=64, metavar="N", help="default: 64")
    p.add_argument("--fifo", type=accelerators.number(1), default=8, metavar="N", help="depth of the queues; default: 8")
    p.add_argument("--arithmetic", default="round", choices=["round", "truncate", "wide", "float32"],
                   help="default: round")
    p.add_argument("--study", choices=list(eie_studies.STUDIES), help="vary queue depth, PEs, or the Spmat read's width")
    p.add_argument("--calibrate", action="store_true", help="write traces/accel/eie_prices.csv anew")
    given = p.parse_args()
    for name in ("out", "timeline") if given.study else ():
        if getattr(given, name):
            raise sim.ConfigError(f"--{name}: is for a run without --study; --json keeps a study's records")
    if given.npz and given.layer:
        raise sim.ConfigError(f"--npz={given.npz}, --layer={given.layer}: one of them at a time")
    given.layer = "alex-8" if given.layer is None else given.layer
    return given


def engine(given, **changes):
    made = sim.Eie(**({"pes": given.pes, "queue_depth": given.fifo} | changes))
    if given.npz is None and not any("unlimited" in setting for setting in given.set):
        made = overrides.apply(made, ["core.unlimited=true"])   # computing mode; needs beyond the paper's are reported
    return accelerators.with_settings(made, given.set)


def chosen_layers(given):
    """{name: list of functions that make a layer}: one a seed, or one for real tensors."""
    if given.npz:
        return {given.npz: [lambda: eie_layers.from_npz(given.npz, given.arithmetic, given.data)]}
    rows = eie_layers.published()
    names = list(rows) if given.layer == "all" else given.layer.lower().split(",")
    real = accelerators.find_data(given.data, *ALEX8) if given.data or "alex-8" in names else None
    seeds = range(1, (given.seeds or (5 if given.layer == "all" else 1)) + 1)
    made = {}
    for name in names:
        if name not in rows:
            raise sim.ConfigError(f"--layer={name}: is not one of the paper's{overrides.near(name, [*rows, 'all'])}")
        if name == "alex-8" and real:
            made["Alex-8, real"] = [lambda: eie_layers.real_alex8(real, given.arithmetic)]
            if given.layer != "all":
                continue
        made[rows[name]["layer"]] = [lambda row=rows[name], seed=seed: eie_layers.synthetic(row, seed, given.arithmetic)
                                     for seed in seeds]
    return made


def mean_record(records):
    """One record of several seeds': numbers are means, what must hold must hold in all."""
    first = records[0]
    merged = dict(first)
    for key, value in first.items():
        if isinstance(value, bool):
            merged[key] = all(r[key] for r in records)
        elif isinstance(value, (int, float)):
            merged[key] = accelerators.mean([r[key] for r in records])
        elif isinstance(value, dict):
            merged[key] = {k: accelerators.mean([r[key][k] for r in records]) for k in value}
    if len(records) > 1:
        merged["source"] = f"synthetic, {len(records)} seeds"
    return merged


def layer_table(records):
    rows = []
    for r in records:
        rows.append([r["layer"], r["source"], f"{r['cycles']:.0f}", r["theoretical_us"], r.get("published_theoretical_us"),
                     r["time_us"], r.get("published_us"),
                     accelerators.percent(accelerators.deviation(r["time_us"], r.get("published_us"))),
                     f"{100 * r['utilisation']:.1f} %", f"{100 * r['fillers'] / max(r['entries'], 1):.1f} %",
                     r["energy_pj"] * 1e-6, f"{r['power_mw']:.0f}", "output ok" if r["output_ok"] else "WRONG OUTPUT"])
    heads = ["layer", "weights", "cycles", "theory us", "paper", "us", "paper", "off", "busy", "fillers", "uJ", "mW", ""]
    return report.table(heads, rows)


def energy_table(records):
    """Share of each module."""
    names = list(records[0]["energy_by_module_pj"])
    rows = [[r["layer"]] + [f"{100 * r['energy_by_module_pj'][n] / r['energy_pj']:.1f} %" for n in names] +
            [r["energy_pj"] * 1e-6] for r in records]
    return report.table(["energy, table II's prices"] + [n.replace("_", " ") for n in names] + ["uJ"], rows)


def analytic_table(records):
    """The same energies from the analytic prices of circuits, leakage apart."""
    names = [name for name in records[0]["analytic_pj"] if name != "leakage"]
    rows = []
    for r in records:
        dynamic = sum(r["analytic_pj"][n] for n in names)
        rows.append([r["layer"]] + [f"{100 * r['analytic_pj'][n] / dynamic:.1f} %" for n in names] +
                    [dynamic * 1e-6, f"{dynamic / r['time_us'] * 1e-3:.0f}",
                     f"{r['analytic_pj']['leakage'] / r['time_us'] * 1e-3:.0f}", f"{r['analytic_area_mm2']:.1f}"])
    heads = ["energy, analytic prices"] + [n.replace("_", " ") for n in names]
    return report.table(heads + ["uJ", "mW", "leakage mW", "mm2"], rows)


def notes(given, records):
    for r in records:
        if r["spmat_bytes"] > 128 * 1024 or r["pointer_bytes"] > 32 * 1024:
            print(f"{r['layer']}: a PE would need {r['spmat_bytes'] / 1024:.0f} KiB of weights and "
                  f"{r['pointer_bytes'] / 1024:.0f} KiB of pointers; the paper's has 128 and 32")
        if "worst_error" in r:
            print(f"{r['layer']}: worst error against floating point {r['worst_error']:.4f}")
    pes = sum(r["host_pe_cycles"] for r in records)
    seconds = sum(r["host_seconds"] for r in records)
    print(f"64 PEs of the paper draw {eie_runs.ARRAY_MW} mW on {eie_runs.ARRAY_MM2} mm2; host: {pes / seconds / 1e6:.0f} M PE-cycles/s")


def run_layers(given):
    prices = eie_runs.paper_prices()
    records, last = [], None
    for name, makers in chosen_layers(given).items():
        of_seeds = []
        for make in makers:
            profile = sim.eie.Profile() if (given.timeline or given.out) and make is makers[0] else None
            run = eie_runs.Run(engine(given), make(), prices, profile)
            of_seeds.append(run.record())
            of_seeds[-1]["host_pe_cycles"] = run.cycles * run.pes
            if profile:
                last = last or []
                last.append((name, run))
        records.append(mean_record(of_seeds))
        records[-1]["layer"] = name
    if given.json:
        report.write_json(given.json, records)
    print(f"EIE with {given.pes} PEs at {eie_runs.CLOCK_MHZ} MHz, queues of {given.fifo}, weights resident")
    print(layer_table(records))
    print(energy_table(records))
    print(analytic_table(records))
    notes(given, records)
    if given.timeline:
        eie_studies.write_timeline(given.timeline, last)
    if given.out:
        eie_studies.write_results(given.out, records, last)
    return 0 if all(r["output_ok"] for r in records) else 1


def main():
    given = options()
    if given.calibrate:
        for name, price in eie_runs.calibrate().items():
            print(f"{name:24}{price:10.4f} pJ")
        return 0
    if given.study:
        records = eie_studies.STUDIES[given.study](chosen_layers(given), lambda **changes: engine(given, **changes))
        if given.json:
            report.write_json(given.json, records)
        return 0 if all(r["output_ok"] for r in records) else 1
    return run_layers(given)


command_line.guarded(main)
