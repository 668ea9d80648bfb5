# SPDX-License-Identifier: BSD-3-Clause
"""Runs a program on an out-of-order machine drawn from a seed, with the lock-step reference beside it.

usage: build/sim run_random_machine.py SEED PROGRAM [ARGUMENT...]
"""
import random
import sys

from sim import *  # noqa: F403


def size(draw, least, most):
    """The least in one case of three."""
    return draw.randint(least, most) if draw.randrange(3) else least


def replacement(draw):
    return draw.choice([Lru, TreePlru, Nru, Srrip, RandomReplacement])()


def cache(draw, below, largest_sets):
    ways = draw.choice([1, 2, 4, 8])
    return Cache(next=below, ways=ways, size=64 * ways * 2 ** draw.randint(0, largest_sets),
                 hit_latency=draw.randint(1, 6), ports=draw.randint(1, 3), mshrs=size(draw, 1, 16),
                 mshr_targets=size(draw, 1, 8), write_buffer_entries=size(draw, 1, 8),
                 replacement=replacement(draw))


def machine_core(draw):
    memory = Bus(next=Dram()) if draw.randrange(2) else FixedLatencyMemory(latency=draw.randint(1, 200))
    l2 = cache(draw, memory, 8)
    direction = draw.choice([Bimodal, Gshare, GskewDirection, Tage, StaticDirection])()
    units = ExecutionUnits(integer=size(draw, 1, 6), multiply=size(draw, 1, 2), divide=size(draw, 1, 2),
                           floating=size(draw, 1, 3), float_divide=size(draw, 1, 2), address=size(draw, 1, 3))
    return OutOfOrderCore(
        l1i=cache(draw, l2, 6), l1d=cache(draw, l2, 6), units=units,
        predictor=BranchPredictor(direction=direction),
        itlb=draw.choice([None, Tlb()]), dtlb=draw.choice([None, Tlb()]),
        memory_dependence=draw.choice([None, StoreSets()]),
        fetch_width=draw.randint(1, 12), dispatch_width=draw.randint(1, 12), issue_width=draw.randint(1, 12),
        commit_width=draw.randint(1, 12), fetch_to_decode=size(draw, 1, 6),
        rob_entries=size(draw, 1, 256), scheduler_entries=size(draw, 1, 128),
        physical_registers=size(draw, 65, 300), load_queue_entries=size(draw, 1, 64),
        store_queue_entries=size(draw, 1, 32), load_ports=size(draw, 1, 3), store_ports=size(draw, 1, 2),
        decode_to_schedule=size(draw, 1, 6), schedule_to_execute=size(draw, 1, 4),
        hit_latency=draw.randint(1, 8), forward_latency=size(draw, 1, 6),
        speculate_memory=draw.randrange(2) == 0)


def main():
    draw = random.Random(int(sys.argv[1]))
    machine = Machine(core=machine_core(draw), program=sys.argv[2], arguments=sys.argv[3:], check=True)
    assert machine.run() == "exited"
    core = machine.stats().as_dict()["core"]
    lost = sum(value for name, value in core.items() if name.startswith("stall_"))
    assert lost + core["dispatched_instructions"] == machine.core.dispatch_width * core["cycles"]
    sys.exit(machine.exit_status)


main()
