# SPDX-License-Identifier: BSD-3-Clause
"""SCNN alone: layers or networks beside DCNN, DCNN-opt and the oracle, with outputs checked; or a sweep of densities."""
import sys

import sim
import accelerators
import command_line
import report
import scnn_energy
import scnn_layers
import scnn_report
import scnn_runs
from results import Column, Results

CHECKS = {"sample": 8, "all": 1, "none": 0}


def numbers(text):
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes numbers, such as 1.0,0.5") from None


def densities(text):
    made = numbers(text)
    if not all(0 < value <= 1 for value in made):
        raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes numbers above 0 and up to 1, such as 1.0,0.5")
    return made


def counts(text):
    made = numbers(text)
    if not all(value >= 1 and value.is_integer() for value in made):
        raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes whole numbers from 1 up, such as 8,16")
    return [int(value) for value in made]


def parser():
    p = command_line.Parser(prog="scnn.py", description=__doc__, usage="%(prog)s [OPTION]...")
    p.add_argument("--network", choices=scnn_layers.NETWORKS + ("all",), help="the table's layers; default: alexnet")
    p.add_argument("--layer", metavar="NAME,...", help="layers of the table, by name or end of name; or .npz files")
    p.add_argument("--masks", choices=scnn_layers.MASKS, default="random", help="of the activations; default: random")
    p.add_argument("--grain", choices=scnn_layers.GRAINS, default="fine",
                   help="what of the weights is pruned at once: a weight (default), a row of a kernel, a kernel, a filter")
    p.add_argument("--seed", type=command_line.seed, default=1, metavar="N", help="of made-up operands")
    p.add_argument("--check", choices=CHECKS, default="sample",
                   help="outputs compared with the reference: of every 8th filter (default), all or none")
    p.add_argument("--times-only", action="store_true", help="no values: the same cycles, sooner")
    p.add_argument("--rivals", action="store_true", help="SparseW and SparseA too, which take longer")
    p.add_argument("--kc-cap", type=counts, default=[8], metavar="N,...", help="largest output-channel group; default: 8")
    p.add_argument("--placeholders", choices=("slots", "free", "both"), default="slots",
                   help="whether placeholders of the run-length code take multiplier slots (default)")
    p.add_argument("--density", type=densities, metavar="D,...", help="sweep: both operands at these densities (googlenet)")
    p.add_argument("--clock", type=accelerators.real(0, "a number above 0, such as 1.0"), default=1.0, metavar="GHZ", help="of the array; default: 1")
    p.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter of Scnn")
    p.add_argument("--json", type=report.output_file, metavar="FILE", help="a list with one record a layer, or a point of the sweep")
    p.add_argument("--timeline", type=report.output_file, metavar="FILE", help="what happened when, for chrome://tracing or ui.perfetto.dev")
    p.add_argument("--out", type=report.output_folder, metavar="DIR", help="for tables, plots and the page report.html")
    return p


def value_of(text):
    if text in ("True", "False"):
        return text == "True"
    return int(text) if text.isascii() and text.isdigit() else text


def settings_of(options, cap, takes_slots):
    made = {"group_filters_cap": cap, "placeholders_take_slots": takes_slots}
    for given in options.set:
        name, equals, value = given.partition("=")
        if not equals:
            raise sim.ConfigError(f"--set {given}: it takes NAME=VALUE, such as banks=64")
        made[name] = value_of(value)
    return made


def placeholder_choices(options):
    return {"slots": (True,), "free": (False,), "both": (True, False)}[options.placeholders]


def operands_of(options):
    """What to run, made one at a time."""
    names = options.layer.split(",") if options.layer else []
    files = [name for name in names if name.endswith(".npz")]
    names = [name for name in names if not name.endswith(".npz")]
    if names or not files:
        network = None if options.network == "all" or (names and not options.network) else options.network or "alexnet"
        for layer in scnn_layers.chosen(network, names):
            yield scnn_layers.made_up(layer, options.seed, options.masks, options.grain)
    for file in files:
        yield scnn_layers.from_file(file)


# ---- layers
# --------------------------------------------------------------------------------------------------------

