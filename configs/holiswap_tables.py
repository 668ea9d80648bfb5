# SPDX-License-Identifier: BSD-3-Clause
"""The tables of holiswap.py, from {point: records}."""
import report
import way_measures as ways
from comparison import energy, mean, quotient, speed_up
from results import Column

BASE = "off, for comparison"   # with which way prediction and sweeps are compared, run as long as they
CACHES = {"l1i": "L1-I", "l1d": "L1-D"}


def percent(value):
    return None if value is None else 100 * value


def paired(by, on="on", off="off"):
    return list(zip(by[on], by[off]))


def of(record, cache):
    """What a record says of a cache; None where the run failed before it counted anything."""
    found = (record.get("ways") or {}).get(cache)
    return found if found and found["hits"] else None


def measured(record, cache, measure):
    found = of(record, cache)
    return None if found is None else measure(found)


def change(on, off):
    """Per cent."""
    return None if on is None or not off else 100 * (on / off - 1)


def slowdown(on, off):
    speed = speed_up(on, off)
    return None if not speed else 100 * (1 / speed - 1)


# ---- tables
# ------------------------------------------------------------------------------------------------------------

def add_hot_lines(results, by):
    rows = []
    for cache, name in CACHES.items():
        for on, off in paired(by):
            def value(measure, record=on):
                return measured(record, cache, measure)
            rows.append([on["program"], name, percent(value(ways.hot_share)), percent(value(ways.hot_way_share)),
                         percent(value(ways.hot_line_share)), value(ways.hot_life),
                         value(lambda c: c["hot_lines"]["active_hot"]), value(lambda c: c["hot_lines"]["active_other"]),
                         percent(value(ways.near_share, off)), percent(value(ways.near_share)),
                         value(lambda c: 1000 * c["swap"]["swaps"] / c["hot_lines"]["accesses"])])
        rows.append(["mean", name] + [mean([row[n] for row in rows if row[1] == name]) for n in range(2, 11)])
    table = results.add_table("hot_lines", "Hot lines and the way that serves them", [
        Column("program"), Column("cache"), Column("hot accesses", "%", "to lines with 64 hits in a window of 128 accesses"),
        Column("hot ways", "%", "of the ways, over time, that hold a hot line"),
        Column("ever hot", "%", "of the lines brought in"), Column("hot life", "set accesses"),
        Column("active, once hot", "set accesses", "from arrival to last use"), Column("active, never hot", "set accesses"),
        Column("near way, off", "%", "accesses served by it without swaps"), Column("near way, on", "%"),
        Column("swaps", "/1000 accesses")], rows,
        "By the oracle that counts every line's hits; the detector in the cache learns later, so the near way serves less.")
    results.add_plot("bars", "hot_lines", x="program", y=["hot accesses"], series="cache",
                     title="Share of accesses that go to hot lines", name="hot_accesses")
    return table


def add_wire_energy(results, by, distances):
    columns = [Column("program"), Column("cache"), Column("paper's row, accesses", "%"), Column("0.714 x near way", "%")]
    columns += [Column(layout, "%") for layout in distances] + [Column("spine, accesses only", "%")]
    rows = []
    for cache, name in CACHES.items():
        for on in by["on"]:
            def saving(mm=None, accesses_only=False):
                return percent(measured(on, cache, lambda c: ways.wire_saving(c, mm, accesses_only)))
            count = measured(on, cache, lambda c: len(c["mm"]))
            near = measured(on, cache, ways.near_share)
            rows.append([on["program"], name, saving(ways.published_row(count), True) if count else None,
                         None if near is None else 71.4 * near] +
                        [saving(mm[cache]) for mm in distances.values()] + [saving(None, True)])
        rows.append(["mean", name] + [mean([row[n] for row in rows if row[1] == name]) for n in range(2, len(columns))])
    table = results.add_table("wire_energy", "Wire energy saved", columns, rows,
                              "Against the same transfers of a cache without swaps. Fills, evictions and the swaps' own "
                              "transfers are paid, but where a column says accesses.")
    results.add_plot("bars", "wire_energy", x="program", y=["TwoColumnSpine"], series="cache",
                     title="Wire energy saved, two columns along a spine", name="wire_energy")
    return table


def add_cost(results, by):
    rows = []
    for on, off in paired(by):
        system = quotient(energy(on, "analytic"), energy(off, "analytic"))
        cells = [on["program"], slowdown(on, off)]
        for cache in CACHES:
            cells += [percent(measured(off, cache, ways.miss_rate)), percent(measured(on, cache, ways.miss_rate))]
        total = ((on.get("energy") or {}).get("analytic") or {}).get("total_pj")
        without = ((off.get("energy") or {}).get("analytic") or {}).get("total_pj")
        wire = [measured(off, cache, lambda c: c["parts_pj"].get("wires", 0)) for cache in CACHES]
        dynamic = ((off.get("energy") or {}).get("analytic") or {}).get("dynamic_pj")
        own = [measured(r, cache, lambda c: c["cache_pj"]) for r in (on, off) for cache in CACHES]
        cells += [percent(quotient(sum(wire), pj)) if None not in wire else None for pj in (without, dynamic)]
        cells += [percent(1 - system) if system else None,
                  percent(quotient(own[2] + own[3] - own[0] - own[1], without)) if None not in own else None]
        swap = [measured(on, cache, lambda c: c["swap"]) for cache in CACHES]
        for name in ("set_rejections", "port_conflicts"):
            cells.append(sum(s[name] for s in swap if s) * 1000 / on["instructions"] if on["instructions"] and total else None)
        rows.append(cells)
    rows.append(["mean"] + [mean([row[n] for row in rows]) for n in range(1, len(rows[0]))])
    return results.add_table("cost", "What it costs, and what it is of the whole", [
        Column("program"), Column("slowdown", "%"), Column("L1-I misses, off", "%"), Column("L1-I misses, on", "%"),
        Column("L1-D misses, off", "%"), Column("L1-D misses, on", "%"),
        Column("L1 wires of the system", "%", "energy without swaps, caches and DRAM included"),
        Column("of its dynamic energy", "%"),
        Column("system energy saved", "%", "between the two runs"),
        Column("of it, in the L1s", "%", "counters, longer tags and swaps are paid"),
        Column("turned away", "/1000 instructions", "accesses while their set was swapped"),
        Column("port waits", "/1000 instructions")], rows,
        "Two runs: their timing differs, and with it wrong paths. Given the same accesses, hits and misses are the same, "
        "which the tests prove on a twin.")


