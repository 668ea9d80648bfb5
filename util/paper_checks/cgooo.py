# SPDX-License-Identifier: BSD-3-Clause
"""CG-OoO (Mohammadi, Aamodt, Dally): arXiv 1606.01607, TACO 14(4) 2017, and the draft of 2014."""
import sim
import comparison
import experiment
import machines
import reasons
from comparison import harmonic_mean
from experiment import Point
from figures import Figure, Size, within

ABOUT = ("CG-OoO (arXiv 1606.01607, TACO 2017, draft of 2014) against in-order and out-of-order cores: suite of twelve "
         "programs of our own for SPEC CPU2006 INT, 22 nm prices, 2 GHz.")
SIZES = {
    "quick": Size("train", 100_000, 300_000, ("gcc_like", "hmmer_like", "sjeng_like", "libquantum_like")),
    "usual": Size("train", 3_000_000, 10_000_000),
    "full": Size("train", 3_000_000, 20_000_000, with_sweeps=True),   # the draft's own warm-up and length
}

BASELINES = ("ooo4", "ooo12")   # which of them was published is not clear: fact sheet 9.1
POINTS = [Point("inorder", "inorder"), Point("ooo4", "ooo4"), Point("ooo12", "ooo12"), Point("cgooo", "cgooo"),
          Point("taco17", "cgooo", preset="taco17"), Point("draft14", "cgooo", preset="draft14"),
          Point("program order", "cgooo", ["core.schedule=false"]), Point("in-order windows", "cgooo", ["core.skip=false"])]


def draft(label, *settings):
    return Point(label, "cgooo", [f"core.{s}" for s in settings], "draft14")


DRAFT_POINTS = [
    draft("draft, 4 windows", "windows=4"), draft("draft, 12 windows", "windows=12"),
    draft("draft, blocks of 5", "max_block_instructions=5"), draft("draft, blocks of 10", "max_block_instructions=10"),
    draft("draft, blocks of 15", "max_block_instructions=15"), draft("draft, 1 issue", "skipahead=1"),
    draft("draft, 3 issues", "skipahead=3"), draft("draft, 8 issues", "skipahead=8"),
    draft("draft, no local registers", "use_locals=false")]


# ---- measures over {label: records}
# -------------------------------------------------------------------------------------

def speed(by, core, baseline):
    return harmonic_mean(comparison.speed_up(r, b) for r, b in zip(by[core], by[baseline]))


def energy(by, core, baseline, prices, basis="total"):
    return harmonic_mean(comparison.relative_energy(r, b, prices, basis) for r, b in zip(by[core], by[baseline]))


def inverse_delay(by, core, baseline, prices, basis):
    return harmonic_mean(comparison.inverse_energy_delay(r, b, prices, basis) for r, b in zip(by[core], by[baseline]))


def energy_gap(by, core, baseline, prices, basis="total"):
    gap = comparison.gap_closed(energy(by, core, baseline, prices, basis), energy(by, "inorder", baseline, prices, basis))
    return None if gap is None else 100 * gap


def speed_gap(by, core, baseline):
    """Share of the way from the in-order core's speed up to the baseline's."""
    whole = speed(by, baseline, "inorder")
    return 100 * (speed(by, core, "inorder") - 1) / (whole - 1) if whole > 1 else None


def area(by, core, prices="paper"):
    """mm2 without caches: the same for every program."""
    return next(((r.get("energy") or {}).get(prices, {}).get("core_area_mm2") for r in by[core]), None)


# ---- figures
# -------------------------------------------------------------------------------------------------------

# Core, speed over the out-of-order core, energy, 1/ED, gap closed in %, source. Energies follow from the others.
HEADLINES = (("cgooo", 1.0, 0.526, 1.9, 64, "1, arXiv abstract"), ("taco17", 1.0, 0.54, 1.8, 62, "1, TACO abstract"))
# The papers report the energy of the core, "total minus all caches", beside the total (fact sheet 9.2); which of them the
# abstracts mean is not said.
ENDS = {("paper", "total"): "paper prices", ("paper", "core"): "paper prices, no caches",
        ("analytic", "total"): "analytic prices", ("analytic", "core"): "analytic prices, no caches"}
