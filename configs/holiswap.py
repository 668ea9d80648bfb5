# SPDX-License-Identifier: BSD-3-Clause
"""HoLiSwap: hot lines and what bringing them to the nearest way saves, costs and means for way prediction."""
import sim
import command_line
import experiment
import holiswap_tables
import machines
import report
import suites
from experiment import Point
from results import Results

QUICK_PROGRAMS = ("bzip2_like", "gcc_like", "mcf_like", "sjeng_like", "xalan_like")
QUICK_INSTRUCTIONS = 400_000
LESSER_INSTRUCTIONS = 1_000_000   # of a program, for way prediction and sweeps, which are many runs
LAYOUTS = ("LinearRow", "CentredRow", "TwoColumnSpine", "CornerGrid", "HTree")
# Settings of way prediction and its rivals; nested parts are separate for each cache.
ACCESS = {
    "parallel, bus cut": [],   # what a cache does that is told nothing
    "parallel, late select": ["way_access=ParallelAccess(late_select=true)"],
    "sequential": ["way_access=SequentialAccess"],
    "near way": ["way_prediction=NearWay"],
    "MRU": ["way_prediction=MruWay"],
    "PC table": ["way_prediction=PcWayTable"],
    "near if hot, else MRU": ["way_prediction=NearIfHot(otherwise=MruWay)"],
    "near if hot, else PC table": ["way_prediction=NearIfHot(otherwise=PcWayTable)"],
    "chosen of MRU and PC table": ["way_prediction=ChosenWay(first=MruWay,second=PcWayTable)"],
}


def both(*settings):
    """The same parts for each first-level cache."""
    return [f"core.{cache}.{setting}" for cache in ("l1i", "l1d") for setting in settings]


def machine(label, core, *settings, swap="HotLineSwap"):
    parts = ["layout=TwoColumnSpine", "hot_lines=HotLines"] + ([f"swap={swap}"] if swap else [])
    return Point(label, core, both(*parts, *settings))


def main_points(core):
    """The machines of the main tables, and what way prediction and sweeps are compared with, run as long as they."""
    return [machine("off", core, swap=None), machine("on", core), machine(holiswap_tables.BASE, core, swap=None)]


def prediction_points(core):
    made = []
    for name, settings in ACCESS.items():
        for swap in (None, "HotLineSwap"):
            made.append(machine(f"{name}, {'on' if swap else 'off'}", core, *settings, swap=swap))
    return made


def sweep_points(core, is_quick):
    """[(sweep, value, label of the point without swaps, point with)], and the points without."""
    chosen, bases = [], {}

    def add(sweep, value, settings, swap="HotLineSwap"):
        base = machine(f"{', '.join(settings) or 'as it is'}, off", core, *settings, swap=None) if settings else None
        if base:
            bases[base.label] = base
        chosen.append((sweep, value, base.label if base else holiswap_tables.BASE,
                       machine(f"{sweep} {value}", core, *settings, swap=swap)))
    for ways in (4, 8, 16) if is_quick else (2, 4, 8, 16):
        add("ways", ways, [f"ways={ways}"])
    for size in (16, 64) if is_quick else (8, 16, 32, 64, 128):
        add("size in KiB", size, [f"size={size}KiB"])
    for threshold in (32, 64, 96) if is_quick else (32, 48, 64, 80, 96, 112):
        add("threshold of 128", threshold, [], f"HotLineSwap(threshold={threshold},keep={threshold // 2})")
    for window in (64, 256) if is_quick else (64, 128, 256, 512):
        add("window, threshold half", window, [],
            f"HotLineSwap(threshold={window // 2},window={window},keep={window // 4})")
    add("detection", "exact", [], "HotLineSwap(exact=true)")
    add("detection", "margin 16", [], "HotLineSwap(margin=16)")
    for sample in (8,) if is_quick else (4, 8, 16):
        add("accesses a sample", sample, [], f"HotLineSwap(sample={sample})")
    if not is_quick:
        add("port cycles a line", 8, [], "HotLineSwap(line_cycles=8)")
    return chosen, list(bases.values())


