# SPDX-License-Identifier: BSD-3-Clause
"""Random programs over the whole instruction table print the same bytes on a core and in qemu-riscv64."""
import os

import pytest

import guest_state
import random_programs

SIM = random_programs.ROOT / "build" / "sim"


def difference(tmp_path, config, **choices):
    file = tmp_path / "program"
    random_programs.build(file, **choices)
    return random_programs.compare(file, [SIM, random_programs.ROOT / "configs" / f"{config}.py"])


def test_programs_use_every_instruction_of_the_table():
    text = " ".join(random_programs.program(seed) for seed in range(12))
    used = {word.removesuffix(".aqrl").removesuffix(".aq").removesuffix(".rl") for word in text.split()}
    missing = {name for name, _, _ in random_programs.table()} - used
    assert not missing


def test_the_same_seed_gives_the_same_program():
    assert random_programs.program(3) == random_programs.program(3)
    assert random_programs.program(3) != random_programs.program(4)


# Six programs of about 0.2 million instructions; with SKIPAHEAD_FULL=1 nine of about 12 million.
IS_FULL = bool(os.environ.get("SKIPAHEAD_FULL"))


@pytest.mark.parametrize("seed", range(9 if IS_FULL else 6))
def test_functional_core_agrees_with_qemu(tmp_path, seed):
    turns, dump_every = (20_000, 2_000) if IS_FULL else (400, 50)
    assert difference(tmp_path, "functional", seed=seed, turns=turns, dump_every=dump_every) == ""


@pytest.mark.parametrize("config", ["inorder", "ooo", "cgooo"])
def test_timing_core_agrees_with_qemu(tmp_path, config):
    assert difference(tmp_path, config, seed=20, turns=20, dump_every=4) == ""


def test_a_difference_names_the_dump_and_the_register():
    size = guest_state.STATE_BYTES + guest_state.BUFFER_BYTES
    right = bytes(2 * size)
    wrong = bytearray(right)
    wrong[size + 8 * 10] = 7
    wrong[size + guest_state.STATE_BYTES + 3] = 1
    said = guest_state.first_difference(bytes(wrong), right)
    assert said == "dump 1: a0 0x7 instead of 0x0, buffer byte 3"
    assert "bytes instead of" in guest_state.first_difference(right[:-1], right)
