# SPDX-License-Identifier: BSD-3-Clause
"""The CG-OoO papers' sweeps: speed and energy as one thing about the machine changes at a time.

Without --quick every point runs whole programs of the suite at test size: about 20 minutes of one processor."""
import argparse

import sim
import cgooo_sweeps
import command_line
import comparison
import experiment
import report
import suites
from comparison import BASES, PRICES
from results import Column, Results

QUICK_PROGRAMS = ("gcc_like", "hmmer_like", "sjeng_like", "libquantum_like", "astar_like")
QUICK_INSTRUCTIONS, QUICK_WARMUP = 300_000, 100_000


def sweeps(text):
    names = text.split(",")
    for name in names:
        if name not in cgooo_sweeps.SWEEPS:
            raise argparse.ArgumentTypeError(f"cannot be '{name}'; it takes some of {', '.join(cgooo_sweeps.SWEEPS)}")
    return list(dict.fromkeys(names))


def parse():
    p = command_line.parser(None, __doc__, has_core=False)
    p.set_defaults(bench="spec")
    p.add_argument("--study", type=sweeps, default=list(cgooo_sweeps.SWEEPS), metavar="NAME,...",
                   help=f"default: all of {', '.join(cgooo_sweeps.SWEEPS)}")
    p.add_argument("--quick", action="store_true", help=f"{len(QUICK_PROGRAMS)} programs, fewer points, "
                   f"{QUICK_INSTRUCTIONS} instructions")
    experiment.add_jobs(p)
    options, arguments = command_line.parse(p)
    if options.pipeline_trace:
        raise sim.ConfigError("--pipeline-trace: holds one run; use run.py")
    if options.preset:
        raise sim.ConfigError(f"--preset={options.preset}: the sweeps start from arxiv16; use run.py for another machine")
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if options.quick and len(runs) > len(QUICK_PROGRAMS):
        runs = [run for run in runs if run.program in QUICK_PROGRAMS] or runs[:len(QUICK_PROGRAMS)]
    if options.quick and not options.max_insts:
        options.max_insts = QUICK_INSTRUCTIONS
        options.warmup = options.warmup or QUICK_WARMUP
    return options, runs


def distinct(chosen):
    """Every machine once, though several sweeps may hold it under a label of their own."""
    found = {}
    for _, point in chosen:
        found.setdefault(key(point), point)
    return list(found.values())


def key(point):
    return point.core, tuple(sorted(point.settings))


# ---- tables
# --------------------------------------------------------------------------------------------------------

def measures(records, reference):
    """The cells of a point: means over the programs, relative to the same programs on the reference."""
    together = list(zip(records, reference))
    cells = [comparison.harmonic_mean(r["ipc"] for r in records),
             comparison.harmonic_mean(comparison.speed_up(r, b) for r, b in together)]
    for prices in PRICES:
        if comparison.has_energy(reference, prices):
            cells.append(comparison.mean([comparison.energy(r, prices) for r in records]))
            for basis in BASES:
                for measure in (comparison.relative_energy, comparison.inverse_energy_delay):
                    cells.append(comparison.harmonic_mean(measure(r, b, prices, basis) for r, b in together))
    return cells


def measure_columns(reference, name):
    columns = [Column("IPC", "instructions/cycle", "harmonic mean of the programs"),
               Column("speed", "", f"over {name}'s, harmonic mean of the programs")]
    for prices, title in PRICES.items():
        if comparison.has_energy(reference, prices):
            columns.append(Column(f"energy of an instruction, {prices}", "pJ/instruction",
                                  "arithmetic mean of the programs"))
            about = f"over {name}'s, {title}, harmonic mean of the programs"
            for basis in BASES:
                columns += [Column(f"energy, {prices} {basis}", "", about), Column(f"1/ED, {prices} {basis}", "", about)]
    return columns


def energy_names(names):
    return [name for name in names if name.startswith("energy, ")]


