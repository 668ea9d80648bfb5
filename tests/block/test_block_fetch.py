# SPDX-License-Identifier: BSD-3-Clause
"""How often the block core's fetch reads the instruction cache."""
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
    addi a7, zero, 93
    ecall
    .size _start, . - _start
"""
SCRIPT = """
import json, sys
core = CgOooCore(l1i=FixedLatencyMemory(latency=1), l1d=FixedLatencyMemory(latency=4), schedule=False, windows=1, clusters=1,
                 segments=1, predictor=BranchPredictor(direction=StaticDirection(taken=False)), fetch_queue_entries=int(sys.argv[2]),
                 units=ExecutionUnits(identical=12))
machine = Machine(core=core, program=sys.argv[1], check=True)
machine.run()
print(json.dumps(machine.stats().as_dict()["core"]))
"""


@pytest.fixture
def run(script, tmp_path):
    def run(instruction, entries):
        text = "\n".join([instruction] * 200)   # four blocks, one window
        (tmp_path / "program.S").write_text(FRAME.format(text=text), encoding="utf-8")
        subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", "-no-pie", "program.S", "-o", "program"],
                       cwd=tmp_path, check=True, timeout=60)
        done = script(SCRIPT, tmp_path / "program", entries)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


@pytest.mark.parametrize("entries", [1, 2, 8])
def test_a_group_is_read_once_however_slowly_blocks_are_taken(run, entries):
    """Heads and instructions go four to a cycle and end with a line: as many reads whether the window is busy or not."""
    fast, slow = run("add a1, a2, a3", entries), run("mul a1, a1, a1", entries)
    assert slow["cycles"] > 2 * fast["cycles"]
    assert slow["fetched_instructions"] == fast["fetched_instructions"] == 202
    assert slow["fetch_line_reads"] == fast["fetch_line_reads"]
    # 202 instructions and their heads in groups of four, and a few more where lines end within a group.
    groups = (202 + slow["fetched_heads"] + 3) // 4
    assert groups <= slow["fetch_line_reads"] <= groups + 2 * 202 // 16
