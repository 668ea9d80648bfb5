# SPDX-License-Identifier: BSD-3-Clause
"""What counters promise on every core: identities, no effect of checking, repeatability, exact stops."""
import json

import pytest
from agreement import named_core, run_machine, statistics
from random_machines import random_machine

TIMING = ("inorder", "ooo", "cgooo")
BLOCKS = ("blockfunctional", "cgooo")

PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
static int less(const void *a, const void *b) { return *(const int *)a < *(const int *)b ? -1 : 1; }
int main(void) {
    static int data[3000];
    unsigned seed = 1;
    for (int i = 0; i < 3000; ++i) data[i] = (int)((seed = seed * 1664525 + 1013904223) >> 8);
    qsort(data, 3000, sizeof *data, less);
    double sum = 0;
    for (int i = 0; i < 3000; ++i) sum += data[i] / 3.0;
    printf("%d %d %.3f\n", data[0], data[2999], sum);
    return 0;
}
"""


def slots(stats):
    """What all the slots of a core's cycles went to, those of instructions still in flight apart."""
    return sum(value for name, value in stats.items()
               if name.startswith(("core.slots_", "core.stall_")) and name.count(".") == 1)


@pytest.mark.parametrize("core", TIMING)
def test_every_dispatch_slot_has_one_reason(core, sim, guest, tmp_path):
    stats, _ = statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)))
    assert slots(stats) == 4 * stats["core.cycles"]
    assert stats["core.slots_committed"] > 0.9 * stats["core.committed_instructions"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("core", TIMING)
def test_every_dispatch_slot_of_a_random_machine_has_one_reason(core, seed, sim, guest, tmp_path):
    text = random_machine(core, f"slots {seed}")
    width = int(text.split("dispatch_width=")[1].split(",")[0])
    stats, _ = statistics(sim, text, tmp_path, program=str(guest(PROGRAM)))
    assert slots(stats) == width * stats["core.cycles"], text


@pytest.mark.parametrize("core", TIMING + ("blockfunctional",))
def test_checking_changes_no_statistic(core, sim, guest, tmp_path):
    plain, checked = (statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)), check=check)[0]
                      for check in (False, True))
    assert plain == checked


@pytest.mark.parametrize("core", BLOCKS)
def test_poison_changes_no_statistic(core, sim, guest, tmp_path):
    plain, poisoned = (statistics(sim, named_core(core, poison=poison), tmp_path, program=str(guest(PROGRAM)))[0]
                       for poison in (False, True))
    assert plain == poisoned


@pytest.mark.parametrize("core", TIMING)
def test_two_runs_write_the_same_bytes_from_any_folder(core, sim, guest, tmp_path):
    outcomes = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        run = run_machine(sim, named_core(core), folder, program=str(guest(PROGRAM)), stats=str(folder / "stats.json"),
                          pipeline_trace=str(folder / "trace.kanata"), limits=[20000], timeout=120)
        assert run.returncode == 0, run.stderr
        outcomes.append([run.stdout, run.stderr] + [(folder / f).read_bytes() for f in ("stats.json", "trace.kanata")])
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("core", TIMING + BLOCKS[:1])
def test_a_limit_stops_after_exactly_so_many_instructions(core, sim, guest, tmp_path):
    limits = [1, 1, 2, 3, 5, 1000, 1, 4321]
    stats, stops = statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)), check=True, limits=limits)
    assert stops == [sum(limits[:n + 1]) for n in range(len(limits))]


@pytest.mark.parametrize("core", BLOCKS)
def test_instructions_and_output_do_not_depend_on_where_a_run_was_interrupted(core, sim, guest, tmp_path):
    whole = statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)), check=True)[0]
    parts = statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)), check=True,
                       limits=[777, 10001, 3, None])[0]
    assert parts["core.committed_instructions"] == whole["core.committed_instructions"]


def test_the_cores_commit_the_same_number_of_instructions(sim, guest, tmp_path):
    counts = {core: statistics(sim, named_core(core), tmp_path, program=str(guest(PROGRAM)))[0]["core.committed_instructions"]
              for core in TIMING + ("functional", "blockfunctional")}
    assert len(set(counts.values())) == 1, json.dumps(counts)
