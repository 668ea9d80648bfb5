# SPDX-License-Identifier: BSD-3-Clause
"""Draws where the structures of a script's machine lie on the chip; run it as util/floorplan."""
import os
import runpy
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs"))
import accelerators  # noqa: E402
import command_line  # noqa: E402
import machines  # noqa: E402
import report  # noqa: E402
import runner  # noqa: E402
import sim  # noqa: E402

ABOUT = """Draws the floorplan of the machine that a script builds: of configs/cgooo.py and its siblings with their
machine options, or of any script's first Machine. The picture goes to --out=FILE, or to standard output unless that is a
terminal, which gets the table."""


class Found(Exception):
    """The script has said which machine it wants."""

    def __init__(self, core):
        super().__init__(core)
        self.core = core


def parser():
    p = command_line.Parser(prog="util/floorplan", description=ABOUT,
                            usage="%(prog)s SCRIPT [OPTION]... [-- SCRIPT'S ARGUMENT...]")
    p.add_argument("script", metavar="SCRIPT", help="such as configs/cgooo.py")
    p.add_argument("--core", choices=list(machines.CORES), help="for a script of configs/ that takes it")
    p.add_argument("--preset", choices=list(machines.PRESETS), help="which CG-OoO paper; default: arxiv16")
    p.add_argument("--set", action="append", default=[], metavar="PATH=VALUE",
                   help="change a parameter, such as core.l1d.size=64KiB; may be given again")
    p.add_argument("--out", type=report.output_file, metavar="FILE", help="for the picture, SVG")
    p.add_argument("--table", action="store_true", help="print places and distances")
    p.add_argument("--wires", action="store_true", help="draw a line for each pair of blocks that is joined")
    p.add_argument("--lengths", default="", metavar="FILE",
                   help="CSV file, from,to,mm, with lengths that replace the placement's")
    p.add_argument("--nanometres", type=accelerators.number(1), default=22, metavar="N", help="technology; default: 22")
    p.add_argument("--seed", type=command_line.seed, default=1, metavar="N", help="of the placement; default: 1")
    return p


def parse():
    words, arguments = sys.argv[1:], []
    if "--" in words:
        cut = words.index("--")
        words, arguments = words[:cut], words[cut + 1:]
    return parser().parse_args(words), arguments


def core_of(script, arguments, options):
    """The core that the script would run; none of it runs."""
    def asked(core, about):   # instead of command_line.main
        options.core = options.core or core
        if options.preset and options.core != "cgooo":
            raise sim.ConfigError(f"--preset={options.preset}: is for cgooo, not {options.core}")
        options.author_artifacts = False
        raise Found(runner.build_core(options))

    def built(**keywords):   # instead of sim.Machine
        if options.core or options.preset or options.set:
            raise sim.ConfigError(f"{script}: builds its machine itself; --core, --preset and --set are for configs/")
        raise Found(keywords["core"])

    kept = command_line.main, sim.Machine, sys.argv
    command_line.main, sim.Machine, sys.argv = asked, built, [script, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    try:
        runpy.run_path(script, run_name="__main__")
    except Found as found:
        return found.core
    finally:
        command_line.main, sim.Machine, sys.argv = kept
    raise sim.ConfigError(f"{script}: builds no machine")


def aligned(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(word.ljust(width) if i == 0 else word.rjust(width)
                      for i, (word, width) in enumerate(zip(row, widths))) for row in rows]


def table(plan):
    lines = [f"outline {plan['width']:.3f} x {plan['height']:.3f} mm, {100 * plan['dead_space']:.1f} % unused", ""]
    rows = [("block", "mm2", "x", "y", "width", "height")]
    for p in sorted(plan["places"], key=lambda place: place["name"]):
        rows.append((p["name"], f"{p['area_mm2']:.5f}", *(f"{p[k]:.3f}" for k in ("x", "y", "width", "height"))))
    lines += aligned(rows)
    if plan["wires"]:
        rows = [("wire", "from", "to", "bits", "mm")]
        rows += [(w["name"], w["from"], w["to"], str(w["bits"]), f"{w['mm']:.4f}") for w in plan["wires"]]
        lines += ["", *aligned(rows)]
    return "\n".join(lines) + "\n"


def main():
    options, arguments = parse()
    if not os.path.isfile(options.script):
        raise sim.ConfigError(f"{options.script}: is no file; give a script such as configs/cgooo.py")
    with open(options.script, "rb") as script:
        if b"\0" in script.read():
            raise sim.ConfigError(f"{options.script}: is no Python script; give one such as configs/cgooo.py")
    core = core_of(options.script, arguments, options)
    name = " ".join([os.path.basename(options.script), *(f"--preset={p}" for p in [options.preset] if p), *options.set])
    plan = sim.machine_floorplan(core, nanometres=options.nanometres, lengths=options.lengths, seed=options.seed,
                                 title=f"{name}, {options.nanometres} nm", with_wires=options.wires)
    if not plan["places"]:
        raise sim.ConfigError(f"{options.script}: no component of this machine says what it is built of")
    if options.out:
        report.write_file(options.out, plan["svg"])
    if options.table or (not options.out and sys.stdout.isatty()):
        sys.stdout.write(table(plan))
    elif not options.out:
        sys.stdout.write(plan["svg"])
    return 0


command_line.guarded(main, "util/floorplan")
