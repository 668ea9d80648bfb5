# SPDX-License-Identifier: BSD-3-Clause
"""HoLiSwap (Turakhia, Das, Aamodt, Dally): arXiv 1701.03878. Only its abstract and first page were at hand."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs"))
import experiment
import way_measures as ways
from comparison import energy, mean, quotient, speed_up
from figures import Figure, Size, within

ABOUT = ("HoLiSwap (arXiv 1701.03878): 32 KiB 8-way L1s of the out-of-order core, two columns of ways along a spine, suite "
         "of twelve programs of our own where the paper has Android programs (Moby).")
SIZES = {   # no warm-up: shares of lines are of those brought in, and the lines there at its end would be missing
    "quick": Size("test", 0, 300_000, ("gcc_like", "mcf_like", "sjeng_like", "xalan_like")),
    "usual": Size("train", 0, 10_000_000),
    "full": Size("train", 0, 30_000_000),
}


def both(*settings):
    return [f"core.{cache}.{setting}" for cache in ways.CACHES for setting in settings]


BASE = ("layout=TwoColumnSpine", "hot_lines=HotLines")
POINTS = [experiment.Point("off", "ooo", both(*BASE)), experiment.Point("on", "ooo", both(*BASE, "swap=HotLineSwap")),
          experiment.Point("near way", "ooo", both(*BASE, "swap=HotLineSwap", "way_prediction=NearWay"))]


def values(records, cache, measure):
    found = [(record.get("ways") or {}).get(cache) for record in records]
    return [measure(of) for of in found if of and of["hits"]]


def average(records, cache, measure, scale=1):
    found = mean(values(records, cache, measure))
    return None if found is None else scale * found


def hot_figures(by):
    on = by["on"]
    made = []
    for cache, name in (("l1d", "L1-D"), ("l1i", "L1-I")):
        share = average(on, cache, ways.hot_share, 100)
        made.append(Figure(f"accesses to hot lines, {name}", "13, abstract", 60, share, "%", low=60, high=100,
                           why="Programs of ours spread their accesses over more lines of a set than Moby's do."))
    shares = values(on, "l1d", ways.hot_share)
    lines = average(on, "l1d", ways.hot_line_share, 100)
    made.append(Figure("programs with over 60 % on hot lines, L1-D", "issue's aim", 33,
                       100 * sum(s > 0.6 for s in shares) / len(shares) if shares else None, "%", low=33, high=100,
                       why="Fewer programs dwell on one line a set."))
    few = [s > 0.6 and (line is not None and line < 0.03)
           for s, line in zip(shares, values(on, "l1d", ways.hot_line_share))]
    made.append(Figure("programs where under 3 % of lines take it", "13, abstract; issue's aim", 33,
                       100 * sum(few) / len(few) if few else None, "%", low=33, high=100,
                       why="Lines brought in are counted, so programs that fit the cache bring in few, most of which are hot at "
                           "some time; a longer run or a larger program has more."))
    made.append(Figure("lines that are ever hot, L1-D", "13, abstract", 3, lines, "%", low=0, high=3,
                       why="Of the lines brought in. A program whose lines all stay brings few in, and most sets have a hot "
                           "one: the share falls with the length of the run and the reach of the program."))
    return made


def life_figures(by):
    on = by["on"]
    why = ("Windows follow one another here, and a life ends with the first in which the line has fewer than 64 hits; the "
           "paper does not say when its lines cease to be active.")
    return [Figure("life of a hot line, L1-D", "13, figure 2", 1341, average(on, "l1d", ways.hot_life), "set accesses",
                   **within(1341, 0.5), why=why),
            Figure("life of a hot line, L1-I", "13, figure 2", 1636, average(on, "l1i", ways.hot_life), "set accesses",
                   **within(1636, 0.5), why=why + " Loops of our programs fit the L1-I; the mean is that of the longest."),
            Figure("active time of a line never hot, L1-D", "13, page 1 (text cut)", 125,
                   average(on, "l1d", lambda c: ways.ratio(c["hot_lines"]["dead_line_accesses"], c["hot_lines"]["dead_lines"])),
                   "set accesses")]


def far_to_near(of):
    return of["mm"][-1] / of["mm"][0]


def system(on, off):
    relative = quotient(energy(on, "analytic"), energy(off, "analytic"))
    return None if relative is None else 100 * (1 - relative)


def wire_share(record):
    total = ((record.get("energy") or {}).get("analytic") or {}).get("total_pj")
    wires = values([record], "l1d", lambda c: c["parts_pj"]["wires"]) + values([record], "l1i", lambda c: c["parts_pj"]["wires"])
    return 100 * sum(wires) / total if total else None


def leakage_share(record):
    found = (record.get("energy") or {}).get("analytic") or {}
    return 100 * found["leakage_pj"] / found["total_pj"] if found.get("total_pj") else None


def energy_figures(by):
    on, off = by["on"], by["off"]
    saving = lambda of: 100 * ways.wire_saving(of)
    row = lambda of: ways.wire_saving(of, ways.published_row(len(of["mm"])), accesses_only=True) / ways.near_share(of)
    best = max(values(on, "l1d", saving) + values(on, "l1i", saving), default=None)
    return [
        Figure("farthest over nearest way", "13, abstract: over", 6, average(on, "l1d", far_to_near), low=6, high=15,
               why="The layout is not one of those with near ways."),
        Figure("wire energy saved, best program", "13, abstract: up to", 44, best, "%", low=40, high=100,
               why="No program dwells enough on hot lines, or its fills take the wires."),
        Figure("wire energy saved, L1-D mean", "issue: best program at least 40", 44, average(on, "l1d", saving), "%"),
        Figure("wire energy saved, L1-I mean", "issue: best program at least 40", 44, average(on, "l1i", saving), "%"),
        Figure("saved per near-way access, distances 1 to 6", "14, derived", 0.714, average(on, "l1d", row), **within(0.714, 0.1),
               why="The derivation takes all ways as equally used without swaps; real ones are not, and lines served from "
                   "elsewhere are pushed outwards."),
        Figure("system energy saved", "13, abstract", 1.82, mean([system(a, b) for a, b in zip(on, off)]), "%", low=0.9, high=3.6,
               why="The wires to the ways are a smaller part of this system (next figure), and the counters' energy, read and "
                   "written with every access, is of the size of what the wires save; HotLineSwap(sample=8) pays an eighth."),
        Figure("L1 way wires of system energy", "14, derived", 4.1, mean([wire_share(r) for r in off]), "%", **within(4.1, 0.5),
               why=f"At 22 nm 0.05 x 0.07 mm macros put 32 KiB within 0.2 mm of the port; of the energy of this "
                   f"system, outer caches and DRAM included, {mean([leakage_share(r) for r in off]) or 0:.0f} % is leakage.")]


def cost_figures(by):
    slowdowns = [100 * (1 / speed_up(a, b) - 1) for a, b in zip(by["on"], by["off"]) if speed_up(a, b)]
    change = [a - b for cache in ways.CACHES
              for a, b in zip(values(by["on"], cache, ways.miss_rate), values(by["off"], cache, ways.miss_rate))]
    dwelling = [of for record in by["near way"] for cache in ways.CACHES
                for of in [(record.get("ways") or {}).get(cache)] if of and of["hits"] and ways.hot_share(of) > 0.6]
    right = mean([100 * ways.accuracy(of) for of in dwelling])
    return [
        Figure("slowdown", "13, abstract; issue: at most 0.2", 0.13, mean(slowdowns), "%", low=-0.2, high=0.2,
               why="Accesses to a set wait while two of its lines are swapped."),
        Figure("change of the miss rate", "13, abstract: none", 0, 100 * max(change, key=abs, default=0), "%", low=-0.1, high=0.1,
               why="Between two runs whose timing and wrong paths differ; given the same accesses it is 0 (the twin test)."),
        Figure("near-way prediction right, where over 60 % are hot", "14, derived", 60, right, "%", low=60, high=100,
               why="The line is recognised late: only once it has had its 64 hits.")]


def check(runs, options, size):
    by = experiment.run_points(POINTS, runs, options)
    records = [r | {"point": label} for label, rs in by.items() for r in rs]
    if len(by) < len(POINTS) or any(len(rs) < len(runs) for rs in by.values()) or not experiment.is_complete(by):
        return [], records   # interrupted, or a program that cannot run
    return hot_figures(by) + life_figures(by) + energy_figures(by) + cost_figures(by), records