SPEED_TOLERANCE, ENERGY_TOLERANCE, PRODUCT_TOLERANCE, GAP_POINTS = 0.05, 0.10, 0.10, 6


def headline(by, core, baseline, prices, basis):
    _, fast, cost, product, gap, source = next(h for h in HEADLINES if h[0] == core)
    derived = source.split(",")[0] + ", derived" + source.split(",")[1].replace(" abstract", "")
    end = f"{core} / {baseline}, {ENDS[prices, basis]}"
    spent = energy(by, core, baseline, prices, basis)
    why = reasons.energy if basis == "total" else reasons.core_energy
    return [
        Figure(f"energy, {end}", derived, cost, spent, **within(cost, ENERGY_TOLERANCE),
               why=why(by, core, baseline, prices, cost)),
        Figure(f"inverse energy-delay, {end}", source, product, inverse_delay(by, core, baseline, prices, basis),
               **within(product, PRODUCT_TOLERANCE), why=reasons.product(speed(by, core, baseline), spent, fast, cost)),
        Figure(f"energy gap closed, {end}", source, gap, energy_gap(by, core, baseline, prices, basis), "%",
               gap - GAP_POINTS, gap + GAP_POINTS,
               reasons.gap(core, baseline, spent, energy(by, "inorder", baseline, prices, basis))),
    ]


def fast_enough(by, core, baseline):
    _, fast, _, _, _, source = next(h for h in HEADLINES if h[0] == core)
    return [Figure(f"speed, {core} / {baseline}", source, fast, speed(by, core, baseline), **within(fast, SPEED_TOLERANCE),
                   why=reasons.speed(by, core, baseline))]


def implied(by, baseline, prices, basis):
    """What the in-order core must cost for the published gap and energy both to hold."""
    return [Figure(f"energy, inorder / {baseline}, {ENDS[prices, basis]}", "1, derived", 0.26,
                   energy(by, "inorder", baseline, prices, basis), low=0.23, high=0.29,
                   why=reasons.in_order(by, baseline, prices, basis))]


# Section 11.4 estimates these from the published prices with assumed activity: blocks of 8, 37 % memory operations.
ESTIMATED_PJ = (("inorder", 65), ("ooo12", 126), ("cgooo", 63))


def estimates(by):
    figures = []
    for core, pj in ESTIMATED_PJ:
        cost = comparison.mean([comparison.energy(r, "paper") for r in by[core]])
        figures.append(Figure(f"energy of an instruction, {core}", "11.4, derived", pj, cost, "pJ", **within(pj, 0.25),
                              why=reasons.stages(by, core, "paper")))
    figures.append(window_price(by))
    ours, theirs = area(by, "taco17"), area(by, "ooo12")
    if ours and theirs:
        figures.append(Figure("area without caches, taco17 / ooo12", "1, TACO abstract", 1.0, ours / theirs, **within(1, 0.1),
                              why=f"{ours:.2f} against {theirs:.2f} mm2; the author's floorplan blocks add up to 3.19 and 3.03 "
                              "(fact sheet 9.5, another machine of fewer windows)."))
    return figures


def window_price(by):
    """The queue of a window holds a whole block here; the author priced 8 entries for windows of 60."""
    published, entries = 0.440, machines.cgooo("arxiv16").max_block_instructions
    ours = sim.energy_price("ram", words=entries, bits=33, read_ports=1, write_ports=1, published="bw")
    read, write = ours["read_pj"], ours["write_pj"]
    return Figure("energy of a window queue's access, cgooo", "9.3", published, (read + write) / 2, "pJ",
                  **within(published, 0.1), why=reasons.window_queue(by, "cgooo", published, entries, read, write))


