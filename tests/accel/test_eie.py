# SPDX-License-Identifier: BSD-3-Clause
"""EIE alone: outputs, cycles and identities on random layers; the paper's example; faulty models; the real layer."""
import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MANY = 10 if os.environ.get("SKIPAHEAD_FULL") == "1" else 1
DATA = [p for p in (os.environ.get("SKIPAHEAD_DATA", ""), HERE.parents[2] / "shared/data") if p and Path(p).is_dir()]


def cases(sim, kind, first, count):
    done = sim(HERE / "run_eie_cases.py", kind, first, count * MANY, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == [str(count * MANY)]


@pytest.mark.parametrize("part", range(2))
def test_outputs_are_the_references_to_the_bit_and_the_counts_add_up(part, sim):
    cases(sim, "outputs_and_identities", 10_000_000 * part, 1500)


def test_cycles_are_those_of_the_recurrence_over_activations_and_pes(sim):
    cases(sim, "cycles", 0, 700)


def test_deeper_queues_and_wider_reads_never_cost_more(sim):
    cases(sim, "monotone", 0, 150)
