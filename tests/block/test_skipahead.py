# SPDX-License-Identifier: BSD-3-Clause
"""Skipahead: what may pass what in a window, cycle by cycle, read from pipeline traces.

In all of them a block is dispatched in cycle 0 and issues from cycle 1 on. An instruction with a global operand
executes 2 cycles after it is selected, another 1 cycle after. A division of cycle 1 executes in 3 and gives its value
to executions of cycle 23.
"""
import pytest
from block_rig import run_blocks


@pytest.fixture
def blocks(sim, tmp_path):
    def run(text, **changes):
        return run_blocks(sim, tmp_path, text, **changes)
    return run


def test_a_whole_block_is_dispatched_at_once_and_issues_in_the_next_cycle(blocks):
    run = blocks("first: addi a2, a1, 1\n second: addi a3, a1, 2\n third: addi a4, a1, 3")
    assert [run.issue(label, "first") for label in ("first", "second", "third")] == [1, 1, 1]
    assert [i.stages["execute"][0] - i.stages["issue"][0] for i in run.of("first")][-1] == 2


RAW = "first: div t0, a0, a1\n reader: addi t1, t0, 1\n next: addi t2, t1, 1\n other: addi a2, a3, 1\n sd t2, 0(s0)"


def test_a_reader_waits_for_its_local_operand_and_younger_instructions_pass_it(blocks):
    run = blocks(RAW)
    assert run.issue("other", "first") == 1
    assert run.issue("reader", "first") == 22   # executes in 23


def test_local_raw_against_a_skipped_writer_waits_for_it_and_then_follows_back_to_back(blocks):
    run = blocks(RAW)
    assert run.issue("next", "first") == 23


WAR = """first: addi t1, a5, 1
    div t0, a0, a1
reader: add a4, t1, t0
writer: addi t1, a6, 2
    add a3, t1, a6"""


def test_local_war_a_writer_waits_until_the_reader_of_its_register_has_executed(blocks):
    run = blocks(WAR, local_registers=2)
    assert run.issue("reader", "first") == 21    # executes in 23
    assert run.issue("writer", "first") == 23


def test_a_writer_of_another_local_register_passes_the_reader(blocks):
    run = blocks(WAR, local_registers=3)
    assert run.issue("reader", "first") == 21
    assert run.issue("writer", "first") == 1


WAW = """first: div a4, a0, a1
early: addi t1, a4, 1
late: addi t1, a5, 2
    add a6, t1, a5"""


def test_local_waw_against_a_skipped_unissued_writer_waits(blocks):
    run = blocks(WAW, local_registers=1)
    assert run.issue("early", "first") == 21     # executes in 23, its value is there in 24
    assert run.issue("late", "first") == 23


def test_local_waw_with_registers_to_spare_does_not_wait(blocks):
    run = blocks(WAW, local_registers=2)
    assert run.issue("late", "first") == 1


BUSY = "first: div t1, a0, a1\n late: addi t1, a5, 2\n add a6, t1, a5"


def test_a_busy_register_takes_no_new_value_before_the_pending_one(blocks):
    assert blocks(BUSY, local_registers=1).issue("late", "first") == 21   # executes in 23, when the division is done


def test_another_register_is_not_busy(blocks):
    assert blocks(BUSY, local_registers=2).issue("late", "first") == 1


STORE_LOAD = "first: div a4, a0, a1\n store: sd a4, 0(s0)\n {} load: ld a5, 64(s0)"


def test_a_load_does_not_pass_an_unissued_store_of_its_own_block(blocks):
    run = blocks(STORE_LOAD.format(""))
    assert run.issue("store", "first") == 21
    assert run.issue("load", "first") == 22      # nor in the scan that issues it


def test_a_load_passes_an_unissued_store_of_another_block(blocks):
    run = blocks(STORE_LOAD.format("j apart\n apart: "))
    assert run.issue("store", "first") == 21
    assert run.issue("load", "first") == 1


def test_other_instructions_pass_an_unissued_store(blocks):
    assert blocks(STORE_LOAD.format("") + "\n other: addi a2, a3, 1").issue("other", "first") == 1


