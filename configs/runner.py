# SPDX-License-Identifier: BSD-3-Clause
"""Runs one program on one core and says what came of it."""
import filecmp
import os
import shutil
import sys
import tempfile
import time

import sim
import comparison
import devices
import machines
import overrides
import report
import way_measures

# Instructions between two updates of the progress line; the same on every host, so that runs are the same.
STEP = 200_000


def standard_core(options):
    if options.core == "cgooo":
        shortcuts = machines.AUTHOR_ARTIFACTS if options.author_artifacts else {}
        return machines.cgooo(options.preset or "arxiv16", **shortcuts)
    return machines.CORES[options.core]()


def build_core(options):
    return overrides.apply(standard_core(options), options.set)


def build_parts(options):
    """The core, and the devices that configs/accel.py puts beside it."""
    core = standard_core(options)
    parts = {"core": core}
    if hasattr(options, "device"):
        parts |= devices.beside(core, options.device.split(","), options.device_clock, coherent=not options.incoherent)
    return overrides.apply_all(parts, options.set)


def work_folder(run, folder):
    """A copy of the input files in which the guest may write."""
    work = os.path.join(folder, "work")
    for source in run.copy:
        shutil.copytree(source, work, dirs_exist_ok=True)
    return work


def program_keywords(run, options, folder):
    """What Machine is told about the program, its files and its streams."""
    keywords = {"program": run.binary, "arguments": run.arguments, "readable": list(options.readable)}
    if run.suite:
        keywords["name"] = os.path.basename(run.binary)   # a path's length would move the guest's stack
        keywords["input"] = run.input or os.devnull
        keywords["output"] = os.path.join(folder, "stdout")
        keywords["error"] = os.path.join(folder, "stderr")
        if run.copy:
            keywords["directory"] = keywords["writable"] = work_folder(run, folder)
    else:   # as a shell would start it
        keywords["directory"] = os.getcwd()
        keywords["readable"].append(os.path.dirname(os.path.abspath(run.binary)))
    if options.writable:
        keywords["writable"] = options.writable
    return keywords


def advance(machine, instructions, step_done):
    """Runs so many instructions (None: to the end) in equal steps; returns 'exited' or 'limit'."""
    end = None if instructions is None else machine.instructions + instructions
    while True:
        step = STEP if end is None else min(STEP, end - machine.instructions)
        if step <= 0:
            return "limit"
        last = end is not None and step == end - machine.instructions
        if machine.run(step, exact=last) == "exited":
            return "exited"
        step_done()


def per_1000(count, instructions):
    return count * 1000 / instructions if instructions else None


def measures(stats, instructions):
    """What the table shows beside cycles, where the machine has the parts that count it."""
    found = {}
    core = stats.as_dict()["core"]
    predictor = core.get("predictor")
    if predictor:
        misses = sum(value for name, value in predictor.items() if name.endswith("_mispredictions"))
        found["branch_misses_per_1000"] = per_1000(misses, instructions)
    for cache in ("l1i", "l1d"):
        level = core.get(cache)
        if level and "misses" in level:
            found[f"{cache}_misses_per_1000"] = per_1000(level["misses"], instructions)
    found.update({name: value for name, value in core.items()
                  if not isinstance(value, dict) and ("block" in name or name.startswith("local_"))})
    if devices.measures(stats):
        found["devices"] = devices.measures(stats)
    slots = {name: value for name, value in core.items() if name.startswith(("slots_", "stall_"))}
    if slots:
        found["slots"] = slots   # where dispatch slots went; they sum to width x cycles
    return found


# Both price lists, always: they disagree.
PRICES = ("paper", "analytic")


def energies(machine, stats, options, record):
    """What was counted, priced from each list; nothing where the core has no time."""
    if options.core in ("functional", "blockfunctional") or record.get("error_status") == 127:
        return {}   # a bug of the simulator leaves counts that do not add up
    return {prices: machine.energy(stats, prices=prices, **options.energy) for prices in PRICES}


def by_structure(rows):
    """{"core.register_file": pJ, leakage included}."""
    sums = {}
    for row in rows:
        name = f"{row['component']}.{row['structure']}"
        sums[name] = sums.get(name, 0) + row["pj"]
    return sums


