# SPDX-License-Identifier: BSD-3-Clause
"""Whatever legal machine is drawn, a program prints the host's answer on it with the lock-step reference beside it.

One machine a core by default, its seed the date (or SKIPAHEAD_SEED), and a suite program chosen by it. With
SKIPAHEAD_FULL=1 ten machines a core, each on all twelve programs.
"""
import datetime
import os
import random

import pytest
from agreement import IS_FULL, SUITE, SUITE_PROGRAMS, run_machine
from random_machines import CORES, random_machine

SEED = os.environ.get("SKIPAHEAD_SEED") or datetime.date.today().isoformat()
MACHINES = 10 if IS_FULL else 1
# Small ones: a machine may need 50 cycles an instruction.
QUICK = ("mcf_like", "libquantum_like", "sjeng_like", "hmmer_like")


def cases():
    for core in CORES:
        for number in range(MACHINES):
            seed = f"{SEED}.{number}"
            chosen = SUITE_PROGRAMS if IS_FULL else [random.Random(f"{core} {seed}").choice(QUICK)]
            for program in chosen:
                yield pytest.param(core, seed, program, id=f"{core}-{seed}-{program}")


@pytest.mark.parametrize("core,seed,program", cases())
def test_a_random_machine_computes_what_the_host_does(core, seed, program, sim, tmp_path):
    expected = SUITE / f"{program}.test.out"
    if not (SUITE / program).exists() or not expected.exists():
        pytest.fail(f"{SUITE / program} is not built; run: scons suite")
    machine = random_machine(core, seed)
    run = run_machine(sim, machine, tmp_path, program=str(SUITE / program), arguments=["test"], check=True, timeout=1800)
    assert run.returncode == 0, f"{machine}\n{run.stderr}"
    assert run.stdout == expected.read_text(encoding="utf-8"), machine


@pytest.mark.parametrize("core", CORES)
def test_a_seed_always_draws_the_same_machine(core):
    assert random_machine(core, 1) == random_machine(core, 1)
    if core != "functional":   # which has no parameters
        assert len({random_machine(core, seed) for seed in range(20)}) == 20


@pytest.mark.parametrize("core", ("inorder", "ooo", "cgooo"))
def test_every_extreme_is_drawn_sooner_or_later(core):
    texts = "\n".join(random_machine(core, seed) for seed in range(200))
    extremes = {"identical=1", "mshrs=1,", "fetch_width=1,", "fetch_width=12,", "Tlb(entries=1,", "btb_entries=1,"}
    if core == "cgooo":
        extremes |= {"windows=1,", "skipahead=1,", "store_queue_entries=1,", "segments=1,", "physical_registers=65,",
                     "brob_entries=1,", "local_registers=0,", "local_registers=1,", "max_block_instructions=1,",
                     "max_block_instructions=250,"}
    assert not {text for text in extremes if text not in texts}