def add_sweep(results, sweep, chosen, by_key):
    """Two tables, of means and of every program, and the plots of the means."""
    base = next(key(point) for _, point in sweep.points if point.label == sweep.reference)
    reference = by_key[base]
    columns = [Column(*column) for column in sweep.columns] + measure_columns(reference, sweep.reference)
    rows = [cells + measures(by_key[key(point)], reference) for cells, point in chosen]
    note = f"{sweep.about} Relative to the {sweep.reference} of arxiv16. Energy of the core leaves out caches and memory."
    table = results.add_table(sweep.name, sweep.title, columns, rows, note.strip())
    names = [column.name for column in columns]
    if sweep.kind == "scatter":
        add_scatters(results, sweep, names)
    else:
        add_plots(results, sweep, names)
    programs = [r["program"] for r in reference]
    each = [cells + [comparison.speed_up(r, b) for r, b in zip(by_key[key(point)], reference)] for cells, point in chosen]
    results.add_table(f"{sweep.name}_programs", f"{sweep.title}: speed of every program",
                      [Column(*c) for c in sweep.columns] + [Column(program) for program in programs], each,
                      in_contents=False)
    return table


def add_plots(results, sweep, names):
    for what in ["speed"] + (energy_names(names) if sweep.series else []):
        results.add_plot(sweep.kind, sweep.name, x=sweep.x, y=[what], series=sweep.series, y_title=f"{what}, relative",
                         title=f"{sweep.title}: {what}", name=f"{sweep.name}_{file_name(what)}")
    if energy_names(names) and not sweep.series:
        results.add_plot(sweep.kind, sweep.name, x=sweep.x, y=energy_names(names), y_title="energy, relative",
                         title=f"{sweep.title}: energy", name=f"{sweep.name}_energy")


def file_name(text):
    return text.replace(", ", "_").replace(" ", "_")


def add_scatters(results, sweep, names):
    curves = [(f"energy x delay {p:g}", [(i / 20, p * i / 20) for i in range(1, 61)]) for p in (0.5, 1, 2)]
    for what in energy_names(names):
        results.add_plot("scatter", sweep.name, x="speed", y=[what], series=sweep.series, label=sweep.x, x_from_zero=True,
                         title=f"{sweep.title}: {what}", name=f"{sweep.name}_{file_name(what)}", curves=curves)


def study():
    options, runs = parse()
    chosen = {name: cgooo_sweeps.SWEEPS[name].chosen(options.quick) for name in options.study}
    results = Results("CG-OoO: sweeps of the machine", __doc__.split("\n")[0], options.out)
    points = distinct(pair for pairs in chosen.values() for pair in pairs)
    if key(cgooo_sweeps.cg()) not in map(key, points):
        points.append(cgooo_sweeps.cg())
    by_label = experiment.run_points(points, runs, options)
    is_whole = len(by_label) == len(points) and all(len(records) == len(runs) for records in by_label.values())
    if options.json:
        report.write_json(options.json, [r | {"point": label} for label, rs in by_label.items() for r in rs])
    if not is_whole or not experiment.is_complete(by_label):
        return experiment.cut_short(by_label)
    by_key = {key(point): by_label[point.label] for point in points}
    print(f"{runs[0].suite or runs[0].program}: {', '.join(run.program for run in runs)}")
    for name, pairs in chosen.items():
        table = add_sweep(results, cgooo_sweeps.SWEEPS[name], pairs, by_key)
        print(f"\n{table.title}\n{printed(table)}", flush=True)
    add_machines(results, points, runs, options)
    results.write(options.revision)
    return experiment.status_of(by_label)


def printed(table):
    """What is varied as it is, what is measured with two digits; energies relative only."""
    kept = [i for i, column in enumerate(table.columns) if not column.name.startswith("energy of")]
    heads = [table.columns[i].name.replace("energy, ", "E ").replace("1/ED, ", "1/ED ") for i in kept]
    return report.table(heads, [[str(row[i]) if isinstance(row[i], int) else row[i] for i in kept] for row in table.rows])


def add_machines(results, points, runs, options):
    """What every point changes, and all parameters of the machines that they change."""
    if not options.out:
        return
    rows = [[p.label, p.core, ", ".join(p.settings) or "the machine itself"] for p in points]
    results.add_table("points", "Points", [Column("point"), Column("core"), Column("parameters changed")], rows)
    cores = dict.fromkeys(point.core for point in points)
    described = {core: experiment.described(experiment.Point(core, core), runs, options) for core in cores}
    if all(described.values()):
        results.add_machines(described)


if __name__ == "__main__":
    command_line.guarded(study)
