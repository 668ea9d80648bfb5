# SPDX-License-Identifier: BSD-3-Clause
"""Instruction mix, distinct code, data footprint and misses per 1000 instructions of suite programs.

Mix and footprints are counted by ProfileCore over the whole run; misses on the default out-of-order core.
The status is 1 where a program misses its shape.
"""
import argparse
import operator
import os
import sys
import tempfile

import sim

import command_line
import machines
import report
import runner
import suites

HOLDS = {">": operator.gt, ">=": operator.ge, "<": operator.lt}
KIB, MIB = 1024, 1024 * 1024

# Column head and the statistics of ProfileCore that it adds up, as a share of all instructions.
MIX = (("int", ("integer_instructions",)), ("mul", ("multiply_instructions",)),
       ("div", ("divide_instructions",)), ("float", ("float_instructions",)), ("load", ("loads",)),
       ("store", ("stores",)), ("branch", ("branches",)), ("jump", ("jumps", "indirect_jumps", "returns")),
       ("other", ("atomics", "system_instructions")))

BIG_CODE = (("code_bytes", ">=", 64 * KIB), ("l1i", ">", 1))
BRANCHY = (("branch", ">", 5),)
# What a program must be like at `train` size to stand for the one it is named after.
SHAPES = {
    "perl_like": BIG_CODE, "gcc_like": BIG_CODE, "xalan_like": BIG_CODE,
    "mcf_like": (("data_bytes", ">=", 16 * MIB), ("l2", ">", 10)),
    "libquantum_like": (("data_bytes", ">=", 8 * MIB), ("branch", "<", 3)),
    "gobmk_like": BRANCHY, "sjeng_like": BRANCHY, "astar_like": BRANCHY,
    "hmmer_like": (("branch", "<", 3),),
}


def parse():
    p = command_line.Parser(prog="util/suite_profile", description=__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bench", default="spec", metavar="NAME", help="a suite or program; default: spec")
    p.add_argument("--size", default="train", metavar="SIZE", help="default: train; the shapes are for it")
    p.add_argument("--max-insts", type=command_line.count, metavar="N", help="stop each run after so many")
    p.add_argument("--no-misses", action="store_true", help="leave out the out-of-order core")
    p.add_argument("--json", type=report.output_file, metavar="FILE", help="a list with one record a program")
    options = p.parse_args()
    options.readable, options.writable = [], ""
    return options


def run_on(core, run, options, progress):
    """A machine that has run the program, and whether its output was right (None: it was stopped)."""
    with tempfile.TemporaryDirectory(prefix="skipahead-") as folder:
        machine = sim.Machine(core=core, **runner.program_keywords(run, options, folder))

        def step_done():
            progress.update(run.program, machine.instructions, 1)

        outcome = runner.advance(machine, options.max_insts, step_done)
        machine.finish()
        if outcome != "exited" or not run.expected:
            return machine, None
        with open(os.path.join(folder, "stdout"), "rb") as got, open(run.expected, "rb") as wanted:
            return machine, got.read() == wanted.read() and machine.exit_status == 0


def profile(run, options, progress):
    """Mix and footprints."""
    machine, is_right = run_on(sim.ProfileCore(), run, options, progress)
    core = machine.stats().as_dict()["core"]
    total = machine.instructions
    mix = {head: sum(core[name] for name in names) / total for head, names in MIX}
    return {"program": run.program, "size": run.size, "instructions": total, "output_ok": is_right,
            "mix": mix, "taken": core["taken_branches"] / total,
            "compressed": core["compressed_instructions"] / total, "code_bytes": core["code_bytes"],
            "code_lines": core["code_lines"], "data_bytes": int(core["data_bytes"])}


def level_below(core):
    """Statistics of the cache that both first levels share."""
    return next(core[name]["next"] for name in ("l1i", "l1d") if isinstance(core[name].get("next"), dict))


def misses(run, options, progress):
    """Misses per 1000 instructions on the default out-of-order core."""
    machine, is_right = run_on(machines.ooo(), run, options, progress)
    core = machine.stats().as_dict()["core"]
    counts = {"l1i": core["l1i"]["misses"], "l1d": core["l1d"]["misses"],
              "l2": level_below(core)["misses"], "branch": core["branch_mispredictions"]}
    found = {name: 1000 * count / machine.instructions for name, count in counts.items()}
    return found | {"ipc": machine.instructions / machine.cycles}, is_right


def value_of(record, name):
    return record[name] if name in record else record["misses"].get(name)


def verdicts(record):
    """One entry a demand on the program's shape: what, the limit, whether it holds (None: not measured)."""
    found = []
    for name, relation, limit in SHAPES.get(record["program"], ()):
        value = value_of(record, name)
        holds = None if value is None else HOLDS[relation](value, limit)
        found.append({"what": name, "relation": relation, "limit": limit, "value": value, "holds": holds})
    return found


def amount(value, name):
    if name.endswith("_bytes"):
        return f"{value / MIB:.1f} MiB" if value >= MIB else f"{value / KIB:.1f} KiB"
    return f"{value:g}" if isinstance(value, int) else f"{value:.2f}"


def shape_text(verdict):
    name = {"code_bytes": "code", "data_bytes": "data"}.get(verdict["what"], verdict["what"] + " misses/k")
    word = {True: "PASS", False: "miss", None: "not measured:"}[verdict["holds"]]
    return f"{word} {name} {verdict['relation']} {amount(verdict['limit'], verdict['what'])}"


def print_tables(records):
    heads = ["program", "instructions"] + [f"{head} %" for head, _ in MIX] + ["taken %", "16-bit %"]
    rows = []
    for r in records:
        shares = [r["mix"][head] for head, _ in MIX] + [r["taken"], r["compressed"]]
        rows.append([r["program"], r["instructions"]] + [f"{100 * share:.1f}" for share in shares])
    print(report.table(heads, rows))
    print()
    heads = ["program", "code", "data", "L1I/k", "L1D/k", "L2/k", "branch/k", "IPC", "output", "shape"]
    rows = []
    for r in records:
        numbers = [r["misses"].get(name) for name in ("l1i", "l1d", "l2", "branch", "ipc")]
        output = {True: "ok", False: "WRONG", None: "-"}[r["output_ok"]]
        footprints = [amount(r[name], name) for name in ("code_bytes", "data_bytes")]
        shape = ", ".join(map(shape_text, r["shape"])) or "-"
        rows.append([r["program"]] + footprints + numbers + [output, shape])
    print(report.table(heads, rows))


def suite_profile():
    options = parse()
    runs = suites.find(options.bench, options.size)
    if not runs[0].suite:
        raise sim.ConfigError(f"--bench={options.bench}: takes a suite or a program of one, not a path")
    progress = report.Progress(len(runs))
    records = []
    for run in runs:
        if run.missing:
            print(f"{run.program}: {run.missing}", file=sys.stderr)
            continue
        record = profile(run, options, progress)
        record["misses"] = {}
        if not options.no_misses:
            record["misses"], is_right = misses(run, options, progress)
            record["output_ok"] = record["output_ok"] and is_right
        record["shape"] = verdicts(record)
        records.append(record)
        progress.program_done()
    if not records:
        raise sim.ConfigError(f"--bench={options.bench}: no program of it is built; run `scons`")
    print_tables(records)
    if options.json:
        report.write_json(options.json, records)
    return int(any(v["holds"] is False for r in records for v in r["shape"]) or len(records) < len(runs) or
               any(r["output_ok"] is False for r in records))


command_line.guarded(suite_profile, "util/suite_profile")
