# SPDX-License-Identifier: BSD-3-Clause
"""Blocks as large as the machine, and machines as small as a block: neither deadlocks, nor is anything taken silently."""
import pytest
from block_rig import run_blocks

LOADS = "first: " + "\n".join(f"ld t{n % 7}, {8 * n}(s0)" for n in range(24)) + "\nadd a2, t0, t1"
STORES = "first: " + "\n".join(f"sd a{n % 6}, {8 * n}(s0)" for n in range(24)) + "\n ld a2, 0(s0)"
WRITES = "first: " + "\n".join(f"addi a{n % 6 + 2}, a{(n + 1) % 6 + 2}, {n}" for n in range(24))
MIXED = "first: " + "\n".join(f"sd a{n % 6}, {8 * n}(s0)\n ld t{n % 7}, {8 * n - 8}(s1)\n add a{n % 6 + 2}, t{n % 7}, a1"
                              for n in range(1, 9))


@pytest.fixture
def blocks(sim, tmp_path):
    return lambda text, **changes: run_blocks(sim, tmp_path, text, **changes)


def rounds(run, label="first"):
    return len(run.of(label))


@pytest.mark.parametrize("text, limit", [(LOADS, "load_queue_entries"), (STORES, "store_queue_entries")])
@pytest.mark.parametrize("entries", [1, 2, 23, 24, 25])
def test_a_block_with_as_many_memory_operations_as_the_queue_holds_runs(blocks, text, limit, entries):
    run = blocks(text, **{limit: entries})
    assert rounds(run) == 12
    # 24 of them make that many blocks; the rest of a round's blocks is the same.
    assert run.stats["committed_blocks"] == blocks(text).stats["committed_blocks"] + 12 * ((24 + entries - 1) // entries - 1)


@pytest.mark.parametrize("free", [1, 2, 23, 24, 25, 26])
def test_a_block_that_writes_as_many_registers_as_are_free_runs(blocks, free):
    run = blocks(WRITES, physical_registers=64 + free, use_locals=False)
    assert rounds(run) == 12
    if free >= 24:
        assert run.stats["committed_blocks"] == blocks(WRITES, use_locals=False).stats["committed_blocks"]
    else:
        assert run.stats["committed_blocks"] > blocks(WRITES, use_locals=False).stats["committed_blocks"]


@pytest.mark.parametrize("text", [LOADS, STORES, WRITES, MIXED], ids=["loads", "stores", "writes", "mixed"])
@pytest.mark.parametrize("machine", [
    {"windows": 1}, {"brob_entries": 1}, {"max_block_instructions": 1}, {"max_block_instructions": 250},
    {"load_queue_entries": 1, "store_queue_entries": 1}, {"physical_registers": 65}, {"local_registers": 0},
    {"windows": 1, "brob_entries": 1, "max_block_instructions": 1, "load_queue_entries": 1, "store_queue_entries": 1,
     "physical_registers": 65, "local_registers": 0, "skipahead": 1, "fetch_width": 1, "dispatch_width": 1,
     "commit_blocks": 1, "blocks_per_cycle": 1, "fetch_queue_entries": 1, "load_ports": 1}], ids=str)
def test_the_smallest_machines_finish(blocks, text, machine):
    assert rounds(blocks(text, schedule=True, **machine)) == 12


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_no_block_is_larger_than_allowed(blocks, size):
    run = blocks(MIXED, max_block_instructions=size)
    assert run.stats["block_size"] <= size
    assert run.stats["committed_instructions"] == blocks(MIXED).stats["committed_instructions"]


def test_a_single_unit_serves_every_kind_of_instruction(blocks):
    run = blocks("first: div t0, a0, a1\n mul t1, t0, a1\n ld t2, 0(s0)\n sd t1, 8(s0)\n add a2, t1, t2",
                 units={"identical": 1})
    assert rounds(run) == 12


@pytest.mark.parametrize("parameter, value, allowed", [
    ("physical_registers", 64, "65 (64 architectural and one more) to 8192"),
    ("load_queue_entries", 0, "a block may hold a load, so at least 1"),
    ("store_queue_entries", 0, "a block may hold a store, so at least 1"),
    ("max_block_instructions", 0, "1 to 250"),
    ("max_block_instructions", 251, "1 to 250"),
    ("local_registers", 65, "0 to 64"),
    ("windows", 0, "1 to 256"),
    ("clusters", 10, "1 to the number of windows"),
    ("clusters", 0, "1 to the number of windows"),
    ("segments", 10, "1 to the number of windows"),
    ("segments", 0, "1 to the number of windows"),
    ("skipahead", 0, "1 to 64"),
    ("skipahead", 65, "1 to 64"),
    ("brob_entries", 0, "1 to 1024"),
    ("fetch_width", 0, "1 to 32"),
    ("dispatch_width", 0, "1 to 32"),
    ("commit_blocks", 0, "1 to 32"),
    ("blocks_per_cycle", 0, "1 to 32"),
    ("rollback_blocks", 0, "1 to 32"),
    ("schedule_to_execute", 0, "1 to 64"),
    ("local_schedule_to_execute", 0, "1 to 64"),
    ("hit_latency", 65, "1 to 64"),
    ("load_ports", 0, "at least 1"),
    ("store_ports", 0, "at least 1"),
])
def test_a_machine_that_cannot_hold_any_block_is_refused_when_it_is_built(script, parameter, value, allowed):
    run = script(f"""
memory = FixedLatencyMemory()
CgOooCore(l1i=memory, l1d=memory, predictor=BranchPredictor(direction=Bimodal()), units=ExecutionUnits(),
          {parameter}={value})
""")
    assert run.returncode not in (0, 127), run.stderr
    message = run.stderr.strip().splitlines()[-1]
    assert f"{parameter}: {value} is out of range" in message and allowed in message


@pytest.mark.parametrize("parameter", ["max_block_instructions", "load_queue_entries", "store_queue_entries",
                                       "global_writes"])
def test_the_functional_block_core_refuses_the_same(script, parameter):
    run = script(f"BlockFunctionalCore({parameter}=0)")
    assert run.returncode != 0 and f"{parameter}: 0 is out of range" in run.stderr
