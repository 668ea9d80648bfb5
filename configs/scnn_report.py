# SPDX-License-Identifier: BSD-3-Clause
"""Tables, results folder and timeline of layers that configs/scnn.py has run."""
import sim
import accelerators
import report
import scnn_energy
import scnn_runs
from results import Column, Results


def layer_row(r):
    ok = {None: "-", True: "ok", False: "WRONG"}[r["output_ok"]]
    usual = r["energies_pj"][scnn_energy.USUAL.name]
    return [r["layer"], r["cycles"], r["theoretical_cycles"], r["dcnn_cycles"], r["speedup"], r["utilisation"],
            r["scnn"]["group_filters"], r["scnn"]["passes"], usual["scnn"] / 1e6, usual["dcnn"] / usual["scnn"],
            usual["dcnn"] / usual["dcnn_opt"], ok]


LAYER_HEADS = ["layer", "cycles", "oracle", "DCNN", "speed-up", "utilisation", "Kc", "passes", "uJ", "DCNN/SCNN energy",
               "DCNN/opt energy", "output"]


def rival_columns(records):
    return [name for name in scnn_runs.RIVALS if all(name + "_cycles" in r for r in records)]


def layers_text(records):
    rivals = rival_columns(records)
    rows = [layer_row(r) + [r[name + "_cycles"] for name in rivals] for r in records]
    return report.table(LAYER_HEADS + ["SparseW", "SparseA"][:len(rivals)], rows)


def slots_text(networks):
    """Where multiplier slots and PE-cycles went, in percent."""
    names = scnn_runs.SLOTS[:-1] + ("fragment_slots",)
    heads = ["share of slots, %"] + [n.removesuffix("_slots").removesuffix("_products") for n in names]
    heads += [n.removesuffix("_cycles") for n in scnn_runs.REASONS]
    rows = []
    for name, made in networks.items():
        left = 1 - sum(made["pe_cycles"].values())
        require_sum = sum(made["slots"][n] for n in names) - left
        assert abs(require_sum) < 1e-9, require_sum   # multiplying cycles are made of these slots
        rows.append([name] + [100 * made["slots"][n] for n in names] +
                    [100 * made["pe_cycles"][n] for n in scnn_runs.REASONS])
    return report.table(heads, rows)


def networks_of(records):
    names = dict.fromkeys(r["network"] or r["layer"] for r in records)
    return {name: scnn_runs.summed([r for r in records if (r["network"] or r["layer"]) == name]) for name in names}


def networks_text(networks):
    rows = []
    for name, made in networks.items():
        usual = made["energies_pj"][scnn_energy.USUAL.name]
        rows.append([name, made["layers"], made["tiled_layers"], made["cycles"], made["dcnn_cycles"], made["speedup"],
                     made["dcnn_cycles"] / made.get("oracle_cycles", made["theoretical_cycles"]), made["utilisation"],
                     usual["dcnn"] / usual["scnn"], usual["dcnn"] / usual["dcnn_opt"]])
    return report.table(["network", "layers", "through DRAM", "cycles", "DCNN", "speed-up", "oracle's", "utilisation",
                         "DCNN/SCNN energy", "DCNN/opt energy"], rows)


def references_text(networks, records):
    rows = []
    for name, made in networks.items():
        of = [r for r in records if (r["network"] or r["layer"]) == name]
        counts = [sum(r["references"][memory] for r in of) / 1e6 for memory in scnn_runs.REFERENCES]
        rows.append([name] + counts + [sum(counts), sum(r["scnn"]["merged_products"] for r in of) / 1e6])
    return report.table(["memory references, millions", *scnn_runs.REFERENCES, "all", "merged products"], rows)


