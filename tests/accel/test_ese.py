# SPDX-License-Identifier: BSD-3-Clause
"""ESE alone: outputs, cycles, schedule and identities on random LSTMs; faulty models and jobs; the paper's LSTM."""
import json

import pytest
from accel_rig import HERE, check_cases, check_refusal


@pytest.mark.parametrize("part", range(2))
def test_outputs_are_the_references_to_the_bit_and_the_counts_add_up(part):
    check_cases("run_ese_cases.py", "outputs_and_identities", 10_000_000 * part, 350)


def test_cycles_are_those_of_stepping_through_queues_and_pes():
    check_cases("run_ese_cases.py", "cycles", 0, 150)


def test_loads_array_and_element_wise_units_wait_for_each_other():
    check_cases("run_ese_cases.py", "schedule", 0, 300)


def test_deeper_queues_and_faster_memory_never_cost_cycles():
    check_cases("run_ese_cases.py", "monotone", 0, 60)


def test_a_damaged_model_is_refused_and_the_next_job_works():
    check_cases("run_ese_cases.py", "corrupt", 0, 60)


def test_what_agrees_with_its_checksum_is_checked_in_itself():
    check_cases("run_ese_cases.py", "damaged_inside", 0, 150)


STATE = """
import os, sys
sys.path.insert(0, os.path.join({here!r}))
import numpy as np
import sim
import ese_rig as rig
lstm, x = rig.random_lstm(np.random.default_rng(5))
x = np.concatenate([x] * 4)
outputs = lstm["ym"].shape[0]
engine = sim.Ese(channels=8, pes=4)
model = sim.ese.encode(lstm, pes=4)
def job(x, keeps=0, channels=None, **more):
    keywords = dict(model=model, input=x.tobytes(), output_bytes=2 * len(x) * x.shape[1] * outputs,
                    arguments=[len(x), channels or x.shape[1], keeps])
    done = sim.run_engine(engine, sim.ese.RUN, **(keywords | more))
    return done["output"] if done["status"] == "ok" else done["status"] + ": " + sim.ese.fault(engine)
print(job(x))
sim.run_engine(engine, sim.ese.LOAD, model=model)
print(job(x, keeps=1))
whole = job(x)
print(job(x[:2]) + job(x[2:], keeps=1) == whole, len(whole) > 0)
print(job(x, channels=9))
print(job(x, input=b"1"))
print(sim.run_engine(engine, 7)["status"], sim.ese.fault(engine))
print(sim.run_engine(sim.Ese(pes=8), sim.ese.LOAD, model=model)["status"])
print(job(x) == whole)
"""


def test_jobs_go_on_from_the_state_of_the_last_and_wrong_ones_are_refused(script):
    done = script(STATE.format(here=str(HERE)))
    lines = done.stdout.splitlines()
    assert lines[0] == "bad_model: no model is loaded", done.stderr
    assert lines[1].startswith("bad_descriptor: no state of")
    assert lines[2] == "True True"
    assert lines[3].startswith("bad_descriptor: ") and lines[3].endswith("of 9 channels")
    assert lines[4].startswith("bad_descriptor: 1 bytes in")
    assert lines[5] == "bad_descriptor operation 7 is not ESE's"
    assert lines[6:] == ["bad_model", "True"]


EXAMPLE = """
import numpy as np
import sim
one = np.zeros((1, 1), np.int16)
lstm = {name: np.zeros((72, 1), np.int16) for name in ("ix", "ir", "fx", "fr", "cx", "cr", "ox", "or")}
lstm |= {"ym": np.zeros((1, 72), np.int16), "shifts": [0] * 9, "bias": [np.zeros(72, np.int32)] * 4,
         "peepholes": [np.zeros(72, np.int16)] * 3, "sigmoid": np.zeros(2048, np.int16), "tanh": np.zeros(2048, np.int16)}
lstm |= {name: 0 for name in ("peephole_shift", "sigmoid_shift", "tanh_shift", "cell_tanh_shift", "state_fraction", "y_shift")}
lstm["ix"][[4, 6, 70], 0] = 5, -1, 2047   # PE 0 of 2: rows 2, 3 and 35 of its own
section = sim.ese.sections(sim.ese.encode(lstm, pes=2))[0]
print([f"{entry >> 4:03x},{entry & 15}" for entry in section["entry_lanes"][:, 0]], section["pointer_lanes"].tolist())
"""


