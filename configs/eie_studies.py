# SPDX-License-Identifier: BSD-3-Clause
"""EIE's design space (figures 8, 9, 11 to 13 of the paper), timelines and plots."""
import numpy as np
import sim
import accelerators
import eie_runs
import report

DEPTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
WIDTHS = (32, 64, 128, 256, 512)
SPMAT_BYTES = 128 * 1024


def first_layers(layers):
    """{name: layer} with the first seed only."""
    return {name: makers[0]() for name, makers in layers.items()}


def queue_study(layers, engine):
    """Busy share against queue depth."""
    prices = eie_runs.paper_prices()
    records, rows = [], []
    for name, layer in first_layers(layers).items():
        model = None
        busy = []
        for depth in DEPTHS:
            made = engine(queue_depth=depth)
            model = model or sim.eie.encode(layer.network, pes=made.pes, registers=made.registers)
            run = eie_runs.Run(made, layer, prices, model=model)
            records.append(run.record() | {"layer": name})
            busy.append(run.stats.utilisation)
        rows.append([name] + [f"{100 * b:.1f} %" for b in busy])
    print("Busy share (1 - bubbles / cycles) against queue depth; the activation at the pointer unit counts")
    print(report.table(["layer"] + [str(d) for d in DEPTHS], rows))
    return records


