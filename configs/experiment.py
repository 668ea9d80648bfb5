# SPDX-License-Identifier: BSD-3-Clause
"""What experiments share: points (machines with a name), and running every program on every point."""
import argparse
import copy
import multiprocessing
import os
import sys
from dataclasses import dataclass, field

import sim
import command_line
import report
import runner


@dataclass
class Point:
    """A machine: a core of machines.py with parameters changed, as --set changes them."""
    label: str
    core: str
    settings: list = field(default_factory=list)   # "core.windows=6"
    preset: str = ""                               # of CG-OoO; else the user's or the default


def jobs(text):
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes a whole number from 1 up")
    return int(text)


def add_jobs(parser):
    parser.add_argument("--jobs", type=jobs, default=1, metavar="N", help="programs simulated side by side; default: 1")


def options_of(point, options, folder=None):
    """The options of a single run; parameters that the user sets win over the point's."""
    made = copy.copy(options)
    made.core, made.set, made.out = point.core, point.settings + options.set, folder
    made.preset = point.preset or options.preset
    if point.core != "cgooo":
        made.preset, made.author_artifacts = None, False
    return made


def described(point, runs, options):
    """Every parameter of a point, from Machine.describe(); None where no program can be loaded."""
    run = next((run for run in runs if not run.missing), None)
    if run is None:
        return None
    return sim.Machine(core=runner.build_core(options_of(point, options)), program=run.binary).describe()


class PointProgress(report.Progress):
    """A progress line that says which point runs."""
    label = ""

    def update(self, program, instructions, seconds):
        super().update(f"{self.label}, {program}" if self.label else program, instructions, seconds)


def run_task(task):
    run, options = task
    if run.missing:
        return runner.failure(run, options, run.missing)
    return runner.run_one(run, options, report.Progress(0, False))


def records_side_by_side(tasks, count, progress):
    """The tasks' records in order, each made in one of `count` processes."""
    context = multiprocessing.get_context("fork")
    with context.Pool(min(count, len(tasks))) as pool:
        for record in pool.imap(run_task, tasks):
            progress.program_done()
            if progress.is_on:
                progress.write(f"{progress.done} of {progress.programs} runs done")
            yield record
    if progress.is_on:
        progress.write("")


def records_in_turn(tasks, labels, progress):
    for (run, options), label in zip(tasks, labels):
        progress.label = label
        if run.missing:
            yield runner.failure(run, options, run.missing)
            progress.program_done()
        else:
            yield runner.run_one(run, options, progress)


def run_points(points, runs, options, keep_runs=False):
    """{label: records of all programs}. Ends early where the user interrupts; what has run is kept."""
    tasks, labels = [], []
    for point in points:
        folder = os.path.join(options.out, point.label) if options.out and keep_runs else None
        tasks += [(run, options_of(point, options, folder)) for run in runs]
        labels += [point.label] * len(runs)
    for run in runs:
        if run.missing:
            print(f"{run.program}: {run.missing}", file=sys.stderr)
    progress = PointProgress(len(tasks))
    made = {point.label: [] for point in points}
    records = (records_side_by_side(tasks, options.jobs, progress) if options.jobs > 1 and len(tasks) > 1 else
               records_in_turn(tasks, labels, progress))
    for label, record in zip(labels, records):
        made[label].append(record)
        if record["outcome"] == "interrupted":
            break
    return {label: found for label, found in made.items() if found}


def status_of(by_point):
    return command_line.exit_status([record for records in by_point.values() for record in records])