def write_timeline(file, records, groups, clock_ghz):
    """Groups, their drains, and the share of busy multipliers, layer after layer."""
    timeline, at = accelerators.Timeline(), 0
    us = lambda cycles: (at + cycles) / clock_ghz / 1e3   # noqa: E731
    for r in records:
        timeline.slice("SCNN", "layers", r["layer"], us(0), us(r["cycles"]), passes=r["scnn"]["passes"])
        for _, number, group, begin, end, drained, pairs, stalls in (g for g in groups if g[0] == r["layer"]):
            timeline.slice("SCNN", "groups", f"group {group}, pass {number}", us(begin), us(end))
            timeline.slice("SCNN", "drains", f"group {group}, pass {number}", us(end), us(drained))
            share = max(1, (end - begin) * scnn_pes(r))
            timeline.counter("SCNN", "busy PEs", us(begin), pairs / share)
            timeline.counter("SCNN", "bank stalls", us(begin), stalls / share)
        at += r["cycles"]
    timeline.write(file)


def energy_text(networks):
    rows = [[name, assume, e["dcnn"] / e["scnn"], e["dcnn"] / e["dcnn_opt"], e["dcnn_opt"] / e["scnn"]]
            for name, made in networks.items() for assume, e in made["energies_pj"].items()]
    return report.table(["energy", "prices", "DCNN/SCNN", "DCNN/opt", "opt/SCNN"], rows)


def write_layers(folder, records, balance, groups):
    results = Results("SCNN", "Layers on SCNN beside DCNN, DCNN-opt and the oracle.", folder)
    results.add_table("layers", "Layers", [Column(head) for head in LAYER_HEADS], [layer_row(r) for r in records])
    results.add_plot("bars", "layers", x="layer", y=["speed-up"], levels=[("DCNN", 1)], title="Speed-up over DCNN")
    parts = list(records[0]["energy_parts"])
    results.add_table("energy", "Energy by part", [Column("layer")] + [Column(part, "uJ") for part in parts],
                      [[r["layer"]] + [r["energy_parts"][part] / 1e6 for part in parts] for r in records])
    results.add_plot("stacked", "energy", x="layer", y=parts, title="Energy of SCNN")
    names = scnn_runs.SLOTS[:-1] + ("fragment_slots",)
    rows = [[r["layer"]] + [r["scnn"][n] / r["scnn"]["multiplier_slots"] for n in names] +
            [r["scnn"][n] / (r["scnn"]["array_cycles"] * scnn_pes(r)) for n in scnn_runs.REASONS] for r in records]
    results.add_table("slots", "Multiplier slots", [Column("layer")] + [Column(n) for n in names + scnn_runs.REASONS], rows,
                      "Shares of all slots; reasons of cycles without multiplication are shares of PE-cycles.")
    results.add_plot("stacked", "slots", x="layer", y=names + scnn_runs.REASONS, title="Where multiplier slots go")
    pes = {r["layer"]: scnn_pes(r) for r in records}
    busy = [[layer, begin, pairs / max(1, (end - begin) * pes[layer]), stalls / max(1, (end - begin) * pes[layer])]
            for layer, _, _, begin, end, _, pairs, stalls in groups]
    results.add_table("time", "PEs over time", [Column("layer"), Column("begin", "cycles"), Column("busy"), Column("stalled")],
                      busy, "A row an output-channel group: shares of PE-cycles of multiplying, and of full bank queues.",
                      in_contents=False)
    results.add_plot("lines", "time", x="begin", y=["busy"], series="layer", title="Multiplying PEs over time")
    results.add_table("balance", "Work of PEs", [Column("layer"), Column("PE"), Column("busy")], balance,
                      "Share of cycles in which a PE multiplies.", in_contents=False)
    results.add_plot("lines", "balance", x="PE", y=["busy"], series="layer", title="Balance between PEs")
    results.write(report.revision(sim.root))


def scnn_pes(r):
    scnn = r["scnn"]
    return (scnn["pair_cycles"] + sum(scnn[n] for n in scnn_runs.REASONS)) // max(1, scnn["array_cycles"])