def needed_registers(layer, pes):
    """As many as hold the whole layer, so that there is one row block and one batch."""
    return max(-(-size // pes) for layer in layer.network for size in layer["codes"].shape)


def on_pes(layer, name, pes, engine, prices, registers):
    profile = sim.eie.Profile(interval=1 << 20)
    run = eie_runs.Run(engine(pes=pes, registers=registers), layer, prices, profile)
    by_pe = profile.entries_by_pe
    return run.record() | {"layer": name, "registers": registers, "balance": float(by_pe.mean() / max(by_pe.max(), 1))}


def pe_study(layers, engine):
    """Speed, fillers and balance against the number of PEs, with registers for the whole layer as in the authors' program,
    and the speed with 64 of them, which makes row blocks."""
    prices = eie_runs.paper_prices()
    records, speed, blocked, fillers, busy, balance = [], [], [], [], [], []
    for name, layer in first_layers(layers).items():
        whole = [on_pes(layer, name, pes, engine, prices, needed_registers(layer, pes)) for pes in PES]
        small = [on_pes(layer, name, pes, engine, prices, 64) for pes in PES]
        base = whole[0]["cycles"]
        speed.append([name] + [f"{base / r['cycles']:.1f}" for r in whole])
        blocked.append([name] + [f"{base / r['cycles']:.1f}" for r in small])
        fillers.append([name] + [f"{100 * r['fillers'] / max(r['entries'], 1):.1f} %" for r in whole])
        busy.append([name] + [f"{100 * r['utilisation']:.1f} %" for r in whole])
        balance.append([name] + [f"{100 * r['balance']:.1f} %" for r in whole])
        records += whole + small
    heads = ["layer"] + [str(p) for p in PES]
    print("Speed over one PE, registers for the whole layer\n" + report.table(heads, speed))
    print("The same with 64 registers, over the same one PE: inputs are sent again for every row block\n" +
          report.table(heads, blocked))
    print("Fillers among the entries\n" + report.table(heads, fillers))
    print("Busy share\n" + report.table(heads, busy))
    print("Balance: mean over largest number of entries of a PE\n" + report.table(heads, balance))
    return records


def spmat_read_pj(width, two_ports):
    """45 nm, from the analytic prices; 128 KiB as one macro."""
    return sim.energy_price("scratchpad", node=45, bytes=SPMAT_BYTES, bits=width, has_two_ports=two_ports)["read_pj"]


def width_study(layers, engine):
    """Energy of Spmat reads against their width, with the line remembered from column to column and without."""
    prices = eie_runs.paper_prices()
    records = []
    runs = {}
    for name, layer in first_layers(layers).items():
        model = None
        for keeps in (True, False):
            for width in WIDTHS:
                made = engine(spmat_width=width, keeps_line=keeps)
                model = model or sim.eie.encode(layer.network, pes=made.pes, registers=made.registers)
                run = eie_runs.Run(made, layer, prices, model=model)
                runs[name, keeps, width] = run.stats.spmat_reads
                records.append(run.record() | {"layer": name, "spmat_width": width, "keeps_line": keeps,
                                               "spmat_reads": run.stats.spmat_reads})
    for two_ports in (False, True):
        price = {width: spmat_read_pj(width, two_ports) for width in WIDTHS}
        rows = [["pJ a read", "", *(f"{price[w]:.1f}" for w in WIDTHS), ""]]
        for name in layers:
            for keeps in (True, False):
                energy = {w: runs[name, keeps, w] * price[w] * 1e-6 for w in WIDTHS}
                rows.append([name, "remembered" if keeps else "read anew", *(f"{energy[w]:.3f}" for w in WIDTHS),
                             f"{min(energy, key=energy.get)} bits"])
        print(f"Energy of Spmat reads in uJ against width in bits, memory of {'two ports' if two_ports else 'one port'}")
        print(report.table(["layer", "line", *map(str, WIDTHS), "least at"], rows))
    return records


STUDIES = {"queue": queue_study, "pes": pe_study, "width": width_study}


# ---- what happened when
# ----------------------------------------------------------------------------------------------------------------

def rates(run):
    """Cycle, busy share, mean occupancy and blocked share of each interval, from the profile's samples."""
    samples = run.profile.samples.astype(np.int64)
    if len(samples) < 2:
        return []
    steps = np.diff(samples, axis=0)
    return [(int(samples[i, 0]), steps[i, 1] / (steps[i, 0] * run.pes), samples[i, 2] / run.pes,
             steps[i, 3] / steps[i, 0]) for i in range(len(steps))]


def write_timeline(path, runs):
    timeline = accelerators.Timeline()
    start = 0.0
    for name, run in runs:
        us = 1 / eie_runs.CLOCK_MHZ
        process = f"EIE, {run.pes} PEs: {name}"
        for kind, layer, block, column, begin, end in run.profile.events:
            timeline.slice(process, kind + "s" if kind == "section" else kind, f"layer {layer}, rows {block}, columns {column}",
                           start + begin * us, start + end * us)
        for cycle, busy, occupancy, blocked in rates(run):
            timeline.counter(process, "busy share", start + cycle * us, round(busy, 4))
            timeline.counter(process, "activations in a queue", start + cycle * us, round(occupancy, 3))
            timeline.counter(process, "blocked share", start + cycle * us, round(blocked, 4))
        start += run.time_us
    timeline.write(path)


def write_results(folder, records, runs):
    from results import Column, Results
    results = Results("EIE", "Fully connected layers in compressed form on EIE's array.", folder)
    columns = [Column("layer"), Column("source"), Column("cycles", "cycles"), Column("theory", "us"),
               Column("theory_paper", "us"), Column("time", "us"), Column("time_paper", "us"), Column("utilisation", "share"),
               Column("energy", "uJ"), Column("power", "mW"), Column("output_ok")]
    rows = [[r["layer"], r["source"], r["cycles"], r["theoretical_us"], r.get("published_theoretical_us"), r["time_us"],
             r.get("published_us"), r["utilisation"], r["energy_pj"] * 1e-6, r["power_mw"], r["output_ok"]] for r in records]
    results.add_table("layers", "Layers", columns, rows)
    results.add_plot("bars", "layers", "layer", ["time", "time_paper"], "Time of a layer")
    modules = list(records[0]["energy_by_module_pj"])
    results.add_table("energy", "Energy by module", [Column("layer")] + [Column(m, "uJ") for m in modules],
                      [[r["layer"]] + [r["energy_by_module_pj"][m] * 1e-6 for m in modules] for r in records])
    results.add_plot("stacked", "energy", "layer", modules, "Energy by module")
    over_time = [[name, cycle, busy, occupancy, blocked] for name, run in runs
                 for cycle, busy, occupancy, blocked in rates(run)]
    results.add_table("over_time", "Busy share and queues over time",
                      [Column("layer"), Column("cycle", "cycles"), Column("busy", "share"),
                       Column("queue", "activations"), Column("blocked", "share")], over_time)
    results.add_plot("lines", "over_time", "cycle", ["busy"], "Busy share of the PEs", "busy", series="layer")
    results.add_plot("lines", "over_time", "cycle", ["queue"], "Activations in a queue", "queue", series="layer")
    balance = [[name, pe, int(count)] for name, run in runs for pe, count in enumerate(run.profile.entries_by_pe)]
    results.add_table("balance", "Entries by PE", [Column("layer"), Column("pe"), Column("entries", "entries")], balance)
    results.add_plot("lines", "balance", "pe", ["entries"], "Entries that each PE worked through", "balance", series="layer")
    results.write(report.revision(sim.root))
