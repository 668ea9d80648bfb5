# SPDX-License-Identifier: BSD-3-Clause
"""configs/eie.py: the paper's real layer, its statements about the design space, records, timeline, prices, mistakes."""
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared/data/alexnet_fc8_sparse/alexnet_fc8.npz"


@pytest.fixture
def eie(sim, tmp_path):
    """Runs the script; returns its standard output and its records."""
    def run(*words, status=0):
        done = sim(ROOT / "configs/eie.py", *words, f"--json={tmp_path}/records.json")
        assert done.returncode == status, done.stdout + done.stderr
        return (done.stdout, json.loads((tmp_path / "records.json").read_text())) if status == 0 else done.stderr
    return run


@pytest.mark.skipif(not REAL.exists(), reason="needs the real AlexNet fc8 layer")
def test_the_real_layer_takes_the_papers_time(eie):
    _, (record,) = eie("--layer=alex-8", f"--data={REAL.parent}")
    assert record["entries"] == 453748 and record["theoretical_cycles"] == 453748 / 64
    assert record["time_us"] == pytest.approx(9.9, rel=0.01)
    assert record["output_ok"] and record["worst_error"] < 0.02


@pytest.mark.skipif(not REAL.exists(), reason="needs the real AlexNet fc8 layer")
@pytest.mark.parametrize("arithmetic, least, most", [("truncate", 0.15, 0.4), ("wide", 0, 0.01), ("float32", 0, 1e-4)])
def test_the_real_layers_error_is_that_of_its_arithmetic(arithmetic, least, most, eie):
    _, (record,) = eie("--layer=alex-8", f"--data={REAL.parent}", f"--arithmetic={arithmetic}")
    assert least <= record["worst_error"] <= most and record["output_ok"]


def test_a_record_has_what_was_promised_and_adds_up(eie):
    _, (record,) = eie("--layer=nt-we")
    assert record["cycles"] >= record["theoretical_cycles"] and record["time_us"] == record["cycles"] / 800
    assert sum(record["energy_by_module_pj"].values()) == pytest.approx(record["energy_pj"])
    assert record["power_mw"] == pytest.approx(record["energy_pj"] / record["time_us"] / 1000)
    assert 0 < record["utilisation"] <= 1 and record["output_ok"]


def test_the_calibration_layer_has_the_papers_power(eie):
    _, (record,) = eie("--layer=alex-7")
    assert record["power_mw"] == pytest.approx(586.5, rel=0.002)


def test_the_price_list_is_what_calibration_makes(sim, script):
    done = script("import eie_runs\n" "run = eie_runs.Run(Eie(), eie_runs.eie_layers.synthetic("
                  "eie_runs.eie_layers.published()['alex-7'], 1), None)\n"
                  "now, kept = eie_runs.calibrated_prices(run.stats, 64), eie_runs.paper_prices()\n"
                  "print(max(abs(now[name] / kept[name] - 1) for name in now), len(now), len(kept))")
    off, count, kept = done.stdout.split()
    assert float(off) < 1e-5 and count == kept == "7", done.stderr


def test_shallow_queues_idle_and_deep_ones_gain_little(eie):
    _, records = eie("--layer=vgg-7", "--study=queue")
    busy = {r["queue_depth"]: r["utilisation"] for r in records}
    assert 0.35 <= busy[1] <= 0.6 and busy[256] - busy[8] < 0.05


def test_layers_scale_with_pes_until_columns_are_too_short(eie):
    _, records = eie("--layer=nt-lstm,nt-we", "--study=pes")
    cycles = {}
    for r in records:
        cycles.setdefault((r["layer"], r["pes"]), r["cycles"])
    speed = {name: cycles[name, 1] / cycles[name, 64] for name in ("NT-LSTM", "NT-We")}
    assert speed["NT-LSTM"] > 54 and speed["NT-We"] < 50


def test_sixty_four_bits_are_least_where_the_line_is_read_anew(eie):
    text, _ = eie("--layer=alex-7", "--study=width")
    rows = [line.split() for line in text.splitlines() if line.startswith("Alex-7")]
    assert [row[-2] for row in rows if row[1] == "read"] == ["64", "64"]


def test_the_timeline_holds_sections_and_counters(eie, tmp_path):
    eie("--layer=nt-lstm", f"--timeline={tmp_path}/t.json")
    events = json.loads((tmp_path / "t.json").read_text())["traceEvents"]
    slices = [e for e in events if e["ph"] == "X"]
    assert slices and all(e["dur"] >= 0 for e in slices)
    assert {e["name"] for e in events if e["ph"] == "C"} == {"busy share", "activations in a queue", "blocked share"}


def test_a_results_folder_has_tables_and_plots(eie, tmp_path):
    eie("--layer=nt-lstm", f"--out={tmp_path}/results")
    names = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"report.html", "layers.csv", "over_time.csv", "balance.csv", "energy.csv"} <= names


def test_dense_weights_are_pruned_shared_and_run(eie, script, tmp_path):
    made = script("import numpy as np, sys\nr = np.random.default_rng(1)\nw = r.normal(0, 1, (50, 70))\n"
                  "w[np.abs(w) < 1] = 0\nnp.savez(sys.argv[1], weights=w, bias=r.normal(0, 1, 50), "
                  "activations=np.maximum(r.normal(0, 1, 70), 0), relu=True)", tmp_path / "layer.npz")
    assert made.returncode == 0, made.stderr
    _, (record,) = eie(f"--npz={tmp_path}/layer.npz", "--pes=5", "--fifo=2")
    assert record["output_ok"] and record["pes"] == 5 and record["worst_error"] < 0.2


def test_a_trained_network_runs_layer_after_layer(eie):
    _, (record,) = eie(f"--npz={ROOT}/traces/models/lenet_300_100.npz")
    assert record["output_ok"] and record["entries"] > 500


@pytest.mark.parametrize("words, said", [
    (["--layer=alex-9"], "did you mean 'alex-8'?"),
    (["--npz=/nowhere.npz"], "/nowhere.npz"),
    (["--pes=0"], "it takes a whole number from 1 up"),
    (["--pes=999"], "an array has 1 to 256"),
    (["--set", "que_depth=3"], "did you mean 'queue_depth'?"),
    (["--data=/nowhere"], "has no alexnet_fc8.npz"),
    (["--layer=vgg-6", "--set", "unlimited=false", "--set", "pointer_bytes=1KiB"], "larger than a PE's memories"),
])
def test_mistakes_take_one_line(words, said, eie):
    error = eie(*words, status=125)
    assert said in error and error.count("\n") == 1
