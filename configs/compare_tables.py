# SPDX-License-Identifier: BSD-3-Clause
"""The tables and plots of compare.py, from records alone: {core: records of the same programs}."""
import comparison
import report
from comparison import BASES, PRICES
from results import Column

OUT_OF_ORDER = ("ooo", "ooo4", "ooo12")
MEAN = "harmonic mean"
GAP_NOTE = ("Gap closed: share of the way from the out-of-order core's energy down to the in-order core's; that of the "
            "mean row follows from the harmonic means of relative energy.")


def programs(by_core):
    """One tuple a program: its record on every core. Programs that an interrupted core did not reach are left out."""
    return list(zip(*by_core.values()))


def add_speed_ups(by_core):
    for row in programs(by_core):
        for record in row:
            record["speed_up"] = comparison.speed_up(record, row[0])


# ---- speed
# ---------------------------------------------------------------------------------------------------------

def verdict_of(row):
    bad = [report.verdict(r) for r in row if r["output_ok"] is False or r["outcome"] == "failed"]
    return bad[0] if bad else report.verdict(row[0])


def speed_table(by_core):
    """(columns, rows): IPC on each core, then the speed of each but the first, then the verdict."""
    first, *others = by_core
    rows = [[row[0]["program"]] + [r["ipc"] for r in row] + [comparison.speed_up(r, row[0]) for r in row[1:]] +
            [verdict_of(row)] for row in programs(by_core)]
    columns = ([Column("program")] + [Column(f"{c} IPC", "instructions/cycle") for c in by_core] +
               [Column(f"{c} / {first}", "", "speed over the first core's") for c in others] + [Column("outcome")])
    if len(rows) > 1:
        rows.append([MEAN] + [comparison.harmonic_mean(column) for column in list(zip(*rows))[1:-1]] + [""])
    return columns, rows


# ---- energy
# --------------------------------------------------------------------------------------------------------

def pairs(by_core):
    """Each out-of-order core with each core that is neither it nor the in-order one, to compare the latter with it."""
    return [(baseline, core) for baseline in by_core if baseline in OUT_OF_ORDER
            for core in by_core if core not in OUT_OF_ORDER + ("inorder",)]


def energy_columns(by_core, basis):
    columns = [Column("program")] + [Column(f"{core} energy", "pJ/instruction", f"{basis} energy") for core in by_core]
    for baseline in by_core:
        if baseline in OUT_OF_ORDER and "inorder" in by_core:
            columns.append(Column(f"inorder / {baseline}", "", "energy of an instruction, relative"))
    for baseline, core in pairs(by_core):
        columns.append(Column(f"{core} / {baseline}", "", "energy of an instruction, relative"))
        columns.append(Column(f"{core} 1/ED over {baseline}", "", "how many times better energy x delay is"))
        if "inorder" in by_core:
            columns.append(Column(f"gap to {baseline} closed", "%", GAP_NOTE))
    return columns


def energy_cells(of_core, prices, basis):
    """{head: value} of one program, from {core: record}."""
    cells = {f"{core} energy": comparison.energy(record, prices, basis) for core, record in of_core.items()}
    for baseline in of_core:
        if baseline in OUT_OF_ORDER and "inorder" in of_core:
            cells[f"inorder / {baseline}"] = comparison.relative_energy(of_core["inorder"], of_core[baseline], prices,
                                                                        basis)
    for baseline, core in pairs(of_core):
        cells[f"{core} / {baseline}"] = comparison.relative_energy(of_core[core], of_core[baseline], prices, basis)
        cells[f"{core} 1/ED over {baseline}"] = comparison.inverse_energy_delay(of_core[core], of_core[baseline], prices,
                                                                                basis)
    return cells


def add_gaps(cells, cores):
    for baseline, core in pairs(cores):
        gap = comparison.gap_closed(cells[f"{core} / {baseline}"], cells.get(f"inorder / {baseline}"))
        cells[f"gap to {baseline} closed"] = None if gap is None else 100 * gap
    return cells


def energy_table(by_core, prices, basis="total"):
    """(columns, rows) of every program and the mean."""
    columns = energy_columns(by_core, basis)
    cells = [energy_cells(dict(zip(by_core, row)), prices, basis) for row in programs(by_core)]
    names = [row[0]["program"] for row in programs(by_core)]
    if len(cells) > 1:
        cells.append({head: comparison.harmonic_mean(c[head] for c in cells) for head in cells[0]})
        names.append(MEAN)
    rows = []
    for name, found in zip(names, cells):
        add_gaps(found, by_core)
        rows.append([name] + [found[column.name] for column in columns[1:]])
    return columns, rows


