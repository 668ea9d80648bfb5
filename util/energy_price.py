# SPDX-License-Identifier: BSD-3-Clause
"""What a circuit costs in both price lists, and how far the prices can be trusted; run it as util/energy_price."""
import argparse
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs")]
import accelerators  # noqa: E402
import command_line  # noqa: E402
import fit_errors  # noqa: E402
import sim  # noqa: E402

KINDS = sim.circuit_kinds()
PUBLISHED = {row["key"]: row for row in sim.published_prices()}
UNITS = {"pj": "pJ", "mw": "mW", "mm2": "mm2", "ns": "ns"}
QUANTITIES = {
    "words": "rows of a RAM",
    "bits": "of a word, operand, latch, bus or tag",
    "read_ports": "of a RAM",
    "write_ports": "of a RAM or CAM; a RAM of 1 and 0 has one port for both",
    "entries": "of a CAM",
    "key_bits": "that a CAM is searched by",
    "search_ports": "of a CAM",
    "bytes": "of a cache or scratchpad",
    "ways": "of a cache or tag array",
    "line_bytes": "of a cache",
    "output_bits": "that one access of a cache reads out",
    "ports": "of a cache",
    "is_sequential": "1: tags first, then one way; 0: all ways beside the tags",
    "low_standby_cells": "1: memory cells of slower transistors that leak little",
    "has_two_ports": "1: scratchpad with a read and a write port",
    "millimetres": "of a wire",
    "operation": "add, multiply, multiply_add, divide or logic",
    "is_float": "1: floating point",
    "bus_bits": "of a DRAM channel",
    "row_bytes": "of a DRAM row over the channel",
    "burst": "transfers of a DRAM access",
    "chip_megabits": "of each x8 DRAM chip",
    "interface_pj_per_bit": "of DRAM pins and controller",
    "sets": "of a tag array",
    "area_mm2": "that a clock tree spans",
    "leaf_pitch_mm": "side of the squares that a clock tree ends in",
}


def parser():
    made = command_line.Parser(
        prog="util/energy_price", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Prints what one use of a circuit costs, its leakage, area and access time.",
        epilog="""examples:
  util/energy_price ram --words=256 --read-ports=8 --write-ports=4       the analytic list
  util/energy_price ooo_rf                                               both lists, at the published geometry
  util/energy_price ooo_rf --words=512 --node=45                         the published price, scaled
  util/energy_price cache --bytes=32768 --is-sequential=1 --explain
  util/energy_price --list | --wires | --errors | --cross-check | --operations

The analytic list follows from geometry alone, by forms fitted to circuit data (traces/energy/README.md);
--errors says how well. The published list is the CG-OoO papers'. At another geometry or node than the published
one its price is published x analytic(this) / analytic(published), and marked as scaled. Analytic leakage is
at 350 K.""")
    made.add_argument("--explain", action="store_true", help="also print the summands that the analytic price is made of")
    made.add_argument("structure", nargs="?", metavar="STRUCTURE", help="a kind (" + ", ".join(KINDS) + ") or a structure of the published list (--list)")
    geometry = made.add_argument_group("geometry", "what each kind has: " + "; ".join(
        f"{kind}: {', '.join(fields)}" for kind, fields in KINDS.items()))
    for name, text in QUANTITIES.items():
        geometry.add_argument("--" + name.replace("_", "-"), dest=name, metavar="X", help=text)
    technology = made.add_argument_group("technology")
    technology.add_argument("--node", type=accelerators.number(1), default=22, help="16, 22, 28, 32, 45 or 90 nm (default: 22)")
    for option, usual, text in (("--supply-scale", 1, "supply over the node's nominal one"),
                                ("--wire-activity", 0.5, "share of wires that switch in a transfer"),
                                ("--latch-activity", 0.5, "share of latched bits that flip"),
                                ("--clock-gating", 1, "share of idle clockings suppressed")):
        technology.add_argument(option, type=float, default=usual, metavar="X", help=f"{text} (default: {usual})")
    paper = made.add_argument_group("published list")
    paper.add_argument("--variant", choices=("arxiv16", "taco17"), default="taco17",
                       help="configuration of 2015 or 2017 (default: taco17)")
    paper.add_argument("--register-segments", type=accelerators.number(1), default=9, metavar="N", help="of the global register file (default: 9)")
    paper.add_argument("--operand-wires", type=accelerators.number(1), default=1, metavar="N",
                       help="wires charged for a 64-bit operand: 1 as the authors released, 64 in truth (default: 1)")
    tables = made.add_argument_group("tables")
    tables.add_argument("--list", action="store_true", help="the published list")
    tables.add_argument("--wires", action="store_true", help="wires of the authors' floorplans")
    tables.add_argument("--errors", action="store_true",
                        help="errors of the analytic list against the circuit data; status 1 where one exceeds its bound")
    tables.add_argument("--cross-check", action="store_true",
                        help="the analytic list beside published memory energies")
    tables.add_argument("--operations", action="store_true",
                        help="published energies of operations, with their sources")
    return made


