# SPDX-License-Identifier: BSD-3-Clause
"""EIE alone: outputs, cycles and identities on random layers; the paper's example; faulty models; the real layer."""
import pytest
from accel_rig import check_cases, check_refusal


@pytest.mark.parametrize("part", range(2))
def test_outputs_are_the_references_to_the_bit_and_the_counts_add_up(part):
    check_cases("run_eie_cases.py", "outputs_and_identities", 10_000_000 * part, 1500)


def test_cycles_are_those_of_the_recurrence_over_activations_and_pes():
    check_cases("run_eie_cases.py", "cycles", 0, 700)


def test_deeper_queues_and_wider_reads_never_cost_more():
    check_cases("run_eie_cases.py", "monotone", 0, 150)


def test_what_does_not_fit_is_reloaded_and_changes_no_compute_cycle():
    check_cases("run_eie_cases.py", "small_memories", 0, 300)


def test_a_damaged_model_ends_its_job_with_an_error_and_the_next_job_works():
    check_cases("run_eie_cases.py", "corrupt", 0, 150)


EXAMPLE = """
import numpy as np
import sim
columns = [(0, 8, 12), (4,), (0, 12), (), (0, 4), (0, 12), (0,), (8, 12)]   # rows of PE 0 with a weight (figure 3)
codes = np.zeros((16, 8), np.uint8)
for column, rows in enumerate(columns):
    codes[list(rows), column] = 3
model = sim.eie.encode([{"codes": codes, "codebook": range(16)}], pes=4)
section, = sim.eie.sections(model)
print(*(entry & 15 for entry in section["entry_bytes"][0]))
print(*section["pointers"][0])
column = np.zeros((4 * 24, 1), np.uint8)
column[[8, 12, 88], 0] = 1, 2, 3   # [0, 0, 1, 2, 18 zeros, 3] in PE 0 (section III)
section, = sim.eie.sections(sim.eie.encode([{"codes": column, "codebook": range(16)}], pes=4))
print(*(f"{entry >> 4},{entry & 15}" for entry in section["entry_bytes"][0]))
"""


def test_the_papers_examples_encode_to_the_papers_numbers(script):
    done = script(EXAMPLE)
    assert done.stdout.splitlines() == ["0 1 0 1 0 2 0 0 0 2 0 2 0", "0 3 4 6 6 8 10 11 13", "1,2 2,0 0,15 3,2"], done.stderr


@pytest.mark.parametrize("text, said", [
    ("sim.eie.encode([{'codes': codes, 'codebook': book[:3]}])", "a codebook has 16 numbers"),
    ("sim.eie.encode([{'codes': codes * 16, 'codebook': book}])", "codes are 0 to 15"),
    ("sim.eie.encode([{'codes': codes.astype(float), 'codebook': book}])", "codes must be a C-ordered numpy array of uint8"),
    ("sim.eie.encode([{'codes': codes, 'codebok': book}])", "a layer has no 'codebok'"),
    ("sim.eie.encode([{'codes': codes, 'codebook': book}], pes=300)", "pes cannot be 300; an array has 1 to 256"),
    ("sim.eie.encode([{'codes': codes, 'codebook': book}], most_entries=1, pes=1)", "1 entries a section cannot hold one column"),
    ("sim.eie.decode(b'no model')", "EIE model: size in bytes 8 cannot be right"),
    ("sim.Eie(queue_depth=0)", "queue_depth cannot be 0"),
    ("sim.Eie(spmat_width=48)", "spmat_width cannot be 48; it is a power of two from 8 to 4096"),
])
def test_mistakes_are_named_with_what_is_allowed(text, said, script):
    check_refusal(script, "import numpy as np, sim\ncodes = np.ones((4, 4), np.uint8)\nbook = [0] * 16\n" + text, said)
