# SPDX-License-Identifier: BSD-3-Clause
"""Every use of every structure of the CG-OoO core, counted by hand for small programs.

The machine has one window where nothing else is said, so that whatever is announced is looked for in one head buffer, and
memories that answer at once. Fetch begins one block a cycle and takes four heads and instructions; a head takes a slot.
"""
import json
import subprocess

import pytest

FRAME = """
    .globl _start
    .option norelax
    .option norvc
    .text
    .type _start, @function
_start:
{text}
    .size _start, . - _start
"""
SCRIPT = """
import json, sys
core = CgOooCore(l1i=FixedLatencyMemory(latency=1), l1d=FixedLatencyMemory(latency=4), schedule=False,
                 windows=int(sys.argv[2]), clusters=1, segments=1, predictor=BranchPredictor(direction=StaticDirection(taken=False)),
                 units=ExecutionUnits(identical=12))
machine = Machine(core=core, program=sys.argv[1], check=True)
machine.run()
print(json.dumps(machine.energy()["rows"]))
"""


@pytest.fixture
def uses(script, tmp_path):
    """Runs a program; {"window_queue write window_writes": (count, squashed)} of all uses, and the cycles."""
    def run(text, windows=1):
        (tmp_path / "program.S").write_text(FRAME.format(text=text), encoding="utf-8")
        subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", "-no-pie", "program.S", "-o", "program"],
                       cwd=tmp_path, check=True, timeout=60)
        done = script(SCRIPT, tmp_path / "program", windows)
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)
        found = {f"{row['structure']} {row['action']}": (row["count"], row["squashed"]) for row in rows
                 if not row["is_leakage"] and row["action"] != "idle"}
        found.pop("clock_tree use cycles")
        return found
    return run


# Temporaries that are written again before the ecall are local to the blocks above it.
STRAIGHT = """
    addi a1, zero, 5        # block of 5: a1 is global
    addi t0, a1, 1          # local
    mul  t1, t0, t0         # local; the only one without a global operand
    sd   t1, -16(sp)
    beq  a1, zero, out      # not taken, as predicted
    ld   t3, -64(sp)        # block of 4: a local load
    ld   a3, -128(sp)       # and a global one
    add  t2, t3, a1         # local
    add  a2, t2, a3
out:
    addi t0, zero, 1        # block of 5: all global
    addi t1, zero, 1
    addi t2, zero, 1
    addi t3, zero, 1
    addi a7, zero, 93
    ecall                   # a block of its own
"""


def test_every_use_of_a_straight_program_is_counted_once(uses):
    found = uses(STRAIGHT)
    globals_read, globals_written = 5 + 4 + 5, 8      # x0 is read like others
    locals_read, locals_written = 3 + 2, 4
    instructions, in_windows, blocks = 15, 14, 4
    # Five cycles of fetch, of which the fourth meets the end of a line: head 3 | 2 head 1 | 3 head | 4 | 1 head 1.
    line_reads = 6
    assert found == {
        "btb read group_lookups": (blocks, 0),
        "fetch_queue write dispatched_instructions": (instructions, 0),
        "fetch_queue read dispatched_instructions": (instructions, 0),
        "rename_map read renamed_sources": (globals_read, 0),
        "rename_map read renamed_destinations": (globals_written, 0),
        "rename_map write renamed_destinations": (globals_written, 0),
        "free_list read renamed_destinations": (globals_written, 0),
        "free_list write free_list_writes": (globals_written, 0),
        "rename_log write renamed_destinations": (globals_written, 0),
        "rename_log read free_list_writes": (globals_written, 0),
        "window_queue write window_writes": (in_windows, 0),
        "window_queue read window_reads": (in_windows, 0),
        "head_buffer write local_issues": (1, 0),
        "head_buffer write global_issues": (in_windows - 1, 0),
        "head_buffer read local_issues": (1, 0),
        "head_buffer read global_issues": (in_windows - 1, 0),
        "wakeup search head_buffer_searches": (globals_written + locals_written, 0),
        "local_registers read local_reads": (locals_read, 0),
        "local_registers write unit_local_writes": (locals_written - 1, 0),
        "local_registers write load_local_writes": (1, 0),
        "global_registers read global_reads": (globals_read, 0),
        "global_registers write unit_global_writes": (globals_written - 1, 0),
        "global_registers write load_global_writes": (1, 0),
        "block_reorder_buffer write allocated_blocks": (blocks, 0),
        "block_reorder_buffer read committed_blocks": (blocks, 0),
        "block_counters write executed_instructions": (in_windows, 0),
        "load_queue write load_queue_writes": (2, 0),
        "load_queue search load_queue_searches": (1, 0),
        "load_queue_fields write load_queue_writes": (2, 0),
        "load_queue_fields read returned_loads": (2, 0),
        "store_queue write store_queue_writes": (1, 0),
        "store_queue search store_queue_searches": (2, 0),
        "store_queue_data write store_queue_writes": (1, 0),
        "store_queue_data read store_queue_reads": (1, 0),
        "integer use integer_operations": (in_windows - 4, 0),
        "multiplier use multiply_operations": (1, 0),
        "address use address_operations": (3, 0),
        "fetch_latch use fetched_instructions": (instructions, 0),
        "head_latch use fetched_heads": (blocks, 0),
        "decode_latch use dispatched_instructions": (instructions, 0),
        "schedule_latch use global_issues": (in_windows - 1, 0),
        "local_schedule_latch use local_issues": (1, 0),
        "execute_latch use executed_instructions": (in_windows, 0),
        "memory_latch use load_queue_writes": (2, 0),
        "commit_latch use committed_instructions": (instructions, 0),
        "predictor_to_cache use fetch_line_reads": (line_reads, 0),
        "cache_to_rename use fetched_instructions": (instructions, 0),
        "cache_to_rename use fetched_heads": (blocks, 0),
        "rename_to_windows use window_writes": (in_windows, 0),
        "rename_to_block_reorder_buffer use allocated_blocks": (blocks, 0),
        "rename_to_queues use queue_allocations": (3, 0),
        "windows_to_units use local_issues": (1, 0),
        "windows_to_units use global_issues": (in_windows - 1, 0),
        "wakeup_to_windows use head_buffer_searches": (globals_written + locals_written, 0),
        "units_to_global_registers use global_reads": (globals_read, 0),
        "units_to_global_registers use unit_global_writes": (globals_written - 1, 0),
        "units_to_local_registers use local_reads": (locals_read, 0),
        "units_to_local_registers use unit_local_writes": (locals_written - 1, 0),
        "units_to_block_reorder_buffer use executed_instructions": (in_windows, 0),
        "units_to_queues use load_queue_writes": (2, 0),
        "units_to_queues use store_queue_writes": (1, 0),
        "queues_to_global_registers use load_global_writes": (1, 0),
        "queues_to_local_registers use load_local_writes": (1, 0),
        "queues_to_block_reorder_buffer use returned_loads": (2, 0),
        "queues_to_cache use load_queue_writes": (2, 0),
        "queues_to_cache use store_queue_reads": (1, 0),
    }


