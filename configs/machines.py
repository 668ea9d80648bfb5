# SPDX-License-Identifier: BSD-3-Clause
"""Named machines: each function returns a core with all that hangs off it, ready for Machine(core=...).

Keywords override the core's own parameters: ooo(rob_entries=64), ooo(predictor=branch_predictor(Tage())).
"""
import sim


def memory_levels():
    """(l1i, l1d): 32 KiB each over 256 KiB, 4 MiB and DDR4-2400.

    Hits at the three levels sum to 4, 12 and 20 cycles. A chain of loads on the out-of-order core takes 5, 15
    and 23 cycles a load, address generation and fills included, and about 160 where DRAM must change rows.
    """
    memory = sim.Bus(next=sim.Dram())
    l3 = sim.Cache(size="4MiB", ways=16, hit_latency=8, mshrs=32, next=memory)
    l2 = sim.Cache(size="256KiB", ways=8, hit_latency=8, mshrs=24, next=l3)
    return sim.Cache(next=l2), sim.Cache(next=l2)


def holiswap_l1(next, swap=None, **changes):
    """A first-level cache with HoLiSwap: a layout with near and far ways, swaps, and the oracle of hot lines.

    swap=False leaves the swaps out and keeps the rest; way_prediction=NearWay() is a natural addition.
    """
    parts = {"layout": sim.TwoColumnSpine(), "hot_lines": sim.HotLines()}
    if swap is not False:
        parts["swap"] = swap or sim.HotLineSwap()
    return sim.Cache(next=next, **(parts | changes))


def branch_predictor(direction=None, **changes):
    """The papers' front end: 2Bc-gskew and a BTB of 4096 entries."""
    return sim.BranchPredictor(direction=direction or sim.GskewDirection(), **changes)


def core_type(name):
    """The component class of that name; cores name their standard parts alike."""
    if name not in sim.components:
        raise sim.ConfigError(f"this simulator was built without {name}")
    return sim.components[name]


def with_standard_parts(name, changes):
    """Builds a core from the standard parts that its class asks for, unless `changes` bring their own."""
    core = core_type(name)
    wanted = {field["name"] for field in core.fields if field["kind"] == "child"} - set(changes)
    parts = {}
    if {"l1i", "l1d"} & wanted:
        parts["l1i"], parts["l1d"] = memory_levels()
    if "predictor" in wanted:
        parts["predictor"] = branch_predictor()
    if "units" in wanted:
        parts["units"] = sim.ExecutionUnits()
    for tlb in ("itlb", "dtlb"):
        if tlb in wanted:
            parts[tlb] = sim.Tlb()
    parts = {part: made for part, made in parts.items() if part in wanted}
    return core(**parts, **changes)


def functional(**changes):
    """Runs the program as fast as it can; no time."""
    return with_standard_parts("FunctionalCore", changes)


def blockfunctional(**changes):
    """Runs compiled blocks in scheduled order from local and global registers; no time."""
    return with_standard_parts("BlockFunctionalCore", changes)


# Units that each do everything, as the CG-OoO papers' machines have them: their configuration gives the out-of-order
# baseline the 12 of the CG-OoO core; a later note of the author's says 4. An in-order core of width 4 can use 4.
def inorder(**changes):
    """The stalling in-order baseline."""
    return with_standard_parts("InOrderCore", {"units": sim.ExecutionUnits(identical=4)} | changes)


def ooo(**changes):
    """The out-of-order baseline: unified scheduler, physical registers, reorder buffer."""
    return with_standard_parts("OutOfOrderCore", {"units": sim.ExecutionUnits(identical=12)} | changes)


def ooo4(**changes):
    """The out-of-order baseline with 4 units."""
    return ooo(**({"units": sim.ExecutionUnits(identical=4), "issue_width": 4} | changes))


def ooo12(**changes):
    """The out-of-order baseline with 12 units, under the name that tells it from ooo4."""
    return ooo(**changes)


# CG-OoO as its papers describe it: "units" is the execution units of all clusters together. arxiv16 repeats
# the defaults of the class, so that the three read alike.
PRESETS = {
    "draft14": {"windows": 8, "clusters": 1, "skipahead": 2, "skip": False,   # two issues a window and cycle, in order
                "max_block_instructions": 16, "brob_entries": 16, "local_registers": 8, "physical_registers": 128,
                "segments": 1, "near_segments": 1, "far_register_delay": 0, "load_queue_entries": 64,
                "store_queue_entries": 32, "units": 4},
    "arxiv16": {"windows": 9, "clusters": 3, "skipahead": 4, "brob_entries": 16, "local_registers": 20,
                "physical_registers": 252, "segments": 9, "far_register_delay": 0, "load_queue_entries": 64,
                "store_queue_entries": 32, "units": 12},
    "taco17": {"windows": 12, "clusters": 3, "skipahead": 5, "brob_entries": 30, "local_registers": 20,
               "physical_registers": 348, "segments": 6, "near_segments": 4, "far_register_delay": 1,
               "load_queue_entries": 64, "store_queue_entries": 32, "units": 12},
}


# TACO 2017's small point: one cluster of 4 windows and 4 units.
PRESETS["taco17-4eu"] = PRESETS["taco17"] | {"windows": 4, "clusters": 1, "segments": 4, "units": 4}

# What the author's simulator left out: time of the instruction cache, room and fetch slots of heads, and loads that
# pass stores wrongly.
AUTHOR_ARTIFACTS = {"ideal_icache": True, "free_heads": True, "oracle_disambiguation": True}


def cgooo(preset="arxiv16", **changes):
    """CG-OoO as in the 2014 draft, the arXiv-2016 paper, or TACO 2017; cgooo(**AUTHOR_ARTIFACTS) with its shortcuts."""
    if preset not in PRESETS:
        raise sim.ConfigError(f"cgooo has no preset '{preset}'; it has {', '.join(PRESETS)}")
    chosen = PRESETS[preset] | {"units": sim.ExecutionUnits(identical=PRESETS[preset]["units"])}
    return with_standard_parts("CgOooCore", chosen | changes)


CORES = {made.__name__: made for made in (functional, blockfunctional, inorder, ooo, ooo4, ooo12, cgooo)}
