# SPDX-License-Identifier: BSD-3-Clause
"""A real program on the out-of-order core: right on random machines, the same twice, checked or not."""
import json
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static double series(int n) {
    double s = 0;
    for (int i = 1; i < n; i++) s += 1.0 / ((double)i * i);
    return s;
}
int main(int count, char **words) {
    int n = count > 1 ? atoi(words[1]) : 300, *v = malloc(n * sizeof *v);
    char text[64] = "", line[16];
    unsigned x = 12345;
    for (int i = 0; i < n; i++) v[i] = (x = x * 1664525 + 1013904223) >> 12;
    qsort(v, n, sizeof *v, order);
    for (int i = 0; i < 4; i++) { sprintf(line, "%d ", v[i * n / 4]); strcat(text, line); }
    printf("%s%.6f %d\n", text, series(n), v[n / 2] % 7);
    return 0;
}
"""


@pytest.fixture
def program(guest):
    return guest(PROGRAM)


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_machine_drawn_at_random_runs_a_program_right(seed, program, sim):
    expected = subprocess.run(["qemu-riscv64", program], capture_output=True, text=True, check=True)
    run = sim(HERE / "run_random_machine.py", seed, program)
    assert run.returncode == 0, run.stderr
    assert run.stdout == expected.stdout


def statistics(sim, root, program, folder, *options):
    run = sim(root / "configs" / "ooo.py", f"--bench={program}", "--max-insts=40000", f"--out={folder}",
              "--quiet", *options)
    assert run.returncode == 0, run.stderr
    found, = folder.glob("*/stats.json")
    return found.read_bytes()


def test_the_checker_changes_no_statistic_and_two_runs_are_the_same(sim, root, program, tmp_path):
    first, again, checked = (statistics(sim, root, program, tmp_path / name, *options)
                             for name, options in (("a", ()), ("b", ()), ("c", ("--check",))))
    assert first == again == checked
    assert json.loads(first)["core"]["committed_instructions"] == 40000


def test_wider_and_deeper_machines_need_fewer_cycles(script, program):
    run = script(f"""
import machines
cycles = []
for width, entries in ((1, 16), (2, 32), (4, 128), (8, 256)):
    core = machines.ooo(fetch_width=width, dispatch_width=width, commit_width=width, rob_entries=entries)
    machine = Machine(core=core, program={str(program)!r}, output="/dev/null")
    machine.run()
    cycles.append(machine.cycles)
assert all(a > b for a, b in zip(cycles, cycles[1:])), cycles
""")
    assert run.returncode == 0, run.stderr
