# SPDX-License-Identifier: BSD-3-Clause
"""SCNN and its rivals: outputs against numpy, cycles against hand-made ones, the paper's layers, identities."""
import json

import pytest
from accel_rig import check_cases, check_refusal

np = pytest.importorskip("numpy")

START = """
import json, sys
import numpy as np
from sim import scnn
import sim

def ones(*shape):
    return np.ones(shape, np.int16)

def masked(seed, shape, density):
    rng = np.random.default_rng(seed)
    return (rng.integers(1, 100, shape) * (rng.random(shape) < density)).astype(np.int16)

def show(**values):
    print(json.dumps(values))
"""


@pytest.fixture
def shown(script):
    """What lines of Python show, as a dictionary."""
    def run(text, **keywords):
        done = script(START + text, **keywords)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


@pytest.mark.parametrize("seed", range(4))
def test_random_layers_on_random_machines_have_the_outputs_of_numpy(seed):
    check_cases("run_scnn_cases.py", "layers", 100_000 * seed, 400)


def test_the_formats_worked_example_encodes_and_decodes(shown):
    got = shown("""
block = np.array([[0, 0, 5, 0, -1] + [0] * 18 + [7, 0, 0]], np.int16)
code = scnn.encode(block)
show(value=code["value"].tolist(), run=code["run"].tolist(), start=code["start"].tolist(),
     back=bool((scnn.decode(code, block.shape[1]) == block).all()))""")
    assert got == {"value": [5, -1, 0, 7], "run": [2, 1, 15, 2], "start": [0, 4], "back": True}


def test_a_run_of_fifteen_zeros_needs_no_placeholder_and_sixteen_need_one(shown):
    got = shown("""
block = np.zeros((2, 17), np.int16)
block[0, 15] = block[1, 16] = 3
code = scnn.encode(block)
show(start=code["start"].tolist(), value=code["value"].tolist(), run=code["run"].tolist())""")
    assert got == {"start": [0, 1, 3], "value": [3, 0, 3], "run": [15, 15, 0]}


def test_entries_are_non_zeros_and_placeholders(shown):
    got = shown("""
blocks = masked(1, (50, 200), 0.03)
code = scnn.encode(blocks)
back = scnn.decode(code, 200)
show(entries=len(code["value"]), nonzeros=int((blocks != 0).sum()), placeholders=int((code["value"] == 0).sum()),
     back=bool((back == blocks).all()))""")
    assert got["entries"] == got["nonzeros"] + got["placeholders"] and got["placeholders"] > 0 and got["back"]


def test_one_pe_takes_a_pair_of_vectors_a_cycle(shown):
    # Weights arrive in cycle 1; 8 activations are 2 vectors; 8 outputs drain at 4 a cycle.
    got = shown("""
r = scnn.run_layer(sim.Scnn(pe_rows=1, pe_columns=1), ones(1, 1, 1, 1), ones(1, 1, 8))
show(pairs=r["pair_cycles"], waits=r["weight_wait_cycles"] + r["fifo_wait_cycles"], drains=r["drain_stall_cycles"],
     cycles=r["compute_cycles"])""")
    assert got == {"pairs": 2, "waits": 1, "drains": 2, "cycles": 5}


def test_products_for_one_bank_wait_for_each_other(shown):
    # 4 weights and 4 activations, all for different outputs, 16 products in one bank whose queue holds one.
    got = shown("""
r = scnn.run_layer(sim.Scnn(pe_rows=1, pe_columns=1, banks=1, bank_entries=64, bank_queue_entries=1),
                   ones(4, 1, 1, 1), ones(1, 1, 4))
show(pairs=r["pair_cycles"], stalls=r["bank_stall_cycles"])""")
    assert got == {"pairs": 1, "stalls": 15}


def test_deeper_bank_queues_never_cost_cycles(shown):
    got = shown("""
w, a = masked(1, (24, 12, 3, 3), 0.5), masked(2, (12, 20, 20), 0.6)
show(cycles=[scnn.run_layer(sim.Scnn(pe_rows=4, pe_columns=4, bank_queue_entries=depth, dram_bytes_per_cycle=0,
                                     banks=16, bank_entries=64), w, a, pad=1, values=False)["compute_cycles"]
             for depth in (1, 2, 3, 4, 6, 8, 16, 64)])""")["cycles"]
    assert all(b <= a for a, b in zip(got, got[1:])) and got[-1] < got[0]