def summary_table(by_core):
    """(columns, rows): the means for both price lists, with and without caches."""
    columns, rows = None, []
    for prices in PRICES:
        for basis in BASES:
            if comparison.has_energy(next(iter(by_core.values())), prices):
                columns, found = energy_table(by_core, prices, basis)
                rows.append([prices, basis] + found[-1][1:])
    return [Column("prices"), Column("energy of")] + (columns or [Column("")])[1:], rows


def point_table(by_core, prices):
    """(columns, rows): a row a core, with means over the programs, for the scatter of energy against speed."""
    first = next(iter(by_core.values()))
    rows = []
    for core, records in by_core.items():
        found = [r["energy"][prices] for r in records if (r.get("energy") or {}).get(prices)]
        costs = [comparison.energy(r, prices) for r in records]
        share = [comparison.quotient(e["leakage_pj"], e["total_pj"]) for e in found]
        squashed = [comparison.quotient(e["squashed_pj"], e["total_pj"]) for e in found]
        rows.append([core, comparison.harmonic_mean(comparison.speed_up(r, b) for r, b in zip(records, first)),
                     comparison.harmonic_mean(comparison.relative_energy(r, b, prices) for r, b in zip(records, first)),
                     comparison.mean(costs), percent(comparison.mean(share)), percent(comparison.mean(squashed)),
                     comparison.mean([e["power_w"] for e in found]), found[0]["area_mm2"] if found else None])
    columns = [Column("core"), Column("speed", "", "over the first core's; harmonic mean of the programs"),
               Column("energy", "", "over the first core's; harmonic mean of the programs"),
               Column("energy of an instruction", "pJ/instruction", "arithmetic mean of the programs"),
               Column("leakage", "% of energy"), Column("squashed", "% of energy", "spent on instructions later squashed"),
               Column("power", "W"), Column("area", "mm2")]
    return columns, rows


def cell_table(by_core):
    """(columns, rows): analytic prices with the memory cells as built, low leakage in large caches, and all fast."""
    kinds = {"analytic": "as built", comparison.FAST_CELLS: "all high-performance"}
    rows = []
    for prices, kind in kinds.items():
        for core, records in by_core.items():
            found = [r["energy"][prices] for r in records if (r.get("energy") or {}).get(prices)]
            leaks = comparison.mean([comparison.quotient(e["leakage_pj"], e["total_pj"]) for e in found])
            rows.append([core, kind, comparison.mean([comparison.energy(r, prices) for r in records]), percent(leaks)])
    columns = [Column("core"), Column("cells of the caches"), Column("energy", "pJ/instruction", "arithmetic mean"),
               Column("leakage", "% of energy", "arithmetic mean")]
    for baseline, core in pairs(by_core):
        for row, prices in zip((r for r in rows if r[0] == core), kinds):
            gains = [comparison.inverse_energy_delay(r, b, prices) for r, b in zip(by_core[core], by_core[baseline])]
            row.append(comparison.harmonic_mean(gains))
    names = list(dict.fromkeys(baseline for baseline, _ in pairs(by_core)))
    columns += [Column(f"1/ED over {name}", "", "how many times better energy x delay is; harmonic mean") for name in names]
    return columns, [row + [None] * (len(columns) - len(row)) for row in rows]


def percent(share):
    return None if share is None else 100 * share


def stage_table(by_core, prices):
    """(columns, rows): a row a core, a column a stage; pJ an instruction, arithmetic mean of the programs."""
    means = {core: comparison.mean_of(comparison.stages(r, prices) for r in records)
             for core, records in by_core.items()}
    names = list(dict.fromkeys(name for found in means.values() for name in found))
    rows = [[core] + [found.get(name) for name in names] + [sum(found.values())] for core, found in means.items()]
    return [Column("core")] + [Column(name, "pJ/instruction") for name in names + ["all"]], rows


def program_stage_table(by_core, prices):
    """The same of every program."""
    found = [(core, r["program"], comparison.stages(r, prices) or {}) for core, rs in by_core.items() for r in rs]
    names = list(dict.fromkeys(name for _, _, cells in found for name in cells))
    rows = [[core, program] + [cells.get(name) for name in names] for core, program, cells in found]
    return [Column("core"), Column("program")] + [Column(name, "pJ/instruction") for name in names], rows


def slot_table(by_core):
    """(columns, rows): where the dispatch slots of each core went; arithmetic mean of the programs."""
    means = {core: comparison.mean_of(comparison.slots(r) for r in records) for core, records in by_core.items()}
    names = list(dict.fromkeys(name for found in means.values() for name in found if found[name] >= 5e-4))
    rows = [[core] + [percent(found.get(name)) for name in names] for core, found in means.items() if found]
    return [Column("core")] + [Column(name, "% of slots") for name in names], rows


# ---- out
# -----------------------------------------------------------------------------------------------------------