def brief_energy(found):
    """An energy report without its rows and structures: what a record holds."""
    return {prices: {key: value for key, value in energy.items() if key not in ("rows", "structures")} |
            {"structures_pj": by_structure(energy["rows"])} for prices, energy in found.items()}


def with_fast_cells(machine, stats, options):
    """The analytic list if no cache had cells of low leakage, for comparison."""
    return {comparison.FAST_CELLS: machine.energy(stats, prices="analytic", **options.energy | {"cells": "high_performance"})}


def new_record(run, options):
    return {"program": run.program, "suite": run.suite, "size": run.size, "core": options.core,
            "instructions": 0, "cycles": 0, "ipc": None, "host_seconds": 0.0, "host_mips": None,
            "exit_status": None, "output_ok": None, "outcome": "failed"}


def failure(run, options, why):
    """The record of a run that could not begin."""
    return new_record(run, options) | {"error": why, "error_status": 125}


def warm_up(machine, run, options, step_done):
    """Runs the instructions that are not measured."""
    if advance(machine, options.warmup, step_done) == "exited":
        raise sim.ConfigError(f"--warmup={options.warmup}: {run.program} ends after {machine.instructions} "
                              "instructions; choose fewer")


def measured(machine, run, options, step_done, record):
    """Warms up, then measures: statistics, instructions, cycles of the latter, even if cut short."""
    start = machine.stats(), machine.instructions, machine.cycles
    try:
        if options.warmup:
            warm_up(machine, run, options, step_done)
            start = machine.stats(), machine.instructions, machine.cycles
        record["outcome"] = advance(machine, options.max_insts, step_done)
    except KeyboardInterrupt:
        record["outcome"] = "interrupted"
    except (sim.GuestError, sim.SimulatorBug) as error:
        record["error"] = str(error)
        record["error_status"] = 126 if isinstance(error, sim.GuestError) else 127
    machine.finish()
    return machine.stats() - start[0], machine.instructions - start[1], machine.cycles - start[2]


def execute(run, options, folder, progress):
    """Builds the machine and runs it; returns the record, the machine, its statistics and its energies."""
    record = new_record(run, options)
    start = time.process_time()
    machine = sim.Machine(**build_parts(options), seed=options.seed, strace=options.strace,
                          check=options.check, pipeline_trace=options.pipeline_trace,
                          timeline=getattr(options, "timeline", None) or "",
                          **program_keywords(run, options, folder))

    def step_done():
        progress.update(run.program, machine.instructions, time.process_time() - start)

    stats, instructions, cycles = measured(machine, run, options, step_done, record)
    seconds = time.process_time() - start
    is_timed = options.core not in ("functional", "blockfunctional") and cycles > 0
    record.update(instructions=instructions, cycles=cycles, ipc=instructions / cycles if is_timed else None,
                  host_seconds=seconds, host_mips=machine.instructions / max(seconds, 1e-9) / 1e6,
                  exit_status=machine.exit_status, program_hash=f"{machine.program_hash:016x}")
    record.update(measures(stats, instructions))
    energy = energies(machine, stats, options, record)
    record.update(way_measures.counted(machine, stats, energy))
    if energy:
        record["energy"] = brief_energy(energy | with_fast_cells(machine, stats, options))
        record.update({f"{prices}_pj_per_instruction": energy[prices]["pj_per_instruction"] for prices in PRICES})
    return record, machine, stats, energy


def run_in(folder, run, options, progress):
    record, machine, stats, energy = execute(run, options, folder, progress)
    record["revision"] = options.revision
    if record["outcome"] == "exited" and run.expected:
        same = filecmp.cmp(os.path.join(folder, "stdout"), run.expected, shallow=False)
        record["output_ok"] = same and record["exit_status"] == 0
    if options.out:
        report.write_run(folder, machine, stats, record, energy)
    return record


def run_one(run, options, progress):
    """Runs a program; its files go to a folder of its own below --out, or to one that is removed."""
    if options.out:
        folder = os.path.join(options.out, run.program)
        os.makedirs(folder, exist_ok=True)
        report.remove_files(folder, report.RUN_FILES)
        record = run_in(folder, run, options, progress)
    else:
        with tempfile.TemporaryDirectory(prefix="skipahead-") as folder:
            record = run_in(folder, run, options, progress)
    progress.program_done(record)
    if "error" in record:
        print(f"{run.program}: {record['error']}", file=sys.stderr)
    return record
