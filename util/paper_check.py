# SPDX-License-Identifier: BSD-3-Clause
"""Published figures beside measured ones. A paper is a module of util/paper_checks with

    ABOUT            a sentence: which paper, what is run
    SIZES            {"quick" | "usual" | "full": Size}: what to run of each program
    check(runs, options, size) -> (figures, records), where figures is a list of Figure

One about an accelerator has no SIZES, and check(options): options.length is a key as of SIZES, options.data a folder.

options.jobs, options.set and the others are those of configs/. Tolerances are set beforehand, from the paper's own
spread or the model's stated aim; a figure that is missed stays, with the reason as far as the run's own numbers tell.
"""
import glob
import importlib.util
import os
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "configs"), os.path.join(HERE, "paper_checks")]
import sim  # noqa: E402
import command_line  # noqa: E402
import experiment  # noqa: E402
import report  # noqa: E402
import suites  # noqa: E402
from figures import verdict  # noqa: E402
from overrides import near  # noqa: E402
from results import Column, Results  # noqa: E402

NO_CHECK = ("figures", "reasons")   # modules that are no paper's


def names():
    found = (os.path.splitext(os.path.basename(file))[0] for file in glob.glob(os.path.join(HERE, "paper_checks", "*.py")))
    return sorted(name for name in found if name not in NO_CHECK)


def load(name):
    """The paper's module; by its file, because configs/ has scripts of the same names."""
    spec = importlib.util.spec_from_file_location(f"paper_checks.{name}", os.path.join(HERE, "paper_checks", name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parser():
    p = command_line.parser(None, __doc__, has_core=False)
    p.usage = "%(prog)s NAME [OPTION]..."
    p.prog, p.description = "util/paper_check", "Published figures beside measured ones, with a verdict for each."
    p.add_argument("--quick", action="store_true", help="few instructions of each program: to see that it works")
    p.add_argument("--full", action="store_true", help="more instructions and the papers' own sweeps")
    experiment.add_jobs(p)
    p.set_defaults(bench="spec")
    return p


def chosen_name():
    """The paper, taken out of the command line; None with --help or --list."""
    words = sys.argv[1:]
    if "--list" in words:
        for name in names():
            print(f"{name}: {load(name).ABOUT}")
        sys.exit(0)
    if "--help" in words or "-h" in words:
        return None
    if not words or words[0].startswith("-"):
        raise sim.ConfigError(f"no paper is named; there is {', '.join(names())}")
    if words[0] not in names():
        raise sim.ConfigError(f"no paper '{words[0]}'{near(words[0], names())}")
    return sys.argv.pop(1)


def parse():
    name = chosen_name()
    options, arguments = command_line.parse(parser())
    if options.quick and options.full:
        raise sim.ConfigError("--quick, --full: one of them at a time")
    module = load(name)
    size = module.SIZES["quick" if options.quick else "full" if options.full else "usual"]
    if suites.select(options.bench):   # a path has no sizes
        options.size = options.size or size.inputs
    options.max_insts = options.max_insts or size.instructions
    options.warmup = options.warmup or size.warmup
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if size.programs and options.bench == "spec":
        runs = [run for run in runs if run.program in size.programs]
    return name, module, options, runs, size


def shown(value):
    return "-" if value is None else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def accepted(figure):
    return f"{figure.low:g} to {figure.high:g}" if figure.low is not None else "-"


def reason(figure):
    return "" if verdict(figure) == "met" else figure.why


def printed(figures):
    rows = [[f.name, f.source, shown(f.published), shown(f.measured), accepted(f), verdict(f)] for f in figures]
    lines = report.table(["figure", "source", "published", "measured", "accepted", "verdict"], rows).split("\n")
    made = lines[:2]
    for line, figure in zip(lines[2:], figures):
        made.append(line)
        if reason(figure):
            made += textwrap.wrap(figure.why, 150, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(made)


def fill(results, figures):
    share = lambda f: f.measured / f.published if f.measured is not None and f.published else None
    rows = [[f.name, f.source, f.published, f.measured, f.unit, share(f), f.low, f.high, verdict(f), reason(f)] for f in figures]
    results.add_table("figures", "Published and measured", [
        Column("figure"), Column("source"), Column("published"), Column("measured"), Column("unit"),
        Column("measured / published"), Column("accepted from"), Column("accepted to"), Column("verdict"), Column("why")], rows)
    results.add_plot("bars", "figures", x="figure", y=["measured / published"], levels=[("as published", 1)],
                     title="Measured over published", name="figures")


def summary(figures):
    verdicts = [verdict(f) for f in figures]
    return ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))


# ---- papers about accelerators: layers of their own instead of programs
# ---------------------------------------------------------------------------------------------------------------

def accelerator_names():
    """The papers named on the command line, where the first one is about an accelerator: modules without SIZES."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    if not words or words[0] not in names() or hasattr(load(words[0]), "SIZES"):
        return []
    wrong = next((word for word in words if word not in names() or hasattr(load(word), "SIZES")), None)
    if wrong:
        raise sim.ConfigError(f"'{wrong}' is no paper about an accelerator; those that are can be checked together")
    sys.argv[1:] = [word for word in sys.argv[1:] if word.startswith("-")]
    return words


def accelerator_options():
    p = command_line.Parser(prog="util/paper_check", usage="%(prog)s NAME... [OPTION]...",
                            description="Published figures of accelerators beside measured ones, with a verdict for each.")
    p.add_argument("--quick", action="store_true", help="fewer layers: to see that it works")
    p.add_argument("--full", action="store_true", help="everything")
    p.add_argument("--data", metavar="DIR", help="folder of real tensors")
    p.add_argument("--out", type=report.output_folder, metavar="DIR", help="for tables and plots")
    p.add_argument("--json", type=report.output_file, metavar="FILE", help="a list with one record a layer")
    options = p.parse_args()
    if options.quick and options.full:
        raise sim.ConfigError("--quick, --full: one of them at a time")
    options.length = "quick" if options.quick else "full" if options.full else "usual"
    return options


def check_accelerators(papers):
    options = accelerator_options()
    results = Results(f"{', '.join(papers)}: published and measured", " ".join(load(p).ABOUT for p in papers), options.out)
    all_figures, all_records = [], []
    for paper in papers:
        figures, records = load(paper).check(options)
        print(f"{load(paper).ABOUT}\n\n{printed(figures)}\n\n{summary(figures)}\n", flush=True)
        all_figures += figures
        all_records += records
    if options.json:
        report.write_json(options.json, all_records)
    fill(results, all_figures)
    results.write(report.revision(sim.root))
    return 0 if all(r["output_ok"] for r in all_records) else 1


def paper_check():
    papers = accelerator_names()
    if papers:
        return check_accelerators(papers)
    name, module, options, runs, size = parse()
    results = Results(f"{name}: published and measured", module.ABOUT, options.out)
    figures, records = module.check(runs, options, size)
    if options.json:
        report.write_json(options.json, records)
    if not figures:
        return experiment.cut_short({name: records})
    inputs = f"{options.size} inputs of {len(runs)} programs" if options.size else options.bench
    print(f"{module.ABOUT}\n{inputs}, {report.shown(options.warmup)} instructions of "
          f"warm-up, {report.shown(options.max_insts)} measured\n\n{printed(figures)}\n\n{summary(figures)}", flush=True)
    fill(results, figures)
    results.write(options.revision)
    return command_line.exit_status(records)


command_line.guarded(paper_check, "util/paper_check")
