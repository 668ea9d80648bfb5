# SPDX-License-Identifier: BSD-3-Clause
"""The functional core is as fast as it was made to be, within wide bounds, and stops where it is told."""
import json

SPIN = r"""
#include <stdio.h>
int main(void) {
    volatile unsigned long stop = 20000000;
    unsigned long x = 1;
    for (unsigned long i = 0, n = stop; i < n; i++) x = x * 6364136223846793005ul + (x >> 33) + i;
    printf("%lu\n", x & 1);
    return 0;
}
"""


def record(sim, root, folder, *options):
    file = folder / "record.json"
    run = sim(root / "configs" / "functional.py", f"--json={file}", "--quiet", *options)
    assert run.returncode == 0, run.stderr
    return json.loads(file.read_text())[0]


def test_over_sixty_million_instructions_a_second(sim, root, guest, tmp_path):
    found = record(sim, root, tmp_path, f"--bench={guest(SPIN)}")
    assert found["instructions"] > 100_000_000
    assert found["host_mips"] > 60


def test_the_limit_is_exact(sim, root, guest, tmp_path):
    for limit in (1, 999, 200_000, 200_001, 1_234_567):
        found = record(sim, root, tmp_path, f"--bench={guest(SPIN)}", f"--max-insts={limit}")
        assert found["instructions"] == limit and found["outcome"] == "limit"