# Fetched in cycles 0 to 3: the branch, the three instructions behind it, `out`, the ecall. The branch is allocated in 6,
# selected in 7 and, reading no global register but zero, executes in 8. The wrong block is allocated in 7, if a window is
# free, and has not issued; the two behind it have been decoded. They are fetched again.
TAKEN = """
    beq  zero, zero, out
    addi a1, zero, 1
    addi a2, zero, 2
    addi a3, zero, 3
out:
    addi a7, zero, 93
    ecall
"""
FETCHED_TWICE = {
    "btb read group_lookups": (6, 3),
    "btb write btb_updates": (1, 0),
    "fetch_latch use fetched_instructions": (8, 5),
    "head_latch use fetched_heads": (6, 3),
    "predictor_to_cache use fetch_line_reads": (6, 3),
    "commit_latch use committed_instructions": (3, 0),
}


def test_a_block_of_the_wrong_path_is_counted_and_reported_as_squashed(uses):
    found = uses(TAKEN, windows=2)
    expected = FETCHED_TWICE | {
        "decode_latch use dispatched_instructions": (6, 3),
        "decode_latch use dropped_decoded": (2, 2),
        "rename_map read renamed_sources": (6, 3),
        "rename_map write renamed_destinations": (4, 3),
        "rename_map write map_restores": (3, 3),
        "free_list write free_list_writes": (4, 3),
        "rename_log write renamed_destinations": (4, 3),
        "rename_log read free_list_writes": (4, 3),
        "window_queue write window_writes": (5, 3),
        "window_queue read window_reads": (2, 0),
        "global_registers read global_reads": (3, 0),
        "global_registers write unit_global_writes": (1, 0),
        "block_reorder_buffer write allocated_blocks": (4, 1),
        "block_reorder_buffer read squashed_blocks": (1, 1),
        "block_reorder_buffer read committed_blocks": (3, 0),
        "integer use integer_operations": (2, 0),
    }
    assert {name: found.get(name) for name in expected} == expected


def test_a_wrong_block_that_finds_no_window_is_dropped(uses):
    found = uses(TAKEN, windows=1)
    expected = FETCHED_TWICE | {"decode_latch use dispatched_instructions": (3, 0),
                                "decode_latch use dropped_decoded": (5, 5),
                                "block_reorder_buffer write allocated_blocks": (3, 0)}
    assert {name: found.get(name) for name in expected} == expected
    assert "rename_map write map_restores" not in found


def test_a_load_that_passed_a_store_of_another_block_is_paid_twice(uses):
    """The store's block waits for a product; the load behind it runs first, and its block again, after it."""
    found = uses("""
        addi a1, zero, 5
        mul  a1, a1, a1
        mul  a1, a1, a1
        sd   a1, -16(sp)
        beq  a1, zero, out
        ld   a2, -16(sp)
        addi a3, a2, 1
    out:
        addi a7, zero, 93
        ecall
    """, windows=4)
    assert found["load_queue write load_queue_writes"] == (2, 1)
    assert found["store_queue search store_queue_searches"] == (2, 1)
    assert found["load_queue_fields read returned_loads"] == (2, 1)
    assert found["load_queue search load_queue_searches"] == (1, 0)
    assert found["address use address_operations"] == (3, 1)


def test_a_load_forwarded_in_its_block_reads_the_store_queue(uses):
    found = uses("""
        sd   sp, -16(sp)
        ld   a2, -16(sp)
        addi a7, zero, 93
        ecall
    """)
    assert found["store_queue_data read forwarded_loads"] == (1, 0)
    assert found["store_queue_data read store_queue_reads"] == (1, 0)
