# SPDX-License-Identifier: BSD-3-Clause
"""Code that departs from the calling convention is refused by block cores where it would lose a value, never run wrongly."""
import pytest
from conftest import ROOT

# A call through a pointer goes into the middle of the function, which reads a temporary of its caller (of a kind that
# nothing in the C library passes on either).
DEPARTS = r"""
#include <stdio.h>
int main(void) {
    double got;
    __asm__ volatile("fcvt.d.w ft7, %1\n lla a1, 1f\n jalr ra, 0(a1)\n 2: j 2b\n 1: fmv.d %0, ft7"
                     : "=f"(got) : "r"(42) : "a1", "ft7", "ra");
    printf("%.0f\n", got);
}
"""


@pytest.mark.parametrize("core", ["blockfunctional", "cgooo"])
def test_a_temporary_passed_into_a_call_is_refused_in_one_line_that_says_what_to_do(sim, guest, core):
    done = sim(ROOT / "configs/run.py", f"--core={core}", "--quiet", f"--bench={guest(DEPARTS)}")
    assert (done.returncode, done.stdout) == (126, "")
    assert "reads ft7, which an earlier block did not keep" in done.stderr and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("core", ["blockfunctional", "cgooo"])
def test_it_runs_as_the_message_says(sim, guest, core):
    done = sim(ROOT / "configs/run.py", f"--core={core}", "--quiet", "--check", "--set=core.use_locals=false",
               f"--bench={guest(DEPARTS)}")
    assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
