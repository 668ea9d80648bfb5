# SPDX-License-Identifier: BSD-3-Clause
"""Runs small assembly programs on the CG-OoO core and reads when each instruction did what from the pipeline trace.

A program is the text of one or more blocks, run twelve times, each time after a FENCE, which empties the machine. With
every width at 32 a whole block is dispatched in one cycle. Instructions to be looked at carry a label. Registers: s0
and s1 point at memory, a0 = 1000, a1 = 7, a2 to a7 are small numbers, s11 counts; t0 to t6 are dead behind a program.
"""
import json
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "agreement"))
from agreement import run_machine  # noqa: E402

ROUNDS = 12
FRAME = """
    .globl _start
    .option norelax
    .text
_start:
    la s0, memory
    addi s1, s0, 1024
    li s11, {rounds}
    li a0, 1000
    li a1, 7
    li a2, 2
    li a3, 3
    li a4, 4
    li a5, 5
    li a6, 6
    li a7, 7
again:
    fence
{text}
    j round_over
round_over:
    addi s11, s11, -1
    bnez s11, again
    li a0, 0
    li a7, 93
    ecall
stop:
    j stop
    .bss
    .balign 4096
memory:
    .zero 4096
"""
MACHINE = """
memory = FixedLatencyMemory(latency=50)
wide = dict(fetch_width=32, blocks_per_cycle=8, dispatch_width=32, fetch_queue_entries=200, windows=4, clusters=1,
            segments=1, ideal_icache=True, schedule=False, poison=True)
units = dict(identical=12)
core = CgOooCore(l1i=Cache(next=memory), l1d=Cache(next=memory), predictor=BranchPredictor(direction=Bimodal()),
                 units=ExecutionUnits(**(units | {units!r})), **(wide | {core!r}))
"""

Dynamic = namedtuple("Dynamic", "pc text stages committed")   # stages: {"issue": [cycles], ...}


def assemble(text, folder, rounds=ROUNDS):
    """An executable, and the addresses of its labels."""
    (folder / "program.S").write_text(FRAME.format(text=text, rounds=rounds), encoding="utf-8")
    binary = folder / "program"
    subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", "-no-pie", "-march=rv64gc", "program.S", "-o", binary],
                   cwd=folder, check=True, timeout=60)
    names = subprocess.run(["riscv64-linux-gnu-nm", str(binary)], capture_output=True, text=True, check=True).stdout
    return binary, {line.split()[2]: int(line.split()[0], 16) for line in names.splitlines()}


def read_kanata(file):
    """Instructions of a Kanata log in fetch order."""
    cycle, found = 0, {}
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        kind, *fields = line.split("\t")
        if kind == "C=":
            cycle = int(fields[0])
        elif kind == "C":
            cycle += int(fields[0])
        elif kind == "L" and fields[1] == "0":
            pc, text = fields[2].split(": ", 1)
            found[int(fields[0])] = Dynamic(int(pc, 16), text, {"fetch": [cycle]}, [])
        elif kind == "S":
            found[int(fields[0])].stages.setdefault(fields[2], []).append(cycle)
        elif kind == "R":
            found[int(fields[0])].committed.append(fields[2] == "0")
    return list(found.values())


class Run:
    """What a program did: `stats`, and the instructions by label."""

    def __init__(self, instructions, labels, stats):
        self.instructions, self.labels, self.stats = instructions, labels, stats

    def of(self, label, committed=True):
        """Every dynamic instance of a label that committed (or did not)."""
        return [i for i in self.instructions if i.pc == self.labels[label] and i.committed[-1] == committed]

    def issue(self, label, start, round_number=-2):
        """Cycle of the last issue of `label` in a late round, counted from the dispatch of `start`."""
        begin = self.of(start)[round_number].stages["dispatch"][-1]
        return self.of(label)[round_number].stages["issue"][-1] - begin


def run_blocks(sim, folder, text, units=None, rounds=ROUNDS, **core):
    """Runs the blocks of `text` on the machine above with these changes, the reference beside it."""
    binary, labels = assemble(text, folder, rounds)
    trace, stats = folder / "trace.kanata", folder / "stats.json"
    machine = MACHINE.replace("{units!r}", repr(units or {})).replace("{core!r}", repr(core))
    run = run_machine(sim, machine, folder, timeout=60, program=str(binary), check=True, pipeline_trace=str(trace),
                      stats=str(stats))
    assert run.returncode == 0, run.stderr
    return Run(read_kanata(trace), labels, json.loads(stats.read_text(encoding="utf-8"))["stats"]["core"])