def table(head, rows):
    """Columns as wide as they need to be; numbers to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    numeric = [all(row[i] == "" or row[i][0] in "-0123456789" for row in rows) for i in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.rjust(width) if right else cell.ljust(width)
                        for cell, width, right in zip(row, widths, numeric)).rstrip())


def value(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def show_structure(options):
    if options.structure not in KINDS and options.structure not in PUBLISHED:
        raise sim.ConfigError(f"no structure '{options.structure}'; the kinds are {', '.join(KINDS)}; the published "
                              f"structures {', '.join(PUBLISHED)}")
    row = PUBLISHED.get(options.structure)
    kind = row["kind"] if row else options.structure
    given = {name: value(getattr(options, name)) for name in QUANTITIES if getattr(options, name) is not None}
    for name in ("is_sequential", "low_standby_cells", "has_two_ports", "is_float"):
        if name in given:
            if given[name] not in (0, 1):
                raise sim.ConfigError(f"--{name.replace('_', '-')}: cannot be '{given[name]}'; it takes 0 or 1")
            given[name] = bool(given[name])
    geometry = dict(row["geometry"] if row else KINDS[kind])
    if row and options.variant == "arxiv16" and row["words_2015"]:
        geometry["words"] = row["words_2015"]
    geometry |= given
    technology = {name: getattr(options, name)
                  for name in ("node", "supply_scale", "wire_activity", "latch_activity", "clock_gating")}
    lists = {"analytic": sim.energy_price(kind, **technology, **geometry)}
    notes = []
    if row:
        paper = sim.energy_price(
            kind, **technology, **geometry, published=row["key"], variant=options.variant,
            register_segments=options.register_segments, operand_wires=options.operand_wires)
        lists["published"] = paper
        notes.append("scaled: published x analytic(this) / analytic(published)" if paper["is_scaled"]
                     else "as published")
        if not row["is_geometry_published"]:
            notes.append("words, bits or ports that it was published for are our reading")
        if not paper["has_published_area"]:
            notes.append("area analytic: none was published")
        notes.append("access time analytic")
    print(f"{kind} " + ", ".join(f"{name}={geometry[name]}" for name in KINDS[kind]) + f"; {options.node} nm")
    shown = [name for name in lists["analytic"] if any(prices[name] for prices in lists.values())]
    table(["", *lists, "unit"], [[name.rsplit("_", 1)[0], *(f"{prices[name]:.4g}" for prices in lists.values()),
                                  UNITS[name.rsplit("_", 1)[1]]] for name in shown])
    for note in notes:
        print("published: " + note)
    if options.explain:
        terms = sim.energy_terms(kind, node=options.node, **geometry)
        print("\nsummands of the fitted forms (src/energy/circuit_forms.hh says what the letters are):" if terms else
              "\nno fitted form: src/energy/logic_price.cc has the formula and its sources")
        if terms:
            table(["form", "value", "amount", "unit", "of"], [
                [form, name.rsplit("_", 1)[0], f"{amount:.4g}", UNITS[name.rsplit("_", 1)[1]], product]
                for form, name, product, amount in terms])


def shown_geometry(row):
    """The quantities of a row of the published list, with what is to be known of them."""
    text = " ".join(f"{name}={x}" for name, x in row["geometry"].items())
    if row["words_2015"]:
        text += f" (words={row['words_2015']} in 2015)"
    return text if row["is_geometry_published"] else text + " (our reading)"


def show_list():
    table(["key", "pJ", "pJ (2015)", "leakage pJ/cycle", "mm2", "kind", "geometry", "what"], [
        [row["key"], f"{row['pj']:.4g}", f"{row['pj_2015']:.4g}", f"{row['leakage_pj_per_cycle']:.4g}",
         f"{row['area_mm2']:.4g}" if row["area_mm2"] else "", row["kind"],
         shown_geometry(row), row["description"]] for row in PUBLISHED.values()])


def shown_bound(bound):
    """9.3 + 0.2: the mean as stated with the fit, and what the points that are missing here may add."""
    return " + ".join(str(bound[key]) for key in ("mean_percent", "mean_allowance") if bound[key])


def show_errors():
    """Exit status 1 where a bound is exceeded."""
    bounds = {(row["class"], row["value"]): row for row in fit_errors.rows("bounds.csv")}
    shown, broken = [], []
    for key, part in fit_errors.measure().items():
        bound = bounds[key]
        verdict = "" if fit_errors.holds(part, bound) else "EXCEEDED"
        broken += [key] if verdict else []
        shown.append([*key, len(part.errors), f"{part.mean:.1f}", f"{part.greatest:.1f}", shown_bound(bound),
                      bound["greatest_percent"], bound["origin"], verdict])
    table(["class", "value", "points", "mean %", "greatest %", "bound of mean", "bound of greatest", "bound by", ""],
          shown)
    return 1 if broken else 0


CROSS_CHECKED = {   # structure -> how the analytic list prices the same thing: kind, geometry, times
    "8KB SRAM 64b read": ("scratchpad", {"bytes": 8192, "bits": 64}),
    "8KB SRAM 64b read (22nm x0.7 for 14-16nm)": ("scratchpad", {"bytes": 8192, "bits": 64, "node": 16}),
    "32KB SRAM 64b read": ("scratchpad", {"bytes": 32768, "bits": 64}),
    "32KB cache 8-way 64b parallel": ("cache", {"bytes": 32768}),
    "32KB SRAM 32b read": ("scratchpad", {"bytes": 32768, "bits": 32}),
    "1MB cache 8-way 512b seq (8x width)": ("cache", {"bytes": 1 << 20, "output_bits": 512, "is_sequential": True}),
    "8KB SRAM 256b read": ("scratchpad", {"bytes": 8192, "bits": 256}),
    "RF 32x32b 2R1W read": ("ram", {"words": 32, "bits": 32, "read_ports": 2, "write_ports": 1}),
    "RF 64x64 2R1W: 2 reads + 1 write": ("ram", {"words": 64, "bits": 64, "read_ports": 2, "write_ports": 1}),
}


def cross_check():
    """Rows (structure, node, analytic pJ, CACTI pJ, published pJ, published / analytic, source)."""
    for row in fit_errors.rows("cross_check.csv"):
        kind, geometry = CROSS_CHECKED[row["structure"]]
        node = geometry.get("node", row["cacti_node_nm"])
        price = sim.energy_price(kind, **({"node": node} | geometry))
        both = "2 reads + 1 write" in row["structure"]
        analytic = 2 * price["read_pj"] + price["write_pj"] if both else price["read_pj"]
        yield [row["structure"], node, f"{analytic:.2f}", row["cacti_pJ"], row["published_pJ"],
               f"{row['published_pJ'] / analytic:.2f}", row["published_source"]]


def main():
    options = parser().parse_args()
    if options.errors:
        return show_errors()
    if options.list:
        show_list()
    elif options.wires:
        table(["machine", "from", "to", "mm"], [[*wire[:3], f"{wire[3]:.3f}"] for wire in sim.published_wires()])
    elif options.cross_check:
        table(["structure", "nm", "analytic pJ", "CACTI pJ", "published pJ", "published/analytic", "source"],
              cross_check())
    elif options.operations:
        rows = fit_errors.rows("operations.csv")
        table(list(rows[0]), [["" if cell is None else cell for cell in row.values()] for row in rows])
    elif options.structure:
        show_structure(options)
    else:
        parser().error("needs a STRUCTURE or a table; for example: util/energy_price ooo_rf")
    return 0


command_line.guarded(main, "util/energy_price")