def add_parts(results, by):
    """pJ an instruction of what the caches are built of, means over the programs."""
    names = ["arrays", "tags", "wires", "counters", "buffer"]
    rows = []
    for cache, name in CACHES.items():
        for swap in ("off", "on"):
            cells = [mean([measured(r, cache, lambda c, r=r: c["parts_pj"].get(part, 0) / r["instructions"]) for r in by[swap]])
                     for part in names]
            rows.append([name, swap] + cells)
    return results.add_table("parts", "Dynamic energy of the L1s by part", [
        Column("cache"), Column("swaps")] + [Column(part, "pJ/instruction") for part in names], rows,
        "All arrays are read side by side. Counters are read and written with every access; HotLineSwap(sample=8) updates "
        "them with one in eight.")


def add_prediction(results, by, policies, about):
    base = by[BASE]
    rows = []
    for policy in policies:
        for swap in ("off", "on"):
            records = by[f"{policy}, {swap}"]
            cells = [policy, swap]
            for cache in ("l1d", "l1i"):
                cells.append(percent(mean([measured(r, cache, ways.accuracy) for r in records])))
            for cache in ("l1d", "l1i"):
                cells.append(mean([measured(r, cache, lambda c, r=r: c["dynamic_pj"] / r["instructions"]) for r in records]))
            cells += [mean([slowdown(r, b) for r, b in zip(records, base)]),
                      mean([change(energy(r, "analytic"), energy(b, "analytic")) for r, b in zip(records, base)])]
            rows.append(cells)
    table = results.add_table("way_prediction", "Way prediction and its rivals", [
        Column("access"), Column("swaps"), Column("right, L1-D", "%"), Column("right, L1-I", "%"),
        Column("L1-D", "pJ/instruction", "dynamic, analytic prices"), Column("L1-I", "pJ/instruction"),
        Column("slowdown", "%", "against parallel access without swaps"), Column("system energy", "%")], rows,
        about)
    results.add_plot("bars", "way_prediction", x="access", y=["right, L1-D"], series="swaps",
                     title="Hits in the L1-D whose way was guessed", name="way_prediction")
    return table


def add_sweeps(results, by, chosen, about):
    rows = []
    for sweep, value, off, point in chosen:
        base, records = by[off], by[point.label]
        cells = [sweep, value]
        own = [mean([change(sum(c["cache_pj"] for c in r["ways"].values()) / r["instructions"],
                            sum(c["cache_pj"] for c in b["ways"].values()) / b["instructions"])
                     for r, b in zip(records, base) if r.get("ways") and b.get("ways") and r["instructions"]])]
        for cache in ("l1d", "l1i"):
            for measure in (ways.hot_share, ways.near_share, ways.wire_saving):
                cells.append(percent(mean([measured(r, cache, measure) for r in records])))
        swaps = mean([measured(r, "l1d", lambda c: 1000 * c["swap"]["swaps"] / c["hot_lines"]["accesses"]) for r in records])
        rows.append(cells + [swaps] + own + [mean([slowdown(r, b) for r, b in zip(records, base)])])
    return results.add_table("sweeps", "One parameter at a time", [
        Column("parameter"), Column("value"), Column("L1-D hot", "%"), Column("L1-D near way", "%"),
        Column("L1-D wires saved", "%"), Column("L1-I hot", "%"), Column("L1-I near way", "%"),
        Column("L1-I wires saved", "%"), Column("L1-D swaps", "/1000 accesses"), Column("L1 energy", "%", "of both caches, against no swaps"),
        Column("slowdown", "%")], rows,
        "Two columns along a spine, swaps paid. Hot by the oracle at 64 of 128, whatever the detector's threshold. " + about)


def add_distances(results, distances):
    rows = [[layout, mm["l1d"][0], sum(mm["l1d"]) / len(mm["l1d"]), mm["l1d"][-1], mm["l1d"][-1] / mm["l1d"][0]]
            for layout, mm in distances.items()]
    return results.add_table("layouts", "Layouts of the L1-D", [
        Column("layout"), Column("nearest way", "mm"), Column("mean", "mm"), Column("farthest way", "mm"),
        Column("far / near")], rows)


def fill(results, by, chosen, policies, distances, about):
    """All tables, in the order they are shown."""
    distances = {layout: mm for layout, mm in distances.items() if mm}
    return [add_hot_lines(results, by), add_wire_energy(results, by, distances), add_cost(results, by),
            add_parts(results, by), add_distances(results, distances), add_prediction(results, by, policies, about),
            add_sweeps(results, by, chosen, about)]


def printed(table):
    return report.table([column.head for column in table.columns],
                        [[str(cell) if isinstance(cell, int) else cell for cell in row] for row in table.rows])