def test_a_bank_hash_changes_times_and_no_output(shown):
    got = shown("""
w, a = masked(1, (16, 6, 3, 3), 0.6), masked(2, (6, 16, 16), 0.7)
runs = [scnn.run_layer(sim.Scnn(pe_rows=2, pe_columns=2, bank_hash=h, bank_queue_entries=1), w, a, pad=1)
        for h in ("linear", "xor", "prime")]
show(cycles=[r["compute_cycles"] for r in runs], same=all((r["output"] == runs[0]["output"]).all() for r in runs))""")
    assert got["same"] and len(set(got["cycles"])) == 3


def test_kc_is_the_largest_whose_accumulators_fit_up_to_the_cap(shown):
    # 4 x 4 tiles with 3 x 3 weights: 36 accumulators a filter of 1024.
    got = shown("""
w, a = ones(64, 1, 3, 3), ones(1, 32, 32)
show(kc=[scnn.plan(sim.Scnn(group_filters_cap=cap), w, a, pad=1)["group_filters"] for cap in (1, 8, 64)])""")
    assert got["kc"] == [1, 8, 28]


def test_a_layer_that_exceeds_the_memories_goes_through_dram_with_the_same_output(shown):
    got = shown("""
w, a = masked(1, (8, 16, 3, 3), 0.5), masked(2, (16, 24, 24), 0.8)
runs = [scnn.run_layer(sim.Scnn(activation_ram_entries=n), w, a, pad=1) for n in (4096, 60)]
show(passes=[r["passes"] for r in runs], partial=[r["partial_sums_through_dram"] for r in runs],
     written=[r["dram_written_bytes"] for r in runs], products=[r["products"] for r in runs],
     same=bool((runs[0]["output"] == runs[1]["output"]).all()))""")
    assert got["passes"][0] == 1 and got["passes"][1] > 1 and got["same"]
    assert got["partial"][0] == got["written"][0] == 0 < got["partial"][1]
    assert got["products"][0] == got["products"][1]


def test_fully_connected_layers_use_a_quarter_of_the_multipliers(shown):
    got = shown("""
r = scnn.run_layer(sim.Scnn(dram_bytes_per_cycle=0), ones(512, 2048, 1, 1), ones(2048, 1, 1), product_shift=0)
slow = scnn.run_layer(sim.Scnn(), ones(512, 2048, 1, 1), ones(2048, 1, 1))
show(share=r["useful_products"] / r["pair_cycles"] / 16, used=r["useful_products"] / r["multiplier_slots"],
     right=bool((r["output"] == 2048).all()), stalls=slow["dram_stall_cycles"], bytes=slow["dram_read_bytes"],
     cycles=slow["compute_cycles"])""")
    assert got["share"] == 0.25 and 0.23 < got["used"] <= 0.25 and got["right"]
    assert got["stalls"] > 0 and got["cycles"] >= got["bytes"] / 50


def test_slow_dram_starves_the_array(shown):
    got = shown("""
w, a = masked(1, (64, 64, 1, 1), 0.4), masked(2, (64, 7, 7), 0.5)
show(cycles=[scnn.run_layer(sim.Scnn(dram_bytes_per_cycle=b), w, a, values=False)["compute_cycles"]
             for b in (1, 2, 4, 50, 0)])""")["cycles"]
    assert got[0] > 1.8 * got[1] and got[1] > got[2] > got[3] >= got[4]


def test_a_small_weight_fifo_holds_fast_pes_back(shown):
    got = shown("""
w, a = masked(1, (32, 32, 3, 3), 0.4), masked(2, (32, 14, 14), 0.3)
runs = [scnn.run_layer(sim.Scnn(weight_fifo_vectors=n), w, a, pad=1, values=False) for n in (2, 8, 50, 4096)]
show(cycles=[r["compute_cycles"] for r in runs], waits=[r["fifo_wait_cycles"] for r in runs])""")
    assert got["cycles"] == sorted(got["cycles"], reverse=True) and got["cycles"][0] > got["cycles"][-1]
    assert got["waits"][0] > got["waits"][-1]


