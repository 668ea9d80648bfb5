# SPDX-License-Identifier: BSD-3-Clause
"""Random programs over the whole instruction table print the same bytes on a core and in qemu-riscv64."""
import os

import pytest

import guest_state
import random_programs

SIM = random_programs.ROOT / "build" / "sim"


def difference(tmp_path, core, *options, **choices):
    file = tmp_path / "program"
    random_programs.build(file, **choices)
    return random_programs.compare(file, [SIM, random_programs.ROOT / "configs/run.py", f"--core={core}", *options])


def test_programs_use_every_instruction_of_the_table():
    text = " ".join(random_programs.program(seed) for seed in range(12))
    used = {word.removesuffix(".aqrl").removesuffix(".aq").removesuffix(".rl") for word in text.split()}
    missing = {name for name, _, _ in random_programs.table()} - used
    assert not missing


def test_the_same_seed_gives_the_same_program():
    assert random_programs.program(3) == random_programs.program(3)
    assert random_programs.program(3) != random_programs.program(4)


# Twenty programs of 600 instructions in a loop, 1.5 million executed; with SKIPAHEAD_FULL=1 three hundred of 2000, more
# than 100 million executed.
IS_FULL = bool(os.environ.get("SKIPAHEAD_FULL"))
SIZE = {"instructions": 2000, "turns": 180, "dump_every": 20} if IS_FULL else {"turns": 120, "dump_every": 20}


@pytest.mark.parametrize("seed", range(300 if IS_FULL else 20))
def test_functional_core_agrees_with_qemu(tmp_path, seed):
    assert difference(tmp_path, "functional", seed=seed, **SIZE) == ""


SEEDS = range(1000, 1100 if IS_FULL else 1002)


@pytest.mark.parametrize("core", ["inorder", "ooo"])
@pytest.mark.parametrize("seed", SEEDS)
def test_timing_core_agrees_with_qemu(tmp_path, core, seed):
    assert difference(tmp_path, core, "--check", seed=seed, turns=20, dump_every=4) == ""


@pytest.mark.parametrize("core", ["blockfunctional", "cgooo"])
@pytest.mark.parametrize("seed", SEEDS)
def test_block_core_agrees_with_qemu(tmp_path, core, seed):
    """With local registers where jumps do not pretend to be calls, and without them where they do."""
    poison = ["--check", "--set=core.poison=true"]
    assert difference(tmp_path, core, *poison, seed=seed, turns=20, dump_every=4, hints=False) == ""
    assert difference(tmp_path, core, *poison, "--set=core.use_locals=false", seed=seed, turns=20, dump_every=4) == ""


def test_a_difference_names_the_dump_and_the_register():
    size = guest_state.STATE_BYTES + guest_state.BUFFER_BYTES
    right = bytes(2 * size)
    wrong = bytearray(right)
    wrong[size + 8 * 10] = 7
    wrong[size + guest_state.STATE_BYTES + 3] = 1
    said = guest_state.first_difference(bytes(wrong), right)
    assert said == "dump 1: a0 0x7 instead of 0x0, buffer byte 3"
    assert "bytes instead of" in guest_state.first_difference(right[:-1], right)