def test_a_load_never_executes_before_an_issued_store_of_its_block(blocks):
    """Local-only instructions are quicker to their unit than the store, whose data is global."""
    run = blocks("first: addi t1, s0, 0\n div a4, a0, a1\n store: sd a4, 0(s0)\n load: ld t2, 0(t1)\n"
                 "use: addi t2, t2, 1\n mv a5, t2", schedule_to_execute=9)
    store, load = run.of("store")[-2], run.of("load")[-2]
    assert load.stages["execute"][-1] >= store.stages["execute"][-1]
    assert run.stats["memory_violations"] == 0


INDEPENDENT = "\n".join(f"i{n}: addi t{n % 7}, a1, {n}" for n in range(12))


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 12])
def test_a_window_issues_no_more_in_a_cycle_than_skipahead(blocks, limit):
    run = blocks(INDEPENDENT, skipahead=limit)
    assert [run.issue(f"i{n}", "i0") for n in range(12)] == [1 + n // limit for n in range(12)]


STALLED = """first: div a4, a0, a1
    add a5, a4, a1
    add a6, a4, a1
i0: addi t0, a1, 1
i1: addi t1, a1, 1
i2: addi t2, a1, 1
i3: addi t3, a1, 1
i4: addi t4, a1, 1"""


@pytest.mark.parametrize("limit, cycles", [
    (2, [22, 22, 23, 23, 24]),   # the two stalled ones fill the head buffer
    (3, [2, 3, 4, 5, 6]),
    (4, [1, 2, 2, 3, 3]),
    (5, [1, 1, 2, 2, 2]),
])
def test_skipped_instructions_count_towards_the_limit_as_issued_ones_do(blocks, limit, cycles):
    run = blocks(STALLED, skipahead=limit)
    assert [run.issue(f"i{n}", "first") for n in range(5)] == cycles


def test_without_skipping_nothing_passes_a_stalled_instruction(blocks):
    run = blocks(STALLED, skip=False)
    assert [run.issue(f"i{n}", "first") for n in range(5)] == [21, 21, 22, 22, 22]
    assert run.stats["skipped_instructions"] == 0


def test_skipped_instructions_are_counted(blocks):
    def skipped_in_ten_rounds(text):
        ten, twenty = (blocks(text, skipahead=4, rounds=rounds).stats["skipped_instructions"] for rounds in (10, 20))
        return twenty - ten
    assert skipped_in_ten_rounds(STALLED) == 10 * 6 * 2   # i0 to i4 and the jump behind them pass two
    assert skipped_in_ten_rounds(INDEPENDENT) == 0


VIOLATION = """first: div t0, a0, a1
    andi t0, t0, 0
    add t0, t0, s0
store: sd a1, 0(t0)
    j behind
behind: ld a2, 0(s0)
stalled: div a4, a0, a2
user: addi a4, a4, 1
other: addi a6, a3, 1"""


def test_a_load_that_passed_a_store_to_its_bytes_has_its_block_squashed(blocks):
    run = blocks(VIOLATION)
    assert run.stats["memory_violations"] >= 11
    assert run.stats["squashed_blocks"] >= run.stats["memory_violations"]


def test_a_squashed_block_loses_its_permit_to_skip_once(blocks):
    run = blocks(VIOLATION)
    squashed = [i for i in run.of("other", committed=False) if "issue" in i.stages][-1]
    user = [i for i in run.of("user", committed=False) if "dispatch" in i.stages][-1]
    assert "issue" not in user.stages                       # it was passed in the block's first life,
    again = run.of("other")[-2].stages["issue"][-1]
    assert again >= run.of("user")[-2].stages["issue"][-1]   # and not in its second;
    assert squashed.stages["issue"][-1] > run.of("other")[0].stages["issue"][-1]   # the next time it skips again


def test_conservative_loads_wait_and_nothing_is_squashed(blocks):
    run = blocks(VIOLATION, speculate_memory=False)
    assert run.stats["memory_violations"] == 0


CONTENDED = """first: mul a4, a0, a1
wants: addi a5, a4, 1
    j behind
behind:
""" + "\n".join(f"y{n}: addi t{n % 7}, a1, {n}" for n in range(10))


def test_the_oldest_window_gets_the_unit(blocks):
    """One unit for all: younger instructions fill it until the older window's instruction is ready."""
    run = blocks(CONTENDED, units={"identical": 1}, windows=4)
    assert run.issue("first", "first") == 1
    assert run.issue("wants", "first") == 4              # the multiplication's value is there in 1 + 2 + 3 = 6
    assert [run.issue(f"y{n}", "first") for n in range(4)] == [3, 5, 6, 7]   # the jump had cycle 2


TWO_BLOCKS = "\n".join(f"x{n}: addi t{n % 7}, a1, {n}" for n in range(8)) + "\nj behind\nbehind: addi t0, a1, 0\n" + \
    "\n".join(f"y{n}: addi t{n % 7}, a1, {n}" for n in range(1, 8))


def most_in_a_cycle(run, labels):
    cycles = [run.issue(label, "x0") for label in labels]
    return max(cycles.count(c) for c in cycles)


@pytest.mark.parametrize("clusters, units, each, both", [(1, 1, 1, 1), (1, 2, 2, 2), (2, 2, 1, 2), (2, 4, 2, 4)])
def test_windows_share_the_units_of_their_cluster_only(blocks, clusters, units, each, both):
    run = blocks(TWO_BLOCKS, windows=2, clusters=clusters, units={"identical": units}, skipahead=8)
    x, y = [f"x{n}" for n in range(8)], [f"y{n}" for n in range(1, 8)]
    assert most_in_a_cycle(run, x) == each
    assert most_in_a_cycle(run, x + y) == both


PRODUCER = "first: mul a4, a0, a1\n near: addi a5, a4, 1\n j behind\n behind: addi t0, a1, 1\n far: addi a6, a4, 1"


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_a_far_segment_delays_its_reader_and_only_that(blocks, delay):
    run = blocks(PRODUCER, windows=3, segments=3, near_segments=1, far_register_delay=delay)
    assert run.issue("near", "first") == 4
    assert run.issue("far", "first") == 4 + delay
    assert run.stats["far_reads"] > 0


def test_every_segment_is_near_where_all_are(blocks):
    run = blocks(PRODUCER, windows=3, segments=3, near_segments=3, far_register_delay=5)
    assert run.issue("far", "first") == 4
    assert run.stats["far_reads"] == 0


WRITES = "\n".join(f"addi a{n}, a1, {n}" for n in (2, 3, 4, 5, 6, 7))


def test_registers_are_borrowed_when_a_segment_is_empty_and_not_before(blocks):
    assert blocks(WRITES, windows=3, segments=3, physical_registers=66).stats["borrowed_registers"] > 0
    assert blocks(WRITES, windows=3, segments=3, physical_registers=600).stats["borrowed_registers"] == 0


def test_one_segment_never_borrows(blocks):
    assert blocks(WRITES, windows=3, segments=1, physical_registers=66).stats["borrowed_registers"] == 0


def test_consumers_of_a_load_that_misses_are_sent_back(blocks):
    text = "first: add t0, s0, a4\n load: ld t1, 0(t0)\n use: addi a5, t1, 1\n addi a4, a4, 64"
    run = blocks(text)
    late = blocks(text, ideal_wakeup=True)
    assert run.stats["replays"] > 0 and late.stats["replays"] == 0
    assert run.stats["issued_instructions"] == run.stats["executed_instructions"] + run.stats["replays"] + \
        sum("issue" in i.stages and "execute" not in i.stages for i in run.instructions)


ABANDONED = """first: div a4, a0, a1
    andi t0, s11, 1
    add t0, t0, a4
    sub t0, t0, a4
    bnez t0, odd
    ld t1, 0(s1)
    li t1, 1
    add a2, t1, a3
    j meet
odd: ld t1, 64(s1)
    li t1, 2
    add a2, t1, a3
meet: addi s1, s1, 128"""


@pytest.mark.parametrize("names", [1, 2])
def test_a_squashed_load_that_its_window_did_not_wait_for_leaves_no_register_busy(blocks, names):
    """The load's value is never read, so its block has executed and left the window when the older branch squashes it."""
    run = blocks(ABANDONED, windows=2, local_registers=names)
    assert run.stats["branch_mispredictions"] > 3
    assert len(run.of("meet")) == 12
