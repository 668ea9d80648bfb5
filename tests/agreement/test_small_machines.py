# SPDX-License-Identifier: BSD-3-Clause
"""The smallest part of each kind, one at a time, in machines that are otherwise ordinary: slow, but they finish."""
import pytest
from agreement import SUITE, named_core, run_machine

PARTS = {
    "one instruction-cache port": ("l1i", "sim.Cache(ports=1, next=sim.FixedLatencyMemory())"),
    "an instruction cache of one line": ("l1i", "sim.Cache(size=64, ways=1, mshrs=1, next=sim.FixedLatencyMemory())"),
    "a data cache of one line": ("l1d", "sim.Cache(size=64, ways=1, mshrs=1, ports=1, next=sim.FixedLatencyMemory())"),
    "one instruction-TLB entry": ("itlb", "sim.Tlb(entries=1, ways=1)"),
    "one data-TLB entry": ("dtlb", "sim.Tlb(entries=1, ways=1)"),
    "one entry that walks through memory": (
        "dtlb", "sim.Tlb(entries=1, ways=1, walkers=1, walk_targets=1, page_table_memory=sim.FixedLatencyMemory())"),
    "one unit": ("units", "sim.ExecutionUnits(identical=1)"),
    "one BTB entry": ("predictor", "sim.BranchPredictor(direction=sim.Bimodal(entries=1), btb_entries=1, return_stack_entries=1)"),
}


def machine(core, part, made):
    return named_core(core).replace(f"machines.{core}(", f"machines.{core}({part}={made}").replace(
        "import machines\n", "import machines, sim\n")


def finishes(sim, text, folder):
    """50 000 instructions of a suite program, of which many miss and many are mispredicted."""
    run = run_machine(sim, text, folder, program=str(SUITE / "mcf_like"), arguments=["test"], check=True, limits=[50000],
                      timeout=120)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("core", ["inorder", "ooo", "cgooo"])
@pytest.mark.parametrize("part", PARTS)
def test_a_machine_with_only(part, core, sim, tmp_path):
    finishes(sim, machine(core, *PARTS[part]), tmp_path)


def test_a_load_never_waits_for_the_reused_number_of_a_squashed_store(sim, tmp_path):
    """One store set for all loads and stores, and stores that are often squashed before they execute."""
    changes = "memory_dependence=sim.StoreSets(entries=1, sets=1), store_queue_entries=1, schedule_to_execute=9, predictor"
    finishes(sim, machine("ooo", changes, "sim.BranchPredictor(direction=sim.Bimodal(entries=1), btb_entries=16)"), tmp_path)


@pytest.mark.parametrize("local", [1, 2, 9])
@pytest.mark.parametrize("names", [0, 1, 2])
def test_few_local_registers_and_unlike_latencies_of_local_and_global_instructions(names, local, sim, tmp_path):
    text = named_core("cgooo", local_registers=names, local_schedule_to_execute=local, schedule_to_execute=4, poison=True)
    finishes(sim, text, tmp_path)
