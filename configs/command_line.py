# SPDX-License-Identifier: BSD-3-Clause
"""The one command line: what configs/run.py and its siblings understand."""
import argparse
import ast
import os
import sys

import sim
import machines
import report
import runner
import suites
from overrides import near

CONFIG_STATUS = 125
INTERRUPTED_STATUS = 130


class Parser(argparse.ArgumentParser):
    """Reports a wrong option in one line."""

    def __init__(self, **keywords):
        super().__init__(allow_abbrev=False, **keywords)

    def error(self, message):
        message = message.removeprefix("argument ")
        raise sim.ConfigError(message + ("; --help explains them" if message.startswith("the following arg") else ""))

    def parse_args(self, args=None, namespace=None):
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            name = unknown[0].partition("=")[0]
            known = [option for action in self._actions for option in action.option_strings if option.startswith("--")]
            raise sim.ConfigError(f"no option '{name}'{near(name, known, '--')}" if name.startswith("-") else
                                  f"'{unknown[0]}' is not an option{self.stray}")
        return options

    program = "--bench=SUITE|PROGRAM|PATH"
    stray = "; --help lists them"   # what to do about a word that belongs to no option


def count(text):
    """100M, 2_000_000, 5k: instructions, one or more."""
    digits = text.replace("_", "").replace(" ", "")
    scale = {"k": 10**3, "M": 10**6, "G": 10**9}.get(digits[-1:], 1)
    digits = digits[:-1] if scale > 1 else digits
    if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
        raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes a whole number from 1 up, such as 5M")
    return int(digits) * scale


def seed(text):
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes a whole number from 0 up")
    return int(text)


def energy_setting(text):
    """node=45: a keyword of Machine.energy() with its value."""
    name, equals, value = text.partition("=")
    if not name or not equals or name in ("prices", "stats"):
        raise argparse.ArgumentTypeError(f"cannot be '{text}'; it takes NAME=VALUE, such as node=45 or wire_bits=64")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def parser(core, about, has_core=True):
    p = Parser(prog=os.path.basename(sys.argv[0]), description=about,
               usage="%(prog)s --bench=SUITE|PROGRAM|PATH [OPTION]... [-- PROGRAM'S ARGUMENT...]")
    if has_core:
        p.add_argument("--core", default=core, choices=list(machines.CORES), help=f"default: {core}")
    p.add_argument("--preset", choices=list(machines.PRESETS), help="which CG-OoO paper; default: arxiv16")
    p.add_argument("--author-artifacts", action="store_true",
                   help="CG-OoO with its author's shortcuts: no instruction-cache time, free heads, oracle disambiguation")
    p.add_argument("--bench", metavar="NAME", help="a suite, a program of one, or a static RV64 ELF's path")
    p.add_argument("--size", metavar="SIZE", help="of a suite's inputs: test (default), train, ref")
    p.add_argument("--list", action="store_true", help="print the suites and their programs")
    p.add_argument("--max-insts", type=count, metavar="N", help="stop after so many, warm-up apart")
    p.add_argument("--warmup", type=count, metavar="N", help="instructions to run before measuring")
    p.add_argument("--check", action="store_true", help="compare every commit with the functional core")
    p.add_argument("--set", action="append", default=[], metavar="PATH=VALUE",
                   help="change a parameter, such as core.l1d.size=64KiB; may be given again")
    p.add_argument("--energy", action="append", default=[], type=energy_setting, metavar="NAME=VALUE",
                   help="of Machine.energy(), such as node=45, wire_bits=64, wires=floorplan; may be given again")
    p.add_argument("--out", type=report.output_folder, metavar="DIR", help="for statistics, parameters and guest output, a folder each")
    p.add_argument("--json", type=report.output_file, metavar="FILE", help="a list with one record a run")
    p.add_argument("--pipeline-trace", metavar="FILE", help="FILE.kanata for Konata, FILE.o3 for O3PipeView")
    p.add_argument("--strace", action="store_true", help="print every system call on standard error")
    p.add_argument("--seed", type=seed, default=1, metavar="N", help="of all that is random to the guest")
    p.add_argument("--readable", action="append", default=[], metavar="PATH", help="what the guest may read")
    p.add_argument("--writable", default="", metavar="DIR", help="the folder below which the guest may write")
    p.add_argument("--spec-root", default="", metavar="DIR", help="a SPEC CPU2006 tree, for --bench=spec2006")
    p.add_argument("--quiet", action="store_true", help="no report for a program that is run by its path")
    return p


