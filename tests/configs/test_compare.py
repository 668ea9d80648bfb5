# SPDX-License-Identifier: BSD-3-Clause
"""compare.py: its tables follow from its records by the papers' definitions, whatever made them."""
import csv
import json

import pytest
from conftest import ROOT, run

# Two programs on three cores, made up so that the results are round: energies in pJ of 1000 instructions.
RECORDS = """
import sys
sys.path.insert(0, sys.argv[1])
import compare_tables
from results import Results

def record(program, core, cycles, pj, leakage, squashed):
    energy = {"total_pj": pj, "core_pj": pj / 2, "leakage_pj": leakage, "squashed_pj": squashed, "pj_per_instruction": pj / 1000,
              "area_mm2": 3.0, "power_w": 0.5, "edp_js": 1e-18, "ed2p_js2": 1e-27,
              "stages": {"fetch": pj / 2, "issue": pj / 2}, "squashed_stages": {"fetch": squashed, "issue": 0.0}}
    return {"program": program, "core": core, "instructions": 1000, "cycles": cycles, "ipc": 1000 / cycles, "output_ok": True,
            "outcome": "exited", "exit_status": 0, "energy": {"paper": energy, "analytic": energy},
            "slots": {"slots_committed": 1000, "stall_memory": 4 * cycles - 1000}}

by_core = {"inorder": [record("one", "inorder", 2000, 25000.0, 2500.0, 500.0), record("two", "inorder", 4000, 25000.0, 2500.0, 500.0)],
           "ooo4": [record("one", "ooo4", 1000, 100000.0, 5000.0, 20000.0), record("two", "ooo4", 1000, 100000.0, 5000.0, 20000.0)],
           "cgooo": [record("one", "cgooo", 1000, 50000.0, 5000.0, 5000.0), record("two", "cgooo", 2000, 40000.0, 5000.0, 5000.0)]}
"""


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    file = folder / "script.py"
    file.write_text(RECORDS + 'compare_tables.add_speed_ups(by_core)\nprint(compare_tables.printed(by_core))\n'
                    'results = Results("t", "a", sys.argv[2])\ncompare_tables.fill(results, by_core, {})\n'
                    'results.write("r")\n')
    done = run(file, ROOT / "configs", folder / "out")
    assert done.returncode == 0, done.stderr
    return done.stdout, folder / "out"


def test_energy_of_programs_is_compared_per_instruction(made):
    one, two, mean = rows_of(made[1] / "energy_paper.csv")
    assert one["cgooo energy [pJ/instruction]"] == "50" and one["cgooo / ooo4"] == "0.5" and one["inorder / ooo4"] == "0.25"
    assert one["cgooo 1/ED over ooo4"] == "2" and float(one["gap to ooo4 closed [%]"]) == pytest.approx(100 * 50 / 75, 1e-5)
    assert two["cgooo / ooo4"] == "0.4" and two["cgooo 1/ED over ooo4"] == "1.25" and two["gap to ooo4 closed [%]"] == "80"
    assert mean["program"] == "harmonic mean"
    assert float(mean["cgooo / ooo4"]) == pytest.approx(2 / (1 / 0.5 + 1 / 0.4), 1e-5)
    assert float(mean["gap to ooo4 closed [%]"]) == pytest.approx(100 * (1 - 2 / 4.5) / 0.75, 1e-5)


def test_speed_is_over_the_first_core_with_a_harmonic_mean(made):
    one, two, mean = rows_of(made[1] / "speed.csv")
    assert (one["ooo4 / inorder"], two["ooo4 / inorder"]) == ("2", "4")
    assert float(mean["ooo4 / inorder"]) == pytest.approx(2 / (1 / 2 + 1 / 4), 1e-5)


def test_stages_sum_to_all_energy(made):
    inorder, _, cgooo = rows_of(made[1] / "stages_analytic.csv")
    assert (inorder["fetch [pJ/instruction]"], inorder["issue [pJ/instruction]"]) == ("12.5", "12.5")
    assert rows_of(made[1] / "cores_paper.csv")[0]["leakage [% of energy]"] == "10"
    assert inorder["all [pJ/instruction]"] == "25" and cgooo["all [pJ/instruction]"] == "45"


def test_slots_are_shares_of_all_slots(made):
    inorder, *_ = rows_of(made[1] / "slots.csv")
    assert float(inorder["slots_committed [% of slots]"]) == pytest.approx((100 / 8 + 100 / 16) / 2)


def test_means_stand_for_both_prices_with_and_without_caches(made):
    summary = rows_of(made[1] / "summary.csv")
    assert [(row["prices"], row["energy of"]) for row in summary] == [
        ("paper", "total"), ("paper", "core"), ("analytic", "total"), ("analytic", "core")]
    assert float(summary[0]["cgooo energy [pJ/instruction]"]) == 2 * float(summary[1]["cgooo energy [pJ/instruction]"])


def test_speed_is_the_first_table_that_is_printed(made):
    lines = made[0].splitlines()
    assert lines[0].split()[:3] == ["program", "inorder", "IPC"]
    starts = [line[:26] for line in lines]
    assert starts.index("energy by published prices") > [start[:13] for start in starts].index("harmonic mean")


def test_programs_side_by_side_and_in_turn_give_the_same_results(sim, root, tmp_path):
    for jobs in (1, 2):
        done = sim(root / "configs" / "compare.py", "--bench=spec/gcc_like", "--cores=inorder,ooo,cgooo", "--max-insts=20k",
                   f"--jobs={jobs}", f"--json={tmp_path}/{jobs}.json", f"--out={tmp_path}/{jobs}")
        assert done.returncode == 0, done.stderr
    in_turn, side_by_side = ([{k: v for k, v in record.items() if not k.startswith("host")}
                              for record in json.loads((tmp_path / f"{jobs}.json").read_text())] for jobs in (1, 2))
    assert len(in_turn) == 3 and in_turn == side_by_side
    assert (tmp_path / "1" / "speed.csv").read_bytes() == (tmp_path / "2" / "speed.csv").read_bytes()
    assert (tmp_path / "2" / "cgooo" / "gcc_like" / "stats.json").exists()
    machines = {row["parameter"]: row for row in rows_of(tmp_path / "1" / "machines.csv")}
    assert machines["core.units.identical"] == {"parameter": "core.units.identical", "inorder": "4", "ooo": "12", "cgooo": "12"}


def test_the_out_of_order_core_comes_with_4_and_with_12_units(sim, root, tmp_path):
    done = sim(root / "configs" / "compare.py", "--bench=spec/gcc_like", "--max-insts=5k", f"--out={tmp_path}/out")
    assert done.returncode == 0, done.stderr
    machines = {row["parameter"]: row for row in rows_of(tmp_path / "out" / "machines.csv")}
    units, widths = machines["core.units.identical"], machines["core.issue_width"]
    assert (units["ooo4"], units["ooo12"], widths["ooo4"], widths["ooo12"]) == ("4", "12", "4", "12")
