# SPDX-License-Identifier: BSD-3-Clause
"""What experiments share: points (machines with a name), and running every program on every point."""
import argparse
import copy
import json
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
    programs: tuple = ()                           # of those that are run, only these; (): all
    instructions: int = None                       # of each program, where the user says nothing; None: to its end


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
    made.max_insts = options.max_insts or point.instructions
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
    """A progress line that says which point runs; `limits` are the instructions of each task, None: to the end."""
    label = ""

    def __init__(self, limits):
        super().__init__(len(limits))
        self.limits = limits
        self.whole = []   # lengths of programs that ran to their end

    def program_done(self, record):
        if self.limits[self.done] is None:
            self.whole.append(record["instructions"])
        super().program_done(record)

    def share_left(self):
        usual = sum(self.whole) / len(self.whole) if self.whole else max((n for n in self.limits if n), default=1)
        lengths = [limit or usual for limit in self.limits]
        done = sum(lengths[:self.done])
        return sum(lengths[self.done:]) / done if done else 0

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
            progress.program_done(record)
            if progress.is_on:
                progress.write(f"{progress.done} of {progress.programs} runs done{progress.time_left()}")
            yield record


def records_in_turn(tasks, labels, progress):
    for (run, options), label in zip(tasks, labels):
        progress.label = label
        if run.missing:
            record = runner.failure(run, options, run.missing)
            progress.program_done(record)
            yield record
        else:
            yield runner.run_one(run, options, progress)


def runs_of(point, items, program=lambda item: item.program):
    """Those of its programs."""
    return [item for item in items if not point.programs or program(item) in point.programs]


def originals(points, runs, options, keep_runs):
    """{label: the first label whose point is the same machine, runs as long and has its programs}: one run serves both.
    Points that keep their runs have runs of their own."""
    first, found = {}, {}
    for point in points:
        machine = described(point, runs, options)
        key = point.core, json.dumps(machine) if machine else point.label, options_of(point, options).max_insts
        original = first.setdefault(key, point)
        is_shared = original.programs in ((), point.programs) and point.label not in keep_runs
        found[point.label] = original.label if is_shared else point.label
    return found


def run_points(points, runs, options, keep_runs=()):
    """{label: records of all programs}. Ends early where the user interrupts; what has run is kept. `keep_runs`: labels
    whose runs leave their files below --out. Points that are the same machine share their runs."""
    tasks, labels = [], []
    same = originals(points, runs, options, keep_runs)
    for point in points:
        if same[point.label] != point.label:
            continue
        folder = os.path.join(options.out, point.label) if options.out and point.label in keep_runs else None
        chosen = runs_of(point, runs)
        tasks += [(run, options_of(point, options, folder)) for run in chosen]
        labels += [point.label] * len(chosen)
    for run in runs:
        if run.missing:
            print(f"{run.program}: {run.missing}", file=sys.stderr)
    progress = PointProgress([options.max_insts for _, options in tasks])
    made = {point.label: [] for point in points}
    records = (records_side_by_side(tasks, options.jobs, progress) if options.jobs > 1 and len(tasks) > 1 else
               records_in_turn(tasks, labels, progress))
    for label, record in zip(labels, records):
        made[label].append(record)
        if record["outcome"] == "interrupted":
            break
    if progress.is_on:
        progress.write("")
    made = {point.label: runs_of(point, made[same[point.label]], lambda record: record["program"]) for point in points}
    return {label: found for label, found in made.items() if found}


def is_complete(by_point):
    """Whether every run came to its end; programs that are missing or fault have no numbers to put into tables."""
    return all(record["outcome"] in ("exited", "limit") for records in by_point.values() for record in records)


def cut_short(by_point):
    """Says that there are no tables because not everything has run, and the status."""
    done = sum(record["outcome"] in ("exited", "limit") for records in by_point.values() for record in records)
    print(f"not every run came to its end: no tables of the {done} that did; --json keeps their records", file=sys.stderr)
    return status_of(by_point)


def status_of(by_point):
    return command_line.exit_status([record for records in by_point.values() for record in records])