def parse(p):
    """Options and, after --, the guest's arguments."""
    words = sys.argv[1:]
    arguments = []
    if "--" in words:
        cut = words.index("--")
        words, arguments = words[:cut], words[cut + 1:]
    p.stray = "; the guest's arguments come after --"
    options = p.parse_args(words)
    if options.list:
        print(suites.described())
        sys.exit(0)
    if not options.bench:
        raise sim.ConfigError(f"no {p.program} is given; --list shows what there is")
    options.energy = dict(options.energy)
    options.revision = report.revision(sim.root)
    return options, arguments


def exit_status(records):
    """0 where every program ended well: its output right, or not known."""
    if any(r["outcome"] == "interrupted" for r in records):
        return INTERRUPTED_STATUS
    failed = max((r.get("error_status", 0) for r in records), default=0)
    wrong = any(r["output_ok"] is False or (r["output_ok"] is None and r["exit_status"]) for r in records)
    return failed or int(wrong)


def run_all(runs, options):
    """Records of all runs; a program that cannot run does not stop the others."""
    progress = report.Progress(len(runs))
    records = []
    for run in runs:
        if run.missing:
            records.append(runner.failure(run, options, run.missing))
            print(f"{run.program}: {run.missing}", file=sys.stderr)
            progress.program_done(records[-1])
            continue
        records.append(runner.run_one(run, options, progress))
        if records[-1]["outcome"] == "interrupted":
            break
    return records


def run_bench(core, about):
    return run_parsed(*parse(parser(core, about)))[0]


def run_parsed(options, arguments):
    """Runs what the options say; exit status and records."""
    if options.preset and options.core != "cgooo":
        raise sim.ConfigError(f"--preset={options.preset}: is for --core=cgooo, not {options.core}")
    if options.author_artifacts and options.core != "cgooo":
        raise sim.ConfigError(f"--author-artifacts: is for --core=cgooo, not {options.core}")
    runs = suites.find(options.bench, options.size, arguments, options.spec_root)
    if options.pipeline_trace and len(runs) > 1:
        raise sim.ConfigError(f"--pipeline-trace: holds one program; --bench={options.bench} has {len(runs)}")
    records = run_all(runs, options)
    if options.json:
        report.write_json(options.json, records)
    if runs[0].suite:
        print(f"{runs[0].suite} at {runs[0].size} size on {options.core}")
        print(report.suite_table(records))
        return exit_status(records), records
    record = records[0]
    if not options.quiet:
        print(report.one_line(record), file=sys.stderr)
    return (record["exit_status"] if record["outcome"] == "exited" else exit_status(records)), records


def report_file_error(name, error):
    """One line; none where nobody reads standard output any more."""
    if error.filename is not None or not isinstance(error, BrokenPipeError):
        print(f"{name}: {error.filename or 'standard output'}: {error.strerror or error}", file=sys.stderr)
    if error.filename is None:
        sys.stdout = None   # what is left in it cannot be written either


def guarded(action, name=None):
    """Runs the action and ends the script; what the user got wrong takes one line, which begins with the name."""
    name = name or os.path.basename(sys.argv[0])
    try:
        status = action()
    except sim.ConfigError as error:
        print(f"{name}: {error}", file=sys.stderr)
        status = CONFIG_STATUS
    except OSError as error:
        report_file_error(name, error)
        status = CONFIG_STATUS
    except MemoryError as error:
        print(f"{name}: not enough memory ({error or 'none left'}); choose something smaller", file=sys.stderr)
        status = CONFIG_STATUS
    sys.exit(status)


def main(core, about):
    guarded(lambda: run_bench(core, about))
