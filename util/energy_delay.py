# SPDX-License-Identifier: BSD-3-Clause
"""Compares saved runs, the records that --json=FILE of any script leaves: speed, energy and energy-delay relative to the
first, for the programs that all have. A file with several cores or points counts as that many runs."""
import argparse
import json
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs"))
import sim  # noqa: E402
import command_line  # noqa: E402
import comparison  # noqa: E402
import report  # noqa: E402
from results import Column, Results  # noqa: E402

# What a record must have to be compared, and of which kind.
NEEDED = {"program": str, "core": str, "instructions": int, "cycles": int, "ipc": (float, int, type(None)), "outcome": str}
PICTURES = (".png", ".svg")
# Two cores may stop this far apart: a block core goes on to the end of its block.
SAME_LENGTH, SLACK = 0.001, 1000


def folder_or_picture(text):
    ending = os.path.splitext(text)[1]
    if ending in PICTURES:
        return report.output_file(text)
    if ending and not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"cannot be '{text}'; a picture ends in {' or '.join(PICTURES)}, a folder in neither")
    return report.output_folder(text)


def is_record(given):
    """Whether everything that is compared is there."""
    if not isinstance(given, dict) or not all(isinstance(given.get(name, ...), kind) for name, kind in NEEDED.items()):
        return False
    numbers = [given["ipc"] or 0, given["instructions"], given["cycles"]]
    prices = given.get("energy") or {}
    if not isinstance(prices, dict) or not all(isinstance(found, dict) for found in prices.values()):
        return False
    numbers += [found.get(name, -1) for found in prices.values() for name in comparison.BASES.values()]
    return all(isinstance(n, (int, float)) and math.isfinite(n) and n >= 0 for n in numbers)


def parse():
    p = command_line.Parser(prog="util/energy_delay", description=__doc__,
                            usage="%(prog)s A.json B.json... [OPTION]...")
    p.add_argument("files", nargs="+", metavar="FILE.json", help="the first run of the first file is what others are "
                   "compared with")
    p.add_argument("--prices", choices=list(comparison.PRICES), default="paper", help="default: paper")
    p.add_argument("--energy", choices=list(comparison.BASES), default="total", help="core leaves out the caches; default: "
                   "total")
    p.add_argument("--out", type=folder_or_picture, metavar="DIR|FILE", help="a results folder, or the scatter plot alone as FILE.png or FILE.svg")
    return p.parse_args()


# ---- reading
# -------------------------------------------------------------------------------------------------------

