# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs on several cores and puts them side by side: IPC, and speed relative to the first."""
import argparse
import os

import sim
import command_line
import machines
import report
import suites


def cores(text):
    names = text.split(",")
    for name in names:
        if name not in machines.CORES or names.count(name) > 1:
            known = ", ".join(machines.CORES)
            raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes some of {known}")
    return names


def speed_up(record, baseline):
    """Speed over the baseline's; by IPC, because a block core may stop a few instructions later."""
    return record["ipc"] / baseline["ipc"] if record["ipc"] and baseline["ipc"] else None


def side_by_side(by_core):
    """One row a program: IPC on each core, then the speed of each but the first, then the verdict."""
    first, *others = by_core
    rows = []
    for row in zip(*by_core.values()):
        bad = [report.verdict(r) for r in row if r["output_ok"] is False or r["outcome"] == "failed"]
        speeds = [speed_up(record, row[0]) for record in row[1:]]
        end = bad[0] if bad else report.verdict(row[0])
        rows.append([row[0]["program"]] + [r["ipc"] for r in row] + speeds + [end])
    means = []
    for column in range(1, len(by_core) + len(others) + 1):
        values = [row[column] for row in rows if row[column]]
        means.append(report.harmonic_mean(values) if values else None)
    heads = ["program"] + [f"{c} IPC" for c in by_core] + [f"{c} / {first}" for c in others] + [""]
    return report.table(heads, rows + ([["harmonic mean"] + means + [""]] if len(rows) > 1 else []))


def add_speed_ups(by_core):
    baseline = next(iter(by_core.values()))
    for records in by_core.values():
        for record, base in zip(records, baseline):
            record["speed_up"] = speed_up(record, base)


def compare():
    p = command_line.parser(None, __doc__, has_core=False)
    p.add_argument("--cores", type=cores, default=["inorder", "ooo", "cgooo"], metavar="CORE,...",
                   help="default: inorder,ooo,cgooo")
    options, arguments = command_line.parse(p)
    out = options.out
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if options.pipeline_trace:
        raise sim.ConfigError("--pipeline-trace: holds one core's run; use run.py")
    by_core = {}
    for options.core in options.cores:
        options.out = os.path.join(out, options.core) if out else None
        by_core[options.core] = command_line.run_all(runs, options)
        if any(r["outcome"] == "interrupted" for r in by_core[options.core]):
            break
    add_speed_ups(by_core)
    records = [record for of_core in by_core.values() for record in of_core]
    if options.json:
        report.write_json(options.json, records)
    print(f"{runs[0].suite or runs[0].program}{' at ' + runs[0].size + ' size' if runs[0].size else ''}")
    print(side_by_side(by_core), flush=True)
    return command_line.exit_status(records)


command_line.guarded(compare)
