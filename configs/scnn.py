# SPDX-License-Identifier: BSD-3-Clause
"""SCNN alone: layers or networks beside DCNN, DCNN-opt and the oracle, with outputs checked; or a sweep of densities."""
import sys

import sim
import command_line
import report
import scnn_energy
import scnn_layers
import scnn_runs
from results import Column, Results

RIVALS = ("sparse_weights", "sparse_activations")
CHECKS = {"sample": 8, "all": 1, "none": 0}


def numbers(text):
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes numbers, such as 1.0,0.5") from None


def counts(text):
    made = numbers(text)
    if any(value != int(value) or value < 1 for value in made):
        raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes whole numbers from 1 up, such as 8,16")
    return [int(value) for value in made]


def parser():
    p = command_line.Parser(prog="scnn.py", description=__doc__, allow_abbrev=False, usage="%(prog)s [OPTION]...")
    p.add_argument("--network", choices=scnn_layers.NETWORKS + ("all",), help="the table's layers; default: alexnet")
    p.add_argument("--layer", metavar="NAME,...", help="layers of the table, by name or end of name; or .npz files")
    p.add_argument("--masks", choices=scnn_layers.MASKS, default="random", help="of the activations; default: random")
    p.add_argument("--seed", type=command_line.seed, default=1, metavar="N", help="of made-up operands")
    p.add_argument("--check", choices=CHECKS, default="sample",
                   help="outputs compared with the reference: of every 8th filter (default), all or none")
    p.add_argument("--times-only", action="store_true", help="no values: the same cycles, sooner")
    p.add_argument("--rivals", action="store_true", help="SparseW and SparseA too, which take longer")
    p.add_argument("--kc-cap", type=counts, default=[8], metavar="N,...", help="largest output-channel group; default: 8")
    p.add_argument("--placeholders", choices=("slots", "free", "both"), default="slots",
                   help="whether placeholders of the run-length code take multiplier slots (default)")
    p.add_argument("--density", type=numbers, metavar="D,...", help="sweep: both operands at these densities (googlenet)")
    p.add_argument("--clock", type=float, default=1.0, metavar="GHZ", help="of the array; default: 1")
    p.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter of Scnn")
    p.add_argument("--json", metavar="FILE", help="a list with one record a layer, or a point of the sweep")
    p.add_argument("--out", metavar="DIR", help="for tables, plots and the page report.html")
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
            yield scnn_layers.made_up(layer, options.seed, options.masks)
    for file in files:
        yield scnn_layers.from_file(file)


# ---- layers
# --------------------------------------------------------------------------------------------------------