def records_of(file):
    try:
        with open(file, encoding="utf-8") as text:
            records = json.load(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise sim.ConfigError(f"{file}: is not JSON ({error}); give files that --json=FILE wrote") from error
    if not (isinstance(records, list) and records and all(is_record(r) for r in records)):
        raise sim.ConfigError(f"{file}: holds no list of run records; give files that --json=FILE wrote")
    return records


def runs_of(files):
    """{name: {program: record}}; the name is the file's, with core and point where there are several in it."""
    names = [os.path.splitext(os.path.basename(file))[0] for file in files]
    runs = {}
    for file, name in zip(files, names):
        records = records_of(file)
        name = name if names.count(name) == 1 else file
        kinds = dict.fromkeys((r["core"], r.get("point", "")) for r in records)
        for core, point in kinds:
            label = name if len(kinds) == 1 else f"{name} {point or core}"
            found = {}
            for record in (r for r in records if (r["core"], r.get("point", "")) == (core, point)):
                if record["program"] in found:
                    raise sim.ConfigError(f"{file}: has {record['program']} on {core} more than once; give one run a file")
                found[record["program"]] = record
            if label in runs:
                raise sim.ConfigError(f"{file}: is given twice")
            runs[label] = found
    if len(runs) < 2:
        raise sim.ConfigError(f"{files[0]}: is one run alone; give a second file to compare it with")
    return runs


def check_usable(name, records, prices):
    for program, record in records.items():
        if record["outcome"] in ("failed", "interrupted"):
            raise sim.ConfigError(f"{name}: {program} {record['outcome']}: {record.get('error', 'it did not end')}")
        if not record["ipc"]:
            raise sim.ConfigError(f"{name}: {program} on {record['core']} has no time; only timing cores can be compared")
        if comparison.energy(record, prices) is None:
            raise sim.ConfigError(f"{name}: {program} on {record['core']} has no energy by {comparison.PRICES[prices]}; "
                                  "run it again with this version of the simulator")


def check_comparable(runs, prices):
    """The same work in every run, and energy in each."""
    (first, base), *others = runs.items()
    check_usable(first, base, prices)
    for name, records in others:
        check_usable(name, records, prices)
        for one, two, more, fewer in ((first, name, base, records), (name, first, records, base)):
            missing = [program for program in more if program not in fewer]
            if missing:
                raise sim.ConfigError(f"{one} has {', '.join(missing)}, {two} has not; give both the same --bench")
        for program, record in records.items():
            check_same_work(first, base[program], name, record)


def check_same_work(first, base, name, record):
    program = record["program"]
    if base.get("program_hash") != record.get("program_hash"):
        raise sim.ConfigError(f"{program}: {first} and {name} ran different binaries; build it once for both")
    if base.get("size") != record.get("size"):
        raise sim.ConfigError(f"{program}: {first} has it at size {base.get('size')}, {name} at {record.get('size')}; "
                              "give both the same --size")
    a, b = base["instructions"], record["instructions"]
    if abs(a - b) > max(SAME_LENGTH * max(a, b), SLACK):
        raise sim.ConfigError(f"{program}: {a} instructions in {first} and {b} in {name}; give both the same --size, "
                              "--max-insts and --warmup")


# ---- comparing
# -----------------------------------------------------------------------------------------------------

def program_rows(runs, prices, basis):
    """A row a run and program: what was measured, and its ratios to the first run's."""
    base = next(iter(runs.values()))
    rows = []
    for name, records in runs.items():
        for program, reference in base.items():
            r = records[program]
            rows.append([name, program, r["ipc"], comparison.energy(r, prices, basis), comparison.speed_up(r, reference),
                         comparison.relative_energy(r, reference, prices, basis),
                         comparison.inverse_energy_delay(r, reference, prices, basis)])
    return rows


def mean_rows(rows, names):
    """A row a run: harmonic means over the programs; the delay is one over the mean speed."""
    made = []
    for name in names:
        speed, energy, inverse = (comparison.harmonic_mean(row[i] for row in rows if row[0] == name) for i in (4, 5, 6))
        made.append([name, speed, energy, inverse, 1 / speed, 1 / inverse])
    return made


def curves(rows):
    """Hyperbolas of equal energy-delay through the runs and between round numbers."""
    products = sorted({1.0, *(p for p in (0.25, 0.5, 2.0, 4.0)
                              if min(r[4] * r[2] for r in rows) / 2 < p < 2 * max(r[4] * r[2] for r in rows))})
    longest = 1.3 * max(row[4] for row in rows)
    return [(f"energy x delay {p:g}", [(longest * i / 200, p / (longest * i / 200)) for i in range(1, 201)])
            for p in products]


def fill(results, rows, means, options):
    unit = f"pJ/instruction, {options.energy}"
    results.add_table("runs", "Runs", [
        Column("run"), Column("speed"), Column("energy"), Column("1/ED", "", "how many times better energy x delay is"),
        Column("delay"), Column("energy x delay")], means,
        f"Relative to {means[0][0]}; harmonic means of the programs, {comparison.PRICES[options.prices]}.")
    results.add_plot("scatter", "runs", x="delay", y=["energy"], series="run", label="run", curves=curves(means),
                     title="Energy against delay, with curves of equal energy x delay", name="energy_delay",
                     x_from_zero=True, x_title="delay, relative", y_title="energy, relative")
    results.add_table("programs", "Programs", [
        Column("run"), Column("program"), Column("IPC", "instructions/cycle"), Column("energy of an instruction", unit),
        Column("speed"), Column("energy"), Column("1/ED")], rows)
    results.add_plot("bars", "programs", x="program", y=["1/ED"], series="run", title="Inverse energy-delay of the programs",
                     name="inverse_energy_delay", levels=[("equal", 1)])


def compare():
    options = parse()
    runs = runs_of(options.files)
    check_comparable(runs, options.prices)
    is_figure = bool(options.out) and os.path.splitext(options.out)[1] in PICTURES
    results = Results("Energy and delay of saved runs", __doc__, None if is_figure else options.out)
    rows = program_rows(runs, options.prices, options.energy)
    means = mean_rows(rows, runs)
    fill(results, rows, means, options)
    print(f"relative to {means[0][0]}; {options.energy} energy by {comparison.PRICES[options.prices]}")
    print(report.table(["run", "speed", "energy", "1/ED", "delay", "energy x delay"], means), flush=True)
    if is_figure:
        import results_png
        results_png.write(results.plots["energy_delay"], options.out)
    results.write(report.revision(sim.root))
    return 0


command_line.guarded(compare, "util/energy_delay")
