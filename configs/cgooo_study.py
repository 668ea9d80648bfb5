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
from comparison import PRICES
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
            cells += [comparison.mean([comparison.energy(r, prices) for r in records]),
                      comparison.harmonic_mean(comparison.relative_energy(r, b, prices) for r, b in together),
                      comparison.harmonic_mean(comparison.inverse_energy_delay(r, b, prices) for r, b in together)]
    return cells


def measure_columns(reference, name):
    columns = [Column("IPC", "instructions/cycle", "harmonic mean of the programs"),
               Column("speed", "", f"over {name}'s, harmonic mean of the programs")]
    for prices, title in PRICES.items():
        if comparison.has_energy(reference, prices):
            columns += [Column(f"energy of an instruction, {prices}", "pJ/instruction", "arithmetic mean of the programs"),
                        Column(f"energy, {prices}", "", f"over {name}'s, harmonic mean of the programs"),
                        Column(f"1/ED, {prices}", "", f"over {name}'s, {title}")]
    return columns


def add_sweep(results, sweep, chosen, by_key):
    """Two tables, of means and of every program, and the plots of the means."""
    base = next(key(point) for _, point in sweep.points if point.label == sweep.reference)
    reference = by_key[base]
    columns = [Column(*column) for column in sweep.columns] + measure_columns(reference, sweep.reference)
    rows = [cells + measures(by_key[key(point)], reference) for cells, point in chosen]
    note = f"{sweep.about} Relative to the {sweep.reference} of arxiv16."
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
    for what in ("speed", "energy, paper", "energy, analytic"):
        if what in names:
            results.add_plot(sweep.kind, sweep.name, x=sweep.x, y=[what], series=sweep.series, y_title=f"{what}, relative",
                             title=f"{sweep.title}: {what}", name=f"{sweep.name}_{what.replace(', ', '_')}")


def add_scatters(results, sweep, names):
    curves = [(f"energy x delay {p:g}", [(i / 20, p * i / 20) for i in range(1, 61)]) for p in (0.5, 1, 2)]
    for prices, title in PRICES.items():
        if f"energy, {prices}" in names:
            results.add_plot("scatter", sweep.name, x="speed", y=[f"energy, {prices}"], series=sweep.series, label=sweep.x,
                             x_from_zero=True, title=f"{sweep.title}, {title}", name=f"{sweep.name}_{prices}", curves=curves)


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
    if not is_whole:
        return experiment.status_of(by_label)
    by_key = {key(point): by_label[point.label] for point in points}
    print(f"{runs[0].suite or runs[0].program}: {', '.join(run.program for run in runs)}")
    for name, pairs in chosen.items():
        table = add_sweep(results, cgooo_sweeps.SWEEPS[name], pairs, by_key)
        print(f"\n{table.title}\n{report.table([c.name for c in table.columns], table_cells(table))}", flush=True)
    add_machine(results, runs, options)
    results.write(options.revision)
    return experiment.status_of(by_label)


def table_cells(table):
    """What is varied as it is, what is measured with two digits."""
    return [[str(cell) if isinstance(cell, int) else cell for cell in row] for row in table.rows]


def add_machine(results, runs, options):
    described = experiment.described(cgooo_sweeps.cg(), runs, options) if options.out else None
    if described:
        results.add_machines({"cgooo": described})


if __name__ == "__main__":
    command_line.guarded(study)
