# SPDX-License-Identifier: BSD-3-Clause
"""Run by build/sim: prints which statistics of which component types moved, over machines and programs of every kind.

  build/sim count_statistics.py FOLDER_OF_SUITE FOLDER_OF_GUEST_PROGRAMS   prints {"declared": [...], "moved": [...]}
"""
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "configs"), os.path.join(ROOT, "tests", "agreement"),
                os.path.join(ROOT, "tests", "accel")]
import sim
import devices
import eie_activity
import ese_activity
import machines
import scnn_activity
from random_machines import random_machine

SUITE, GUEST = sys.argv[1:3]
moved = set()


def labels(name, field):
    """A name, or one for each counter of a vector."""
    return [f"{name}[{n}]" for n in range(field["length"])] or [name]


def walk(component, stats):
    for field in component.statistics:
        if field["kind"] != "statistic":
            continue
        name, value = f"{type(component).__name__}.{field['name']}", getattr(stats, field["name"])
        moved.update(label for label, count in zip(labels(name, field), value if field["length"] else [value]) if count)
    for field in component.fields:
        child = getattr(component, field["name"]) if field["kind"] == "child" else None
        if child is not None and hasattr(stats, field["name"]):
            walk(child, getattr(stats, field["name"]))


def visit(core, program, instructions, argument="test", **parts):
    machine = sim.Machine(core=core, program=program, arguments=[argument], input=os.devnull, output=os.devnull,
                          error=os.devnull, **parts)
    machine.run(instructions)
    stats = machine.stats()
    for name, part in ({"core": machine.core} | parts).items():
        walk(part, getattr(stats, name))


def suite(name):
    return os.path.join(SUITE, name)


def guest(name):
    return os.path.join(GUEST, name)


for make in machines.CORES.values():
    for program in (suite("mcf_like"), guest("fault_repair"), guest("float_flags"), guest("rewritten_code"),
                    guest("rare_work")):
        visit(make(), program, 150_000)
for name in ("inorder", "ooo", "cgooo"):
    for seed in range(8):
        made = dict(vars(sim))
        exec(random_machine(name, f"s{seed}"), made)   # its text is Python that builds `core`
        visit(made["core"], suite(("libquantum_like", "mcf_like")[seed % 2]), 30_000)
for program in (guest("float_flags"), guest("load_reserved"), suite("omnetpp_like")):
    visit(sim.ProfileCore(), program, 1_000_000)
# Loops of a constant length, and a memory that takes one write at a time.
visit(machines.ooo(predictor=machines.branch_predictor(sim.TageScl())), suite("h264_like"), 600_000)
little = sim.Dram(write_queue_entries=2, write_high_watermark=1, write_low_watermark=0)
visit(machines.ooo(l1i=sim.Cache(next=little), l1d=sim.Cache(size=4096, ways=1, next=little)), suite("libquantum_like"), 300_000)
# Ways as places: swaps that are long, often, and disturbed by a second level that takes lines back.
guesses = {sim.LinearRow: sim.NearWay, sim.CentredRow: sim.MruWay, sim.TwoColumnSpine: sim.PcWayTable,
           sim.CornerGrid: lambda: sim.NearIfHot(otherwise=sim.MruWay()),
           sim.HTree: lambda: sim.ChosenWay(first=sim.NearWay(), second=sim.PcWayTable())}
for layout, guess in guesses.items():
    small = sim.Cache(size="32KiB", ways=1, inclusive=True, next=sim.FixedLatencyMemory(latency=20))
    l1 = [sim.Cache(size="16KiB", ways=16, ports=1, next=small, layout=layout(), hot_lines=sim.HotLines(threshold=8, window=16),
                    swap=sim.HotLineSwap(threshold=3, window=8, keep=2, line_cycles=8, patience=2), way_prediction=guess())
          for _ in range(2)]
    visit(machines.ooo(l1i=l1[0], l1d=l1[1]), suite("mcf_like"), 200_000)
for engine in eie_activity.engines():
    walk(engine, sim.statistics_of(engine))

# Programs that drive a device.
for name in ("inorder", "ooo", "cgooo"):
    for program, argument, coherent in (("loopback", "poll", True), ("spin", "sleep", True), ("loopback", "poll", False),
                                        ("raw_ring", "", True)):
        core = machines.CORES[name]()
        visit(core, guest(program), 1_000_000, argument, **devices.beside(core, ["loopback"], coherent=coherent))
for engine in [*scnn_activity.engines(), *ese_activity.engines()]:
    walk(engine, sim.statistics_of(engine))

declared = [label for name, component in sim.components.items() for field in component.statistics
            if field["kind"] == "statistic" for label in labels(f"{name}.{field['name']}", field)]
print(json.dumps({"declared": sorted(declared), "moved": sorted(moved)}))
