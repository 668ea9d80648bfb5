# SPDX-License-Identifier: BSD-3-Clause
"""Limit studies on whole programs: perfect prediction and oracle disambiguation on every core."""
import json

import pytest

# Branches and calls on random numbers, returns deeper than any return stack, system calls that write memory.
TRANSFERS = r"""
#include <setjmp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static unsigned seed = 1;
static unsigned next(void) { return (seed = seed * 1103515245 + 12345) >> 16; }
static long add(long a) { return a + 3; }
static long twist(long a) { return a * 5 ^ a >> 7; }
static long halve(long a) { return a / 2; }
static long deep(long n) { return n == 0 ? (long)next() : next() & 1 ? deep(n - 1) + 1 : 2 * deep(n - 1); }
static long (*const volatile calls[])(long) = {add, twist, halve, deep};

int main(void) {
    long sum = 0;
    atomic_long shared = 0;
    jmp_buf back;
    volatile int jumps = 0;
    if (setjmp(back)) sum += jumps;
    for (int i = 0; i < 1500; ++i) {
        const unsigned r = next();
        if (r & 64) sum += r;
        if (r % 3 == 0) sum ^= i;
        const unsigned which = next() % 4;
        sum += calls[which](which == 3 ? r % 40 : sum & 0xffffff);
        switch (next() % 7) {
            case 0: sum += 1; break;
            case 1: sum ^= 21; break;
            case 2: sum -= 4; break;
            case 3: atomic_fetch_add(&shared, sum & 7); break;
            case 4: sum *= 3; break;
            case 5: sum += sum & 9; break;
        }
    }
    unsigned char text[16];
    int ends[2], left = 100;
    if (pipe(ends)) return 1;
    while (left--) {   /* what the kernel writes decides branches */
        for (int i = 0; i < 16; ++i) text[i] = next();
        if (write(ends[1], text, 16) != 16 || read(ends[0], text, 16) != 16) return 2;
        for (int i = 0; i < 16; ++i) sum += text[i] & 1 ? text[i] : -3;
    }
    if (++jumps < 3) longjmp(back, 1);
    printf("%ld %ld\n", sum, (long)shared);
    return 0;
}
"""

# Stores whose address comes late, out of a division, and loads that want their bytes one time in four.
MEMORY = r"""
#include <stdio.h>

static volatile long table[64];
static unsigned seed = 1;
static unsigned next(void) { return (seed = seed * 1103515245 + 12345) >> 16; }

int main(void) {
    long sum = 1;
    for (int i = 0; i < 3000; ++i) {
        const unsigned r = next();
        table[(sum / 7 + r) / 3 & 3] = sum + i;
        if (r & 16) sum += i;   /* ends a block */
        sum += table[r >> 5 & 3] + table[8 + (r & 31)];
        sum &= 0xffffff;
    }
    printf("%ld\n", sum);
    return 0;
}
"""

SCRIPT = """
import json, sys
sys.path.insert(0, {configs!r})
import machines
core = machines.CORES[{core!r}](predictor=machines.branch_predictor(perfect={perfect}), **{changes!r})
machine = Machine(core=core, program={program!r}, check={check}, output={output!r})
machine.run()
stats = machine.stats()
print(json.dumps({{"status": machine.exit_status, "ipc": stats.core.ipc, "text": stats.text(),
                   "mispredictions": stats.core.branch_mispredictions,
                   "predicted_wrong": sum(getattr(stats.core.predictor, kind + "_mispredictions")
                                          for kind in ("conditional", "indirect", "return")),
                   "violations": getattr(stats.core, "memory_violations", 0)}}))
"""


@pytest.fixture
def study(script, root, tmp_path):
    """Runs a program on a core; the result's figures, and what the program printed."""
    def run(core, program, perfect=False, check=True, **changes):
        output = tmp_path / "output"
        text = SCRIPT.format(configs=str(root / "configs"), core=core, changes=changes, perfect=perfect,
                             program=str(program), check=check, output=str(output))
        result = script(text)
        assert result.returncode == 0, result.stderr
        figures = json.loads(result.stdout)
        assert figures["status"] == 0
        return figures | {"printed": output.read_text()}
    return run


@pytest.mark.parametrize("core", ["inorder", "ooo", "cgooo"])
def test_a_perfect_predictor_is_never_wrong_whether_checked_or_not(study, guest, core):
    program = guest(TRANSFERS)
    real = study(core, program)
    assert real["mispredictions"] > 1000
    for check in (True, False):
        perfect = study(core, program, perfect=True, check=check)
        assert perfect["mispredictions"] == perfect["predicted_wrong"] == 0
        assert perfect["printed"] == real["printed"]
        assert perfect["ipc"] > 1.1 * real["ipc"]


@pytest.mark.parametrize("core", ["ooo", "cgooo"])
@pytest.mark.parametrize("perfect", [False, True])
def test_with_oracle_disambiguation_no_load_passes_a_store_to_its_bytes(study, guest, core, perfect):
    program = guest(MEMORY)
    naive = study(core, program, perfect=perfect)
    careful = study(core, program, perfect=perfect, speculate_memory=False)
    told = study(core, program, perfect=perfect, oracle_disambiguation=True)
    assert naive["violations"] > 100
    assert told["violations"] == 0
    assert told["printed"] == naive["printed"]
    assert told["ipc"] > naive["ipc"] and told["ipc"] > careful["ipc"]


@pytest.mark.parametrize("core", ["inorder", "ooo", "cgooo"])
def test_the_checker_changes_no_statistic_of_a_limit_study(study, guest, core):
    program = guest(TRANSFERS)
    changes = {} if core == "inorder" else {"oracle_disambiguation": True}
    checked = study(core, program, perfect=True, check=True, **changes)
    assert checked["text"] == study(core, program, perfect=True, check=False, **changes)["text"]