def run_layers(options):
    settings = settings_of(options, options.kc_cap[0], placeholder_choices(options)[0])
    records, balance, groups = [], [], []
    for operands in operands_of(options):
        record, found = scnn_runs.run(operands, settings, clock_ghz=options.clock, values=not options.times_only,
                                      every=0 if options.times_only else CHECKS[options.check],
                                      rivals=scnn_runs.RIVALS if options.rivals else ())
        records.append(record)
        groups += [[record["layer"], *map(int, group)] for group in found["groups"]]
        balance += [[record["layer"], pe, busy / record["cycles"]] for pe, busy in enumerate(found["busy_cycles"].tolist())]
        if sys.stderr.isatty():
            print(f"\r\x1b[K{len(records)} layers, {record['layer']}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return records, balance, groups


def layers(options):
    records, balance, groups = run_layers(options)
    if options.json:
        report.write_json(options.json, records)
    networks = scnn_report.networks_of(records)
    print("\n\n".join((scnn_report.layers_text(records), scnn_report.networks_text(networks), scnn_report.slots_text(networks),
                       scnn_report.references_text(networks, records), scnn_report.energy_text(networks))))
    if options.out:
        scnn_report.write_layers(options.out, records, balance, groups)
    if options.timeline:
        scnn_report.write_timeline(options.timeline, records, groups, options.clock)
    return int(any(r["output_ok"] is False for r in records))


# ---- densities
# -----------------------------------------------------------------------------------------------------

SWEEP_HEADS = ["Kc cap", "placeholders", "density", "cycles", "DCNN", "speed-up", "utilisation"]


def sweep_record(options, cap, takes_slots, density, chosen):
    made = scnn_runs.at_density(chosen, density, settings_of(options, cap, takes_slots), options.seed, options.masks)
    return made | {"layer": f"density {density:g}", "density": density, "kc_cap": cap, "output_ok": None,
                   "placeholders_take_slots": takes_slots, "time_us": made["cycles"] / options.clock / 1e3,
                   "energy_pj": made["energies_pj"][scnn_energy.USUAL.name]["scnn"]}


def sweep(options):
    names = options.layer.split(",") if options.layer else None
    chosen = scnn_layers.chosen(None if options.network == "all" else options.network or "googlenet", names)
    records = [sweep_record(options, cap, takes_slots, density, chosen) for cap in options.kc_cap
               for takes_slots in placeholder_choices(options) for density in options.density]
    if options.json:
        report.write_json(options.json, records)
    ratios = [f"{who}, {assume.name}" for assume in scnn_energy.RANGE for who in ("SCNN/DCNN", "SCNN/opt")]
    rows = []
    for r in records:
        row = [r["kc_cap"], "slots" if r["placeholders_take_slots"] else "free", r["density"], r["cycles"], r["dcnn_cycles"],
               r["speedup"], r["utilisation"]]
        for e in r["energies_pj"].values():
            row += [e["scnn"] / e["dcnn"], e["scnn"] / e["dcnn_opt"]]
        rows.append(row)
    texts = [[str(row[0])] + row[1:] for row in rows]
    print(report.table(SWEEP_HEADS, [row[:len(SWEEP_HEADS)] for row in texts]))
    print("\nenergy, SCNN's over DCNN's and over DCNN-opt's, by prices")
    for at, name in enumerate(ratios):
        shown = "  ".join(f"{row[2]:g}: {row[len(SWEEP_HEADS) + at]:.2f}" for row in rows)
        print(f"{name:42} {shown}")
    for cap in options.kc_cap:
        for takes_slots in placeholder_choices(options):
            points = [(r["density"], r["speedup"]) for r in records
                      if (r["kc_cap"], r["placeholders_take_slots"]) == (cap, takes_slots)]
            at = scnn_runs.crossing(points, 1)
            print(f"as fast as DCNN at Kc cap {cap}, placeholders {'in slots' if takes_slots else 'free'}: "
                  + ("nowhere between these densities" if at is None else f"density {at:.3f}"))
    if options.out:
        results = Results("SCNN: densities", "Both operands at one density.", options.out)
        results.add_table("densities", "Densities", [Column(h) for h in SWEEP_HEADS + ratios], rows)
        results.add_plot("lines", "densities", x="density", y=["speed-up"], series="Kc cap", levels=[("DCNN", 1)],
                         title="Speed-up over DCNN")
        results.add_plot("lines", "densities", x="density", y=ratios, title="Energy over DCNN's and DCNN-opt's",
                         name="energy")
        results.write(report.revision(sim.root))
    return 0


def check(options):
    """What would have no effect is refused."""
    if options.density and options.timeline:
        raise sim.ConfigError("--timeline: is for layers; a sweep with --density has none")
    if not options.density and (len(options.kc_cap) > 1 or options.placeholders == "both"):
        raise sim.ConfigError("--kc-cap, --placeholders: more than one value is for a sweep; give --density, too")
    if options.times_only and options.check != "sample":
        raise sim.ConfigError(f"--times-only, --check={options.check}: without values there is nothing to check")
    if options.layer is not None and not all(options.layer.split(",")):
        raise sim.ConfigError(f"--layer={options.layer}: names no layer; it takes names, such as conv3,conv4")


def main():
    options = parser().parse_args()
    check(options)
    return sweep(options) if options.density else layers(options)


if __name__ == "__main__":
    command_line.guarded(main)