def short(head):
    """Of the terminal's columns, which are many."""
    for long, brief in ((" energy", " pJ/i"), (" 1/ED over ", " 1/ED "), ("gap to ", "gap % "), (" closed", "")):
        head = head.replace(long, brief)
    return head


def text(columns, rows):
    return report.table([short(column.name) for column in columns], rows)


def transposed(columns, rows):
    heads = [columns[0].name] + [row[0] for row in rows]
    return report.table(heads, [[column.name] + [row[i + 1] for row in rows] for i, column in enumerate(columns[1:])])


def printed(by_core):
    """What compare.py prints: speed, then energy by both price lists."""
    columns, rows = speed_table(by_core)
    parts = [report.table([column.name for column in columns[:-1]] + [""], rows)]
    for prices, title in PRICES.items():
        if comparison.has_energy(next(iter(by_core.values())), prices):
            what = f"energy by {title}: pJ an instruction, relative, inverse energy-delay, share of the gap closed"
            parts += [what, text(*energy_table(by_core, prices)),
                      f"by stage, {title}", transposed(*stage_table(by_core, prices))]
    if comparison.has_energy(next(iter(by_core.values())), comparison.FAST_CELLS):
        parts += ["leakage by the cells of large caches, analytic prices", text(*cell_table(by_core))]
    columns, rows = summary_table(by_core)
    if len(rows) > 1 and pairs(by_core):
        parts += ["means: energy, inverse energy-delay, share of the energy gap closed", text(columns, rows)]
    return "\n\n".join(parts)


def add_energy(results, by_core, prices, title):
    end = f", {title}"
    columns, rows = energy_table(by_core, prices)
    results.add_table(f"energy_{prices}", f"Energy and energy-delay{end}", columns, rows, GAP_NOTE)
    results.add_plot("bars", f"energy_{prices}", x="program", y=[f"{core} energy" for core in by_core],
                     title=f"Energy of a committed instruction{end}", name=f"energy_{prices}")
    ratios = [column.name for column in columns if "1/ED" in column.name]
    if ratios:
        results.add_plot("bars", f"energy_{prices}", x="program", y=ratios, name=f"energy_delay_{prices}",
                         title=f"Inverse energy-delay{end}", levels=[("equal", 1)])
    columns, rows = point_table(by_core, prices)
    results.add_table(f"cores_{prices}", f"Means of the cores{end}", columns, rows)
    products = [0.5, 0.7, 1, 1.4, 2]
    curves = [(f"energy x delay {p:g}", [(i / 20, p * i / 20) for i in range(1, 121)]) for p in products]
    results.add_plot("scatter", f"cores_{prices}", x="speed", y=["energy"], series="core", label="core", curves=curves,
                     x_from_zero=True, title=f"Energy against speed{end}", name=f"points_{prices}")
    columns, rows = stage_table(by_core, prices)
    results.add_table(f"stages_{prices}", f"Energy by stage{end}", columns, rows, "Arithmetic mean of the programs.")
    results.add_plot("stacked", f"stages_{prices}", x="core", y=[column.name for column in columns[1:-1]],
                     title=f"Energy by stage{end}", name=f"stages_{prices}", y_title="pJ/instruction")
    columns, rows = program_stage_table(by_core, prices)
    results.add_table(f"program_stages_{prices}", f"Energy by stage of every program{end}", columns, rows)


def fill(results, by_core, described):
    """Everything that was measured, into a results folder."""
    columns, rows = speed_table(by_core)
    results.add_table("speed", "Speed", columns, rows)
    first, *others = by_core
    if others:
        results.add_plot("bars", "speed", x="program", y=[f"{core} / {first}" for core in others], title="Speed",
                         name="speed", y_title=f"over {first}", levels=[(first, 1)])
    columns, rows = summary_table(by_core)
    if rows and pairs(by_core):
        results.add_table("summary", "Means", columns, rows, GAP_NOTE)
    for prices, title in PRICES.items():
        if comparison.has_energy(next(iter(by_core.values())), prices):
            add_energy(results, by_core, prices, title)
    if comparison.has_energy(next(iter(by_core.values())), comparison.FAST_CELLS):
        columns, rows = cell_table(by_core)
        results.add_table("cells", "Leakage by the cells of large caches, analytic prices", columns, rows,
                          "Caches of 1 MiB and more are built of low-standby-power cells, unless a cache's parameter `cells` "
                          "says otherwise; beside it what they would cost with high-performance cells.")
    columns, rows = slot_table(by_core)
    if rows:
        results.add_table("slots", "Where dispatch slots went", columns, rows,
                          "Shares of width x cycles; arithmetic mean of the programs.")
        results.add_plot("stacked", "slots", x="core", y=[c.name for c in columns[1:]], title="Where dispatch slots went",
                         name="slots", y_title="% of slots")
    if described:
        results.add_machines(described)