def test_merged_products_save_accumulator_references(shown):
    got = shown("""
w, a = masked(1, (8, 4, 3, 3), 1), masked(2, (4, 16, 16), 1)
runs = [scnn.run_layer(sim.Scnn(pe_rows=2, pe_columns=2, merge_entries=n), w, a, pad=1) for n in (0, 8, 32)]
show(references=[r["accumulator_reads"] + r["accumulator_writes"] for r in runs], merged=[r["merged_products"] for r in runs],
     same=all((r["output"] == runs[0]["output"]).all() for r in runs))""")
    assert got["same"] and got["merged"][0] == 0 and got["references"][0] > got["references"][1] > got["references"][2]


def test_rivals_that_keep_an_operand_dense_multiply_zeros(shown):
    got = shown("""
w, a = masked(1, (16, 16, 3, 3), 0.4), masked(2, (16, 32, 32), 0.4)
runs = [scnn.run_layer(sim.Scnn(), w, a, pad=1, dense_weights=dw, dense_activations=da)
        for dw, da in ((0, 0), (0, 1), (1, 0), (1, 1))]
show(cycles=[r["compute_cycles"] for r in runs], zero=[r["zero_products"] for r in runs],
     useful=[r["useful_products"] for r in runs], same=all((r["output"] == runs[0]["output"]).all() for r in runs),
     products=runs[3]["products"])""")
    sparse, sparse_weights, sparse_activations, dense = got["cycles"]
    assert sparse < sparse_weights < dense and sparse < sparse_activations < dense
    assert got["same"] and len(set(got["useful"])) == 1 and got["zero"][0] == 0 < got["zero"][1]
    assert got["products"] == 16 * 16 * 9 * 32 * 32


def test_dcnn_has_a_dot_product_a_cycle_in_every_pe(shown):
    # 10 x 10 outputs are 2 x 2 positions a PE; 20 channels are 2 dot products.
    got = shown("""
r = scnn.run_dense(sim.Dcnn(), ones(3, 20, 3, 3), ones(20, 10, 10), pad=1)
show(cycles=r["compute_cycles"], slots=r["multiplier_slots"], products=r["multiplications"])""")
    assert got["cycles"] == 2 * 2 * 3 * 9 * 2
    assert got["slots"] == got["cycles"] * 1024 and got["products"] == 100 * 3 * 9 * 20


def test_the_chosen_product_shift_keeps_sums_from_wrapping_and_a_smaller_one_need_not(shown):
    got = shown("""
w, a = np.full((2, 64, 3, 3), -32768, np.int16), np.full((64, 9, 9), 32767, np.int16)
shift = scnn.safe_product_shift(w, a)
runs = [scnn.run_layer(sim.Scnn(), w, a, product_shift=s) for s in (shift, shift - 2)]
show(shift=shift, wraps=[r["accumulator_wraps"] for r in runs])""")
    assert got["wraps"][0] == 0 < got["wraps"][1]


def test_the_same_layer_twice_takes_the_same_cycles(shown):
    got = shown("""
engine = sim.Scnn()
w, a = masked(1, (16, 8, 3, 3), 0.4), masked(2, (8, 20, 20), 0.4)
runs = [scnn.run_layer(engine, w, a, pad=1) for _ in range(3)]
show(counts=[{k: v for k, v in r.items() if k not in ("output", "busy_cycles", "groups")} for r in runs])""")["counts"]
    assert got[0] == got[1] == got[2]


@pytest.mark.parametrize("text, part", [
    ("sim.Scnn(bank_hash='md5')", "linear, xor or prime"),
    ("sim.Scnn(banks=0)", "banks is 0"),
    ("scnn.run_layer(sim.Scnn(), ones(2, 3, 1, 1), ones(2, 4, 4))", "3 channels"),
    ("scnn.run_layer(sim.Scnn(), ones(2, 2, 1, 1), ones(2, 4, 4), strides=2)", "no 'strides'"),
    ("scnn.run_layer(sim.Scnn(), ones(2, 2, 5, 5), ones(2, 4, 4))", "output_height is 0"),
    ("scnn.run_layer(sim.Scnn(activation_ram_entries=1), ones(2, 2, 1, 1), ones(2, 1, 4))", "no tiling"),
    ("scnn.run_layer(sim.Dcnn(), ones(1, 1, 1, 1), ones(1, 1, 1))", "Dcnn is no Scnn"),
    ("scnn.decode({'start': [0, 1], 'value': [1], 'run': [9]}, 4)", "more than 4 values"),
])
def test_what_cannot_be_run_is_refused_in_words(script, text, part):
    check_refusal(script, START + text, part)