def run_layers(options):
    settings = settings_of(options, options.kc_cap[0], placeholder_choices(options)[0])
    records, balance = [], []
    for operands in operands_of(options):
        record, found = scnn_runs.run(operands, settings, clock_ghz=options.clock, values=not options.times_only,
                                      every=0 if options.times_only else CHECKS[options.check],
                                      rivals=RIVALS if options.rivals else ())
        records.append(record)
        balance += [[record["layer"], pe, busy / record["cycles"]] for pe, busy in enumerate(found["busy_cycles"].tolist())]
        if sys.stderr.isatty():
            print(f"\r\x1b[K{len(records)} layers, {record['layer']}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return records, balance


def layer_row(r):
    ok = {None: "-", True: "ok", False: "WRONG"}[r["output_ok"]]
    usual = r["energies_pj"][scnn_energy.USUAL.name]
    return [r["layer"], r["cycles"], r["theoretical_cycles"], r["dcnn_cycles"], r["speedup"], r["utilisation"],
            r["scnn"]["group_filters"], r["scnn"]["passes"], usual["scnn"] / 1e6, usual["dcnn"] / usual["scnn"],
            usual["dcnn"] / usual["dcnn_opt"], ok]


LAYER_HEADS = ["layer", "cycles", "oracle", "DCNN", "speed-up", "utilisation", "Kc", "passes", "uJ", "DCNN/SCNN energy",
               "DCNN/opt energy", "output"]


def rival_columns(records):
    return [name for name in RIVALS if all(name + "_cycles" in r for r in records)]


def layers_text(records):
    rivals = rival_columns(records)
    rows = [layer_row(r) + [r[name + "_cycles"] for name in rivals] for r in records]
    return report.table(LAYER_HEADS + ["SparseW", "SparseA"][:len(rivals)], rows)


def slots_text(networks):
    """Where multiplier slots and PE-cycles went, in percent."""
    names = scnn_runs.SLOTS[:-1] + ("fragment_slots",)
    heads = ["share of slots, %"] + [n.removesuffix("_slots").removesuffix("_products") for n in names]
    heads += [n.removesuffix("_cycles") for n in scnn_runs.REASONS]
    rows = []
    for name, made in networks.items():
        left = 1 - sum(made["pe_cycles"].values())
        require_sum = sum(made["slots"][n] for n in names) - left
        assert abs(require_sum) < 1e-9, require_sum   # multiplying cycles are made of these slots
        rows.append([name] + [100 * made["slots"][n] for n in names] +
                    [100 * made["pe_cycles"][n] for n in scnn_runs.REASONS])
    return report.table(heads, rows)


def networks_of(records):
    names = dict.fromkeys(r["network"] or r["layer"] for r in records)
    return {name: scnn_runs.summed([r for r in records if (r["network"] or r["layer"]) == name]) for name in names}


def networks_text(networks):
    rows = []
    for name, made in networks.items():
        usual = made["energies_pj"][scnn_energy.USUAL.name]
        rows.append([name, made["layers"], made["tiled_layers"], made["cycles"], made["dcnn_cycles"], made["speedup"],
                     made["dcnn_cycles"] / made.get("oracle_cycles", made["theoretical_cycles"]), made["utilisation"],
                     usual["dcnn"] / usual["scnn"], usual["dcnn"] / usual["dcnn_opt"]])
    return report.table(["network", "layers", "through DRAM", "cycles", "DCNN", "speed-up", "oracle's", "utilisation",
                         "DCNN/SCNN energy", "DCNN/opt energy"], rows)


def energy_text(networks):
    rows = [[name, assume, e["dcnn"] / e["scnn"], e["dcnn"] / e["dcnn_opt"], e["dcnn_opt"] / e["scnn"]]
            for name, made in networks.items() for assume, e in made["energies_pj"].items()]
    return report.table(["energy", "prices", "DCNN/SCNN", "DCNN/opt", "opt/SCNN"], rows)


def write_layers(options, records, balance):
    results = Results("SCNN", "Layers on SCNN beside DCNN, DCNN-opt and the oracle.", options.out)
    results.add_table("layers", "Layers", [Column(head) for head in LAYER_HEADS], [layer_row(r) for r in records])
    results.add_plot("bars", "layers", x="layer", y=["speed-up"], levels=[("DCNN", 1)], title="Speed-up over DCNN")
    parts = list(records[0]["energy_parts"])
    results.add_table("energy", "Energy by part", [Column("layer")] + [Column(part, "uJ") for part in parts],
                      [[r["layer"]] + [r["energy_parts"][part] / 1e6 for part in parts] for r in records])
    results.add_plot("stacked", "energy", x="layer", y=parts, title="Energy of SCNN")
    names = scnn_runs.SLOTS[:-1] + ("fragment_slots",)
    rows = [[r["layer"]] + [r["scnn"][n] / r["scnn"]["multiplier_slots"] for n in names] +
            [r["scnn"][n] / (r["scnn"]["array_cycles"] * scnn_pes(r)) for n in scnn_runs.REASONS] for r in records]
    results.add_table("slots", "Multiplier slots", [Column("layer")] + [Column(n) for n in names + scnn_runs.REASONS], rows,
                      "Shares of all slots; reasons of cycles without multiplication are shares of PE-cycles.")
    results.add_plot("stacked", "slots", x="layer", y=names + scnn_runs.REASONS, title="Where multiplier slots go")
    results.add_table("balance", "Work of PEs", [Column("layer"), Column("PE"), Column("busy")], balance,
                      "Share of cycles in which a PE multiplies.", in_contents=False)
    results.add_plot("lines", "balance", x="PE", y=["busy"], series="layer", title="Balance between PEs")
    results.write(report.revision(sim.root))


def scnn_pes(r):
    scnn = r["scnn"]
    return (scnn["pair_cycles"] + sum(scnn[n] for n in scnn_runs.REASONS)) // max(1, scnn["array_cycles"])


def layers(options):
    records, balance = run_layers(options)
    if options.json:
        report.write_json(options.json, records)
    networks = networks_of(records)
    print("\n\n".join((layers_text(records), networks_text(networks), slots_text(networks), energy_text(networks))))
    if options.out:
        write_layers(options, records, balance)
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


def main():
    p = parser()
    options, unknown = p.parse_known_args()
    if unknown:
        known = [o for action in p._actions for o in action.option_strings if o.startswith("--")]
        raise sim.ConfigError(f"no option '{unknown[0]}'{command_line.near(unknown[0].partition('=')[0], known)}")
    return sweep(options) if options.density else layers(options)


if __name__ == "__main__":
    command_line.guarded(main)