def parse():
    p = command_line.parser(None, __doc__, has_core=False)
    timed = [name for name in machines.CORES if "functional" not in name]
    p.add_argument("--core", default="ooo", choices=timed, help="default: ooo")
    p.add_argument("--quick", action="store_true", help=f"{QUICK_INSTRUCTIONS} instructions a program, fewer points; way "
                   f"prediction and sweeps on {len(QUICK_PROGRAMS)} programs")
    p.add_argument("--full", action="store_true", help="every run to its program's end; otherwise way prediction and "
                   f"sweeps stop after {LESSER_INSTRUCTIONS} instructions of each")
    p.set_defaults(bench="spec")
    experiment.add_jobs(p)
    options, arguments = command_line.parse(p)
    if options.pipeline_trace:
        raise sim.ConfigError("--pipeline-trace: holds one run; use run.py")
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if options.quick and options.full:
        raise sim.ConfigError("--quick, --full: one of them at a time")
    if options.quick and not options.max_insts:
        options.max_insts = QUICK_INSTRUCTIONS
    return options, runs


def run_study(runs, options):
    """{label: records}, the sweeps chosen, and what the tables say of the lesser points' programs and length."""
    core = options.core
    few = tuple(run.program for run in runs if run.program in QUICK_PROGRAMS) if options.quick else ()
    chosen, bases = sweep_points(core, options.quick)
    *main, base = main_points(core)
    lesser = [base] + prediction_points(core) + bases + [point for *_, point in chosen]
    for point in lesser:
        point.programs, point.instructions = few, None if options.full else LESSER_INSTRUCTIONS
    by = experiment.run_points(main + lesser, runs, options, keep_runs=[point.label for point in main])
    is_whole = set(by) == {point.label for point in main + lesser}
    length = options.max_insts or lesser[0].instructions
    about = (f"Means over {', '.join(few) or 'all programs'}, " +
             (f"{report.shown(length)} instructions of each." if length else "each to its end."))
    return by, chosen, about, is_whole


def study():
    options, runs = parse()
    results = Results("HoLiSwap: hot lines in the nearest way", __doc__, options.out)
    by, chosen, about, is_whole = run_study(runs, options)
    if options.json:
        report.write_json(options.json, [r | {"point": label} for label, rs in by.items() for r in rs])
    if not is_whole or not experiment.is_complete(by):
        return experiment.cut_short(by)
    distances = {layout: distances_of(layout, runs, options) for layout in LAYOUTS}
    tables = holiswap_tables.fill(results, by, chosen, list(ACCESS), distances, about)
    print(f"{runs[0].suite or runs[0].program} on {options.core}: {', '.join(run.program for run in runs)}, "
          f"{report.shown(options.max_insts) + ' instructions of each' if options.max_insts else 'each to its end'}")
    for table in tables:
        print("\n" + "\n".join(line for line in (table.title, table.note, holiswap_tables.printed(table)) if line), flush=True)
    if options.out:
        described = experiment.described(main_points(options.core)[1], runs, options)
        if described:
            results.add_machines({"on": described})
    results.write(options.revision)
    return experiment.status_of(by)


def distances_of(layout, runs, options):
    """mm from the port to every way of the two caches: nothing need run for that."""
    run = next((run for run in runs if not run.missing), None)
    if run is None:
        return None
    point = machine(layout, options.core)
    point.settings = [s.replace("TwoColumnSpine", layout) for s in point.settings]
    made = sim.Machine(core=experiment.runner.build_core(experiment.options_of(point, options)), program=run.binary)
    structures = made.energy(made.stats(), prices="analytic", **options.energy)["structures"]
    return {cache: [s["millimetres"] for s in structures if s["component"] == f"core.{cache}.layout" and
                    s["structure"].startswith("wire_words")] for cache in ("l1i", "l1d")}


if __name__ == "__main__":
    command_line.guarded(study)
