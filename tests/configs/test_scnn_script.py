# SPDX-License-Identifier: BSD-3-Clause
"""configs/scnn.py: the paper's layers, records, real tensors, sweeps, what is refused."""
import json
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "configs" / "scnn.py"

LAYERS = f"""
import sys, json
sys.path.insert(0, {str(ROOT / "configs")!r})
import numpy as np
import scnn_layers
import scnn_runs
"""


def records(sim, tmp_path, *options):
    file = tmp_path / "records.json"
    done = sim(SCRIPT, *options, f"--json={file}")
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text()), done.stdout


def test_the_table_has_the_papers_72_layers_and_its_multiplications(script):
    done = script(LAYERS + """
rows = scnn_layers.table()
of = lambda name: [row for row in rows if row.network == name]
print(json.dumps([[len(of(name)), sum(row.dense_multiplies for row in of(name))] for name in scnn_layers.NETWORKS]))
print(all(row.dense_multiplies == row.filters * row.channels * row.kernel_height * row.kernel_width * row.output_height
          * row.output_width for row in rows))
""")
    counts, right = done.stdout.splitlines()
    # AlexNet's second layer is two rows.
    assert json.loads(counts) == [[6, 695112192], [54, 1103972352], [13, 15346630656]] and right == "True"


def test_nine_layers_all_of_vgg_go_through_dram(script):
    done = script(LAYERS + """
from sim import scnn
import sim
tiled = []
for row in scnn_layers.table():
    rng = np.random.default_rng(3)
    plane = (row.channels, row.output_height, row.output_width)
    inputs = (rng.random(plane) < row.input_density).astype(np.int16)
    weights = np.zeros((row.filters, row.channels, row.kernel_height, row.kernel_width), np.int16)
    plan = scnn.plan(sim.Scnn(), weights, inputs, pad=(row.kernel_height - 1) // 2, output_density=row.output_density)
    if plan["passes"] > 1:
        tiled.append(row.layer)
print(json.dumps(tiled))
""")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [f"VGG_conv{name}" for name in "1_1 1_2 2_1 2_2 3_1 3_2 3_3 4_1 4_2".split()]


def test_alexnet_has_the_papers_products_and_is_about_as_much_faster_than_dcnn(sim, tmp_path):
    found, text = records(sim, tmp_path, "--network=alexnet")
    assert [r["output_ok"] for r in found] == [True] * 6
    assert sum(r["dcnn_cycles"] for r in found) == 970752   # ceil(P/8) ceil(Q/8) K R S ceil(C/16), by hand
    assert sum(r["dense_multiplies"] for r in found) == 695112192
    assert abs(sum(r["scnn"]["products"] for r in found) / 230556163 - 1) < 0.005
    assert abs(sum(r["dcnn_cycles"] for r in found) / sum(r["cycles"] for r in found) / 2.37 - 1) < 0.05
    for r in found:
        assert {"layer", "cycles", "theoretical_cycles", "time_us", "energy_pj", "utilisation", "output_ok"} <= set(r)
        assert r["cycles"] >= r["theoretical_cycles"] and abs(sum(r["energy_parts"].values()) / r["energy_pj"] - 1) < 1e-9
        s = r["scnn"]
        assert s["multiplier_slots"] == sum(s[n] for n in ("useful_products", "zero_products", "out_of_plane_products",
                                                           "placeholder_slots", "idle_slots"))
    assert "ALEX_conv5" in text and "unused_pe" in text


def test_times_alone_are_those_of_the_values(sim, tmp_path):
    options = ("--layer=4a-5x5,5b-5x5", "--network=googlenet", "--masks=clustered", "--seed=4")
    whole, _ = records(sim, tmp_path, *options)
    times, _ = records(sim, tmp_path, *options, "--times-only", "--rivals")
    assert [r["cycles"] for r in whole] == [r["cycles"] for r in times] and len(whole) == 2
    assert [r["output_ok"] for r in times] == [None, None]
    assert all(r["sparse_weights_cycles"] >= r["cycles"] for r in times)


def test_real_numbers_from_a_file_run_as_fixed_point(sim, tmp_path):
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((8, 4, 3, 3)) * (rng.random((8, 4, 3, 3)) < 0.4) / 10
    inputs = np.maximum(rng.standard_normal((8, 15, 13)), 0).astype(np.float32)
    np.savez(tmp_path / "mine.npz", weights=weights, activations=inputs, bias=rng.standard_normal(8), stride=2, pad=1, groups=2,
             relu=True, pool_size=2)
    found, _ = records(sim, tmp_path, f"--layer={tmp_path / 'mine.npz'}", "--check=all")
    assert found[0]["layer"] == "mine" and found[0]["output_ok"] is True
    assert found[0]["nonzero_products"] > 0 and found[0]["scnn"]["accumulator_wraps"] == 0


def test_coarse_grains_and_a_merge_buffer_save_accumulator_references(sim, tmp_path):
    options = ("--layer=4a-3x3", "--network=googlenet", "--times-only", "--set", "merge_entries=16")
    fine, coarse = (records(sim, tmp_path, *options, f"--grain={grain}")[0][0] for grain in ("fine", "vector"))
    share = [r["references"]["accumulators"] / r["nonzero_products"] for r in (fine, coarse)]
    assert share[1] < 0.9 * share[0]


def test_a_timeline_has_every_group_and_its_drain(sim, tmp_path):
    file, out = tmp_path / "time.json", tmp_path / "out"
    done = sim(SCRIPT, "--layer=4a-5x5,4a-1x1", "--network=googlenet", "--times-only", f"--timeline={file}", f"--out={out}")
    assert done.returncode == 0, done.stderr
    events = json.loads(file.read_text())["traceEvents"]
    names = [event["name"] for event in events if event["ph"] == "X"]
    assert names.count("group 0, pass 0") == 4 and "inception_4a-5x5" in names   # of two layers, groups and drains
    assert {event["name"] for event in events if event["ph"] == "C"} == {"busy PEs", "bank stalls"}
    assert (out / "report.html").exists() and (out / "time.csv").exists()


def test_a_sweep_says_where_speeds_cross(sim, tmp_path):
    found, text = records(sim, tmp_path, "--density=1.0,0.5", "--layer=4a-3x3,4a-1x1", "--placeholders=both", "--kc-cap=8,64",
                          f"--out={tmp_path / 'out'}")
    assert [(r["kc_cap"], r["placeholders_take_slots"], r["density"]) for r in found] == [
        (cap, takes, d) for cap in (8, 64) for takes in (True, False) for d in (1.0, 0.5)]
    assert found[0]["speedup"] < 1 < found[1]["speedup"] and "as fast as DCNN at Kc cap 8" in text
    assert (tmp_path / "out" / "densities.csv").exists() and (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("options, part", [
    (["--layer=conv77"], "no such layer"),
    (["--densty=1"], "no option '--densty'; did you mean '--density'?"),
    (["--density=a"], "it takes numbers"),
    (["--set", "banks"], "NAME=VALUE"),
    (["--layer=conv5", "--network=alexnet", "--set", "bank=3"], "bank"),
    (["--layer=missing.npz"], "missing.npz"),
])
def test_what_is_wrong_takes_one_line(sim, options, part):
    done = sim(SCRIPT, *options)
    assert done.returncode == 125 and part in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr
