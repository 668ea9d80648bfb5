# SPDX-License-Identifier: BSD-3-Clause
"""The in-order core runs whole programs in lock step with the reference, whatever its sizes are."""
import random
import subprocess

import pytest

PROGRAM = r"""
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static unsigned seed = 12345;
static unsigned next(void) { return seed = seed * 1103515245 + 12345; }
static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static int divide(int a, int b) { return a / (b | 1); }
static int (*const operations[])(int, int) = {add, subtract, divide};
static int depth(int n) { return n < 2 ? n : depth(n - 1) + depth(n - 2); }

int main(void) {
    union {
        unsigned char bytes[64]; unsigned short halves[32]; unsigned words[16]; unsigned long longs[8];
    } mixed;
    memset(&mixed, 0, sizeof mixed);
    unsigned long sum = 0;
    for (int i = 0; i < 600; ++i) {   /* all sizes meet in few bytes, unaligned ones too */
        unsigned r = next() >> 8;
        switch (r & 3) {
            case 0: mixed.bytes[r >> 2 & 63] = r; break;
            case 1: mixed.halves[r >> 2 & 31] ^= r; break;
            case 2: mixed.words[r >> 2 & 15] += r; break;
            default: memcpy(mixed.bytes + (r >> 2) % 57, &sum, 8);
        }
        unsigned long wide;
        memcpy(&wide, mixed.bytes + r % 57, 8);
        sum = sum * 31 + wide + mixed.longs[r & 7];
    }
    static long table[1 << 14];
    for (int i = 0; i < 1500; ++i) table[next() >> 8 & 16383] += operations[next() % 3](i, next() >> 20);
    for (int i = 0; i < 16384; ++i) sum += table[i] * i;
    double x = 0.5;
    float y = 3;
    for (int i = 1; i < 300; ++i) x = x * 1.0000001 + 1.0 / i, y = y / 1.5f + (float)x;
    atomic_long counter = 0;
    for (int i = 0; i < 50; ++i) atomic_fetch_add(&counter, i), atomic_fetch_xor(&counter, sum);
    printf("%lu %.17g %.9g %ld %d\n", sum, x, y, counter, depth(12));
    return 0;
}
"""

WIDTHS = ("fetch_width", "dispatch_width", "issue_width", "commit_width")
SMALLEST = {name: 1 for name in WIDTHS + ("issue_queue_entries", "in_flight_entries", "store_buffer_entries",
                                          "fetch_queue_entries", "load_ports", "store_ports")}


def drawn(number):
    """(core's keywords, ExecutionUnits', data cache's) of one random legal machine."""
    draw = random.Random(number)
    core = {name: draw.choice((1, 2, 3, 4, 8, 12)) for name in WIDTHS}
    core |= {"issue_queue_entries": draw.choice((1, 2, 5, 10, 40)),
             "in_flight_entries": draw.choice((1, 2, 7, 32, 100)),
             "store_buffer_entries": draw.choice((1, 2, 3, 20)),
             "fetch_queue_entries": draw.choice((1, 4, 16)),
             "fetch_to_decode": draw.choice((1, 2, 5)), "decode_to_schedule": draw.choice((1, 3)),
             "schedule_to_execute": draw.choice((1, 2, 4, 7)), "load_ports": draw.choice((1, 2, 4)),
             "store_ports": draw.choice((1, 2)), "taken_per_cycle": draw.choice((1, 2)),
             "forward_latency": draw.choice((1, 4, 9))}
    units = draw.choice(({"identical": 1}, {"identical": 4}, {}, {"integer": 1, "address": 1, "floating": 1},
                         {"integer_latency": 2, "divide_latency": 60, "float_add_latency": 9}))
    cache = draw.choice(({"mshrs": 1, "ports": 1}, {"mshr_targets": 1}, {},
                         {"banks": 4, "size": "4KiB", "ways": 2}))
    return core, units, cache


MACHINES = {"smallest": (SMALLEST, {"identical": 1}, {"mshrs": 1, "mshr_targets": 1, "ports": 1}),
            "default": ({}, {}, {})} | {f"drawn{n}": drawn(n) for n in range(10)}


@pytest.mark.parametrize("name", MACHINES)
def test_a_program_gives_its_answer_in_lock_step_on_any_legal_machine(name, script, guest):
    program = guest(PROGRAM)
    core, units, cache = MACHINES[name]
    run = script(f"""
memory = FixedLatencyMemory(latency=60)
core = InOrderCore(l1i=Cache(next=memory), l1d=Cache(next=memory, **{cache}), itlb=Tlb(), dtlb=Tlb(entries=8),
                   predictor=BranchPredictor(direction=Bimodal()), units=ExecutionUnits(**{units}), **{core})
machine = Machine(core=core, program="{program}", check=True)
machine.run()
s = machine.stats().core
lost = sum(getattr(s, name) for name in dir(s) if name.startswith("stall_"))
print(s.slots_committed + s.slots_squashed + s.slots_in_flight + lost == core.dispatch_width * s.cycles)
print(0 < s.ipc <= core.commit_width, s.committed_instructions == s.slots_committed)
""")
    assert run.returncode == 0, run.stderr
    qemu = subprocess.run(["qemu-riscv64", program], capture_output=True, text=True, check=True, timeout=60)
    assert sorted(run.stdout.splitlines()) == sorted([qemu.stdout.strip(), "True", "True True"])


def test_translations_that_walk_through_memory_delay_and_do_not_disturb(script, guest):
    run = script(f"""
def cycles(tlb):
    memory = FixedLatencyMemory(latency=60)
    l1d = Cache(next=memory)
    core = InOrderCore(l1i=Cache(next=memory), l1d=l1d, itlb=tlb(l1d), dtlb=tlb(l1d),
                       units=ExecutionUnits(), predictor=BranchPredictor(direction=Bimodal()))
    machine = Machine(core=core, program="{guest(PROGRAM)}", output="/dev/null", check=True)
    machine.run()
    return machine.stats().core.cycles
print(cycles(lambda l1d: None) < cycles(lambda l1d: Tlb(entries=4, page_table_memory=l1d)))
""")
    assert run.stdout == "True\n", run.stderr


def test_two_runs_give_the_same_statistics(script, guest):
    text = f"""
memory = FixedLatencyMemory(latency=60)
core = InOrderCore(l1i=Cache(next=memory), l1d=Cache(next=memory), units=ExecutionUnits(),
                   predictor=BranchPredictor(direction=Gshare()))
machine = Machine(core=core, program="{guest(PROGRAM)}")
machine.run()
print(machine.stats().text())
"""
    first, second = script(text), script(text)
    assert first.returncode == 0 and "branch_mpki" in first.stdout
    assert first.stdout == second.stdout


def test_a_limited_run_commits_exactly_so_many_instructions(script, guest):
    run = script(f"""
memory = FixedLatencyMemory()
core = InOrderCore(l1i=Cache(next=memory), l1d=Cache(next=memory), units=ExecutionUnits(),
                   predictor=BranchPredictor(direction=Bimodal()))
machine = Machine(core=core, program="{guest(PROGRAM)}", check=True)
for more in (1, 998, 1, 12345):
    machine.run(more)
    print(machine.stats().core.committed_instructions)
""")
    assert run.stdout.split()[:4] == ["1", "999", "1000", "13345"], run.stderr