def draft_figures(by):
    """The bars of the 2014 draft, of seven programs and at 45 nm: ratios to the in-order core, here of all programs."""
    of = {"out-of-order": ("ooo4", 2.91, 2.33), "draft14": ("draft14", 2.20, 1.47)}
    figures = []
    for name, (core, fast, cost) in of.items():
        figures.append(Figure(f"speed, {name} / inorder", "11.1, draft", fast, speed(by, core, "inorder"),
                              **within(fast, 0.15), why=reasons.speed(by, core, "inorder", is_slower=False)))
        figures.append(Figure(f"energy, {name} / inorder", "11.1, draft", cost, energy(by, core, "inorder", "paper"),
                              **within(cost, 0.15), why=reasons.stages(by, core, "paper")))
    figures.append(Figure("performance gap closed, draft14 / ooo4", "1, draft", 70, speed_gap(by, "draft14", "ooo4"), "%", 60,
                          80, reasons.speed(by, "draft14", "ooo4")))
    figures.append(Figure("energy gap closed, draft14 / ooo4", "1, draft", 66, energy_gap(by, "draft14", "ooo4", "paper"), "%",
                          60, 72, reasons.gap("draft14", "ooo4", energy(by, "draft14", "ooo4", "paper"),
                                                   energy(by, "inorder", "ooo4", "paper"))))
    return figures


def recollections(by):
    """Not sourced: for comparison only."""
    return [Figure("speed by list scheduling", "11.3, recollected", 1.125, speed(by, "cgooo", "program order")),
            Figure("speed by Skipahead 4", "11.3, recollected", 1.40, speed(by, "cgooo", "in-order windows"))]


def draft_sweeps(by):
    """Read by eye from the draft's charts, to about 0.02; the draft's machine, whose windows issue in order."""
    def row(name, of, to, published, cost=None, share=0.1):
        figures = [Figure(f"speed, {name}", "11.1, draft", published, speed(by, of, to), **within(published, share),
                          why=reasons.speed(by, of, to, is_slower=published > speed(by, of, to)))]
        if cost:
            figures.append(Figure(f"energy, {name}", "11.1, draft", cost, energy(by, of, to, "paper"), **within(cost, share),
                                  why=reasons.change(by, of, to, "paper")))
        return figures
    return (row("8 windows over 4", "draft14", "draft, 4 windows", 1.15, 1.03) +
            row("12 windows over 4", "draft, 12 windows", "draft, 4 windows", 1.17, 1.07) +
            row("blocks of 10 over 5", "draft, blocks of 10", "draft, blocks of 5", 0.94) +
            row("blocks of 15 over 5", "draft, blocks of 15", "draft, blocks of 5", 0.85) +
            row("2 issues a window over 1", "draft14", "draft, 1 issue", 1.09) +
            row("3 issues a window over 1", "draft, 3 issues", "draft, 1 issue", 1.10) +
            row("8 issues a window over 1", "draft, 8 issues", "draft, 1 issue", 1.12) +
            row("local registers over none", "draft14", "draft, no local registers", 1.12, 0.81))


def check(runs, options, size):
    points = POINTS + (DRAFT_POINTS if size.with_sweeps else [])
    by = experiment.run_points(points, runs, options)
    records = [r | {"point": label} for label, rs in by.items() for r in rs]
    if len(by) < len(points) or any(len(rs) < len(runs) for rs in by.values()) or not experiment.is_complete(by):
        return [], records   # interrupted, or a program that cannot run
    figures = []
    for baseline in BASELINES:
        figures += fast_enough(by, "cgooo", baseline)
        for prices, basis in ENDS:
            figures += headline(by, "cgooo", baseline, prices, basis) + implied(by, baseline, prices, basis)
    figures += fast_enough(by, "taco17", "ooo12")
    for basis in comparison.BASES:
        figures += headline(by, "taco17", "ooo12", "paper", basis)
    figures += estimates(by) + draft_figures(by) + recollections(by)
    if size.with_sweeps:
        figures += draft_sweeps(by)
    return figures, records
