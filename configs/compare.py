# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on several cores and puts them side by side: speed, energy, energy-delay, and the energy gap closed."""
import argparse

import sim
import command_line
import compare_tables
import experiment
import machines
import report
import suites
from results import Results

DEFAULT_CORES = ["inorder", "ooo4", "ooo12", "cgooo"]


def cores(text):
    names = text.split(",")
    for name in names:
        if name not in machines.CORES or names.count(name) > 1:
            known = ", ".join(machines.CORES)
            raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes some of {known}")
    return names


def compare():
    p = command_line.parser(None, __doc__, has_core=False)
    p.add_argument("--cores", type=cores, default=DEFAULT_CORES, metavar="CORE,...",
                   help=f"default: {','.join(DEFAULT_CORES)}")
    experiment.add_jobs(p)
    options, arguments = command_line.parse(p)
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if (options.preset or options.author_artifacts) and "cgooo" not in options.cores:
        raise sim.ConfigError(f"--preset, --author-artifacts: are for cgooo, which is not among {','.join(options.cores)}")
    if options.pipeline_trace:
        raise sim.ConfigError("--pipeline-trace: holds one core's run; use run.py")
    name = f"{runs[0].suite or runs[0].program}{' at ' + runs[0].size + ' size' if runs[0].size else ''}"
    results = Results(f"{' and '.join(options.cores)}: {name}", __doc__, options.out)
    points = [experiment.Point(core, core) for core in options.cores]
    by_core = experiment.run_points(points, runs, options, keep_runs=options.cores)
    records = [record for of_core in by_core.values() for record in of_core]
    compare_tables.add_speed_ups(by_core)
    if options.json:
        report.write_json(options.json, records)
    print(name)
    print(compare_tables.printed(by_core), flush=True)
    if options.out:
        described = {point.label: experiment.described(point, runs, options) for point in points}
        compare_tables.fill(results, by_core, {label: tree for label, tree in described.items() if tree})
        results.write(options.revision)
    return command_line.exit_status(records)


if __name__ == "__main__":
    command_line.guarded(compare)