def test_a_gap_of_sixteen_rows_takes_a_filler(script):
    done = script(EXAMPLE)
    assert done.stdout.strip() == "['005,2', 'fff,0', '000,15', '7ff,15'] [[0, 0], [4, 0]]", done.stderr


@pytest.mark.parametrize("text, said", [
    ("sim.Ese(pes=0)", "pes cannot be 0; it is 1 to 1024"),
    ("sim.Ese(refresh_time=5000)", "refresh_time 5000 is more than half of refresh_interval 7800"),
    ("sim.ese.encode({'ix': 1})", "an LSTM needs 'shifts'"),
    ("sim.ese.encode({'weights': 1})", "an LSTM has no 'weights'"),
    ("sim.ese.decode(b'no model')", "ESE model: size in bytes cannot be right"),
    ("sim.ese.times(sim.Dram())", "Dram is no Ese"),
])
def test_mistakes_are_named_with_what_is_allowed(text, said, script):
    check_refusal(script, "import sim\n" + text, said)


def records(sim, root, tmp_path, *options):
    done = sim(root / "configs/ese.py", *options, f"--json={tmp_path / 'ese.json'}")
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "ese.json").read_text())


def test_the_papers_lstm_has_the_theoretical_time_and_its_parts_add_up(sim, root, tmp_path):
    found = records(sim, root, tmp_path, f"--timeline={tmp_path / 'trace.json'}")
    assert [r["layer"] for r in found] == ["ix", "ir", "fx", "fr", "cx", "cr", "ox", "or", "ym", "LSTM"]
    for r in found:
        assert r["output_ok"] is True
        assert sum(r["parts_us"].values()) == pytest.approx(r["time_us"])
        assert r["time_us"] == pytest.approx(r["cycles"] / 200)
        assert r["theoretical_cycles"] <= r["cycles"] and 0 < r["utilisation"] <= 1 and r["energy_pj"] > 0
        # The table has two digits; its densities have three.
        assert abs(r["theoretical_us"] - r["published_theoretical_us"]) < 0.01 * r["published_theoretical_us"] + 0.05
    assert found[-1]["theoretical_us"] == pytest.approx(57.0, rel=0.01)
    assert found[-1]["host_seconds"] < 3   # a step is under a second also on a busy host
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    assert len(slices) == 2 * 9 * 3
    begins = sorted(e["ts"] for e in slices if "entries" in e["args"])   # of products: three steps of nine
    for r, begin, following in zip(found, begins[9:18], begins[10:19]):
        assert r["time_us"] == pytest.approx(following - begin), "until the next product can start"


def test_balanced_masks_are_faster_and_imbalance_is_what_the_others_lose(sim, root, tmp_path):
    even = records(sim, root, tmp_path, "--row-spread=0.3", "--channels=4")[-1]
    uneven = records(sim, root, tmp_path, "--row-spread=0.3", "--channels=4", "--unbalanced")[-1]
    assert even["imbalance"] < 1.01 and uneven["imbalance"] > 1.3
    assert uneven["time_us"] > 1.1 * even["time_us"]
    assert uneven["parts_us"]["imbalance"] > 2 * even["parts_us"]["imbalance"]


def test_narrow_memory_makes_the_array_wait(sim, root, tmp_path):
    usual, narrow = (records(sim, root, tmp_path, "--channels=4", "--set", f"dram_bits={bits}")[-1]
                     for bits in (128, 32))
    assert narrow["parts_us"]["load"] > 3 * usual["parts_us"]["load"]
    assert narrow["parts_us"]["theory"] == pytest.approx(usual["parts_us"]["theory"], rel=0.1)
